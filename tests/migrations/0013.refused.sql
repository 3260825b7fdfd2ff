-- Each of these is refused, for the reason above it; the rows of 0013.sql are there.
-- unique: a chat is paused once, whoever pauses it again gives it another end
INSERT INTO switch (name, value, since, until_at) VALUES ('sending:chat:person:li.na', 'paused', 1795402800001, NULL);
