-- Each of these is refused, for the reason above it; the rows of 0011.sql are there.
-- not null: the counts begin at nothing
UPDATE request SET decisions = NULL WHERE id = '2026-Q4-SCB-001';
-- not null: the counts begin at nothing
UPDATE request SET risk_plans = NULL WHERE id = '2026-Q4-SCB-001';
-- unique: a number is given once
INSERT INTO decision (request, number, subject, options, decider, asked_by, asked_at, working_days, obligation, state) VALUES
    ('2026-Q4-SCB-001', 2, '又一个', '[]', 'zheng.yun', 'zhang.wei', 1795402800000, 2, 'o-1', 'open');
-- foreign key: a decision belongs to a request
INSERT INTO decision (request, number, subject, options, decider, asked_by, asked_at, working_days, obligation, state) VALUES
    ('2026-Q4-SCB-999', 1, '又一个', '[]', 'zheng.yun', 'zhang.wei', 1795402800000, 2, 'o-1', 'open');
-- unique: a number is given once
INSERT INTO risk (request, number, kind, description, likelihood, impact, measure, owner, measure_days, thresholds, state,
    planned_by, planned_at, firings) VALUES
    ('2026-Q4-SCB-001', 1, 'other', '又一个', 'low', 'low', '再看', 'li.na', 2, '[]', 'watching', 'zhang.wei', 1795402800000, '[]');
-- foreign key: a risk plan belongs to a request
INSERT INTO risk (request, number, kind, description, likelihood, impact, measure, owner, measure_days, thresholds, state,
    planned_by, planned_at, firings) VALUES
    ('2026-Q4-SCB-999', 1, 'other', '又一个', 'low', 'low', '再看', 'li.na', 2, '[]', 'watching', 'zhang.wei', 1795402800000, '[]');
