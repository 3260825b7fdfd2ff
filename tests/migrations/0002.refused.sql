-- Each of these is refused, for the reason above it; the rows of 0002.sql are there.
-- not null: failures are counted from the first
UPDATE outbox SET failures = NULL WHERE id = 'x-3';
