-- What 0006_search adds, filled: a request that is found by its content and by a comment.
INSERT INTO request_search (filed_at, request, revision, visibility, initiator, department, sides, s00, s01, s02, s03, s04, s05, s06, s07,
    s08, s09, s10, s11, s12, s13, s14, s15, s16, s17, s18, s19, s20, s21, s22, s23, s24, s25, s26, s27, s28, s29,
    s30, s31) VALUES
    (1795399200000, '2026-Q4-SCB-001', 2, 'departments', 'zhang.wei', 'SCB', -9223372036854775804,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -9223372036854775808, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 9223372036854775807);
INSERT INTO request_text (request, part, words) VALUES
    ('2026-Q4-SCB-001', 0, '2026-q4-scb-001 新品上市推广 it''s next month'),
    ('2026-Q4-SCB-001', 2, '产线 12 月初有空档');
