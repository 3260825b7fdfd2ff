//! People who log in with their account here: by a code that the client gives, or one of the login page.
//!
//! Invariant: a code is good once and for the call that it was made for; somebody from outside of the company is known by
//! a `unionid` alone.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::extract::Query;
use axum::http::{Response, StatusCode, Uri, header};
use serde_json::{Value, json};

use super::gate::{Call, Refusal};
use super::state::State;
use super::{CLIENT_ID, CLIENT_SECRET, Fake};

/// Where its login page is.
pub const PAGE: &str = "/oauth2/auth";

/// What it knows of logins.
#[derive(Default)]
pub struct Logins {
    /// The redirect URLs of the application's security page.
    pub redirects: BTreeSet<String>,
    /// Code → user id, given by the client.
    inside: BTreeMap<String, String>,
    /// Code → union id, of the login page.
    outside: BTreeMap<String, String>,
    /// Token → union id.
    tokens: BTreeMap<String, String>,
    /// Union ids of outside contacts that have a user id.
    pub contacts: BTreeSet<String>,
    /// The union id of whoever is logged in at DingTalk where its login page is opened, and agrees.
    pub agreeing: String,
    serial: usize,
}

impl Logins {
    fn fresh(&mut self, what: &str) -> String {
        self.serial += 1;
        format!("{what}{}", self.serial)
    }
}

impl Fake {
    /// The client gives a page the code of its user.
    pub fn gives_code(&self, user: &str) -> String {
        let logins = &mut self.state().logins;
        let code = logins.fresh("inside-");
        logins.inside.insert(code.clone(), user.to_owned());
        code
    }

    /// The login page in a real browser, whose user agrees at once.
    pub fn shows(&self, page: &Uri) -> std::io::Result<Response<Body>> {
        let union = self.state().logins.agreeing.clone();
        let (status, back) = match self.agrees(&union, &page.to_string()) {
            Ok(back) => (StatusCode::FOUND, back),
            Err(why) => (StatusCode::BAD_REQUEST, why.to_owned()),
        };
        let answer = Response::builder().status(status).header(header::LOCATION, &back);
        answer.body(Body::from(back)).map_err(std::io::Error::other)
    }

    /// Somebody whose browser was sent to this page agrees; the address that it leads back to.
    pub fn agrees(&self, union: &str, page: &str) -> Result<String, &'static str> {
        let uri: Uri = page.parse().map_err(|_| "no address")?;
        let Ok(Query(query)) = Query::<BTreeMap<String, String>>::try_from_uri(&uri) else {
            return Err("query");
        };
        let told = |name: &str| query.get(name).cloned().unwrap_or_default();
        if uri.path() != PAGE || told("client_id") != CLIENT_ID || told("scope") != "openid" {
            return Err("no such application");
        }
        let logins = &mut self.state().logins;
        if !logins.redirects.contains(&told("redirect_uri")) {
            return Err("the redirect URL is not registered");
        }
        let code = logins.fresh("outside-");
        logins.outside.insert(code.clone(), union.to_owned());
        Ok(format!("{}?authCode={code}&state={}", told("redirect_uri"), told("state")))
    }
}

/// `POST topapi/v2/user/getuserinfo`
pub fn by_code(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let user = state.logins.inside.remove(call.text("code")?).ok_or_else(|| Refusal::old(40_078))?;
    let person = state.person(&user).ok_or_else(|| Refusal::old(60_121))?;
    let result = json!({"userid": person.id, "unionid": format!("un_{}", person.id), "name": person.name,
        "sys": false, "sys_level": 0});
    Ok(json!({"errcode": 0, "errmsg": "ok", "result": result, "request_id": "r"}))
}

/// `POST v1.0/oauth2/userAccessToken`
pub fn token(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    if call.text("clientId")? != CLIENT_ID || call.text("clientSecret")? != CLIENT_SECRET {
        return Err(Refusal::new("invalidClientIdOrSecret"));
    }
    if call.text("grantType")? != "authorization_code" {
        return Err(Refusal::new("invalidParameter.grantType"));
    }
    let union = state.logins.outside.remove(call.text("code")?);
    let union = union.ok_or_else(|| Refusal::new("invalidParameter.authCode.notFound"))?;
    let token = state.logins.fresh("user-");
    state.logins.tokens.insert(token.clone(), union);
    Ok(json!({"accessToken": token, "refreshToken": "r", "expireIn": 7200, "corpId": "dingfakecorp0001"}))
}

/// `GET v1.0/contact/users/me`
pub fn me(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let union = state.logins.tokens.get(&call.token);
    let union = union.ok_or_else(|| Refusal::new("InvalidAuthentication"))?;
    Ok(json!({"nick": "somebody", "unionId": union, "openId": "o"}))
}

/// `POST topapi/user/getbyunionid`
pub fn by_union(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    let union = call.text("unionid")?;
    let is_contact = state.logins.contacts.contains(union);
    let user = union.strip_prefix("un_").filter(|id| is_contact || state.person(id).is_some());
    let user = user.ok_or_else(|| Refusal::old(60_121))?;
    let result = json!({"contact_type": i64::from(is_contact), "userid": user});
    Ok(json!({"errcode": 0, "errmsg": "ok", "result": result, "request_id": "r"}))
}
