-- How many of an import's attempts the database cut short: they are not held against its file.
ALTER TABLE imports ADD COLUMN excused BIGINT NOT NULL DEFAULT 0;
