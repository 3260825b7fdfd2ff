-- Each of these is refused, for the reason above it; the rows of 0014.sql are there.
-- foreign key: only people of the directory are called in
UPDATE approval SET invited = 'nobody' WHERE request = '2026-Q4-SCB-001' AND step = 9;
-- not null: whether one is enough is always known
UPDATE approval SET any_of = NULL WHERE request = '2026-Q4-SCB-001' AND step = 9;
