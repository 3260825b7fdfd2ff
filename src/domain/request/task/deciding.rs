//! What a person does with tasks, act by act: the table of contents of this part of the process.

use super::TaskAct;
use crate::domain::PersonId;
use crate::domain::change::{Change, Refusal};
use crate::domain::request::{Request, Rules};

impl Request {
    /// Decides on an act about tasks.
    pub(in crate::domain::request) fn on_task(
        &self,
        act: &TaskAct,
        by: &PersonId,
        rules: Rules,
    ) -> Result<Change, Refusal> {
        match act {
            TaskAct::BreakDown => self.break_down(by, rules),
            TaskAct::Add { draft } => self.add_task(by, draft, rules),
            TaskAct::Edit { task, draft } => self.edit_task(by, (*task, draft), rules),
            TaskAct::Drop { task } => self.drop_task(by, *task, rules),
            TaskAct::Start { task } => self.start_task(by, *task, rules),
            TaskAct::Finish { task, reason } => self.finish_task(by, (*task, reason), rules),
            TaskAct::Move { task, to, reason } => self.move_task(by, (*task, *to, reason), rules),
            TaskAct::AnswerMove { task, agreed, reason } => {
                self.answer_move(by, (*task, *agreed, reason), rules)
            }
            TaskAct::Report { reports } => self.report(by, reports, rules),
            TaskAct::SignOff { task } => self.sign_off(by, *task, rules),
            TaskAct::Accept => self.accept(by, rules),
            TaskAct::SendBack { tasks, reason } => self.send_back_delivery(by, (tasks, reason), rules),
            TaskAct::Import { drafts } => self.import_tasks(by, drafts, rules),
        }
    }
}
