//! The way out through a company's proxy: CONNECT for what speaks TLS or WebSocket, forwarding for plain HTTP.
//!
//! Invariant: what is excepted goes out directly, over HTTP and over WebSocket alike; the proxy's password is never
//! shown or logged.

use std::io;
use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// An answer to CONNECT is no longer than that.
const LONGEST: usize = 8 << 10;

/// A proxy, and what does not go through it.
#[derive(Clone, Debug)]
pub struct Proxy {
    host: String,
    port: u16,
    /// `user:password`, as it was written.
    login: Option<SecretString>,
    /// Hosts, and domains with everything below them; `*` is everything.
    except: Vec<String>,
}

/// Why a text names no proxy, and what to write instead.
pub type Wrong = (String, String);

impl Proxy {
    /// `http://HOST:PORT`, `http://USER:PASSWORD@HOST:PORT` or `HOST:PORT`; `except` as in `NO_PROXY`, with commas.
    pub fn read(text: &str, except: &str) -> Result<Self, Wrong> {
        let remedy = "write http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT";
        let wrong = |problem: &str| (problem.to_owned(), remedy.to_owned());
        let whole = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let url = Url::parse(&whole).map_err(|_| wrong("is no address of a proxy"))?;
        if url.scheme() != "http" {
            return Err(wrong("only proxies that speak plain HTTP are known"));
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| wrong("names no host"))?;
        let login = (!url.username().is_empty()).then(|| {
            let (user, password) = (plain(url.username()), plain(url.password().unwrap_or_default()));
            SecretString::from(format!("{user}:{password}"))
        });
        let except = except.split(',').map(|one| one.trim().trim_start_matches('.').to_lowercase());
        Ok(Self {
            host: host.to_owned(),
            port: url.port_or_known_default().unwrap_or(80),
            login,
            except: except.filter(|one| !one.is_empty()).collect(),
        })
    }

    /// `HOST:PORT`.
    pub fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Whether what goes to this host goes through the proxy; what goes to this machine never does.
    pub fn is_for(&self, host: &str) -> bool {
        let host = host.trim_matches(['[', ']']).to_lowercase();
        if host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()) {
            return false;
        }
        let below = |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
        !self.except.iter().any(|one| one == "*" || *one == host || below(one))
    }

    /// The same for the HTTP client.
    pub fn for_http(&self) -> reqwest::Proxy {
        let proxy = self.clone();
        let at = Url::parse(&format!("http://{}", self.address())).ok();
        let through = reqwest::Proxy::custom(move |url| {
            at.clone().filter(|_| proxy.is_for(url.host_str().unwrap_or_default()))
        });
        match &self.login {
            Some(login) => {
                let (user, password) = login.expose_secret().split_once(':').unwrap_or_default();
                through.basic_auth(user, password)
            }
            None => through,
        }
    }

    /// A connection to `host:port` through the proxy.
    pub async fn connect(&self, host: &str, port: u16) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        let login = self.login.as_ref().map(|login| {
            format!("Proxy-Authorization: Basic {}\r\n", STANDARD.encode(login.expose_secret()))
        });
        let login = login.unwrap_or_default();
        let asked = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n{login}\r\n");
        stream.write_all(asked.as_bytes()).await?;
        let mut answer = Vec::new();
        // One byte at a time: what follows the head belongs to the other end.
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(stream.read_u8().await?);
            if answer.len() > LONGEST {
                return Err(io::Error::other("the proxy's answer never ends"));
            }
        }
        let head = String::from_utf8_lossy(&answer);
        let status = head.split_whitespace().nth(1).unwrap_or_default();
        match status.starts_with('2') {
            true => Ok(stream),
            false => Err(io::Error::other(format!("the proxy {} answers {status}", self.address()))),
        }
    }
}

/// `%41` is `A`.
fn plain(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match (first, digits.and_then(|two| u8::from_str_radix(two, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (byte, _) => {
                bytes.push(*byte);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// A proxy that answers so, and echoes what follows; what was asked comes out of the handle.
    async fn toy(answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            stream.write_all(answer.as_bytes()).await.unwrap();
            let mut four = [0; 4];
            if stream.read_exact(&mut four).await.is_ok() {
                stream.write_all(&four).await.unwrap();
            }
            String::from_utf8(head).unwrap()
        });
        (address, asked)
    }

    #[tokio::test]
    async fn a_connection_goes_through_with_the_password_and_nothing_of_it_is_lost() {
        let (address, asked) = toy("HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n").await;
        let proxy = Proxy::read(&format!("http://us%3Aer:p%40ss@{address}"), "").unwrap();
        let mut stream = proxy.connect("open.feishu.cn", 443).await.unwrap();
        stream.write_all(b"ping").await.unwrap();
        let mut back = [0; 4];
        stream.read_exact(&mut back).await.unwrap();
        assert_eq!(&back, b"ping");
        let asked = asked.await.unwrap();
        assert!(
            asked.starts_with("CONNECT open.feishu.cn:443 HTTP/1.1\r\nHost: open.feishu.cn:443\r\n"),
            "{asked}"
        );
        assert!(asked.contains(&format!("Basic {}\r\n", STANDARD.encode("us:er:p@ss"))), "{asked}");
        assert!(!format!("{proxy:?}").contains("p@ss"));
    }

    #[tokio::test]
    async fn a_proxy_that_refuses_says_why() {
        let (address, _asked) = toy("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await;
        let proxy = Proxy::read(&address, "").unwrap();
        let refused = proxy.connect("open.feishu.cn", 443).await.unwrap_err();
        assert!(refused.to_string().ends_with("answers 407"), "{refused}");
    }

    #[tokio::test]
    async fn the_http_client_goes_the_same_way() {
        let (address, asked) = toy("HTTP/1.1 204 No Content\r\n\r\n").await;
        let proxy = Proxy::read(&address, "direct.example").unwrap();
        let network = crate::messenger::net::Network::new(None, Some(proxy));
        let client = network.client(&network.tls().unwrap()).unwrap();
        let answer = client.get("http://open.feishu.example/x").send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 204);
        drop((answer, client));
        assert!(asked.await.unwrap().starts_with("GET http://open.feishu.example/x HTTP/1.1\r\n"));
    }

    #[test]
    fn what_is_excepted_is_a_host_or_a_domain() {
        let proxy = Proxy::read("proxy:3128", " internal.example , .corp.example,10.0.0.1").unwrap();
        assert_eq!(proxy.address(), "proxy:3128");
        for direct in ["internal.example", "a.internal.example", "CORP.example", "x.corp.example", "10.0.0.1"]
        {
            assert!(!proxy.is_for(direct), "{direct}");
        }
        for through in ["open.feishu.cn", "notinternal.example", "example", "110.0.0.1"] {
            assert!(proxy.is_for(through), "{through}");
        }
        for here in ["localhost", "127.0.0.1", "[::1]"] {
            assert!(!Proxy::read("proxy:3128", "").unwrap().is_for(here), "{here}");
        }
        assert!(!Proxy::read("proxy:3128", "*").unwrap().is_for("open.feishu.cn"));
    }

    #[test]
    fn what_names_no_proxy_is_refused() {
        for text in ["socks5://proxy:1080", "https://proxy:443", "http://", "http://:3128", "not a proxy"] {
            assert!(Proxy::read(text, "").is_err(), "{text}");
        }
    }
}
