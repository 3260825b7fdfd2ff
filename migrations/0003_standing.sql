-- Who stands in for whom, for a span of time: valid from `from_at` until just before `until_at`, unless ended before.
CREATE TABLE delegation (
    id          TEXT PRIMARY KEY,
    person      TEXT NOT NULL REFERENCES person (id),
    deputy      TEXT NOT NULL REFERENCES person (id),
    from_at     BIGINT NOT NULL,
    until_at    BIGINT NOT NULL,
    set_by      TEXT NOT NULL,
    set_at      BIGINT NOT NULL,
    ended_at    BIGINT,
    phase       TEXT NOT NULL,
    CHECK (from_at < until_at),
    CHECK (person <> deputy)
);
CREATE INDEX delegation_live ON delegation (until_at) WHERE ended_at IS NULL;
-- `arranged`, `begun`, `over`: whether the duties were looked at when it began, and when it ended.
CREATE INDEX delegation_to_heed ON delegation (from_at) WHERE phase <> 'over';

-- People whose duties may have to move: noted in the transaction that made it so, taken off when all was moved.
CREATE TABLE standing_change (
    person      TEXT PRIMARY KEY,
    noted_at    BIGINT NOT NULL
);

-- Handed to somebody in person: it follows that person, not the office.
ALTER TABLE obligation ADD COLUMN transferred BOOLEAN NOT NULL DEFAULT FALSE;

-- Who looks on: put on by others (cc, 抄送) or by himself (follower, 关注).
CREATE TABLE onlooker (
    request     TEXT NOT NULL REFERENCES request (id),
    person      TEXT NOT NULL,
    part        TEXT NOT NULL,
    since       BIGINT NOT NULL,
    put_by      TEXT NOT NULL,
    PRIMARY KEY (request, person)
);
CREATE INDEX onlooker_by_person ON onlooker (person);
ALTER TABLE request ADD COLUMN onlookers BIGINT NOT NULL DEFAULT 0;
