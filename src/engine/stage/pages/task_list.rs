//! A task list that comes by a page: who may add one, what it would come to, and what came of it, in words for one reader.
//!
//! Invariant: looking writes nothing; whoever may not see the request learns nothing of it.

use super::{Reader, Stage};
use crate::app::{Heard, Trouble};
use crate::card::answer::answer;
use crate::card::task_list::{Complaint, Table, complaints, planned, sheet, slips, written};
use crate::domain::RequestId;
use crate::domain::change::{FieldFault, Refusal, Reply};
use crate::engine::Engine;
use crate::intent::FormValues;
use crate::intent::task_list::TaskList;

/// What somebody may do with the task list of a request.
pub struct ListDoor {
    /// 协作事项
    pub title: String,
    /// Why no tasks can be added, if so.
    pub refused: Option<String>,
}

/// What came, or would come, of a list.
pub enum Checked {
    /// It can be added; the tasks as they would be planned.
    Right(Table),
    /// Something is wrong; the list as it was written, where it could be read.
    Wrong(Table, Vec<Complaint>),
    /// Nothing of the kind can be done.
    Refused(String),
    /// It was added.
    Added(String),
}

impl Engine {
    /// Whether a reader may add tasks; `None` if the request does not exist for them.
    pub async fn list_door(&self, reader: &Reader, id: &RequestId) -> Result<Option<ListDoor>, Trouble> {
        let Some(file) = self.app.file_for(&reader.person, id).await? else { return Ok(None) };
        let trial = self.app.would_import(&reader.person, id.as_str(), FormValues::new()).await?;
        let title = file.content.title.clone();
        // A list without a row changes nothing for whoever may add tasks, and is not theirs to others.
        let refused = match &trial.reply {
            Reply::Refused { refusal: Refusal::NothingChanged, .. } => None,
            other => Some(words(other, &self.stage_for(reader, Some(file)))),
        };
        Ok(Some(ListDoor { title, refused }))
    }

    /// What a list would come to for this reader now.
    pub async fn check_list(
        &self,
        reader: &Reader,
        id: &RequestId,
        list: &TaskList,
    ) -> Result<Checked, Trouble> {
        let stage = self.stage_for(reader, self.app.file_for(&reader.person, id).await?);
        let scene = stage.scene();
        if !list.slips.is_empty() {
            let found = slips(list, reader.lang);
            return Ok(Checked::Wrong(written(list, &found, &scene), found));
        }
        let trial = self.app.would_import(&reader.person, id.as_str(), list.values.clone()).await?;
        Ok(match &trial.reply {
            Reply::Done { .. } => Checked::Right(planned(&trial.tasks, &scene)),
            other => came_of(other, list, &stage),
        })
    }

    /// What came of a list that was to be added.
    pub async fn list_after(
        &self,
        reader: &Reader,
        (id, list): (&RequestId, &TaskList),
        heard: &Heard,
    ) -> Result<Checked, Trouble> {
        let stage = self.stage_for(reader, self.app.file_for(&reader.person, id).await?);
        Ok(came_of(&heard.reply, list, &stage))
    }

    /// What is wrong with the rows of a list, in words.
    pub fn list_faults(&self, reader: &Reader, list: &TaskList, faults: &[FieldFault]) -> Vec<Complaint> {
        complaints(list, faults, &self.stage_for(reader, None).scene())
    }

    /// The tasks of a request as a sheet to take away; `None` if it does not exist for them.
    pub async fn list_sheet(
        &self,
        reader: &Reader,
        id: &RequestId,
    ) -> Result<Option<Vec<Vec<String>>>, Trouble> {
        let Some(file) = self.app.file_for(&reader.person, id).await? else { return Ok(None) };
        Ok(Some(sheet(&file, &self.stage_for(reader, Some(file.clone())).scene())))
    }
}

fn came_of(reply: &Reply, list: &TaskList, stage: &Stage) -> Checked {
    let scene = stage.scene();
    match reply {
        Reply::Done { .. } => Checked::Added(words(reply, stage)),
        Reply::Form(form) => {
            let found = complaints(list, &form.faults, &scene);
            Checked::Wrong(written(list, &found, &scene), found)
        }
        Reply::Refused { .. } | Reply::View(_) | Reply::Silent => Checked::Refused(words(reply, stage)),
    }
}

fn words(reply: &Reply, stage: &Stage) -> String {
    let said = answer(reply, &stage.scene());
    let title = said.card.map(|card| card.title);
    said.toast.map(|toast| toast.text).or(title).unwrap_or_default()
}
