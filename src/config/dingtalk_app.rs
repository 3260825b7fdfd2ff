//! `[dingtalk]`: one application, whole or not at all.

use secrecy::SecretString;

use super::build::blame;
use super::layers::Layers;
use super::values::{self, Wrong};
use crate::messenger::dingtalk::{Ding, GroupRobot, Mode, Options, is_aes_key};
use crate::messenger::net::Network;

/// The application where it is enabled: `Some(None)` where it is not, `None` after a mistake.
pub fn options(layers: &mut Layers, network: Option<&Network>) -> Option<Option<Options>> {
    let enabled = layers.get("dingtalk.enabled", values::flag);
    let client_id = layers.get("dingtalk.client_id", id);
    let client_secret = layers.get("dingtalk.client_secret", credential);
    let robot_code = layers.get("dingtalk.robot_code", id);
    let mode = layers.get("dingtalk.mode", mode);
    let base_url = layers.get("dingtalk.base_url", values::public_url);
    let legacy_base_url = layers.get("dingtalk.legacy_base_url", values::public_url);
    let card_template_id = layers.get("dingtalk.card_template_id", template);
    let event_token = layers.get("dingtalk.event_token", credential);
    let event_aes_key = layers.get("dingtalk.event_aes_key", aes_key);
    let ding = layers.get("dingtalk.ding", ding);
    let todo = layers.get("dingtalk.todo", values::flag);
    let monthly_calls = layers.get("dingtalk.monthly_calls", calls);
    let group_robots = layers.get("dingtalk.group_robots", robots);
    let login = layers.get("dingtalk.login", values::flag);
    let corp_id = layers.get("dingtalk.corp_id", id);
    let (enabled, mode, base_url, legacy_base_url) = (enabled?, mode?, base_url?, legacy_base_url?);
    if !enabled {
        return Some(None);
    }
    let page = "copy it from the application's page on the open platform: docs/platforms/dingtalk.md";
    let needed =
        [("dingtalk.client_id", client_id.is_some()), ("dingtalk.client_secret", client_secret.is_some())];
    for (path, _) in needed.iter().filter(|(_, is_there)| !is_there) {
        if layers.raw(path).is_none() {
            blame(layers, path, "DingTalk is enabled, but this is missing", page);
        }
    }
    let [token, key] = ["dingtalk.event_token", "dingtalk.event_aes_key"];
    let (has_token, has_key) = (layers.raw(token).is_some(), layers.raw(key).is_some());
    if has_token != has_key {
        let (missing, there) = if has_token { (key, token) } else { (token, key) };
        blame(layers, missing, &format!("{there} is of no use without it"), page);
    }
    let client_id = client_id?;
    Some(Some(Options {
        robot_code: robot_code.unwrap_or_else(|| client_id.clone()),
        // The key is the organisation's: nobody else's begins with our id.
        card_route_key: (mode == Mode::Webhook).then(|| client_id.clone()),
        client_id,
        client_secret: client_secret?,
        mode,
        base_url,
        legacy_base_url,
        card_template_id,
        event_token,
        event_aes_key,
        ding,
        todo: todo?,
        monthly_calls: monthly_calls?,
        login: login?,
        network: network?.clone(),
        corp_id,
        group_robots: group_robots.unwrap_or_default(),
    }))
}

fn id(text: &str) -> Result<String, Wrong> {
    match !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
        true => Ok(text.to_owned()),
        false => Err((format!("`{text}` is no id"), "letters and digits, as on the page: ding…".to_owned())),
    }
}

fn template(text: &str) -> Result<String, Wrong> {
    let name = text.strip_suffix(".schema").filter(|name| !name.is_empty());
    match name.is_some_and(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')) {
        true => Ok(text.to_owned()),
        false => Err((format!("`{text}` is no id of a card template"), "it ends in .schema".to_owned())),
    }
}

fn credential(text: &str) -> Result<SecretString, Wrong> {
    match !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic()) {
        true => Ok(SecretString::from(text.to_owned())),
        false => {
            Err(("is empty, or holds a character that cannot be".to_owned(), "copy it again".to_owned()))
        }
    }
}

fn aes_key(text: &str) -> Result<SecretString, Wrong> {
    match is_aes_key(text) {
        true => Ok(SecretString::from(text.to_owned())),
        false => Err(("is no AES key".to_owned(), "it has 43 letters and digits: copy it again".to_owned())),
    }
}

fn ding(text: &str) -> Result<Ding, Wrong> {
    match text {
        "app" => Ok(Ding::App),
        "sms" => Ok(Ding::Sms),
        "phone" => Ok(Ding::Phone),
        _ => Err((format!("there is no DING by `{text}`"), "write app, sms or phone".to_owned())),
    }
}

fn calls(text: &str) -> Result<u64, Wrong> {
    let number = text.parse().ok().filter(|calls| *calls > 0);
    number.ok_or_else(|| (format!("`{text}` is no number of calls"), "write a number, as 5000".to_owned()))
}

/// What is wrong is not repeated: it is a secret.
fn robots(text: &str) -> Result<Vec<GroupRobot>, Wrong> {
    let robot = |text: &str| {
        let [name, token, secret] = *text.split(':').collect::<Vec<_>>() else { return None };
        let is_whole = [name, token, secret].iter().all(|part| !part.is_empty());
        is_whole.then(|| GroupRobot { name: name.to_owned(), token: token.into(), secret: secret.into() })
    };
    let all: Option<Vec<_>> = text.split_whitespace().map(robot).collect();
    let remedy = "write NAME:ACCESS_TOKEN:SECRET, several separated by spaces";
    all.ok_or_else(|| ("one of the robots is not whole".to_owned(), remedy.to_owned()))
}

fn mode(text: &str) -> Result<Mode, Wrong> {
    match text {
        "stream" => Ok(Mode::Stream),
        "webhook" => Ok(Mode::Webhook),
        _ => Err((format!("there is no mode `{text}`"), "write stream or webhook".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dings_and_calls_are_those_that_there_are() {
        let dings = ["app", "sms", "phone", "fax"].map(|text| ding(text).ok());
        assert_eq!(dings, [Some(Ding::App), Some(Ding::Sms), Some(Ding::Phone), None]);
        assert_eq!(
            ["500000", "0", "-1", "many"].map(|text| calls(text).ok()),
            [Some(500_000), None, None, None]
        );
    }

    #[test]
    fn robots_of_groups_are_whole_and_no_secret_is_repeated() {
        let all = robots("managers:t1:SEC1  lab:t2:SEC2").unwrap();
        assert_eq!(all.iter().map(|robot| robot.name.as_str()).collect::<Vec<_>>(), ["managers", "lab"]);
        assert!(!format!("{all:?}").contains("SEC1"));
        for text in ["managers", "managers:t1", "managers::SEC1", "a:b:c:d", "a:t1:SEC1 b:t2"] {
            let (problem, remedy) = robots(text).unwrap_err();
            assert!(!format!("{problem}{remedy}").contains(text), "{text}");
        }
    }
}
