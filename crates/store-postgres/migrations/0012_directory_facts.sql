-- What the official directory says of a school besides: its ministry, as written, and whether it opens or closes.
ALTER TABLE organizations ADD COLUMN ministry TEXT NOT NULL DEFAULT '';
ALTER TABLE organizations ADD COLUMN directory_state TEXT NOT NULL DEFAULT 'open'
    CHECK (directory_state IN ('open', 'opening', 'closing', 'closed'));
