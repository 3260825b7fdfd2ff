//! The checkup against the fake: each thing that can be wrong is found, and nobody hears of it.

use secrecy::SecretString;

use super::super::api::tests::{app, options};
use super::super::fake::{Fake, Fault, TEMPLATE as PUBLISHED};
use super::*;

async fn found(change: impl FnOnce(&Fake, &mut Options)) -> (Fake, Vec<Finding>) {
    let fake = Fake::start().await.unwrap();
    let mut options = options(&fake);
    change(&fake, &mut options);
    let found = ask(&app(options)).await;
    assert!(fake.messages().is_empty() && fake.state().cards.is_empty(), "somebody heard it");
    let lost: Vec<_> = found.iter().filter(|f| (f.grade == Grade::Ok) != f.remedy.is_empty()).collect();
    assert!(lost.is_empty(), "{lost:?}");
    (fake, found)
}

fn line<'a>(found: &'a [Finding], name: &str) -> Vec<(Grade, &'a str)> {
    found.iter().filter(|f| f.name == name).map(|f| (f.grade, f.what.as_str())).collect()
}

#[tokio::test]
async fn an_application_that_is_set_up_well() {
    let (_, found) = found(|_, options| {
        options.card_template_id = Some(PUBLISHED.to_owned());
        options.ding = Some(super::super::Ding::App);
        options.todo = true;
    })
    .await;
    let may = "the application may send messages, read departments, read people, make cards, send DINGs, \
               keep lists of things to do";
    assert_eq!(line(&found, PERMISSIONS), [(Grade::Ok, may)]);
    assert_eq!(line(&found, CREDENTIALS).len(), 1);
    assert_eq!(line(&found, TEMPLATE)[0].0, Grade::Ok);
    assert_eq!(line(&found, ADDRESS), []);
}

#[tokio::test]
async fn wrong_credentials_end_it() {
    let (fake, found) =
        found(|_, options| options.client_secret = SecretString::from("guessed".to_owned())).await;
    let last = found.last().unwrap();
    assert_eq!((last.name, last.grade), (CREDENTIALS, Grade::Fail));
    assert!(last.remedy.contains("client_secret") && !last.what.contains("guessed"));
    assert_eq!(fake.count("batchSend"), 0);
}

#[tokio::test]
async fn what_is_not_granted_is_named_with_what_to_apply_for() {
    let (_, found) = found(|fake, _| {
        fake.takes_scope("qyapi_robot_sendmsg");
        fake.takes_scope("qyapi_get_member");
    })
    .await;
    let lines = line(&found, PERMISSIONS);
    assert_eq!(lines[0], (Grade::Ok, "the application may read departments"));
    assert_eq!((lines[1].0, lines[2].0), (Grade::Fail, Grade::Warn));
    assert!(found.iter().any(|f| f.remedy.starts_with("apply for qyapi_robot_sendmsg")));
}

#[tokio::test]
async fn a_template_that_is_not_there_is_found() {
    let (_, found) = found(|_, options| options.card_template_id = Some("none.schema".to_owned())).await;
    let lines = line(&found, TEMPLATE);
    assert!(matches!(lines.as_slice(), [(Grade::Fail, what)] if what.contains("no such card template")));
}

#[tokio::test]
async fn what_nobody_answers_is_not_known() {
    let (_, found) = found(|fake, _| fake.fail("departments.sub", 1, Fault::Page(502))).await;
    let lines = line(&found, PERMISSIONS);
    assert!(
        lines.iter().any(|(grade, what)| *grade == Grade::Warn && what.contains("is not known")),
        "{lines:?}"
    );
}

#[tokio::test]
async fn no_network_ends_it_at_once() {
    let (_, found) = found(|_, options| options.base_url = "http://127.0.0.1:1".to_owned()).await;
    assert_eq!(found.last().map(|f| (f.name, f.grade)), Some((ADDRESS, Grade::Fail)));
}
