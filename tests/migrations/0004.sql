-- What 0004_quiet adds, filled: a notice that waits for a digest, a message that counted, own wishes, and a promise.
INSERT INTO outbox (id, lane, request, notice, created_at, not_before, retry_at, state, attempts, lease_owner,
    lease_until, finished_at, problem, failures, unsure_since, held_for) VALUES
    ('x-4', 'person:li.na', '2026-Q4-SCB-001', '{"kind":"news"}', 1795402800000, 1795424400000, 0, 'waiting', 1,
    NULL, NULL, NULL, NULL, 0, NULL, 1795424400000);
INSERT INTO message (id, platform, chat, message, person, request, notice, shown, summary, sent_at, updated_at,
    counted_on) VALUES
    ('s-2', 'sandbox', 'p-li.na', 'om_3', 'li.na', '2026-Q4-SCB-001', '{"kind":"asked"}', 'dd', '确认', 1795402801000,
    1795403001000, '2026-11-23');
INSERT INTO preference (person, language, quiet, digest, most) VALUES ('wang.fang', 'en', '22:00-08:00', '17:00', 4);
INSERT INTO obligation (id, request, kind, department, debtor, instead_of, opened_at, delivered_at, due_at, provisional,
    allowed, ladder, urgent, climbed, urged_at, next_step, next_due, fires_at, lease_owner, lease_until, attempts,
    set_aside, outcome, closed_at, closed_by, used_ms, promised_until, promise, promised_by, promise_open, step_at) VALUES
    ('o-3', '2026-Q4-SCB-001', 'confirm_request', 'YFB', 'li.na', NULL, 1795402800000, 1795402801000,
    1795575600000, FALSE, '48h', '[]', FALSE, NULL, NULL, 1, 1795489200000, 1795424400000, NULL, NULL, 0, NULL, NULL,
    NULL, NULL, NULL, 1795424400000, '15:00 前答复', 'li.na', TRUE, 1795489200001);
