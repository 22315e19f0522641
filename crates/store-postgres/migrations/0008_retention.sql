-- What the daily job of retention needs: its turn, and indexes for what it looks for.

-- A job that one process does each day.
CREATE TABLE daily_jobs (
    name TEXT PRIMARY KEY,
    -- Moves on each time the job is taken, so that whoever held it before holds it no more.
    turn BIGINT NOT NULL,
    held_until BIGINT,
    done_at BIGINT
);

CREATE INDEX students_departed ON students (left_on) WHERE left_on IS NOT NULL AND eleve_id IS NOT NULL;
CREATE INDEX audit_entries_at ON audit_entries (at);
CREATE INDEX pupils_signed_in ON pupils (signed_in_at);
CREATE INDEX outgoing_mails_settled ON outgoing_mails (settled_at) WHERE settled_at IS NOT NULL;
