//! The company as the service knows it: directory, policy, calendar, preferences, bound groups. Swapped as a whole.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::form;
use crate::domain::calendar::Calendar;
use crate::domain::change::Preferences;
use crate::domain::directory::{Directory, Role};
use crate::domain::policy::Policy;
use crate::domain::request::Rules;
use crate::domain::{DepartmentId, Lang, PersonId, Timestamp};
use crate::intent::Account;
use crate::store::board::Reader;
use crate::store::{Db, DbError, directory};

/// What comes from files and does not change while the service runs.
#[derive(Clone)]
pub struct Rulebook {
    /// How long things may take.
    pub policy: Arc<Policy>,
    /// Working days and hours.
    pub calendar: Arc<Calendar>,
}

/// A snapshot of everything that decisions and cards look up.
pub struct Company {
    /// Who is who.
    pub directory: Directory,
    /// How long things may take.
    pub policy: Arc<Policy>,
    /// Working days and hours.
    pub calendar: Arc<Calendar>,
    /// People's own settings.
    pub preferences: BTreeMap<PersonId, Preferences>,
    /// Of the rows that this was loaded from.
    pub version: i64,
    accounts: HashMap<(String, String), PersonId>,
}

impl Company {
    pub(super) async fn load(db: &Db, rulebook: &Rulebook) -> Result<Self, DbError> {
        let version = directory::version(db).await?;
        let (people, _) = directory::load(db).await?;
        let accounts = people.people.values().flat_map(|p| {
            p.accounts.iter().map(|(platform, id)| ((platform.clone(), id.clone()), p.id.clone()))
        });
        Ok(Self {
            accounts: accounts.collect(),
            directory: people,
            policy: rulebook.policy.clone(),
            calendar: rulebook.calendar.clone(),
            preferences: directory::preferences(db).await?,
            version,
        })
    }

    /// The active person behind an account. In the sandbox a person's id is the account.
    pub fn person_of(&self, account: &Account) -> Option<PersonId> {
        let id = match account.platform.as_str() {
            // A signed link of ours names the person, as the sandbox does.
            "sandbox" | form::PLATFORM => PersonId::new(account.id.clone()),
            platform => self.accounts.get(&(platform.to_owned(), account.id.clone()))?.clone(),
        };
        self.directory.person(&id).filter(|p| p.active).map(|p| p.id.clone())
    }

    /// What a decision at `now` depends on.
    pub fn rules(&self, now: Timestamp) -> Rules<'_> {
        Rules { now, directory: &self.directory, policy: &self.policy, calendar: &self.calendar }
    }

    /// The language a person reads; groups read the company's, which is the first administrator's.
    pub fn language(&self, person: Option<&PersonId>) -> Lang {
        let Some(person) = person else {
            let first = self.directory.with_role(Role::Administrator).next();
            return first.map_or(Lang::Zh, |p| self.language(Some(&p.id)));
        };
        let chosen = self.preferences.get(person).and_then(|p| p.language);
        chosen.or_else(|| self.directory.person(person).map(|p| p.language)).unwrap_or_default()
    }

    /// Whose eyes a list is for; `None` for those who may see everything.
    pub fn reader(&self, person: &PersonId, now: Timestamp) -> Option<Reader> {
        let all = [Role::Coordinator, Role::GeneralManager, Role::Auditor, Role::EnterpriseManagement];
        if all.iter().any(|role| self.directory.has_role(person, *role)) {
            return None;
        }
        let today = self.calendar.date_of(now);
        let answers = |d: &&DepartmentId| {
            let holders = [
                self.directory.contact(d, today),
                self.directory.head(d, today),
                self.directory.supervisor(d, today),
            ];
            holders
                .into_iter()
                .flatten()
                .any(|h| &h.person == person || h.instead_of.as_ref() == Some(person))
        };
        let answers_for: Vec<DepartmentId> =
            self.directory.departments.keys().filter(answers).cloned().collect();
        let own = self.directory.person(person);
        let own = own.into_iter().flat_map(|p| p.also.iter().chain([&p.department]));
        let departments = own.chain(&answers_for).cloned().collect();
        Some(Reader { person: person.clone(), departments, answers_for })
    }
}
