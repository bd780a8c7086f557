//! The platform's own tables, typed. Resources have no entry here: their statements are generated from their definition.

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
