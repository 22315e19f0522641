-- Which older programs may work beside each migration that follows. Where it may, a migration says so in its own row:
-- INSERT INTO program_levels (migration, lowest) VALUES (its number, the last migration of the oldest such program).
CREATE TABLE program_levels (
    migration BIGINT NOT NULL PRIMARY KEY,
    lowest BIGINT NOT NULL
);
