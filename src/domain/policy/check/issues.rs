//! `[issue]` and `[respond_issue_urgent]` of the policy.

use serde::Deserialize;
use toml::de::DeTable;

use super::Reader;
use crate::domain::policy::{Issues, OnSeverity};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IssueShape {
    on_severity: String,
    unplanned_urgent: String,
    unplanned: String,
    late_after: String,
    group_within: String,
    /// A policy of before there was such a deadline closes, too.
    #[serde(default = "usual_closing")]
    close_unanswered: bool,
}

fn usual_closing() -> bool {
    true
}

impl<'t> Reader<'t, '_> {
    /// What holds for issues besides the rows of their kinds.
    pub(super) fn issues(&mut self, root: &mut DeTable<'t>) -> Option<Issues> {
        let urgent = self.section(root, "respond_issue_urgent");
        let urgent = urgent.and_then(|table| self.row("respond_issue_urgent", table));
        let (start, shape): (_, IssueShape) = self.shape(root, "issue")?;
        let on_severity = OnSeverity::named(&shape.on_severity);
        if on_severity.is_none() {
            let problem = format!("`{}` is none of the ways", shape.on_severity);
            let remedy = "write \"keep\", \"restart\" or \"rebudget\"";
            self.sheet.fault(start, "issue.on_severity", problem, remedy);
        }
        let unplanned_urgent = self.span(start, "issue.unplanned_urgent", &shape.unplanned_urgent);
        let unplanned = self.span(start, "issue.unplanned", &shape.unplanned);
        let late_after = self.span(start, "issue.late_after", &shape.late_after);
        let group_within = self.span(start, "issue.group_within", &shape.group_within);
        Some(Issues {
            urgent: urgent?,
            on_severity: on_severity?,
            unplanned_urgent: unplanned_urgent?,
            unplanned: unplanned?,
            late_after: late_after?,
            group_within: group_within?,
            close_unanswered: shape.close_unanswered,
        })
    }
}
