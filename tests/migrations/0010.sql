-- What 0010_issues adds, filled: an issue with everything, and what is owed for it.
UPDATE request SET issues = 1 WHERE id = '2026-Q4-SCB-001';
INSERT INTO issue (request, number, task, topic, severity, description, scope, happened_at, fix_by, department, reporter,
    reported_at, late, state, responded_by, responded_at, coordination, solution, resolver, updates, resolution, resolved_by,
    resolved_at, closed_by, closed_at, reopened, also, reports, heard_at, moves) VALUES
    ('2026-Q4-SCB-001', 1, 2, 'technical', 'urgent', '接口 500 错误', '全部门店', 1795402800000, 1795410000000, 'YFB', 'zhang.wei',
    1795403000000, FALSE, 'closed', 'li.na', 1795403100000, '{"by":"li.na","at":"2026-11-24T01:00:00Z","text":"三楼会议室"}',
    '{"cause":"断电","measures":"换电源","owner":"li.na","due":"2026-11-24T04:00:00Z"}', 'li.na',
    '[{"by":"li.na","at":"2026-11-24T02:00:00Z","text":"已定位"}]', '{"process":"更换","effect":"恢复"}', 'li.na', 1795405000000,
    'zhang.wei', 1795406000000, '[]', '[{"by":"sun.li","at":"2026-11-24T01:01:00Z","text":"我也遇到"}]', 2, 1795403060000, '[]');
UPDATE obligation SET issue = 1 WHERE request = '2026-Q4-SCB-001';
