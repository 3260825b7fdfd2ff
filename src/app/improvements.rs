//! Wants about improvement items → acts on a case file: what was typed is read against the request under its lock.
//!
//! Invariant: what was typed, in one line or in a form, comes back whole when it is not in order.

use super::decisions::{Read, plan_form};
use super::requests::refused;
use super::resolve::{AtHand, Meant};
use super::{Act, App, Trouble};
use crate::domain::change::{FieldFault, FormKind, Refusal, Reply, View};
use crate::domain::obligation::Kind;
use crate::domain::permission::Doing;
use crate::domain::request::form::{LONG, words};
use crate::domain::request::improvement::{ImprovementAct, form, short};
use crate::domain::request::{self, Request, State};
use crate::domain::{PersonId, RequestId};
use crate::intent::{FormValues, ImproveWant, RequestRef};
use crate::store::obligation;

impl App {
    /// The table of contents of improvement items.
    pub(super) async fn on_improvements(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        want: &ImproveWant,
    ) -> Result<Reply, Trouble> {
        let by = person.clone();
        match want {
            ImproveWant::Set { request, .. } => {
                match self.meant(act, request, ("improve", AtHand::Any)).await? {
                    Meant::Answer(reply) => Ok(reply),
                    Meant::One(id) => {
                        self.on_plan(act, person, &id, |act, file| act.improving(file, &by, want)).await
                    }
                }
            }
            ImproveWant::Look { request, item } => {
                match self.item_meant(act, person, (request, Some(*item))).await? {
                    Err(reply) => Ok(reply),
                    Ok((id, item)) => self.improvement(act, person, id, item).await,
                }
            }
            ImproveWant::TakeBack { request, item, reason } => {
                let said = reason.as_deref();
                match self.item_meant(act, person, (request, Some(*item))).await? {
                    Err(reply) => Ok(reply),
                    Ok((id, item)) => {
                        self.on_plan(act, person, &id, |act, file| act.taking_back((file, &by), item, said))
                            .await
                    }
                }
            }
            ImproveWant::Finish { request, item, effect } => {
                let said = effect.as_deref();
                match self.item_meant(act, person, (request, *item)).await? {
                    Err(reply) => Ok(reply),
                    Ok((id, item)) => {
                        self.on_plan(act, person, &id, |act, file| act.improved((file, &by), item, said))
                            .await
                    }
                }
            }
        }
    }

    async fn improvement(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        id: RequestId,
        item: i64,
    ) -> Result<Reply, Trouble> {
        let file = self.file(&id).await?.filter(|f| f.case(act.company.rules(act.now)).sees(person));
        Ok(match file {
            None => refused(Refusal::NotFound { typed: id.to_string() }, None),
            Some(file) if file.improvement(item).is_none() => {
                refused(Refusal::NoSuchPlan { number: short(item) }, Some(id))
            }
            Some(_) => Reply::View(View::Improvement { request: id, item }),
        })
    }

    /// The case file and the item. Where one of both is not named, the one that this person owes; several: the list of
    /// what this person owes.
    async fn item_meant(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        (typed, number): (&RequestRef, Option<i64>),
    ) -> Result<Result<(RequestId, i64), Reply>, Trouble> {
        let named = match typed {
            None => None,
            Some(_) => match self.meant(act, typed, ("show", AtHand::Owed(Kind::Improve))).await? {
                Meant::Answer(reply) => return Ok(Err(reply)),
                Meant::One(id) => Some(id),
            },
        };
        if let (Some(id), Some(number)) = (&named, number) {
            return Ok(Ok((id.clone(), number)));
        }
        let owed = obligation::of_debtor(&self.db, person.as_str(), 50).await?.into_iter();
        let mut mine: Vec<(RequestId, i64)> =
            owed.filter_map(|o| Some((o.request, o.obligation.improvement?))).collect();
        mine.retain(|(id, item)| named.as_ref().is_none_or(|n| n == id) && number.is_none_or(|n| n == *item));
        if let [(id, item)] = mine.as_slice() {
            return Ok(Ok((id.clone(), *item)));
        }
        let Some(number) = number.filter(|_| mine.is_empty()) else { return Ok(Err(Reply::View(View::My))) };
        // Somebody else's: the request at hand is meant.
        Ok(match self.meant(act, typed, ("show", AtHand::Any)).await? {
            Meant::Answer(reply) => Err(reply),
            Meant::One(id) => Ok((id, number)),
        })
    }
}

impl Act<'_> {
    /// One line that says what, who and when; else the form opens with what it says.
    fn improving(&self, file: &Request, person: &PersonId, want: &ImproveWant) -> Result<Read, Refusal> {
        let ImproveWant::Set { issue, subject, owner, due, .. } = want else {
            return Err(Refusal::NothingAtHand);
        };
        let rules = self.company.rules(self.now);
        file.case(rules).may(person, Doing::SetImprovement, None)?;
        let issue = issue.or_else(|| learned_from(file));
        file.something_to_learn(issue)?;
        let mut values = self.intent.values.clone();
        let submitted = !values.is_empty();
        let line = [("improvement", subject), ("improvement_owner", owner), ("improvement_due", due)];
        let complete = line.iter().all(|(_, said)| said.is_some());
        values.extend(line.into_iter().filter_map(|(f, v)| Some((f.to_owned(), v.clone()?))));
        let form_of = |mut values: std::collections::BTreeMap<String, String>, faults| {
            values.extend(issue.map(|n| ("issue".to_owned(), n.to_string())));
            Ok(Read::Form(plan_form(file, FormKind::Improvement, (values, faults))))
        };
        if !submitted && !complete {
            return form_of(values, Vec::new());
        }
        let named = |field: &str, typed: &str| self.named(field, typed);
        let day = |text: &str| self.day_in_words(text);
        match form::check(&form::Typed { values: &values, person: &named, day: &day }, issue, rules) {
            Ok(draft) => {
                let act = ImprovementAct::Set { draft: Box::new(draft) };
                Ok(Read::Act(request::Act::Improvement(act)))
            }
            Err(faults) => form_of(values, faults),
        }
    }

    /// To what effect.
    fn improved(&self, who: (&Request, &PersonId), item: i64, typed: Option<&str>) -> Result<Read, Refusal> {
        let asked = ("improvement_effect", FormKind::Improved, Doing::FinishImprovement);
        self.in_one_field(who, (item, typed), asked, |values| {
            form::effect(values).map(|effect| ImprovementAct::Finish { item, effect })
        })
    }

    /// Why.
    fn taking_back(
        &self,
        who: (&Request, &PersonId),
        item: i64,
        typed: Option<&str>,
    ) -> Result<Read, Refusal> {
        let asked = ("reason", FormKind::TakeImprovementBack, Doing::TakeImprovementBack);
        self.in_one_field(who, (item, typed), asked, |values| {
            words(values, "reason", LONG).map(|reason| ImprovementAct::TakeBack { item, reason })
        })
    }

    /// What one field says of an item, in one line; else its form asks.
    fn in_one_field(
        &self,
        (file, person): (&Request, &PersonId),
        (item, typed): (i64, Option<&str>),
        (field, form, doing): (&str, FormKind, Doing),
        read: impl FnOnce(&FormValues) -> Result<ImprovementAct, FieldFault>,
    ) -> Result<Read, Refusal> {
        let mut values = self.intent.values.clone();
        values.extend(typed.map(|words| (field.to_owned(), words.to_owned())));
        let said = values.contains_key(field);
        match read(&values) {
            Ok(act) => Ok(Read::Act(request::Act::Improvement(act))),
            Err(fault) => {
                // Whoever may not say so is told before a form is filled in.
                let open = file.open_improvement(item)?;
                file.case(self.company.rules(self.now)).may_on_improvement(person, doing, open)?;
                values.insert("item".to_owned(), item.to_string());
                let faults = if said { vec![fault] } else { Vec::new() };
                Ok(Read::Form(plan_form(file, form, (values, faults))))
            }
        }
    }
}

/// In the file of an issue that stands alone, what is learned is learned from it, once it is solved.
fn learned_from(file: &Request) -> Option<i64> {
    let only = file.issues.first().filter(|i| file.state == State::Standing && !i.is_open());
    only.map(|i| i.number)
}
