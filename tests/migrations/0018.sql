-- What 0018_improvements adds, filled: one item is done by somebody who stood in, and one is owed.
UPDATE request SET improvements = 2 WHERE id = '2026-Q4-SCB-001';
INSERT INTO improvement (request, number, subject, owner, due, issue, set_by, set_at, obligation, finished_by, on_behalf_of,
    finished_at, effect) VALUES
    ('2026-Q4-SCB-001', 1, '双电源切换每月演练', 'li.na', '2026-12-04', 1, 'zhang.wei', 1795402800000, 'o-1', 'zheng.yun', 'li.na',
    1795406400000, '演练两次，切换 3 秒'),
    ('2026-Q4-SCB-001', 2, '评审前先对齐口径', 'li.na', '2026-12-11', NULL, 'zhang.wei', 1795402800000, 'o-1', NULL, NULL,
    NULL, NULL);
UPDATE obligation SET improvement = 2 WHERE id = 'o-1';
