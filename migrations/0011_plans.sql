-- Decisions and risk plans of a request. Each count is the highest number ever given: where it is 0, nothing is read.
ALTER TABLE request ADD COLUMN decisions BIGINT NOT NULL DEFAULT 0;
ALTER TABLE request ADD COLUMN risk_plans BIGINT NOT NULL DEFAULT 0;
-- The decision that an obligation is about.
ALTER TABLE obligation ADD COLUMN decision BIGINT;

-- F10. Options are a JSON list; `conclusion` and what stands beside it are there once it is decided.
CREATE TABLE decision (
    request      TEXT NOT NULL REFERENCES request (id),
    number       BIGINT NOT NULL,
    subject      TEXT NOT NULL,
    options      TEXT NOT NULL,
    decider      TEXT NOT NULL,
    asked_by     TEXT NOT NULL,
    asked_at     BIGINT NOT NULL,
    working_days BIGINT NOT NULL,
    obligation   TEXT NOT NULL,
    state        TEXT NOT NULL,
    choice       BIGINT,
    conclusion   TEXT,
    reason       TEXT,
    ended_by     TEXT,
    on_behalf_of TEXT,
    ended_at     BIGINT,
    PRIMARY KEY (request, number)
);

-- F8. `watched` says what it looks at: a task's number, 0 for the critical path, NULL where it is fired by hand only.
-- Thresholds (working days late) and what was fired are JSON: nobody queries inside.
CREATE TABLE risk (
    request      TEXT NOT NULL REFERENCES request (id),
    number       BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    description  TEXT NOT NULL,
    likelihood   TEXT NOT NULL,
    impact       TEXT NOT NULL,
    measure      TEXT NOT NULL,
    owner        TEXT NOT NULL,
    superior     TEXT,
    measure_days BIGINT NOT NULL,
    watched      BIGINT,
    thresholds   TEXT NOT NULL,
    state        TEXT NOT NULL,
    planned_by   TEXT NOT NULL,
    planned_at   BIGINT NOT NULL,
    firings      TEXT NOT NULL,
    PRIMARY KEY (request, number)
);

-- Whoever is named in one of them may see the request.
CREATE INDEX decision_decider ON decision (decider);
CREATE INDEX decision_asker ON decision (asked_by);
CREATE INDEX risk_owner ON risk (owner);
CREATE INDEX risk_superior ON risk (superior) WHERE superior IS NOT NULL;
