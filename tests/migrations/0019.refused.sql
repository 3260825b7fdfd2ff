-- Each of these is refused, for the reason above it; the rows of 0019.sql are there.
-- unique: a replica is there once
INSERT INTO replica (id, program, knows, place, started_at, seen_at) VALUES ('0199a1b2-0000-7000-8000-000000000001', '0.1.0', 19, 'liaison-1:4711', 1795402800000, 1795402860000);
