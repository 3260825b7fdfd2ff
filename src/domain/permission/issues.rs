//! How people stand to an issue.

use super::{Authority, Case, Doing, Relation, own, row};
use crate::domain::PersonId;
use crate::domain::change::Refusal;
use crate::domain::directory::Holder;
use crate::domain::obligation::{Kind, Obligation};
use crate::domain::request::Issue;

impl Case<'_> {
    /// Whether `person` may do it with one issue: whoever stands so to it, or to the department that is responsible.
    pub fn may_issue(&self, person: &PersonId, doing: Doing, issue: &Issue) -> Result<Authority, Refusal> {
        let relations = row(doing);
        // What the reporting side owes does not make it the one that solves, nor the other way about.
        let agrees = doing == Doing::CloseIssue;
        let fits = |o: &&Obligation| o.issue == Some(issue.number) && (o.kind == Kind::CloseIssue) == agrees;
        let of_issue = |r: &Relation| match r {
            Relation::Debtor => self.request.owed().filter(fits).map(|o| o.debtor.clone()).collect(),
            other => holders(self, *other, issue),
        };
        let rights = relations.iter().filter(|_| self.directory.is_active(person));
        let found = rights.flat_map(of_issue).find(|h| self.is(person, h));
        match found {
            Some(holder) => Ok(self.authority(person, holder)),
            None => Err(Refusal::NotYours { who: relations.iter().flat_map(of_issue).take(1).collect() }),
        }
    }
}

/// The people of a relation to one issue. What is not about issues is asked of the responsible department.
pub(super) fn holders(case: &Case, relation: Relation, issue: &Issue) -> Vec<Holder> {
    let (directory, today, department) = (case.directory, case.today, &issue.report.department);
    match relation {
        Relation::Reporter => vec![own(&issue.reporter)],
        Relation::ReporterHead => {
            let home = directory.person(&issue.reporter).map(|p| &p.department);
            home.and_then(|d| directory.head(d, today)).into_iter().collect()
        }
        Relation::Resolver => {
            let resolver = issue.resolver.as_ref();
            resolver.map(|p| directory.present(p, today).unwrap_or_else(|| own(p))).into_iter().collect()
        }
        Relation::Responsible => [
            directory.contact(department, today),
            directory.head(department, today),
            directory.supervisor(department, today),
        ]
        .into_iter()
        .flatten()
        .collect(),
        Relation::Debtor => {
            let owed = case.request.owed().filter(|o| o.issue == Some(issue.number));
            owed.map(|o| o.debtor.clone()).collect()
        }
        other => case.holders(other, Some(department)),
    }
}
