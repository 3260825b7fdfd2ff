//! `/requests/{no}/tasks`: a task list from a file, looked through before it is added; and the list as a file to take away.
//!
//! Invariants: looking writes nothing; what is added was shown on a page of ours to the same session, and is one act
//! however often it is sent; the act goes the road of a pressed button, so rights are asked again.
#![deny(clippy::indexing_slicing)]

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::Web;
use super::board::{page as frame, put_off, reader};
use super::form::is_foreign;
use super::session::Cookie;
use crate::app::{Trouble, form as road};
use crate::clock::fresh_id;
use crate::domain::RequestId;
use crate::domain::request::task::MOST_TASKS;
use crate::engine::stage::pages::Reader;
use crate::engine::stage::pages::task_list::{Checked, ListDoor};
use crate::intent::task_list::{Slip, TaskList, every_field, read};
use crate::intent::{FormValues, Inbound, Said, TaskWant, Want};

pub mod download;
mod page;
mod parts;

use page::{Page, Shown};

/// What a page posts.
const SUBMISSION: &str = "_submission";
const FILE: &str = "file";
const LIST: &str = "list";
/// Bytes of a list that was read, so that the page that shows it can send it back under the limit of bodies.
const MOST_LIST: usize = 200 * 1024;

/// Whoever is at a page of a request.
struct Visit<'a> {
    web: &'a Web,
    reader: Reader,
    /// What the session's submissions are for.
    purpose: String,
    number: String,
    door: ListDoor,
}

/// `GET /requests/{no}/tasks`
pub async fn open(State(web): State<Web>, Path(number): Path<String>, headers: HeaderMap) -> Response {
    match visit(&web, number, &headers).await {
        Ok(visit) => visit.shows(&Shown::Choose, StatusCode::OK),
        Err(answer) => *answer,
    }
}

/// `POST /requests/{no}/tasks`: a file to look at, or a list that was looked at to add.
pub async fn submit(
    State(web): State<Web>,
    Path(number): Path<String>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let visit = match visit(&web, number, &headers).await {
        Ok(visit) => visit,
        Err(answer) => return *answer,
    };
    let parts = parts::parts(form).await;
    let posted = |name: &str| parts.iter().find(|(part, _)| part == name).map(|(_, bytes)| &**bytes);
    let submission = posted(SUBMISSION).and_then(|bytes| std::str::from_utf8(bytes).ok());
    let now = web.engine.app().clock().machine();
    let key = submission.and_then(|mark| web.engine.links().key_of(&visit.purpose, mark, now));
    let Some(key) = key.filter(|_| !is_foreign(&headers)) else {
        web.engine.metrics().count("rejected");
        return visit.shows(&Shown::NotFromHere, StatusCode::FORBIDDEN);
    };
    let checked = match (posted(LIST), posted(FILE)) {
        (Some(list), _) => match listed(list) {
            Some(values) => Box::pin(visit.adds(key, values)).await,
            None => return visit.shows(&Shown::NotFromHere, StatusCode::BAD_REQUEST),
        },
        (None, Some(file)) if !file.is_empty() => Box::pin(visit.looks_at(file)).await,
        (None, _) => return visit.shows(&Shown::NoFile, StatusCode::UNPROCESSABLE_ENTITY),
    };
    match checked {
        Ok((checked, list)) => {
            let status = match checked {
                Checked::Right(_) | Checked::Added(_) => StatusCode::OK,
                Checked::Wrong(..) => StatusCode::UNPROCESSABLE_ENTITY,
                Checked::Refused(_) => StatusCode::CONFLICT,
            };
            visit.shows(&Shown::Checked(&checked, &list), status)
        }
        Err(trouble) => put_off(visit.reader.lang, &trouble),
    }
}

/// What a page of ours sends back; `None`: it is not what such a page holds.
fn listed(bytes: &[u8]) -> Option<FormValues> {
    let values: FormValues = serde_json::from_slice(bytes).ok()?;
    (values.len() <= MOST_TASKS * every_field().count()).then_some(values)
}

/// Who comes, to which request; or the page for whoever cannot.
async fn visit<'a>(web: &'a Web, number: String, headers: &HeaderMap) -> Result<Visit<'a>, Box<Response>> {
    let reader = reader(web, headers, &format!("/requests/{number}/tasks")).await?;
    match web.engine.list_door(&reader, &RequestId::new(number.clone())).await {
        Ok(Some(door)) => {
            let session = Cookie::Session.of(web, headers).unwrap_or_default();
            let purpose = format!("{session} tasks of {number}");
            Ok(Visit { web, reader, purpose, number, door })
        }
        Ok(None) => Err(Box::new(frame::not_found(&reader))),
        Err(trouble) => Err(Box::new(put_off(reader.lang, &trouble))),
    }
}

impl Visit<'_> {
    fn id(&self) -> RequestId {
        RequestId::new(self.number.clone())
    }

    fn shows(&self, shown: &Shown, status: StatusCode) -> Response {
        let submission = self.web.engine.links().submission(&self.purpose, &fresh_id());
        let page =
            Page { reader: &self.reader, number: &self.number, door: &self.door, submission: &submission };
        page.answer(shown, status)
    }

    async fn looks_at(&self, file: &[u8]) -> Result<(Checked, TaskList), Trouble> {
        let mut list = read(file);
        if page::carried(&list).len() > MOST_LIST {
            list = TaskList::slipped(Slip::of_file("too_long"));
        }
        Ok((self.web.engine.check_list(&self.reader, &self.id(), &list).await?, list))
    }

    async fn adds(&self, key: String, values: FormValues) -> Result<(Checked, TaskList), Trouble> {
        let engine = &self.web.engine;
        let want = Want::Task(TaskWant::Import { request: Some(self.number.clone()) });
        let said = Said::Press { want, values: values.clone(), drawing: None };
        let account = road::account(&self.reader.person);
        let inbound = Inbound { event: key, account, place: road::place(), said };
        engine.metrics().count("heard");
        let list = TaskList::of_values(values);
        let heard = engine.app().hear(inbound, "").await?;
        let heard = heard.ok_or_else(|| Trouble::broken("a task list was not heard"))?;
        Ok((engine.list_after(&self.reader, (&self.id(), &list), &heard).await?, list))
    }
}
