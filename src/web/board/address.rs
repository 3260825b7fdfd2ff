//! What narrows the board, as it stands in an address; and addresses that narrow it.
//!
//! Invariant: an address that cannot be read narrows less, and is never an error.

use crate::app::board::{COLUMNS, Filter};
use crate::app::issue_board;
use crate::domain::directory::Directory;
use crate::domain::request::Priority;
use crate::domain::request::issue::Severity;
use crate::domain::{DepartmentId, PersonId, RequestId};

/// What stands behind the `?`, as typed and as it was understood.
#[derive(Clone, Debug, Default)]
pub struct Address {
    /// As typed: what fields show again.
    pub typed: Vec<(&'static str, String)>,
    /// As understood.
    pub filter: Filter,
    /// The view by departments.
    pub by_department: bool,
}

/// What may stand there.
const NAMES: [&str; 9] =
    ["text", "department", "person", "priority", "column", "before", "by", "severity", "after"];

/// The words of priorities in addresses.
pub const PRIORITIES: [(&str, Priority); 3] =
    [("high", Priority::High), ("medium", Priority::Medium), ("low", Priority::Low)];

impl Address {
    /// Reads what stands there.
    pub fn read(pairs: &[(String, String)], directory: &Directory) -> Self {
        let value = |name: &str| {
            let found = pairs.iter().find(|(n, v)| n == name && !v.trim().is_empty());
            found.map(|(_, v)| v.trim().chars().take(200).collect::<String>())
        };
        let typed = NAMES.iter().filter_map(|name| Some((*name, value(name)?))).collect();
        let people = |typed: String| -> Vec<PersonId> {
            directory.find_person(&typed).into_iter().map(|p| p.id.clone()).collect()
        };
        let column = value("column").unwrap_or_default();
        let priority = value("priority").unwrap_or_default();
        let filter = Filter {
            department: value("department").map(DepartmentId::new),
            people: value("person").map(people),
            priority: PRIORITIES.iter().find(|(name, _)| *name == priority).map(|(_, p)| *p),
            text: value("text").unwrap_or_default(),
            column: COLUMNS.iter().map(|(name, _)| *name).find(|name| *name == column),
            before: value("before").map(RequestId::new),
        };
        Self { typed, by_department: value("by").as_deref() == Some("department"), filter }
    }

    /// As typed.
    pub fn value(&self, name: &str) -> &str {
        self.typed.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v)
    }

    /// The severity that stands alone on the issue board.
    pub fn severity(&self) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| severity.name() == self.value("severity"))
    }

    /// What narrows the issue board.
    pub fn issues(&self) -> issue_board::Filter {
        let after = || {
            let (request, number) = self.value("after").rsplit_once("-I")?;
            Some((RequestId::new(request), number.parse().ok()?))
        };
        issue_board::Filter {
            department: self.filter.department.clone(),
            text: self.filter.text.clone(),
            severity: self.severity(),
            after: self.severity().and_then(|_| after()),
        }
    }

    /// The board's address with other values; an empty one is left out.
    pub fn with(&self, changes: &[(&'static str, &str)]) -> String {
        self.onward("board", changes)
    }

    /// The same for another page.
    pub fn onward(&self, page: &str, changes: &[(&'static str, &str)]) -> String {
        let changed = |name: &str| changes.iter().any(|(n, _)| *n == name);
        let kept = self.typed.iter().filter(|(name, _)| !changed(name)).map(|(n, v)| (*n, v.as_str()));
        let pairs = kept.chain(changes.iter().copied()).filter(|(_, value)| !value.is_empty());
        let query: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        if query.is_empty() { page.to_owned() } else { format!("{page}?{}", query.join("&")) }
    }

    /// Whether a person was asked for whom nobody knows.
    pub fn has_unknown_person(&self) -> bool {
        self.filter.people.as_ref().is_some_and(Vec::is_empty)
    }

    /// Whether anything is narrowed by the fields of the form.
    pub fn is_narrowed(&self) -> bool {
        ["text", "department", "person", "priority"].iter().any(|name| !self.value(name).is_empty())
    }
}

/// A value in an address: everything but unreserved characters as `%XX` (RFC 3986 section 2.3).
pub fn encoded(value: &str) -> String {
    let byte = |b: u8| match b {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(b).to_string(),
        _ => format!("%{b:02X}"),
    };
    value.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_goes_on_with_what_it_had_and_drops_what_is_empty() {
        let pairs = [("text", "推广 a&b"), ("column", "review"), ("priority", "none"), ("evil", "<x>")];
        let pairs = pairs.map(|(n, v)| (n.to_owned(), v.to_owned()));
        let address = Address::read(&pairs, &Directory::default());
        assert_eq!((address.filter.column, address.filter.priority), (Some("review"), None));
        let next = address.with(&[("column", ""), ("before", "2026-Q4-SCB-001")]);
        assert_eq!(next, "board?text=%E6%8E%A8%E5%B9%BF%20a%26b&priority=none&before=2026-Q4-SCB-001");
        assert_eq!(Address::default().with(&[]), "board");
    }

    #[test]
    fn the_issue_board_goes_on_behind_an_issue_of_one_severity() {
        let read = |severity: &str, after: &str| {
            let pairs = [("severity", severity), ("after", after)].map(|(n, v)| (n.to_owned(), v.to_owned()));
            let filter = Address::read(&pairs, &Directory::default()).issues();
            (filter.severity, filter.after)
        };
        let urgent = Some(Severity::Urgent);
        let second = Some((RequestId::new("2026-Q4-SCB-001"), 2));
        assert_eq!(read("urgent", "2026-Q4-SCB-001-I2"), (urgent, second));
        assert_eq!(read("", "2026-Q4-SCB-001-I2"), (None, None), "of all together no page is turned");
        for after in ["", "none", "2026-Q4-SCB-001-Ix", "-I", "2026-Q4-SCB-001-I99999999999999999999"] {
            assert_eq!(read("urgent", after), (urgent, None), "{after}");
        }
        assert_eq!(read("dire", "2026-Q4-SCB-001-I2"), (None, None));
    }
}
