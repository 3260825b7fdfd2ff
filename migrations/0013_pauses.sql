-- Sending can be paused until a moment, for one chat and for one kind of message: further rows of `switch`, and what kind
-- a notice is beside it. NULL: no end; for a notice, posted by a program that did not know kinds.
ALTER TABLE switch ADD COLUMN until_at BIGINT;
ALTER TABLE outbox ADD COLUMN kind TEXT;
-- For the count of a day, and for what is kept only for a time.
CREATE INDEX message_by_age ON message (sent_at);
CREATE INDEX outbox_finished ON outbox (finished_at) WHERE finished_at IS NOT NULL;
-- When it was first noticed that somebody is not active any more; NULL: active, or not noticed yet.
ALTER TABLE person ADD COLUMN left_at BIGINT;
