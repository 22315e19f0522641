-- Pupils' accounts, campaigns, and the links between accounts and students.

CREATE TABLE pupils (
    id UUID PRIMARY KEY,
    -- The GAR's opaque identifier, exact.
    ido TEXT NOT NULL,
    last_name TEXT NOT NULL,
    first_name TEXT NOT NULL,
    -- JSON: texts as the GAR signed them.
    divisions TEXT NOT NULL,
    uais TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    signed_in_at BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE UNIQUE INDEX pupils_ido ON pupils (ido);

-- What can be used once and was: assertions, tickets.
CREATE TABLE spent_proofs (
    key BYTEA NOT NULL CHECK (length(key) = 32),
    until BIGINT NOT NULL
);

CREATE UNIQUE INDEX spent_proofs_key ON spent_proofs (key);
CREATE INDEX spent_proofs_until ON spent_proofs (until);

CREATE TABLE campaigns (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    owner_id UUID NOT NULL REFERENCES accounts (id),
    title TEXT NOT NULL,
    introduction TEXT,
    destination TEXT,
    code TEXT NOT NULL,
    archived_at BIGINT,
    created_at BIGINT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE UNIQUE INDEX campaigns_code ON campaigns (code);
CREATE INDEX campaigns_of_school ON campaigns (organization_id, created_at DESC, id DESC);

-- Which student a participant is, is what the account's link in the school says.
CREATE TABLE participations (
    campaign_id UUID NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    pupil_id UUID NOT NULL REFERENCES pupils (id) ON DELETE CASCADE,
    entered_at BIGINT NOT NULL,
    PRIMARY KEY (campaign_id, pupil_id)
);

CREATE INDEX participations_of_pupil ON participations (pupil_id, entered_at DESC);

CREATE TABLE student_links (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    student_id UUID NOT NULL REFERENCES students (id) ON DELETE CASCADE,
    pupil_id UUID NOT NULL REFERENCES pupils (id) ON DELETE CASCADE,
    linked_at BIGINT NOT NULL,
    -- The account the link was moved from, then.
    moved_from UUID,
    -- An ended link is kept: it is history.
    ended_at BIGINT
);

CREATE UNIQUE INDEX student_links_student ON student_links (student_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX student_links_pupil ON student_links (organization_id, pupil_id) WHERE ended_at IS NULL;
CREATE INDEX student_links_of_student ON student_links (student_id);
CREATE INDEX student_links_of_pupil ON student_links (pupil_id);

CREATE TABLE linking_requests (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    pupil_id UUID NOT NULL REFERENCES pupils (id) ON DELETE CASCADE,
    campaign_id UUID NOT NULL REFERENCES campaigns (id),
    birthdate DATE NOT NULL,
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'refused', 'overtaken')),
    settled_by UUID REFERENCES accounts (id),
    settled_at BIGINT,
    -- Whom an approval linked them to.
    settled_student UUID,
    revision BIGINT NOT NULL,
    CHECK ((settled_at IS NOT NULL) = (state <> 'pending')),
    CHECK ((settled_by IS NOT NULL) = (state IN ('approved', 'refused'))),
    CHECK ((settled_student IS NOT NULL) = (state = 'approved'))
);

CREATE UNIQUE INDEX linking_requests_pending ON linking_requests (organization_id, pupil_id) WHERE state = 'pending';
CREATE INDEX linking_requests_waiting ON linking_requests (organization_id, asked_at, id) WHERE state = 'pending';
CREATE INDEX linking_requests_of_pupil ON linking_requests (pupil_id, organization_id, asked_at DESC);

CREATE TABLE linking_request_candidates (
    request_id UUID NOT NULL REFERENCES linking_requests (id) ON DELETE CASCADE,
    student_id UUID NOT NULL REFERENCES students (id) ON DELETE CASCADE,
    -- From 0, the likeliest first.
    rank BIGINT NOT NULL,
    -- JSON: the student's id, why they are shown, what the names say.
    near TEXT NOT NULL,
    PRIMARY KEY (request_id, student_id)
);

CREATE INDEX linking_request_candidates_student ON linking_request_candidates (student_id);

-- Birth dates tried, never which.
CREATE TABLE pupil_attempts (
    pupil_id UUID NOT NULL REFERENCES pupils (id) ON DELETE CASCADE,
    -- From 1: two at once cannot have the same.
    rank BIGINT NOT NULL,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    missed BOOLEAN NOT NULL,
    at BIGINT NOT NULL
);

CREATE UNIQUE INDEX pupil_attempts_rank ON pupil_attempts (pupil_id, rank);
CREATE INDEX pupil_attempts_of_school ON pupil_attempts (organization_id, at) WHERE missed;
