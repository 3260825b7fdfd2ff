//! Time, which stands still until it is moved.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::World;
use super::patience::insists;

impl World {
    /// Everything due now has fired and been delivered.
    pub async fn settles(&self) {
        self.moves(&json!({ "advance": "0min" })).await;
    }

    /// The clock moves on; everything on the way fires at its own time.
    pub async fn passes(&self, span: &str) {
        let (status, answer) = self.posts("/sandbox/api/clock", &json!({ "advance": span })).await;
        assert_eq!(status, 200, "{answer}");
    }

    /// The clock is set to a moment of the company's zone: `2026-11-24 17:00`.
    pub async fn is(&self, moment: &str) {
        let set = format!("{}:00+08:00", moment.replace(' ', "T"));
        self.moves(&json!({ "set": set })).await;
    }

    async fn moves(&self, how: &Value) {
        let clock = format!("{}/sandbox/api/clock", self.url());
        let (status, answer) = insists(|| self.client.post(&clock).json(how)).await;
        assert_eq!(status, 200, "{answer}");
    }

    pub async fn now(&self) -> Timestamp {
        let clock = self.gets("/sandbox/api/clock").await;
        clock["now"].as_str().unwrap().parse().unwrap()
    }
}
