-- Pupils' sign-ins begun, which an answer of the federation must name.

CREATE TABLE begun_sign_ins (
    -- The request's id, exact.
    request TEXT PRIMARY KEY,
    -- The hash of the cookie of the browser that left, and of the session it had.
    browser BYTEA NOT NULL CHECK (length(browser) = 32),
    replaces BYTEA CHECK (length(replaces) = 32),
    until BIGINT NOT NULL
);

CREATE INDEX begun_sign_ins_until ON begun_sign_ins (until);
