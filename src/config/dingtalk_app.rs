//! `[dingtalk]`: one application, whole or not at all.

use secrecy::SecretString;

use super::build::blame;
use super::layers::Layers;
use super::values::{self, Wrong};
use crate::messenger::dingtalk::{Mode, Options, is_aes_key};

/// The application where it is enabled: `Some(None)` where it is not, `None` after a mistake.
pub fn options(layers: &mut Layers) -> Option<Option<Options>> {
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
        client_id,
        client_secret: client_secret?,
        mode,
        base_url,
        legacy_base_url,
        card_template_id,
        event_token,
        event_aes_key,
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

fn mode(text: &str) -> Result<Mode, Wrong> {
    match text {
        "stream" => Ok(Mode::Stream),
        "webhook" => Ok(Mode::Webhook),
        _ => Err((format!("there is no mode `{text}`"), "write stream or webhook".to_owned())),
    }
}
