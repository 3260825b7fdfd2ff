-- What 0021_risk_looks adds, filled: plan 1 is looked at on 14 December 2026 at 18:00; one that an older program wrote is due at once.
UPDATE risk SET looks_at = 1797242400000 WHERE request = '2026-Q4-SCB-001' AND number = 1;
INSERT INTO risk (request, number, kind, description, likelihood, impact, measure, owner, measure_days, thresholds, state,
    planned_by, planned_at, firings) VALUES
    ('2026-Q4-SCB-001', 21, 'other', '旧程序登记的', 'low', 'low', '再看', 'li.na', 2, '[]', 'watching', 'zhang.wei', 1795402800000, '[]');
-- And one improvement item that was taken back.
INSERT INTO improvement (request, number, subject, owner, due, issue, set_by, set_at, obligation, taken_back_by, taken_back_at,
    taken_back_why) VALUES
    ('2026-Q4-SCB-001', 21, '换供应商', 'li.na', '2026-12-11', NULL, 'zhang.wei', 1795402800000, 'o-1', 'zhang.wei', 1795406400000,
    '与另一项重复');
