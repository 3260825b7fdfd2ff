-- What 0003_standing adds, filled: a delegation that has begun, somebody whose duties are to be looked at, onlookers,
-- and something that was handed over by hand.
INSERT INTO delegation (id, person, deputy, from_at, until_at, set_by, set_at, ended_at, phase) VALUES
    ('d-1', 'zhang.wei', 'li.na', 1795402800000, 1795489200000, 'zhao.min', 1795402800000, 1795446000000, 'begun');
INSERT INTO standing_change (person, noted_at) VALUES ('wang.fang', 1795402800000);
INSERT INTO onlooker (request, person, part, since, put_by) VALUES
    ('2026-Q4-SCB-001', 'zhao.min', 'copied', 1795402800000, 'liu.yang');
UPDATE request SET onlookers = 1 WHERE id = '2026-Q4-SCB-001';
UPDATE obligation SET transferred = TRUE WHERE id = 'o-1';
