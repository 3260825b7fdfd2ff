//! What people type about decisions and risk plans, and what it is read as: rows as in `phrases`.
//!
//! Invariant: the number of a decision is never taken for a request, nor its options for a task.

use super::phrases::check;

#[test]
fn a_decision_is_asked_for_in_one_line() {
    check(&[
        ("/决策", "decide"),
        (
            "/决策 SCB-12 @陈杰 2d 选哪家供应商，本周要定 甲厂/乙厂",
            "ask days=2d decider=陈杰 options=甲厂/乙厂 request=SCB-012 subject=选哪家供应商，本周要定",
        ),
        (
            "/decide SCB-12 @gao.jianguo 3个工作日 追加预算",
            "ask days=3个工作日 decider=gao.jianguo request=SCB-012 subject=追加预算",
        ),
        ("/决策 SCB-12", "ask request=SCB-012"),
        ("/决策 SCB-12 选甲还是乙 @陈杰 @李娜", "fault at=李娜 command=decide problem=one_person"),
    ]);
}

#[test]
fn a_decision_is_made_and_taken_back_by_its_number() {
    check(&[
        ("/决策 SCB-12-D1", "look decision=1 request=SCB-012"),
        ("/决策 scb-12-d1 2 交期短", "decide decision=1 request=SCB-012 words=2 交期短"),
        ("/decide D2 乙厂", "decide decision=2 words=乙厂"),
        ("/决策 撤回 2026-Q4-SCB-001-D3", "take_back decision=3 request=2026-Q4-SCB-001"),
        ("/决策 撤回 SCB-12", "fault at=SCB-12 command=decide problem=numbered"),
    ]);
}

#[test]
fn a_risk_plan_is_typed_in_any_order() {
    check(&[
        ("/风险 SCB-12", "risk request=SCB-012"),
        ("/风险 添加 SCB-12", "plan request=SCB-012 said={}"),
        (
            "/风险 SCB-12 进度延迟 高/中 任务2 延期>3,7 @李娜 @陈杰 物料晚到 → 改用备选物料",
            "plan request=SCB-012 said={\"likelihood\":\"高\",\"measure\":\"改用备选物料\",\
             \"risk_description\":\"物料晚到\",\"risk_impact\":\"中\",\"risk_kind\":\"进度延迟\",\"risk_late\":\"3,7\",\
             \"risk_owner\":\"李娜\",\"risk_superior\":\"陈杰\",\"risk_watch\":\"2\"}",
        ),
        ("/risk fire SCB-12-R1 供应商停产", "fire reason=供应商停产 request=SCB-012 risk=1"),
        ("/风险 停用 SCB-12-R1", "retire request=SCB-012 risk=1"),
        ("/风险 修改 R2", "edit risk=2"),
        ("/风险 触发 SCB-12", "fault at=SCB-12 command=risk problem=numbered"),
        ("/风险 SCB-12 延误 @李娜 @陈杰 @王芳", "fault at=王芳 command=risk problem=one_person"),
    ]);
}
