//! A program that acts for somebody, at whichever replica.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::ground;
use super::site::Site;

/// One that acts for one person.
pub struct Program {
    person: &'static str,
    token: String,
    client: reqwest::Client,
}

impl Program {
    /// With a fresh token.
    pub fn of(site: &Site, person: &'static str) -> Self {
        let token = ground::token(&site.database, ("ERP", person, "act"));
        Self { person, token, client: ground::client() }
    }

    /// A command as its person would type it, with the values of its form. `None`: nobody answered, and it is to be said
    /// again under the same key.
    pub async fn says(&self, url: &str, key: &str, (command, values): (&str, &Value)) -> Option<Value> {
        let body = json!({ "command": command, "values": values, "as": self.person });
        let call = self.client.post(format!("{url}/api/v1/acts")).bearer_auth(&self.token);
        let call = call.header("idempotency-key", key).json(&body).timeout(Duration::from_secs(3));
        let answer = call.send().await.ok()?;
        let (status, answer) = (answer.status(), answer.json::<Value>().await.ok()?);
        // What is refused is an answer, too.
        (!status.is_server_error()).then_some(answer)
    }

    /// Files the `n`th request for research and finance; its number.
    pub async fn files(&self, url: &str, n: usize) -> Option<String> {
        let mut values = ground::filled(&[("wanted_by", "T+40")]);
        values.remove("title");
        let answer = self.says(url, &format!("new-{n}"), (&format!("/new 推广{n}"), &json!(values))).await?;
        Some(answer["request"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned())
    }
}
