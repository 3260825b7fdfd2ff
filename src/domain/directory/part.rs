//! A part of the company as a messenger shows it, laid over what is known: one person, one department.
//!
//! Invariants: whoever and whatever the part does not speak of stays as it was; nobody is deleted, and nobody gets an
//! account by his name alone; no department is made, because its code is part of numbers and somebody has to choose it;
//! twice is once.

use std::collections::BTreeMap;

use super::merge::{Roster, heads, members, surely_linked};
use super::{Directory, Person};
use crate::domain::{DepartmentId, PersonId};

/// What a messenger shows of a part of the company.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// People and departments as they are there now.
    pub roster: Roster,
    /// Accounts of people who have left.
    pub left: Vec<String>,
    /// Departments with another name: the old one, the new one.
    pub renamed: Vec<(String, String)>,
}

/// What a part changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// People who have left.
    pub left: Vec<PersonId>,
    /// People who are new, back or otherwise.
    pub people: Vec<PersonId>,
    /// Departments that are otherwise.
    pub departments: Vec<DepartmentId>,
}

impl Difference {
    /// Whether nothing is otherwise.
    pub fn is_empty(&self) -> bool {
        self.left.is_empty() && self.people.is_empty() && self.departments.is_empty()
    }

    /// What is otherwise in `after`.
    pub fn between(before: &Directory, after: &Directory) -> Self {
        let mut found = Self::default();
        for (id, is) in &after.people {
            match before.people.get(id) {
                Some(was) if was == is => {}
                Some(was) if was.active && !is.active => found.left.push(id.clone()),
                _ => found.people.push(id.clone()),
            }
        }
        let other = after.departments.iter().filter(|(id, is)| before.departments.get(*id) != Some(*is));
        found.departments = other.map(|(id, _)| id.clone()).collect();
        found
    }
}

/// The directory with a part of `platform` laid over it.
pub fn lay(known: &Directory, platform: &str, part: &Part) -> Directory {
    let mut laid = known.clone();
    for (old, new) in &part.renamed {
        let taken = laid.departments.values().any(|d| d.name == *new);
        if let Some(department) = laid.departments.values_mut().find(|d| d.name == *old).filter(|_| !taken) {
            department.name.clone_from(new);
        }
    }
    let of = |id: &String| -> Option<DepartmentId> {
        let name = &part.roster.departments.iter().find(|unit| unit.id == *id)?.name;
        laid.departments.values().find(|d| d.name == *name).map(|d| d.id.clone())
    };
    let ids = part.roster.departments.iter().map(|unit| &unit.id);
    let units: BTreeMap<String, DepartmentId> = ids.filter_map(|id| Some((id.clone(), of(id)?))).collect();
    let mut roster = part.roster.clone();
    // A namesake is no proof: `liaison directory fetch` shows an administrator who would be linked to whom.
    let has_namesake = |name: &str| laid.people.values().any(|person| person.name == *name);
    roster.people.retain(|m| surely_linked(&laid, platform, m).is_some() || !has_namesake(&m.name));
    let people = members(&mut laid, platform, &roster, &units);
    heads(&mut laid, &roster, &units, &people);
    let gone = |person: &&mut Person| person.accounts.get(platform).is_some_and(|id| part.left.contains(id));
    let mut leavers = Vec::new();
    for person in laid.people.values_mut().filter(gone) {
        person.active = false;
        leavers.push(person.id.clone());
    }
    // An office held by somebody who left is vacant.
    for department in laid.departments.values_mut() {
        for office in [&mut department.head, &mut department.contact, &mut department.supervisor] {
            office.take_if(|holder| leavers.contains(holder));
        }
    }
    laid
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::super::merge::{Member, Unit};
    use super::*;

    fn known() -> Directory {
        let text = include_str!("../../../config/demo/directory.toml");
        let mut known = check::read("demo", text).unwrap().directory;
        for (n, person) in known.people.values_mut().enumerate() {
            person.accounts.insert("feishu".to_owned(), format!("a{n}"));
        }
        known
    }

    fn account(known: &Directory, id: &str) -> String {
        known.people[&PersonId::new(id)].accounts["feishu"].clone()
    }

    fn unit(id: &str, name: &str, leader: Option<String>) -> Unit {
        Unit { id: id.to_owned(), name: name.to_owned(), parent: None, leader }
    }

    fn member(account: &str, name: &str, unit: &str) -> Member {
        let text = str::to_owned;
        Member {
            account: text(account),
            name: text(name),
            departments: vec![text(unit)],
            ..Member::default()
        }
    }

    #[test]
    fn whoever_left_has_left_and_nobody_else_is_touched() {
        let known = known();
        let part =
            Part { left: vec![account(&known, "wang.fang"), "stranger".to_owned()], ..Part::default() };
        let laid = lay(&known, "feishu", &part);
        let found = Difference::between(&known, &laid);
        let (left, departments) = (vec![PersonId::new("wang.fang")], vec![DepartmentId::new("CWB")]);
        assert_eq!(found, Difference { left, departments, people: Vec::new() });
        assert_eq!(laid.departments[&DepartmentId::new("CWB")].contact, None, "the office is vacant");
        assert!(Difference::between(&laid, &lay(&laid, "feishu", &part)).is_empty(), "twice is once");
        assert!(Difference::between(&known, &lay(&known, "dingtalk", &part)).is_empty(), "another messenger");
    }

    #[test]
    fn somebody_new_or_moved_stands_in_the_department_and_the_others_stay() {
        let known = known();
        let moved = account(&known, "li.na");
        let roster = Roster {
            departments: vec![unit("od-1", "财务部", None)],
            people: vec![member("new", "新人", "od-1"), member(&moved, "李娜", "od-1")],
        };
        let laid = lay(&known, "feishu", &Part { roster, ..Part::default() });
        let found = Difference::between(&known, &laid);
        assert_eq!(found.people.len(), 2);
        assert!(found.left.is_empty() && found.departments.is_empty());
        assert_eq!(laid.people[&PersonId::new("li.na")].department.as_str(), "CWB");
        assert_eq!(laid.people[&PersonId::new("u-new")].name, "新人");
    }

    #[test]
    fn a_namesake_does_not_become_somebody_who_has_no_account_yet() {
        let mut known = known();
        let director = PersonId::new("gao.jianguo");
        let person = known.people.get_mut(&director).unwrap();
        person.accounts.clear();
        person.phone = "13800001111".to_owned();
        let name = person.name.clone();
        let mut newcomer = member("new", &name, "od-1");
        let roster = |people| Roster { departments: vec![unit("od-1", "财务部", None)], people };
        let part = Part { roster: roster(vec![newcomer.clone()]), ..Part::default() };
        assert!(Difference::between(&known, &lay(&known, "feishu", &part)).is_empty());
        newcomer.mobile = "+86 138-0000-1111".to_owned();
        let part = Part { roster: roster(vec![newcomer]), ..Part::default() };
        assert_eq!(
            lay(&known, "feishu", &part).people[&director].accounts["feishu"],
            "new",
            "the number is his"
        );
    }

    #[test]
    fn a_department_has_another_name_head_or_none_of_ours() {
        let known = known();
        let head = account(&known, "wang.fang");
        let roster = Roster {
            departments: vec![unit("od-1", "计划财务部", Some(head.clone())), unit("od-2", "新部门", None)],
            people: vec![member(&head, "王芳", "od-1"), member("lost", "生人", "od-2")],
        };
        let renamed = vec![("财务部".to_owned(), "计划财务部".to_owned())];
        let laid = lay(&known, "feishu", &Part { roster, renamed, left: Vec::new() });
        let department = &laid.departments[&DepartmentId::new("CWB")];
        assert_eq!(
            (department.name.as_str(), department.head.as_ref().map(PersonId::as_str)),
            ("计划财务部", Some("wang.fang"))
        );
        assert_eq!(laid.departments.len(), known.departments.len(), "codes are chosen by people");
        assert_eq!(laid.people.len(), known.people.len(), "who is in none of ours has no place yet");
        let taken = vec![("研发部".to_owned(), "市场部".to_owned())];
        let laid = lay(&known, "feishu", &Part { renamed: taken, ..Part::default() });
        assert!(Difference::between(&known, &laid).is_empty(), "a name that another one has");
    }
}
