-- One text for SQLite and PostgreSQL: TEXT ids and enums, BIGINT numbers and instants (milliseconds since the epoch),
-- BOOLEAN flags, civil dates as TEXT `2026-12-01`. JSON stands in TEXT columns only where nobody will ever query inside.

-- What has been claimed: the key of every event and every ladder step, with the answer that it got.
CREATE TABLE inbox (
    key         TEXT PRIMARY KEY,
    claimed_at  BIGINT NOT NULL,
    answer      TEXT
);
CREATE INDEX inbox_by_age ON inbox (claimed_at);

-- Rising numbers by scope (`2026-Q4-SCB`).
CREATE TABLE counter (
    scope       TEXT PRIMARY KEY,
    n           BIGINT NOT NULL
);

-- The directory, as imported last. `version` of `directory_state` rises with every import.
CREATE TABLE directory_state (
    id          BIGINT PRIMARY KEY,
    version     BIGINT NOT NULL,
    company     TEXT NOT NULL,
    digest      TEXT NOT NULL
);
CREATE TABLE department (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    english     TEXT NOT NULL,
    head        TEXT,
    contact     TEXT,
    supervisor  TEXT,
    parent      TEXT
);
CREATE TABLE person (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    department  TEXT NOT NULL,
    also        TEXT NOT NULL,
    title       TEXT NOT NULL,
    phone       TEXT NOT NULL,
    roles       TEXT NOT NULL,
    active      BOOLEAN NOT NULL,
    language    TEXT NOT NULL
);
CREATE TABLE absence (
    person      TEXT NOT NULL REFERENCES person (id),
    n           BIGINT NOT NULL,
    first_day   TEXT NOT NULL,
    last_day    TEXT NOT NULL,
    substitute  TEXT,
    PRIMARY KEY (person, n)
);
CREATE TABLE account (
    platform    TEXT NOT NULL,
    account     TEXT NOT NULL,
    person      TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (platform, account)
);
CREATE TABLE preference (
    person      TEXT PRIMARY KEY,
    language    TEXT,
    quiet       TEXT
);

-- The case file.
CREATE TABLE request (
    id           TEXT PRIMARY KEY,
    version      BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    state        TEXT NOT NULL,
    initiator    TEXT NOT NULL,
    department   TEXT NOT NULL,
    filed_at     BIGINT NOT NULL,
    kind         TEXT,
    title        TEXT NOT NULL,
    background   TEXT NOT NULL,
    goal         TEXT NOT NULL,
    wanted_by    TEXT NOT NULL,
    people       TEXT NOT NULL,
    budget       BIGINT,
    equipment    TEXT NOT NULL,
    risks        TEXT NOT NULL,
    priority     TEXT NOT NULL,
    acceptance   TEXT NOT NULL,
    visibility   TEXT NOT NULL,
    attachments  TEXT NOT NULL,
    opened       BIGINT NOT NULL,
    audit_count  BIGINT NOT NULL,
    audit_head   TEXT NOT NULL
);
CREATE INDEX request_by_state ON request (state, filed_at);
CREATE INDEX request_by_initiator ON request (initiator, filed_at);
CREATE INDEX request_by_department ON request (department, filed_at);
CREATE INDEX request_by_age ON request (filed_at, id);

-- Every content a request ever had: signatures refer to it.
CREATE TABLE request_version (
    request      TEXT NOT NULL REFERENCES request (id),
    revision     BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    digest       TEXT NOT NULL,
    content      TEXT NOT NULL,
    PRIMARY KEY (request, revision)
);

CREATE TABLE approval (
    request      TEXT NOT NULL REFERENCES request (id),
    step         BIGINT NOT NULL,
    office       TEXT NOT NULL,
    decided_by   TEXT,
    on_behalf_of TEXT,
    decided_at   BIGINT,
    approved     BOOLEAN,
    reason       TEXT NOT NULL,
    revision     BIGINT,
    PRIMARY KEY (request, step)
);

CREATE TABLE ask (
    request      TEXT NOT NULL REFERENCES request (id),
    department   TEXT NOT NULL,
    place        BIGINT NOT NULL,
    task         TEXT NOT NULL,
    deliverable  TEXT NOT NULL,
    wanted_by    TEXT,
    resources    TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    state        TEXT NOT NULL,
    round        BIGINT,
    ruled        BOOLEAN NOT NULL,
    signed_by    TEXT,
    on_behalf_of TEXT,
    signed_at    BIGINT,
    signed_revision BIGINT,
    digest       TEXT,
    PRIMARY KEY (request, department)
);
CREATE INDEX ask_by_department ON ask (department, state);

-- Every signature ever given, also those that a later version set aside. Never changed, never deleted.
CREATE TABLE signature (
    request      TEXT NOT NULL REFERENCES request (id),
    department   TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    signed_by    TEXT NOT NULL,
    on_behalf_of TEXT,
    signed_at    BIGINT NOT NULL,
    digest       TEXT NOT NULL,
    PRIMARY KEY (request, department, revision)
);

CREATE TABLE objection (
    request      TEXT NOT NULL REFERENCES request (id),
    number       BIGINT NOT NULL,
    department   TEXT NOT NULL,
    objected_by  TEXT NOT NULL,
    at           BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    reason       TEXT NOT NULL,
    suggestion   TEXT NOT NULL,
    stage        TEXT NOT NULL,
    stage_detail TEXT NOT NULL,
    PRIMARY KEY (request, number)
);

-- What somebody owes. The step to come stands in the same row: there is no timer that could outlive its obligation.
CREATE TABLE obligation (
    id           TEXT PRIMARY KEY,
    request      TEXT NOT NULL REFERENCES request (id),
    kind         TEXT NOT NULL,
    department   TEXT NOT NULL,
    debtor       TEXT NOT NULL,
    instead_of   TEXT,
    opened_at    BIGINT NOT NULL,
    delivered_at BIGINT,
    due_at       BIGINT NOT NULL,
    provisional  BOOLEAN NOT NULL,
    allowed      TEXT NOT NULL,
    ladder       TEXT NOT NULL,
    urgent       BOOLEAN NOT NULL,
    climbed      TEXT,
    urged_at     BIGINT,
    next_step    BIGINT,
    next_due     BIGINT,
    fires_at     BIGINT,
    lease_owner  TEXT,
    lease_until  BIGINT,
    attempts     BIGINT NOT NULL,
    set_aside    TEXT,
    outcome      TEXT,
    closed_at    BIGINT,
    closed_by    TEXT,
    used_ms      BIGINT
);
CREATE INDEX obligation_due ON obligation (fires_at) WHERE fires_at IS NOT NULL AND set_aside IS NULL;
-- For the auditor: counted without reading the rows, and what was lost is found at once.
CREATE INDEX obligation_open ON obligation (due_at) WHERE closed_at IS NULL;
CREATE INDEX obligation_lost ON obligation (id) WHERE closed_at IS NULL AND fires_at IS NULL;
CREATE INDEX obligation_aside ON obligation (id) WHERE set_aside IS NOT NULL;
CREATE INDEX obligation_of_request ON obligation (request) WHERE closed_at IS NULL;
CREATE INDEX obligation_of_debtor ON obligation (debtor, due_at) WHERE closed_at IS NULL;

-- Who urged whom, for the daily cap.
CREATE TABLE urge (
    request      TEXT NOT NULL REFERENCES request (id),
    urged_by     TEXT NOT NULL,
    person       TEXT NOT NULL,
    at           BIGINT NOT NULL
);
CREATE INDEX urge_by_pair ON urge (urged_by, at);

-- What is to be said. A lane is one chat; rows of a lane leave in order of their ids.
CREATE TABLE outbox (
    id           TEXT PRIMARY KEY,
    lane         TEXT NOT NULL,
    request      TEXT,
    notice       TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    not_before   BIGINT NOT NULL,
    retry_at     BIGINT NOT NULL,
    state        TEXT NOT NULL,
    attempts     BIGINT NOT NULL,
    lease_owner  TEXT,
    lease_until  BIGINT,
    finished_at  BIGINT,
    problem      TEXT
);
CREATE INDEX outbox_waiting ON outbox (lane, id) WHERE state = 'waiting';
CREATE INDEX outbox_ready ON outbox (retry_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead';
CREATE INDEX outbox_of_request ON outbox (request);

-- What was said: kept so that cards can be brought up to date, and so that it is known what people really saw.
CREATE TABLE message (
    id           TEXT PRIMARY KEY,
    platform     TEXT NOT NULL,
    chat         TEXT NOT NULL,
    message      TEXT NOT NULL,
    person       TEXT,
    request      TEXT,
    notice       TEXT NOT NULL,
    shown        TEXT NOT NULL,
    summary      TEXT NOT NULL,
    sent_at      BIGINT NOT NULL,
    updated_at   BIGINT
);
CREATE UNIQUE INDEX message_by_platform ON message (platform, chat, message);
CREATE INDEX message_of_request ON message (request, sent_at);

-- The history, hash-chained per subject: `count` and `head` of the chain stand in the subject's own row.
CREATE TABLE audit (
    subject      TEXT NOT NULL,
    n            BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    by_person    TEXT,
    on_behalf_of TEXT,
    what         TEXT NOT NULL,
    params       TEXT NOT NULL,
    digest       TEXT NOT NULL,
    previous     TEXT NOT NULL,
    hash         TEXT NOT NULL,
    PRIMARY KEY (subject, n)
);
CREATE INDEX audit_by_time ON audit (at, subject, n);
-- Chains of subjects that are not requests: `settings`, `directory`, `operations`.
CREATE TABLE audit_head (
    subject      TEXT PRIMARY KEY,
    audit_count  BIGINT NOT NULL,
    audit_head   TEXT NOT NULL
);

-- Half-filled forms: nothing typed is lost.
CREATE TABLE draft (
    person       TEXT NOT NULL,
    form         TEXT NOT NULL,
    request      TEXT NOT NULL,
    saved_at     BIGINT NOT NULL,
    content      TEXT NOT NULL,
    PRIMARY KEY (person, form, request)
);

-- Which group is what: `managers`, `issues`, `project` (of a request).
CREATE TABLE binding (
    what         TEXT NOT NULL,
    request      TEXT NOT NULL,
    platform     TEXT NOT NULL,
    chat         TEXT NOT NULL,
    bound_at     BIGINT NOT NULL,
    bound_by     TEXT,
    PRIMARY KEY (what, request)
);
CREATE INDEX binding_by_chat ON binding (platform, chat);

-- Switches of the service: `sending` = `paused` after a restore, and the like.
CREATE TABLE switch (
    name         TEXT PRIMARY KEY,
    value        TEXT NOT NULL,
    since        BIGINT NOT NULL
);

-- The sandbox's own memory: it plays a messenger, and a messenger remembers.
CREATE TABLE sandbox_message (
    id           TEXT PRIMARY KEY,
    chat         TEXT NOT NULL,
    at           BIGINT NOT NULL,
    sender       TEXT NOT NULL,
    words        TEXT,
    card         TEXT,
    reply_to     TEXT,
    updated_at   BIGINT
);
CREATE INDEX sandbox_message_of_chat ON sandbox_message (chat, id);
CREATE TABLE sandbox_chat (
    id           TEXT PRIMARY KEY,
    kind         TEXT NOT NULL,
    name         TEXT NOT NULL,
    members      TEXT NOT NULL
);
