//! Paths that want to leave their folder, as bytes on the wire: no client tidies them up first.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::operating::Serving;
use super::shell::Office;

/// Ways up, as they are tried on every server there is.
const UP: [&str; 9] =
    ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..\\", "..%5c", "%252e%252e%252f", "..;/", "..%c0%af"];
/// Where files might be served, and where a piece of the path is a name.
const DOORS: [&str; 8] = [
    "",
    "sandbox/assets/",
    "sandbox/",
    "forms/",
    "board/",
    "login/",
    "api/v1/requests/",
    "sandbox/api/chats/",
];
/// What is there to be found, from the working directory and from the root.
const GOALS: [&str; 4] = ["etc/passwd", "config/liaison.toml", "data/liaison.db", "proc/self/environ"];

/// The status, and everything that was said.
fn asks(address: &str, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: liaison\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|word| word.parse().ok());
    (status.unwrap_or_else(|| panic!("{path}: {answer}")), answer)
}

#[test]
fn no_path_leads_out_of_the_program() {
    let office = Office::open();
    let canary = ("LIAISON__SANDBOX__SECRET", "canary-0123456789abcdef0123456789abcdef");
    let serving = Serving::start(&office, &[("LIAISON__SANDBOX__ENABLED", "true"), canary]);
    assert_eq!(asks(&serving.address, "/healthz").0, 200, "the service is there");
    let mut tried = 0;
    for door in DOORS {
        for up in UP {
            for goal in GOALS {
                for path in [format!("/{door}{}{goal}", up.repeat(6)), format!("/{door}{up}{goal}")] {
                    let (status, answer) = asks(&serving.address, &path);
                    assert!((400..500).contains(&status), "{path}: {status}");
                    for secret in ["root:", "SQLite format", "canary-", "[database]"] {
                        assert!(!answer.contains(secret), "{path}: {answer}");
                    }
                    tried += 1;
                }
            }
        }
    }
    for path in
        ["/assets//etc/passwd", "//etc/passwd", "/assets/%00", "file:///etc/passwd", "/assets/.", "/."]
    {
        let (status, _) = asks(&serving.address, path);
        assert!((400..500).contains(&status), "{path}: {status}");
    }
    assert_eq!(tried, 576);
    assert_eq!(asks(&serving.address, "/healthz").0, 200, "and it is there afterwards");
}
