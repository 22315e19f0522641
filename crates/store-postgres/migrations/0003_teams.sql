-- Who is in a school's space, and who was invited.

CREATE TABLE invitations (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL CHECK (kind IN ('establishment', 'member')),
    -- A member's only: an establishment's gives the administrator's.
    role TEXT CHECK (role IN ('member', 'administrator')),
    invited_by UUID REFERENCES accounts (id),
    address TEXT NOT NULL,
    -- What two addresses are compared by.
    address_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'cancelled')),
    -- The acceptance may create this account later in the same write.
    accepted_by UUID REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    ended_at BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    CHECK ((role IS NOT NULL) = (kind = 'member')),
    CHECK ((invited_by IS NOT NULL) = (kind = 'member')),
    CHECK ((accepted_by IS NOT NULL) = (state = 'accepted')),
    CHECK ((ended_at IS NOT NULL) = (state <> 'pending'))
);

-- « Je n'ai rien reçu » makes a second establishment link on purpose; a colleague has one pending invitation.
CREATE UNIQUE INDEX invitations_pending_address ON invitations (organization_id, address_key)
WHERE state = 'pending' AND kind = 'member';
CREATE INDEX invitations_of_school ON invitations (organization_id, created_at DESC, id DESC);

CREATE TABLE invitation_links (
    token_hash BYTEA PRIMARY KEY CHECK (length(token_hash) = 32),
    invitation_id UUID NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
    -- From 1: the last is the current one.
    number BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    mail_id UUID NOT NULL REFERENCES outgoing_mails (id)
);

-- Mails go away before invitations do.
CREATE INDEX invitation_links_mail ON invitation_links (mail_id);
CREATE UNIQUE INDEX invitation_links_number ON invitation_links (invitation_id, number);

CREATE TABLE memberships (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    account_id UUID NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL CHECK (role IN ('member', 'administrator')),
    joined_at BIGINT NOT NULL,
    -- The address the invitation was sent to.
    invited_as TEXT,
    -- A removed member keeps the row; they can be invited again.
    ended_at BIGINT
);

CREATE UNIQUE INDEX memberships_present ON memberships (organization_id, account_id) WHERE ended_at IS NULL;
CREATE INDEX memberships_of_account ON memberships (account_id) WHERE ended_at IS NULL;
