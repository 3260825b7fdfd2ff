//! What goes over the fake's wire: HTTP by hand, and frames as the fake understands them.
//!
//! A guest that says nothing sensible gets nothing.

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

/// Head and body; none when the guest goes away before the end.
pub async fn read_request(socket: &mut TcpStream) -> Option<String> {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                word(head, "content-length: ", &['\r']).map_or(Some(0), |length| length.parse().ok())?;
            if body.len() >= length {
                return Some(text);
            }
        }
        if socket.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    }
}

/// What stands between `before`, in whatever case, and one of `ends`.
pub fn word<'a>(text: &'a str, before: &str, ends: &[char]) -> Option<&'a str> {
    let at = text.to_ascii_lowercase().find(before)? + before.len();
    text[at..].split(ends).next()
}

/// An HTTP answer; every line of `headers` ends as lines do there.
pub fn answer(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} .\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

/// A frame of the long connection, of the fields that matter here.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Frame {
    #[prost(uint64, required, tag = "1")]
    pub seq_id: u64,
    #[prost(uint64, required, tag = "2")]
    pub log_id: u64,
    #[prost(int32, required, tag = "3")]
    pub service: i32,
    #[prost(int32, required, tag = "4")]
    pub method: i32,
    #[prost(message, repeated, tag = "5")]
    pub headers: Vec<Header>,
    #[prost(bytes = "vec", optional, tag = "8")]
    pub payload: Option<Vec<u8>>,
}

/// A word about a frame.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Header {
    #[prost(string, required, tag = "1")]
    pub key: String,
    #[prost(string, required, tag = "2")]
    pub value: String,
}
