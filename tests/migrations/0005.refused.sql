-- Each of these is refused, for the reason above it; the rows of 0005.sql are there.
-- not null: a request without links has an empty list
UPDATE request SET attached = NULL WHERE id = '2026-Q4-SCB-001';
