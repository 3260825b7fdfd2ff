-- What makes a request findable. One narrow row each: who may see it, and 2048 bits that say which letters and pairs of
-- letters its texts hold. It changes with the content and with comments, never with a click.
CREATE TABLE request_search (
    filed_at     BIGINT NOT NULL,
    request      TEXT NOT NULL REFERENCES request (id),
    revision     BIGINT NOT NULL,
    visibility   TEXT NOT NULL,
    initiator    TEXT NOT NULL,
    department   TEXT NOT NULL,
    sides        BIGINT NOT NULL,
    s00 BIGINT NOT NULL, s01 BIGINT NOT NULL, s02 BIGINT NOT NULL, s03 BIGINT NOT NULL,
    s04 BIGINT NOT NULL, s05 BIGINT NOT NULL, s06 BIGINT NOT NULL, s07 BIGINT NOT NULL,
    s08 BIGINT NOT NULL, s09 BIGINT NOT NULL, s10 BIGINT NOT NULL, s11 BIGINT NOT NULL,
    s12 BIGINT NOT NULL, s13 BIGINT NOT NULL, s14 BIGINT NOT NULL, s15 BIGINT NOT NULL,
    s16 BIGINT NOT NULL, s17 BIGINT NOT NULL, s18 BIGINT NOT NULL, s19 BIGINT NOT NULL,
    s20 BIGINT NOT NULL, s21 BIGINT NOT NULL, s22 BIGINT NOT NULL, s23 BIGINT NOT NULL,
    s24 BIGINT NOT NULL, s25 BIGINT NOT NULL, s26 BIGINT NOT NULL, s27 BIGINT NOT NULL,
    s28 BIGINT NOT NULL, s29 BIGINT NOT NULL, s30 BIGINT NOT NULL, s31 BIGINT NOT NULL,
    PRIMARY KEY (filed_at, request)
);
CREATE UNIQUE INDEX request_search_of ON request_search (request);

-- The words themselves, folded: part 0 is the content with its asks, the others are comments.
CREATE TABLE request_text (
    request      TEXT NOT NULL REFERENCES request (id),
    part         BIGINT NOT NULL,
    words        TEXT NOT NULL,
    PRIMARY KEY (request, part)
);

-- For whom somebody stands in, and what waits for a superior: both tell who may see a request, both are few.
CREATE INDEX obligation_instead ON obligation (instead_of) WHERE closed_at IS NULL AND instead_of IS NOT NULL;
CREATE INDEX objection_escalated ON objection (request) WHERE stage = 'escalated';
