//! What programs do: a command line with the fields of its form, in the name of the person whose token it is.
//!
//! Invariants: it goes the road of words and buttons, so a program can do what its person could do in the chat and no
//! more; one key of one person is one act, and whoever repeats it gets the first answer; nothing that the person has
//! typed elsewhere is read or lost.

use super::api::Caller;
use super::{Act, App, Heard, Trouble, form};
use crate::domain::{ChatId, PersonId};
use crate::intent::form::{FILE, submitted};
use crate::intent::{FormValues, Inbound, Intent, Place, PlaceKind, Said, TaskWant, Want, fold, grammar};

/// The scope of tokens that act.
pub const SCOPE: &str = "act";

/// Where programs speak: they are answered on the spot, and nothing is said to them later.
const PLATFORM: &str = "api";

/// What a program asks for.
pub struct Call {
    /// Names the act: the same key is the same act.
    pub key: String,
    /// As somebody would type it: `/confirm SCB-12`.
    pub command: String,
    /// The fields of the command's form, all of them; none where the line says everything.
    pub values: FormValues,
    /// The content version that the program has read; the act is refused when it is another one by then.
    pub revision: Option<i64>,
}

/// What of a call makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// It is not meant for the bot.
    Command,
    /// The command has no form.
    Values,
    /// The command is not about a content version.
    Revision,
}

impl App {
    /// Acts in the name of the caller.
    pub async fn act_for(&self, caller: &Caller, call: Call) -> Result<Result<Heard, Misfit>, Trouble> {
        match intent(&caller.person, call) {
            Ok(intent) => self.act(&intent, true).await.map(Ok),
            Err(misfit) => Ok(Err(misfit)),
        }
    }
}

impl App {
    /// Adds a list of tasks in the name of the caller; `key` names the act.
    pub async fn import_for(
        &self,
        caller: &Caller,
        key: &str,
        (request, values): (&str, FormValues),
    ) -> Result<Heard, Trouble> {
        let person = &caller.person;
        let want = Want::Task(TaskWant::Import { request: Some(request.to_owned()) });
        let (account, place) = (form::account(person), place());
        let key = named(person, key);
        let intent = Intent { key, account, place, reply_to: None, want, values, drawing: None };
        self.act(&intent, true).await
    }
}

impl Act<'_> {
    /// Whether a program acts: its answer is awaited, and it keeps no drafts.
    pub(super) fn by_program(&self) -> bool {
        self.intent.place.platform == PLATFORM
    }
}

fn place() -> Place {
    Place {
        platform: PLATFORM.to_owned(),
        chat: ChatId::new(PLATFORM),
        kind: PlaceKind::Private,
        message: None,
    }
}

/// What an act of a program is claimed by.
fn named(person: &PersonId, key: &str) -> String {
    format!("api/{person}/{key}")
}

fn intent(person: &PersonId, call: Call) -> Result<Intent, Misfit> {
    let (event, place) = (named(person, &call.key), place());
    let said = Said::Text { text: call.command, to_bot: true, reply_to: None };
    let inbound = Inbound { event, account: form::account(person), place, said };
    let Some(read) = grammar::read(inbound, "") else { return Err(Misfit::Command) };
    let values = fold::values_without_nul(call.values);
    let (want, values) = filled(on_revision(read.want, call.revision)?, values)?;
    Ok(Intent { want, values, ..read })
}

/// The form of a want, submitted; what stands in the line of `/new` stands in its form.
fn filled(want: Want, values: FormValues) -> Result<(Want, FormValues), Misfit> {
    if let Want::New { title, departments, date } = want {
        let departments = (1..).zip(departments).map(|(row, name)| (format!("ask{row}_department"), name));
        let typed = [("title", title), ("wanted_by", date)].into_iter();
        let typed = typed.filter_map(|(field, value)| Some((field.to_owned(), value?)));
        let values = typed.chain(departments).chain(values).collect();
        return Ok((Want::File { request: None }, values));
    }
    if values.is_empty() {
        return Ok((want, values));
    }
    let want = submitted(&want, FILE, &values).ok_or(Misfit::Values)?;
    Ok((want, values))
}

/// The want as of the version that was read.
fn on_revision(want: Want, seen: Option<i64>) -> Result<Want, Misfit> {
    let Some(seen) = seen else { return Ok(want) };
    let version = Some(seen);
    match want {
        Want::Confirm { request, department, .. } => Ok(Want::Confirm { request, department, version }),
        Want::Object { request, department, reason, .. } => {
            Ok(Want::Object { request, department, reason, version })
        }
        Want::Approve { request, .. } => Ok(Want::Approve { request, version }),
        Want::Return { request, reason, .. } => Ok(Want::Return { request, reason, version }),
        _ => Err(Misfit::Revision),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(command: &str, values: &[(&str, &str)], revision: Option<i64>) -> Result<Intent, Misfit> {
        let values = values.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
        let call = Call { key: "k".to_owned(), command: command.to_owned(), values, revision };
        intent(&PersonId::new("zhang.wei"), call)
    }

    #[test]
    fn a_line_is_the_want_that_it_is_in_the_chat_at_the_version_that_was_read() {
        let intent = wanted("/confirm SCB-12", &[], Some(3)).unwrap();
        let request = Some("SCB-012".to_owned());
        assert_eq!(intent.want, Want::Confirm { request, department: None, version: Some(3) });
        assert_eq!((intent.key.as_str(), intent.account.id.as_str()), ("api/zhang.wei/k", "zhang.wei"));
        assert_eq!(wanted("/comment SCB-12 好", &[], Some(3)), Err(Misfit::Revision));
        assert!(matches!(wanted("好的", &[], None).unwrap().want, Want::Unknown { .. }));
    }

    #[test]
    fn values_are_the_form_of_the_line_and_stand_before_its_words() {
        let filed =
            wanted("/new 推广 @研发部 @财务部", &[("title", "新品推广"), ("goal", "五千台")], None).unwrap();
        assert_eq!(filed.want, Want::File { request: None });
        let value = |field: &str| filed.values.get(field).map(String::as_str);
        assert_eq!(value("title"), Some("新品推广"));
        assert_eq!((value("ask1_department"), value("ask2_department")), (Some("研发部"), Some("财务部")));
        assert_eq!(value("wanted_by"), None);
        assert_eq!(wanted("/my", &[("title", "x")], None), Err(Misfit::Values));
    }
}
