-- Each of these is refused, for the reason above it; the rows of 0006.sql are there.
-- unique: a request stands in lists once
INSERT INTO request_search (filed_at, request, revision, visibility, initiator, department, sides,
    s00, s01, s02, s03, s04, s05, s06, s07, s08, s09, s10, s11, s12, s13, s14, s15,
    s16, s17, s18, s19, s20, s21, s22, s23, s24, s25, s26, s27, s28, s29, s30, s31)
    SELECT filed_at + 1, request, revision, visibility, initiator, department, sides,
    s00, s01, s02, s03, s04, s05, s06, s07, s08, s09, s10, s11, s12, s13, s14, s15,
    s16, s17, s18, s19, s20, s21, s22, s23, s24, s25, s26, s27, s28, s29, s30, s31
    FROM request_search;
-- foreign key: no words without a request
INSERT INTO request_text (request, part, words) VALUES ('2026-Q4-SCB-999', 0, '');
-- unique: a comment is kept once
INSERT INTO request_text (request, part, words) VALUES ('2026-Q4-SCB-001', 2, '');
