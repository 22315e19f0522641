-- Requests are judged each time they are looked at: what the evidence said when they were asked is no longer read.
-- `linking_request_candidates` stays for the version before this one, which still reads and writes it: the next release
-- drops it.

-- Which students a waiting request names, for the list of pupils and its counts.
CREATE TABLE linking_request_students (
    request_id UUID NOT NULL REFERENCES linking_requests (id) ON DELETE CASCADE,
    student_id UUID NOT NULL REFERENCES students (id) ON DELETE CASCADE,
    PRIMARY KEY (request_id, student_id)
);

CREATE INDEX linking_request_students_student ON linking_request_students (student_id);

INSERT INTO linking_request_students (request_id, student_id)
SELECT request_id, student_id FROM linking_request_candidates;

-- The roster's revision that those students were judged on. Null: by the version before, or never.
ALTER TABLE linking_requests ADD COLUMN judged_on BIGINT;

-- Whether the evidence designated a student exactly when it was asked. Where nobody can tell any more, it did: coming
-- back then links nobody.
ALTER TABLE linking_requests ADD COLUMN exact_when_asked BOOLEAN NOT NULL DEFAULT TRUE;

UPDATE linking_requests
SET exact_when_asked = EXISTS (
    SELECT 1 FROM linking_request_candidates c
    WHERE c.request_id = linking_requests.id AND c.near::jsonb ->> 'reason' = 'same_names'
        AND c.near::jsonb ->> 'already_linked' = 'false'
);

-- No request of an account waits in a school where it is linked.
UPDATE linking_requests
SET state = 'overtaken', revision = linking_requests.revision + 1, settled_at = l.linked_at
FROM student_links l
WHERE linking_requests.state = 'pending' AND l.organization_id = linking_requests.organization_id
    AND l.pupil_id = linking_requests.pupil_id AND l.ended_at IS NULL;
