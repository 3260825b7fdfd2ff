//! People who log in to a page of somebody else's with their account here: OAuth 2 with PKCE.
//!
//! Invariant: a code is good once, for five minutes, for the redirect URL and the challenge that it was asked with; a
//! redirect URL that the console does not list is refused before anybody is asked.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::Query;
use axum::http::Uri;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::gate::{Call, Refusal};
use super::state::State;
use super::{APP_ID, APP_SECRET, Fake};

/// How long a code is good, milliseconds.
const CODE: u64 = 300_000;

/// What it knows of logins.
#[derive(Default)]
pub struct Logins {
    /// The redirect URLs of the console's security settings.
    pub redirects: BTreeSet<String>,
    codes: BTreeMap<String, Code>,
    /// Token → whose.
    tokens: BTreeMap<String, String>,
}

struct Code {
    person: String,
    redirect: String,
    challenge: String,
    until: u64,
    used: bool,
}

impl Fake {
    /// Somebody whose browser was sent to this page agrees; the address that it leads back to. An error is what the page
    /// says instead.
    pub fn agrees(&self, open_id: &str, page: &str) -> Result<String, &'static str> {
        let uri: Uri = page.parse().map_err(|_| "no address")?;
        let Ok(Query(query)) = Query::<BTreeMap<String, String>>::try_from_uri(&uri) else {
            return Err("query");
        };
        let told = |name: &str| query.get(name).cloned().unwrap_or_default();
        if uri.path() != "/open-apis/authen/v1/authorize" || told("client_id") != APP_ID {
            return Err("4401: no such app");
        }
        let mut state = self.state();
        if !state.logins.redirects.contains(&told("redirect_uri")) {
            return Err("20029: the redirect URL is not registered");
        }
        if told("response_type") != "code"
            || told("code_challenge_method") != "S256"
            || told("state").is_empty()
        {
            return Err("20000: a parameter is wrong");
        }
        let (code, until) = (state.fresh("code-"), state.now() + CODE);
        let back = format!("{}?code={code}&state={}", told("redirect_uri"), told("state"));
        let (person, redirect, challenge) =
            (open_id.to_owned(), told("redirect_uri"), told("code_challenge"));
        state.logins.codes.insert(code, Code { person, redirect, challenge, until, used: false });
        Ok(back)
    }
}

/// `POST authen/v2/oauth/token`: answers at the top, and refuses with a word.
pub fn token(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let told = |name: &str| call.body.get(name).and_then(Value::as_str).unwrap_or_default();
    if told("grant_type") != "authorization_code" {
        return Err(refusal(20_036, "unsupported_grant_type"));
    }
    if told("client_id") != APP_ID || told("client_secret") != APP_SECRET {
        return Err(refusal(20_002, "invalid_client"));
    }
    let now = state.now();
    let code = state.logins.codes.get_mut(told("code")).filter(|code| !code.used && now <= code.until);
    let code = code.ok_or_else(|| refusal(20_003, "invalid_grant"))?;
    code.used = true;
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(told("code_verifier")));
    if code.redirect != told("redirect_uri") || code.challenge != challenge {
        return Err(refusal(20_049, "invalid_grant"));
    }
    let person = code.person.clone();
    let token = state.fresh("u-");
    state.logins.tokens.insert(token.clone(), person);
    Ok(json!({"code": 0, "access_token": token, "expires_in": 7200, "token_type": "Bearer", "scope": ""}))
}

/// `GET authen/v1/user_info`, with the user's token.
pub fn user(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let token = call.token.as_deref().unwrap_or_default();
    let Some(open_id) = state.logins.tokens.get(token).cloned() else {
        return Err(Refusal {
            status: 200,
            ..Refusal::new(20_005, "The user access token passed is invalid.")
        });
    };
    let person = state.people.get(&open_id);
    let name = person.map(|person| person.name.clone()).unwrap_or_default();
    let tenant = if person.is_some_and(|person| !person.foreign) { "736588c9260f175d" } else { "another" };
    Ok(json!({"open_id": open_id, "name": name, "tenant_key": tenant, "union_id": "on_x", "en_name": ""}))
}

fn refusal(code: i64, error: &str) -> Refusal {
    Refusal { error: json!(error), ..Refusal::new(code, "") }
}
