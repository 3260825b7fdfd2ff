//! The company as the service knows it: directory, policy, calendar, preferences, bound groups. Swapped as a whole.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::form;
use crate::domain::calendar::Calendar;
use crate::domain::change::Preferences;
use crate::domain::directory::{Delegation, Directory, Role, standing};
use crate::domain::policy::Policy;
use crate::domain::request::Rules;
use crate::domain::template::Template;
use crate::domain::{DepartmentId, Lang, PersonId, Timestamp};
use crate::intent::Account;
use crate::store::{Db, DbError, directory, standing as delegations};

/// What comes from files and does not change while the service runs.
#[derive(Clone)]
pub struct Rulebook {
    /// How long things may take.
    pub policy: Arc<Policy>,
    /// Working days and hours.
    pub calendar: Arc<Calendar>,
    /// Forms half filled, by scene.
    pub templates: Arc<Vec<Template>>,
}

/// A snapshot of everything that decisions and cards look up.
#[derive(Clone)]
pub struct Company {
    /// Who is who.
    pub directory: Directory,
    /// Who stands in for whom, now and later.
    pub delegations: Vec<Delegation>,
    /// From this instant on other people stand in.
    changes_at: Option<Timestamp>,
    /// How long things may take.
    pub policy: Arc<Policy>,
    /// Working days and hours.
    pub calendar: Arc<Calendar>,
    /// Forms half filled, by scene.
    pub templates: Arc<Vec<Template>>,
    /// People's own settings.
    pub preferences: BTreeMap<PersonId, Preferences>,
    /// Of the rows that this was loaded from.
    pub version: i64,
    accounts: HashMap<(String, String), PersonId>,
}

impl Company {
    pub(super) async fn load(db: &Db, rulebook: &Rulebook, now: Timestamp) -> Result<Self, DbError> {
        let version = directory::version(db).await?;
        let (people, _) = directory::load(db).await?;
        let accounts = people.people.values().flat_map(|p| {
            p.accounts.iter().map(|(platform, id)| ((platform.clone(), id.clone()), p.id.clone()))
        });
        let loaded = Self {
            accounts: accounts.collect(),
            directory: people,
            delegations: delegations::delegations(db, now).await?,
            changes_at: None,
            policy: rulebook.policy.clone(),
            calendar: rulebook.calendar.clone(),
            templates: rulebook.templates.clone(),
            preferences: directory::preferences(db).await?,
            version,
        };
        Ok(loaded.at(now))
    }

    /// The same at another instant: delegations begin and end.
    fn at(mut self, now: Timestamp) -> Self {
        self.directory.deputies = standing::deputies(&self.delegations, now);
        self.changes_at = standing::next_change(&self.delegations, now);
        self
    }

    /// When other people begin to stand in.
    pub fn changes_at(&self) -> Option<Timestamp> {
        self.changes_at
    }

    /// The company as it stands at `now`, unless this one still does.
    pub(super) fn moved_on(&self, now: Timestamp) -> Option<Self> {
        self.changes_at.filter(|at| *at <= now).map(|_| self.clone().at(now))
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

    /// A department as typed; `None` for an unknown one and for a name that two have.
    pub fn department(&self, typed: &str) -> Option<DepartmentId> {
        match self.directory.find_department(typed).as_slice() {
            [one] => Some(one.id.clone()),
            _ => None,
        }
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
}
