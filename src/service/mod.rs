//! The rooms wired together: one database, one app, the workers, the doors.
//!
//! Invariant: a service that answers `/readyz` has migrated its database, loaded its company and started its workers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Rulebook};
use crate::clock::{Clock, MovableClock, SystemClock, fresh_id};
use crate::config::Config;
use crate::crash::{self, Point};
use crate::domain::Timestamp;
use crate::domain::{directory, fault::Fault, policy, template};
use crate::engine::{Engine, Metrics};
use crate::messenger::Messenger;
use crate::messenger::dingtalk::{self, DingTalk};
use crate::messenger::feishu::{self, Feishu};
use crate::messenger::login::Login;
use crate::messenger::net::{NetError, Network};
use crate::messenger::sandbox::Sandbox;
use crate::store::db::{Options, Served};
use crate::store::{Db, DbError, audit, directory as people, session, standing};
use crate::web::server;
use crate::web::{Pushed, SandboxDoor, Streamed, Web};
pub(crate) use keyring::Keyring;

pub mod demo;
mod heartbeat;
pub mod identity;
pub mod kept_keys;
mod keyring;
mod shelf;
mod taking_over;

/// Why a service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Mistakes in files, all of them.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Files(Vec<Fault>),
    /// The database.
    #[error("the database: {0}")]
    Database(#[from] DbError),
    /// A file or the listener.
    #[error("{what}: {why}")]
    Io { what: String, why: std::io::Error },
    /// The network.
    #[error("the network: {0}")]
    Net(NetError),
    /// Something that the app could not do.
    #[error(transparent)]
    App(#[from] crate::app::Trouble),
}

/// Which clock the service lives by.
pub enum TimeSource {
    /// The machine's, or the sandbox's movable one where the configuration says so.
    Configured,
    /// Stands still at this instant until it is moved: for stories.
    Frozen(Timestamp),
}

/// A service that is put together but not serving yet.
pub struct Service {
    web: Web,
    engine: Arc<Engine>,
    clock: Option<Arc<MovableClock>>,
    stop: CancellationToken,
    heartbeat: (Option<SecretString>, Network),
    keys: Arc<Keyring>,
    served: Served,
}

/// A service that serves.
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    web: Web,
    clock: Option<Arc<MovableClock>>,
    stop: CancellationToken,
    workers: JoinHandle<()>,
    server: JoinHandle<server::Stopped>,
    keys: Arc<Keyring>,
    _served: Served,
}

/// The app as the configuration wants it.
async fn app_of(config: &Config, app: App) -> Result<Arc<App>, StartError> {
    let app = Arc::new(app.with_flood(config.server.messages_per_minute));
    heed_holidays(&app).await?;
    Ok(app)
}

/// The workers as the configuration wants them.
fn engine_of(config: &Config, engine: Engine) -> Arc<Engine> {
    let engine = engine.with_alive(config.server.alive_at).with_pictures(config.server.pictures);
    Arc::new(engine.with_retention(config.retention).at_host(&identity::host()))
}

/// A year whose holidays are known since the last start moves what was provisional.
async fn heed_holidays(app: &App) -> Result<(), StartError> {
    let moved = app.heed_holidays().await?;
    if moved > 0 {
        tracing::info!(count = moved, "further holidays are known: provisional deadlines were counted again");
    }
    Ok(())
}

/// Opens the database of a configuration, migrated.
async fn database(config: &Config) -> Result<Db, DbError> {
    let db = Db::open(&Options::new(config.database.url.expose_secret())).await?;
    db.migrate().await?;
    crash::here(Point::StartMigrated);
    Ok(db)
}

/// Reads the policy of a configuration.
pub fn rulebook(config: &Config) -> Result<Rulebook, StartError> {
    let text = read(&config.policy)?;
    let policy =
        policy::check::read(config.policy.name(), &text, &config.calendar).map_err(StartError::Files)?;
    let (policy, calendar) = (Arc::new(policy), Arc::new(config.calendar.clone()));
    Ok(Rulebook { policy, calendar, templates: Arc::new(templates_of(config)?) })
}

/// Reads and checks the templates of a configuration.
pub fn templates_of(config: &Config) -> Result<Vec<template::Template>, StartError> {
    let text = read(&config.templates)?;
    template::check::read(config.templates.name(), &text).map_err(StartError::Files)
}

/// Reads and checks the directory file of a configuration.
pub fn directory_of(config: &Config) -> Result<(directory::check::Checked, String), StartError> {
    let text = read(&config.directory)?;
    let checked = directory::check::read(config.directory.name(), &text).map_err(StartError::Files)?;
    Ok((checked, text))
}

fn read(document: &crate::config::Document) -> Result<String, StartError> {
    document.read().map_err(|why| StartError::Io { what: document.name().to_owned(), why })
}

impl Service {
    /// Puts a service together: migrates, imports the directory file if it changed, loads the company.
    pub async fn open(config: &Config, time: TimeSource) -> Result<Self, StartError> {
        let rulebook = rulebook(config)?;
        let db = database(config).await?;
        import_directory(config, &db).await?;
        let (clock, movable) = clocks(config, time, &db).await?;
        let served = taking_over::taken_over(&db, clock.now()).await?;
        identity::recognise(config, &db, clock.now()).await?;
        let app = app_of(config, App::new(db.clone(), clock.clone(), rulebook).await?).await?;
        let (events, _) = broadcast::channel(1_024);
        let metrics = Metrics::default();
        let keys = Keyring::open(config, &app).await?;
        let mut messengers: Vec<Arc<dyn Messenger>> = Vec::new();
        let mut door = None;
        if config.sandbox.enabled {
            let secret = config.sandbox.secret.as_ref().map(|s| s.expose_secret().to_owned());
            let secret = secret_of(&app, secret).await?;
            let shelf = Arc::new(shelf::StoreShelf::new(db.clone(), events.clone(), clock.clone()));
            let messenger = Arc::new(
                Sandbox::new(secret.as_bytes(), shelf, clock.clone()).with_forms(config.sandbox.forms),
            );
            messengers.push(messenger.clone());
            door = Some(Arc::new(SandboxDoor { messenger, clock: movable.clone(), events }));
        }
        let feishu = match &config.feishu {
            Some(options) => Some(Arc::new(feishu_of(options, &keys, &clock)?)),
            None => None,
        };
        let mut logins: Vec<Arc<dyn Login>> = Vec::new();
        if let Some(feishu) = &feishu {
            messengers.push(feishu.clone());
            logins.extend(feishu.has_login().then(|| feishu.clone() as Arc<dyn Login>));
        }
        let dingtalk = match &config.dingtalk {
            Some(options) => Some(Arc::new(dingtalk_of(config, (options, &keys, &clock))?)),
            None => None,
        };
        if let Some(dingtalk) = &dingtalk {
            messengers.push(dingtalk.clone());
            logins.extend(dingtalk.has_login().then(|| dingtalk.clone() as Arc<dyn Login>));
        }
        let engine = engine_of(config, Engine::new(app, messengers, metrics, keys.links().clone()));
        let stop = CancellationToken::new();
        let web = Web {
            engine: engine.clone(),
            sandbox: door,
            feishu,
            dingtalk,
            logins,
            draining: Arc::new(AtomicBool::new(false)),
            stop: stop.clone(),
        };
        let heartbeat = (config.server.heartbeat_url.clone(), config.network.clone());
        let service = Self { web, engine, clock: movable, stop, heartbeat, keys: Arc::new(keys), served };
        if config.sandbox.enabled {
            service.found_groups().await?;
        }
        Ok(service)
    }

    /// The lines of the log that nobody took are counted with everything else.
    pub fn counts_lost_lines(&self, lost: Arc<AtomicU64>) {
        self.engine.metrics().follow_lost_lines(lost);
    }

    /// What each messenger does by itself while the service runs.
    fn bots(&self) -> impl Future<Output = ()> + use<> {
        let (web, stop) = (self.web.clone(), self.stop.clone());
        async move {
            let feishu = async {
                if let Some(feishu) = web.feishu.clone() {
                    let handler = Arc::new(Streamed { web: web.clone(), feishu: feishu.clone() });
                    feishu.run(handler, stop.clone()).await;
                }
            };
            let dingtalk = async {
                if let Some(bot) = web.dingtalk.clone() {
                    let handler = Arc::new(Pushed { web: web.clone(), bot: bot.clone() });
                    bot.run(handler, stop.clone()).await;
                }
            };
            tokio::join!(feishu, dingtalk);
        }
    }

    /// Starts the workers and the server.
    pub fn start(self, listener: TcpListener) -> Result<Running, StartError> {
        let io = |why| StartError::Io { what: "the listener".to_owned(), why };
        let addr = listener.local_addr().map_err(io)?;
        let engine = self.engine.clone();
        let stop = self.stop.clone();
        let bots = self.bots();
        let heart =
            heartbeat::run(self.web.clone(), (self.heartbeat.0.as_ref(), &self.heartbeat.1), stop.clone());
        let heart = heart.map_err(StartError::Net)?;
        let keys = self.keys.clone();
        let workers = tokio::spawn(async move {
            tokio::join!(Box::pin(engine.run(stop.clone())), bots, heart, keys.run(&stop));
        });
        let router = self.web.clone().router();
        let server =
            tokio::spawn(server::serve(listener, router, server::Options::default(), self.stop.clone()));
        let (web, clock, stop, keys) = (self.web, self.clock, self.stop, self.keys);
        Ok(Running { addr, web, clock, stop, workers, server, keys, _served: self.served })
    }
}

impl Running {
    /// The service's time.
    pub fn now(&self) -> Timestamp {
        self.web.engine.app().clock().now()
    }

    /// Its keys, which can be changed while it runs.
    pub(crate) fn keys(&self) -> Arc<Keyring> {
        self.keys.clone()
    }

    /// Moves a clock that can be moved; done when everything due by then has fired and been delivered, as far as no
    /// messenger asked to be tried later. The machine's own clock is left as it is.
    pub async fn moves_to(&self, at: Timestamp) -> Result<(), StartError> {
        match &self.clock {
            Some(clock) => Ok(self.web.engine.advance_to(clock, at).await?),
            None => Ok(self.web.engine.settle().await?),
        }
    }

    /// Takes no new work, finishes what is in hand, ends.
    pub async fn stop(self) {
        self.web.drain();
        self.stop.cancel();
        // A worker or server that panicked has said so in the log; there is nothing left to wait for then.
        let _ = self.workers.await;
        let _ = self.server.await;
        self.web.engine.app().db().close().await;
    }

    /// Resolves when the server ends by itself.
    pub async fn ended(&mut self) {
        let _ = (&mut self.server).await;
    }
}

fn feishu_of(
    options: &feishu::Options,
    keys: &Keyring,
    clock: &Arc<dyn Clock>,
) -> Result<Feishu, StartError> {
    Feishu::new(options, keys.seal().clone(), clock.clone()).map_err(StartError::Net)
}

fn dingtalk_of(
    config: &Config,
    (options, keys, clock): (&dingtalk::Options, &Keyring, &Arc<dyn Clock>),
) -> Result<DingTalk, StartError> {
    let (seal, public_url) = (keys.seal().clone(), &config.server.public_url);
    DingTalk::new(options, public_url, (seal, clock.clone())).map_err(StartError::Net)
}

/// The sandbox's secret: configured, or made once and kept, so that buttons survive a restart.
async fn secret_of(app: &App, configured: Option<String>) -> Result<String, StartError> {
    match configured {
        Some(secret) => Ok(secret),
        None => made_once(app, "sandbox_secret").await,
    }
}

/// A secret that is made at the first start and the same for all replicas ever after.
async fn made_once(app: &App, name: &str) -> Result<String, StartError> {
    let made = format!("{}{}", fresh_id(), fresh_id());
    Ok(app.keep_first(name, &made).await?)
}

/// Imports the configured directory when the file is not the one that was imported last.
async fn import_directory(config: &Config, db: &Db) -> Result<(), StartError> {
    let (checked, text) = directory_of(config)?;
    let digest = digest(&text);
    if people::digest(db).await?.as_deref() == Some(digest.as_str()) {
        return Ok(());
    }
    for warning in &checked.warnings {
        tracing::warn!("{warning}");
    }
    import(db, &checked, &digest).await?;
    crash::here(Point::StartImported);
    Ok(())
}

/// Replaces the directory in the database; the history says so.
pub async fn import(db: &Db, checked: &directory::check::Checked, digest: &str) -> Result<i64, DbError> {
    let (before, _) = people::load(db).await?;
    let mut tx = db.begin().await?;
    let now = SystemClock.now();
    for person in directory::standing::affected(&before, &checked.directory) {
        standing::note(&mut tx, &person, now).await?;
    }
    let version = people::replace(&mut tx, &checked.directory, &checked.company, digest).await?;
    session::end_of_leavers(&mut tx, SystemClock.machine()).await?;
    let line = crate::domain::change::Audit {
        by: None,
        on_behalf_of: None,
        what: "directory_imported".to_owned(),
        with: crate::domain::change::with([("version", crate::domain::change::Value::Number(version))]),
    };
    audit::append_beside(&mut tx, "directory", &line, SystemClock.now()).await?;
    tx.commit().await?;
    Ok(version)
}

/// SHA-256 of a text, in hex.
pub fn digest(text: &str) -> String {
    use sha2::Digest;
    hex::encode(sha2::Sha256::digest(text.as_bytes()))
}

type Clocks = (Arc<dyn Clock>, Option<Arc<MovableClock>>);

/// The time by which the service lives: the machine's, or the sandbox's where that one was moved.
pub async fn clock(config: &Config, db: &Db) -> Result<Arc<dyn Clock>, StartError> {
    clocks(config, TimeSource::Configured, db).await.map(|(clock, _)| clock)
}

async fn clocks(config: &Config, time: TimeSource, db: &Db) -> Result<Clocks, StartError> {
    let movable = match time {
        TimeSource::Frozen(at) => Some(Arc::new(MovableClock::frozen(at))),
        TimeSource::Configured if config.sandbox.enabled && config.sandbox.movable_clock => {
            let kept = crate::store::desk::switch(db, "sandbox_clock").await?;
            let ms = kept.and_then(|(ms, _)| ms.parse::<i64>().ok()).unwrap_or(0);
            Some(Arc::new(MovableClock::ticking(jiff::SignedDuration::from_millis(ms))))
        }
        TimeSource::Configured => None,
    };
    Ok(match movable {
        Some(clock) => (clock.clone(), Some(clock)),
        None => (Arc::new(SystemClock), None),
    })
}
