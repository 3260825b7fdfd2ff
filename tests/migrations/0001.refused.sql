-- Each of these is refused, for the reason above it; the rows of 0001.sql are there.
-- unique: an event is claimed once
INSERT INTO inbox (key, claimed_at) VALUES ('sandbox:m-1', 0);
-- unique: one account is one person
INSERT INTO account (platform, account, person) VALUES ('sandbox', 'u-zhang', 'li.na');
-- foreign key: an account is somebody's
INSERT INTO account (platform, account, person) VALUES ('sandbox', 'u-nobody', 'nobody');
-- foreign key: an absence is somebody's
INSERT INTO absence (person, n, first_day, last_day) VALUES ('nobody', 1, '2026-12-01', '2026-12-05');
-- unique: a number is given to one request
INSERT INTO counter (scope, n) VALUES ('2026-Q4-SCB', 7);
-- unique: a number names one request
UPDATE request SET id = '2026-Q4-SCB-001' WHERE id = '2026-Q4-SCB-002';
-- not null: a request has an initiator
UPDATE request SET initiator = NULL WHERE id = '2026-Q4-SCB-002';
-- foreign key: a case file that is referred to does not go away
DELETE FROM request WHERE id = '2026-Q4-SCB-001';
-- foreign key: a version is a request's
INSERT INTO request_version (request, revision, at, digest, content) VALUES ('none', 1, 0, '', '');
-- unique: a revision has one content
INSERT INTO request_version (request, revision, at, digest, content) VALUES ('2026-Q4-SCB-001', 2, 0, 'zz', '{}');
-- foreign key: an approval is a request's
UPDATE approval SET request = 'none';
-- unique: a step is decided once
INSERT INTO approval (request, step, office, reason) VALUES ('2026-Q4-SCB-001', 1, 'head', '');
-- foreign key: an ask is a request's
UPDATE ask SET request = 'none';
-- unique: a department is asked once
UPDATE ask SET department = 'YFB';
-- not null: an ask has a state
UPDATE ask SET state = NULL;
-- foreign key: a signature is a request's
UPDATE signature SET request = 'none';
-- unique: a department signs a revision once
INSERT INTO signature (request, department, revision, signed_by, signed_at, digest)
    VALUES ('2026-Q4-SCB-001', 'YFB', 2, 'chen.jie', 0, 'bb');
-- not null: a signature says what was signed
UPDATE signature SET digest = NULL;
-- foreign key: an objection is a request's
UPDATE objection SET request = 'none';
-- not null: an objection has a reason
UPDATE objection SET reason = NULL;
-- foreign key: an obligation is a request's
UPDATE obligation SET request = 'none';
-- not null: an obligation has a debtor
UPDATE obligation SET debtor = NULL;
-- not null: an obligation has a deadline
UPDATE obligation SET due_at = NULL;
-- foreign key: somebody is urged about a request
UPDATE urge SET request = 'none';
-- unique: a message is queued once
UPDATE outbox SET id = 'x-1';
-- not null: a message has a lane
UPDATE outbox SET lane = NULL;
-- unique: a message of a platform is one of ours only once
INSERT INTO message (id, platform, chat, message, notice, shown, summary, sent_at)
    VALUES ('s-2', 'sandbox', 'p-li.na', 'om_1', '{}', '', '', 0);
-- unique: the history has one line of each number
INSERT INTO audit (subject, n, at, what, params, digest, previous, hash)
    VALUES ('2026-Q4-SCB-001', 2, 0, 'forged', '{}', '', 'c0', 'c1');
-- not null: a line of the history is chained
UPDATE audit SET previous = NULL;
-- unique: a chain has one end
INSERT INTO audit_head (subject, audit_count, audit_head) VALUES ('operations', 2, 'f00d');
-- unique: a person has one draft of a form
INSERT INTO draft (person, form, request, saved_at, content) VALUES ('zhang.wei', 'objection', '2026-Q4-SCB-001', 0, '');
-- unique: one group is the managers'
INSERT INTO binding (what, request, platform, chat, bound_at) VALUES ('managers', '', 'sandbox', 'g-other', 0);
-- unique: a switch has one position
INSERT INTO switch (name, value, since) VALUES ('sending', 'on', 0);
