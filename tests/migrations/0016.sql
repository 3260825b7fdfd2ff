-- What 0016_messengers adds, filled: somebody who prefers one of two messengers, and an item that was closed.
UPDATE person SET prefers = 'feishu' WHERE id = 'zhang.wei';
INSERT INTO todo (obligation, debtor, platform, owner, task, made_at, closed_at) VALUES
    ('o-1', 'wang.fang', 'dingtalk', 'un_u_dev_1', 'task-1', 1795402800000, 1795402900000);
