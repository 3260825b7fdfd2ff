//! Chromium behind chromedriver: one driver process and one browser per story, gone when the story ends.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use serde_json::json;

/// A browser window and the processes behind it.
pub struct Browser {
    pub client: Client,
    driver: Child,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts one; `None` (said aloud, and a failure where that is strict) when there is no chromedriver.
    pub async fn starts(size: (u32, u32)) -> Option<Browser> {
        Self::starts_with(size, &[]).await
    }

    /// The same with arguments of its own.
    pub async fn starts_with((width, height): (u32, u32), arguments: &[&str]) -> Option<Browser> {
        let path = std::env::var("LIAISON_TEST_CHROMEDRIVER").unwrap_or("/usr/bin/chromedriver".to_owned());
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let started = Command::new(&path)
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(driver) = started else {
            crate::world::ground::skipped("no chromedriver: run the tests with scripts/test");
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        let mut options = json!({ "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
            format!("--window-size={width},{height}"), format!("--user-data-dir={}", profile.path().display()),
        ] });
        options["args"].as_array_mut().unwrap().extend(arguments.iter().map(|argument| json!(argument)));
        if width < 500 {
            // A window cannot be that narrow; a phone can.
            options["mobileEmulation"] = json!({ "deviceMetrics": { "width": width, "height": height, "pixelRatio": 2.0, "touch": false } });
        }
        let capabilities = json!({ "goog:chromeOptions": options });
        let capabilities = capabilities.as_object().unwrap().clone();
        let url = format!("http://127.0.0.1:{port}");
        // The driver needs a moment to listen.
        for _ in 0..100 {
            let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
            builder.capabilities(capabilities.clone());
            if let Ok(client) = builder.connect(&url).await {
                return Some(Browser { client, driver, _profile: profile });
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("chromedriver does not answer on {url}");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It may be gone already; then there is nothing to end.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
