//! Who may do what: a table of act × relation, and the one function that reads it.
//!
//! Invariant: buttons and commands ask the same function, at the moment of the click. A button that a person may not
//! use is not shown, and is refused with the reason if pressed all the same.

use super::change::Refusal;
use super::directory::{Directory, Holder, Role};
use super::obligation::{Kind, Obligation};
use super::request::{Part, Request, Round, Stage, Task, Visibility};
use super::{Date, DepartmentId, PersonId};

#[cfg(test)]
pub(crate) mod company;
mod issues;
#[cfg(test)]
mod lessons;
mod plans;
#[cfg(test)]
mod product;
mod reader;
mod rows;
mod seats;
#[cfg(test)]
mod table;
#[cfg(test)]
mod trouble;
#[cfg(test)]
mod visibility;

use Relation as R;
pub use reader::{Eyes, Reader};
use rows::{CLOSE, row};
pub use rows::{Doing, Relation};

/// The authority under which somebody acts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authority {
    /// Whose duty it is, when the actor stands in.
    pub on_behalf_of: Option<PersonId>,
}

/// A person before a request, on a day.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// The request.
    pub request: &'a Request,
    /// Who is who.
    pub directory: &'a Directory,
    /// Substitutes depend on the day.
    pub today: Date,
}

impl Case<'_> {
    /// Whether `person` may do it, for `department` where the act is about one; a refusal says who may.
    pub fn may(
        &self,
        person: &PersonId,
        doing: Doing,
        department: Option<&DepartmentId>,
    ) -> Result<Authority, Refusal> {
        if doing == Doing::See || doing == Doing::Follow || doing == Doing::ReportIssue {
            return match self.sees(person) {
                true => Ok(Authority::default()),
                false => Err(Refusal::NotFound { typed: self.request.id.to_string() }),
            };
        }
        let holders = |r: &Relation| match r {
            R::Debtor => self.debtors(doing, department),
            other => self.holders(*other, department),
        };
        let relations = row(doing);
        // Whoever left keeps his name on what he filed, and no right.
        let rights = relations.iter().filter(|_| self.directory.is_active(person));
        let found = rights.flat_map(holders).find(|h| self.is(person, h));
        match found {
            Some(holder) => Ok(self.authority(person, holder)),
            None => Err(Refusal::NotYours { who: self.askable(relations, department) }),
        }
    }

    /// Whether `person` may do it with one task: its owner, or whoever stands so to its lead department.
    pub fn may_on(&self, person: &PersonId, doing: Doing, task: &Task) -> Result<Authority, Refusal> {
        let relations = row(doing);
        let of_task = |r: &Relation| match r {
            R::Owner => {
                let present = self.directory.present(&task.plan.owner, self.today);
                vec![present.unwrap_or_else(|| own(&task.plan.owner))]
            }
            other => self.holders(*other, Some(&task.plan.lead)),
        };
        let rights = relations.iter().filter(|_| self.directory.is_active(person));
        let found = rights.flat_map(of_task).find(|h| self.is(person, h));
        match found {
            Some(holder) => Ok(self.authority(person, holder)),
            None => Err(Refusal::NotYours { who: relations.iter().flat_map(of_task).take(1).collect() }),
        }
    }

    /// Whether the request is visible to the person at all (保密级别).
    pub fn sees(&self, person: &PersonId) -> bool {
        if !self.directory.is_active(person) {
            return false;
        }
        match self.request.content.visibility {
            Visibility::Public => true,
            Visibility::Departments => self.is_inside(person),
            Visibility::People => self.is_close(person),
        }
    }

    /// Whether the person has a part in it, or belongs to a department that has: others read masked names.
    pub fn is_inside(&self, person: &PersonId) -> bool {
        self.is_colleague(person) || self.is_close(person)
    }

    fn is_close(&self, person: &PersonId) -> bool {
        CLOSE.iter().flat_map(|r| self.holders(*r, None)).any(|h| self.is(person, &h))
    }

    /// The people of a relation. Where somebody stands in, the holder names both.
    pub fn holders(&self, relation: Relation, department: Option<&DepartmentId>) -> Vec<Holder> {
        let (request, directory, today) = (self.request, self.directory, self.today);
        let one = |h: Option<Holder>| h.into_iter().collect::<Vec<_>>();
        let with = |role| directory.with_role(role).map(|p| own(&p.id)).collect::<Vec<_>>();
        match relation {
            R::Initiator => vec![own(&request.initiator)],
            R::InitiatingHead => one(directory.head(&request.department, today)),
            R::Approver => self.approvers(),
            R::Contact => department.map_or(vec![], |d| one(directory.contact(d, today))),
            R::DepartmentHead => department.map_or(vec![], |d| one(directory.head(d, today))),
            R::Involved => {
                let sides = request.asks.iter().map(|a| &a.department);
                let both = |d| [directory.contact(d, today), directory.head(d, today)];
                sides.flat_map(both).flatten().collect()
            }
            R::Superior => {
                let about = |r: &&Round| department.is_none_or(|d| d == &r.department);
                request.open_rounds().filter(about).filter_map(superior_of).collect()
            }
            R::Supervisor => {
                let all = request.asks.iter().map(|a| &a.department).chain([&request.department]);
                all.filter_map(|d| directory.supervisor(d, today)).collect()
            }
            R::Coordinator => with(Role::Coordinator),
            R::GeneralManager => with(Role::GeneralManager),
            R::Auditor => with(Role::Auditor),
            R::EnterpriseManagement => with(Role::EnterpriseManagement),
            R::Administrator => with(Role::Administrator),
            R::Owner => request.tasks.iter().map(|t| own(&t.plan.owner)).collect(),
            R::Debtor => request.owed().map(|o| o.debtor.clone()).collect(),
            R::Copied => {
                let copied = request.onlookers.iter().filter(|o| o.part == Part::Copied);
                copied.map(|o| own(&o.person)).collect()
            }
            R::Asker => self.askers(),
            R::Named => self.named(),
            R::Reporter | R::ReporterHead | R::Resolver | R::Responsible => {
                request.issues.iter().flat_map(|issue| issues::holders(self, relation, issue)).collect()
            }
        }
    }

    /// Who owes what the act is the answer to.
    fn debtors(&self, doing: Doing, department: Option<&DepartmentId>) -> Vec<Holder> {
        let kind = match doing {
            Doing::Review => Some(Kind::ApproveRequest),
            Doing::Sign => Some(Kind::ConfirmRequest),
            Doing::Answer | Doing::Escalate => Some(Kind::AnswerObjection),
            Doing::Rule => Some(Kind::Arbitrate),
            _ => None,
        };
        let about = |o: &&Obligation| match kind {
            // An approval is not about one of the departments that are asked.
            Some(Kind::ApproveRequest) => o.kind == Kind::ApproveRequest,
            Some(kind) => o.kind == kind && department.is_none_or(|d| d == &o.department),
            None => department.is_none_or(|d| d == self.request.owing_side(o)),
        };
        self.request.owed().filter(about).map(|o| o.debtor.clone()).collect()
    }

    fn is_colleague(&self, person: &PersonId) -> bool {
        let asked = |d: &DepartmentId| d == &self.request.department || self.request.ask(d).is_some();
        self.directory.person(person).is_some_and(|p| asked(&p.department) || p.also.iter().any(asked))
    }

    fn is(&self, person: &PersonId, holder: &Holder) -> bool {
        Self::stands_for(self.directory, person, holder, self.today)
    }

    fn stands_for(directory: &Directory, person: &PersonId, holder: &Holder, today: Date) -> bool {
        person == &holder.person
            || holder.instead_of.as_ref() == Some(person)
            || directory.acts_for(person, &holder.person, today)
    }

    fn authority(&self, person: &PersonId, holder: Holder) -> Authority {
        let Holder { person: asked, instead_of } = holder;
        match instead_of {
            Some(absent) if &absent != person => Authority { on_behalf_of: Some(absent) },
            Some(_) => Authority::default(),
            None if &asked != person => Authority { on_behalf_of: Some(asked) },
            None => Authority::default(),
        }
    }

    /// Whom a refused person can turn to: the first people of the row, without repeats.
    fn askable(&self, relations: &[Relation], department: Option<&DepartmentId>) -> Vec<Holder> {
        let mut who: Vec<Holder> = Vec::new();
        for holder in relations.iter().flat_map(|r| self.holders(*r, department)) {
            if !who.contains(&holder) {
                who.push(holder);
            }
        }
        who.truncate(3);
        who
    }
}

fn own(person: &PersonId) -> Holder {
    Holder { person: person.clone(), instead_of: None }
}

fn superior_of(round: &Round) -> Option<Holder> {
    match &round.stage {
        Stage::Escalated { superior, .. } => Some(superior.clone()),
        Stage::Open
        | Stage::Upheld { .. }
        | Stage::Accepted { .. }
        | Stage::Declined { .. }
        | Stage::Dismissed { .. }
        | Stage::Lapsed { .. } => None,
    }
}
