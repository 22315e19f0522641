-- Who is in a school's space, and who was invited.

CREATE TABLE invitations (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL CHECK (kind IN ('establishment', 'member')),
    -- A member's only: an establishment's gives the administrator's.
    role TEXT CHECK (role IN ('member', 'administrator')),
    invited_by BLOB REFERENCES accounts (id),
    address TEXT NOT NULL,
    -- What two addresses are compared by.
    address_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'cancelled')),
    -- The acceptance may create this account later in the same write.
    accepted_by BLOB REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
    ended_at INTEGER,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    CHECK ((role IS NOT NULL) = (kind = 'member')),
    CHECK ((invited_by IS NOT NULL) = (kind = 'member')),
    CHECK ((accepted_by IS NOT NULL) = (state = 'accepted')),
    CHECK ((ended_at IS NOT NULL) = (state <> 'pending'))
) STRICT;

-- « Je n'ai rien reçu » makes a second establishment link on purpose; a colleague has one pending invitation.
CREATE UNIQUE INDEX invitations_pending_address ON invitations (organization_id, address_key)
WHERE state = 'pending' AND kind = 'member';
CREATE INDEX invitations_of_school ON invitations (organization_id, created_at DESC, id DESC);

CREATE TABLE invitation_links (
    token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    invitation_id BLOB NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
    -- From 1: the last is the current one.
    number INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    mail_id BLOB NOT NULL REFERENCES outgoing_mails (id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX invitation_links_number ON invitation_links (invitation_id, number);

CREATE TABLE memberships (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL CHECK (role IN ('member', 'administrator')),
    joined_at INTEGER NOT NULL,
    -- The address the invitation was sent to.
    invited_as TEXT,
    -- A removed member keeps the row; they can be invited again.
    ended_at INTEGER
) STRICT;

CREATE UNIQUE INDEX memberships_present ON memberships (organization_id, account_id) WHERE ended_at IS NULL;
CREATE INDEX memberships_of_account ON memberships (account_id) WHERE ended_at IS NULL;
