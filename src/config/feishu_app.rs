//! `[feishu]`: one app, whole or not at all.

use super::build::blame;
use super::layers::Layers;
use super::values::{self, Wrong};
use crate::messenger::feishu::{Mode, Options};
use crate::messenger::net::Network;
use secrecy::SecretString;

/// The app where it is enabled: `Some(None)` where it is not, `None` after a mistake.
pub fn options(layers: &mut Layers, network: Option<&Network>) -> Option<Option<Options>> {
    let enabled = layers.get("feishu.enabled", values::flag);
    let app_id = layers.get("feishu.app_id", app_id);
    let app_secret = layers.get("feishu.app_secret", credential);
    let mode = layers.get("feishu.mode", mode);
    let encrypt_key = layers.get("feishu.encrypt_key", credential);
    let previous_encrypt_key = layers.get("feishu.previous_encrypt_key", credential);
    let verification_token = layers.get("feishu.verification_token", credential);
    let base_url = layers.get("feishu.base_url", values::public_url);
    let login = layers.get("feishu.login", values::flag);
    let (enabled, mode, base_url, login) = (enabled?, mode?, base_url?, login?);
    if !enabled {
        return Some(None);
    }
    let page = "copy it from the app's page on the open platform: docs/platforms/feishu.md";
    for (path, is_there) in [("feishu.app_id", app_id.is_some()), ("feishu.app_secret", app_secret.is_some())]
    {
        if !is_there && layers.raw(path).is_none() {
            blame(layers, path, "Feishu is enabled, but this is missing", page);
        }
    }
    if mode == Mode::Webhook
        && verification_token.is_none()
        && layers.raw("feishu.verification_token").is_none()
    {
        let problem = "without it anybody could post events; the webhook needs it";
        blame(layers, "feishu.verification_token", problem, page);
    }
    Some(Some(Options {
        app_id: app_id?,
        app_secret: app_secret?,
        encrypt_key,
        previous_encrypt_key,
        verification_token,
        mode,
        base_url,
        login,
        network: network?.clone(),
    }))
}

fn app_id(text: &str) -> Result<String, Wrong> {
    let digits = text.strip_prefix("cli_").filter(|rest| !rest.is_empty());
    match digits.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_alphanumeric())) {
        true => Ok(text.to_owned()),
        false => Err((format!("`{text}` is no app id"), "it begins with cli_".to_owned())),
    }
}

fn credential(text: &str) -> Result<SecretString, Wrong> {
    match !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic() || c == ' ') {
        true => Ok(SecretString::from(text.to_owned())),
        false => {
            Err(("is empty, or holds a character that cannot be".to_owned(), "copy it again".to_owned()))
        }
    }
}

fn mode(text: &str) -> Result<Mode, Wrong> {
    match text {
        "stream" => Ok(Mode::Stream),
        "webhook" => Ok(Mode::Webhook),
        _ => Err((format!("there is no mode `{text}`"), "write stream or webhook".to_owned())),
    }
}
