//! A task list that somebody has as a sheet: all of its rows in one act, or what that would come to.
//!
//! Invariant: one act on one file; a list with a single fault changes nothing.

use super::sought::{Read, Sought, a_form};
use crate::app::form::{account, place};
use crate::app::{Act, App, Trouble};
use crate::domain::PersonId;
use crate::domain::change::{FormKind, FormReply, Reply};
use crate::domain::permission::Doing;
use crate::domain::request::task::{form as f2, table};
use crate::domain::request::{Request, Task, TaskAct};
use crate::intent::{FormValues, Intent, TaskWant, Want};

/// What an import would come to.
pub struct Trial {
    /// The answer that its person would get.
    pub reply: Reply,
    /// The tasks that it would add; none where it is refused.
    pub tasks: Vec<Task>,
}

impl App {
    /// What a list would come to for this person now; nothing is written.
    pub async fn would_import(
        &self,
        person: &PersonId,
        request: &str,
        values: FormValues,
    ) -> Result<Trial, Trouble> {
        let want = Want::Task(TaskWant::Import { request: Some(request.to_owned()) });
        let key = String::new();
        let (account, place) = (account(person), place());
        let intent = Intent { key, account, place, reply_to: None, want, values, drawing: None };
        let mut act = self.begins(&intent, true, self.db.later());
        let reply = self.carry_out(&mut act).await?;
        let Some((_, file)) = act.saved.pop() else { return Ok(Trial { reply, tasks: Vec::new() }) };
        let given = self.files.read(&self.db, &file.id).await?.map_or(0, |before| before.tasks_given);
        let new = |task: &Task| task.number > given;
        Ok(Trial { reply, tasks: file.tasks.into_iter().filter(new).collect() })
    }
}

impl Act<'_> {
    /// The rows of a list as one act, or the list again with what is wrong in it.
    pub(super) fn importing(&self, file: &Request, person: &PersonId) -> Read {
        file.case(self.company.rules(self.now)).may(person, Doing::Plan, None)?;
        let values = &self.intent.values;
        let day = |text: &str| self.day_of(file, text);
        let department = |text: &str| self.department(text);
        let owner = |text: &str| self.one_person(text);
        let typed = f2::Typed { values, day: &day, department: &department, person: &owner };
        Ok(match table::check(&typed, file, self.company.rules(self.now)) {
            Ok(drafts) => Sought::Act(TaskAct::Import { drafts }),
            Err(faults) => Sought::Form(FormReply { faults, ..a_form(file, FormKind::Task, values.clone()) }),
        })
    }
}
