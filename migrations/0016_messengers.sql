-- The messenger that somebody with several accounts wants to be written to on.
ALTER TABLE person ADD COLUMN prefers TEXT;

-- An open obligation as an item on a messenger's own list of things to do, until it is closed there, too.
CREATE TABLE todo (
    obligation TEXT NOT NULL REFERENCES obligation (id),
    debtor     TEXT NOT NULL,
    platform   TEXT NOT NULL,
    owner      TEXT NOT NULL,
    task       TEXT NOT NULL,
    made_at    BIGINT NOT NULL,
    closed_at  BIGINT,
    PRIMARY KEY (obligation, debtor)
);
CREATE INDEX todo_open ON todo (made_at) WHERE closed_at IS NULL;
