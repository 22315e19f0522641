-- Who is present is asked on a day: a leave whose day has passed counts, whether it was written or not. What lists and
-- counts pupils has that day beside it, so that both still read an index alone.
DROP INDEX students_listed;
CREATE INDEX students_listed ON students (organization_id, sort_key, id) INCLUDE (leaves_on) WHERE left_on IS NULL;

DROP INDEX students_classes;
CREATE INDEX students_classes ON students (organization_id, division) INCLUDE (linked_at, leaves_on)
WHERE left_on IS NULL AND length(division) <= 100;

-- The nightly job looks for leaves to write.
CREATE INDEX students_due_to_leave ON students (leaves_on) WHERE left_on IS NULL AND leaves_on IS NOT NULL;
