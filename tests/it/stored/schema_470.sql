CREATE FUNCTION public.unaccent_fold(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(translate(regexp_replace(NORMALIZE(value, NFD), '[\u0300-\u036f]'::text, ''::text, 'g'::text), 'Đđ'::text, 'dd'::text));
CREATE TABLE public.__diesel_schema_migrations (
    version character varying(50) NOT NULL,
    run_on timestamp without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);
CREATE TABLE public.academic_records (
    school_code text NOT NULL COLLATE pg_catalog."C",
    school_year text NOT NULL COLLATE pg_catalog."C",
    period text NOT NULL COLLATE pg_catalog."C",
    student_code text NOT NULL COLLATE pg_catalog."C",
    class_code text NOT NULL COLLATE pg_catalog."C",
    learning_level text COLLATE pg_catalog."C",
    conduct_level text COLLATE pg_catalog."C",
    excused_absences integer,
    unexcused_absences integer,
    qualities jsonb,
    competencies jsonb,
    year_result text COLLATE pg_catalog."C",
    award text COLLATE pg_catalog."C",
    promoted boolean,
    summer_retraining boolean,
    comment text COLLATE pg_catalog."C",
    hash_high bigint NOT NULL,
    hash_low bigint NOT NULL,
    version integer NOT NULL,
    change_id bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    submission_id uuid NOT NULL,
    client_id uuid NOT NULL,
    xid xid8 NOT NULL
);
CREATE TABLE public.access_version (
    single boolean DEFAULT true NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT access_version_single_check CHECK (single)
);
CREATE TABLE public.administrative_successions (
    ended_on date NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C",
    province text NOT NULL COLLATE pg_catalog."C",
    successor text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.administrative_units (
    id bigint NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    level text NOT NULL COLLATE pg_catalog."C",
    province text NOT NULL COLLATE pg_catalog."C",
    valid_from date,
    valid_to date,
    successors text NOT NULL,
    CONSTRAINT administrative_units_level_check CHECK ((level = ANY (ARRAY['province'::text, 'district'::text, 'commune'::text])))
);
ALTER TABLE public.administrative_units ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.administrative_units_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.audit_log (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    client_id uuid,
    action text NOT NULL,
    target text NOT NULL,
    request_id text
);
ALTER TABLE public.audit_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.campuses (
    school_code text NOT NULL COLLATE pg_catalog."C",
    campus_code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    main boolean NOT NULL,
    commune_code text NOT NULL COLLATE pg_catalog."C",
    address text COLLATE pg_catalog."C",
    distance_to_main_km numeric(6,2),
    latitude numeric(8,6),
    longitude numeric(9,6),
    status text NOT NULL COLLATE pg_catalog."C",
    hash_high bigint NOT NULL,
    hash_low bigint NOT NULL,
    version integer NOT NULL,
    change_id bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    submission_id uuid NOT NULL,
    client_id uuid NOT NULL,
    xid xid8 NOT NULL
);
CREATE SEQUENCE public.change_block
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.classes (
    school_code text NOT NULL COLLATE pg_catalog."C",
    school_year text NOT NULL COLLATE pg_catalog."C",
    class_code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    grade text NOT NULL COLLATE pg_catalog."C",
    campus_code text COLLATE pg_catalog."C",
    homeroom_staff_code text COLLATE pg_catalog."C",
    sessions_per_week integer,
    foreign_language1 text COLLATE pg_catalog."C",
    foreign_language2 text COLLATE pg_catalog."C",
    specialized_subject text COLLATE pg_catalog."C",
    elective_subjects text[] COLLATE pg_catalog."C",
    multi_grade boolean,
    combined_with_class_code text COLLATE pg_catalog."C",
    semi_boarding boolean,
    inclusive boolean,
    hash_high bigint NOT NULL,
    hash_low bigint NOT NULL,
    version integer NOT NULL,
    change_id bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    submission_id uuid NOT NULL,
    client_id uuid NOT NULL,
    xid xid8 NOT NULL
);
CREATE TABLE public.client_crosswalks (
    id bigint NOT NULL,
    client_id uuid NOT NULL,
    list text NOT NULL COLLATE pg_catalog."C",
    foreign_code text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    valid_from date,
    valid_to date,
    CONSTRAINT client_crosswalks_check CHECK ((valid_from <= valid_to)),
    CONSTRAINT client_crosswalks_foreign_code_check CHECK ((foreign_code <> ''::text))
);
ALTER TABLE public.client_crosswalks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.client_crosswalks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.client_grants (
    client_id uuid NOT NULL,
    kind text NOT NULL,
    code text NOT NULL,
    CONSTRAINT client_grants_check CHECK (
CASE kind
    WHEN 'school'::text THEN (code ~ '^[0-9]{8}$'::text)
    WHEN 'commune'::text THEN (code ~ '^[0-9]{5}$'::text)
    ELSE (code = ''::text)
END),
    CONSTRAINT client_grants_kind_check CHECK ((kind = ANY (ARRAY['school'::text, 'commune'::text, 'all'::text])))
);
CREATE TABLE public.clients (
    id uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    secret_hash text NOT NULL,
    scopes text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    secret_changed_at timestamp with time zone DEFAULT now() NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT clients_kind_check CHECK ((kind = ANY (ARRAY['school-software'::text, 'sector-staff'::text, 'public-service'::text, 'consumer'::text, 'admin'::text]))),
    CONSTRAINT clients_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200)))
);
CREATE TABLE public.code_aliases (
    resource text NOT NULL COLLATE pg_catalog."C",
    old_code text NOT NULL COLLATE pg_catalog."C",
    new_code text NOT NULL COLLATE pg_catalog."C",
    identified_at timestamp with time zone NOT NULL,
    submission_id uuid NOT NULL,
    client_id uuid NOT NULL
);
CREATE TABLE public.code_list_values (
    id bigint NOT NULL,
    list text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    name_vi text NOT NULL,
    name_en text NOT NULL,
    valid_from date,
    valid_to date,
    columns jsonb NOT NULL
);
ALTER TABLE public.code_list_values ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.code_list_values_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.diplomas (
    diploma_number text NOT NULL COLLATE pg_catalog."C",
    register_number text NOT NULL COLLATE pg_catalog."C",
    diploma_type text NOT NULL COLLATE pg_catalog."C",
    student_code text COLLATE pg_catalog."C",
    citizen_id text COLLATE pg_catalog."C",
    full_name text NOT NULL COLLATE pg_catalog."C",
    birth_date date NOT NULL,
    sex text NOT NULL COLLATE pg_catalog."C",
    birthplace text COLLATE pg_catalog."C",
    ethnicity text COLLATE pg_catalog."C",
    school_code text NOT NULL COLLATE pg_catalog."C",
    graduation_year integer NOT NULL,
    ranking text COLLATE pg_catalog."C",
    issued_on date NOT NULL,
    issued_by text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    replaces_diploma_number text COLLATE pg_catalog."C",
    hash_high bigint NOT NULL,
    hash_low bigint NOT NULL,
    version integer NOT NULL,
    change_id bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    submission_id uuid NOT NULL,
    client_id uuid NOT NULL,
    xid xid8 NOT NULL
);
CREATE TABLE public.enrollments (
    school_code text NOT NULL COLLATE pg_catalog."C",
    school_year text NOT NULL COLLATE pg_catalog."C",
    student_code text NOT NULL COLLATE pg_catalog."C",
    class_code text NOT NULL COLLATE pg_catalog."C",
    entry_date date NOT NULL,
    entry_type text NOT NULL COLLATE pg_catalog."C",
    exit_date date,
    exit_type text COLLATE pg_catalog."C",
    dropout_reason text COLLATE pg_catalog."C",
    from_school_code text COLLATE pg_catalog."C",
    to_school_code text COLLATE pg_catalog."C",
    decision_number text COLLATE pg_catalog."C",
    order_in_class integer,
    hash_high bigint NOT NULL,
    hash_low bigint NOT NULL,
    version integer NOT NULL,
    change_id bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    submission_id uuid NOT NULL,
    client_id uuid NOT NULL,
    xid xid8 NOT NULL
);
CREATE TABLE public.facility_returns (
    school_code text NOT NULL COLLATE pg_catalog."C",
    school_year text NOT NULL COLLATE pg_catalog."C",
    campus_code text NOT NULL COLLATE pg_catalog."C",
    land_area_m2 numeric(9,2) NOT NULL,
    land_certificate boolean,
    playground_area_m2 numeric(9,2),
    sports_ground_area_m2 numeric(9,2),
    rooms jsonb NOT NULL,
    library_titles integer,
    library_seats integer,
    student_toilets integer,
    staff_toilets integer,
    toilets_separated_by_sex boolean,
    hygienic_toilets boolean,
    water_source text COLLATE pg_catalog."C",
    drinking_water boolean,
    electricity boolean,
    internet_type text COLLATE pg_catalog."C",
    wifi boolean,
    student_computers integer,
    staff_computers integer,
    projectors integer,
    smart_boards integer,
    minimum_equipment_sets jsonb,
    wheelchair_access boolean,
    fire_safety_approved boolean,
    built_year integer,
    renovated_year integer,
    hash_high bigint NOT NULL,
    hash_low bigint NOT NULL,
    version integer NOT NULL,
    change_id bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    submission_id uuid NOT NULL,
    client_id uuid NOT NULL,
    xid xid8 NOT NULL
);
CREATE TABLE public.findings (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    school_code text NOT NULL COLLATE pg_catalog."C",
    school_year text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    severity smallint NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    key jsonb NOT NULL,
    pointer text NOT NULL COLLATE pg_catalog."C",
    subject text NOT NULL COLLATE pg_catalog."C",
    "values" jsonb NOT NULL,
    cause text COLLATE pg_catalog."C",
    others text[] NOT NULL COLLATE pg_catalog."C",
    standing boolean DEFAULT true NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    decision text,
    note text,
    decided_at timestamp with time zone,
    decided_by uuid,
    CONSTRAINT findings_check CHECK ((((decision IS NULL) = (decided_at IS NULL)) AND ((decision IS NULL) = (decided_by IS NULL)))),
    CONSTRAINT findings_check1 CHECK (((closed_at IS NULL) = (standing AND (decision IS DISTINCT FROM 'distinct'::text)))),
    CONSTRAINT findings_decision_check CHECK ((decision = ANY (ARRAY['distinct'::text, 'duplicate'::text])))
);
CREATE TABLE public.findings_due (
    id bigint NOT NULL,
    school_code text NOT NULL COLLATE pg_catalog."C",
    school_year text NOT NULL COLLATE pg_catalog."C",
    resource text NOT NULL COLLATE pg_catalog."C",
    echo boolean DEFAULT false NOT NULL,
    marked_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
ALTER TABLE public.findings_due ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.findings_due_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.findings_rounds (
    single boolean DEFAULT true NOT NULL,
    marked_on date NOT NULL,
    CONSTRAINT findings_rounds_single_check CHECK (single)
);
CREATE TABLE public.history (
    resource text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    operation text NOT NULL COLLATE pg_catalog."C",
    change_id bigint NOT NULL,
    xid xid8 NOT NULL,
    submission_id uuid NOT NULL,
    client_id uuid NOT NULL,
    body json,
    CONSTRAINT history_check CHECK (((operation = 'delete'::text) = (body IS NULL))),
    CONSTRAINT history_operation_check CHECK ((operation = ANY (ARRAY['update'::text, 'delete'::text])))
);
CREATE TABLE public.parked_records (
    submission_id uuid NOT NULL,
    index bigint NOT NULL,
    client_id uuid NOT NULL,
    resource text NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    data text NOT NULL,
    parked_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ready boolean DEFAULT false NOT NULL,
    tried_at timestamp with time zone DEFAULT now() NOT NULL,
    level smallint DEFAULT 0 NOT NULL
);
CREATE TABLE public.parked_waits (
    submission_id uuid NOT NULL,
    index bigint NOT NULL,
    resource text NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.reference_version (
    single boolean DEFAULT true NOT NULL,
    version bigint NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT reference_version_single_check CHECK (single)
);
CREATE TABLE public.reporting_period_extensions (
    reporting_period_id uuid NOT NULL,
    school_code text NOT NULL COLLATE pg_catalog."C",
    until timestamp with time zone NOT NULL,
    reason text NOT NULL,
    granted_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT reporting_period_extensions_school_code_check CHECK ((school_code ~ '^[0-9]{8}$'::text))
);
CREATE TABLE public.reporting_periods (
    id uuid NOT NULL,
    name text NOT NULL,
    school_year text NOT NULL COLLATE pg_catalog."C",
    phase text NOT NULL COLLATE pg_catalog."C",
    resources text[] NOT NULL,
    periods text[] NOT NULL,
    opens_at timestamp with time zone NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    schools text[] NOT NULL,
    communes text[] NOT NULL,
    CONSTRAINT reporting_periods_check CHECK ((opens_at < closes_at)),
    CONSTRAINT reporting_periods_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT reporting_periods_resources_check CHECK ((cardinality(resources) > 0))
);
CREATE TABLE public.schools (
    school_code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    english_name text COLLATE pg_catalog."C",
    level text NOT NULL COLLATE pg_catalog."C",
    school_type text NOT NULL COLLATE pg_catalog."C",
    ownership text NOT NULL COLLATE pg_catalog."C",
    region text COLLATE pg_catalog."C",
    province_code text NOT NULL COLLATE pg_catalog."C",
    commune_code text NOT NULL COLLATE pg_catalog."C",
    address text COLLATE pg_catalog."C",
    latitude numeric(8,6),
    longitude numeric(9,6),
    phone text COLLATE pg_catalog."C",
    email text COLLATE pg_catalog."C",
    website text COLLATE pg_catalog."C",
    principal_name text COLLATE pg_catalog."C",
    principal_phone text COLLATE pg_catalog."C",
    tax_code text COLLATE pg_catalog."C",
    established_on date,
    establishment_decision text COLLATE pg_catalog."C",
    national_standard_level text COLLATE pg_catalog."C",
    national_standard_decided_on date,
    two_sessions_per_day boolean,
    semi_boarding boolean,
    boarding boolean,
    inclusive_education boolean,
    disadvantaged_area boolean,
    status text NOT NULL COLLATE pg_catalog."C",
    successor_code text COLLATE pg_catalog."C",
    valid_from date,
    hash_high bigint NOT NULL,
    hash_low bigint NOT NULL,
    version integer NOT NULL,
    change_id bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    submission_id uuid NOT NULL,
    client_id uuid NOT NULL,
    xid xid8 NOT NULL
);
CREATE TABLE public.signing_keys (
    kid text NOT NULL,
    private_key bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    retired_at timestamp with time zone,
    public_key jsonb,
    CONSTRAINT signing_keys_check CHECK (((private_key IS NOT NULL) OR (public_key IS NOT NULL)))
);
CREATE TABLE public.staff (
    staff_code text NOT NULL COLLATE pg_catalog."C",
    school_code text NOT NULL COLLATE pg_catalog."C",
    citizen_id text COLLATE pg_catalog."C",
    full_name text NOT NULL COLLATE pg_catalog."C",
    birth_date date NOT NULL,
    sex text NOT NULL COLLATE pg_catalog."C",
    ethnicity text NOT NULL COLLATE pg_catalog."C",
    religion text COLLATE pg_catalog."C",
    nationality text COLLATE pg_catalog."C",
    phone text COLLATE pg_catalog."C",
    email text COLLATE pg_catalog."C",
    permanent_commune_code text COLLATE pg_catalog."C",
    permanent_address text COLLATE pg_catalog."C",
    social_insurance_number text COLLATE pg_catalog."C",
    "group" text NOT NULL COLLATE pg_catalog."C",
    "position" text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    contract_type text COLLATE pg_catalog."C",
    recruited_on date,
    joined_profession_on date,
    rank text COLLATE pg_catalog."C",
    salary_grade integer,
    salary_coefficient numeric(4,2),
    qualification text NOT NULL COLLATE pg_catalog."C",
    major text COLLATE pg_catalog."C",
    qualification_institution text COLLATE pg_catalog."C",
    graduation_year integer,
    political_theory_level text COLLATE pg_catalog."C",
    management_level text COLLATE pg_catalog."C",
    informatics_level text COLLATE pg_catalog."C",
    foreign_language text COLLATE pg_catalog."C",
    foreign_language_level text COLLATE pg_catalog."C",
    subjects text[] COLLATE pg_catalog."C",
    levels_taught text[] COLLATE pg_catalog."C",
    weekly_periods integer,
    homeroom_teacher boolean,
    professional_standard text COLLATE pg_catalog."C",
    seconded_to_school_code text COLLATE pg_catalog."C",
    hash_high bigint NOT NULL,
    hash_low bigint NOT NULL,
    version integer NOT NULL,
    change_id bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    submission_id uuid NOT NULL,
    client_id uuid NOT NULL,
    xid xid8 NOT NULL
);
CREATE TABLE public.students (
    student_code text NOT NULL COLLATE pg_catalog."C",
    school_code text NOT NULL COLLATE pg_catalog."C",
    citizen_id text COLLATE pg_catalog."C",
    full_name text NOT NULL COLLATE pg_catalog."C",
    birth_date date NOT NULL,
    sex text NOT NULL COLLATE pg_catalog."C",
    ethnicity text NOT NULL COLLATE pg_catalog."C",
    religion text COLLATE pg_catalog."C",
    nationality text COLLATE pg_catalog."C",
    birthplace_province_code text COLLATE pg_catalog."C",
    birthplace text COLLATE pg_catalog."C",
    native_place text COLLATE pg_catalog."C",
    permanent_province_code text COLLATE pg_catalog."C",
    permanent_commune_code text COLLATE pg_catalog."C",
    permanent_address text COLLATE pg_catalog."C",
    current_address text COLLATE pg_catalog."C",
    phone text COLLATE pg_catalog."C",
    email text COLLATE pg_catalog."C",
    blood_group text COLLATE pg_catalog."C",
    health_insurance_number text COLLATE pg_catalog."C",
    policy_groups text[] COLLATE pg_catalog."C",
    poor_household text COLLATE pg_catalog."C",
    disability boolean,
    disability_type text COLLATE pg_catalog."C",
    disability_degree text COLLATE pg_catalog."C",
    exempt_from_assessment boolean,
    fee_reduction text COLLATE pg_catalog."C",
    boarding text COLLATE pg_catalog."C",
    can_swim boolean,
    union_member text COLLATE pg_catalog."C",
    contacts jsonb,
    height_cm numeric(4,1),
    weight_kg numeric(4,1),
    eye_disease boolean,
    admission_type text COLLATE pg_catalog."C",
    admitted_on date,
    photo_url text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    hash_high bigint NOT NULL,
    hash_low bigint NOT NULL,
    version integer NOT NULL,
    change_id bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    submission_id uuid NOT NULL,
    client_id uuid NOT NULL,
    xid xid8 NOT NULL
);
CREATE TABLE public.subject_results (
    school_code text NOT NULL COLLATE pg_catalog."C",
    school_year text NOT NULL COLLATE pg_catalog."C",
    period text NOT NULL COLLATE pg_catalog."C",
    student_code text NOT NULL COLLATE pg_catalog."C",
    subject_code text NOT NULL COLLATE pg_catalog."C",
    class_code text NOT NULL COLLATE pg_catalog."C",
    regular_marks numeric(3,1)[],
    midterm_mark numeric(3,1),
    final_mark numeric(3,1),
    average numeric(3,1),
    test_mark integer,
    level text COLLATE pg_catalog."C",
    exempt boolean,
    reassessed_mark numeric(3,1),
    reassessed_level text COLLATE pg_catalog."C",
    staff_code text COLLATE pg_catalog."C",
    comment text COLLATE pg_catalog."C",
    hash_high bigint NOT NULL,
    hash_low bigint NOT NULL,
    version integer NOT NULL,
    change_id bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    submission_id uuid NOT NULL,
    client_id uuid NOT NULL,
    xid xid8 NOT NULL
);
CREATE TABLE public.submission_chunks (
    submission_id uuid NOT NULL,
    number integer NOT NULL,
    first_index bigint NOT NULL,
    records integer NOT NULL,
    parts bigint NOT NULL,
    hashes bytea NOT NULL,
    data bytea NOT NULL,
    done bigint DEFAULT 0 NOT NULL
);
ALTER TABLE ONLY public.submission_chunks ALTER COLUMN hashes SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.submission_chunks ALTER COLUMN data SET STORAGE EXTERNAL;
CREATE TABLE public.submission_columns (
    submission_id uuid NOT NULL,
    sheet integer NOT NULL,
    pointer text NOT NULL COLLATE pg_catalog."C",
    place integer NOT NULL,
    letters text NOT NULL,
    heading text NOT NULL,
    line bigint
);
CREATE TABLE public.submission_deferred (
    submission_id uuid NOT NULL,
    index bigint NOT NULL,
    chunk integer NOT NULL,
    resource text NOT NULL,
    operation text NOT NULL,
    level smallint DEFAULT 0 NOT NULL
);
CREATE TABLE public.submission_issues (
    submission_id uuid NOT NULL,
    index bigint NOT NULL,
    severity smallint NOT NULL,
    pointer text NOT NULL COLLATE pg_catalog."C",
    ordinal integer NOT NULL,
    resource text,
    key jsonb,
    code text NOT NULL,
    "values" jsonb NOT NULL,
    cause text
);
CREATE TABLE public.submission_rows (
    submission_id uuid NOT NULL,
    first_index bigint NOT NULL,
    sheet integer NOT NULL,
    first_row bigint NOT NULL
);
CREATE TABLE public.submission_schools (
    submission_id uuid NOT NULL,
    school_code text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.submission_sheets (
    submission_id uuid NOT NULL,
    sheet integer NOT NULL,
    name text NOT NULL,
    resource text NOT NULL
);
CREATE TABLE public.submissions (
    id uuid NOT NULL,
    client_id uuid NOT NULL,
    status text NOT NULL,
    result text,
    mode text NOT NULL,
    atomicity text NOT NULL,
    on_missing text NOT NULL,
    respond_async boolean NOT NULL,
    idempotency_key text,
    fingerprint text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    bytes bigint DEFAULT 0 NOT NULL,
    sha256 text,
    records bigint DEFAULT 0 NOT NULL,
    cut boolean DEFAULT false NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    purged boolean DEFAULT false NOT NULL,
    gateway uuid,
    replacement jsonb,
    issue_groups jsonb,
    CONSTRAINT submissions_atomicity_check CHECK ((atomicity = ANY (ARRAY['record'::text, 'all'::text]))),
    CONSTRAINT submissions_mode_check CHECK ((mode = ANY (ARRAY['commit'::text, 'validate'::text]))),
    CONSTRAINT submissions_on_missing_check CHECK ((on_missing = ANY (ARRAY['park'::text, 'reject'::text]))),
    CONSTRAINT submissions_result_check CHECK ((result = ANY (ARRAY['accepted'::text, 'partial'::text, 'rejected'::text]))),
    CONSTRAINT submissions_status_check CHECK ((status = ANY (ARRAY['receiving'::text, 'queued'::text, 'processing'::text, 'completed'::text, 'failed'::text])))
);
CREATE TABLE public.teaching_assignments (
    school_code text NOT NULL COLLATE pg_catalog."C",
    school_year text NOT NULL COLLATE pg_catalog."C",
    term text NOT NULL COLLATE pg_catalog."C",
    class_code text NOT NULL COLLATE pg_catalog."C",
    subject_code text NOT NULL COLLATE pg_catalog."C",
    staff_code text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL COLLATE pg_catalog."C",
    periods_per_week numeric(5,2),
    "from" date,
    "to" date,
    hash_high bigint NOT NULL,
    hash_low bigint NOT NULL,
    version integer NOT NULL,
    change_id bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    submission_id uuid NOT NULL,
    client_id uuid NOT NULL,
    xid xid8 NOT NULL
);
INSERT INTO public.__diesel_schema_migrations VALUES
	('00000000000000', '2026-11-26 23:50:39.71071'),
	('00000000000100', '2026-11-26 23:50:39.724803'),
	('00000000000150', '2026-11-26 23:50:39.789071'),
	('00000000000200', '2026-11-26 23:50:39.792827'),
	('00000000000210', '2026-11-26 23:50:39.837117'),
	('00000000000220', '2026-11-26 23:50:39.858544'),
	('00000000000301', '2026-11-26 23:50:39.885053'),
	('00000000000302', '2026-11-26 23:50:39.909037'),
	('00000000000303', '2026-11-26 23:50:39.937216'),
	('00000000000304', '2026-11-26 23:50:39.97319'),
	('00000000000305', '2026-11-26 23:50:40.010541'),
	('00000000000306', '2026-11-26 23:50:40.061818'),
	('00000000000307', '2026-11-26 23:50:40.105104'),
	('00000000000308', '2026-11-26 23:50:40.132412'),
	('00000000000309', '2026-11-26 23:50:40.150553'),
	('00000000000310', '2026-11-26 23:50:40.165968'),
	('00000000000311', '2026-11-26 23:50:40.173967'),
	('00000000000400', '2026-11-26 23:50:40.190198'),
	('00000000000401', '2026-11-26 23:50:40.224098'),
	('00000000000402', '2026-11-26 23:50:40.224896'),
	('00000000000404', '2026-11-26 23:50:40.226462'),
	('00000000000410', '2026-11-26 23:50:40.229209'),
	('00000000000411', '2026-11-26 23:50:40.229679'),
	('00000000000420', '2026-11-26 23:50:40.233899'),
	('00000000000430', '2026-11-26 23:50:40.244499'),
	('00000000000450', '2026-11-26 23:50:40.263775'),
	('00000000000460', '2026-11-26 23:50:40.264213'),
	('00000000000470', '2026-11-26 23:50:40.271196');
INSERT INTO public.academic_records VALUES
	('22554433', '2025-2026', 'GK1', '2255433001', '1A', NULL, NULL, NULL, NULL, '{"honesty": "Đ", "kindness": "T", "diligence": "Đ", "patriotism": "T", "responsibility": "Đ"}', '{"science": "Đ", "autonomy": "Đ", "language": "Đ", "physical": "Đ", "aesthetics": "T", "calculation": "T", "communication": "T", "problemSolving": "Đ"}', NULL, NULL, NULL, NULL, 'Chăm ngoan, tích cực phát biểu.', -7389976179870218566, 1338753302703903304, 1, 110001, '2026-11-26 23:50:43.155007+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1171'),
	('22554433', '2025-2026', 'GK1', '2255433002', '1A', NULL, NULL, NULL, NULL, '{"honesty": "T", "kindness": "T", "diligence": "T", "patriotism": "T", "responsibility": "T"}', '{"science": "T", "autonomy": "T", "language": "T", "physical": "T", "aesthetics": "T", "calculation": "T", "communication": "T", "problemSolving": "T"}', NULL, NULL, NULL, NULL, 'Có tinh thần trách nhiệm, học đều các môn.', -8452254120925159706, 3189098731286864421, 1, 110002, '2026-11-26 23:50:43.155007+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1171');
INSERT INTO public.access_version VALUES
	(true, 3);
INSERT INTO public.campuses VALUES
	('22554433', 'C1', 'Điểm trường chính', true, '06652', 'Số 221 đường Cây Đa', 0.00, NULL, NULL, 'open', -946032540536310781, -1470887626986734729, 1, 20001, '2026-11-26 23:50:43.10834+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1158'),
	('38554534', 'C1', 'Điểm trường chính', true, '14812', 'Số 220 ngõ Vườn Đào', 0.00, NULL, NULL, 'open', 146971413857395504, 206191440331363760, 1, 20002, '2026-11-26 23:50:43.10834+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1158');
INSERT INTO public.classes VALUES
	('22554433', '2025-2026', '1A', '1A', '01', NULL, '2255433003', 9, NULL, NULL, NULL, NULL, false, NULL, true, false, 743641454306587449, 5248152945968426062, 1, 50001, '2026-11-26 23:50:43.117629+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1162'),
	('38554534', '2025-2026', '6/1', '6/1', '06', NULL, '3855434008', 6, '1', NULL, NULL, NULL, false, NULL, false, false, 338646523420058497, -8748952678394609242, 1, 50002, '2026-11-26 23:50:43.117629+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1162');
INSERT INTO public.client_grants VALUES
	('01a21a44-bf13-70d6-bf1e-b423720e9d98', 'all', '');
INSERT INTO public.clients VALUES
	('01a21a44-bf13-70d6-bf1e-b423720e9d98', 'Phần mềm A', 'school-software', 'none', '{}', '2026-11-26 23:50:42.721353+00', '2026-11-26 23:50:42.721353+00', NULL);
INSERT INTO public.code_aliases VALUES
	('students', 'TAM-000001', '2255433999', '2026-11-26 23:51:08.676693+00', '01a21a45-2484-7226-a582-168ebb02e01e', '01a21a44-bf13-70d6-bf1e-b423720e9d98');
INSERT INTO public.diplomas VALUES
	('THCS-38554342025001', '38554534/2025/0001', 'lower-secondary', NULL, '038310864588', 'Nguyễn Thị Linh', '2010-06-19', 'female', 'Thanh Hóa', '01', '38554534', 2025, 'Khá', '2025-08-20', 'Ủy ban nhân dân xã, phường, Thanh Hóa', 'issued', NULL, 8019359441529101993, 2765958886532434241, 1, 60001, '2026-11-26 23:50:43.121818+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1162');
INSERT INTO public.enrollments VALUES
	('22554433', '2025-2026', '2255433001', '1A', '2025-09-05', 'new', NULL, NULL, NULL, NULL, NULL, NULL, 1, -3115578362343416567, 967332187279495165, 1, 70001, '2026-11-26 23:50:43.125129+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1165'),
	('22554433', '2025-2026', '2255433002', '1A', '2025-09-05', 'new', NULL, NULL, NULL, NULL, NULL, NULL, 2, 6846999872655723814, -8644140705570743037, 1, 70002, '2026-11-26 23:50:43.125129+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1165'),
	('22554433', '2025-2026', '2255433003', '1A', '2025-09-05', 'new', NULL, NULL, NULL, NULL, NULL, NULL, 3, 1628332104072546428, -982287811719526039, 1, 70003, '2026-11-26 23:50:43.125129+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1165'),
	('38554534', '2025-2026', '3855434001', '6/1', '2025-09-05', 'new', NULL, NULL, NULL, NULL, NULL, NULL, 1, 5303055687604828972, -1253632241213276192, 1, 70004, '2026-11-26 23:50:43.125129+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1165'),
	('38554534', '2025-2026', '3855434002', '6/1', '2025-09-05', 'new', NULL, NULL, NULL, NULL, NULL, NULL, 2, 4663568420261726670, 8373729573291335002, 1, 70005, '2026-11-26 23:50:43.125129+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1165'),
	('38554534', '2025-2026', '3855434003', '6/1', '2025-09-05', 'new', NULL, NULL, NULL, NULL, NULL, NULL, 3, -376053296674970758, 7512447971040140931, 1, 70006, '2026-11-26 23:50:43.125129+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1165');
INSERT INTO public.facility_returns VALUES
	('22554433', '2025-2026', 'C1', 2100.00, true, 500.00, 300.00, '[{"type": "PH", "count": 4, "areaM2": 216.00, "condition": "1"}, {"type": "WC_HS_NAM", "count": 2, "areaM2": 36.00, "condition": "1"}, {"type": "WC_HS_NU", "count": 3, "areaM2": 54.00, "condition": "1"}, {"type": "PBM_TIN", "count": 1, "areaM2": 48.00, "condition": "1"}, {"type": "PBM_KHCN", "count": 1, "areaM2": 48.00, "condition": "1"}, {"type": "THUVIEN", "count": 1, "areaM2": 48.00, "condition": "1"}, {"type": "HIEUTRUONG", "count": 1, "areaM2": 48.00, "condition": "1"}, {"type": "PHT", "count": 1, "areaM2": 48.00, "condition": "1"}, {"type": "VANPHONG", "count": 1, "areaM2": 48.00, "condition": "1"}, {"type": "YTE", "count": 1, "areaM2": 48.00, "condition": "1"}, {"type": "HOP", "count": 1, "areaM2": 48.00, "condition": "1"}, {"type": "BAOVE", "count": 1, "areaM2": 9.00, "condition": "2"}]', 1359, 40, 5, 2, true, true, '2', true, true, '1', true, 35, 7, 3, 1, '{"03": 2, "04": 2, "05": 2}', false, true, 1991, 2005, 7892612701020512870, -9131369558236327297, 1, 100001, '2026-11-26 23:50:43.146005+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1168'),
	('38554534', '2025-2026', 'C1', 4365.00, true, 893.00, 562.00, '[{"type": "PH", "count": 9, "areaM2": 486.00, "condition": "1"}, {"type": "WC_HS_NAM", "count": 4, "areaM2": 72.00, "condition": "1"}, {"type": "WC_HS_NU", "count": 5, "areaM2": 90.00, "condition": "1"}, {"type": "PBM_TIN", "count": 1, "areaM2": 48.00, "condition": "1"}, {"type": "PBM_KHTN", "count": 1, "areaM2": 48.00, "condition": "1"}, {"type": "THUVIEN", "count": 1, "areaM2": 48.00, "condition": "1"}, {"type": "HIEUTRUONG", "count": 1, "areaM2": 48.00, "condition": "1"}, {"type": "PHT", "count": 1, "areaM2": 48.00, "condition": "1"}, {"type": "VANPHONG", "count": 1, "areaM2": 48.00, "condition": "1"}, {"type": "YTE", "count": 1, "areaM2": 48.00, "condition": "1"}, {"type": "HOP", "count": 1, "areaM2": 48.00, "condition": "1"}, {"type": "BAOVE", "count": 1, "areaM2": 9.00, "condition": "2"}]', 1920, 40, 9, 2, true, true, '1', true, true, '1', true, 35, 12, 8, 1, '{"06": 2, "07": 2, "08": 2, "09": 2}', false, true, 1995, 2009, 603122397861714031, -6023269248409971894, 1, 100002, '2026-11-26 23:50:43.146005+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1168');
INSERT INTO public.findings VALUES
	('86eecbd2-e9ab-4278-8759-6e1f8c41b0cc', '22554433', '', 'SF-004', 1, 'schools', '{"schoolCode": "22554433"}', '', ' {"schoolCode": "22554433"}', '{"count": "0"}', NULL, '{}', true, '2026-11-26 23:50:44.37035+00', '2026-11-26 23:50:44.37035+00', NULL, NULL, NULL, NULL, NULL),
	('92a305a2-8a22-4b87-ad9f-81247c575e7a', '38554534', '', 'SF-004', 1, 'schools', '{"schoolCode": "38554534"}', '', ' {"schoolCode": "38554534"}', '{"count": "0"}', NULL, '{}', true, '2026-11-26 23:50:44.428371+00', '2026-11-26 23:50:44.428371+00', NULL, NULL, NULL, NULL, NULL),
	('fceedb0b-54c8-4813-bc4a-f341c9069138', '38554534', '', 'ID-022', 1, 'students', '{"studentCode": "3855453999"}', '/fullName', ' {"studentCode": "3855453999"} students:3855434002+3855453999', '{"other": "3855434002", "student": "3855453999"}', 'students:3855434002+3855453999', '{}', true, '2026-11-26 23:50:44.428371+00', '2026-11-26 23:50:44.428371+00', NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.findings_due OVERRIDING SYSTEM VALUE VALUES
	(23, '38554534', '2025-2026', 'subject-results', false, '2026-11-26 23:51:32.912787+00');
INSERT INTO public.findings_rounds VALUES
	(true, '2026-11-27');
INSERT INTO public.history VALUES
	('subject-results', '385545342025-2026CK13855434001NGUVAN', 1, '2026-11-26 23:50:43.137167+00', '2026-11-26 23:50:43.244164+00', 'update', 90013, '1168', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '{"school_code":"38554534","school_year":"2025-2026","period":"CK1","student_code":"3855434001","subject_code":"NGUVAN","class_code":"6/1","regular_marks":[5.5,7.0,6.0,6.0],"midterm_mark":6.3,"final_mark":5.4,"average":5.9,"test_mark":null,"level":null,"exempt":false,"reassessed_mark":null,"reassessed_level":null,"staff_code":"3855434003","comment":null}'),
	('subject-results', '385545342025-2026CK13855434001TOAN', 1, '2026-11-26 23:50:43.137167+00', '2026-11-26 23:50:43.244164+00', 'update', 90014, '1168', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '{"school_code":"38554534","school_year":"2025-2026","period":"CK1","student_code":"3855434001","subject_code":"TOAN","class_code":"6/1","regular_marks":[7.0,7.0,8.0,6.5],"midterm_mark":6.7,"final_mark":6.4,"average":6.8,"test_mark":null,"level":null,"exempt":false,"reassessed_mark":null,"reassessed_level":null,"staff_code":"3855434004","comment":null}'),
	('subject-results', '385545342025-2026CK13855434002NGUVAN', 1, '2026-11-26 23:50:43.137167+00', '2026-11-26 23:50:43.244164+00', 'update', 90015, '1168', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '{"school_code":"38554534","school_year":"2025-2026","period":"CK1","student_code":"3855434002","subject_code":"NGUVAN","class_code":"6/1","regular_marks":[4.5,4.0,4.0,4.0],"midterm_mark":4.9,"final_mark":4.9,"average":4.6,"test_mark":null,"level":null,"exempt":false,"reassessed_mark":null,"reassessed_level":null,"staff_code":"3855434003","comment":null}'),
	('subject-results', '385545342025-2026CK13855434002TOAN', 1, '2026-11-26 23:50:43.137167+00', '2026-11-26 23:50:43.244164+00', 'update', 90016, '1168', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '{"school_code":"38554534","school_year":"2025-2026","period":"CK1","student_code":"3855434002","subject_code":"TOAN","class_code":"6/1","regular_marks":[5.5,6.0,7.0,7.0],"midterm_mark":5.7,"final_mark":5.8,"average":6.0,"test_mark":null,"level":null,"exempt":false,"reassessed_mark":null,"reassessed_level":null,"staff_code":"3855434004","comment":null}'),
	('students', '3855434001', 1, '2026-11-26 23:50:43.10987+00', '2026-11-26 23:50:43.272596+00', 'update', 30004, '1158', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '{"student_code":"3855434001","school_code":"38554534","citizen_id":"038314312400","full_name":"Hoàng Diệu My","birth_date":"2014-03-21","sex":"female","ethnicity":"01","religion":null,"nationality":"VN","birthplace_province_code":"38","birthplace":"Thanh Hóa","native_place":"Thanh Hóa","permanent_province_code":"38","permanent_commune_code":"14812","permanent_address":"Số 139 đường Ven Sông","current_address":"Số 139 đường Ven Sông","phone":null,"email":null,"blood_group":null,"health_insurance_number":"HS4383855434001","policy_groups":null,"poor_household":"none","disability":false,"disability_type":null,"disability_degree":null,"exempt_from_assessment":false,"fee_reduction":"none","boarding":"none","can_swim":false,"union_member":"pioneer","contacts":[{"phone": "0911932840", "fullName": "Nguyễn Hà Uyên", "birthYear": 1983, "citizenId": "038183932535", "occupation": "Nông dân", "relationship": "mother"}, {"phone": "0811043869", "fullName": "Hoàng Bảo Cường", "birthYear": 1983, "citizenId": "038083845702", "occupation": "Y tá", "relationship": "father"}],"height_cm":146.7,"weight_kg":34.8,"eye_disease":false,"admission_type":"1","admitted_on":"2025-08-15","photo_url":null,"note":null}'),
	('students', '3855434001', 2, '2026-11-26 23:50:43.272596+00', '2026-11-26 23:50:43.283642+00', 'update', 130001, '1189', '01a21a44-c148-7295-8a32-ed9b2da2c9f6', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '{"student_code":"3855434001","school_code":"38554534","citizen_id":"038314312400","full_name":"Hoàng Diệu My","birth_date":"2014-03-21","sex":"female","ethnicity":"01","religion":null,"nationality":"VN","birthplace_province_code":"38","birthplace":"Thanh Hóa","native_place":"Thanh Hóa","permanent_province_code":"38","permanent_commune_code":"14812","permanent_address":"Số 139 đường Ven Sông","current_address":"Số 139 đường Ven Sông","phone":null,"email":null,"blood_group":null,"health_insurance_number":"HS4383855434001","policy_groups":null,"poor_household":"none","disability":false,"disability_type":null,"disability_degree":null,"exempt_from_assessment":false,"fee_reduction":"none","boarding":"none","can_swim":false,"union_member":"pioneer","contacts":[{"phone": "0911932840", "fullName": "Nguyễn Hà Uyên", "birthYear": 1983, "citizenId": "038183932535", "occupation": "Nông dân", "relationship": "mother"}, {"phone": "0811043869", "fullName": "Hoàng Bảo Cường", "birthYear": 1983, "citizenId": "038083845702", "occupation": "Y tá", "relationship": "father"}],"height_cm":146.7,"weight_kg":34.8,"eye_disease":false,"admission_type":"1","admitted_on":"2025-08-15","photo_url":null,"note":"Chuyển nhà"}'),
	('subject-results', '385545342025-2026CK13855434003NGUVAN', 2, '2026-11-26 23:50:43.305046+00', NULL, 'delete', 150001, '1194', '01a21a44-c15a-75c5-83a2-687e24386558', '01a21a44-bf13-70d6-bf1e-b423720e9d98', NULL),
	('subject-results', '385545342025-2026CK13855434003TOAN', 2, '2026-11-26 23:50:43.305046+00', NULL, 'delete', 150002, '1194', '01a21a44-c15a-75c5-83a2-687e24386558', '01a21a44-bf13-70d6-bf1e-b423720e9d98', NULL),
	('subject-results', '385545342025-2026CK13855434003NGUVAN', 1, '2026-11-26 23:50:43.137167+00', '2026-11-26 23:50:43.305046+00', 'update', 90017, '1168', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '{"school_code":"38554534","school_year":"2025-2026","period":"CK1","student_code":"3855434003","subject_code":"NGUVAN","class_code":"6/1","regular_marks":[6.0,6.5,7.5,7.0],"midterm_mark":7.4,"final_mark":6.7,"average":6.9,"test_mark":null,"level":null,"exempt":false,"reassessed_mark":null,"reassessed_level":null,"staff_code":"3855434003","comment":null}'),
	('subject-results', '385545342025-2026CK13855434003TOAN', 1, '2026-11-26 23:50:43.137167+00', '2026-11-26 23:50:43.305046+00', 'update', 90018, '1168', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '{"school_code":"38554534","school_year":"2025-2026","period":"CK1","student_code":"3855434003","subject_code":"TOAN","class_code":"6/1","regular_marks":[9.0,8.0,8.5,7.5],"midterm_mark":8.7,"final_mark":8.5,"average":8.4,"test_mark":null,"level":null,"exempt":false,"reassessed_mark":null,"reassessed_level":null,"staff_code":"3855434004","comment":null}'),
	('diplomas', 'THCS-38554342025002', 2, '2026-11-26 23:50:43.35292+00', NULL, 'delete', 170001, '1205', '01a21a44-c198-74d1-bfb2-7fdd670c1deb', '01a21a44-bf13-70d6-bf1e-b423720e9d98', NULL),
	('diplomas', 'THCS-38554342025002', 1, '2026-11-26 23:50:43.121818+00', '2026-11-26 23:50:43.35292+00', 'update', 60002, '1162', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '{"diploma_number":"THCS-38554342025002","register_number":"38554534/2025/0002","diploma_type":"lower-secondary","student_code":null,"citizen_id":"038210777755","full_name":"Lâm Văn Kiên","birth_date":"2010-05-06","sex":"male","birthplace":"Thanh Hóa","ethnicity":"01","school_code":"38554534","graduation_year":2025,"ranking":"Giỏi","issued_on":"2025-08-20","issued_by":"Ủy ban nhân dân xã, phường, Thanh Hóa","status":"issued","replaces_diploma_number":null}'),
	('students', 'TAM-000001', 2, '2026-11-26 23:51:08.676693+00', NULL, 'delete', 210001, '1227', '01a21a45-2484-7226-a582-168ebb02e01e', '01a21a44-bf13-70d6-bf1e-b423720e9d98', NULL),
	('students', 'TAM-000001', 1, '2026-11-26 23:51:08.647824+00', '2026-11-26 23:51:08.676693+00', 'update', 190001, '1223', '01a21a45-2457-7617-bfec-89b6b90ee79b', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '{"student_code":"TAM-000001","school_code":"22554433","citizen_id":null,"full_name":"Hoàng Thị Sương","birth_date":"2019-05-06","sex":"male","ethnicity":"01","religion":null,"nationality":"VN","birthplace_province_code":"22","birthplace":"Quảng Ninh","native_place":"Quảng Ninh","permanent_province_code":"22","permanent_commune_code":"06652","permanent_address":"Số 143 ngõ Vườn Đào","current_address":"Số 143 ngõ Vườn Đào","phone":null,"email":null,"blood_group":null,"health_insurance_number":null,"policy_groups":["P08"],"poor_household":"near-poor","disability":false,"disability_type":null,"disability_degree":null,"exempt_from_assessment":false,"fee_reduction":"half","boarding":"semi","can_swim":true,"union_member":"none","contacts":[{"phone": "0906604922", "fullName": "Bùi Quỳnh Hoa", "birthYear": 1990, "citizenId": "022190469768", "occupation": "Nông dân", "relationship": "mother"}, {"phone": "0353054074", "fullName": "Phạm Xuân Khoa", "birthYear": 1994, "citizenId": "022094218794", "occupation": "Nội trợ", "relationship": "father"}],"height_cm":116.2,"weight_kg":19.0,"eye_disease":false,"admission_type":"1","admitted_on":"2025-08-15","photo_url":null,"note":null}');
INSERT INTO public.parked_records VALUES
	('01a21a44-c0e9-7378-a14e-0a4bdde81ae2', 0, '01a21a44-bf13-70d6-bf1e-b423720e9d98', 'enrollments', '38554534/2025-2026/3855434004/2025-09-05', '{"schoolCode": "38554534", "schoolYear": "2025-2026", "studentCode": "3855434004", "classCode": "6/1", "entryDate": "2025-09-05", "entryType": "new", "orderInClass": 4}', '2026-11-26 23:50:43.21049+00', '2026-12-26 23:50:43.210493+00', false, '2026-11-26 23:50:43.209796+00', 3),
	('01a21a44-c0e9-7378-a14e-0a4bdde81ae2', 1, '01a21a44-bf13-70d6-bf1e-b423720e9d98', 'enrollments', '38554534/2025-2026/3855434005/2025-09-05', '{"schoolCode": "38554534", "schoolYear": "2025-2026", "studentCode": "3855434005", "classCode": "6/1", "entryDate": "2025-09-05", "entryType": "new", "orderInClass": 5}', '2026-11-26 23:50:43.21049+00', '2026-12-26 23:50:43.210493+00', false, '2026-11-26 23:50:43.209796+00', 3);
INSERT INTO public.parked_waits VALUES
	('01a21a44-c0e9-7378-a14e-0a4bdde81ae2', 0, 'students', '3855434004'),
	('01a21a44-c0e9-7378-a14e-0a4bdde81ae2', 1, 'students', '3855434005');
INSERT INTO public.reference_version VALUES
	(true, 0, '2026-11-26 23:50:39.792827+00');
INSERT INTO public.schools VALUES
	('22554433', 'Trường Tiểu học Biển Việt II', 'Primary School No. 55433', '1', '07', '1', '01', '22', '06652', 'Số 111 phố Lúa Vàng', 20.995621, 107.067877, '02033791475', 'truongtieuhocbienvietii.22554433@example.edu.vn', 'https://truongtieuhocbienvietii-22554433.example.edu.vn', 'Dương Đức Hòa', '0813826844', NULL, '1975-08-19', '2414/QĐ-UBND', '1', NULL, true, true, false, false, false, 'open', NULL, '2025-07-01', -7738626754425909705, -8000634661081027365, 1, 10001, '2026-11-26 23:50:43.101134+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1156'),
	('38554534', 'Trường THCS Sông Quê III', 'Lower Secondary School No. 55434', '2', '07', '1', '03', '38', '14812', 'Số 195 phố Bến Đò', 19.826954, 105.796196, '02373133198', 'truongthcssongqueiii.38554534@example.edu.vn', 'https://truongthcssongqueiii-38554534.example.edu.vn', 'Đoàn Công Tú', '0904369790', NULL, '2013-08-09', '1277/QĐ-UBND', '1', NULL, false, false, false, true, false, 'open', NULL, '2025-07-01', -7427840883975656304, 3594790223362112652, 1, 10002, '2026-11-26 23:50:43.101134+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1156');
INSERT INTO public.staff VALUES
	('2255433003', '22554433', '022179424306', 'Lý Hoài Nhi', '1979-08-08', 'female', '01', NULL, 'VN', '0888692979', 'lyhoainhi.2255433003@example.edu.vn', '06652', 'Số 138 đường Ánh Trăng', NULL, '2', '29', '1', '1', '2002-08-01', '2002-09-05', 'V.07.03.28', 8, 4.65, '16', 'Giáo dục Tiểu học', 'Trường Đại học Sư phạm', 2001, NULL, NULL, NULL, '1', 'B1', '{TIENGVIET,TOAN,DAODUC,TNXH,HDTN}', '{1}', 21, true, '3', NULL, -5546941780876590340, 4600188052819600368, 1, 40001, '2026-11-26 23:50:43.114201+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1158'),
	('3855434003', '38554534', '038183320582', 'Phạm Thị Hằng', '1983-12-17', 'female', '01', NULL, 'VN', '0323314069', 'phamthihang.3855434003@example.edu.vn', '14812', 'Số 175 đường Cây Đa', NULL, '2', '28', '1', '1', '2006-08-01', '2006-09-05', 'V.07.04.31', 7, 4.32, '16', 'Sư phạm chuyên ngành', 'Trường Đại học Sư phạm', 2005, NULL, NULL, NULL, '1', 'B1', '{NGUVAN,GDDP}', '{2}', 19, false, '2', NULL, 1637537036563945100, 6638002380241281119, 1, 40002, '2026-11-26 23:50:43.114201+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1158'),
	('3855434004', '38554534', '038301505998', 'Võ Thị Thư', '2001-09-16', 'female', '01', NULL, 'VN', '0913498198', 'vothithu.3855434004@example.edu.vn', '14812', 'Số 117 đường Ven Sông', NULL, '2', '28', '1', '1', '2024-08-01', '2024-09-05', 'V.07.04.32', 1, 2.34, '02', 'Sư phạm chuyên ngành', 'Trường Đại học Sư phạm', 2023, NULL, NULL, NULL, '1', 'A2', '{TOAN,HDTNHN}', '{2}', 19, true, '1', NULL, 5914975941900122696, -2129938133256732925, 1, 40003, '2026-11-26 23:50:43.114201+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1158'),
	('3855434005', '38554534', '038188380347', 'Đoàn Thùy Vy', '1988-08-02', 'female', '01', NULL, 'VN', '0818566304', 'doanthuyvy.3855434005@example.edu.vn', '14812', 'Số 55 ngõ Vườn Đào', NULL, '2', '28', '1', '1', '2011-08-01', '2011-09-05', 'V.07.04.31', 5, 3.66, '16', 'Sư phạm chuyên ngành', 'Trường Đại học Sư phạm', 2010, NULL, NULL, NULL, '1', 'B1', '{NN1}', '{2}', 18, false, '3', NULL, -3374635701702860949, 18618273196447693, 1, 40004, '2026-11-26 23:50:43.114201+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1158'),
	('3855434008', '38554534', '038089905467', 'Dương Duy Toàn', '1989-09-10', 'male', '01', NULL, 'VN', '0901058273', 'duongduytoan.3855434008@example.edu.vn', '14812', 'Số 130 đường Ven Sông', NULL, '2', '28', '1', '1', '2012-08-01', '2012-09-05', 'V.07.04.31', 5, 3.66, '16', 'Sư phạm chuyên ngành', 'Trường Đại học Sư phạm', 2011, NULL, NULL, NULL, '1', 'B2', '{TINHOC,HDTNHN}', '{2}', 11, true, '2', NULL, -1190965493682580435, -2236675608802402408, 1, 40005, '2026-11-26 23:50:43.114201+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1158');
INSERT INTO public.students VALUES
	('2255433001', '22554433', '022219687881', 'Phạm Văn Trung', '2019-03-01', 'male', '01', NULL, 'VN', '22', 'Quảng Ninh', 'Quảng Ninh', '22', '06652', 'Số 143 ngõ Vườn Đào', 'Số 143 ngõ Vườn Đào', NULL, NULL, NULL, 'HS4222255433001', '{P08}', 'near-poor', false, NULL, NULL, false, 'half', 'semi', true, 'none', '[{"phone": "0906604922", "fullName": "Bùi Quỳnh Hoa", "birthYear": 1990, "citizenId": "022190469768", "occupation": "Nông dân", "relationship": "mother"}, {"phone": "0353054074", "fullName": "Phạm Xuân Khoa", "birthYear": 1994, "citizenId": "022094218794", "occupation": "Nội trợ", "relationship": "father"}]', 116.2, 19.0, false, '1', '2025-08-15', NULL, NULL, -8230524474024190261, 5018805789321005715, 1, 30001, '2026-11-26 23:50:43.10987+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1158'),
	('2255433002', '22554433', '038319372165', 'Trịnh Kim Oanh', '2019-03-08', 'female', '01', NULL, 'VN', '38', 'Thanh Hóa', 'Quảng Ninh', '22', '06652', 'Số 77 ngõ Vườn Đào', 'Số 77 ngõ Vườn Đào', NULL, NULL, NULL, 'HS4222255433002', NULL, 'none', false, NULL, NULL, false, 'none', 'semi', true, 'none', '[{"phone": "0708341488", "fullName": "Đỗ Kim Lan", "birthYear": 1995, "citizenId": "022195917580", "occupation": "Thợ may", "relationship": "mother"}, {"phone": "0354048556", "fullName": "Trịnh Gia Phong", "birthYear": 1982, "citizenId": "022082024345", "occupation": "Y tá", "relationship": "father"}]', 114.4, 19.2, true, '1', '2025-08-15', NULL, NULL, 8380504172365969463, 6227767781267684203, 1, 30002, '2026-11-26 23:50:43.10987+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1158'),
	('2255433003', '22554433', '022219299834', 'Bùi Bảo Tiến', '2019-03-18', 'male', '01', '01', 'VN', '22', 'Quảng Ninh', 'Quảng Ninh', '22', '06652', 'Số 49 phố Lúa Vàng', 'Số 49 phố Lúa Vàng', NULL, NULL, NULL, 'HS4222255433003', NULL, 'none', false, NULL, NULL, false, 'none', 'semi', true, 'none', '[{"phone": "0705369709", "fullName": "Huỳnh Thanh Nguyệt", "birthYear": 1981, "citizenId": "022181499225", "occupation": "Thợ may", "relationship": "mother"}, {"phone": "0915949366", "fullName": "Bùi Duy An", "birthYear": 1988, "citizenId": "022088696063", "occupation": "Giáo viên", "relationship": "father"}]', 117.8, 20.5, false, '1', '2025-08-15', NULL, NULL, -2887717755355420250, 2733945759409800781, 1, 30003, '2026-11-26 23:50:43.10987+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1158'),
	('3855434002', '38554534', '038214225567', 'Dương Thành Khánh', '2014-11-21', 'male', '01', NULL, 'VN', '38', 'Thanh Hóa', 'Thanh Hóa', '38', '14812', 'Số 96 đường Đồng Xanh', 'Số 96 đường Đồng Xanh', NULL, NULL, NULL, 'HS4383855434002', NULL, 'none', false, NULL, NULL, false, 'none', 'none', true, 'pioneer', '[{"phone": "0987277135", "fullName": "Trần Thị Minh Vy", "birthYear": 1984, "citizenId": "038184932535", "occupation": "Thợ may", "relationship": "mother"}, {"phone": "0791775043", "fullName": "Dương Hữu Tùng", "birthYear": 1977, "citizenId": "038077711018", "occupation": "Kỹ sư", "relationship": "father"}]', 150.7, 34.5, false, '1', '2025-08-15', NULL, NULL, 2994602162494214750, -8128556467875884909, 1, 30005, '2026-11-26 23:50:43.10987+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1158'),
	('3855434003', '38554534', '038214837520', 'Nguyễn Gia Tâm', '2014-06-06', 'male', '01', NULL, 'VN', '38', 'Thanh Hóa', 'Thanh Hóa', '38', '14812', 'Số 154 phố Bến Đò', 'Số 154 phố Bến Đò', NULL, NULL, NULL, 'HS4383855434003', NULL, 'none', false, NULL, NULL, false, 'none', 'none', false, 'pioneer', '[{"phone": "0812116497", "fullName": "Lương Phương Duyên", "birthYear": 1977, "citizenId": "038177797851", "occupation": "Y tá", "relationship": "mother"}, {"phone": "0884610109", "fullName": "Nguyễn Công Tiến", "birthYear": 1978, "citizenId": "038078322971", "occupation": "Viên chức", "relationship": "father"}]', 146.7, 39.1, false, '1', '2025-08-15', NULL, NULL, -2952604121083142730, -6791305378935138598, 1, 30006, '2026-11-26 23:50:43.10987+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1158'),
	('3855434001', '38554534', '038314312400', 'Hoàng Diệu My', '2014-03-21', 'female', '01', NULL, 'VN', '38', 'Thanh Hóa', 'Thanh Hóa', '38', '14812', 'Số 139 đường Ven Sông', 'Số 139 đường Ven Sông', NULL, NULL, NULL, 'HS4383855434001', NULL, 'none', false, NULL, NULL, false, 'none', 'none', false, 'pioneer', '[{"phone": "0911932840", "fullName": "Nguyễn Hà Uyên", "birthYear": 1983, "citizenId": "038183932535", "occupation": "Nông dân", "relationship": "mother"}, {"phone": "0811043869", "fullName": "Hoàng Bảo Cường", "birthYear": 1983, "citizenId": "038083845702", "occupation": "Y tá", "relationship": "father"}]', 146.7, 34.8, false, '1', '2025-08-15', NULL, 'Chuyển nhà lần hai', 7237190367166787895, 3237198953326909691, 3, 140001, '2026-11-26 23:50:43.283642+00', '01a21a44-c153-7750-b46c-72f2375dcaa6', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1190'),
	('3855453999', '38554534', NULL, 'Dương Thành Khánh', '2014-11-21', 'male', '01', NULL, 'VN', '38', 'Thanh Hóa', 'Thanh Hóa', '38', '14812', 'Số 96 đường Đồng Xanh', 'Số 96 đường Đồng Xanh', NULL, NULL, NULL, NULL, NULL, 'none', false, NULL, NULL, false, 'none', 'none', true, 'pioneer', '[{"phone": "0987277135", "fullName": "Trần Thị Minh Vy", "birthYear": 1984, "citizenId": "038184932535", "occupation": "Thợ may", "relationship": "mother"}, {"phone": "0791775043", "fullName": "Dương Hữu Tùng", "birthYear": 1977, "citizenId": "038077711018", "occupation": "Kỹ sư", "relationship": "father"}]', 150.7, 34.5, false, '1', '2025-08-15', NULL, NULL, -7900164595757638793, -4579641839445302499, 1, 180001, '2026-11-26 23:50:43.369204+00', '01a21a44-c19d-77c2-bebf-b1e354d6e955', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1209'),
	('2255433999', '22554433', NULL, 'Hoàng Thị Sương', '2019-05-06', 'male', '01', NULL, 'VN', '22', 'Quảng Ninh', 'Quảng Ninh', '22', '06652', 'Số 143 ngõ Vườn Đào', 'Số 143 ngõ Vườn Đào', NULL, NULL, NULL, NULL, '{P08}', 'near-poor', false, NULL, NULL, false, 'half', 'semi', true, 'none', '[{"phone": "0906604922", "fullName": "Bùi Quỳnh Hoa", "birthYear": 1990, "citizenId": "022190469768", "occupation": "Nông dân", "relationship": "mother"}, {"phone": "0353054074", "fullName": "Phạm Xuân Khoa", "birthYear": 1994, "citizenId": "022094218794", "occupation": "Nội trợ", "relationship": "father"}]', 116.2, 19.0, false, '1', '2025-08-15', NULL, NULL, -283956997658022326, 3140143257828415038, 1, 200001, '2026-11-26 23:51:08.676693+00', '01a21a45-2484-7226-a582-168ebb02e01e', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1227');
INSERT INTO public.subject_results VALUES
	('22554433', '2025-2026', 'GK1', '2255433001', 'TIENGVIET', '1A', NULL, NULL, NULL, NULL, NULL, 'H', false, NULL, NULL, '2255433003', NULL, -1248976625782626852, 7789433154185276258, 1, 90001, '2026-11-26 23:50:43.137167+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1168'),
	('22554433', '2025-2026', 'GK1', '2255433001', 'TOAN', '1A', NULL, NULL, NULL, NULL, NULL, 'H', false, NULL, NULL, '2255433003', NULL, 6585530773983113772, 7256147938415196760, 1, 90002, '2026-11-26 23:50:43.137167+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1168'),
	('22554433', '2025-2026', 'CK1', '2255433001', 'TIENGVIET', '1A', NULL, NULL, NULL, NULL, 6, 'H', false, NULL, NULL, '2255433003', NULL, 1892979410176589139, 5543460824532839027, 1, 90003, '2026-11-26 23:50:43.137167+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1168'),
	('22554433', '2025-2026', 'CK1', '2255433001', 'TOAN', '1A', NULL, NULL, NULL, NULL, 6, 'H', false, NULL, NULL, '2255433003', NULL, 7874857671613038621, 7964476128364740053, 1, 90004, '2026-11-26 23:50:43.137167+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1168'),
	('22554433', '2025-2026', 'GK1', '2255433002', 'TIENGVIET', '1A', NULL, NULL, NULL, NULL, NULL, 'T', false, NULL, NULL, '2255433003', NULL, -9184861882135014642, 3547043778642768721, 1, 90005, '2026-11-26 23:50:43.137167+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1168'),
	('22554433', '2025-2026', 'GK1', '2255433002', 'TOAN', '1A', NULL, NULL, NULL, NULL, NULL, 'T', false, NULL, NULL, '2255433003', NULL, -4501171972618503202, -526166352425109186, 1, 90006, '2026-11-26 23:50:43.137167+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1168'),
	('22554433', '2025-2026', 'CK1', '2255433002', 'TIENGVIET', '1A', NULL, NULL, NULL, NULL, 8, 'T', false, NULL, NULL, '2255433003', NULL, 8853010978120498457, 5061402710820890562, 1, 90007, '2026-11-26 23:50:43.137167+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1168'),
	('22554433', '2025-2026', 'CK1', '2255433002', 'TOAN', '1A', NULL, NULL, NULL, NULL, 8, 'T', false, NULL, NULL, '2255433003', NULL, -1527013098915005840, 7554686573426705083, 1, 90008, '2026-11-26 23:50:43.137167+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1168'),
	('22554433', '2025-2026', 'GK1', '2255433003', 'TIENGVIET', '1A', NULL, NULL, NULL, NULL, NULL, 'H', false, NULL, NULL, '2255433003', NULL, 6581054228801670143, -7684091517590375726, 1, 90009, '2026-11-26 23:50:43.137167+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1168'),
	('22554433', '2025-2026', 'GK1', '2255433003', 'TOAN', '1A', NULL, NULL, NULL, NULL, NULL, 'H', false, NULL, NULL, '2255433003', NULL, 3651395790412819628, -3820637657842127516, 1, 90010, '2026-11-26 23:50:43.137167+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1168'),
	('22554433', '2025-2026', 'CK1', '2255433003', 'TIENGVIET', '1A', NULL, NULL, NULL, NULL, 7, 'H', false, NULL, NULL, '2255433003', NULL, -5387063904458770277, -4095228355411419724, 1, 90011, '2026-11-26 23:50:43.137167+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1168'),
	('22554433', '2025-2026', 'CK1', '2255433003', 'TOAN', '1A', NULL, NULL, NULL, NULL, 6, 'H', false, NULL, NULL, '2255433003', NULL, -8632107934188893062, -1141507459633470619, 1, 90012, '2026-11-26 23:50:43.137167+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1168'),
	('38554534', '2025-2026', 'CK1', '3855434001', 'NGUVAN', '6/1', '{5.5,7.0,6.0,6.0}', 6.3, 5.4, 5.9, NULL, NULL, false, NULL, NULL, '3855434003', 'Đã xem lại', -7999282843181419134, 6683446873742373700, 2, 120001, '2026-11-26 23:50:43.244164+00', '01a21a44-c122-75fd-992b-fdd32f7f8c92', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1185'),
	('38554534', '2025-2026', 'CK1', '3855434001', 'TOAN', '6/1', '{7.0,7.0,8.0,6.5}', 6.7, 6.4, 6.8, NULL, NULL, false, NULL, NULL, '3855434004', 'Đã xem lại', -642639587107617500, -259320251645030534, 2, 120002, '2026-11-26 23:50:43.244164+00', '01a21a44-c122-75fd-992b-fdd32f7f8c92', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1185'),
	('38554534', '2025-2026', 'CK1', '3855434002', 'NGUVAN', '6/1', '{4.5,4.0,4.0,4.0}', 4.9, 4.9, 4.6, NULL, NULL, false, NULL, NULL, '3855434003', 'Đã xem lại', -1767869176587661069, 3044574526021748372, 2, 120003, '2026-11-26 23:50:43.244164+00', '01a21a44-c122-75fd-992b-fdd32f7f8c92', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1185'),
	('38554534', '2025-2026', 'CK1', '3855434002', 'TOAN', '6/1', '{5.5,6.0,7.0,7.0}', 5.7, 5.8, 6.0, NULL, NULL, false, NULL, NULL, '3855434004', 'Đã xem lại', -96898374761991205, 5781943556707845128, 2, 120004, '2026-11-26 23:50:43.244164+00', '01a21a44-c122-75fd-992b-fdd32f7f8c92', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1185'),
	('38554534', '2025-2026', 'CK1', '3855434003', 'NGUVAN', '6/1', '{6.0,6.5,7.5,7.0}', 7.4, 6.7, 6.9, NULL, NULL, false, NULL, NULL, '3855434003', NULL, -8191080397778823868, -8170482458448858241, 3, 160001, '2026-11-26 23:50:43.329117+00', '01a21a44-c176-73aa-917d-7d0098ebf4f7', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1201');
INSERT INTO public.submission_chunks VALUES
	('01a21a44-c19d-77c2-bebf-b1e354d6e955', 0, 0, 1, 2, '\x07c6db869d9d1f50', '\x28b52ffd6041034d130016a67b3a50899b033033d16a350662045598a6b2a59e681164ffd196e46c994e16b1964b78562974eb60232eae438c0a2d0d1169bcf860a5401d8184712d6c006c006900cdaf31575af2e3f566a71d83b3f9b586bb89c43949e49ec98510f1565969763abe87264a707c099a48e1cb7b6c3e3610135260986669763ac2288d966d76baaa2a488a2489822efab0c1afe18557b3d3f6be5fdab5cdafddaa1ab55e7b231261802211060191486400800001d6ad7598b416b8d9740d6f76dc62d0222bd0caebe937bfbe301add6a34a2529ad5aa5930015f1e42667b10c2978f90d93e361d214ca0e28ecc66d1fcda5aafd7e5307154e45e9b933edcf787b37a56e118d0822682e3c348697eedd64b0c5a2bdc8258467181c1a7f2c27f02d5f3346670f284cc1629996659b4d969cc05c79713ec20b3450a3f850b5ba548903481aa887214f418786f20afb49a9d88aa1cbfaed0156c2ce0d7f65af03eadee4f65d6fcba7a65fac453f95ab3e35abdfc7aca0c8b87d6e5e55521ad3c95d7d22e47e06eb9efd3061c1c2d3909f548a4c9333970f9bd725e30c3509e4a6be5bca05be8564238c69b1da92182f8f54522a3d9991a1ec9f1ebf970e3457a6c7618400b143dd234b96afad85806c96c129707d15058ab90d92228f738374dd3334dec7074f578e96c7e9dc96831af12e4a669325101302060c292aa7af894fbaa03186e09b963c3264643232d47922349fd040cb140e493a614da8973b55ece463ce18b50895ceecb3021ea6d0a32e95b5cefc4f1079e10376ea6591cd5b2ee233949c3233f3aa7947801369403ae060a42c7250002fc8a121030969ca2e6ba052579efba4dbe66476d00be010a', 2);
INSERT INTO public.submission_issues VALUES
	('01a21a44-c077-75ff-8e18-25df9e3a473d', 27, 1, '/rooms', 0, 'facility-returns', '{"campusCode": "C1", "schoolCode": "22554433", "schoolYear": "2025-2026"}', 'FA-003', '{"ratio": "4.00", "rooms": "4", "classes": "1", "maximum": "2.50", "minimum": "0.50"}', NULL),
	('01a21a44-c077-75ff-8e18-25df9e3a473d', 50, 1, '/rooms', 0, 'facility-returns', '{"campusCode": "C1", "schoolCode": "38554534", "schoolYear": "2025-2026"}', 'FA-003', '{"ratio": "9.00", "rooms": "9", "classes": "1", "maximum": "2.50", "minimum": "0.50"}', NULL),
	('01a21a44-c0e9-7378-a14e-0a4bdde81ae2', 0, 2, '/studentCode', 0, 'enrollments', '{"entryDate": "2025-09-05", "schoolCode": "38554534", "schoolYear": "2025-2026", "studentCode": "3855434004"}', 'PT-015', '{"key": "3855434004", "resource": "students"}', 'students:3855434004'),
	('01a21a44-c0e9-7378-a14e-0a4bdde81ae2', 1, 2, '/studentCode', 0, 'enrollments', '{"entryDate": "2025-09-05", "schoolCode": "38554534", "schoolYear": "2025-2026", "studentCode": "3855434005"}', 'PT-015', '{"key": "3855434005", "resource": "students"}', 'students:3855434005'),
	('01a21a44-c19d-77c2-bebf-b1e354d6e955', 0, 1, '/citizenId', 0, 'students', '{"studentCode": "3855453999"}', 'ID-006', '{}', NULL),
	('01a21a45-2457-7617-bfec-89b6b90ee79b', 0, 2, '/studentCode', 0, 'students', '{"studentCode": "TAM-000001"}', 'ID-023', '{"value": "TAM-000001"}', NULL),
	('01a21a45-2457-7617-bfec-89b6b90ee79b', 0, 1, '/citizenId', 1, 'students', '{"studentCode": "TAM-000001"}', 'ID-006', '{}', NULL);
INSERT INTO public.submission_schools VALUES
	('01a21a44-c077-75ff-8e18-25df9e3a473d', '38554534'),
	('01a21a44-c077-75ff-8e18-25df9e3a473d', '22554433'),
	('01a21a44-c0e9-7378-a14e-0a4bdde81ae2', '38554534'),
	('01a21a44-c122-75fd-992b-fdd32f7f8c92', '38554534'),
	('01a21a44-c15a-75c5-83a2-687e24386558', '38554534'),
	('01a21a44-c176-73aa-917d-7d0098ebf4f7', '38554534'),
	('01a21a44-c19d-77c2-bebf-b1e354d6e955', '38554534'),
	('01a21a45-2457-7617-bfec-89b6b90ee79b', '22554433');
INSERT INTO public.submissions VALUES
	('01a21a44-c0e9-7378-a14e-0a4bdde81ae2', '01a21a44-bf13-70d6-bf1e-b423720e9d98', 'completed', 'accepted', 'commit', 'record', 'park', false, NULL, 'commit|record|park|Lines', '2026-11-26 23:50:43.183214+00', '2026-11-26 23:50:43.221159+00', 411, '9ec1290f208f936df24e9616576d25a5e86e386076845d0200a377f72e45f699', 2, false, 0, '{"total": {"parked": 2, "created": 0, "deleted": 0, "updated": 0, "received": 2, "rejected": 0, "warnings": 0, "unchanged": 0}, "byResource": {"enrollments": {"parked": 2, "created": 0, "deleted": 0, "updated": 0, "received": 2, "rejected": 0, "warnings": 0, "unchanged": 0}}}', false, '01a21a44-b5aa-7641-b9a1-5e9393e67f38', NULL, '[[1, {"index": 0, "ordinal": 0, "pointer": "/studentCode", "severity": 2}], [1, {"index": 1, "ordinal": 0, "pointer": "/studentCode", "severity": 2}]]'),
	('01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', 'completed', 'accepted', 'commit', 'record', 'park', false, NULL, 'commit|record|park|Lines', '2026-11-26 23:50:43.064709+00', '2026-11-26 23:50:43.157641+00', 26816, '1bdb1fa5e26e3f28ca56035d15e8d7ed1582510dd52328378bf60bb0fed09d23', 53, false, 0, '{"total": {"parked": 0, "created": 53, "deleted": 0, "updated": 0, "received": 53, "rejected": 0, "warnings": 2, "unchanged": 0}, "byResource": {"staff": {"parked": 0, "created": 5, "deleted": 0, "updated": 0, "received": 5, "rejected": 0, "warnings": 0, "unchanged": 0}, "classes": {"parked": 0, "created": 2, "deleted": 0, "updated": 0, "received": 2, "rejected": 0, "warnings": 0, "unchanged": 0}, "schools": {"parked": 0, "created": 2, "deleted": 0, "updated": 0, "received": 2, "rejected": 0, "warnings": 0, "unchanged": 0}, "campuses": {"parked": 0, "created": 2, "deleted": 0, "updated": 0, "received": 2, "rejected": 0, "warnings": 0, "unchanged": 0}, "diplomas": {"parked": 0, "created": 2, "deleted": 0, "updated": 0, "received": 2, "rejected": 0, "warnings": 0, "unchanged": 0}, "students": {"parked": 0, "created": 6, "deleted": 0, "updated": 0, "received": 6, "rejected": 0, "warnings": 0, "unchanged": 0}, "enrollments": {"parked": 0, "created": 6, "deleted": 0, "updated": 0, "received": 6, "rejected": 0, "warnings": 0, "unchanged": 0}, "subject-results": {"parked": 0, "created": 18, "deleted": 0, "updated": 0, "received": 18, "rejected": 0, "warnings": 0, "unchanged": 0}, "academic-records": {"parked": 0, "created": 2, "deleted": 0, "updated": 0, "received": 2, "rejected": 0, "warnings": 0, "unchanged": 0}, "facility-returns": {"parked": 0, "created": 2, "deleted": 0, "updated": 0, "received": 2, "rejected": 0, "warnings": 2, "unchanged": 0}, "teaching-assignments": {"parked": 0, "created": 6, "deleted": 0, "updated": 0, "received": 6, "rejected": 0, "warnings": 0, "unchanged": 0}}}', false, '01a21a44-b5aa-7641-b9a1-5e9393e67f38', NULL, '[[2, {"index": 27, "ordinal": 0, "pointer": "/rooms", "severity": 1}]]'),
	('01a21a44-c122-75fd-992b-fdd32f7f8c92', '01a21a44-bf13-70d6-bf1e-b423720e9d98', 'completed', 'accepted', 'commit', 'record', 'park', false, NULL, 'commit|record|park|Lines', '2026-11-26 23:50:43.234942+00', '2026-11-26 23:50:43.260998+00', 1373, 'e602ae7ce71cbbfd7b6f3cb19f38df592232e3938bfd8f3d28cd0bbf507026ac', 4, false, 0, '{"total": {"parked": 0, "created": 0, "deleted": 0, "updated": 4, "received": 4, "rejected": 0, "warnings": 0, "unchanged": 0}, "byResource": {"subject-results": {"parked": 0, "created": 0, "deleted": 0, "updated": 4, "received": 4, "rejected": 0, "warnings": 0, "unchanged": 0}}}', false, '01a21a44-b5aa-7641-b9a1-5e9393e67f38', NULL, '[]'),
	('01a21a44-c15a-75c5-83a2-687e24386558', '01a21a44-bf13-70d6-bf1e-b423720e9d98', 'completed', 'accepted', 'commit', 'record', 'park', false, NULL, 'commit|record|park|Lines', '2026-11-26 23:50:43.290717+00', '2026-11-26 23:50:43.309288+00', 679, 'f9a0a9be9164bff6ae7eee04961ed7e4e6a272ad0f33bb9d2cc2ef0fbd0346a4', 2, false, 0, '{"total": {"parked": 0, "created": 0, "deleted": 2, "updated": 0, "received": 2, "rejected": 0, "warnings": 0, "unchanged": 0}, "byResource": {"subject-results": {"parked": 0, "created": 0, "deleted": 2, "updated": 0, "received": 2, "rejected": 0, "warnings": 0, "unchanged": 0}}}', false, '01a21a44-b5aa-7641-b9a1-5e9393e67f38', NULL, '[]'),
	('01a21a44-c176-73aa-917d-7d0098ebf4f7', '01a21a44-bf13-70d6-bf1e-b423720e9d98', 'completed', 'accepted', 'commit', 'record', 'park', false, NULL, 'commit|record|park|Lines', '2026-11-26 23:50:43.319174+00', '2026-11-26 23:50:43.345733+00', 317, 'b29d77f6b5f8016f5a2a091c5b8a1965e535ef088e3f334e0184de0c7fd09e16', 1, false, 0, '{"total": {"parked": 0, "created": 1, "deleted": 0, "updated": 0, "received": 1, "rejected": 0, "warnings": 0, "unchanged": 0}, "byResource": {"subject-results": {"parked": 0, "created": 1, "deleted": 0, "updated": 0, "received": 1, "rejected": 0, "warnings": 0, "unchanged": 0}}}', false, '01a21a44-b5aa-7641-b9a1-5e9393e67f38', NULL, '[]'),
	('01a21a44-c19d-77c2-bebf-b1e354d6e955', '01a21a44-bf13-70d6-bf1e-b423720e9d98', 'completed', 'accepted', 'commit', 'record', 'park', false, NULL, 'commit|record|park|Lines', '2026-11-26 23:50:43.361294+00', '2026-11-26 23:50:43.385931+00', 1075, '0962785ba211bb2fe80479baaed1be2927440af522ea5455caff83ca88db89e3', 1, false, 0, '{"total": {"parked": 0, "created": 1, "deleted": 0, "updated": 0, "received": 1, "rejected": 0, "warnings": 1, "unchanged": 0}, "byResource": {"students": {"parked": 0, "created": 1, "deleted": 0, "updated": 0, "received": 1, "rejected": 0, "warnings": 1, "unchanged": 0}}}', false, '01a21a44-b5aa-7641-b9a1-5e9393e67f38', NULL, '[[1, {"index": 0, "ordinal": 0, "pointer": "/citizenId", "severity": 1}]]'),
	('01a21a45-2457-7617-bfec-89b6b90ee79b', '01a21a44-bf13-70d6-bf1e-b423720e9d98', 'completed', 'accepted', 'commit', 'record', 'park', false, NULL, 'commit|record|park|Lines', '2026-11-26 23:51:08.632487+00', '2026-11-26 23:51:08.653948+00', 1095, '272138884c68b53a10912a3bcc7367d19ad42e341800a15da57da42db322a4df', 1, false, 0, '{"total": {"parked": 0, "created": 1, "deleted": 0, "updated": 0, "received": 1, "rejected": 0, "warnings": 1, "unchanged": 0}, "byResource": {"students": {"parked": 0, "created": 1, "deleted": 0, "updated": 0, "received": 1, "rejected": 0, "warnings": 1, "unchanged": 0}}}', false, '01a21a44-b5aa-7641-b9a1-5e9393e67f38', NULL, '[[1, {"index": 0, "ordinal": 1, "pointer": "/citizenId", "severity": 1}], [1, {"index": 0, "ordinal": 0, "pointer": "/studentCode", "severity": 2}]]');
INSERT INTO public.teaching_assignments VALUES
	('22554433', '2025-2026', '1', '1A', 'TIENGVIET', '2255433003', 'main', 12.00, '2025-09-05', '2026-01-16', 1096224089874294935, -4911525671588102994, 1, 80001, '2026-11-26 23:50:43.128313+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1165'),
	('22554433', '2025-2026', '1', '1A', 'TOAN', '2255433003', 'main', 3.00, '2025-09-05', '2026-01-16', 2978743878269726316, -7731860182082953128, 1, 80002, '2026-11-26 23:50:43.128313+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1165'),
	('22554433', '2025-2026', '1', '1A', 'DAODUC', '2255433003', 'main', 1.00, '2025-09-05', '2026-01-16', -348626659637310411, 6579898726859566169, 1, 80003, '2026-11-26 23:50:43.128313+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1165'),
	('38554534', '2025-2026', '1', '6/1', 'NGUVAN', '3855434003', 'main', 4.00, '2025-09-05', '2026-01-16', -7419091863703615609, -1441058782271429452, 1, 80004, '2026-11-26 23:50:43.128313+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1165'),
	('38554534', '2025-2026', '1', '6/1', 'TOAN', '3855434004', 'main', 4.00, '2025-09-05', '2026-01-16', -6457061149536952289, 5870049512920656412, 1, 80005, '2026-11-26 23:50:43.128313+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1165'),
	('38554534', '2025-2026', '1', '6/1', 'NN1', '3855434005', 'main', 3.00, '2025-09-05', '2026-01-16', 9134114370705287577, 4616748861085888944, 1, 80006, '2026-11-26 23:50:43.128313+00', '01a21a44-c077-75ff-8e18-25df9e3a473d', '01a21a44-bf13-70d6-bf1e-b423720e9d98', '1165');
SELECT pg_catalog.setval('public.administrative_units_id_seq', 1, false);
SELECT pg_catalog.setval('public.audit_log_id_seq', 2, true);
SELECT pg_catalog.setval('public.change_block', 21, true);
SELECT pg_catalog.setval('public.client_crosswalks_id_seq', 1, false);
SELECT pg_catalog.setval('public.code_list_values_id_seq', 1, false);
SELECT pg_catalog.setval('public.findings_due_id_seq', 23, true);
ALTER TABLE ONLY public.__diesel_schema_migrations
    ADD CONSTRAINT __diesel_schema_migrations_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.academic_records
    ADD CONSTRAINT academic_records_pkey PRIMARY KEY (school_code, school_year, period, student_code);
ALTER TABLE ONLY public.access_version
    ADD CONSTRAINT access_version_pkey PRIMARY KEY (single);
ALTER TABLE ONLY public.administrative_successions
    ADD CONSTRAINT administrative_successions_pkey PRIMARY KEY (ended_on, code, successor);
ALTER TABLE ONLY public.administrative_units
    ADD CONSTRAINT administrative_units_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.campuses
    ADD CONSTRAINT campuses_pkey PRIMARY KEY (school_code, campus_code);
ALTER TABLE ONLY public.classes
    ADD CONSTRAINT classes_pkey PRIMARY KEY (school_code, school_year, class_code);
ALTER TABLE ONLY public.client_crosswalks
    ADD CONSTRAINT client_crosswalks_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.client_grants
    ADD CONSTRAINT client_grants_pkey PRIMARY KEY (client_id, kind, code);
ALTER TABLE ONLY public.clients
    ADD CONSTRAINT clients_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.code_aliases
    ADD CONSTRAINT code_aliases_pkey PRIMARY KEY (resource, old_code);
ALTER TABLE ONLY public.code_list_values
    ADD CONSTRAINT code_list_values_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.diplomas
    ADD CONSTRAINT diplomas_pkey PRIMARY KEY (diploma_number);
ALTER TABLE ONLY public.enrollments
    ADD CONSTRAINT enrollments_pkey PRIMARY KEY (school_code, school_year, student_code, entry_date);
ALTER TABLE ONLY public.facility_returns
    ADD CONSTRAINT facility_returns_pkey PRIMARY KEY (school_code, school_year, campus_code);
ALTER TABLE ONLY public.findings_due
    ADD CONSTRAINT findings_due_pkey PRIMARY KEY (school_code, id);
ALTER TABLE ONLY public.findings
    ADD CONSTRAINT findings_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.findings_rounds
    ADD CONSTRAINT findings_rounds_pkey PRIMARY KEY (single);
ALTER TABLE ONLY public.history
    ADD CONSTRAINT history_pkey PRIMARY KEY (resource, key, version);
ALTER TABLE ONLY public.parked_records
    ADD CONSTRAINT parked_records_pkey PRIMARY KEY (submission_id, index);
ALTER TABLE ONLY public.parked_waits
    ADD CONSTRAINT parked_waits_pkey PRIMARY KEY (submission_id, index, resource, key);
ALTER TABLE ONLY public.reference_version
    ADD CONSTRAINT reference_version_pkey PRIMARY KEY (single);
ALTER TABLE ONLY public.reporting_period_extensions
    ADD CONSTRAINT reporting_period_extensions_pkey PRIMARY KEY (reporting_period_id, school_code);
ALTER TABLE ONLY public.reporting_periods
    ADD CONSTRAINT reporting_periods_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.schools
    ADD CONSTRAINT schools_pkey PRIMARY KEY (school_code);
ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (kid);
ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_citizen_id_unique UNIQUE (citizen_id) DEFERRABLE;
ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (staff_code);
ALTER TABLE ONLY public.students
    ADD CONSTRAINT students_citizen_id_unique UNIQUE (citizen_id) DEFERRABLE;
ALTER TABLE ONLY public.students
    ADD CONSTRAINT students_pkey PRIMARY KEY (student_code);
ALTER TABLE ONLY public.subject_results
    ADD CONSTRAINT subject_results_pkey PRIMARY KEY (school_code, school_year, period, student_code, subject_code);
ALTER TABLE ONLY public.submission_chunks
    ADD CONSTRAINT submission_chunks_pkey PRIMARY KEY (submission_id, number);
ALTER TABLE ONLY public.submission_columns
    ADD CONSTRAINT submission_columns_pkey PRIMARY KEY (submission_id, sheet, pointer);
ALTER TABLE ONLY public.submission_deferred
    ADD CONSTRAINT submission_deferred_pkey PRIMARY KEY (submission_id, index);
ALTER TABLE ONLY public.submission_issues
    ADD CONSTRAINT submission_issues_pkey PRIMARY KEY (submission_id, index, severity, pointer, ordinal);
ALTER TABLE ONLY public.submission_rows
    ADD CONSTRAINT submission_rows_pkey PRIMARY KEY (submission_id, first_index);
ALTER TABLE ONLY public.submission_schools
    ADD CONSTRAINT submission_schools_pkey PRIMARY KEY (submission_id, school_code);
ALTER TABLE ONLY public.submission_sheets
    ADD CONSTRAINT submission_sheets_pkey PRIMARY KEY (submission_id, sheet);
ALTER TABLE ONLY public.submissions
    ADD CONSTRAINT submissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.teaching_assignments
    ADD CONSTRAINT teaching_assignments_pkey PRIMARY KEY (school_code, school_year, term, class_code, subject_code, staff_code);
CREATE INDEX academic_records_feed ON public.academic_records USING btree (xid, change_id);
CREATE INDEX academic_records_student ON public.academic_records USING btree (student_code);
CREATE INDEX administrative_units_code ON public.administrative_units USING btree (code);
CREATE INDEX administrative_units_province ON public.administrative_units USING btree (province);
CREATE INDEX audit_log_at ON public.audit_log USING btree (at);
CREATE INDEX campuses_commune ON public.campuses USING btree (commune_code);
CREATE INDEX campuses_feed ON public.campuses USING btree (xid, change_id);
CREATE INDEX classes_code ON public.classes USING btree (class_code);
CREATE INDEX classes_feed ON public.classes USING btree (xid, change_id);
CREATE INDEX classes_homeroom ON public.classes USING btree (homeroom_staff_code) WHERE (homeroom_staff_code IS NOT NULL);
CREATE INDEX client_crosswalks_client ON public.client_crosswalks USING btree (client_id, list);
CREATE INDEX code_aliases_new ON public.code_aliases USING btree (resource, new_code);
CREATE INDEX code_list_values_list ON public.code_list_values USING btree (list, code);
CREATE INDEX diplomas_citizen ON public.diplomas USING btree (citizen_id) WHERE (citizen_id IS NOT NULL);
CREATE INDEX diplomas_feed ON public.diplomas USING btree (xid, change_id);
CREATE INDEX diplomas_replaced ON public.diplomas USING btree (replaces_diploma_number) WHERE (replaces_diploma_number IS NOT NULL);
CREATE INDEX diplomas_school ON public.diplomas USING btree (school_code);
CREATE INDEX diplomas_student ON public.diplomas USING btree (student_code) WHERE (student_code IS NOT NULL);
CREATE INDEX enrollments_class ON public.enrollments USING btree (school_code, school_year, class_code);
CREATE INDEX enrollments_feed ON public.enrollments USING btree (xid, change_id);
CREATE INDEX enrollments_student ON public.enrollments USING btree (student_code);
CREATE INDEX facility_returns_feed ON public.facility_returns USING btree (xid, change_id);
CREATE INDEX findings_cause ON public.findings USING btree (code, cause) WHERE ((cause IS NOT NULL) AND (standing OR (decision = 'distinct'::text)));
CREATE INDEX findings_changed ON public.findings USING btree (changed_at);
CREATE INDEX findings_newest ON public.findings USING btree (opened_at DESC, id DESC);
CREATE INDEX findings_of_school ON public.findings USING btree (school_code, opened_at DESC, id DESC);
CREATE INDEX findings_open ON public.findings USING btree (code) WHERE (closed_at IS NULL);
CREATE INDEX findings_others ON public.findings USING gin (others) WHERE (standing AND (others <> '{}'::text[]));
CREATE UNIQUE INDEX findings_subject ON public.findings USING btree (school_code, code, subject) WHERE (standing OR (decision = 'distinct'::text));
CREATE INDEX history_deletions ON public.history USING btree (resource) WHERE (operation = 'delete'::text);
CREATE INDEX history_feed ON public.history USING btree (xid, change_id);
CREATE INDEX parked_records_expiry ON public.parked_records USING btree (expires_at);
CREATE INDEX parked_records_key ON public.parked_records USING btree (resource, key);
CREATE INDEX parked_records_ready ON public.parked_records USING btree (level, parked_at, submission_id, index) WHERE ready;
CREATE INDEX parked_waits_parent ON public.parked_waits USING btree (resource, key);
CREATE INDEX schools_commune ON public.schools USING btree (commune_code);
CREATE INDEX schools_feed ON public.schools USING btree (xid, change_id);
CREATE INDEX schools_successor ON public.schools USING btree (successor_code) WHERE (successor_code IS NOT NULL);
CREATE INDEX staff_email ON public.staff USING btree (lower(email)) WHERE (email IS NOT NULL);
CREATE INDEX staff_feed ON public.staff USING btree (xid, change_id);
CREATE INDEX staff_school ON public.staff USING btree (school_code);
CREATE INDEX staff_seconded ON public.staff USING btree (seconded_to_school_code) WHERE (seconded_to_school_code IS NOT NULL);
CREATE INDEX students_citizen ON public.students USING btree (citizen_id) WHERE (citizen_id IS NOT NULL);
CREATE INDEX students_feed ON public.students USING btree (xid, change_id);
CREATE INDEX students_likeness ON public.students USING btree (birth_date, public.unaccent_fold(full_name));
CREATE INDEX students_school ON public.students USING btree (school_code);
CREATE INDEX subject_results_feed ON public.subject_results USING btree (xid, change_id);
CREATE INDEX subject_results_staff ON public.subject_results USING btree (staff_code) WHERE (staff_code IS NOT NULL);
CREATE INDEX subject_results_student ON public.subject_results USING btree (student_code);
CREATE INDEX submission_schools_school ON public.submission_schools USING btree (school_code, submission_id);
CREATE UNIQUE INDEX submissions_idempotency ON public.submissions USING btree (client_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE INDEX submissions_newest ON public.submissions USING btree (received_at DESC, id DESC);
CREATE INDEX submissions_of_client ON public.submissions USING btree (client_id, received_at DESC, id DESC);
CREATE INDEX submissions_open ON public.submissions USING btree (received_at) WHERE (status = ANY (ARRAY['receiving'::text, 'queued'::text, 'processing'::text]));
CREATE INDEX teaching_assignments_feed ON public.teaching_assignments USING btree (xid, change_id);
CREATE INDEX teaching_assignments_staff ON public.teaching_assignments USING btree (staff_code);
ALTER TABLE ONLY public.client_crosswalks
    ADD CONSTRAINT client_crosswalks_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.client_grants
    ADD CONSTRAINT client_grants_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.parked_records
    ADD CONSTRAINT parked_records_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES public.submissions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.parked_waits
    ADD CONSTRAINT parked_waits_submission_id_index_fkey FOREIGN KEY (submission_id, index) REFERENCES public.parked_records(submission_id, index) ON DELETE CASCADE;
ALTER TABLE ONLY public.reporting_period_extensions
    ADD CONSTRAINT reporting_period_extensions_reporting_period_id_fkey FOREIGN KEY (reporting_period_id) REFERENCES public.reporting_periods(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.submission_chunks
    ADD CONSTRAINT submission_chunks_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES public.submissions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.submission_columns
    ADD CONSTRAINT submission_columns_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES public.submissions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.submission_deferred
    ADD CONSTRAINT submission_deferred_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES public.submissions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.submission_issues
    ADD CONSTRAINT submission_issues_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES public.submissions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.submission_rows
    ADD CONSTRAINT submission_rows_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES public.submissions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.submission_schools
    ADD CONSTRAINT submission_schools_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES public.submissions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.submission_sheets
    ADD CONSTRAINT submission_sheets_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES public.submissions(id) ON DELETE CASCADE;
