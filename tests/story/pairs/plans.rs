//! What can be done with a decision that is asked for, with a risk plan and with an improvement.

use super::act::{Act, State, says};
use super::requests::{APPROVE, CANCEL, CONFIRM, CONFIRM_OTHER, FILED};

pub const DECISIONS: &[State] = &[State {
    name: "a decision is asked for",
    begins: FILED,
    way: &[APPROVE, says("zhang.wei", "/决策 NO @陈杰 3d 选哪家供应商 甲厂/乙厂")],
    acts: &[
        says("chen.jie", "/决策 NO-D1 1"),
        says("chen.jie", "/决策 NO-D1 2"),
        says("chen.jie", "/transfer NO @孙丽 我出差"),
        says("zhang.wei", "/决策 撤回 NO-D1"),
        CANCEL,
    ],
}];

const FIRE: Act = says("zhang.wei", "/风险 触发 NO-R1 新规发布");

pub const RISKS_AND_IMPROVEMENTS: &[State] = &[
    State {
        name: "a risk is planned for",
        begins: FILED,
        way: &[
            APPROVE,
            CONFIRM,
            CONFIRM_OTHER,
            says("zhang.wei", "/风险 NO 外部变化 中/高 手动 @王芳 @郑云 政策变化 → 请法务复核"),
        ],
        acts: &[
            FIRE,
            says("wang.fang", "/风险 触发 NO-R1 政策变了"),
            says("zhang.wei", "/风险 停用 NO-R1"),
            CANCEL,
        ],
    },
    State {
        name: "an improvement is owed",
        begins: FILED,
        way: &[APPROVE, CONFIRM, CONFIRM_OTHER, says("li.na", "/改进 NO 评审前先对齐口径 @王芳 12月4日")],
        acts: &[
            says("wang.fang", "/已改进 NO-K1 对齐了"),
            says("he.xue", "/已改进 NO-K1 看到了"),
            says("li.na", "/改进 撤回 NO-K1 不需要了"),
            says("wang.fang", "/transfer NO @赵敏 我出差"),
            CANCEL,
        ],
    },
];

/// All of them.
pub const ALL: &[&[State]] = &[DECISIONS, RISKS_AND_IMPROVEMENTS];
