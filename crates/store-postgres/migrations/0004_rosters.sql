-- Rosters, imports as jobs, and the files that are being read.
--
-- `undoable_import_id` is cleared by the first statement of any write that links, unlinks or settles: see the port.
CREATE TABLE rosters (
    organization_id UUID PRIMARY KEY REFERENCES organizations (id),
    revision BIGINT NOT NULL,
    last_import TEXT,
    undoable_import_id UUID
);

CREATE TABLE students (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    -- Null once the pupil is made anonymous.
    eleve_id TEXT,
    ine TEXT,
    last_name TEXT NOT NULL,
    usage_name TEXT,
    first_name TEXT NOT NULL,
    other_first_names TEXT NOT NULL,
    birthdate DATE NOT NULL,
    sex TEXT CHECK (sex IN ('F', 'M')),
    division TEXT COLLATE "C" NOT NULL,
    mef TEXT,
    leaves_on DATE,
    left_on DATE,
    search_key TEXT COLLATE "C" NOT NULL,
    sort_key TEXT COLLATE "C" NOT NULL,
    CHECK (leaves_on IS NULL OR left_on IS NULL)
-- Room in each page for what changes all day (links, classes): a school's rows stay together, and no index is written.
) WITH (fillfactor = 85);

CREATE UNIQUE INDEX students_eleve_id ON students (organization_id, eleve_id);
CREATE UNIQUE INDEX students_ine ON students (organization_id, ine);
CREATE INDEX students_birthdate ON students (organization_id, birthdate) WHERE left_on IS NULL;

CREATE TABLE imports (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    received_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    lease_until BIGINT,
    revision BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE UNIQUE INDEX imports_one_open ON imports (organization_id)
WHERE state IN ('received', 'checked', 'compared', 'waiting');
CREATE INDEX imports_running ON imports (received_at) WHERE state IN ('received', 'checked', 'compared');
CREATE INDEX imports_history ON imports (organization_id, received_at);

CREATE TABLE import_files (
    import_id UUID PRIMARY KEY REFERENCES imports (id) ON DELETE CASCADE,
    staged_at BIGINT NOT NULL,
    bytes BYTEA,
    reading TEXT,
    CHECK ((bytes IS NULL) <> (reading IS NULL))
);

CREATE TABLE import_inverses (
    import_id UUID PRIMARY KEY REFERENCES imports (id) ON DELETE CASCADE,
    staged_at BIGINT NOT NULL,
    inverse TEXT NOT NULL
);

CREATE TABLE import_reports (
    import_id UUID PRIMARY KEY REFERENCES imports (id) ON DELETE CASCADE,
    written_at BIGINT NOT NULL,
    report TEXT NOT NULL
);
