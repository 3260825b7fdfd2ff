//! How the service reaches out: one TLS configuration and one HTTP client for every messenger.
//!
//! Invariant: everything goes out one way, through the proxy where there is one, messages and streams alike. Trusted are the system's certificates, or the bundled ones where a system has none, and what the administrator adds.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;

use super::proxy::Proxy;

/// How long an answer may take.
const WHOLE: Duration = Duration::from_secs(10);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(3);

/// Why the network cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// The extra certificates.
    #[error("the extra certificates cannot be read: {0}")]
    Certificates(String),
    /// TLS or the client.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(String),
}

/// The way out of this machine.
#[derive(Clone, Debug, Default)]
pub struct Network {
    extra: Option<Arc<str>>,
    proxy: Option<Arc<Proxy>>,
}

impl Network {
    /// With the certificates of a company's own authority as PEM text, and through a proxy.
    pub fn new(extra: Option<String>, proxy: Option<Proxy>) -> Self {
        Self { extra: extra.map(Into::into), proxy: proxy.map(Arc::new) }
    }

    /// The proxy, where there is one.
    pub fn proxy(&self) -> Option<&Proxy> {
        self.proxy.as_deref()
    }

    /// The TLS configuration.
    pub fn tls(&self) -> Result<Arc<ClientConfig>, NetError> {
        tls(self.extra.as_deref())
    }

    /// The HTTP client: follows no redirects, waits [`WHOLE`] at most, names itself.
    pub fn client(&self, tls: &Arc<ClientConfig>) -> Result<reqwest::Client, NetError> {
        self.client_within(tls, WHOLE)
    }

    /// The same with another patience: from the first byte of the question to the last one of the answer.
    pub(super) fn client_within(
        &self,
        tls: &Arc<ClientConfig>,
        whole: Duration,
    ) -> Result<reqwest::Client, NetError> {
        let client = reqwest::Client::builder().no_proxy();
        let client = self.proxy.iter().fold(client, |client, proxy| client.proxy(proxy.for_http()));
        client
            .tls_backend_preconfigured(ClientConfig::clone(tls))
            .connect_timeout(CONNECT)
            .timeout(whole)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("liaison/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|e| NetError::Client(e.to_string()))
    }

    /// A TCP connection to the host of a WebSocket's address.
    pub async fn dial(&self, url: &str) -> io::Result<TcpStream> {
        let url = reqwest::Url::parse(url).map_err(|_| io::Error::other("the address is none"))?;
        let host = url.host_str().ok_or_else(|| io::Error::other("the address names no host"))?;
        let port = url.port_or_known_default().unwrap_or(443);
        let stream = match self.proxy.as_ref().filter(|proxy| proxy.is_for(host)) {
            Some(proxy) => proxy.connect(host, port).await?,
            None => TcpStream::connect((host.trim_matches(['[', ']']), port)).await?,
        };
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// The TLS configuration; `extra` is PEM text with the certificates of a company's own authority.
fn tls(extra: Option<&str>) -> Result<Arc<ClientConfig>, NetError> {
    let mut roots = RootCertStore::empty();
    for certificate in rustls_native_certs::load_native_certs().certs {
        // A certificate of the system that rustls does not take is no reason not to start.
        let _ = roots.add(certificate);
    }
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    for certificate in CertificateDer::pem_slice_iter(extra.unwrap_or_default().as_bytes()) {
        let certificate = certificate.map_err(|e| NetError::Certificates(e.to_string()))?;
        roots.add(certificate).map_err(|e| NetError::Certificates(e.to_string()))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| NetError::Client(e.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

#[cfg(test)]
#[path = "net_tests.rs"]
mod tests;
