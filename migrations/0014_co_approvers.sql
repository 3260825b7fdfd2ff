-- 加签: an approver calls others in. Seats of one stage decide side by side; where `stage` is NULL the step is the stage.
ALTER TABLE approval ADD COLUMN stage BIGINT;
-- Whom, by whom and why; NULL where an office approves.
ALTER TABLE approval ADD COLUMN invited TEXT REFERENCES person (id);
ALTER TABLE approval ADD COLUMN invited_by TEXT REFERENCES person (id);
ALTER TABLE approval ADD COLUMN invited_words TEXT;
-- One approval is enough for the stage.
ALTER TABLE approval ADD COLUMN any_of BOOLEAN NOT NULL DEFAULT FALSE;
-- What its holder owes.
ALTER TABLE approval ADD COLUMN asked TEXT;
UPDATE approval SET asked = (
    SELECT MAX(o.id) FROM obligation o
    WHERE o.request = approval.request AND o.kind = 'approve_request' AND o.closed_at IS NULL
) WHERE decided_at IS NULL AND step = (
    SELECT MIN(a.step) FROM approval a WHERE a.request = approval.request AND a.decided_at IS NULL
);
