//! What people do on the pages that links lead to: they look, they fill in, they press.
//!
//! Invariant: a link is one that DingTalk holds in a message or on a card; its page is asked for as a browser does.

use super::world::World;

/// A page as a browser got it.
pub struct Page {
    pub status: u16,
    pub text: String,
}

impl Page {
    /// Whether anything can be submitted on it.
    pub fn can_submit(&self) -> bool {
        self.text.contains("name=\"_submission\"")
    }

    /// What its form posts besides the fields.
    #[track_caller]
    fn submission(&self) -> String {
        let found = self.text.split_once("name=\"_submission\" value=\"");
        let (_, rest) = found.unwrap_or_else(|| panic!("nothing to submit ({}): {}", self.status, self.text));
        rest.split('"').next().unwrap().to_owned()
    }

    /// The button with this label; that of the act itself where the page only asks whether to go on.
    pub fn button(&self, label: &str) -> String {
        let buttons = self.text.split("name=\"_button\" value=\"").skip(1);
        let named = buttons.filter_map(|rest| rest.split_once("\">"));
        let mut found = named.filter(|(_, rest)| rest.starts_with(&format!("{label}<")));
        found.next().map_or("do", |(id, _)| id).to_owned()
    }

    /// It went well, and the page says so.
    #[track_caller]
    pub fn is_done(&self) {
        assert!(self.status == 200 && self.text.contains("told success"), "{}: {}", self.status, self.text);
    }
}

impl World {
    /// The service listens elsewhere than the world takes it for.
    fn here(&self, link: &str) -> String {
        format!("{}{}", self.url, &link[link.find("/forms/").unwrap()..])
    }

    /// Opens a link.
    pub async fn opens(&self, link: &str) -> Page {
        page(self.client.get(self.here(link))).await
    }

    /// Submits the form of a page with one of its buttons.
    pub async fn submits(&self, (link, from): (&str, &Page), button: &str, values: &[(&str, &str)]) -> Page {
        let submission = from.submission();
        let mut posted = values.to_vec();
        posted.extend([("_submission", submission.as_str()), ("_button", button)]);
        page(self.client.post(self.here(link)).form(&posted)).await
    }

    /// Opens a link and submits its form.
    pub async fn fills(&self, link: &str, button: &str, values: &[(&str, &str)]) -> Page {
        let page = self.opens(link).await;
        self.submits((link, &page), button, values).await
    }
}

async fn page(request: reqwest::RequestBuilder) -> Page {
    let answer = request.send().await.unwrap();
    Page { status: answer.status().as_u16(), text: answer.text().await.unwrap() }
}
