//! People whose messenger has no forms: the links that they get, and the pages behind them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::HeaderMap;

use super::{LINK_SECRET, World, machine_now};

#[path = "readers.rs"]
pub mod readers;

/// A page as a browser got it.
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    /// Where it is, after all that led there.
    pub link: String,
}

impl Page {
    /// These words are on it.
    #[track_caller]
    pub fn says(&self, words: &str) {
        assert!(self.text.contains(words), "“{words}” is not on the page ({}):\n{}", self.status, self.text);
    }

    /// These words are not on it.
    #[track_caller]
    pub fn is_silent_about(&self, words: &str) {
        assert!(!self.text.contains(words), "“{words}” is on the page:\n{}", self.text);
    }

    /// What its form posts besides the fields.
    #[track_caller]
    pub fn submission(&self) -> String {
        let (_, rest) = self.text.split_once("name=\"_submission\" value=\"").unwrap_or_else(|| {
            panic!("nothing can be submitted on this page ({}):\n{}", self.status, self.text)
        });
        rest.split('"').next().unwrap().to_owned()
    }

    /// Whether anything can be submitted on it.
    pub fn can_submit(&self) -> bool {
        self.text.contains("_submission")
    }
}

impl World {
    /// From now on the sandbox is like a messenger that has no forms.
    pub async fn loses_forms(&mut self) {
        self.forms = false;
        self.is_down_for(0).await;
    }

    /// The link of a button on the newest message that has it.
    pub async fn link(&self, person: &str, action: &str) -> String {
        let message = self.with_button(person, action).await;
        let card = self.card_of(person, &message).await;
        let found = card["actions"].as_array().unwrap().iter().find(|a| a["id"] == action);
        let url = found.and_then(|action| action["url"].as_str());
        url.unwrap_or_else(|| panic!("the button {action} is no link: {card}")).to_owned()
    }

    /// A link that was made before a restart leads to where the service listens now.
    fn here(&self, link: &str) -> String {
        let (_, token) = link.split_once("/forms/").unwrap();
        format!("{}/forms/{token}", self.url())
    }

    /// Opens a link.
    pub async fn opens(&self, link: &str) -> Page {
        page(self.client.get(self.here(link))).await
    }

    /// Submits the form of a page with one of its buttons.
    pub async fn submits(&self, link: &str, from: &Page, button: &str, values: &[(&str, &str)]) -> Page {
        self.posts_form(link, &from.submission(), button, values).await
    }

    /// Posts a form, whoever showed it.
    pub async fn posts_form(
        &self,
        link: &str,
        submission: &str,
        button: &str,
        values: &[(&str, &str)],
    ) -> Page {
        let page = page(self.client.post(self.here(link)).form(&posted(submission, button, values))).await;
        self.settles().await;
        page
    }

    /// The same from a page of another site.
    pub async fn posts_from_elsewhere(&self, link: &str, submission: &str, button: &str) -> Page {
        let request = self.client.post(self.here(link)).header("sec-fetch-site", "cross-site");
        page(request.form(&posted(submission, button, &[]))).await
    }

    /// The same link, signed anew to end at another time.
    pub fn ending(&self, link: &str, until: jiff::Timestamp) -> String {
        let (base, token) = link.rsplit_once('/').unwrap();
        let purpose = b"liaison: links to web forms, version 1";
        format!("{base}/{}", resigned(token, (LINK_SECRET, purpose, b"token"), until))
    }
}

/// A signed text that ends at another time: its secret, what its key is derived for, and what it is for.
pub fn resigned(
    text: &str,
    (secret, purpose, usage): (&str, &[u8], &[u8]),
    until: jiff::Timestamp,
) -> String {
    let bytes = URL_SAFE_NO_PAD.decode(text).unwrap();
    let mut body: serde_json::Value = serde_json::from_slice(&bytes[1..bytes.len() - 16]).unwrap();
    body[0] = until.as_second().into();
    let mut bytes = vec![1];
    bytes.extend(serde_json::to_vec(&body).unwrap());
    let key = tag(secret.as_bytes(), &[purpose]);
    let length = |part: &[u8]| (part.len() as u64).to_be_bytes();
    let parts: [&[u8]; 4] = [&length(usage), usage, &length(&bytes), &bytes];
    let tag = tag(&key, &parts);
    bytes.extend(&tag[..16]);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Opens a link at a moment of the machine's own time that is a week away from now, at least.
pub fn long_ago() -> jiff::Timestamp {
    machine_now() - jiff::SignedDuration::from_hours(24 * 8)
}

fn tag(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

fn posted(submission: &str, button: &str, values: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = [("_submission", submission), ("_button", button)];
    own.iter().chain(values).map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
}

pub async fn page(request: reqwest::RequestBuilder) -> Page {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let link = answer.url().to_string();
    Page { status, headers, link, text: answer.text().await.unwrap() }
}
