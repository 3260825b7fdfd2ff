//! What a card is drawn from: the reader, the time, and the state as it is at that moment.

use jiff::tz::TimeZone;

use crate::domain::calendar::Calendar;
use crate::domain::change::{Audit, Preferences};
use crate::domain::directory::Directory;
use crate::domain::obligation::Obligation;
use crate::domain::permission::Case;
use crate::domain::policy::Step;
use crate::domain::request::{Request, State, Task, Version};
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
    /// Requests, and whether there is a further page.
    List { rows: Vec<Listed>, page: u32, more: bool },
    /// How each open obligation of the request came about.
    Why(Vec<Sum>),
    /// Who the reader is.
    Whoami(Me),
    /// How the service is.
    Status(Status),
    /// Candidates to pick from.
    Pick(Vec<Listed>),
    /// What the reader has to report on.
    Progress(Vec<Reportable>),
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
    /// When it is wanted.
    pub wanted_by: Date,
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
    /// Sending is paused since then.
    pub paused_since: Option<Timestamp>,
    /// Holidays are known until then.
    pub known_until: Option<Date>,
}
