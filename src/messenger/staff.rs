//! What messengers tell of people and departments as it happens, and how they are asked for the rest.
//!
//! Invariant: what an event says of itself is an id; what stands behind the id is asked for, so that events that come
//! late or out of order leave the directory as the messenger shows it now.

use futures_util::future::BoxFuture;

use crate::domain::directory::merge::{Member, Unit};
use crate::domain::directory::part::Part;

/// Something that happened, by ids of the messenger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moved {
    /// These people are new, or otherwise.
    People(Vec<String>),
    /// These people have left.
    Left(Vec<String>),
    /// A department is otherwise; the name that it had, where that is told.
    Department { id: String, former: Option<String> },
}

/// A messenger that knows the company.
pub trait Register: Send + Sync {
    /// The `platform` of its accounts.
    fn platform(&self) -> &'static str;

    /// What has become of whom or what an event is about.
    fn part<'a>(&'a self, moved: &'a Moved) -> BoxFuture<'a, Result<Part, RegisterError>>;
}

/// How one person and one department are asked for at a messenger.
pub trait Shows: Sync {
    /// A person as it shows one.
    type Person: Send + Sync;
    /// Why it shows nothing.
    type Error: Send;

    /// Somebody.
    fn person(&self, account: &str) -> impl Future<Output = Result<Seen<Self::Person>, Self::Error>> + Send;

    /// The ids of the departments that somebody is in.
    fn departments(person: &Self::Person) -> Vec<String>;

    /// A department; `None`: there is none, or none that we may see. `with` is somebody of it, where one was asked for.
    fn unit(
        &self,
        id: &str,
        with: Option<&Self::Person>,
    ) -> impl Future<Output = Result<Option<Unit>, Self::Error>> + Send;

    /// Somebody as a member of the company.
    fn member(person: Self::Person) -> Member;
}

/// What a messenger shows of somebody.
pub enum Seen<P> {
    /// There.
    Here(P),
    /// Not any more.
    Left,
    /// Not for us, which is not leaving.
    Nowhere,
}

/// What has become of whom or what an event is about: of people with their departments, of a department with its head.
pub async fn part<S: Shows>(shows: &S, moved: &Moved) -> Result<Part, S::Error> {
    let mut part = Part::default();
    match moved {
        Moved::Left(accounts) => part.left.clone_from(accounts),
        Moved::People(accounts) => {
            for account in accounts {
                add(shows, &mut part, account).await?;
            }
        }
        Moved::Department { id, former } => {
            let Some(unit) = shows.unit(id, None).await? else { return Ok(part) };
            part.renamed.extend(former.clone().map(|former| (former, unit.name.clone())));
            let leader = unit.leader.clone();
            part.roster.departments.push(unit);
            if let Some(leader) = leader {
                add(shows, &mut part, &leader).await?;
            }
        }
    }
    Ok(part)
}

/// Somebody with the departments that they are in.
async fn add<S: Shows>(shows: &S, part: &mut Part, account: &str) -> Result<(), S::Error> {
    let person = match shows.person(account).await? {
        Seen::Here(person) => person,
        Seen::Left => {
            part.left.push(account.to_owned());
            return Ok(());
        }
        Seen::Nowhere => return Ok(()),
    };
    for id in S::departments(&person) {
        if !part.roster.departments.iter().any(|unit| unit.id == id) {
            part.roster.departments.extend(shows.unit(&id, Some(&person)).await?);
        }
    }
    part.roster.people.push(S::member(person));
    Ok(())
}

/// Why nothing is known of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// Worth asking again: the event should come once more.
    #[error("{0}")]
    Away(String),
    /// An administrator has to put something right; the event is worth nothing more.
    #[error("{0}")]
    Refused(String),
}
