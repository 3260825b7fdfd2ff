-- Each of these is refused, for the reason above it; the rows of 0007.sql are there.
-- not null: the count begins at nothing
UPDATE request SET tasks = NULL WHERE id = '2026-Q4-SCB-001';
-- unique: a number is given once
INSERT INTO task (request, number, name, lead, supporting, owner, start_day, finish_day, deliverable, standard,
    after_tasks, milestone, state, percent, misses) VALUES
    ('2026-Q4-SCB-001', 2, '又一个', 'YFB', '[]', 'li.na', '2026-11-24', '2026-12-01', '', '', '[]', FALSE, 'waiting', 0, 0);
-- foreign key: a task belongs to a request
INSERT INTO task (request, number, name, lead, supporting, owner, start_day, finish_day, deliverable, standard,
    after_tasks, milestone, state, percent, misses) VALUES
    ('2026-Q4-SCB-999', 1, '又一个', 'YFB', '[]', 'li.na', '2026-11-24', '2026-12-01', '', '', '[]', FALSE, 'waiting', 0, 0);
-- unique: of one day the last report counts
INSERT INTO progress (request, task, day, reported_by, at, percent, done, why_not, next_step, risk) VALUES
    ('2026-Q4-SCB-001', 2, '2026-11-24', 'li.na', 1795402800001, 70, '', '', '', '');
