//! Who is put off comes back.

use std::time::{Duration, Instant};

/// Nobody is put off for longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Status and body. Who is put off, because the database of a busy machine did not answer in time, comes back with the
/// same, as messengers do.
pub async fn insists(request: impl Fn() -> reqwest::RequestBuilder) -> (u16, String) {
    let begun = Instant::now();
    loop {
        let answer = request().send().await.unwrap();
        let status = answer.status().as_u16();
        if status != 503 || begun.elapsed() > PATIENCE {
            return (status, answer.text().await.unwrap());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
