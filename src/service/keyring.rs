//! The keys of a service that runs, looked at again and again: a change needs no restart.
//!
//! Invariants: links and buttons are signed and opened with what was looked at last, by every part of the service at
//! once; a look that fails changes nothing. What is changed in which order is [`kept_keys`](super::kept_keys)'s.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::StartError;
use super::kept_keys::{Kept, Pair};
use crate::app::App;
use crate::config::{Config, Server};
use crate::domain::Timestamp;
use crate::messenger::link::Links;
use crate::messenger::seal::SealKey;
use crate::store::DbError;

/// Between two looks: several fit into the time after which a fresh key signs.
const LOOK: Duration = Duration::from_secs(15);

/// The keys of links and buttons.
pub(crate) struct Keyring {
    app: Arc<App>,
    links: Links,
    seal: SealKey,
    configured: Mutex<Configured>,
    /// What holds: of the links, of the buttons.
    held: Mutex<[Pair; 2]>,
    asked: Notify,
}

/// The keys of the links that stand in the files.
#[derive(Clone)]
struct Configured {
    current: Option<SecretString>,
    previous: Option<SecretString>,
}

impl Configured {
    fn of(server: &Server) -> Self {
        Self { current: server.link_secret.clone(), previous: server.previous_link_secret.clone() }
    }

    /// What is configured goes before what was kept; what was kept goes on opening old links after another one was
    /// configured.
    fn over(&self, kept: Pair) -> Pair {
        let exposed = |secret: &Option<SecretString>| secret.as_ref().map(|s| s.expose_secret().to_owned());
        let previous = exposed(&self.previous).map(|secret| (secret, Timestamp::MAX));
        match exposed(&self.current) {
            Some(current) => Pair { current, other: previous.or(Some((kept.current, Timestamp::MAX))) },
            None => Pair { other: previous.or(kept.other), ..kept },
        }
    }
}

fn other(pair: &Pair) -> Option<(&[u8], Timestamp)> {
    pair.other.as_ref().map(|(key, until)| (key.as_bytes(), *until))
}

impl Keyring {
    /// The keys of a configuration; those that nobody configured are made now, if they were never made.
    pub(super) async fn open(config: &Config, app: &Arc<App>) -> Result<Self, StartError> {
        let now = app.clock().machine();
        let configured = Configured::of(&config.server);
        let links = configured.over(Kept::Links.open(app.db(), now).await?);
        let buttons = Kept::Buttons.open(app.db(), now).await?;
        let seal = SealKey::new(buttons.current.as_bytes());
        seal.change(buttons.current.as_bytes(), other(&buttons));
        Ok(Self {
            app: app.clone(),
            links: Links::new(&config.server.public_url, links.current.as_bytes(), other(&links)),
            seal,
            configured: Mutex::new(configured),
            held: Mutex::new([links, buttons]),
            asked: Notify::new(),
        })
    }

    /// Makes and opens links; a copy keeps up with the changes.
    pub(super) fn links(&self) -> &Links {
        &self.links
    }

    /// Seals and opens buttons; a copy keeps up with the changes.
    pub(super) fn seal(&self) -> &SealKey {
        &self.seal
    }

    /// The files were read again: what they say of keys holds from now on.
    pub(crate) fn heed(&self, config: &Config) {
        *self.configured.lock().unwrap_or_else(PoisonError::into_inner) = Configured::of(&config.server);
        self.asked.notify_one();
    }

    /// Looks again and again, and at once when somebody asks, until `stop`.
    pub(super) async fn run(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = self.asked.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
                () = stop.cancelled() => return,
            }
            if let Err(error) = self.look().await {
                tracing::warn!("the keys are looked at later again: {error}");
            }
        }
    }

    async fn look(&self) -> Result<(), DbError> {
        let (db, now) = (self.app.db(), self.app.clock().machine());
        let configured = self.configured.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (links, buttons) = (Kept::Links.look(db, now).await?, Kept::Buttons.look(db, now).await?);
        // Both were made at the start; whoever deletes them by hand changes nothing before the next one.
        let (Some(links), Some(buttons)) = (links, buttons) else { return Ok(()) };
        let fresh = [configured.over(links), buttons];
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let [links, buttons] = &fresh;
        self.links.change(links.current.as_bytes(), other(links));
        self.seal.change(buttons.current.as_bytes(), other(buttons));
        for (kept, (old, new)) in Kept::ALL.into_iter().zip(held.iter().zip(&fresh)) {
            say(kept, old, new);
        }
        *held = fresh;
        Ok(())
    }
}

/// One line at each change, without the key.
fn say(kept: Kept, old: &Pair, new: &Pair) {
    let name = kept.name();
    if old.current != new.current {
        tracing::info!("the {name} are signed with a fresh key from now on");
    } else if old.other != new.other {
        tracing::info!("another key opens the {name} from now on, or one does not any more");
    }
}
