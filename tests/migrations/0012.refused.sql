-- Each of these is refused, for the reason above it; the rows of 0012.sql are there.
-- unique: one token, one hash
UPDATE api_token SET hash = 'a0' WHERE id = 't-2';
-- not null: a token always has somebody's eyes
UPDATE api_token SET person = NULL WHERE id = 't-1';
