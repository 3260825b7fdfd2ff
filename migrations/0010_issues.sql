-- Trouble is reported and climbs until somebody acts. `request.issues` is the highest number ever given: where it is 0,
-- nothing is read from `issue`.
ALTER TABLE request ADD COLUMN issues BIGINT NOT NULL DEFAULT 0;
-- The issue that an obligation is about.
ALTER TABLE obligation ADD COLUMN issue BIGINT;

-- F6 and F7. What was said on the way is JSON: nobody queries inside.
CREATE TABLE issue (
    request      TEXT NOT NULL REFERENCES request (id),
    number       BIGINT NOT NULL,
    task         BIGINT,
    topic        TEXT NOT NULL,
    severity     TEXT NOT NULL,
    description  TEXT NOT NULL,
    scope        TEXT NOT NULL,
    happened_at  BIGINT NOT NULL,
    fix_by       BIGINT,
    department   TEXT NOT NULL,
    reporter     TEXT NOT NULL,
    reported_at  BIGINT NOT NULL,
    late         BOOLEAN NOT NULL,
    state        TEXT NOT NULL,
    responded_by TEXT,
    responded_at BIGINT,
    coordination TEXT,
    solution     TEXT,
    resolver     TEXT,
    updates      TEXT NOT NULL,
    resolution   TEXT,
    resolved_by  TEXT,
    resolved_at  BIGINT,
    closed_by    TEXT,
    closed_at    BIGINT,
    reopened     TEXT NOT NULL,
    also         TEXT NOT NULL,
    reports      BIGINT NOT NULL,
    heard_at     BIGINT NOT NULL,
    moves        TEXT NOT NULL,
    PRIMARY KEY (request, number)
);
-- Lists of what is open, and who may see a request by an issue.
CREATE INDEX issue_open ON issue (reported_at) WHERE state <> 'closed';
CREATE INDEX issue_of_department ON issue (department);
CREATE INDEX issue_of_reporter ON issue (reporter);
CREATE INDEX issue_of_resolver ON issue (resolver) WHERE resolver IS NOT NULL;
