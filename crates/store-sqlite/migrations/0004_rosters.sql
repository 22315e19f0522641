-- Rosters, imports as jobs, and the files that are being read.
--
-- `undoable_import_id` is cleared by the first statement of any write that links, unlinks or settles: see the port.
CREATE TABLE rosters (
    organization_id BLOB NOT NULL PRIMARY KEY REFERENCES organizations (id),
    revision INTEGER NOT NULL,
    last_import TEXT,
    undoable_import_id BLOB
) STRICT, WITHOUT ROWID;

CREATE TABLE students (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    -- Null once the pupil is made anonymous.
    eleve_id TEXT,
    ine TEXT,
    last_name TEXT NOT NULL,
    usage_name TEXT,
    first_name TEXT NOT NULL,
    other_first_names TEXT NOT NULL,
    birthdate TEXT NOT NULL,
    sex TEXT CHECK (sex IN ('F', 'M')),
    division TEXT NOT NULL,
    mef TEXT,
    leaves_on TEXT,
    left_on TEXT,
    search_key TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    CHECK (leaves_on IS NULL OR left_on IS NULL)
) STRICT;

CREATE UNIQUE INDEX students_eleve_id ON students (organization_id, eleve_id);
CREATE UNIQUE INDEX students_ine ON students (organization_id, ine);
CREATE INDEX students_present ON students (organization_id, sort_key, id) WHERE left_on IS NULL;
CREATE INDEX students_birthdate ON students (organization_id, birthdate) WHERE left_on IS NULL;

CREATE TABLE imports (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    received_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    lease_until INTEGER,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX imports_one_open ON imports (organization_id)
WHERE state IN ('received', 'checked', 'compared', 'waiting');
CREATE INDEX imports_running ON imports (received_at) WHERE state IN ('received', 'checked', 'compared');
CREATE INDEX imports_history ON imports (organization_id, received_at);

CREATE TABLE import_files (
    import_id BLOB NOT NULL PRIMARY KEY REFERENCES imports (id) ON DELETE CASCADE,
    staged_at INTEGER NOT NULL,
    bytes BLOB,
    reading TEXT,
    CHECK ((bytes IS NULL) <> (reading IS NULL))
) STRICT;

CREATE TABLE import_inverses (
    import_id BLOB NOT NULL PRIMARY KEY REFERENCES imports (id) ON DELETE CASCADE,
    staged_at INTEGER NOT NULL,
    inverse TEXT NOT NULL
) STRICT;

CREATE TABLE import_reports (
    import_id BLOB NOT NULL PRIMARY KEY REFERENCES imports (id) ON DELETE CASCADE,
    written_at INTEGER NOT NULL,
    report TEXT NOT NULL
) STRICT;
