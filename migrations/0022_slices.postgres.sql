-- The signatures of requests that rest, kept by bit: segments of up to 1 024 requests, and for each of the 2 048 bits which
-- of them have it, so that a word reads some rows of each segment instead of one of each request (docs/decisions/0016).
-- A segment that was dissolved keeps its number: none is given twice.
CREATE TABLE search_segment (
    id           BIGINT PRIMARY KEY,
    oldest       BIGINT NOT NULL,
    newest       BIGINT NOT NULL
);
-- 1 024 bits in base64; place 0 is the lowest bit of the first byte.
CREATE TABLE search_slice (
    segment      BIGINT NOT NULL REFERENCES search_segment (id),
    bit          BIGINT NOT NULL,
    requests     TEXT NOT NULL,
    PRIMARY KEY (segment, bit)
);
-- Where a request stands: its segment times 1 024, and its place in there. NULL: in none, because it is new or has changed.
ALTER TABLE request_search ADD COLUMN place BIGINT;
CREATE INDEX request_search_place ON request_search (place, filed_at, request);
