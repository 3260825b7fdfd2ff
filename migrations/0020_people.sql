-- Who is signed in to the pages: the hash of a session's cookie, whose it is, how it began and ended. Never the cookie.
CREATE TABLE web_session (
    hash         TEXT PRIMARY KEY,
    person       TEXT NOT NULL REFERENCES person (id),
    way          TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    used_at      BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    ended_at     BIGINT
);
-- Whoever leaves, and whom an administrator signs out.
CREATE INDEX web_session_open ON web_session (person) WHERE ended_at IS NULL;

-- When the question of a card was asked anew on a fresh one, because its messenger soon changes the old one no more.
ALTER TABLE message ADD COLUMN renewed_at BIGINT;
