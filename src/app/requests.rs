//! Wants → acts on a case file. One line per want is the table of contents; everything that decides is in `domain`.

use std::collections::BTreeMap;

use super::asked::Asked;
use super::resolve::{AtHand, Meant};
use super::settings::Typed;
use super::{Act, App, Trouble, post};
use crate::domain::change::{Change, FormKind, FormReply, Refusal, Reply, View};
use crate::domain::obligation::Kind;
use crate::domain::request::{self, Request, Urging, Which, form};
use crate::domain::{PersonId, RequestId, number};
use crate::intent::{RequestRef, Want};
use crate::store::desk;
use crate::store::request::Basis;

impl App {
    /// Carries out a want inside its transaction.
    pub(super) async fn carry_out(&self, act: &mut Act<'_>) -> Result<Reply, Trouble> {
        let want = act.intent.want.clone();
        let Some(person) = act.person.clone() else {
            return Ok(Reply::Refused { refusal: Refusal::UnknownPerson, request: None });
        };
        if act.too_much {
            return Ok(act.slow_down());
        }
        match &want {
            Want::Help { word } => Ok(Reply::View(View::Help { word: word.clone() })),
            Want::My => Ok(Reply::View(View::My)),
            Want::List { words, page, turn } => {
                let (words, turn) = (words.clone(), turn.clone());
                Ok(Reply::View(View::List { words, page: *page, turn }))
            }
            Want::Whoami => Ok(Reply::View(View::Whoami)),
            Want::Status => Ok(super::desk::status(act, &person)),
            Want::Settings { language, quiet, digest, most } => {
                let (quiet, digest, most) = (quiet.as_deref(), digest.as_deref(), most.as_deref());
                self.settings(act, &person, &Typed { language: *language, quiet, digest, most }).await
            }
            Want::Bind { what, request } => self.bind(act, &person, what.as_deref(), request).await,
            Want::Unknown { typed, nearest } => {
                let (typed, nearest) = (typed.clone(), nearest.clone());
                Ok(Reply::View(View::Unknown { typed, nearest }))
            }
            Want::Fault { command, problem, at } => Ok(unreadable(command, problem, at.as_deref())),
            Want::Delegate { .. } => self.delegate(act, &person, &want).await,
            Want::EndDelegation { whose } => self.end_delegation(act, &person, whose.as_deref()).await,
            Want::New { title, departments, date } => {
                self.new_form(act, &person, (title.as_deref(), departments, date.as_deref())).await
            }
            Want::AddRow { request, rows } => self.more_rows(act, request, *rows).await,
            Want::File { request: None } => self.file_new(act, &person).await,
            Want::File { request } | Want::Revise { request } => {
                let opens = matches!(want, Want::Revise { .. });
                self.submit(act, &person, request, opens).await
            }
            Want::Show { request } => self.view(act, request, "show").await,
            Want::Why { request } => self.view(act, request, "why").await,
            Want::Task(want) => self.on_tasks(act, &person, want).await,
            Want::Decision(want) => self.on_decisions(act, &person, want).await,
            Want::Risk(want) => self.on_risks(act, &person, want).await,
            Want::Issue(want) => self.on_issues(act, &person, want).await,
            Want::Improve(want) => self.on_improvements(act, &person, want).await,
            other => match about_one(other) {
                Some(request) => self.decide(act, &person, request, &want).await,
                None => self.begun(act, &person, other).await,
            },
        }
    }

    async fn view(&self, act: &mut Act<'_>, typed: &RequestRef, command: &str) -> Result<Reply, Trouble> {
        let request = match self.meant(act, typed, (command, AtHand::Any)).await? {
            Meant::Answer(reply) => return Ok(reply),
            Meant::One(request) => request,
        };
        let Some(person) = act.person.clone() else { return Ok(refused(Refusal::UnknownPerson, None)) };
        if !self.sees(act, &person, &request).await? {
            return Ok(refused(Refusal::NotFound { typed: request.to_string() }, None));
        }
        let view = if command == "why" { View::Why { request } } else { View::Show { request } };
        Ok(Reply::View(view))
    }

    /// Locks the case file, asks `domain`, saves what it says.
    async fn decide(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        typed: &RequestRef,
        want: &Want,
    ) -> Result<Reply, Trouble> {
        let id = match self.meant(act, typed, at_hand(want)).await? {
            Meant::Answer(reply) => return Ok(reply),
            Meant::One(id) => id,
        };
        let found = match act.ahead {
            true => self.files.remembered(&self.db, &id).await?,
            false => self.files.locked(&mut act.tx, &id).await?,
        };
        let Some((basis, file)) = act.seen(found) else {
            return Ok(refused(Refusal::NotFound { typed: id.to_string() }, None));
        };
        let asked = match self.asked(act, person, &file, want).await? {
            Ok(asked) => asked,
            Err(refusal) => return Ok(refused(act.with_what_was_typed(refusal, want), Some(id))),
        };
        let decision = match asked {
            Asked::Form(kind, department) => {
                return Ok(Reply::Form(small_form(kind, &file, department, BTreeMap::new())));
            }
            Asked::Faults(kind, department, typed, faults) => {
                return Ok(Reply::Form(FormReply { faults, ..small_form(kind, &file, department, typed) }));
            }
            Asked::Act(decision) => decision,
        };
        let company = act.company.clone();
        match file.decide(&decision, person, company.rules(act.now)) {
            Err(refusal) => Ok(refused(act.with_what_was_typed(refusal, want), Some(id))),
            Ok(change) => {
                let basis = act.keeps((&basis, &file), &change)?;
                self.note_urges(act, person, &file, &change);
                act.accept(basis, change)
            }
        }
    }

    /// Rows for the daily cap of urging.
    fn note_urges(&self, act: &mut Act<'_>, person: &PersonId, old: &Request, change: &Change) {
        for now in change.request.obligations.iter().filter(|o| o.urged_at == Some(act.now)) {
            let rested = old.obligations.iter().any(|o| o.id == now.id && o.urged_at != now.urged_at);
            if rested {
                desk::urged(&mut act.out, &change.request.id, person, &now.debtor.person, act.now);
            }
        }
    }

    async fn asked(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        file: &Request,
        want: &Want,
    ) -> Result<Result<Asked, Refusal>, Trouble> {
        let which = |department: &Option<String>, seen: Option<i64>| {
            act.department_of(file, department.as_deref()).map(|department| Which { department, seen })
        };
        let ready = |decision: request::Act| Ok(Ok(Asked::Act(Box::new(decision))));
        let decided = match want {
            Want::Approve { version, .. } => return ready(request::Act::Approve { seen: *version }),
            Want::Withdraw { .. } => return ready(request::Act::Withdraw),
            Want::Confirm { department, version, .. } => {
                which(department, *version).map(|which| Asked::Act(Box::new(request::Act::Confirm { which })))
            }
            Want::Return { reason, version, .. } => {
                let seen = *version;
                Ok(act.with_words(FormKind::Return, None, reason.as_deref(), |reason| request::Act::Return {
                    seen,
                    reason,
                }))
            }
            Want::Object { department, reason, version, .. } => {
                which(department, *version).map(|which| act.objection(which, reason.as_deref()))
            }
            Want::Decline { department, reason, .. } => {
                which(department, None).map(|which| act.declining(which, reason.as_deref()))
            }
            Want::Escalate { department, reason, .. } => {
                which(department, None).map(|which| act.escalating(which, reason.as_deref()))
            }
            Want::Rule { department, uphold, reason, .. } => {
                which(department, None).map(|which| act.ruling(which, *uphold, reason.as_deref()))
            }
            Want::Cancel { reason, .. } => {
                Ok(act.with_words(FormKind::Cancel, None, reason.as_deref(), |reason| request::Act::Cancel {
                    reason,
                }))
            }
            Want::Comment { text, .. } => {
                Ok(act.with_words(FormKind::Comment, None, text.as_deref(), |text| request::Act::Comment {
                    text,
                }))
            }
            Want::Transfer { to, department, reason, .. } => which(department, None)
                .map(|which| act.handing_over(which.department, to.as_deref(), reason.as_deref())),
            Want::Cc { people, .. } => Ok(act.copying(people)),
            Want::Cosign { people, turn, rule, reason, .. } => {
                Ok(act.inviting(people, [("turn", turn), ("rule", rule), ("reason", reason)]))
            }
            Want::Follow { .. } => return ready(request::Act::Follow { off: false }),
            Want::Unfollow { .. } => return ready(request::Act::Follow { off: true }),
            Want::Snooze { department, words, .. } => act.promising(file, department, words),
            Want::Urge { reason, .. } => return self.urging(act, person, reason.as_deref()).await.map(Ok),
            other => act.changing(file, other),
        };
        Ok(decided)
    }

    /// Urging needs to know how often this person has urged today.
    async fn urging(
        &self,
        act: &mut Act<'_>,
        person: &PersonId,
        reason: Option<&str>,
    ) -> Result<Asked, Trouble> {
        let calendar = act.company.calendar.clone();
        let midnight = calendar.at(calendar.date_of(act.now), jiff::civil::Time::midnight());
        let today = desk::urges_since(&mut act.tx, person, midnight).await?;
        let reason: String = reason.unwrap_or_default().chars().take(form::LONG).collect();
        Ok(Asked::Act(Box::new(request::Act::Urge { urging: Urging { reason, today } })))
    }
}

impl Act<'_> {
    /// Takes an accepted change over: what others hear, what is remembered once it is committed.
    pub(super) fn accept(&mut self, basis: Basis, change: Change) -> Result<Reply, Trouble> {
        post::notices(&mut self.out, &change, self.now, true)?;
        self.saved.push((basis, change.request));
        Ok(change.reply)
    }
}

fn at_hand(want: &Want) -> (&'static str, AtHand) {
    match want {
        Want::Confirm { .. } => ("confirm", AtHand::Owed(Kind::ConfirmRequest)),
        Want::Object { .. } => ("object", AtHand::Owed(Kind::ConfirmRequest)),
        Want::Approve { .. } => ("approve", AtHand::Owed(Kind::ApproveRequest)),
        Want::Return { .. } => ("return", AtHand::Owed(Kind::ApproveRequest)),
        Want::Decline { .. } => ("decline", AtHand::Owed(Kind::AnswerObjection)),
        Want::Escalate { .. } => ("escalate", AtHand::Owed(Kind::AnswerObjection)),
        Want::Rule { .. } => ("rule", AtHand::Owed(Kind::Arbitrate)),
        Want::Withdraw { .. } => ("withdraw", AtHand::Filed),
        Want::Cancel { .. } => ("cancel", AtHand::Filed),
        Want::Urge { .. } => ("urge", AtHand::Filed),
        Want::Comment { .. } => ("comment", AtHand::Any),
        Want::Transfer { .. } => ("transfer", AtHand::Any),
        Want::Cc { .. } => ("cc", AtHand::Filed),
        Want::Cosign { .. } => ("cosign", AtHand::Owed(Kind::ApproveRequest)),
        Want::Follow { .. } => ("follow", AtHand::Any),
        Want::Unfollow { .. } => ("unfollow", AtHand::Any),
        Want::Snooze { .. } => ("snooze", AtHand::Any),
        Want::Estimate { .. } => ("confirm", AtHand::Owed(Kind::ConfirmRequest)),
        Want::Date { .. } => ("date", AtHand::Filed),
        Want::Attach { .. } => ("attach", AtHand::Any),
        _ => ("show", AtHand::Any),
    }
}

/// The request that an act of the case file is about; `None` for whatever is not such an act.
fn about_one(want: &Want) -> Option<&RequestRef> {
    match want {
        Want::Confirm { request, .. }
        | Want::Object { request, .. }
        | Want::Approve { request, .. }
        | Want::Return { request, .. }
        | Want::Decline { request, .. }
        | Want::Escalate { request, .. }
        | Want::Rule { request, .. }
        | Want::Withdraw { request }
        | Want::Cancel { request, .. }
        | Want::Urge { request, .. }
        | Want::Comment { request, .. }
        | Want::Transfer { request, .. }
        | Want::Cc { request, .. }
        | Want::Cosign { request, .. }
        | Want::Follow { request }
        | Want::Unfollow { request }
        | Want::Snooze { request, .. }
        | Want::Estimate { request, .. }
        | Want::Date { request, .. }
        | Want::Attach { request, .. } => Some(request),
        _ => None,
    }
}

/// The full number of a want that can be decided with nothing but the case file. Urging counts what was urged today.
pub(super) fn decided_on(want: &Want) -> Option<RequestId> {
    let typed = about_one(want).filter(|_| !matches!(want, Want::Urge { .. }))?.as_deref()?;
    number::parse(typed).map(|_| RequestId::new(typed))
}

/// A command whose arguments could not be read.
fn unreadable(command: &str, problem: &str, at: Option<&str>) -> Reply {
    let (command, fault) = (command.to_owned(), format!("fault.{problem}"));
    refused(Refusal::Unreadable { command, fault, at: at.map(str::to_owned) }, None)
}

pub(super) fn refused(refusal: Refusal, request: Option<RequestId>) -> Reply {
    Reply::Refused { refusal, request }
}

fn small_form(
    form: FormKind,
    file: &Request,
    department: Option<crate::domain::DepartmentId>,
    values: BTreeMap<String, String>,
) -> FormReply {
    FormReply {
        form,
        request: Some(file.id.clone()),
        department,
        version: Some(file.revision),
        rows: 0,
        values,
        faults: Vec::new(),
    }
}
