//! The sandbox's groups, and the demo company at work: two requests under way. Everything is said by people through the same door as
//! later in the browser; only the clock is moved in between.

use std::collections::BTreeMap;

use jiff::civil::Time;

use super::{Service, StartError};
use crate::app::Trouble;
use crate::clock::{Clock, MovableClock};
use crate::domain::Timestamp;
use crate::domain::directory::{Directory, Role};
use crate::messenger::sandbox::{PLATFORM, Sandbox};
use crate::store::desk::{self, Binding};
use crate::store::sandbox;
use crate::text::word;
use crate::web::webhook_take;

/// The managers' group.
pub const MANAGERS: &str = "g-managers";
/// The issue group.
pub const ISSUES: &str = "g-issues";
/// The project group of the first request.
pub const PROJECT: &str = "g-project";

type Step<T> = Result<T, StartError>;

impl Service {
    /// Makes the sandbox's groups where there are none yet: the managers, the issues, a project. Bound ones stay bound.
    pub(super) async fn found_groups(&self) -> Step<()> {
        let app = self.web.engine.app();
        let db = app.db();
        if !sandbox::chats(db).await?.is_empty() {
            return Ok(());
        }
        let company = app.company();
        let lang = company.language(None);
        let everybody: Vec<String> = company.directory.people.keys().map(ToString::to_string).collect();
        for (id, key, members) in [
            (MANAGERS, "demo.managers", &managers(&company.directory)),
            (ISSUES, "demo.issues", &everybody),
            (PROJECT, "demo.project", &everybody),
        ] {
            let (id, name) = (id.to_owned(), word(lang, key));
            let chat = sandbox::Chat { id, kind: "group".to_owned(), name, members: members.clone() };
            sandbox::save_chat(db, &chat).await?;
        }
        let now = app.clock().now();
        let mut tx = db.begin().await?;
        for (what, chat) in [("managers", MANAGERS), ("issues", ISSUES)] {
            let (what, request) = (what.to_owned(), String::new());
            let binding = Binding { what, request, platform: PLATFORM.to_owned(), chat: chat.to_owned() };
            desk::bind(&mut tx, &binding, None, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Two requests under way: one with an objection, one that nobody answers. Ends at a working hour of today or the
    /// next working day.
    pub async fn seed(&self) -> Step<()> {
        let Some(door) = self.web.sandbox.clone() else { return Ok(()) };
        let Some(clock) = door.clock.clone() else { return Ok(()) };
        let calendar = self.web.engine.app().company().calendar.clone();
        let today = calendar.next_opening(clock.machine());
        let first = calendar.add_working_days(calendar.date_of(today), -2);
        let at = |hour| calendar.at(first, Time::constant(hour, 0, 0, 0));
        clock.set(at(10));
        self.file_first(&clock, at(11)).await?;
        self.move_to(&clock, at(14)).await?;
        self.file_second().await?;
        self.move_to(&clock, today.max(at(15))).await?;
        self.web.engine.app().keep("sandbox_clock", &clock.offset_ms().to_string()).await?;
        Ok(())
    }

    /// A launch that research finds too tight.
    async fn file_first(&self, clock: &MovableClock, later: Timestamp) -> Step<()> {
        let form = self.say("zhang.wei", "/new").await?;
        let number = self.file("zhang.wei", &form, "first", &["YFB", "CWB", "KFB"]).await?;
        self.say("liu.yang", &format!("/approve {number}")).await?;
        self.say_in("guo.qiang", PROJECT, &format!("/bind project {number}")).await?;
        self.move_to(clock, later).await?;
        self.say("wang.fang", &format!("/confirm {number}")).await?;
        let objection = word(self.language(), "demo.first.objection");
        self.say("li.na", &format!("/object {number} {objection}")).await?;
        Ok(())
    }

    /// A training that nobody answers.
    async fn file_second(&self) -> Step<()> {
        let form = self.say("tang.rui", "/new").await?;
        let number = self.file("tang.rui", &form, "second", &["XXB", "RLB"]).await?;
        self.say("ma.ning", &format!("/approve {number}")).await?;
        Ok(())
    }

    fn language(&self) -> crate::domain::Lang {
        self.web.engine.app().company().language(None)
    }

    /// Fills in the form on a person's last message and submits it; the number of the request.
    async fn file(&self, person: &str, form: &str, story: &str, departments: &[&str]) -> Step<String> {
        let lang = self.language();
        let text = |key: &str| word(lang, &format!("demo.{story}.{key}"));
        let mut values = BTreeMap::new();
        for field in ["title", "background", "goal", "acceptance", "risks"] {
            values.insert(field.to_owned(), text(field));
        }
        for (field, value) in
            [("wanted_by", "T+15"), ("priority", "high"), ("kind", "project"), ("budget", "80000")]
        {
            values.insert(field.to_owned(), value.to_owned());
        }
        for (row, department) in (1..).zip(departments) {
            values.insert(format!("ask{row}_department"), (*department).to_owned());
            values.insert(format!("ask{row}_task"), text(&format!("task_{department}")));
            values.insert(format!("ask{row}_deliverable"), text(&format!("deliverable_{department}")));
        }
        self.press(person, form, "file", values).await?;
        let filed = crate::store::request::newest(self.web.engine.app().db(), 1).await?;
        Ok(filed.first().map(ToString::to_string).unwrap_or_default())
    }

    async fn move_to(&self, clock: &MovableClock, at: Timestamp) -> Step<()> {
        Ok(self.web.engine.advance_to(clock, at).await?)
    }

    async fn say(&self, person: &str, text: &str) -> Step<String> {
        self.say_in(person, Sandbox::private_chat(person).as_str(), text).await
    }

    /// Says something and waits for the answer; the id of the newest message in the chat.
    async fn say_in(&self, person: &str, chat: &str, text: &str) -> Step<String> {
        let Some(door) = &self.web.sandbox else { return Ok(String::new()) };
        let event = door.messenger.write(person, chat, text, None).await.map_err(broken)?;
        webhook_take(&self.web, door, &event).await?;
        self.web.engine.settle().await?;
        let messages = door.messenger.shelf().after(chat, "").await.map_err(broken)?;
        Ok(messages.last().map(|m| m.id.clone()).unwrap_or_default())
    }

    async fn press(
        &self,
        person: &str,
        message: &str,
        action: &str,
        values: BTreeMap<String, String>,
    ) -> Step<()> {
        let Some(door) = &self.web.sandbox else { return Ok(()) };
        let event = door.messenger.press(person, message, action, values).await.map_err(broken)?;
        let Some(event) = event else { return Ok(()) };
        let answer = webhook_take(&self.web, door, &event).await?;
        if let Some(card) = &answer.card {
            // A messenger shows the card that it was answered with.
            door.messenger.shelf().replace(message, &door.messenger.shown(card)).await.map_err(broken)?;
        }
        self.web.engine.settle().await?;
        Ok(())
    }
}

fn broken(why: String) -> StartError {
    StartError::App(Trouble::broken(why))
}

/// Heads, their superiors, and those who look after the whole company.
fn managers(directory: &Directory) -> Vec<String> {
    let offices = directory.departments.values().flat_map(|d| d.head.iter().chain(&d.supervisor));
    let roles = [Role::GeneralManager, Role::VicePresident, Role::Coordinator, Role::EnterpriseManagement];
    let companywide = roles.into_iter().flat_map(|role| directory.with_role(role)).map(|p| &p.id);
    let mut people: Vec<String> = offices.chain(companywide).map(ToString::to_string).collect();
    people.sort();
    people.dedup();
    people
}
