-- Adults' accounts and what hangs on them: links, sessions, acceptances of terms; and counted tries.

CREATE TABLE accounts (
    id UUID PRIMARY KEY,
    email TEXT NOT NULL,
    -- What two addresses are compared by.
    email_key TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    email_confirmed_at BIGINT,
    created_at BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE UNIQUE INDEX accounts_email ON accounts (email_key);

CREATE TABLE account_links (
    token_hash BYTEA PRIMARY KEY CHECK (length(token_hash) = 32),
    account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('reset_password', 'confirm_email')),
    expires_at BIGINT NOT NULL
);

-- A new link replaces the former one of its purpose.
CREATE UNIQUE INDEX account_links_current ON account_links (account_id, purpose);

CREATE TABLE sessions (
    id UUID PRIMARY KEY,
    token_hash BYTEA NOT NULL CHECK (length(token_hash) = 32),
    -- An account, or a pupil.
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('account', 'pupil')),
    subject_id UUID NOT NULL,
    opened_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_subject ON sessions (subject_kind, subject_id);
CREATE INDEX sessions_ends ON sessions (ends_at);

CREATE TABLE terms_acceptances (
    account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('account', 'space')),
    version TEXT NOT NULL,
    accepted_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, kind, version)
);

CREATE TABLE throttled_tries (
    key BYTEA NOT NULL CHECK (length(key) = 32),
    at BIGINT NOT NULL
);

CREATE INDEX throttled_tries_key ON throttled_tries (key, at);
CREATE INDEX throttled_tries_at ON throttled_tries (at);
