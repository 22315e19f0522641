-- Counts by class are on every page of pupils: they read these alone. A link made or ended then writes in each index of
-- the pupil's row, once in a pupil's year, where the counts are read all day.
--
-- A class as long as a book does not fit in an index: few if any have one, and an index of their own finds them.
CREATE INDEX students_classes ON students (organization_id, division) INCLUDE (linked_at)
WHERE left_on IS NULL AND length(division) <= 100;
CREATE INDEX students_long_classes ON students (organization_id)
WHERE left_on IS NULL AND length(division) > 100;
