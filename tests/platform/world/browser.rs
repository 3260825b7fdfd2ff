//! A browser that keeps cookies and follows nothing by itself.
//!
//! Invariant: it brings back what it was told to keep, and nothing that it was told to forget.

use std::collections::BTreeMap;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE, USER_AGENT};

/// Somebody's browser.
#[derive(Clone)]
pub struct Browser {
    client: reqwest::Client,
    url: String,
    agent: String,
    /// Name → value.
    pub cookies: BTreeMap<String, String>,
}

/// What it shows.
pub struct Shown {
    pub status: u16,
    /// Where it is sent; empty if nowhere.
    pub sent_to: String,
    pub text: String,
    pub policy: String,
}

impl Browser {
    /// A fresh one, before a service that listens at `url`.
    pub fn new(url: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { client, url: url.to_owned(), agent: "Mozilla/5.0".to_owned(), cookies: BTreeMap::new() }
    }

    /// The same inside a messenger's client.
    pub fn inside(url: &str, agent: &str) -> Self {
        Self { agent: agent.to_owned(), ..Self::new(url) }
    }

    /// The same, before a service that was started again.
    pub fn at(self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self }
    }

    /// Opens a path or an address of the service.
    pub async fn opens(&mut self, address: &str) -> Shown {
        let request = self.client.get(self.here(address));
        self.sends(request).await
    }

    /// Posts fields.
    pub async fn posts(&mut self, address: &str, fields: &[(&str, &str)]) -> Shown {
        let request = self.client.post(self.here(address)).form(fields);
        self.sends(request).await
    }

    /// Whatever an address is called by outside, the service listens here.
    fn here(&self, address: &str) -> String {
        let path = address.split_once("://").and_then(|(_, rest)| Some(&rest[rest.find('/')?..]));
        format!("{}{}", self.url, path.unwrap_or(address))
    }

    async fn sends(&mut self, request: reqwest::RequestBuilder) -> Shown {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = request.header(USER_AGENT, &self.agent);
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        let answer = request.send().await.unwrap();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            match cookie.contains("Max-Age=0;") {
                true => _ = self.cookies.remove(name),
                false => _ = self.cookies.insert(name.to_owned(), value.to_owned()),
            }
        }
        let header = |name: &str| {
            answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        let (sent_to, policy) = (header(LOCATION.as_str()), header("content-security-policy"));
        Shown { status: answer.status().as_u16(), sent_to, policy, text: answer.text().await.unwrap() }
    }
}

impl Shown {
    /// These words are on it.
    #[track_caller]
    pub fn says(&self, words: &str) {
        assert!(self.text.contains(words), "“{words}” is not on the page ({}):\n{}", self.status, self.text);
    }
}
