//! People who read the pages in a browser: the way in, and what they see.

use futures_util::StreamExt;
use reqwest::header::{COOKIE, SET_COOKIE};

use super::{Page, page, resigned};
use crate::world::{LINK_SECRET, World, client, machine_now};

/// Somebody with a session.
pub struct Visitor {
    client: reqwest::Client,
    url: String,
    /// Name and value, as a browser sends them back.
    pub cookie: String,
    /// Where the link led.
    pub led_to: String,
}

/// Changes as an open page hears them.
pub struct Stream(std::pin::Pin<Box<dyn futures_util::Stream<Item = String>>>);

impl Stream {
    /// What comes next: one event or some that came together; signs of life are passed over.
    pub async fn next(&mut self) -> String {
        let patience = std::time::Duration::from_secs(20);
        let event = async {
            loop {
                let part = self.0.next().await.unwrap_or_else(|| panic!("the stream has ended"));
                if part.contains("data:") || part.contains("here") {
                    return part;
                }
            }
        };
        tokio::time::timeout(patience, event).await.unwrap_or_else(|_| panic!("nothing is heard in time"))
    }
}

impl Stream {
    /// Comes back when it has ended; a panic if it lasts.
    pub async fn ends(mut self) {
        let patience = std::time::Duration::from_secs(20);
        let over = async { while self.0.next().await.is_some() {} };
        tokio::time::timeout(patience, over).await.unwrap_or_else(|_| panic!("the stream goes on"));
    }
}

impl World {
    /// The link that somebody gets for words like `/board`.
    pub async fn way_in(&self, person: &str, words: &str) -> String {
        self.says(person, words).await;
        let card = self.card(person).await;
        let link = card["blocks"].as_array().unwrap().iter().find(|block| block["type"] == "link");
        link.unwrap_or_else(|| panic!("no link: {card}"))["url"].as_str().unwrap().to_owned()
    }

    /// The answer to a link, as it is: no browser follows it.
    pub async fn tries(&self, link: &str) -> Page {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        page(client.get(link)).await
    }

    /// Opens a link, and keeps the session.
    pub async fn enters(&self, link: &str) -> Visitor {
        let page = self.tries(link).await;
        assert_eq!(page.status, 303, "{}", page.text);
        let cookie = page.headers[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        let led_to = page.headers["location"].to_str().unwrap().replace("../", "/");
        Visitor { client: client(), url: self.url().to_owned(), cookie, led_to }
    }

    /// Somebody who came in by `/board`.
    pub async fn visitor(&self, person: &str) -> Visitor {
        let link = self.way_in(person, "/board").await;
        self.enters(&link).await
    }

    /// The same link or session, signed anew to end at another time of the machine.
    pub fn pass_ending(&self, pass: &str, usage: &str, until: jiff::Timestamp) -> String {
        let purpose = b"liaison: passes to pages, version 1";
        resigned(pass, (LINK_SECRET, purpose, usage.as_bytes()), until)
    }
}

impl Visitor {
    /// Opens a page.
    pub async fn opens(&self, path: &str) -> Page {
        page(self.client.get(format!("{}{path}", self.url)).header(COOKIE, &self.cookie)).await
    }

    /// Posts a form with a file in it: name and bytes of each part, as a browser does.
    pub async fn posts_parts(&self, path: &str, parts: &[(&str, &[u8])], site: &str) -> Page {
        let mut body = Vec::new();
        for (name, bytes) in parts {
            let file = if *name == "file" { "; filename=\"任务.csv\"" } else { "" };
            let head = format!("--X-9\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
            body.extend([head.as_bytes(), bytes, b"\r\n"].concat());
        }
        body.extend(b"--X-9--\r\n");
        let request = self.client.post(format!("{}{path}", self.url)).header(COOKIE, &self.cookie);
        let request = request.header("content-type", "multipart/form-data; boundary=X-9");
        page(request.header("sec-fetch-site", site).body(body)).await
    }

    /// Goes out.
    pub async fn leaves(&self) -> Page {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        page(client.post(format!("{}/board/leave", self.url)).header(COOKIE, &self.cookie)).await
    }

    /// The same browser at another replica.
    pub fn at(&self, url: &str) -> Visitor {
        let (cookie, led_to) = (self.cookie.clone(), String::new());
        Visitor { client: self.client.clone(), url: url.to_owned(), cookie, led_to }
    }

    /// The same browser with another session.
    pub fn with(&self, session: &str) -> Visitor {
        let cookie = format!("liaison={session}");
        Visitor { client: self.client.clone(), url: self.url.clone(), cookie, led_to: String::new() }
    }

    /// The session itself.
    pub fn session(&self) -> &str {
        self.cookie.split_once('=').unwrap().1
    }

    /// Hears what changes.
    pub async fn listens(&self) -> Stream {
        let request = self.client.get(format!("{}/board/events", self.url)).header(COOKIE, &self.cookie);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let parts = answer.bytes_stream().map(|part| String::from_utf8(part.unwrap().to_vec()).unwrap());
        let mut stream = Stream(Box::pin(parts));
        assert!(stream.next().await.contains("here"), "it is connected");
        stream
    }
}

/// A moment of the machine's own time that has gone.
pub fn just_gone() -> jiff::Timestamp {
    machine_now() - jiff::SignedDuration::from_secs(5)
}
