//! Signed clicks at the real service: verified, decided, committed, acknowledged.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use tokio::time::Instant;

use crate::load::Latencies;
use crate::seed::{self, Bench, SECRET};
use crate::{AT_ONCE, CLICKS, rate};

/// Clicks a second: on case files that this process has never seen, and on those that it knows.
#[derive(Clone, Copy)]
pub struct Figure {
    pub cold: f64,
    pub warm: f64,
}

/// Clicks a second on SQLite.
pub async fn on_sqlite() -> Figure {
    let folder = tempfile::tempdir().unwrap();
    measured(&seed::sqlite(folder.path())).await
}

/// Clicks a second on PostgreSQL.
pub async fn on_postgres(maintenance: &str) -> Figure {
    measured(&seed::postgres(maintenance).await).await
}

async fn measured(database: &str) -> Figure {
    seed::at_rest(database, CLICKS).await;
    let bench = Bench::starts(database, seed::monday()).await;
    let url = format!("{}/webhook/sandbox", bench.url);
    // The first department confirms what nobody has touched since the start, the second one what the first has.
    let cold = storm(&bench.client, &url, FIRST).await;
    let warm = storm(&bench.client, &url, SECOND).await;
    bench.stops().await;
    Figure { cold: rate(CLICKS, cold), warm: rate(CLICKS, warm) }
}

/// Who confirms, and for which department.
pub type Contact = (&'static str, &'static str);
pub const FIRST: Contact = ("li.na", "研发部");
const SECOND: Contact = ("wang.fang", "财务部");

/// All clicks on the sandbox's road as fast as they are acknowledged.
pub async fn storm(client: &reqwest::Client, url: &str, contact: Contact) -> Duration {
    let (client, url) = (client.clone(), url.to_owned());
    all(move |n| {
        let (client, url) = (client.clone(), url.clone());
        async move { click(&client, &url, n, contact).await }
    })
    .await
}

/// All clicks as fast as they are acknowledged; `click` makes one of them.
pub async fn all<F>(click: impl Fn(usize) -> F + Clone + Send + 'static) -> Duration
where
    F: Future<Output = ()> + Send,
{
    let next = Arc::new(AtomicUsize::new(0));
    let since = Instant::now();
    let clickers = (0..AT_ONCE).map(|_| {
        let (next, click) = (next.clone(), click.clone());
        tokio::spawn(async move {
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed) + 1;
                if n > CLICKS {
                    break;
                }
                click(n).await;
            }
        })
    });
    for clicker in clickers.collect::<Vec<_>>() {
        clicker.await.unwrap();
    }
    since.elapsed()
}

/// How many clicks a rate makes in a time.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some thousands")]
pub fn within(rate: f64, lasts: Duration) -> usize {
    (rate * lasts.as_secs_f64()) as usize
}

/// Latencies at a rate, on a service that has run at it for half a second; `click` makes one of the clicks.
pub async fn at_rate<F>(rate: f64, clicks: usize, click: impl Fn(usize) -> F) -> Latencies
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut ticks = tokio::time::interval(Duration::from_secs_f64(1.0 / rate));
    let mut under_way = Vec::new();
    for n in 1..=clicks {
        ticks.tick().await;
        let one = click(n);
        under_way.push(tokio::spawn(async move {
            let since = Instant::now();
            one.await;
            since.elapsed()
        }));
    }
    let mut took = Vec::new();
    for click in under_way {
        took.push(click.await.unwrap());
    }
    let mut took = took.split_off(within(rate, FIRST_MOMENT).min(clicks / 2));
    took.sort();
    let at = |per_mille: usize| took[(took.len() - 1) * per_mille / 1_000];
    (at(500), at(990), at(999))
}

/// Connections are made then, statements prepared and fonts looked for: that is the price of a start.
const FIRST_MOMENT: Duration = Duration::from_millis(500);

/// A contact confirms one request; anything but an acknowledgement ends the measurement.
pub async fn click(client: &reqwest::Client, url: &str, n: usize, (person, department): Contact) {
    let body = serde_json::to_vec(&serde_json::json!({
        "event": format!("click-{person}-{n}"), "person": person, "chat": format!("p-{person}"), "message": "m",
        "type": "text", "text": format!("/confirm {} @{department}", seed::number(n)),
    }))
    .unwrap();
    let timestamp = machine_seconds();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(&body);
    let signature = hex::encode(mac.finalize().into_bytes());
    let request =
        client.post(url).header("x-sandbox-timestamp", timestamp).header("x-sandbox-signature", signature);
    let status = request.body(body).send().await.unwrap().status();
    assert!(status.is_success(), "a click was answered {status}");
}

/// The machine's own time, as the sandbox signs it.
pub fn machine_seconds() -> String {
    #[expect(clippy::disallowed_methods, reason = "signature windows live on the machine's own time")]
    let now = jiff::Timestamp::now();
    format!("{:010}", now.as_second())
}
