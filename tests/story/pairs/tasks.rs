//! What can be done with the work on a request: its plan, a task, the delivery.

use super::act::{Act, State, fills, presses, says};
use super::requests::{APPROVE, CANCEL, CONFIRM, CONFIRM_OTHER, FILED};

const SPLIT: Act = says("zhang.wei", "/任务 拆分 NO");
const ADD: Act = says("zhang.wei", "/task add NO 整理上市清单 @孙丽 2026-12-10");
const DROP: Act = says("zhang.wei", "/task drop NO/1");
const START: Act = says("li.na", "/start NO/1");
const FINISH: Act = says("li.na", "/done NO/1");
const FINISH_OTHER: Act = says("wang.fang", "/done NO/2");
const ANOTHER_DAY: Act = says("li.na", "/task move NO/1 2026-12-18 等供应商资料");

pub const PLANNED: &[State] = &[
    State {
        name: "confirmed",
        begins: FILED,
        way: &[APPROVE, CONFIRM, CONFIRM_OTHER],
        acts: &[
            SPLIT,
            says("liu.yang", "/任务 拆分 NO"),
            ADD,
            says("zhang.wei", "/date NO 2026-12-16 供应商延期"),
            CANCEL,
        ],
    },
    State {
        name: "a task waits for another",
        begins: FILED,
        way: &[
            APPROVE,
            CONFIRM,
            CONFIRM_OTHER,
            SPLIT,
            fills(
                "zhang.wei",
                "/task edit NO/2",
                &[("task_name", "测算推广预算"), ("task_owner", "王芳"), ("task_after", "1")],
            ),
        ],
        acts: &[
            START,
            FINISH,
            says("wang.fang", "/done NO/2 用去年的资料先算完了"),
            DROP,
            says("zhang.wei", "/task drop NO/2"),
        ],
    },
];

pub const DONE: &[State] = &[
    State {
        name: "one task is in progress, the other is done",
        begins: FILED,
        way: &[APPROVE, CONFIRM, CONFIRM_OTHER, SPLIT, FINISH_OTHER, START],
        acts: &[
            FINISH,
            says("li.na", "/progress NO/1 100% 全部完成"),
            says("li.na", "/progress NO/1 50% 完成一半 下一步：校对"),
            ANOTHER_DAY,
            DROP,
            ADD,
            CANCEL,
        ],
    },
    State {
        name: "another day is asked for",
        begins: FILED,
        way: &[APPROVE, CONFIRM, CONFIRM_OTHER, SPLIT, ANOTHER_DAY],
        acts: &[
            presses("zhang.wei", "agree_move", &[]),
            FINISH,
            DROP,
            says("li.na", "/task move NO/1 2026-12-25 还要等"),
        ],
    },
    State {
        name: "delivered",
        begins: FILED,
        way: &[APPROVE, CONFIRM, CONFIRM_OTHER, SPLIT, FINISH, FINISH_OTHER],
        acts: &[
            says("zhang.wei", "/accept NO"),
            says("liu.yang", "/accept NO"),
            says("zhang.wei", "/accept NO 退回 2 缺少敏感性分析"),
            CANCEL,
        ],
    },
];

/// All of them.
pub const ALL: &[&[State]] = &[PLANNED, DONE];
