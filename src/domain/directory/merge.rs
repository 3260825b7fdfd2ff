//! What a messenger knows of the company, laid over what the administrators wrote.
//!
//! Invariants: nobody is ever deleted, nothing that only administrators know (codes, contacts, roles, absences) is lost,
//! and doing it twice changes nothing.

use std::collections::BTreeMap;

use super::{Department, Directory, Person};
use crate::domain::{DepartmentId, Lang, PersonId};

/// The company as a messenger shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// Its departments, those above before those below.
    pub departments: Vec<Unit>,
    /// Its people, leavers left out.
    pub people: Vec<Member>,
}

/// A department there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    /// Its id there.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The id of the one above, if there is one.
    pub parent: Option<String>,
    /// The account of who leads it, if somebody does.
    pub leader: Option<String>,
}

/// A person there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// The account.
    pub account: String,
    /// The name.
    pub name: String,
    /// The job title; empty where it is not known.
    pub title: String,
    /// The mobile number; empty where it is not known.
    pub mobile: String,
    /// The mail address; empty where it is not known.
    pub email: String,
    /// Ids of the departments, the main one first.
    pub departments: Vec<String>,
}

/// Why a roster is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{gone} of {linked} linked people would leave at once")]
pub struct TooMany {
    /// Who would leave.
    pub gone: usize,
    /// Who is linked and active.
    pub linked: usize,
}

/// Fewer than this many may always leave.
const FEW: usize = 3;

/// The directory with the roster of `platform` laid over it. Without `force`, one that would make more than three in ten
/// of the linked people leave is refused: it is more likely a missing permission.
pub fn merge(known: &Directory, platform: &str, roster: &Roster, force: bool) -> Result<Directory, TooMany> {
    let mut merged = known.clone();
    leave(&mut merged, platform, roster, force)?;
    let units = units(&mut merged, roster);
    let people = members(&mut merged, platform, roster, &units);
    heads(&mut merged, roster, &units, &people);
    Ok(merged)
}

/// Who leads which department, and which one stands above it.
pub(super) fn heads(
    merged: &mut Directory,
    roster: &Roster,
    units: &BTreeMap<String, DepartmentId>,
    people: &BTreeMap<String, PersonId>,
) {
    for unit in &roster.departments {
        let Some(department) = units.get(&unit.id).and_then(|id| merged.departments.get_mut(id)) else {
            continue;
        };
        if let Some(leader) = unit.leader.as_ref().and_then(|leader| people.get(leader)) {
            department.head = Some(leader.clone());
        }
        if let Some(parent) = unit.parent.as_ref().and_then(|parent| units.get(parent)) {
            department.parent = Some(parent.clone());
        }
    }
}

/// Whoever was linked and is not there any more has left.
fn leave(merged: &mut Directory, platform: &str, roster: &Roster, force: bool) -> Result<(), TooMany> {
    let there = |account: &String| roster.people.iter().any(|member| &member.account == account);
    let linked = |person: &&mut Person| person.active && person.accounts.contains_key(platform);
    let all = merged.people.values_mut().filter(linked).count();
    let gone: Vec<&mut Person> = merged
        .people
        .values_mut()
        .filter(linked)
        .filter(|person| !person.accounts.get(platform).is_some_and(there))
        .collect();
    if !force && gone.len() > FEW && gone.len() * 10 > all * 3 {
        return Err(TooMany { gone: gone.len(), linked: all });
    }
    gone.into_iter().for_each(|person| person.active = false);
    Ok(())
}

/// Departments by name; new ones get the next free code, which somebody may replace by a telling one.
fn units(merged: &mut Directory, roster: &Roster) -> BTreeMap<String, DepartmentId> {
    let mut units = BTreeMap::new();
    for unit in &roster.departments {
        let same = merged.departments.values().find(|d| d.name == unit.name).map(|d| d.id.clone());
        let id = same.unwrap_or_else(|| {
            let free = |n: &u32| !merged.departments.contains_key(&code(*n));
            let id = code((1..).find(free).unwrap_or_default());
            let department = Department {
                id: id.clone(),
                name: unit.name.clone(),
                english: String::new(),
                head: None,
                contact: None,
                supervisor: None,
                parent: None,
            };
            merged.departments.insert(id.clone(), department);
            id
        });
        units.insert(unit.id.clone(), id);
    }
    units
}

fn code(n: u32) -> DepartmentId {
    DepartmentId::new(format!("D{n:02}"))
}

/// People by account, else by number, else by a name that only one unlinked person has; new ones otherwise.
pub(super) fn members(
    merged: &mut Directory,
    platform: &str,
    roster: &Roster,
    units: &BTreeMap<String, DepartmentId>,
) -> BTreeMap<String, PersonId> {
    let mut found = BTreeMap::new();
    for member in &roster.people {
        let mut departments = member.departments.iter().filter_map(|id| units.get(id).cloned());
        // Whoever is in no department that the app may see has no place in requests.
        let Some(main) = departments.next() else { continue };
        let id = linked(merged, platform, member).unwrap_or_else(|| fresh(merged, member, &main));
        if let Some(person) = merged.people.get_mut(&id) {
            person.active = true;
            person.accounts.insert(platform.to_owned(), member.account.clone());
            person.department = main;
            for other in departments {
                if person.department != other && !person.also.contains(&other) {
                    person.also.push(other);
                }
            }
            for (own, theirs) in [(&mut person.title, &member.title), (&mut person.phone, &member.mobile)] {
                if own.is_empty() {
                    own.clone_from(theirs);
                }
            }
        }
        found.insert(member.account.clone(), id);
    }
    found
}

/// By account or number, else by a name that only one unlinked person has.
fn linked(merged: &Directory, platform: &str, member: &Member) -> Option<PersonId> {
    let by_name = || only(merged, platform, &|person| person.name == member.name);
    surely_linked(merged, platform, member).or_else(by_name)
}

/// By account, else by number: what nobody else can have.
pub(super) fn surely_linked(merged: &Directory, platform: &str, member: &Member) -> Option<PersonId> {
    let by_account = |person: &&Person| person.accounts.get(platform) == Some(&member.account);
    if let Some(person) = merged.people.values().find(by_account) {
        return Some(person.id.clone());
    }
    let digits = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.strip_prefix("86").filter(|rest| rest.len() == 11).map(str::to_owned).unwrap_or(digits)
    };
    let number = digits(&member.mobile);
    only(merged, platform, &|person| !number.is_empty() && digits(&person.phone) == number)
}

/// The one unlinked person who fits.
fn only(merged: &Directory, platform: &str, fits: &dyn Fn(&Person) -> bool) -> Option<PersonId> {
    let unlinked = merged.people.values().filter(|person| !person.accounts.contains_key(platform));
    let mut fitting = unlinked.filter(|person| fits(person));
    fitting.next().filter(|_| fitting.next().is_none()).map(|person| person.id.clone())
}

/// A new person; the id is the mail address's first part, or made of the account.
fn fresh(merged: &mut Directory, member: &Member, department: &DepartmentId) -> PersonId {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
    let local = member.email.split('@').next().unwrap_or_default().to_lowercase();
    let of_account = || {
        let tail: String = member.account.chars().filter(char::is_ascii_alphanumeric).collect();
        format!("u-{}", tail.to_lowercase())
    };
    let starts_well = local.starts_with(|c: char| c.is_ascii_lowercase());
    let usable = starts_well && local.chars().all(plain) && local.len() <= 40;
    let wanted = Some(PersonId::new(local)).filter(|_| usable);
    let id =
        wanted.filter(|id| !merged.people.contains_key(id)).unwrap_or_else(|| PersonId::new(of_account()));
    let person = Person {
        id: id.clone(),
        name: member.name.clone(),
        department: department.clone(),
        also: Vec::new(),
        title: String::new(),
        phone: String::new(),
        roles: Vec::new(),
        away: Vec::new(),
        active: true,
        language: Lang::Zh,
        accounts: BTreeMap::new(),
        prefers: None,
    };
    merged.people.insert(id.clone(), person);
    id
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::directory::check;

    fn demo() -> Directory {
        check::read("demo", include_str!("../../../config/demo/directory.toml")).unwrap().directory
    }

    fn roster() -> Roster {
        let unit = |id: &str, name: &str, leader: Option<&str>| Unit {
            id: id.to_owned(),
            name: name.to_owned(),
            parent: None,
            leader: leader.map(str::to_owned),
        };
        let member = |account: &str, name: &str, unit: &str| Member {
            account: account.to_owned(),
            name: name.to_owned(),
            departments: vec![unit.to_owned()],
            email: format!("{account}@example.com"),
            ..Member::default()
        };
        Roster {
            departments: vec![unit("od-1", "市场部", Some("a2")), unit("od-2", "实验室", None)],
            people: vec![
                member("a1", "张伟", "od-1"),
                member("a2", "刘洋", "od-1"),
                member("new.one", "新人", "od-2"),
            ],
        }
    }

    #[test]
    fn people_are_linked_by_name_new_ones_are_added_and_leaders_are_heads() {
        let merged = merge(&demo(), "feishu", &roster(), false).unwrap();
        let account = |id: &str| merged.people[&PersonId::new(id)].accounts.get("feishu").cloned();
        assert_eq!(account("zhang.wei"), Some("a1".to_owned()));
        assert_eq!(merged.departments[&DepartmentId::new("SCB")].head, Some(PersonId::new("liu.yang")));
        let new = &merged.people[&PersonId::new("new.one")];
        assert_eq!((new.name.as_str(), new.department.as_str()), ("新人", "D01"));
        assert_eq!(merged.departments[&DepartmentId::new("D01")].name, "实验室");
    }

    #[test]
    fn whoever_is_linked_and_gone_has_left_and_is_kept() {
        let merged = merge(&demo(), "feishu", &roster(), false).unwrap();
        let mut smaller = roster();
        smaller.people.remove(0);
        let after = merge(&merged, "feishu", &smaller, false).unwrap();
        assert!(!after.people[&PersonId::new("zhang.wei")].active);
        let back = merge(&after, "feishu", &roster(), false).unwrap();
        assert!(back.people[&PersonId::new("zhang.wei")].active, "who comes back is the same person");
    }

    #[test]
    fn an_empty_answer_makes_nobody_leave() {
        let mut known = demo();
        for (n, person) in known.people.values_mut().enumerate() {
            person.accounts.insert("feishu".to_owned(), format!("x{n}"));
        }
        let refused = merge(&known, "feishu", &Roster::default(), false).unwrap_err();
        assert_eq!(refused.gone, refused.linked);
        assert!(
            merge(&known, "feishu", &Roster::default(), true).unwrap().people.values().all(|p| !p.active)
        );
    }

    proptest! {
        #[test]
        fn nothing_kept_by_hand_is_lost_nobody_is_deleted_and_twice_is_once(
            picks in prop::collection::vec((0usize..20, 0usize..9, any::<bool>()), 0..25),
        ) {
            let known = demo();
            let names: Vec<&str> = known.people.values().map(|p| p.name.as_str()).collect();
            let units: Vec<&str> = known.departments.values().map(|d| d.name.as_str()).collect();
            let mut roster = Roster::default();
            for (n, name) in units.iter().enumerate() {
                roster.departments.push(Unit { id: n.to_string(), name: (*name).to_owned(), ..Unit::default() });
            }
            for (n, (who, unit, stranger)) in picks.iter().enumerate() {
                let name = if *stranger { format!("生人{n}") } else { names[who % names.len()].to_owned() };
                let departments = vec![(unit % units.len()).to_string()];
                roster.people.push(Member { account: format!("ou_{n}"), name, departments, ..Member::default() });
            }
            let once = merge(&known, "feishu", &roster, false).unwrap();
            let twice = merge(&once, "feishu", &roster, false).unwrap();
            prop_assert_eq!(&once.people, &twice.people);
            prop_assert_eq!(&once.departments, &twice.departments);
            for (id, person) in &known.people {
                let after = &once.people[id];
                prop_assert_eq!((&person.roles, &person.away, &person.name), (&after.roles, &after.away, &after.name));
            }
            for (id, department) in &known.departments {
                let after = &once.departments[id];
                prop_assert_eq!((&department.contact, &department.supervisor), (&after.contact, &after.supervisor));
            }
            let accounts: Vec<_> = once.people.values().filter_map(|p| p.accounts.get("feishu")).collect();
            let distinct: std::collections::BTreeSet<_> = accounts.iter().collect();
            prop_assert_eq!(accounts.len(), distinct.len(), "one account is one person");
        }
    }
}
