-- Each of these is refused, for the reason above it; the rows of 0016.sql are there.
-- unique: an obligation is one item of whoever owes it
INSERT INTO todo (obligation, debtor, platform, owner, task, made_at) VALUES ('o-1', 'wang.fang', 'dingtalk', 'un_2', 'task-2', 1795402800000);
-- foreign key: an item stands for an obligation that there is
INSERT INTO todo (obligation, debtor, platform, owner, task, made_at) VALUES ('o-none', 'wang.fang', 'dingtalk', 'un_2', 'task-2', 1795402800000);
