-- Each of these is refused, for the reason above it; the rows of 0022.sql are there.
-- unique: a bit has one slice in each segment
INSERT INTO search_slice (segment, bit, requests) VALUES (0, 2047, 'AA==');
-- foreign key: a slice belongs to a segment
INSERT INTO search_slice (segment, bit, requests) VALUES (9, 0, 'AA==');
