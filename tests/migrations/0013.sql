-- What 0013_pauses is for: one chat that hears nothing until a moment, and a notice whose kind is known.
INSERT INTO switch (name, value, since, until_at) VALUES ('sending:chat:person:li.na', 'paused', 1795402800000, 1795406400000);
UPDATE outbox SET kind = 'asked';
UPDATE person SET left_at = 1795402800000;
