-- Whoever was given a task sees its request, also once it is done: asked of every list.
CREATE INDEX task_by_owner ON task (owner);

-- Who may read over the API: the hash of a token, the person whose eyes it has, and what it may read. Never the token.
CREATE TABLE api_token (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    hash         TEXT NOT NULL UNIQUE,
    person       TEXT NOT NULL,
    scopes       TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT,
    revoked_at   BIGINT
);
