//! What people type about tasks, and what it is read as: rows as in `phrases`.
//!
//! Invariant: an amount (`80%`) is never taken for a task, nor a day for a name.

use super::phrases::check;

#[test]
fn tasks_are_named_by_request_and_number() {
    check(&[
        (
            "/task add SCB-12 写接口文档 @李娜 12月4日 依赖 1,2",
            "task after=1,2 finish=12月4日 name=写接口文档 owner=李娜 request=SCB-012",
        ),
        ("/任务 SCB-12 联调 @wang.fang T+5", "task finish=T+5 name=联调 owner=wang.fang request=SCB-012"),
        ("/任务 修改 SCB-12/3", "edit request=SCB-012 task=3"),
        ("/task drop 2026-Q4-SCB-001/2", "drop request=2026-Q4-SCB-001 task=2"),
        ("/任务 改期 SCB-12/3 12月8日 缺料", "move reason=缺料 request=SCB-012 task=3 to=12月8日"),
        ("/任务 拆分 SCB-12", "break_down request=SCB-012"),
        ("/任务清单 SCB-12", "tasks request=SCB-012"),
        ("/开始 12/3", "start request=012 task=3"),
        ("/start 3", "start task=3"),
        ("/done SCB-12/3 先交付一半", "done reason=先交付一半 request=SCB-012 task=3"),
        ("/进度 80% 接口写完 明天：联调", "progress words=80% 接口写完 明天：联调"),
        ("/progress SCB-12/3 80% 写完", "progress request=SCB-012 task=3 words=80% 写完"),
        ("/验收 SCB-12", "accept request=SCB-012"),
        ("/accept SCB-12 return 2,3 太慢", "send_back reason=太慢 request=SCB-012 tasks=2,3"),
        ("/开始 SCB-12/x", "fault at=SCB-12/x command=start problem=task"),
        ("/任务 SCB-12 联调 @李娜 @王芳", "fault at=王芳 command=task problem=one_owner"),
    ]);
}
