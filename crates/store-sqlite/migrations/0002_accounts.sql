-- Adults' accounts and what hangs on them: links, sessions, acceptances of terms; and counted tries.

CREATE TABLE accounts (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    email TEXT NOT NULL,
    -- What two addresses are compared by.
    email_key TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    email_confirmed_at INTEGER,
    created_at INTEGER NOT NULL,
    revision INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX accounts_email ON accounts (email_key);

CREATE TABLE account_links (
    token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('reset_password', 'confirm_email')),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A new link replaces the former one of its purpose.
CREATE UNIQUE INDEX account_links_current ON account_links (account_id, purpose);

CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    token_hash BLOB NOT NULL CHECK (length(token_hash) = 32),
    -- An account, or a pupil.
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('account', 'pupil')),
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    opened_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_subject ON sessions (subject_kind, subject_id);
CREATE INDEX sessions_ends ON sessions (ends_at);

CREATE TABLE terms_acceptances (
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('account', 'space')),
    version TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, kind, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE throttled_tries (
    key BLOB NOT NULL CHECK (length(key) = 32),
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX throttled_tries_key ON throttled_tries (key, at);
CREATE INDEX throttled_tries_at ON throttled_tries (at);
