-- What 0012_board is for: a token that reads two things and ends, and one that was revoked.
INSERT INTO api_token (id, name, hash, person, scopes, created_at, expires_at, revoked_at) VALUES
    ('t-1', '报表', 'a0', 'zhang.wei', 'requests tasks', 1795000000000, 1796000000000, NULL),
    ('t-2', 'old', 'b0', 'zhang.wei', 'progress', 1795000000000, NULL, 1795000000001);
