//! The daily line to the administrators: the service is alive, and this is what waits.
//!
//! Invariant: it is said once a day, whatever the number of replicas and restarts: the day is claimed with it.

use jiff::civil::Time;

use super::{App, Trouble};
use crate::domain::Date;
use crate::domain::change::{Params, Value, with};
use crate::store::batch::Batch;
use crate::store::outbox;

/// Between the names of what is degraded.
const BETWEEN: &str = ", ";

impl App {
    /// Says it for a day; `false`: it was said before.
    pub async fn say_alive(&self, day: Date) -> Result<bool, Trouble> {
        let (key, params) = self.vital_signs(day).await?;
        let Some((mut tx, now)) = self.fresh(&format!("alive/{day}")).await? else { return Ok(false) };
        let mut out = Batch::default();
        self.alarm_in(&mut out, key, &params, now)?;
        out.write(&mut tx).await?;
        self.commit(tx, Vec::new(), false).await?;
        Ok(true)
    }

    /// Which of the two texts, and its numbers.
    async fn vital_signs(&self, day: Date) -> Result<(&'static str, Params), Trouble> {
        let calendar = &self.company().calendar;
        let midnight = |day| calendar.at(day, Time::midnight());
        let yesterday = day.yesterday().unwrap_or(day);
        let pulse = self.pulse().await?;
        let said = outbox::said_between(&self.db, midnight(yesterday), midnight(day)).await?;
        let params = with([
            ("open", Value::Number(pulse.open)),
            ("overdue", Value::Number(pulse.overdue)),
            ("said", Value::Number(said)),
            ("waiting", Value::Number(pulse.waiting)),
            ("dead", Value::Number(pulse.dead)),
            ("degraded", Value::Text(pulse.degraded().join(BETWEEN))),
        ]);
        Ok((if pulse.degraded().is_empty() { "alive" } else { "alive_concerned" }, params))
    }
}
