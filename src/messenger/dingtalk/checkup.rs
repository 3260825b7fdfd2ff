//! Asks the platform whether the application is set up as the service needs it, and says each finding with its remedy.
//!
//! Invariant: nobody sees or hears anything of it and nothing is changed: what could be heard is asked for without saying
//! to whom. Every finding that is not well has a remedy. What no call tells is said to be so.

use reqwest::Method;
use serde_json::{Value, json};

use super::api::{Api, ApiError, Ask, Class};
use super::{Options, remedy};
use crate::messenger::checkup::{Finding, Grade, ok, warn};

/// How far the clocks may be apart, in seconds. Signatures live with an hour; a minute is already odd.
const SKEW: i64 = 60;

const ADDRESS: &str = "dingtalk address";
const CLOCK: &str = "dingtalk clock";
const CREDENTIALS: &str = "dingtalk credentials";
const PERMISSIONS: &str = "dingtalk permissions";
const TEMPLATE: &str = "dingtalk card template";
const NEW_CARD: &str = "/v1.0/card/instances/createAndDeliver";

/// Everything, in the order in which one thing needs the other: without a network or credentials the rest is not asked.
pub async fn ask(api: &Api) -> Vec<Finding> {
    let options = &api.options;
    let mut found = Vec::new();
    match clocks(api).await {
        Ok(finding) => found.push(finding),
        Err(finding) => {
            found.push(finding);
            return found;
        }
    }
    if let Err(error) = api.sign_in().await {
        found.push(refused(CREDENTIALS, &error, Grade::Fail));
        return found;
    }
    found.push(ok(CREDENTIALS, format!("the credentials of {} are accepted", options.client_id)));
    found.extend(permissions(api).await);
    if let Some(template) = &options.card_template_id {
        found.push(card_template(api, template).await);
    }
    found
}

/// Tells of the clocks; an error where nothing answers at all.
async fn clocks(api: &Api) -> Result<Finding, Finding> {
    let theirs = api.date().await.map_err(|error| refused(ADDRESS, &error, Grade::Fail))?;
    let Some(theirs) = theirs else {
        return Ok(warn(
            CLOCK,
            "DingTalk's answer does not say what time it is",
            "look at this machine's NTP",
        ));
    };
    let apart = api.now().as_second() - theirs.as_second();
    let than = if apart > 0 { "ahead of" } else { "behind" };
    let what = format!("this machine is {} s {than} DingTalk", apart.abs());
    Ok(match apart.abs() {
        0..=SKEW => ok(CLOCK, what),
        _ => warn(CLOCK, what, "set the machine's clock (NTP): signatures and tokens have windows"),
    })
}

/// One thing that the application may have to do, and a call that shows whether it may.
struct Feature {
    what: &'static str,
    grade: Grade,
    /// Of the new host, or of the old one.
    new: bool,
    path: &'static str,
    body: Value,
}

fn features(options: &Options) -> Vec<Feature> {
    let new = |what, grade, path| Feature { what, grade, new: true, path, body: json!({}) };
    let old = |what, path, body| Feature { what, grade: Grade::Warn, new: false, path, body };
    let mut all = vec![
        new("send messages", Grade::Fail, "/v1.0/robot/oToMessages/batchSend"),
        old("read departments", "/topapi/v2/department/listsub", json!({"dept_id": 1})),
        old("read people", "/topapi/v2/user/list", json!({"dept_id": 1, "cursor": 0, "size": 1})),
    ];
    if options.card_template_id.is_some() {
        all.push(new("make cards", Grade::Fail, NEW_CARD));
    }
    if options.ding.is_some() {
        all.push(new("send DINGs", Grade::Warn, "/v1.0/robot/ding/send"));
    }
    if options.todo {
        all.push(new("keep lists of things to do", Grade::Warn, "/v1.0/todo/users/nobody/tasks"));
    }
    all
}

/// A line for what is granted, and one for each thing that is not. A call that names nobody is refused as incomplete,
/// but only after the permission was looked at.
async fn permissions(api: &Api) -> Vec<Finding> {
    let (mut granted, mut found) = (Vec::new(), Vec::new());
    for feature in features(&api.options) {
        let ask = match feature.new {
            true => Ask::new(Method::POST, feature.path, &feature.body),
            false => Ask::old(feature.path, &feature.body),
        };
        match api.call(&ask).await {
            Ok(_) => granted.push(feature.what),
            Err(error) => match error.class {
                Class::Content | Class::Template | Class::Receiver | Class::Other => {
                    granted.push(feature.what)
                }
                Class::Config => {
                    let what = format!("the application may not {}: {}", feature.what, error.why);
                    let remedy = remedy::of(&error);
                    found.push(Finding { name: PERMISSIONS, grade: feature.grade, what, remedy });
                }
                _ => {
                    let what =
                        format!("whether the application may {} is not known: {}", feature.what, error.why);
                    found.push(warn(PERMISSIONS, what, remedy::of(&error)));
                }
            },
        }
    }
    if !granted.is_empty() {
        found.insert(0, ok(PERMISSIONS, format!("the application may {}", granted.join(", "))));
    }
    found
}

/// A card that is to go nowhere: the template is looked at all the same.
async fn card_template(api: &Api, template: &str) -> Finding {
    let body = json!({"cardTemplateId": template, "outTrackId": "liaison-doctor", "callbackType": "STREAM",
        "cardData": {"cardParamMap": {}}, "openSpaceId": "dtv1.card//"});
    match api.call(&Ask::new(Method::POST, NEW_CARD, &body)).await {
        Err(error) if error.class == Class::Template => refused(TEMPLATE, &error, Grade::Fail),
        _ => {
            let what = format!("{template}; whether it has every variable cannot be asked");
            ok(TEMPLATE, format!("{what}: `liaison send-test` shows it"))
        }
    }
}

fn refused(name: &'static str, error: &ApiError, grade: Grade) -> Finding {
    Finding { name, grade, what: error.why.clone(), remedy: remedy::of(error) }
}

#[cfg(test)]
#[path = "checkup_tests.rs"]
mod tests;
