//! The half of the robot that hears: the door, and the connection where things are pushed.
//!
//! Invariant: a button is taken back only with the seal of the service.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::receive::Door;
use super::session::Sessions;
use super::stream::{Handler, State, Stream};
use super::{Mode, Options};
use crate::messenger::net::NetError;
use crate::messenger::seal::SealKey;

/// The ear of one application.
pub struct Ear {
    /// Where things come in.
    pub door: Door,
    mode: Mode,
    stream: Stream,
}

impl Ear {
    /// The ear of an application; `seal` is the key of its buttons. The session webhooks that come with messages are put
    /// into `sessions`, for whoever answers.
    pub fn new(options: &Options, seal: SealKey, sessions: Arc<Sessions>) -> Result<Self, NetError> {
        let tls = options.network.tls()?;
        let stream = Stream::new(options, options.network.client(&tls)?, tls);
        Ok(Self { door: Door::new(options, seal, sessions), mode: options.mode, stream })
    }

    /// How things come in.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// How the connection is doing.
    pub fn stream(&self) -> State {
        self.stream.state()
    }

    /// Holds the connection, where that is how things come in; until `stop`.
    pub async fn run(&self, handler: Arc<dyn Handler>, stop: CancellationToken) {
        if self.mode == Mode::Stream {
            self.stream.run(handler, stop).await;
        }
    }
}
