-- Each of these is refused, for the reason above it; the rows of 0021.sql are there.
-- unique: a plan that is looked at later is no other plan
INSERT INTO risk (request, number, kind, description, likelihood, impact, measure, owner, measure_days, thresholds, state,
    planned_by, planned_at, firings, looks_at) VALUES
    ('2026-Q4-SCB-001', 21, 'other', '又一个', 'low', 'low', '再看', 'li.na', 2, '[]', 'watching', 'zhang.wei', 1795402800000, '[]', 5);
