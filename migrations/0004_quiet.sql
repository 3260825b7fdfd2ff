-- A notice that waits for a digest: when that is, on the service's clock. NULL: it waits for nothing but its turn.
ALTER TABLE outbox ADD COLUMN held_for BIGINT;
-- The day on which a message counts towards what its reader hears at most; NULL for what is never counted.
ALTER TABLE message ADD COLUMN counted_on TEXT;
CREATE INDEX message_counted ON message (person, counted_on) WHERE counted_on IS NOT NULL;
-- A person's own digests (`both`, `off`, `17:00`) and own cap a day; NULL: the company's.
ALTER TABLE preference ADD COLUMN digest TEXT;
ALTER TABLE preference ADD COLUMN most BIGINT;
-- What the debtor promised: until when, in which words, and by whom. `promise_open`: the time has not come yet.
ALTER TABLE obligation ADD COLUMN promised_until BIGINT;
ALTER TABLE obligation ADD COLUMN promise TEXT;
ALTER TABLE obligation ADD COLUMN promised_by TEXT;
ALTER TABLE obligation ADD COLUMN promise_open BOOLEAN NOT NULL DEFAULT FALSE;
-- When the ladder's own step fires, where `fires_at` is the promise's time because that comes before it.
ALTER TABLE obligation ADD COLUMN step_at BIGINT;
