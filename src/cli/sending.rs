//! `liaison pause` and `liaison resume`: nothing is sent in between; acts, deadlines and ladders go on.

use super::terminal::print;
use super::{Done, database};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::store::{DbError, Tx, desk};

/// The switch that the outbox looks at.
const SWITCH: &str = "sending";

const PAUSED: &str = "paused";

/// Stops sending.
pub async fn pause(config: &Config) -> Done {
    set(config, PAUSED).await?;
    print("sending is paused: messages wait in the outbox; `liaison resume` sends them\n")
}

/// Sends again.
pub async fn resume(config: &Config) -> Done {
    set(config, "on").await?;
    print("sending goes on\n")
}

/// Pauses sending as part of something else.
pub async fn pause_in(tx: &mut Tx) -> Result<(), DbError> {
    desk::set_switch(tx, SWITCH, PAUSED, SystemClock.now()).await
}

async fn set(config: &Config, value: &str) -> Done {
    let history = if value == PAUSED { "sending_paused" } else { "sending_resumed" };
    let db = database::current(config).await?;
    let mut tx = db.begin().await?;
    desk::set_switch(&mut tx, SWITCH, value, SystemClock.now()).await?;
    database::note(&mut tx, history, crate::domain::change::Params::new()).await?;
    tx.commit().await?;
    db.close().await;
    Ok(())
}
