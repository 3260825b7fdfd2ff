//! What programs read: by token, with the eyes of one person, a page at a time.
//!
//! Invariant: a token reads what its person would see in lists today, of what its scopes name, and nothing once it ended
//! or the person left.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{App, Trouble};
use crate::clock::fresh_id;
use crate::domain::mask::Names;
use crate::domain::permission::Eyes;
use crate::domain::{PersonId, RequestId};
use crate::store::search::{self, api};
use crate::store::token;

pub use crate::store::search::api::{Column, Given, Kind, RESOURCES, Resource, Wanted};

/// Whoever calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Whose eyes and rights the token has.
    pub person: PersonId,
    /// What it may read, by name, and whether it may act.
    pub scopes: Vec<String>,
}

/// A page of rows.
pub struct Rows {
    /// Objects as the table describes them.
    pub rows: Vec<Map<String, Value>>,
    /// The key of the last row, where there are more.
    pub next: Option<Vec<Given>>,
}

/// A fresh token, and what is kept of it.
pub fn fresh() -> (String, String) {
    let token = format!("liaison_{}{}", fresh_id(), fresh_id()).replace('-', "");
    let hash = hash(&token);
    (token, hash)
}

fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

impl App {
    /// Who calls with this token; `None` if it opens nothing.
    pub async fn caller(&self, token: &str) -> Result<Option<Caller>, Trouble> {
        let found = token::by_hash(&self.db, &hash(token)).await?;
        let now = self.clock.machine();
        let good =
            found.filter(|token| token.is_good(now) && self.company().directory.is_active(&token.person));
        Ok(good.map(|token| Caller { person: token.person, scopes: token.scopes }))
    }

    /// A page of a resource as the caller may see it.
    pub async fn rows(
        &self,
        caller: &Caller,
        resource: &Resource,
        wanted: &Wanted<'_>,
    ) -> Result<Rows, Trouble> {
        let company = self.company();
        let today = company.calendar.date_of(self.clock.now());
        let eyes = Eyes::of(&company.directory, &caller.person, today);
        let api::Page { mut rows, next } = api::page(&self.db, resource, &eyes, wanted).await?;
        if company.policy.mask_names == Names::Outside {
            let id = |row: &Map<String, Value>| {
                row.get(resource.request).and_then(Value::as_str).map(RequestId::new)
            };
            let mut ids: Vec<RequestId> = rows.iter().filter_map(id).collect();
            ids.dedup();
            let inside = search::inside(&self.db, &eyes, &ids).await?;
            for row in rows.iter_mut().filter(|row| id(row).is_none_or(|id| !inside.contains(&id))) {
                mask(row, resource);
            }
        }
        Ok(Rows { rows, next })
    }
}

/// Ids say as much as names do.
fn mask(row: &mut Map<String, Value>, resource: &Resource) {
    for column in resource.columns.iter().filter(|column| column.kind == Kind::Person) {
        row.insert(column.name.to_owned(), Value::Null);
    }
}
