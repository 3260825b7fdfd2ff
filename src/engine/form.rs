//! The page behind a signed link: what it is about, what can be done, and what has been done.
//!
//! Invariant: a page offers the one act of its link and nothing else; whoever may not see the request sees no page.

use std::collections::BTreeMap;

use super::Engine;
use crate::app::{Heard, Trouble};
use crate::card::answer::{Toast, ToastKind};
use crate::card::{Action, Card};
use crate::domain::change::{FormKind, Refusal, Reply, View, What};
use crate::domain::{Lang, PersonId, RequestId};
use crate::intent::{FormValues, TaskWant, Want, form};
use crate::messenger::link::Opened;

/// What a page shows.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The reader's language.
    pub lang: Lang,
    /// In whose name anything is done here.
    pub name: String,
    /// What just happened, or why nothing can be done.
    pub told: Option<Toast>,
    /// What it is about, to read; its buttons are left out.
    pub read: Option<Card>,
    /// What can be done.
    pub offer: Offer,
}

/// What can be done on a page.
#[derive(Clone, Debug)]
pub enum Offer {
    /// Nothing (any more).
    Nothing,
    /// One thing, with one button; `None`: it has no words of its own.
    Button(Option<Action>),
    /// The fields of this card.
    Form(Card),
}

impl Engine {
    /// Where a reader can do what the buttons of a card stand for.
    pub(super) fn links_of(&self, card: &Card, reader: &PersonId) -> BTreeMap<String, String> {
        let now = self.app.clock().machine();
        let fields = card.form.iter().flat_map(|form| &form.fields);
        let values: FormValues = fields.map(|field| (field.name.clone(), field.value.clone())).collect();
        let usable = card.actions.iter().filter(|action| action.enabled);
        let link = |action: &Action| {
            let want = form::opening(&action.want, &values)?;
            Some((action.id.clone(), self.links.link(reader, &want, now)))
        };
        usable.filter_map(link).collect()
    }

    /// Where a link leads on: whoever opens the report of what is in hand comes to that of just these tasks, whose rows
    /// stay what they are while somebody writes. `None`: it has a page of its own.
    pub async fn onward(&self, opened: &Opened) -> Result<Option<String>, Trouble> {
        let Want::Task(TaskWant::Progress { words: None, .. }) = &opened.want else { return Ok(None) };
        let reply = self.app.would(&opened.person, &opened.want).await?;
        let card = self.card_of(&What::Answer(reply), Some(&opened.person), false).await?;
        let reports = |action: &&Action| matches!(action.want, Want::Task(TaskWant::Report { .. }));
        let mut actions = card.iter().flat_map(|card| &card.actions).filter(|action| action.enabled);
        let now = self.app.clock().machine();
        Ok(actions.find(reports).map(|action| self.links.link(&opened.person, &action.want, now)))
    }

    /// The page of a link as things stand; `None` when there is nothing for this person to see.
    pub async fn sheet(&self, opened: &Opened) -> Result<Option<Sheet>, Trouble> {
        let mut reply = self.app.would(&opened.person, &opened.want).await?;
        if asks_for_words(&reply) {
            // Nobody is to write down reasons for what cannot be done any more.
            let filled = self.app.would_with(&opened.person, &opened.want, some_words()).await?;
            if let Reply::Refused { .. } = filled {
                reply = filled;
            }
        }
        if is_hidden(&reply) {
            return Ok(None);
        }
        let mut sheet = self.bare(&opened.person);
        sheet.read = self.about(&opened.person, &reply).await?;
        match &reply {
            Reply::Done { .. } => {
                let mut shown = sheet.read.iter().flat_map(|card| &card.actions);
                sheet.offer = Offer::Button(shown.find(|action| action.want == opened.want).cloned());
            }
            Reply::Form(_) => {
                let what = What::Answer(reply.clone());
                let card = self.card_of(&what, Some(&opened.person), false).await?;
                sheet.offer = card.map_or(Offer::Nothing, Offer::Form);
                sheet = sheet.refilled(&chosen(&opened.want));
            }
            Reply::Refused { .. } => {
                let told = self.told(&opened.person, &reply).await?;
                // To be read as news: it was not this page that failed.
                sheet.told = told.map(|toast| Toast { kind: ToastKind::Info, ..toast });
            }
            Reply::View(_) | Reply::Silent => {}
        }
        Ok(Some(sheet))
    }

    /// The page after a submission: what came of it, and everything that was typed where it was not in order.
    pub async fn sheet_after(
        &self,
        opened: &Opened,
        heard: &Heard,
        values: &FormValues,
    ) -> Result<Option<Sheet>, Trouble> {
        if is_hidden(&heard.reply) {
            return Ok(None);
        }
        if let Reply::Refused { .. } = heard.reply {
            let told = self.told(&opened.person, &heard.reply).await?;
            let sheet = self.sheet(opened).await?;
            return Ok(sheet.map(|sheet| Sheet { told, ..sheet }.refilled(values)));
        }
        let mut sheet = self.bare(&opened.person);
        sheet.read = self.about(&opened.person, &heard.reply).await?;
        if let Reply::Form(_) = heard.reply {
            // How many fields are wrong stands on top of them.
            let what = What::Answer(heard.reply.clone());
            let card = self.card_of(&what, Some(&opened.person), false).await?;
            sheet.offer = card.map_or(Offer::Nothing, Offer::Form);
        } else {
            sheet.told = self.told(&opened.person, &heard.reply).await?;
        }
        Ok(Some(sheet))
    }

    fn bare(&self, person: &PersonId) -> Sheet {
        let company = self.app.company();
        Sheet {
            lang: company.language(Some(person)),
            name: company.directory.name_of(person),
            told: None,
            read: None,
            offer: Offer::Nothing,
        }
    }

    /// The reply in the words of a toast.
    async fn told(&self, person: &PersonId, reply: &Reply) -> Result<Option<Toast>, Trouble> {
        let heard = Heard::answer(reply.clone(), Some(person.clone()));
        Ok(self.pressed(&heard, None).await?.toast)
    }

    /// The request that a reply is about, if its reader may see it, or the view itself.
    async fn about(&self, person: &PersonId, reply: &Reply) -> Result<Option<Card>, Trouble> {
        let what = match (reply, request_of(reply)) {
            (Reply::View(_), _) => reply.clone(),
            (_, Some(request)) => {
                let show = Want::Show { request: Some(request.to_string()) };
                self.app.would(person, &show).await?
            }
            (_, None) => return Ok(None),
        };
        match what {
            Reply::View(_) => self.card_of(&What::Answer(what), Some(person), false).await,
            _ => Ok(None),
        }
    }
}

impl Sheet {
    /// What was typed goes back into the fields.
    fn refilled(mut self, values: &FormValues) -> Self {
        if let Offer::Form(Card { form: Some(form), .. }) = &mut self.offer {
            for field in &mut form.fields {
                if let Some(value) = values.get(&field.name) {
                    field.value.clone_from(value);
                }
            }
        }
        self
    }
}

/// Whether an act on a request waits for its reasons.
fn asks_for_words(reply: &Reply) -> bool {
    matches!(reply, Reply::Form(form) if form.form != FormKind::Request && form.request.is_some())
}

/// What fills in every form that asks for words: only to see whether its act would be refused all the same.
fn some_words() -> FormValues {
    let words = ["reason", "suggestion", "text"].map(|field| (field.to_owned(), "…".to_owned()));
    FormValues::from_iter(words.into_iter().chain([("ruling".to_owned(), "uphold".to_owned())]))
}

/// What the button of a link has chosen already, of its form's fields.
fn chosen(want: &Want) -> FormValues {
    let Want::Rule { uphold: Some(uphold), .. } = want else { return FormValues::new() };
    let ruling = if *uphold { "uphold" } else { "dismiss" };
    FormValues::from([("ruling".to_owned(), ruling.to_owned())])
}

/// Nobody learns from a link whether a request exists that is not for them, nor who else there is.
fn is_hidden(reply: &Reply) -> bool {
    let Reply::Refused { refusal, .. } = reply else { return false };
    matches!(refusal, Refusal::UnknownPerson | Refusal::NotFound { .. })
}

/// Form F1 shows the whole request in its fields; the other forms stand below it.
fn request_of(reply: &Reply) -> Option<RequestId> {
    match reply {
        Reply::Done { request, .. } | Reply::Refused { request, .. } => request.clone(),
        Reply::Form(form) if form.form != FormKind::Request => form.request.clone(),
        Reply::View(View::Show { request } | View::Why { request }) => Some(request.clone()),
        Reply::Form(_) | Reply::View(_) | Reply::Silent => None,
    }
}
