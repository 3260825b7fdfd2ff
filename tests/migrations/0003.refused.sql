-- Each of these is refused, for the reason above it; the rows of 0003.sql are there.
-- check: nobody stands in for himself
UPDATE delegation SET deputy = 'zhang.wei' WHERE id = 'd-1';
-- check: it ends after it begins
UPDATE delegation SET until_at = from_at WHERE id = 'd-1';
-- foreign key: only people of the directory stand in
UPDATE delegation SET deputy = 'nobody' WHERE id = 'd-1';
-- foreign key: nobody looks on at a request that is not there
INSERT INTO onlooker (request, person, part, since, put_by) VALUES ('none', 'zhao.min', 'follows', 1, 'zhao.min');
-- unique: somebody looks on once
INSERT INTO onlooker (request, person, part, since, put_by) VALUES ('2026-Q4-SCB-001', 'zhao.min', 'follows', 1, 'zhao.min');
