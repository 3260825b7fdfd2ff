-- What 0020_people is for: somebody who is signed in, the session of one who signed out, and a card that was sent anew.
INSERT INTO web_session (hash, person, way, created_at, used_at, expires_at, ended_at) VALUES
    ('c0', 'zhang.wei', 'link', 1795402800000, 1795402860000, 1795489200000, NULL),
    ('d0', 'li.na', 'feishu', 1795402800000, 1795402800000, 1795489200000, 1795402900000);
UPDATE message SET renewed_at = 1796526000000;
