-- 改进项: what is to be better next time. `request.improvements` is the highest number ever given: where it is 0, nothing is
-- read from `improvement`.
ALTER TABLE request ADD COLUMN improvements BIGINT NOT NULL DEFAULT 0;
-- The improvement item that an obligation is about.
ALTER TABLE obligation ADD COLUMN improvement BIGINT;

-- The last four columns are filled once it is done; `on_behalf_of` only where somebody stood in.
CREATE TABLE improvement (
    request      TEXT NOT NULL REFERENCES request (id),
    number       BIGINT NOT NULL,
    subject      TEXT NOT NULL,
    owner        TEXT NOT NULL,
    due          TEXT NOT NULL,
    issue        BIGINT,
    set_by       TEXT NOT NULL,
    set_at       BIGINT NOT NULL,
    obligation   TEXT NOT NULL,
    finished_by  TEXT,
    on_behalf_of TEXT,
    finished_at  BIGINT,
    effect       TEXT,
    PRIMARY KEY (request, number)
);

-- Whoever set one or is to do it may see the request.
CREATE INDEX improvement_owner ON improvement (owner);
CREATE INDEX improvement_setter ON improvement (set_by);
