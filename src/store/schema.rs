//! The platform's own tables, typed. Resources have no entry here: their statements are generated from their
//! definition.

diesel::table! {
    /// Programs that may ask for tokens.
    clients (id) {
        /// UUID v7; the `client_id` of OAuth.
        id -> Uuid,
        /// For people; need not be unique.
        name -> Text,
        /// One of the five kinds.
        kind -> Text,
        /// argon2id, PHC string.
        secret_hash -> Text,
        /// SHA-256 of the secret and its client; none until the secret of an older client is proven.
        secret_digest -> Nullable<Bytea>,
        /// Scopes it may ask for.
        scopes -> Array<Text>,
        /// When it was made.
        created_at -> Timestamptz,
        /// When its secret was last set.
        secret_changed_at -> Timestamptz,
        /// When it lost its access.
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// The area of a client.
    client_grants (client_id, kind, code) {
        /// Whose.
        client_id -> Uuid,
        /// `school`, `commune` or `all`.
        kind -> Text,
        /// The school's or commune's code; empty for `all`.
        code -> Text,
    }
}

diesel::table! {
    /// Keys that sign tokens.
    signing_keys (kid) {
        /// Key id.
        kid -> Text,
        /// PKCS #8; none when it signs and verifies tokens no more.
        private_key -> Nullable<Bytea>,
        /// JSON Web Key, then.
        public_key -> Nullable<Jsonb>,
        /// When it was made.
        created_at -> Timestamptz,
        /// Since when it signs no more.
        retired_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// The addresses under which the gateways on this database give tokens.
    token_issuers (issuer) {
        /// `iss` of tokens.
        issuer -> Text,
        /// When a gateway last served under it, to the hour.
        seen_at -> Timestamptz,
    }
}

diesel::table! {
    /// What administrators did.
    audit_log (id) {
        /// In the order of writing.
        id -> BigInt,
        /// When.
        at -> Timestamptz,
        /// By which client; none: by the operator, on the command line.
        client_id -> Nullable<Uuid>,
        /// What: `client.create`.
        action -> Text,
        /// To what: a client's or key's id.
        target -> Text,
        /// In which request.
        request_id -> Nullable<Text>,
    }
}

diesel::table! {
    /// One row: the version of all that stands in the tables of access.
    access_version (single) {
        /// Always true.
        single -> Bool,
        /// Raised by every change.
        version -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(clients, client_grants);

diesel::table! {
    /// What the codes of a client's software mean in the sector's code lists.
    client_crosswalks (id) {
        /// In the order in which they were given.
        id -> BigInt,
        /// Whose codes.
        client_id -> Uuid,
        /// Name of the code list.
        list -> Text,
        /// What the client sends.
        foreign_code -> Text,
        /// What is stored.
        code -> Text,
        /// First day.
        valid_from -> Nullable<Date>,
        /// Last day.
        valid_to -> Nullable<Date>,
    }
}

diesel::table! {
    /// When which schools report which records.
    reporting_periods (id) {
        /// UUID v7.
        id -> Uuid,
        /// For people.
        name -> Text,
        /// The school year of the records.
        school_year -> Text,
        /// A code of the list `reporting-phases`.
        phase -> Text,
        /// Resources that it covers.
        resources -> Array<Text>,
        /// Periods of results that it covers; empty: all.
        periods -> Array<Text>,
        /// First moment.
        opens_at -> Timestamptz,
        /// First moment after it.
        closes_at -> Timestamptz,
        /// Schools that it concerns.
        schools -> Array<Text>,
        /// Communes that it concerns.
        communes -> Array<Text>,
    }
}

diesel::table! {
    /// Schools for which a reporting period closes later.
    reporting_period_extensions (reporting_period_id, school_code) {
        /// Which.
        reporting_period_id -> Uuid,
        /// For which school.
        school_code -> Text,
        /// First moment after it.
        until -> Timestamptz,
        /// Why.
        reason -> Text,
        /// When it was given.
        granted_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(clients, client_crosswalks);
diesel::joinable!(client_crosswalks -> clients (client_id));
