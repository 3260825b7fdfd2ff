//! Names as people type them → people and departments.
//!
//! Invariant: an exact id or code wins over a name; several that fit equally are all returned, never one by chance.

use super::{Department, Directory, Person};

impl Directory {
    /// Active people that the typed name can mean, best kind of match only; leavers are not found.
    pub fn find_person(&self, typed: &str) -> Vec<&Person> {
        let typed = folded(typed);
        let active = || self.people.values().filter(|p| p.active);
        let by_id: Vec<_> = active().filter(|p| folded(p.id.as_str()) == typed).collect();
        if !by_id.is_empty() || typed.is_empty() {
            return by_id;
        }
        active().filter(|p| folded(&p.name) == typed).collect()
    }

    /// Departments that the typed code, name or English name can mean.
    pub fn find_department(&self, typed: &str) -> Vec<&Department> {
        let typed = folded(typed);
        let by_code: Vec<_> = self.departments.values().filter(|d| folded(d.id.as_str()) == typed).collect();
        if !by_code.is_empty() || typed.is_empty() {
            return by_code;
        }
        let named = |d: &&Department| folded(&d.name) == typed || folded(&d.english) == typed;
        self.departments.values().filter(named).collect()
    }
}

/// The half-width form of a full-width letter, digit or sign; anything else as it is.
pub fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Half-width, lower case, without a leading `@` and without spaces: `＠Ｌi Na` is `lina`.
fn folded(typed: &str) -> String {
    let narrow: String = typed.chars().map(narrow).collect();
    let bare = narrow.trim().trim_start_matches('@');
    bare.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}
