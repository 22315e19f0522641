-- Schools, and what every write leaves beside its change: audit entries and outgoing mails.
--
-- Identifiers are UUIDs in 16 bytes, instants microseconds of UTC since 1970.

-- What this database is for, so that a demo never opens a real one.
CREATE TABLE installation (
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
    purpose TEXT NOT NULL
) STRICT;

CREATE TABLE organizations (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    uai TEXT NOT NULL,
    name TEXT NOT NULL,
    commune TEXT NOT NULL,
    directory_mail TEXT,
    nature TEXT NOT NULL,
    sector TEXT NOT NULL,
    mother_uai TEXT,
    address TEXT,
    address_trust TEXT CHECK (address_trust IN ('trusted', 'to_confirm', 'confirmed')),
    import_policy TEXT NOT NULL CHECK (import_policy IN ('updatable', 'once')),
    imports_allowed INTEGER NOT NULL,
    works_alone_since INTEGER,
    closed_at INTEGER,
    created_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    -- Guard of every change of the team.
    team_revision INTEGER NOT NULL DEFAULT 0,
    CHECK ((address IS NULL) = (address_trust IS NULL))
) STRICT;

CREATE UNIQUE INDEX organizations_uai ON organizations (uai);

CREATE TABLE audit_entries (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('account', 'pupil', 'operator', 'system')),
    actor_id BLOB,
    -- JSON: the action's name and the ids it is about.
    action TEXT NOT NULL,
    CHECK ((actor_id IS NOT NULL) = (actor_kind IN ('account', 'pupil')))
) STRICT;

CREATE INDEX audit_entries_latest ON audit_entries (organization_id, at DESC, id DESC);

CREATE TRIGGER audit_entries_append_only BEFORE UPDATE ON audit_entries
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;

CREATE TABLE outgoing_mails (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    recipient TEXT NOT NULL,
    -- JSON: which notice, and what it says.
    notice TEXT NOT NULL,
    -- Sealed; erased once the mail is sent or has finally failed.
    token BLOB,
    organization_id BLOB REFERENCES organizations (id),
    invitation_id BLOB,
    queued_at INTEGER NOT NULL,
    delivery TEXT NOT NULL DEFAULT 'queued' CHECK (delivery IN ('queued', 'sent', 'failed')),
    settled_at INTEGER,
    failure TEXT,
    CHECK ((settled_at IS NOT NULL) = (delivery <> 'queued')),
    CHECK ((failure IS NOT NULL) = (delivery = 'failed'))
) STRICT;

CREATE INDEX outgoing_mails_queued ON outgoing_mails (queued_at, id) WHERE delivery = 'queued';
CREATE INDEX outgoing_mails_latest ON outgoing_mails (queued_at DESC, id DESC);
