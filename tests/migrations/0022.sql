-- What 0022_slices adds, filled: a segment with one request, and a slice that holds it.
INSERT INTO search_segment (id, oldest, newest) VALUES (0, 1795399200000, 1795399200000);
INSERT INTO search_slice (segment, bit, requests) VALUES (0, 2047, 'AQ==');
UPDATE request_search SET place = 0 WHERE request = '2026-Q4-SCB-001';
