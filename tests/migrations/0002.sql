-- What 0002_outbox_doubt adds, filled: a message that was held back, and one of which nobody knows.
INSERT INTO outbox (id, lane, request, notice, created_at, not_before, retry_at, state, attempts, lease_owner,
    lease_until, finished_at, problem, failures, unsure_since) VALUES
    ('x-3', 'p-li.na', '2026-Q4-SCB-001', '{"kind":"asked"}', 1795402800000, 1795402800000, 1795402860000, 'waiting', 3,
    'replica-1', 1795402830000, 1795403800000, 'no answer came', 2, 1795402810000);
