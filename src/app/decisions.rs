//! Wants about decisions → acts on a case file: what was typed is read against the request under its lock.
//!
//! Invariant: what was typed, in one line or in a form, comes back whole when it is not in order.

use std::collections::BTreeMap;

use super::requests::refused;
use super::resolve::{AtHand, Meant};
use super::{Act, App, Trouble};
use crate::domain::change::{FieldFault, FormKind, FormReply, Refusal, Reply, View};
use crate::domain::obligation::Kind;
use crate::domain::permission::Doing;
use crate::domain::request::decision::{DecisionAct, Verdict, form as f10, short};
use crate::domain::request::{self, Request};
use crate::domain::{PersonId, RequestId};
use crate::intent::{DecisionWant, RequestRef, when};
use crate::store::obligation;

type Values = BTreeMap<String, String>;

/// What a want asks of a case file.
pub(super) enum Read {
    /// To be decided on.
    Act(request::Act),
    /// To be asked for.
    Form(FormReply),
}

impl App {
    /// The table of contents of decisions.
    pub(super) async fn on_decisions(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        want: &DecisionWant,
    ) -> Result<Reply, Trouble> {
        let id = match want {
            DecisionWant::Mine => return Ok(Reply::View(View::Decisions)),
            DecisionWant::Ask { request, .. } => {
                match self.meant(act, request, ("decide", AtHand::Filed)).await? {
                    Meant::Answer(reply) => return Ok(reply),
                    Meant::One(id) => id,
                }
            }
            DecisionWant::Look { request, decision }
            | DecisionWant::Decide { request, decision, .. }
            | DecisionWant::TakeBack { request, decision } => {
                match self.decision_meant(act, person, (request, *decision)).await? {
                    Err(reply) => return Ok(reply),
                    Ok(id) => id,
                }
            }
        };
        if let DecisionWant::Look { decision, .. } = want {
            let file = self.file(&id).await?.filter(|f| f.case(act.company.rules(act.now)).sees(person));
            return Ok(match file {
                None => refused(Refusal::NotFound { typed: id.to_string() }, None),
                Some(file) if file.decision(*decision).is_none() => {
                    refused(Refusal::NoSuchPlan { number: short(*decision) }, Some(id))
                }
                Some(_) => Reply::View(View::Decision { request: id, decision: *decision }),
            });
        }
        let by = person.clone();
        self.on_plan(act, person, &id, |act, file| act.decision_sought(file, &by, want)).await
    }

    /// The request of a decision: where none is named, the one in which this person owes one of that number.
    async fn decision_meant(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        (typed, number): (&RequestRef, i64),
    ) -> Result<Result<RequestId, Reply>, Trouble> {
        if typed.is_none() {
            let owed = obligation::of_debtor(&self.db, person.as_str(), 50).await?;
            let mut mine: Vec<RequestId> = owed
                .into_iter()
                .filter(|o| o.obligation.decision == Some(number))
                .map(|o| o.request)
                .collect();
            mine.dedup();
            match mine.as_slice() {
                [one] => return Ok(Ok(one.clone())),
                [] => {}
                [..] => return Ok(Err(Reply::View(View::Decisions))),
            }
        }
        Ok(match self.meant(act, typed, ("show", AtHand::Owed(Kind::Decide))).await? {
            Meant::Answer(reply) => Err(reply),
            Meant::One(id) => Ok(id),
        })
    }

    /// Locks the case file, reads what is meant against it, decides and saves.
    pub(super) async fn on_plan(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        id: &RequestId,
        read: impl FnOnce(&Act<'_>, &Request) -> Result<Read, Refusal>,
    ) -> Result<Reply, Trouble> {
        let found = self.files.locked(&mut act.tx, id).await?;
        let Some((basis, file)) = act.seen(found) else {
            return Ok(refused(Refusal::NotFound { typed: id.to_string() }, None));
        };
        let decision = match read(act, &file) {
            Err(refusal) => return Ok(refused(refusal, Some(id.clone()))),
            Ok(Read::Form(form)) => return Ok(Reply::Form(form)),
            Ok(Read::Act(decision)) => decision,
        };
        act.decides(&(basis, file), &decision, person)
    }
}

impl Act<'_> {
    fn decision_sought(
        &self,
        file: &Request,
        person: &PersonId,
        want: &DecisionWant,
    ) -> Result<Read, Refusal> {
        let decided = |act| Ok(Read::Act(request::Act::Decision(act)));
        match want {
            DecisionWant::Ask { decider, days, subject, options, .. } => {
                self.asking(file, person, [decider, days, subject, options])
            }
            DecisionWant::TakeBack { decision, .. } => decided(DecisionAct::TakeBack { decision: *decision }),
            DecisionWant::Decide { decision, choice, words, .. } => {
                self.deciding((file, person), *decision, (*choice, words.as_deref()))
            }
            DecisionWant::Mine | DecisionWant::Look { .. } => Err(Refusal::NothingAtHand),
        }
    }

    /// One line that says who and what asks; else the form opens with what it says.
    fn asking(&self, file: &Request, person: &PersonId, said: [&Option<String>; 4]) -> Result<Read, Refusal> {
        file.case(self.company.rules(self.now)).may(person, Doing::AskDecision, None)?;
        let mut values = self.intent.values.clone();
        let submitted = !values.is_empty();
        let fields = ["decider", "decision_days", "decision_subject", "decision_options"];
        values.extend(fields.iter().zip(said).filter_map(|(f, v)| Some(((*f).to_owned(), v.clone()?))));
        let form_of = |values, faults| Ok(Read::Form(plan_form(file, FormKind::Decision, (values, faults))));
        let enough = values.contains_key("decider") && values.contains_key("decision_subject");
        if !submitted && !enough {
            return form_of(values, Vec::new());
        }
        let named = |field: &str, typed: &str| self.named(field, typed);
        let day = |text: &str| self.day_in_words(text);
        let typed = f10::Typed { values: &values, asker: person, person: &named, day: &day };
        match f10::check(&typed, self.company.rules(self.now)) {
            Ok(draft) => Ok(Read::Act(request::Act::Decision(DecisionAct::Ask { draft: Box::new(draft) }))),
            Err(faults) => form_of(values, faults),
        }
    }

    /// An option by its button, by its number or in words; else the form asks what and why.
    fn deciding(
        &self,
        (file, person): (&Request, &PersonId),
        number: i64,
        (choice, typed): (Option<i64>, Option<&str>),
    ) -> Result<Read, Refusal> {
        let decision = file.decision(number).ok_or_else(|| Refusal::NoSuchPlan { number: short(number) })?;
        let act = |verdict: Verdict| {
            Ok(Read::Act(request::Act::Decision(DecisionAct::Decide { decision: number, verdict })))
        };
        let option = choice.and_then(|n| decision.options.get(usize::try_from(n).ok()?.checked_sub(1)?));
        if let Some(option) = option {
            return act(Verdict { choice, conclusion: option.clone(), reason: String::new() });
        }
        if let Some(verdict) = typed.and_then(|words| f10::answer(decision, words)) {
            return act(verdict);
        }
        let mut values = self.intent.values.clone();
        let submitted = values.contains_key("conclusion");
        values.extend(typed.map(|words| ("conclusion".to_owned(), words.to_owned())));
        let read = f10::other(&values, decision);
        values.insert("decision".to_owned(), number.to_string());
        match read {
            Ok(verdict) => act(verdict),
            Err(faults) => {
                let faults = if submitted { faults } else { Vec::new() };
                // Whoever may not decide is told so before a form is filled in.
                let open = file.open_decision(number)?;
                let case = file.case(self.company.rules(self.now));
                case.may_on_decision(person, Doing::Decide, open)?;
                Ok(Read::Form(plan_form(file, FormKind::Verdict, (values, faults))))
            }
        }
    }

    /// A day in words, as everywhere.
    pub(super) fn day_in_words(&self, text: &str) -> Option<crate::domain::Date> {
        let calendar = &self.company.calendar;
        let today = calendar.date_of(self.now);
        when::date(text, today, &|from, days| calendar.add_working_days(from, days))
    }
}

/// A form about tasks, decisions or risk plans of a request.
pub(super) fn plan_form(
    file: &Request,
    form: FormKind,
    (values, faults): (Values, Vec<FieldFault>),
) -> FormReply {
    FormReply {
        form,
        request: Some(file.id.clone()),
        department: None,
        version: Some(file.revision),
        rows: 0,
        values,
        faults,
    }
}
