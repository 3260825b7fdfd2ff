//! Logging in with a DingTalk account: inside the client without a word (免登), in any other browser by OAuth 2.
//!
//! Invariant: the user's token serves one question, who that is, and is dropped; neither it nor a code is ever in an
//! error or a log line.

use futures_util::future::BoxFuture;
use reqwest::{Method, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::api::{Api, ApiError, Ask, Class};
use super::bot::DingTalk;
use super::{Options, PLATFORM};
use crate::intent::Account;
use crate::messenger::login::{Asked, Back, Inside, Login, LoginError};

const AUTHORIZE: &str = "/oauth2/auth";
const TOKEN: &str = "/v1.0/oauth2/userAccessToken";
const ME: &str = "/v1.0/contact/users/me";
const BY_UNION: &str = "/topapi/user/getbyunionid";
const BY_CODE: &str = "/topapi/v2/user/getuserinfo";

/// What the client puts into its user agent.
const CLIENT: &str = "DingTalk";
/// `contact_type` of somebody of the company; 1 is somebody from outside.
const COLLEAGUE: i64 = 0;

impl Login for DingTalk {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn page(&self, asked: &Asked<'_>) -> String {
        page(&self.api().options, asked)
    }

    fn inside(&self, user_agent: &str) -> Option<Inside> {
        let options = &self.api().options;
        let company = options.corp_id.clone().filter(|_| user_agent.contains(CLIENT))?;
        Some(Inside { company, application: options.client_id.clone() })
    }

    fn who<'a>(&'a self, back: &'a Back<'a>) -> BoxFuture<'a, Result<Account, LoginError>> {
        Box::pin(async move {
            let found = match back.inside {
                true => inside(self.api(), back.code).await,
                false => outside(self.api(), back.code).await,
            };
            let id = found.map_err(refusal)?;
            Ok(Account { platform: PLATFORM.to_owned(), tenant: String::new(), id })
        })
    }
}

/// The login page, which has a host of its own beside the one of the calls.
fn page(options: &Options, asked: &Asked<'_>) -> String {
    let base = options.base_url.trim_end_matches('/').replacen("://api.", "://login.", 1);
    let query = [
        ("client_id", options.client_id.as_str()),
        ("redirect_uri", asked.redirect),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", asked.state),
        ("prompt", "consent"),
    ];
    let page = format!("{base}{AUTHORIZE}");
    Url::parse_with_params(&page, query).map_or(page, String::from)
}

/// A code that the client gave; it is good for this company's people only.
async fn inside(api: &Api, code: &str) -> Result<String, ApiError> {
    let answer = api.call(&Ask::old(BY_CODE, &json!({ "code": code }))).await?;
    user(&answer)
}

/// A code of the login page: whose it is, and who that is in this company.
async fn outside(api: &Api, code: &str) -> Result<String, ApiError> {
    let secret = api.options.client_secret.expose_secret();
    let body = json!({"clientId": api.options.client_id, "clientSecret": secret, "code": code,
        "grantType": "authorization_code"});
    let issued = api.as_user(&Ask::new(Method::POST, TOKEN, &body), None).await?;
    let token = text(&issued, "accessToken").ok_or_else(|| without("an access token"))?;
    let me = api.as_user(&Ask::get(ME), Some(&SecretString::from(token))).await?;
    let union = text(&me, "unionId").ok_or_else(|| without("a union id"))?;
    let answer = api.call(&Ask::old(BY_UNION, &json!({ "unionid": union }))).await?;
    let kind = answer.pointer("/result/contact_type").and_then(Value::as_i64);
    if kind.is_some_and(|kind| kind != COLLEAGUE) {
        return Err(ApiError::new(Class::Receiver, "somebody from outside of the company"));
    }
    user(&answer)
}

fn user(answer: &Value) -> Result<String, ApiError> {
    let result = answer.get("result").unwrap_or(&Value::Null);
    text(result, "userid").ok_or_else(|| without("a user id"))
}

fn text(answer: &Value, field: &str) -> Option<String> {
    answer.get(field).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn without(what: &str) -> ApiError {
    ApiError::new(Class::Unclear, format!("DingTalk lets somebody in without {what}"))
}

/// A code that is wrong, used or too old has codes that no page lists completely: what is no trouble of ours is that.
fn refusal(error: ApiError) -> LoginError {
    match error.class {
        Class::Receiver | Class::Content | Class::Other => LoginError::Refused(error.why),
        _ => LoginError::Failed(error.why),
    }
}

#[cfg(test)]
mod tests {
    use super::super::api::tests::ground;
    use super::super::fake::Fault;
    use super::*;

    #[tokio::test]
    async fn a_code_of_the_client_is_good_once() {
        let (fake, api) = ground().await;
        let code = fake.gives_code("u_dev_1");
        assert_eq!(inside(&api, &code).await.unwrap(), "u_dev_1");
        let used = inside(&api, &code).await.map_err(refusal).unwrap_err();
        assert!(matches!(used, LoginError::Refused(_)), "{used}");
        fake.fail("login.inside", 1, Fault::Page(502));
        let away = inside(&api, &fake.gives_code("u_dev_1")).await.map_err(refusal).unwrap_err();
        assert!(matches!(away, LoginError::Failed(_)), "{away}");
    }

    #[tokio::test]
    async fn the_login_page_has_a_host_of_its_own_and_lets_in_colleagues_only() {
        let (fake, api) = ground().await;
        let redirect = "https://x.example/login/dingtalk/back";
        let asked = Asked { state: "s", challenge: "c", redirect };
        let real = Options { base_url: "https://api.dingtalk.com".to_owned(), ..api.options.clone() };
        let there = page(&real, &asked);
        assert!(there.starts_with("https://login.dingtalk.com/oauth2/auth?client_id=ding"), "{there}");
        assert!(fake.agrees("un_u_dev_1", &page(&api.options, &asked)).is_err(), "nobody registered it");
        fake.state().logins.redirects.insert(redirect.to_owned());
        fake.state().logins.contacts.insert("un_u_law_1".to_owned());
        for (union, expected) in [("un_u_dev_1", Some("u_dev_1")), ("un_u_law_1", None), ("un_other", None)] {
            let back = fake.agrees(union, &page(&api.options, &asked)).unwrap();
            let code = back.split_once("authCode=").unwrap().1.split_once('&').unwrap().0;
            let found = outside(&api, code).await.map_err(refusal);
            assert_eq!(found.as_ref().ok().map(String::as_str), expected, "{union}");
            assert!(expected.is_some() || matches!(found, Err(LoginError::Refused(_))), "{union}");
        }
        assert_eq!(api.metered(), 0, "logging in costs nothing of the month's quota");
    }
}
