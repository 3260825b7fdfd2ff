-- How often a message failed is not how often it was leased: what a platform holds back counts as no failure.
ALTER TABLE outbox ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
-- Since when nobody knows whether the platform has taken it; on the machine's clock.
ALTER TABLE outbox ADD COLUMN unsure_since BIGINT;
