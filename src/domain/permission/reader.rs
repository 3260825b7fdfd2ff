//! Whose eyes a list is for: the rule of [`Case::sees`](super::Case::sees) turned round, so that a database can ask it
//! of a hundred thousand requests at once.
//!
//! Invariant: a request is in a reader's lists exactly where `sees` says so; a property test compares the two on both
//! engines. A new relation is a row in both: in `CLOSE`, and in `store/search/visible.rs`.

use super::{Case, own};
use crate::domain::directory::{Directory, Holder, Role};
use crate::domain::{Date, DepartmentId, PersonId};

/// Roles that see everything: those of `CLOSE` that are held in the whole company.
const ALL_SEEING: [Role; 4] =
    [Role::Coordinator, Role::GeneralManager, Role::Auditor, Role::EnterpriseManagement];

/// What a list may show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Eyes {
    /// Nothing: whoever left.
    None,
    /// Everything.
    All,
    /// What the person stands in a relation to.
    Of(Box<Reader>),
}

/// How a person stands to the company on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    /// The person.
    pub person: Option<PersonId>,
    /// Those in whose name the person acts today, the person included.
    pub acts_for: Vec<PersonId>,
    /// Departments that the person belongs to: what is for participating departments is for their people.
    pub belongs_to: Vec<DepartmentId>,
    /// Departments whose own requests the person sees, as their head or from above.
    pub files_for: Vec<DepartmentId>,
    /// Departments for which the person sees what is asked of them, as their contact, head or from above.
    pub asked_for: Vec<DepartmentId>,
    /// Whether the person approves for the general manager today.
    pub approves_last: bool,
}

impl Eyes {
    /// The eyes of a person on a day.
    pub fn of(directory: &Directory, person: &PersonId, today: Date) -> Self {
        if !directory.is_active(person) {
            return Eyes::None;
        }
        let is = |holder: &Holder| Case::stands_for(directory, person, holder, today);
        let all_seeing = |role: &Role| directory.with_role(*role).any(|p| is(&own(&p.id)));
        if ALL_SEEING.iter().any(all_seeing) {
            return Eyes::All;
        }
        let holds = |found: [Option<Holder>; 3]| found.iter().flatten().any(is);
        let files_for =
            |d: &&DepartmentId| holds([directory.head(d, today), directory.supervisor(d, today), None]);
        let asked_for = |d: &&DepartmentId| {
            holds([directory.contact(d, today), directory.head(d, today), directory.supervisor(d, today)])
        };
        let codes = || directory.departments.keys();
        let person_of = directory.person(person);
        Eyes::Of(Box::new(Reader {
            person: Some(person.clone()),
            acts_for: directory.people.keys().filter(|p| is(&own(p))).cloned().collect(),
            belongs_to: person_of
                .into_iter()
                .flat_map(|p| p.also.iter().chain([&p.department]))
                .cloned()
                .collect(),
            files_for: codes().filter(files_for).cloned().collect(),
            asked_for: codes().filter(asked_for).cloned().collect(),
            approves_last: directory.general_manager(today).is_some_and(|h| is(&h)),
        }))
    }
}

impl Reader {
    /// Every department that matters to the reader.
    pub fn departments(&self) -> impl Iterator<Item = &DepartmentId> {
        self.belongs_to.iter().chain(&self.files_for).chain(&self.asked_for)
    }
}
