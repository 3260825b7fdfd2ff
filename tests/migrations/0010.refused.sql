-- Each of these is refused, for the reason above it; the rows of 0010.sql are there.
-- not null: the count begins at nothing
UPDATE request SET issues = NULL WHERE id = '2026-Q4-SCB-001';
-- unique: a number is given once
INSERT INTO issue (request, number, topic, severity, description, scope, happened_at, department, reporter, reported_at, late,
    state, updates, reopened, also, reports, heard_at, moves) VALUES
    ('2026-Q4-SCB-001', 1, 'other', 'general', '又一个', '', 1795402800000, 'YFB', 'zhang.wei', 1795402800000, FALSE, 'waiting',
    '[]', '[]', '[]', 1, 1795402800000, '[]');
-- foreign key: an issue belongs to a case file
INSERT INTO issue (request, number, topic, severity, description, scope, happened_at, department, reporter, reported_at, late,
    state, updates, reopened, also, reports, heard_at, moves) VALUES
    ('2026-Q4-SCB-999', 1, 'other', 'general', '又一个', '', 1795402800000, 'YFB', 'zhang.wei', 1795402800000, FALSE, 'waiting',
    '[]', '[]', '[]', 1, 1795402800000, '[]');
