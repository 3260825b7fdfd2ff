//! What can be done with a request, from its filing until every department has signed.

use super::act::{Act, State, says, writes};

/// A request for research and finance.
pub const FILED: Act = writes("/new", &[]);
pub const APPROVE: Act = says("liu.yang", "/approve NO");
pub const CANCEL: Act = says("zhang.wei", "/cancel NO 不做了");
pub const CONFIRM: Act = says("li.na", "/confirm NO");
pub const CONFIRM_OTHER: Act = says("wang.fang", "/confirm NO");
const RETURN: Act = says("liu.yang", "/return NO 目标不清楚");
const WITHDRAW: Act = says("zhang.wei", "/withdraw NO");
const REWRITE: Act = writes("/revise NO", &[("goal", "首月销量 6000 台")]);
const RESCHEDULE: Act = says("zhang.wei", "/date NO 2026-12-16 供应商延期");
const URGE: Act = says("zhang.wei", "/urge NO 很急");
const OBJECT: Act = says("li.na", "/object NO 来不及");
const DECLINE: Act = says("zhang.wei", "/decline NO @研发部 已有安排");
const ESCALATE: Act = says("zhang.wei", "/escalate NO @研发部 谈不拢");
const UPHOLD: Act = says("gao.jianguo", "/rule NO @研发部 uphold 理由充分");
const REVISE: Act = writes("/revise NO", &[("ask1_task", "只提供技术参数")]);

pub const REVIEWED: &[State] = &[
    State {
        name: "in review",
        begins: FILED,
        way: &[],
        acts: &[
            APPROVE,
            RETURN,
            says("liu.yang", "/cosign NO @王芳 前 请看预算"),
            says("liu.yang", "/transfer NO @孙丽 我出差"),
            WITHDRAW,
            CANCEL,
            REWRITE,
            RESCHEDULE,
        ],
    },
    State {
        name: "returned",
        begins: FILED,
        way: &[RETURN],
        acts: &[REWRITE, WITHDRAW, says("guo.qiang", "/withdraw NO"), CANCEL],
    },
];

pub const APPROVED_BY_SEVERAL: &[State] = &[
    State {
        name: "in review by two, of whom both have to agree",
        begins: FILED,
        way: &[says("liu.yang", "/cosign NO @王芳 并行 全部")],
        acts: &[
            APPROVE,
            RETURN,
            says("wang.fang", "/approve NO"),
            says("wang.fang", "/return NO 预算没有依据"),
            says("wang.fang", "/cosign NO @李娜 之后"),
        ],
    },
    State {
        name: "in review by two, of whom one has to agree",
        begins: FILED,
        way: &[says("liu.yang", "/cosign NO @王芳 并行 任一")],
        acts: &[
            APPROVE,
            RETURN,
            says("wang.fang", "/approve NO"),
            says("wang.fang", "/return NO 预算没有依据"),
        ],
    },
    State {
        name: "in review by the general manager",
        begins: writes("/new", &[("budget", "99999999")]),
        way: &[APPROVE],
        acts: &[says("gao.jianguo", "/approve NO"), says("gao.jianguo", "/return NO 太贵"), WITHDRAW, CANCEL],
    },
];

pub const ASKED: &[State] = &[
    State {
        name: "confirming",
        begins: FILED,
        way: &[APPROVE],
        acts: &[
            CONFIRM,
            CONFIRM_OTHER,
            OBJECT,
            says("chen.jie", "/object NO 人手不够"),
            says("li.na", "/transfer NO @孙丽 我出差"),
            says("li.na", "/snooze NO 明天 10:00 等报价"),
            RESCHEDULE,
            CANCEL,
            URGE,
        ],
    },
    State {
        name: "one signature is missing",
        begins: FILED,
        way: &[APPROVE, CONFIRM_OTHER],
        acts: &[CONFIRM, says("chen.jie", "/confirm NO"), OBJECT, RESCHEDULE, CANCEL],
    },
    State {
        name: "others look on",
        begins: FILED,
        way: &[APPROVE, says("sun.li", "/follow NO")],
        acts: &[
            says("sun.li", "/unfollow NO"),
            says("zhang.wei", "/cc NO @孙丽"),
            says("li.na", "/attach NO https://docs.example.com/a 图纸"),
            says("wang.fang", "/comment NO 请注意预算"),
        ],
    },
];

pub const OBJECTED: &[State] = &[
    State {
        name: "objected",
        begins: FILED,
        way: &[APPROVE, OBJECT],
        acts: &[
            DECLINE,
            says("liu.yang", "/decline NO @研发部 照旧"),
            ESCALATE,
            REVISE,
            RESCHEDULE,
            says("zhang.wei", "/transfer NO @孙丽 我出差"),
            CANCEL,
        ],
    },
    State {
        name: "escalated",
        begins: FILED,
        way: &[APPROVE, OBJECT, ESCALATE],
        acts: &[UPHOLD, says("gao.jianguo", "/rule NO @研发部 dismiss 理由不足"), CONFIRM_OTHER, CANCEL],
    },
    State {
        name: "upheld",
        begins: FILED,
        way: &[APPROVE, OBJECT, ESCALATE, UPHOLD],
        acts: &[REVISE, CONFIRM_OTHER, CANCEL],
    },
    State {
        name: "declined",
        begins: FILED,
        way: &[APPROVE, OBJECT, DECLINE],
        acts: &[CONFIRM, OBJECT, says("li.na", "/escalate NO @研发部 请领导定"), CANCEL],
    },
];

/// All of them.
pub const ALL: &[&[State]] = &[REVIEWED, APPROVED_BY_SEVERAL, ASKED, OBJECTED];
