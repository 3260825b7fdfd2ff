//! Forms that were begun: kept, set aside, taken up again, thrown away.
//!
//! Invariant: one new form is at hand, the others lie aside; what is filed is at hand, so filing ends that draft and no other.

use super::filing::{ROWS, defaults, f1, rows_of};
use super::requests::refused;
use super::{Act, App, Trouble};
use crate::clock::fresh_id;
use crate::domain::PersonId;
use crate::domain::change::{Refusal, Reply, View, with};
use crate::domain::template::{Prefilled, without_gone};
use crate::intent::RequestRef;
use crate::store::draft::{self, ASIDE, AT_HAND, Kept};

/// Drafts that a person may have besides the one at hand.
const MOST: usize = 20;

impl App {
    /// A person's drafts, newest first: for the list and the button that leads to it.
    pub async fn drafts_of(&self, person: &PersonId) -> Result<Vec<Kept>, Trouble> {
        Ok(draft::of_person(&mut &self.db, person).await?)
    }

    /// Makes room for another form: the one at hand goes aside. A refusal names the oldest where there are too many.
    pub(super) async fn set_aside(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
    ) -> Result<Option<Refusal>, Trouble> {
        let all = draft::of_person(&mut act.tx, person).await?;
        let at_hand = all.iter().find(|d| d.about == AT_HAND);
        let typed = act.typed();
        let unsaved = Some(&typed)
            .filter(|values| is_begun(values))
            .filter(|v| at_hand.is_none_or(|d| &&d.values != v));
        let values = unsaved.or(at_hand.map(|d| &d.values));
        let Some(values) = values else { return Ok(None) };
        if let Some(refusal) = full(&all) {
            return Ok(Some(refusal));
        }
        let kept = Kept {
            about: format!("{ASIDE}{}", fresh_id()),
            saved_at: at_hand.filter(|_| unsaved.is_none()).map_or(act.now, |d| d.saved_at),
            values: values.clone(),
        };
        draft::keep(&mut act.out, person, &kept)?;
        draft::forget(&mut act.out, person, AT_HAND)?;
        Ok(None)
    }

    /// 存草稿: nothing is checked.
    pub(super) async fn keep_draft(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        typed: &RequestRef,
    ) -> Result<Reply, Trouble> {
        let all = draft::of_person(&mut act.tx, person).await?;
        let about = typed.clone().unwrap_or_else(|| AT_HAND.to_owned());
        let known = all.iter().any(|d| d.about == about);
        if let Some(refusal) = full(&all).filter(|_| !known) {
            return Ok(refused(refusal, None));
        }
        let kept = Kept { about, saved_at: act.now, values: act.typed() };
        draft::keep(&mut act.out, person, &kept)?;
        Ok(Reply::Done { done: "draft_kept".to_owned(), with: with([]), request: None })
    }

    /// 继续: what lay aside is at hand again.
    pub(super) async fn continue_draft(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        about: &str,
    ) -> Result<Reply, Trouble> {
        let all = draft::of_person(&mut act.tx, person).await?;
        let Some(wanted) = all.iter().find(|d| d.about == about) else {
            return Ok(refused(Refusal::NoSuchDraft, None));
        };
        let Prefilled { mut values, faults } = without_gone(&wanted.values, &act.company.directory);
        if let Some(request) = wanted.of_request() {
            return Ok(Reply::Form(f1(Some(&request), rows_of(&values).max(ROWS), values, faults)));
        }
        if about != AT_HAND {
            // The two change places, so that nothing has to be thrown away to get at an older one.
            if let Some(at_hand) = all.iter().find(|d| d.about == AT_HAND) {
                draft::keep(&mut act.out, person, &Kept { about: about.to_owned(), ..at_hand.clone() })?;
            } else {
                draft::forget(&mut act.out, person, about)?;
            }
            draft::keep(&mut act.out, person, &Kept { about: AT_HAND.to_owned(), ..wanted.clone() })?;
        }
        for (field, value) in defaults() {
            values.entry(field).or_insert(value);
        }
        Ok(Reply::Form(f1(None, rows_of(&values).max(ROWS), values, faults)))
    }

    /// 删除
    pub(super) async fn drop_draft(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        about: &str,
    ) -> Result<Reply, Trouble> {
        let all = draft::of_person(&mut act.tx, person).await?;
        if !all.iter().any(|d| d.about == about) {
            return Ok(refused(Refusal::NoSuchDraft, None));
        }
        draft::forget(&mut act.out, person, about)?;
        Ok(Reply::View(View::Drafts))
    }
}

/// Whether anything was typed besides what a form begins with.
fn is_begun(values: &std::collections::BTreeMap<String, String>) -> bool {
    let known = defaults();
    values.iter().any(|(field, value)| !value.trim().is_empty() && !known.contains_key(field))
}

fn full(all: &[Kept]) -> Option<Refusal> {
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let oldest = all.iter().filter(|d| d.about != AT_HAND).min_by_key(|d| d.saved_at)?;
    let aside = all.iter().filter(|d| d.about != AT_HAND).count();
    let title = oldest.values.get("title").cloned().unwrap_or_default();
    (aside >= MOST).then_some(Refusal::TooManyDrafts { most, oldest: title, saved_at: oldest.saved_at })
}
