//! Half-filled forms F1 of one person: the one at hand, those set aside, and those about a request.
//!
//! Invariant: the column `request` says which: empty for the new form at hand, `draft:…` for one that was set aside, else the
//! request that is being edited. What is filed is never among them.

use std::collections::BTreeMap;

use super::batch::Batch;
use super::code::{from_json, json, word};
use super::db::{DbError, Row, Source, args};
use crate::domain::change::FormKind;
use crate::domain::{PersonId, RequestId, Timestamp};

type Result<T> = std::result::Result<T, DbError>;

/// The new form at hand.
pub const AT_HAND: &str = "";
/// What the key of one that was set aside begins with.
pub const ASIDE: &str = "draft:";

/// A form that was not filed yet.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its key.
    pub about: String,
    /// When it was last kept.
    pub saved_at: Timestamp,
    /// As typed.
    pub values: BTreeMap<String, String>,
}

impl Kept {
    /// The request that the form edits; `None` for a new one.
    pub fn of_request(&self) -> Option<RequestId> {
        let is_new = self.about == AT_HAND || self.about.starts_with(ASIDE);
        (!is_new).then(|| RequestId::new(self.about.clone()))
    }
}

/// A person's drafts, newest first.
pub async fn of_person(from: &mut impl Source, person: &PersonId) -> Result<Vec<Kept>> {
    let sql = "SELECT request, saved_at, content FROM draft WHERE person = $1 AND form = $2 \
               ORDER BY saved_at DESC, request";
    from.read(sql, args![person, word(&FormKind::Request)?]).await?.iter().map(kept).collect()
}

fn kept(row: &Row) -> Result<Kept> {
    Ok(Kept {
        about: row.get("request")?,
        saved_at: row.get("saved_at")?,
        values: from_json(row, "content")?,
    })
}

/// Keeps a form under a key, in place of what was there.
pub fn keep(out: &mut Batch, person: &PersonId, kept: &Kept) -> Result<()> {
    let sql = "INSERT INTO draft (person, form, request, saved_at, content) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (person, form, request) DO UPDATE SET saved_at = excluded.saved_at, \
               content = excluded.content";
    let form = word(&FormKind::Request)?;
    out.push(sql, args![person, form, &kept.about, kept.saved_at, json(&kept.values)?]);
    Ok(())
}

/// Forgets one.
pub fn forget(out: &mut Batch, person: &PersonId, about: &str) -> Result<()> {
    let sql = "DELETE FROM draft WHERE person = $1 AND form = $2 AND request = $3";
    out.push(sql, args![person, word(&FormKind::Request)?, about]);
    Ok(())
}
