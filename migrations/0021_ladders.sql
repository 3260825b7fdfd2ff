-- When a risk plan has to be looked at again because a threshold is crossed then if nobody acts; NULL: never by itself. What a
-- program wrote that does not know of it is looked at as soon as one runs that does.
ALTER TABLE risk ADD COLUMN looks_at BIGINT DEFAULT 0;
CREATE INDEX risk_looks ON risk (looks_at) WHERE looks_at IS NOT NULL;
-- An improvement item that was taken back: all three, or none.
ALTER TABLE improvement ADD COLUMN taken_back_by TEXT;
ALTER TABLE improvement ADD COLUMN taken_back_at BIGINT;
ALTER TABLE improvement ADD COLUMN taken_back_why TEXT;
