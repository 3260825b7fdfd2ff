-- Each of these is refused, for the reason above it; the rows of 0020.sql are there.
-- unique: one cookie, one session
INSERT INTO web_session (hash, person, way, created_at, used_at, expires_at) VALUES ('c0', 'li.na', 'link', 1, 1, 2);
-- not null: a session is always somebody's
UPDATE web_session SET person = NULL WHERE hash = 'c0';
-- foreign key: nobody is signed in whom the directory never knew
INSERT INTO web_session (hash, person, way, created_at, used_at, expires_at) VALUES ('e0', 'nobody', 'link', 1, 1, 2);
