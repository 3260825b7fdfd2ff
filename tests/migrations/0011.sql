-- What 0011_plans adds, filled: a decision that was made and one that is owed, a risk plan that fired.
UPDATE request SET decisions = 2, risk_plans = 1 WHERE id = '2026-Q4-SCB-001';
INSERT INTO decision (request, number, subject, options, decider, asked_by, asked_at, working_days, obligation, state,
    choice, conclusion, reason, ended_by, on_behalf_of, ended_at) VALUES
    ('2026-Q4-SCB-001', 1, '选哪家供应商', '["甲厂","乙厂"]', 'zheng.yun', 'zhang.wei', 1795402800000, 2, 'o-1', 'decided',
    2, '乙厂', '交期短', 'zheng.yun', 'gao.jianguo', 1795406400000),
    ('2026-Q4-SCB-001', 2, '是否追加预算', '[]', 'zheng.yun', 'zhang.wei', 1795402800000, 5, 'o-1', 'open',
    NULL, NULL, NULL, NULL, NULL, NULL);
UPDATE obligation SET decision = 2 WHERE id = 'o-1';
INSERT INTO risk (request, number, kind, description, likelihood, impact, measure, owner, superior, measure_days, watched,
    thresholds, state, planned_by, planned_at, firings) VALUES
    ('2026-Q4-SCB-001', 1, 'delay', '物料晚到', 'high', 'medium', '改用备选物料', 'li.na', 'zheng.yun', 2, 2, '[3,7]', 'watching',
    'zhang.wei', 1795402800000,
    '[{"at":"2026-11-23T05:20:00Z","cause":{"late":{"task":2,"threshold":3,"days":4,"planned":"2026-12-01"}},"measure":3}]');
