//! How people stand to an issue.

use super::{Case, Relation, own};
use crate::domain::directory::Holder;
use crate::domain::request::Issue;

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
