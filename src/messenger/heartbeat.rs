//! A sign of life to the outside: one call of an address that somebody watches.
//!
//! Invariant: the address is a secret (whoever knows it can keep the switch quiet): no error repeats it.

use secrecy::{ExposeSecret, SecretString};

use super::net::{NetError, Network};

/// Calls an address.
pub struct Heartbeat {
    client: reqwest::Client,
    url: SecretString,
}

impl Heartbeat {
    /// Will call this address.
    pub fn new(url: SecretString, network: &Network) -> Result<Self, NetError> {
        Ok(Self { client: network.client(&network.tls()?)?, url })
    }

    /// Calls it once.
    ///
    /// # Errors
    /// Why nobody will have heard it, in words for the log.
    pub async fn beat(&self) -> Result<(), String> {
        let answer = self.client.get(self.url.expose_secret()).send().await;
        let answer = answer.map_err(|error| error.without_url().to_string())?;
        match answer.status().is_success() {
            true => Ok(()),
            false => Err(format!("the answer was {}", answer.status())),
        }
    }
}
