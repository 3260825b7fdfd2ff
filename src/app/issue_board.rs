//! The issue board for one pair of eyes: what somebody still has to solve, by severity, the longest waiting first.
//!
//! Invariant: only what the reader may see is read or counted; an issue that was solved while the page was made is left
//! out of it.

use std::sync::Arc;

use super::{App, Trouble};
use crate::domain::permission::Eyes;
use crate::domain::request::Request;
use crate::domain::request::issue::{Issue, Severity};
use crate::domain::search::{MOST_LETTERS, MOST_WORDS, fold};
use crate::domain::{DepartmentId, PersonId, RequestId};
use crate::store::search::{self, IssuePlace, Issues};

/// Issues of a severity where all stand side by side.
const FEW: usize = 12;
/// Issues of a severity that stands alone.
const MANY: usize = 50;
/// Up to here a severity is counted.
pub const COUNTED: usize = 100;

/// An issue by its case file and number.
pub type Key = (RequestId, i64);

/// What narrows it; what is empty does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// This department is responsible.
    pub department: Option<DepartmentId>,
    /// Words in the report, the number, or the request's title.
    pub text: String,
    /// One severity alone.
    pub severity: Option<Severity>,
    /// Behind which issue it goes on.
    pub after: Option<Key>,
}

/// The issue board.
#[derive(Clone, Debug, Default)]
pub struct IssueBoard {
    /// Its groups, the gravest first.
    pub groups: Vec<Group>,
    /// More words than are looked for: nothing was.
    pub too_long: bool,
}

/// The issues of one severity.
#[derive(Clone, Debug)]
pub struct Group {
    /// Which.
    pub severity: Severity,
    /// How many there are from here on; [`COUNTED`] + 1 stands for more than that.
    pub count: usize,
    /// What is shown of them, the longest waiting first: case file and number.
    pub rows: Vec<(Arc<Request>, i64)>,
    /// Behind which issue there are more.
    pub more: Option<Key>,
}

impl App {
    /// The issue board as a person sees it.
    pub async fn issue_board(&self, person: &PersonId, filter: &Filter) -> Result<IssueBoard, Trouble> {
        let words: Vec<String> = filter.text.split_whitespace().map(fold).filter(|w| !w.is_empty()).collect();
        if words.len() > MOST_WORDS || filter.text.chars().count() > MOST_LETTERS {
            return Ok(IssueBoard { groups: Vec::new(), too_long: true });
        }
        let company = self.company();
        let eyes = Eyes::of(&company.directory, person, company.calendar.date_of(self.clock.now()));
        let after = match &filter.after {
            Some((request, number)) => search::issue_place(&self.db, request, *number).await?,
            None => None,
        };
        let mut groups = Vec::new();
        for severity in Severity::ALL.into_iter().filter(|s| filter.severity.is_none_or(|only| only == *s)) {
            let (eyes, words) = (eyes.clone(), words.clone());
            let query = Issues { eyes, severity, department: filter.department.clone(), words };
            let most = if filter.severity.is_some() { MANY } else { FEW };
            let found = search::open_issues(&self.db, &query, after.as_ref(), COUNTED + 1).await?;
            groups.push(self.group(severity, (&found, most)).await?);
        }
        Ok(IssueBoard { groups, too_long: false })
    }

    async fn group(
        &self,
        severity: Severity,
        (found, most): (&[IssuePlace], usize),
    ) -> Result<Group, Trouble> {
        let mut rows = Vec::new();
        for IssuePlace { request, number, .. } in found.iter().take(most) {
            let file = self.file(request).await?;
            let open = |file: &Arc<Request>| file.issue(*number).is_some_and(Issue::is_open);
            rows.extend(file.filter(open).map(|file| (file, *number)));
        }
        let last = found.iter().take(most).next_back().filter(|_| found.len() > most);
        let more = last.map(|place| (place.request.clone(), place.number));
        Ok(Group { severity, count: found.len(), rows, more })
    }
}
