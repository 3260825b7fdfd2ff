//! Tables of the policy that files of older versions do not have: without them the usual holds.

use std::collections::BTreeSet;

use serde::Deserialize;
use toml::de::DeTable;

use super::{DEFAULT, Reader};
use crate::domain::DepartmentId;
use crate::domain::mask::Names;
use crate::domain::pilot::Pilot;
use crate::domain::policy::Caps;
use crate::domain::quiet::{News, time_of};
use crate::domain::sheet::Sheet;

/// What came with tasks, and later.
const LATER: [&str; 13] = [
    "finish_task",
    "report_progress",
    "accept_delivery",
    "progress",
    "decide",
    "respond_issue",
    "respond_issue_urgent",
    "start_coordination",
    "update_issue",
    "resolve_issue",
    "close_issue",
    "improve",
    "issue",
];

/// Gives a policy of before there were tasks, decisions or issues the usual tables for them.
pub(super) fn complete(root: &mut DeTable<'_>) {
    if LATER.iter().all(|name| root.contains_key(*name)) {
        return;
    }
    let (_, usual) = Sheet::open("policy.toml", DEFAULT);
    for (name, table) in usual.into_iter().flatten() {
        if LATER.contains(&name.get_ref().as_ref()) && !root.contains_key(name.get_ref().as_ref()) {
            root.insert(name, table);
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PilotShape {
    departments: BTreeSet<DepartmentId>,
}

/// A policy of before there were digests has the usual ones.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuietShape {
    #[serde(default = "usual_cap")]
    per_day: u32,
    #[serde(default = "usual_digests")]
    digests: Vec<String>,
    #[serde(default = "usual_news")]
    news: News,
}

fn usual_cap() -> u32 {
    6
}

fn usual_digests() -> Vec<String> {
    vec!["09:10".to_owned(), "17:00".to_owned()]
}

fn usual_news() -> News {
    News::Digest
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VisibilityShape {
    mask_names: String,
}

impl<'t> Reader<'t, '_> {
    /// A table that only those have who are trying it out.
    pub(super) fn pilot(&mut self, root: &mut DeTable<'t>) -> Pilot {
        if !root.contains_key("pilot") {
            return Pilot::default();
        }
        let shape: Option<(_, PilotShape)> = self.shape(root, "pilot");
        shape.map(|(_, shape)| Pilot { departments: shape.departments }).unwrap_or_default()
    }

    pub(super) fn quiet(&mut self, root: &mut DeTable<'t>) -> Option<Caps> {
        let usual = || QuietShape { per_day: usual_cap(), digests: usual_digests(), news: usual_news() };
        let (start, shape) = match root.contains_key("quiet") {
            true => self.shape(root, "quiet")?,
            false => (0, usual()),
        };
        if shape.per_day == 0 {
            self.sheet.fault(start, "quiet.per_day", "nobody would hear anything", "at least 1");
        }
        let mut digests = Vec::new();
        for text in &shape.digests {
            match time_of(text) {
                Some(time) if digests.last().is_none_or(|last| *last < time) => digests.push(time),
                Some(_) => {
                    let problem = format!("`{text}` comes before the digest that it follows");
                    self.sheet.fault(start, "quiet.digests", problem, "write the times in their order");
                }
                None => {
                    let problem = format!("`{text}` is no time of day");
                    self.sheet.fault(start, "quiet.digests", problem, "write e.g. [\"09:10\", \"17:00\"]");
                }
            }
        }
        if shape.digests.is_empty() && shape.news == News::Digest {
            let remedy = "name a time, or write news = \"at_once\"";
            self.sheet.fault(start, "quiet.digests", "news would wait for ever", remedy);
        }
        Some(Caps { per_day: shape.per_day, digests, news: shape.news })
    }

    /// A table that policies of older versions do not have.
    pub(super) fn mask_names(&mut self, root: &mut DeTable<'t>) -> Names {
        if !root.contains_key("visibility") {
            return Names::default();
        }
        let Some((start, shape)) = self.shape::<VisibilityShape>(root, "visibility") else {
            return Names::default();
        };
        match shape.mask_names.as_str() {
            "outside" => Names::Outside,
            "never" => Names::Never,
            other => {
                let problem = format!("`{other}` is none of the ways");
                self.sheet.fault(start, "visibility.mask_names", problem, "write \"outside\" or \"never\"");
                Names::default()
            }
        }
    }
}
