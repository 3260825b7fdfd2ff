//! What can be done with a request, from its filing until every department has signed.

use super::act::{Act, State, says, writes};

/// A request for research and finance.
pub const FILED: Act = writes("/new", &[]);
const APPROVE: Act = says("liu.yang", "/approve NO");
const CANCEL: Act = says("zhang.wei", "/cancel NO 不做了");
const WITHDRAW: Act = says("zhang.wei", "/withdraw NO");
const REWRITE: Act = writes("/revise NO", &[("goal", "首月销量 6000 台")]);
const RESCHEDULE: Act = says("zhang.wei", "/date NO 2026-12-16 供应商延期");

pub const REVIEWED: &[State] = &[State {
    name: "in review",
    begins: FILED,
    way: &[],
    acts: &[
        APPROVE,
        says("liu.yang", "/return NO 目标不清楚"),
        says("liu.yang", "/cosign NO @王芳 前 请看预算"),
        says("liu.yang", "/transfer NO @孙丽 我出差"),
        says("liu.yang", "/snooze NO 明天 10:00 看完再批"),
        WITHDRAW,
        CANCEL,
        REWRITE,
        RESCHEDULE,
        says("zhang.wei", "/urge NO 很急"),
    ],
}];
