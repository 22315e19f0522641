-- Pupils' sign-ins begun, which an answer of the federation must name.

CREATE TABLE begun_sign_ins (
    -- The request's id, exact.
    request TEXT NOT NULL PRIMARY KEY,
    -- The hash of the cookie of the browser that left, and of the session it had.
    browser BLOB NOT NULL CHECK (length(browser) = 32),
    replaces BLOB CHECK (length(replaces) = 32),
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX begun_sign_ins_until ON begun_sign_ins (until);
