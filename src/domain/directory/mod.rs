//! Who is who: people, departments, heads, contacts, substitutes, and who stands in when one is missing.
//!
//! Invariant: every question "who has to do it" has an answer, as long as one active person is an administrator:
//! contact → head → supervisor → general manager → administrator, never a dead end.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Date, DepartmentId, Lang, PersonId};

mod above;
pub mod check;
mod cycles;
mod find;
mod gaps;
pub mod merge;
pub mod part;
pub mod standing;
#[cfg(test)]
mod tests;

pub use find::narrow;
pub use standing::Delegation;

/// The company as it is today. Built by [`check`] only, so references are sound.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// Departments by code.
    pub departments: BTreeMap<DepartmentId, Department>,
    /// People by id, leavers included (their names are needed in old records).
    pub people: BTreeMap<PersonId, Person>,
    /// Who stands in for whom at this instant by delegation; goes before what `away` says.
    pub deputies: BTreeMap<PersonId, PersonId>,
}

/// A department.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// Its code; part of request numbers.
    pub id: DepartmentId,
    /// 中文名
    pub name: String,
    /// English name; the Chinese one where it is empty.
    #[serde(default)]
    pub english: String,
    /// 部门负责人; `None` is a vacancy.
    #[serde(default)]
    pub head: Option<PersonId>,
    /// 接口人; `None` is a vacancy.
    #[serde(default)]
    pub contact: Option<PersonId>,
    /// 分管副总: the head's superior.
    #[serde(default)]
    pub supervisor: Option<PersonId>,
    /// The department above.
    #[serde(default)]
    pub parent: Option<DepartmentId>,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Stable id, e.g. `zhang.wei`.
    pub id: PersonId,
    /// 姓名
    pub name: String,
    /// The department that requests are filed for.
    pub department: DepartmentId,
    /// Further departments.
    #[serde(default)]
    pub also: Vec<DepartmentId>,
    /// Job title, for people to read.
    #[serde(default)]
    pub title: String,
    /// Shown masked.
    #[serde(default)]
    pub phone: String,
    /// What the person is in the whole company.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// When the person is away and who stands in.
    #[serde(default)]
    pub away: Vec<Absence>,
    /// Leavers stay for their names, but can do nothing and are asked nothing.
    #[serde(default = "yes")]
    pub active: bool,
    /// The language until the person chooses.
    #[serde(default)]
    pub language: Lang,
    /// The person on messengers: platform → id there. The sandbox needs none.
    #[serde(default)]
    pub accounts: BTreeMap<String, String>,
    /// The messenger to be written to on, of several; any of them where it is not said.
    #[serde(default)]
    pub prefers: Option<String>,
}

fn yes() -> bool {
    true
}

/// A time away, first and last day included.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// First day away.
    pub from: Date,
    /// Last day away.
    pub to: Date,
    /// Who stands in.
    #[serde(default)]
    pub substitute: Option<PersonId>,
}

/// A role in the whole company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 总经理
    GeneralManager,
    /// 分管副总
    VicePresident,
    /// 项目协调员
    Coordinator,
    /// 企业管理部
    EnterpriseManagement,
    /// 审计
    Auditor,
    /// 管理员
    Administrator,
}

/// Who has to do it today, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The one who is asked.
    pub person: PersonId,
    /// Whose duty it is, when somebody stands in for a person who is away.
    pub instead_of: Option<PersonId>,
}

/// A chain of substitutes longer than this is a mistake in the directory, not a plan.
const LONGEST_CHAIN: usize = 5;

impl Directory {
    /// The person, leavers included.
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people.get(id)
    }

    /// A person's name, or the id when the directory has lost them.
    pub fn name_of(&self, id: &PersonId) -> String {
        self.people.get(id).map_or_else(|| id.to_string(), |p| p.name.clone())
    }

    /// A department's name in a language, or its code.
    pub fn department_name(&self, id: &DepartmentId, lang: Lang) -> String {
        match self.departments.get(id) {
            Some(d) if lang == Lang::En && !d.english.is_empty() => d.english.clone(),
            Some(d) => d.name.clone(),
            None => id.to_string(),
        }
    }

    /// Active people with a role, by id.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &Person> {
        self.people.values().filter(move |p| p.active && p.roles.contains(&role))
    }

    /// Whether the person is in the directory and has not left.
    pub fn is_active(&self, id: &PersonId) -> bool {
        self.people.get(id).is_some_and(|p| p.active)
    }

    /// Whether the person has the role and is active.
    pub fn has_role(&self, id: &PersonId, role: Role) -> bool {
        self.people.get(id).is_some_and(|p| p.active && p.roles.contains(&role))
    }

    /// Who has the head's duties today.
    pub fn head(&self, department: &DepartmentId, today: Date) -> Option<Holder> {
        let own = self.departments.get(department).and_then(|d| d.head.as_ref());
        own.and_then(|p| self.present(p, today)).or_else(|| self.supervisor(department, today))
    }

    /// Who has the contact's duties today.
    pub fn contact(&self, department: &DepartmentId, today: Date) -> Option<Holder> {
        let own = self.departments.get(department).and_then(|d| d.contact.as_ref());
        own.and_then(|p| self.present(p, today)).or_else(|| self.head(department, today))
    }

    /// Who stands above the head today.
    pub fn supervisor(&self, department: &DepartmentId, today: Date) -> Option<Holder> {
        let chain = self.chain_of(department);
        chain.iter().find_map(|p| self.present(p, today)).or_else(|| self.last_resort(today))
    }

    /// The general manager, or whoever is left.
    pub fn general_manager(&self, today: Date) -> Option<Holder> {
        let found = self.with_role(Role::GeneralManager).find_map(|p| self.present(&p.id, today));
        found.or_else(|| self.last_resort(today))
    }

    /// The nearest person who stands above both departments.
    pub fn common_superior(&self, one: &DepartmentId, other: &DepartmentId, today: Date) -> Option<Holder> {
        let theirs = self.chain_of(other);
        let shared = self.chain_of(one).into_iter().filter(|p| theirs.contains(p));
        shared.into_iter().find_map(|p| self.present(&p, today)).or_else(|| self.general_manager(today))
    }

    /// Whether `actor` may act for `holder` today: is the same person, or a substitute while the holder is away.
    pub fn acts_for(&self, actor: &PersonId, holder: &PersonId, today: Date) -> bool {
        actor == holder || self.present(holder, today).is_some_and(|h| &h.person == actor)
    }

    /// The person, or whoever stands in today; `None` when nobody does.
    pub fn present(&self, id: &PersonId, today: Date) -> Option<Holder> {
        let mut at = id;
        for _ in 0..LONGEST_CHAIN {
            let person = self.people.get(at).filter(|p| p.active)?;
            let away = person.away.iter().find(|a| a.from <= today && today <= a.to);
            match (self.deputies.get(at), away) {
                (Some(deputy), _) => at = deputy,
                (None, None) => {
                    let instead_of = (at != id).then(|| id.clone());
                    return Some(Holder { person: at.clone(), instead_of });
                }
                (None, Some(absence)) => at = absence.substitute.as_ref()?,
            }
        }
        None
    }

    /// Superiors from near to far: supervisors up the parents, then the general manager.
    fn chain_of(&self, department: &DepartmentId) -> Vec<PersonId> {
        let mut chain = Vec::new();
        let mut at = self.departments.get(department);
        for _ in 0..self.departments.len() {
            let Some(here) = at else { break };
            chain.extend(here.supervisor.clone());
            at = here.parent.as_ref().and_then(|p| self.departments.get(p));
            chain.extend(at.and_then(|above| above.head.clone()));
        }
        chain.extend(self.with_role(Role::GeneralManager).map(|p| p.id.clone()));
        chain
    }

    /// Present administrators, else any active administrator.
    fn last_resort(&self, today: Date) -> Option<Holder> {
        let mut administrators = self.with_role(Role::Administrator).peekable();
        let anyone = administrators.peek().map(|p| Holder { person: p.id.clone(), instead_of: None });
        administrators.find_map(|p| self.present(&p.id, today)).or(anyone)
    }
}
