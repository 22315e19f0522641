-- The list of pupils is asked for all day: what it filters and counts by stands in the student's own row.

-- When the link that holds was made. Kept by the triggers below, whichever write makes or ends a link, and when the
-- account goes: `student_links` stays the only place where links are written.
ALTER TABLE students ADD COLUMN linked_at BIGINT;

UPDATE students
SET linked_at = (SELECT l.linked_at FROM student_links l WHERE l.student_id = students.id AND l.ended_at IS NULL);

CREATE FUNCTION student_linked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE students SET linked_at = NEW.linked_at WHERE id = NEW.student_id;
    RETURN NULL;
END
$$;

CREATE FUNCTION student_unlinked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE students SET linked_at = NULL WHERE id = OLD.student_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER student_links_made AFTER INSERT ON student_links
FOR EACH ROW WHEN (NEW.ended_at IS NULL) EXECUTE FUNCTION student_linked();

CREATE TRIGGER student_links_ended AFTER UPDATE OF ended_at ON student_links
FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION student_unlinked();

CREATE TRIGGER student_links_gone AFTER DELETE ON student_links
FOR EACH ROW WHEN (OLD.ended_at IS NULL) EXECUTE FUNCTION student_unlinked();

-- Pages in the order of names read no more students than they show. The start of the name is enough to order by, and a
-- name as long as a book still fits in the index.
CREATE INDEX students_listed ON students (organization_id, left(sort_key, 200)) WHERE left_on IS NULL;
