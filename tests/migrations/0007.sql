-- What 0007_tasks adds, filled: a task with everything, what was reported on it, and who was sent the card of the day.
UPDATE request SET tasks = 2 WHERE id = '2026-Q4-SCB-001';
INSERT INTO task (request, number, name, lead, supporting, deciding, owner, start_day, start_offset, finish_day,
    finish_offset, deliverable, standard, after_tasks, milestone, state, percent, started_at, finished_at, proposal, report,
    asked_on, misses, signed) VALUES
    ('2026-Q4-SCB-001', 2, '写接口文档', 'YFB', '["CWB"]', 'SCB', 'li.na', '2026-11-24', 1, '2026-12-01', 5, '接口文档', '评审通过', '[1]',
    TRUE, 'doing', 60, 1795402800000, 1795406400000,
    '{"by":"li.na","at":1795402800000,"to":"2026-12-04","reason":"等资料"}',
    '{"day":"2026-11-24","by":"li.na","at":1795402800000,"said":{"percent":60,"done":"初稿","why_not":"","next":"校对","risk":""}}',
    '2026-11-24', 1, '{"by":"zhang.wei","at":1795406400000}');
INSERT INTO progress (request, task, day, reported_by, at, percent, done, why_not, next_step, risk) VALUES
    ('2026-Q4-SCB-001', 2, '2026-11-24', 'li.na', 1795402800000, 60, '初稿', '', '校对', '缺图');
INSERT INTO nudge (person, day) VALUES ('li.na', '2026-11-24');
UPDATE obligation SET task = 2 WHERE request = '2026-Q4-SCB-001';
