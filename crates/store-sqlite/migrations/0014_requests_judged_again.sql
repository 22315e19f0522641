-- Requests are judged each time they are looked at: what the evidence said when they were asked is no longer read.
-- `linking_request_candidates` stays for the version before this one, which still reads and writes it: the next release
-- drops it.

-- Which students a waiting request names, for the list of pupils and its counts.
CREATE TABLE linking_request_students (
    request_id BLOB NOT NULL REFERENCES linking_requests (id) ON DELETE CASCADE,
    student_id BLOB NOT NULL REFERENCES students (id) ON DELETE CASCADE,
    PRIMARY KEY (request_id, student_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX linking_request_students_student ON linking_request_students (student_id);

INSERT INTO linking_request_students (request_id, student_id)
SELECT request_id, student_id FROM linking_request_candidates;

-- The roster's revision that those students were judged on. Null: by the version before, or never.
ALTER TABLE linking_requests ADD COLUMN judged_on INTEGER;

-- Whether the evidence designated a student exactly when it was asked. Where nobody can tell any more, it did: coming
-- back then links nobody.
ALTER TABLE linking_requests ADD COLUMN exact_when_asked INTEGER NOT NULL DEFAULT 1 CHECK (exact_when_asked IN (0, 1));

UPDATE linking_requests
SET exact_when_asked = EXISTS (
    SELECT 1 FROM linking_request_candidates c
    WHERE c.request_id = linking_requests.id AND json_extract(c.near, '$.reason') = 'same_names'
        AND json_extract(c.near, '$.already_linked') = 0
);

-- No request of an account waits in a school where it is linked.
UPDATE linking_requests
SET state = 'overtaken', revision = revision + 1, settled_at = (
    SELECT l.linked_at FROM student_links l
    WHERE l.organization_id = linking_requests.organization_id AND l.pupil_id = linking_requests.pupil_id
        AND l.ended_at IS NULL
)
WHERE state = 'pending' AND EXISTS (
    SELECT 1 FROM student_links l
    WHERE l.organization_id = linking_requests.organization_id AND l.pupil_id = linking_requests.pupil_id
        AND l.ended_at IS NULL
);
