-- A confirmed request is broken into tasks. `request.tasks` is the highest number ever given: where it is 0, nothing is
-- read from `task`.
ALTER TABLE request ADD COLUMN tasks BIGINT NOT NULL DEFAULT 0;
-- The task that an obligation is about.
ALTER TABLE obligation ADD COLUMN task BIGINT;

-- F2. Departments, predecessors and the last report are JSON: nobody queries inside.
CREATE TABLE task (
    request      TEXT NOT NULL REFERENCES request (id),
    number       BIGINT NOT NULL,
    name         TEXT NOT NULL,
    lead         TEXT NOT NULL,
    supporting   TEXT NOT NULL,
    deciding     TEXT,
    owner        TEXT NOT NULL,
    start_day    TEXT NOT NULL,
    start_offset BIGINT,
    finish_day   TEXT NOT NULL,
    finish_offset BIGINT,
    deliverable  TEXT NOT NULL,
    standard     TEXT NOT NULL,
    after_tasks  TEXT NOT NULL,
    milestone    BOOLEAN NOT NULL,
    state        TEXT NOT NULL,
    percent      BIGINT NOT NULL,
    started_at   BIGINT,
    finished_at  BIGINT,
    proposal     TEXT,
    report       TEXT,
    asked_on     TEXT,
    misses       BIGINT NOT NULL,
    signed       TEXT,
    PRIMARY KEY (request, number)
);
-- The daily round: tasks in progress that it has not looked at today.
CREATE INDEX task_doing ON task (asked_on, request) WHERE state = 'doing';
CREATE INDEX task_of_owner ON task (owner) WHERE state = 'doing';

-- F5: every report that was given; of one day the last one counts.
CREATE TABLE progress (
    request      TEXT NOT NULL REFERENCES request (id),
    task         BIGINT NOT NULL,
    day          TEXT NOT NULL,
    reported_by  TEXT NOT NULL,
    at           BIGINT NOT NULL,
    percent      BIGINT NOT NULL,
    done         TEXT NOT NULL,
    why_not      TEXT NOT NULL,
    next_step    TEXT NOT NULL,
    risk         TEXT NOT NULL,
    PRIMARY KEY (request, task, day)
);

-- Who was sent the card of the daily round last, and for which day: one card a person and day.
CREATE TABLE nudge (
    person       TEXT PRIMARY KEY,
    day          TEXT NOT NULL
);
CREATE INDEX obligation_reports ON obligation (debtor) WHERE kind = 'report_progress' AND closed_at IS NULL;
