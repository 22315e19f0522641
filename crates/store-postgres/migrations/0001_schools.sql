-- Schools, and what every write leaves beside its change: audit entries and outgoing mails.
--
-- Instants are microseconds of UTC since 1970. What is sorted by is compared byte by byte (COLLATE "C"), so that orders
-- are the program's, whatever the server's language. JSON is TEXT: the database never looks inside, and it keeps every
-- character that JSON can say.

-- What this database is for, so that a demo never opens a real one.
CREATE TABLE installation (
    only_one SMALLINT PRIMARY KEY CHECK (only_one = 1),
    purpose TEXT NOT NULL
);

CREATE TABLE organizations (
    id UUID PRIMARY KEY,
    uai TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    commune TEXT NOT NULL,
    directory_mail TEXT,
    nature TEXT NOT NULL,
    sector TEXT NOT NULL,
    mother_uai TEXT,
    address TEXT,
    address_trust TEXT CHECK (address_trust IN ('trusted', 'to_confirm', 'confirmed')),
    import_policy TEXT NOT NULL CHECK (import_policy IN ('updatable', 'once')),
    imports_allowed BIGINT NOT NULL,
    works_alone_since BIGINT,
    closed_at BIGINT,
    created_at BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    -- Guard of every change of the team.
    team_revision BIGINT NOT NULL DEFAULT 0,
    CHECK ((address IS NULL) = (address_trust IS NULL))
);

CREATE UNIQUE INDEX organizations_uai ON organizations (uai);

CREATE TABLE audit_entries (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('account', 'pupil', 'operator', 'system')),
    actor_id UUID,
    -- JSON: the action's name and the ids it is about.
    action TEXT NOT NULL,
    CHECK ((actor_id IS NOT NULL) = (actor_kind IN ('account', 'pupil')))
);

CREATE INDEX audit_entries_latest ON audit_entries (organization_id, at DESC, id DESC);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only';
END
$$;

CREATE TRIGGER audit_entries_append_only BEFORE UPDATE ON audit_entries
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE outgoing_mails (
    id UUID PRIMARY KEY,
    recipient TEXT NOT NULL,
    -- JSON: which notice, and what it says.
    notice TEXT NOT NULL,
    -- Sealed; erased once the mail is sent or has finally failed.
    token BYTEA,
    organization_id UUID REFERENCES organizations (id),
    invitation_id UUID,
    queued_at BIGINT NOT NULL,
    delivery TEXT NOT NULL DEFAULT 'queued' CHECK (delivery IN ('queued', 'sent', 'failed')),
    settled_at BIGINT,
    failure TEXT,
    CHECK ((settled_at IS NOT NULL) = (delivery <> 'queued')),
    CHECK ((failure IS NOT NULL) = (delivery = 'failed'))
);

CREATE INDEX outgoing_mails_queued ON outgoing_mails (queued_at, id) WHERE delivery = 'queued';
CREATE INDEX outgoing_mails_latest ON outgoing_mails (queued_at DESC, id DESC);
