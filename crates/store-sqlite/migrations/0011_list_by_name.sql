-- What pupils are sorted by has 200 characters of each name at most, as on PostgreSQL.
UPDATE students
SET sort_key = substr(sort_key, 1, min(200, instr(sort_key, char(9)) - 1)) || char(9)
    || substr(sort_key, instr(sort_key, char(9)) + 1, 200)
WHERE instr(sort_key, char(9)) > 201 OR length(sort_key) - instr(sort_key, char(9)) > 200;
