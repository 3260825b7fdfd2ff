//! The sandbox's page in the words of the stories. Waiting is always for something that is to be seen, never for time.

use std::time::Duration;

use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::driver::Browser;
use crate::world::World;

/// So long something may take to be seen.
const PATIENCE: Duration = Duration::from_secs(20);

/// The open page.
pub struct Page {
    pub(super) browser: Browser,
}

impl Page {
    /// Opens the page of a world; `None` without a browser.
    pub async fn opens(world: &World, query: &str, size: (u32, u32)) -> Option<Page> {
        let browser = Browser::starts(size).await?;
        browser.client.goto(&format!("{}/{query}", world.url())).await.unwrap();
        let page = Page { browser };
        page.sees_anywhere("body[data-ready]").await;
        Some(page)
    }

    /// Opens the page of a signed link, in the light or in the dark; `None` without a browser.
    pub async fn of_link(link: &str, size: (u32, u32), scheme: &str) -> Option<Page> {
        let dark = ["--blink-settings=preferredColorScheme=0"];
        let light = ["--blink-settings=preferredColorScheme=1"];
        let arguments = if scheme == "dark" { dark } else { light };
        let browser = Browser::starts_with(size, &arguments).await?;
        browser.client.goto(link).await.unwrap();
        let page = Page { browser };
        page.sees_anywhere("main").await;
        let script = "return matchMedia(`(prefers-color-scheme: ${arguments[0]})`).matches;";
        page.until(script, &[json!(scheme)], &format!("the device is {scheme}")).await;
        Some(page)
    }

    /// Goes to another link.
    pub async fn goes_to(&self, link: &str) {
        self.browser.client.goto(link).await.unwrap();
    }

    /// Words are to be read anywhere on the page.
    pub async fn reads_anywhere(&self, words: &str) {
        let script = "return document.body.textContent.includes(arguments[0]);";
        self.until(script, &[json!(words)], &format!("“{words}” is read")).await;
    }

    /// The window is at the page with this path.
    pub async fn is_at(&self, path: &str) {
        self.until("return location.pathname === arguments[0];", &[json!(path)], path).await;
    }

    /// Types where the focus stands.
    pub async fn types_here(&self, text: &str) {
        self.browser.client.active_element().await.unwrap().send_keys(text).await.unwrap();
    }

    /// Writes into somebody's composer and sends it.
    pub async fn writes(&self, person: &str, text: &str) {
        let box_ = self.find(&format!("{} textarea[name=line]", pane(person))).await;
        box_.send_keys(text).await.unwrap();
        box_.send_keys(&char::from(Key::Enter).to_string()).await.unwrap();
    }

    /// Presses the newest button of that kind in somebody's pane, and says yes if it asks.
    pub async fn presses(&self, person: &str, action: &str) {
        let selector = format!("{} [data-action='{action}']:not(:disabled)", pane(person));
        self.find(&selector).await;
        self.run(
            "const all = document.querySelectorAll(arguments[0]); const b = all[all.length - 1];
             b.scrollIntoView({block: 'center'}); b.click();",
            &[json!(selector)],
        )
        .await;
    }

    /// Types into the newest field of that name.
    pub async fn types(&self, person: &str, field: &str, text: &str) {
        let selector = format!("{} [name='{field}']", pane(person));
        self.find(&selector).await;
        self.run(
            "const all = document.querySelectorAll(arguments[0]); const f = all[all.length - 1];
             f.scrollIntoView({block: 'center'}); f.focus(); f.value = ''; f.dispatchEvent(new Event('input', {bubbles: true}));",
            &[json!(selector)],
        )
        .await;
        self.browser.client.active_element().await.unwrap().send_keys(text).await.unwrap();
    }

    /// Chooses a value of a list or of radio buttons.
    pub async fn chooses(&self, person: &str, field: &str, value: &str) {
        let selector = format!("{} [name='{field}']", pane(person));
        self.find(&selector).await;
        self.run(
            "const all = [...document.querySelectorAll(arguments[0])]; const last = all[all.length - 1];
             if (last.tagName === 'SELECT') { last.value = arguments[1];
               last.dispatchEvent(new Event('input', {bubbles: true})); last.dispatchEvent(new Event('change', {bubbles: true})); }
             else { all.filter((r) => r.value === arguments[1]).pop().click(); }",
            &[json!(selector), json!(value)],
        )
        .await;
    }

    /// What stands in a field.
    pub async fn value(&self, person: &str, field: &str) -> String {
        let selector = format!("{} [name='{field}']", pane(person));
        let script = "const all = document.querySelectorAll(arguments[0]); return all[all.length - 1].value;";
        self.run(script, &[json!(selector)]).await.as_str().unwrap_or_default().to_owned()
    }

    /// Words are to be read in somebody's pane.
    pub async fn reads(&self, person: &str, words: &str) {
        let script = "return [...document.querySelectorAll(arguments[0])].some((n) => n.textContent.includes(arguments[1]));";
        self.until(script, &[json!(pane(person)), json!(words)], &format!("{person} reads “{words}”")).await;
    }

    /// Something is to be seen in somebody's pane.
    pub async fn sees(&self, person: &str, selector: &str) {
        self.find(&format!("{} {selector}", pane(person))).await;
    }

    /// Something is to be seen.
    pub async fn sees_anywhere(&self, selector: &str) {
        self.find(selector).await;
    }

    /// Something is not to be seen any more.
    pub async fn misses(&self, selector: &str) {
        let script = "return !document.querySelector(arguments[0])?.checkVisibility();";
        self.until(script, &[json!(selector)], &format!("{selector} is gone")).await;
    }

    /// Clicks something.
    pub async fn clicks(&self, selector: &str) {
        let script = "const n = document.querySelector(arguments[0]); return !!n && !n.disabled && n.ariaDisabled !== 'true' && n.checkVisibility();";
        self.until(script, &[json!(selector)], &format!("{selector} can be clicked")).await;
        self.run("document.querySelector(arguments[0]).click();", &[json!(selector)]).await;
    }

    /// Chooses a value of a list outside of any pane.
    pub async fn switches(&self, selector: &str, value: &str) {
        self.find(selector).await;
        let script = "const n = document.querySelector(arguments[0]); n.value = arguments[1];
                      n.dispatchEvent(new Event('change', {bubbles: true}));";
        self.run(script, &[json!(selector), json!(value)]).await;
    }

    /// Walks with the tabulator until the focus stands on it.
    pub async fn tabs_to(&self, selector: &str) {
        for _ in 0..80 {
            let there =
                self.run("return document.activeElement.matches(arguments[0]);", &[json!(selector)]).await;
            if there == json!(true) {
                return;
            }
            self.tabs().await;
        }
        panic!("{selector} is not reached with the tabulator");
    }

    /// Presses the tabulator once.
    async fn tabs(&self) {
        let focus = self.browser.client.active_element().await.unwrap();
        if focus.attr("type").await.unwrap().as_deref() != Some("file") {
            return focus.send_keys(&char::from(Key::Tab).to_string()).await.unwrap();
        }
        // What a driver types into such a field are names of files.
        for kind in ["rawKeyDown", "keyUp"] {
            let key = json!({ "type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9 });
            self.browser.asks("Input.dispatchKeyEvent", key).await;
        }
    }

    /// Presses Enter where the focus stands.
    pub async fn enters(&self) {
        let focus = self.browser.client.active_element().await.unwrap();
        focus.send_keys(&char::from(Key::Enter).to_string()).await.unwrap();
    }

    /// Whether nothing is wider than the window.
    pub async fn fits(&self) -> bool {
        let script = "return document.documentElement.scrollWidth <= window.innerWidth;";
        self.run(script, &[]).await == json!(true)
    }

    /// Controls that a screen reader could not name.
    pub async fn unnamed(&self) -> Vec<String> {
        let script = "return [...document.querySelectorAll('button, input, select, textarea, a[href]')]
            .filter((n) => n.checkVisibility() && !(n.getAttribute('aria-label') || n.getAttribute('aria-labelledby')
              || n.title || n.textContent.trim() || n.labels?.length))
            .map((n) => n.outerHTML.slice(0, 120));";
        let found = self.run(script, &[]).await;
        found.as_array().unwrap().iter().map(|n| n.as_str().unwrap().to_owned()).collect()
    }

    /// Leaves a picture.
    pub async fn shot(&self, name: &str) {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/target/screenshots");
        std::fs::create_dir_all(folder).unwrap();
        let picture = self.browser.client.screenshot().await.unwrap();
        std::fs::write(format!("{folder}/{name}.png"), picture).unwrap();
    }

    /// Closes the window.
    pub async fn closes(self) {
        self.browser.client.clone().close().await.unwrap();
    }

    async fn find(&self, selector: &str) -> fantoccini::elements::Element {
        let wait = self.browser.client.wait().at_most(PATIENCE);
        let found = wait.for_element(Locator::Css(selector)).await;
        found.unwrap_or_else(|why| panic!("{selector} is not to be seen: {why}"))
    }

    pub(super) async fn until(&self, script: &str, args: &[Value], what: &str) {
        let since = tokio::time::Instant::now();
        while self.run(script, args).await != json!(true) {
            assert!(since.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub(super) async fn run(&self, script: &str, args: &[Value]) -> Value {
        self.browser.client.execute(script, args.to_vec()).await.unwrap()
    }
}

fn pane(person: &str) -> String {
    format!(".pane[data-person='{person}']")
}
