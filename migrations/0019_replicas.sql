-- What a program has to know at least, to work with the schema as this migration left it: the version of a migration, 0
-- where it only added something. NULL: written before this was noted.
ALTER TABLE schema_migration ADD COLUMN needs BIGINT;

-- What somebody waits for, or has to act on, is found at once among whatever else waits.
CREATE INDEX outbox_first ON outbox (id)
    WHERE state = 'waiting' AND kind IN ('answer', 'asked', 'urged', 'revised', 'issue', 'risk', 'alarm');

-- Who is working on this database now, and how much of the schema each one knows.
CREATE TABLE replica (
    id         TEXT NOT NULL PRIMARY KEY,
    program    TEXT NOT NULL,
    knows      BIGINT NOT NULL,
    place      TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
);
