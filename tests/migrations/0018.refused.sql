-- Each of these is refused, for the reason above it; the rows of 0018.sql are there.
-- not null: the count begins at nothing
UPDATE request SET improvements = NULL WHERE id = '2026-Q4-SCB-001';
-- unique: a number is given once
INSERT INTO improvement (request, number, subject, owner, due, set_by, set_at, obligation) VALUES
    ('2026-Q4-SCB-001', 2, '又一项', 'li.na', '2026-12-11', 'zhang.wei', 1795402800000, 'o-1');
-- foreign key: an improvement item belongs to a request
INSERT INTO improvement (request, number, subject, owner, due, set_by, set_at, obligation) VALUES
    ('2026-Q4-SCB-999', 1, '又一项', 'li.na', '2026-12-11', 'zhang.wei', 1795402800000, 'o-1');
-- not null: it is always known by when
UPDATE improvement SET due = NULL WHERE request = '2026-Q4-SCB-001';
