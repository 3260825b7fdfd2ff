-- One case as it stands in the middle of its life: filed, approved, one signature given, one objection answered.
INSERT INTO inbox (key, claimed_at, answer) VALUES ('sandbox:m-1', 1795399200000, '{"toast":"filed"}');
INSERT INTO counter (scope, n) VALUES ('2026-Q4-SCB', 1);
INSERT INTO directory_state (id, version, company, digest) VALUES (1, 3, '示例公司', '9f86d081884c7d65');
INSERT INTO department (id, name, english, head, contact, supervisor, parent) VALUES
    ('SCB', '市场部', 'Marketing', 'liu.yang', 'zhang.wei', 'gao.jianguo', NULL),
    ('SCB-1', '市场一组', 'Marketing 1', 'sun.li', 'sun.li', 'gao.jianguo', 'SCB'),
    ('YFB', '研发部', 'Research', 'chen.jie', 'li.na', 'gao.jianguo', NULL);
INSERT INTO person (id, name, department, also, title, phone, roles, active, language) VALUES
    ('zhang.wei', '张伟', 'SCB', '["SCB-1"]', '专员', '13800000001', '["coordinator"]', TRUE, 'zh'),
    ('li.na', '李娜', 'YFB', '[]', 'Engineer', '', '[]', FALSE, 'en');
INSERT INTO absence (person, n, first_day, last_day, substitute) VALUES
    ('li.na', 1, '2026-12-01', '2026-12-05', 'zhang.wei'),
    ('li.na', 2, '2027-02-01', '2027-02-02', NULL);
INSERT INTO account (platform, account, person) VALUES ('sandbox', 'u-zhang', 'zhang.wei');
INSERT INTO preference (person, language, quiet) VALUES ('zhang.wei', 'en', '22:00-07:00');
INSERT INTO request (id, version, revision, state, initiator, department, filed_at, kind, title, background, goal,
    wanted_by, people, budget, equipment, risks, priority, acceptance, visibility, attachments, opened, audit_count,
    audit_head) VALUES
    ('2026-Q4-SCB-001', 4, 2, 'active', 'zhang.wei', 'SCB', 1795399200000, 'launch', '新品上市推广', 'it''s next month',
    'line one
line two; and a half', '2026-12-15', '["li.na"]', 9007199254740993, '展台', '物流', 'high', '销量 5000 台', 'departments',
    '["a.pdf"]', 1, 2, 'c0ffee'),
    ('2026-Q4-SCB-002', 1, 1, 'draft', 'zhang.wei', 'SCB', 1795399200001, NULL, '', '', '', '2026-12-16', '[]', NULL, '',
    '', 'normal', '', 'company', '[]', 0, 0, '');
INSERT INTO request_version (request, revision, at, digest, content) VALUES
    ('2026-Q4-SCB-001', 1, 1795399200000, 'aa', '{"title":"新品"}'),
    ('2026-Q4-SCB-001', 2, 1795402800000, 'bb', '{"title":"新品上市推广"}');
INSERT INTO approval (request, step, office, decided_by, on_behalf_of, decided_at, approved, reason, revision) VALUES
    ('2026-Q4-SCB-001', 1, 'head', 'sun.li', 'liu.yang', 1795402800000, TRUE, '同意', 1),
    ('2026-Q4-SCB-001', 2, 'vice_president', NULL, NULL, NULL, NULL, '', NULL);
INSERT INTO ask (request, department, place, task, deliverable, wanted_by, resources, revision, state, round, ruled,
    signed_by, on_behalf_of, signed_at, signed_revision, digest) VALUES
    ('2026-Q4-SCB-001', 'YFB', 1, '提供技术资料', '资料包', '2026-12-10', '两人', 2, 'confirmed', 1, TRUE,
    'zhang.wei', 'li.na', 1795406400000, 2, 'bb'),
    ('2026-Q4-SCB-001', 'CWB', 2, '测算预算', '表', NULL, '', 1, 'open', NULL, FALSE, NULL, NULL, NULL, NULL, NULL);
INSERT INTO signature (request, department, revision, signed_by, on_behalf_of, signed_at, digest) VALUES
    ('2026-Q4-SCB-001', 'YFB', 1, 'li.na', NULL, 1795402900000, 'aa'),
    ('2026-Q4-SCB-001', 'YFB', 2, 'zhang.wei', 'li.na', 1795406400000, 'bb');
INSERT INTO objection (request, number, department, objected_by, at, revision, reason, suggestion, stage, stage_detail)
    VALUES ('2026-Q4-SCB-001', 1, 'YFB', 'li.na', 1795403000000, 1, '人手不够', '推迟一周', 'settled', '{"by":"zhang.wei"}');
INSERT INTO obligation (id, request, kind, department, debtor, instead_of, opened_at, delivered_at, due_at, provisional,
    allowed, ladder, urgent, climbed, urged_at, next_step, next_due, fires_at, lease_owner, lease_until, attempts,
    set_aside, outcome, closed_at, closed_by, used_ms) VALUES
    ('o-1', '2026-Q4-SCB-001', 'confirm_request', 'CWB', 'wang.fang', 'zhao.min', 1795402800000, 1795402801000,
    1795575600000, FALSE, '48h', '[{"after":"24h"}]', FALSE, '[1]', 1795403100000, 2, 1795489200000, 1795489200001,
    'replica-1', 1795489230000, 1, 'the messenger said no', NULL, NULL, NULL, NULL),
    ('o-2', '2026-Q4-SCB-001', 'approve_request', 'SCB', 'liu.yang', NULL, 1795399200000, NULL, 1795410000000, TRUE,
    '3h', '[]', TRUE, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, 'met', 1795402800000, 'liu.yang', 3600000);
INSERT INTO urge (request, urged_by, person, at) VALUES ('2026-Q4-SCB-001', 'zhang.wei', 'wang.fang', 1795403100000);
INSERT INTO outbox (id, lane, request, notice, created_at, not_before, retry_at, state, attempts, lease_owner,
    lease_until, finished_at, problem) VALUES
    ('x-1', 'p-li.na', '2026-Q4-SCB-001', '{"kind":"asked"}', 1795402800000, 1795402800000, 1795402860000, 'waiting', 1,
    'replica-1', 1795402830000, NULL, NULL),
    ('x-2', 'g-managers', NULL, '{}', 1795402800000, 1795402800000, 1795402860000, 'dead', 5, NULL, NULL,
    1795403800000, 'the chat is gone');
INSERT INTO message (id, platform, chat, message, person, request, notice, shown, summary, sent_at, updated_at) VALUES
    ('s-1', 'sandbox', 'p-li.na', 'om_1', 'li.na', '2026-Q4-SCB-001', '{"kind":"asked"}', 'dd', '确认', 1795402801000,
    1795403001000);
INSERT INTO audit (subject, n, at, by_person, on_behalf_of, what, params, digest, previous, hash) VALUES
    ('2026-Q4-SCB-001', 1, 1795399200000, 'zhang.wei', NULL, 'filed', '{}', 'aa', '', 'c0'),
    ('2026-Q4-SCB-001', 2, 1795402800000, 'sun.li', 'liu.yang', 'approved', '{"step":1}', 'bb', 'c0', 'c0ffee');
INSERT INTO audit_head (subject, audit_count, audit_head) VALUES ('operations', 1, 'beef');
INSERT INTO draft (person, form, request, saved_at, content) VALUES
    ('zhang.wei', 'objection', '2026-Q4-SCB-001', 1795402800000, '{"reason":"人手"}');
INSERT INTO binding (what, request, platform, chat, bound_at, bound_by) VALUES
    ('managers', '', 'sandbox', 'g-managers', 1795402800000, 'zhang.wei');
INSERT INTO switch (name, value, since) VALUES ('sending', 'paused', 1795402800000);
INSERT INTO sandbox_message (id, chat, at, sender, words, card, reply_to, updated_at) VALUES
    ('om_1', 'p-li.na', 1795402801000, 'bot', NULL, '{"title":"确认"}', NULL, 1795403001000),
    ('om_2', 'p-li.na', 1795402901000, 'li.na', '确认', NULL, 'om_1', NULL);
INSERT INTO sandbox_chat (id, kind, name, members) VALUES ('g-managers', 'group', '管理群', '["gao.jianguo"]');
