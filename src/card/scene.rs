//! What a card is drawn from: the reader, the time, and the state as it is at that moment.

use jiff::tz::TimeZone;

use super::paused::Paused;
use crate::domain::calendar::Calendar;
use crate::domain::change::{Audit, Bulk, Preferences};
use crate::domain::directory::Directory;
use crate::domain::obligation::{Kind, Obligation};
use crate::domain::permission::Case;
use crate::domain::policy::Step;
use crate::domain::quiet::Wishes;
use crate::domain::request::decision::Decision;
use crate::domain::request::{Request, Route, State, Task, Version};
use crate::domain::search::Turn;
use crate::domain::{Date, DepartmentId, Lang, PersonId, RequestId, Timestamp};

/// Everything that card functions may look at.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// Who reads; `None` in a group.
    pub reader: Option<&'a PersonId>,
    /// In which language.
    pub lang: Lang,
    /// The service's time.
    pub now: Timestamp,
    /// The company's time zone.
    pub zone: &'a TimeZone,
    /// Today, in that zone.
    pub today: Date,
    /// Working days, for what is worked out on the card.
    pub calendar: &'a Calendar,
    /// Who is who.
    pub directory: &'a Directory,
    /// The request that it is about, as it is now, with its open obligations.
    pub request: Option<&'a Request>,
    /// The history of that request, oldest first; empty where no history is shown.
    pub history: &'a [Line],
    /// An older version of it, for the difference.
    pub earlier: Option<&'a Version>,
    /// What a view lists.
    pub view: &'a ViewData,
    /// The reader has no part in what is shown, and names are masked for such readers.
    pub masks: bool,
}

impl<'a> Scene<'a> {
    /// The request before a permission question.
    pub fn case(&self, request: &'a Request) -> Case<'a> {
        Case { request, directory: self.directory, today: self.today }
    }
}

/// A line of the history.
#[derive(Clone, Debug)]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// What.
    pub audit: Audit,
}

/// What a view shows, looked up by `app::view`.
#[derive(Clone, Debug, Default)]
pub enum ViewData {
    /// The view needs nothing besides the scene.
    #[default]
    Nothing,
    /// What the reader owes, soonest first.
    My(Vec<Owed>),
    /// What several late steps are about, each with its file.
    Merged(Vec<(std::sync::Arc<Request>, Owed)>),
    /// A page of requests that were found.
    List(Found),
    /// How each open obligation of the request came about.
    Why(Vec<Sum>),
    /// Who the reader is.
    Whoami(Me),
    /// How the service is.
    Status(Status),
    /// Candidates to pick from.
    Pick(Vec<Listed>),
    /// What a digest says, oldest first.
    Digest(Vec<Part>),
    /// What an empty form offers: templates by id and name, and how many drafts there are.
    Offers { templates: Vec<(String, String)>, drafts: usize },
    /// Forms that were not filed yet, newest first.
    Drafts(Vec<Begun>),
    /// What can be done with several at once, and the titles of what was done.
    Batch(Vec<Choosable>),
    /// Where a form would go if it were filed now.
    Route(Route),
    /// What the reader has to report on.
    Progress(Vec<Reportable>),
    /// The address that lets the reader in to the pages.
    Board(String),
    /// What the reader has to decide, soonest first.
    Decisions(Vec<(Owed, Decision)>),
    /// Issues that the reader may see, each with its file.
    Issues(Vec<(std::sync::Arc<Request>, i64)>),
}

/// A task that the reader has to report on.
#[derive(Clone, Debug)]
pub struct Reportable {
    /// The request.
    pub request: RequestId,
    /// Its title.
    pub title: String,
    /// The task.
    pub task: Task,
    /// The round asked for it.
    pub owed: bool,
    /// It waits for a predecessor that was taken up again.
    pub blocked: bool,
}

/// One line of a digest.
#[derive(Clone, Debug)]
pub struct Part {
    /// The request.
    pub request: RequestId,
    /// Its title.
    pub title: String,
    /// What the card of the notice alone says on top.
    pub line: String,
    /// Somebody's words in it.
    pub words: Option<String>,
    /// What the reader is asked for, when that is due.
    pub due: Option<Timestamp>,
}

/// Something that the reader can decide on or urge, together with others.
#[derive(Clone, Debug)]
pub struct Choosable {
    /// What can be done.
    pub doing: Bulk,
    /// The request.
    pub request: RequestId,
    /// Its title.
    pub title: String,
    /// The department whose answer it is.
    pub department: DepartmentId,
    /// The content version now.
    pub revision: i64,
    /// When it is due.
    pub due_at: Timestamp,
}

/// A form that was not filed yet.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Its key.
    pub key: String,
    /// As typed; may be empty.
    pub title: String,
    /// The request that it edits; `None` for a new one.
    pub request: Option<RequestId>,
    /// When it was last kept.
    pub saved_at: Timestamp,
}

/// Something that the reader owes.
#[derive(Clone, Debug)]
pub struct Owed {
    /// The request.
    pub request: RequestId,
    /// Its title.
    pub title: String,
    /// What is owed.
    pub obligation: Obligation,
}

/// A request in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its number.
    pub id: RequestId,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// Who asks.
    pub initiator: PersonId,
    /// For which department.
    pub department: DepartmentId,
    /// Who owes what about it, longest first.
    pub owes: Vec<Owes>,
    /// The reader has no part in it: names are masked.
    pub masks: bool,
}

/// Somebody who owes something.
#[derive(Clone, Debug)]
pub struct Owes {
    /// Who.
    pub person: PersonId,
    /// What.
    pub kind: Kind,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub due: Timestamp,
}

/// A page of requests that were found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Its lines.
    pub rows: Vec<Listed>,
    /// Which page, from 1.
    pub page: u32,
    /// How many there are in all.
    pub total: usize,
    /// Whether there are more than that.
    pub uncounted: bool,
    /// Where the page before this one is.
    pub newer: Option<Turn>,
    /// Where the next one is.
    pub older: Option<Turn>,
    /// More was typed than is looked for.
    pub too_long: bool,
}

/// How a deadline came about, and what fires next.
#[derive(Clone, Debug)]
pub struct Sum {
    /// The obligation.
    pub obligation: Obligation,
    /// When the sum really began: the opening moved into working time, where the unit asks for that.
    pub counted_from: Timestamp,
    /// Days that did not count, each with its reason.
    pub skipped: Vec<(Date, Closed)>,
    /// Steps to come with the instant of the rule and the instant after quiet hours.
    pub steps: Vec<(Step, Timestamp, Timestamp)>,
}

/// Why a day does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Saturday or Sunday.
    Weekend,
    /// A public holiday, by name.
    Holiday(String),
    /// The company closed it, with its reason.
    Company(String),
}

/// Who the reader is.
#[derive(Clone, Debug, Default)]
pub struct Me {
    /// Departments whose head the reader is today.
    pub heads: Vec<DepartmentId>,
    /// Departments whose contact the reader is today.
    pub contacts: Vec<DepartmentId>,
    /// For whom the reader stands in today.
    pub stands_in_for: Vec<PersonId>,
    /// Own settings.
    pub preferences: Preferences,
    /// How much the reader hears.
    pub wishes: Wishes,
}

/// How the service is, for administrators.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// Of the program.
    pub version: String,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// Requests by state name.
    pub requests: Vec<(String, i64)>,
    /// Open obligations.
    pub open: i64,
    /// Overdue ones among them.
    pub overdue: i64,
    /// Notices waiting.
    pub waiting: i64,
    /// Dead letters.
    pub dead: i64,
    /// What is not sent at the moment.
    pub pauses: Vec<Paused>,
    /// Holidays are known until then.
    pub known_until: Option<Date>,
}
