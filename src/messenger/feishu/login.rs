//! Logging in with a Feishu account: OAuth 2 with PKCE, as the open platform's page on web applications has it.
//!
//! Invariant: the user's token serves one question, who that is, and is dropped; neither it nor the code is ever in an
//! error or a log line.

use futures_util::future::BoxFuture;
use reqwest::{Method, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::api::{Api, Ask, Body};
use super::bot::Feishu;
use super::fault::{ApiError, Class};
use super::{Options, PLATFORM};
use crate::intent::Account;
use crate::messenger::login::{Asked, Back, Login, LoginError};

const AUTHORIZE: &str = "/open-apis/authen/v1/authorize";
const TOKEN: &str = "/open-apis/authen/v2/oauth/token";
const USER: &str = "/open-apis/authen/v1/user_info";

/// What Feishu says about codes and tokens of users: 20001 to 20999.
const OF_LOGINS: std::ops::Range<i64> = 20_000..21_000;

impl Login for Feishu {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn page(&self, asked: &Asked<'_>) -> String {
        page(&self.api().options, asked)
    }

    fn shared_by_tenants(&self) -> Option<&str> {
        Some(&self.api().options.app_id)
    }

    fn who<'a>(&'a self, back: &'a Back<'a>) -> BoxFuture<'a, Result<Account, LoginError>> {
        Box::pin(async move { who(self.api(), back).await.map_err(refusal) })
    }
}

/// The page where people agree; for those who have agreed before it only leads back.
fn page(options: &Options, asked: &Asked<'_>) -> String {
    let base = options.base_url.trim_end_matches('/').replacen("://open.", "://accounts.", 1);
    let query = [
        ("client_id", options.app_id.as_str()),
        ("response_type", "code"),
        ("redirect_uri", asked.redirect),
        ("state", asked.state),
        ("code_challenge", asked.challenge),
        ("code_challenge_method", "S256"),
    ];
    let page = format!("{base}{AUTHORIZE}");
    Url::parse_with_params(&page, query).map_or(page, String::from)
}

async fn who(api: &Api, back: &Back<'_>) -> Result<Account, ApiError> {
    let body = json!({"grant_type": "authorization_code", "client_id": api.options.app_id,
        "client_secret": api.options.app_secret.expose_secret(), "code": back.code,
        "redirect_uri": back.redirect, "code_verifier": back.verifier});
    let ask = Ask { method: Method::POST, path: TOKEN, query: &[], body: Some(Body::Json(&body)) };
    let issued = api.once(&ask, None).await?;
    let token = text(&issued, "access_token").ok_or_else(|| without("an access token"))?;
    let ask = Ask { method: Method::GET, path: USER, query: &[], body: None };
    let user = api.once(&ask, Some(&SecretString::from(token))).await?;
    let user = user.get("data").unwrap_or(&Value::Null);
    let id = text(user, "open_id").ok_or_else(|| without("an open id"))?;
    let tenant = text(user, "tenant_key").ok_or_else(|| without("a tenant"))?;
    Ok(Account { platform: PLATFORM.to_owned(), tenant, id })
}

fn text(answer: &Value, field: &str) -> Option<String> {
    answer.get(field).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn without(what: &str) -> ApiError {
    ApiError::new(Class::Other, None, format!("Feishu lets somebody in without {what}"))
}

fn refusal(error: ApiError) -> LoginError {
    match error.code.is_some_and(|code| OF_LOGINS.contains(&code)) {
        true => LoginError::Refused(error.why),
        false => LoginError::Failed(error.why),
    }
}

#[cfg(test)]
mod tests {
    use super::super::api_tests::ground;
    use super::super::fake::{Fake, Fault, open_id};
    use super::*;
    use crate::messenger::login::Begun;

    const REDIRECT: &str = "https://x.example/login/feishu/back";

    /// Somebody agrees; the code that comes back.
    fn agreed(fake: &Fake, api: &Api, begun: &Begun) -> String {
        fake.state().logins.redirects.insert(REDIRECT.to_owned());
        let challenge = begun.challenge();
        let asked = Asked { state: &begun.nonce, challenge: &challenge, redirect: REDIRECT };
        let local = Options { base_url: fake.base_url(), ..api.options.clone() };
        let back = fake.agrees(&open_id('1'), &page(&local, &asked)).unwrap();
        back.split_once("code=").unwrap().1.split_once('&').unwrap().0.to_owned()
    }

    #[tokio::test]
    async fn a_code_says_who_it_is_once_and_to_whom_it_was_given() {
        let (fake, api) = ground().await;
        let text = str::to_owned;
        let begun =
            Begun { platform: text(PLATFORM), nonce: text("n"), verifier: text("v"), to: text("/board") };
        let code = agreed(&fake, &api, &begun);
        let back = Back { code: &code, verifier: "v", redirect: REDIRECT, inside: false };
        let found = who(&api, &back).await.unwrap();
        assert_eq!((found.id, found.tenant.is_empty()), (open_id('1'), false));
        let used = who(&api, &back).await.map_err(refusal).unwrap_err();
        assert!(matches!(used, LoginError::Refused(_)), "{used}");
        assert!(!used.to_string().contains(&code), "{used}");
        for (verifier, redirect) in [("another", REDIRECT), ("v", "https://evil.example/back")] {
            let code = agreed(&fake, &api, &begun);
            let back = Back { code: &code, verifier, redirect, inside: false };
            let refused = who(&api, &back).await.map_err(refusal).unwrap_err();
            assert!(matches!(refused, LoginError::Refused(_)), "{refused}");
        }
        fake.fail("login.token", 1, Fault::Internal);
        let away = who(&api, &back).await.map_err(refusal).unwrap_err();
        assert!(matches!(away, LoginError::Failed(_)), "{away}");
    }

    #[tokio::test]
    async fn the_page_is_on_the_accounts_host_of_the_same_cloud() {
        let (_, api) = ground().await;
        let asked = Asked { state: "s&1", challenge: "c", redirect: "https://x.example/login/feishu/back" };
        for (open, accounts) in [
            ("https://open.feishu.cn", "https://accounts.feishu.cn/"),
            ("https://open.larksuite.com/", "https://accounts.larksuite.com/"),
        ] {
            let options = Options { base_url: open.to_owned(), ..api.options.clone() };
            let page = page(&options, &asked);
            assert!(page.starts_with(&format!("{accounts}open-apis/authen/v1/authorize?")), "{page}");
            let tail = "&redirect_uri=https%3A%2F%2Fx.example%2Flogin%2Ffeishu%2Fback&state=s%261\
                        &code_challenge=c&code_challenge_method=S256";
            assert!(page.ends_with(tail), "{page}");
            assert!(!page.contains(api.options.app_secret.expose_secret()));
        }
    }
}
