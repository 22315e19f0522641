-- The list of pupils is asked for all day: what it filters and counts by stands in the student's own row.

-- When the link that holds was made. Kept by the triggers below, whichever write makes or ends a link, and when the
-- account goes: `student_links` stays the only place where links are written.
ALTER TABLE students ADD COLUMN linked_at INTEGER;

UPDATE students
SET linked_at = (SELECT l.linked_at FROM student_links l WHERE l.student_id = students.id AND l.ended_at IS NULL);

CREATE TRIGGER student_links_made AFTER INSERT ON student_links WHEN NEW.ended_at IS NULL
BEGIN
    UPDATE students SET linked_at = NEW.linked_at WHERE id = NEW.student_id;
END;

CREATE TRIGGER student_links_ended AFTER UPDATE OF ended_at ON student_links WHEN NEW.ended_at IS NOT NULL
BEGIN
    UPDATE students SET linked_at = NULL WHERE id = NEW.student_id;
END;

CREATE TRIGGER student_links_gone AFTER DELETE ON student_links WHEN OLD.ended_at IS NULL
BEGIN
    UPDATE students SET linked_at = NULL WHERE id = OLD.student_id;
END;

-- Filters, searches and orders read this alone, then the fifty students of the page; `left_on` is in it for that.
CREATE INDEX students_listed
ON students (organization_id, sort_key, id, search_key, division, birthdate, linked_at, left_on) WHERE left_on IS NULL;
-- It starts with all that this one had.
DROP INDEX students_present;

-- Counts by class read this alone.
CREATE INDEX students_classes ON students (organization_id, division, linked_at, id, left_on) WHERE left_on IS NULL;
