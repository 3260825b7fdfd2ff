-- What 0014_co_approvers adds, filled: somebody was called in beside the head, and one of them is enough.
INSERT INTO approval (request, step, office, reason, stage, invited, invited_by, invited_words, any_of, asked) VALUES
    ('2026-Q4-SCB-001', 9, 'invited', '', 1, 'li.na', 'zhang.wei', '请看成本', TRUE, 'o-1');
