//! What can be done with an issue, of a request or of none, from its report until it is closed.

use super::act::{Act, State, fills, says};
use super::requests::{APPROVE, CANCEL, FILED};

/// An issue that belongs to no request has a file of its own.
const OF_NONE: Act = fills(
    "zhang.wei",
    "/问题",
    &[
        ("issue_text", "打印机全部离线"),
        ("issue_severity", "important"),
        ("issue_topic", "technical"),
        ("issue_department", "YFB"),
        ("issue_scope", "三号门店"),
        ("issue_happened", "09:40"),
    ],
);
const REPORT: Act = says("zhang.wei", "/问题 NO 紧急 @研发部 接口返回 500 错误 影响：全部门店 发生：09:40");
const RESPOND: Act = says("li.na", "/respond NO-I1");
const MOVE: Act = says("li.na", "/issue move NO-I1 @信息技术部 是网络问题");
const RATE: Act = says("zhang.wei", "/issue severity NO-I1 一般 没那么急");
const PLAN: Act = says("li.na", "/plan NO-I1 连接池耗尽 措施：扩容 @陈杰 完成：明天 12:00");
const RESOLVE: Act = says("li.na", "/resolve NO-I1 扩容到 200 连接 效果：错误率降为 0");
const CLOSE: Act = says("zhang.wei", "/close NO-I1");
const REOPEN: Act = says("zhang.wei", "/reopen NO-I1 半小时后又出现");

pub const OPEN: &[State] = &[
    State {
        name: "an issue waits for a response",
        begins: FILED,
        way: &[APPROVE, REPORT],
        acts: &[
            RESPOND,
            says("chen.jie", "/respond NO-I1"),
            says("li.na", "/coordinate NO-I1 三楼会议室"),
            MOVE,
            RATE,
        ],
    },
    State {
        name: "an issue is handled",
        begins: FILED,
        way: &[APPROVE, REPORT, RESPOND],
        acts: &[PLAN, says("li.na", "/update NO-I1 正在查"), RESOLVE, MOVE, RATE],
    },
];

pub const SOLVED: &[State] = &[
    State {
        name: "an issue is solved",
        begins: FILED,
        way: &[APPROVE, REPORT, RESPOND, RESOLVE],
        acts: &[CLOSE, says("liu.yang", "/close NO-I1"), REOPEN, CANCEL],
    },
    State {
        name: "an issue is closed",
        begins: FILED,
        way: &[APPROVE, REPORT, RESPOND, RESOLVE, CLOSE],
        acts: &[
            REOPEN,
            says("guo.qiang", "/reopen NO-I1 又出现了"),
            says("zhang.wei", "/改进 NO-I1 每月切换演练 @李娜 12月4日"),
        ],
    },
    State {
        name: "an issue of no request waits for a response",
        begins: OF_NONE,
        way: &[],
        acts: &[RESPOND, MOVE, RATE],
    },
    State {
        name: "an issue of no request is solved",
        begins: OF_NONE,
        way: &[RESPOND, RESOLVE],
        acts: &[CLOSE, REOPEN, says("guo.qiang", "/close NO-I1")],
    },
];

/// All of them.
pub const ALL: &[&[State]] = &[OPEN, SOLVED];
