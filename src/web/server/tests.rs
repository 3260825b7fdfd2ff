//! Stories of hostile and honest clients on real sockets. The time-outs under test are short; nothing else is timed.

use std::sync::Mutex;

use axum::body::Bytes;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::*;

/// What a client waits at most; nothing here should come near it.
const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(200);

struct Running {
    at: SocketAddr,
    stop: CancellationToken,
    done: JoinHandle<Stopped>,
    /// Says when the handler of `/slow` has begun.
    begun: Mutex<mpsc::UnboundedReceiver<()>>,
    /// Lets the handler of `/slow` finish.
    finish: CancellationToken,
}

impl Running {
    async fn with(options: Options) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (say, begun) = mpsc::unbounded_channel();
        let (stop, finish) = (CancellationToken::new(), CancellationToken::new());
        let done = tokio::spawn(serve(listener, routes(say, finish.clone()), options, stop.clone()));
        Self { at, stop, done, begun: Mutex::new(begun), finish }
    }

    async fn client(&self) -> Client {
        Client(TcpStream::connect(self.at).await.unwrap())
    }

    /// Opens a connection, says something and returns everything that is answered until the server closes.
    async fn answer_to(&self, words: &str) -> String {
        let mut client = self.client().await;
        client.says(words).await;
        client.hears_all().await
    }

    /// A connection that has had an answer and asks nothing more.
    async fn idle_client(&self) -> Client {
        let mut client = self.client().await;
        client.says(HELLO).await;
        client.hears_one().await;
        client
    }

    async fn slow_has_begun(&self) {
        let mut begun = std::mem::replace(&mut *self.begun.lock().unwrap(), mpsc::unbounded_channel().1);
        begun.recv().await.unwrap();
    }

    async fn stopped(self) -> Stopped {
        self.stop.cancel();
        tokio::time::timeout(LONG, self.done).await.expect("the server stops").unwrap()
    }
}

fn routes(say: mpsc::UnboundedSender<()>, finish: CancellationToken) -> Router {
    let slow = get(async move || {
        say.send(()).unwrap();
        finish.cancelled().await;
        "at last"
    });
    let never = answer_within(Router::new().route("/never", post(std::future::pending::<&str>)), SHORT);
    Router::new()
        .route("/", get(async || "hello"))
        .route("/echo", post(async |body: Bytes| body))
        .route("/panic", get(panics))
        .route("/vast", get(async || vec![b'x'; 64 * 1024 * 1024]))
        .route("/slow", slow)
        .merge(never)
}

#[expect(clippy::panic, reason = "the panic is what is tested")]
async fn panics() -> &'static str {
    panic!("a secret")
}

struct Client(TcpStream);

impl Client {
    /// A server that has had enough may close while we speak; what it said is then still to be heard.
    async fn says(&mut self, words: &str) {
        let _closed = self.0.write_all(words.as_bytes()).await;
    }

    async fn hears_all(&mut self) -> String {
        let mut heard = Vec::new();
        let read = tokio::time::timeout(LONG, self.0.read_to_end(&mut heard)).await;
        let _reset = read.expect("the server closes the connection");
        String::from_utf8(heard).unwrap()
    }

    /// Reads one answer with a `Content-Length`, and leaves the connection open.
    async fn hears_one(&mut self) -> String {
        let mut heard = String::new();
        loop {
            let mut some = [0; 4096];
            let n = tokio::time::timeout(LONG, self.0.read(&mut some)).await.expect("an answer").unwrap();
            heard.push_str(std::str::from_utf8(&some[..n]).unwrap());
            if n == 0 || is_whole(&heard) {
                return heard;
            }
        }
    }
}

fn is_whole(answer: &str) -> bool {
    let Some((head, body)) = answer.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.is_some_and(|length| body.len() >= length.parse().unwrap())
}

fn quick() -> Options {
    Options { head_timeout: SHORT, body_timeout: SHORT, write_timeout: SHORT, ..Options::default() }
}

const HELLO: &str = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const GOODBYE: &str = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

fn status(answer: &str) -> &str {
    answer.lines().next().unwrap_or("(nothing)")
}

#[tokio::test]
async fn an_answer_carries_the_security_headers_and_a_request_id_of_its_own() {
    let server = Running::with(Options::default()).await;
    let first = server.answer_to(GOODBYE).await;
    for header in [
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "frame-ancestors 'none'",
        "cache-control: no-store",
    ] {
        assert!(first.contains(header), "{header} in {first}");
    }
    let id =
        |answer: &str| answer.lines().find(|line| line.starts_with("x-request-id: ")).unwrap().to_owned();
    assert_ne!(id(&first), id(&server.answer_to(GOODBYE).await));
    let forged = server
        .answer_to("GET /nowhere HTTP/1.1\r\nHost: h\r\nX-Request-Id: mine\r\nConnection: close\r\n\r\n")
        .await;
    assert_eq!(status(&forged), "HTTP/1.1 404 Not Found");
    assert!(!id(&forged).contains("mine"), "{forged}");
}

#[tokio::test]
async fn a_half_sent_head_is_cut_in_time() {
    let server = Running::with(quick()).await;
    for words in ["", "G", "GET / HTTP/1.1\r\nHost: h\r\nX-Slow: "] {
        assert_eq!(server.answer_to(words).await, "", "after {words:?}");
    }
}

#[tokio::test]
async fn a_head_that_drips_is_cut_although_it_moves() {
    let server = Running::with(quick()).await;
    let (mut from, mut to) = server.client().await.0.into_split();
    let dripping = tokio::spawn(async move {
        let mut pause = tokio::time::interval(SHORT / 10);
        to.write_all(b"GET / HTTP/1.1\r\nX-Slow: ").await.unwrap();
        while to.write_all(b"z").await.is_ok() {
            pause.tick().await;
        }
    });
    let mut heard = Vec::new();
    let _reset = tokio::time::timeout(LONG, from.read_to_end(&mut heard)).await.expect("it is cut");
    dripping.await.unwrap();
    assert_eq!(heard, b"");
}

#[tokio::test]
async fn a_half_sent_second_head_is_cut_too() {
    let server = Running::with(quick()).await;
    let mut client = server.client().await;
    client.says(HELLO).await;
    assert!(client.hears_one().await.ends_with("hello"));
    client.says("GET / HT").await;
    assert_eq!(client.hears_all().await, "");
}

#[tokio::test]
async fn an_idle_connection_outlives_the_time_for_a_head_and_ends_at_its_own() {
    let options = Options { head_timeout: SHORT, idle_timeout: SHORT * 4, ..Options::default() };
    let server = Running::with(options).await;
    let mut client = server.idle_client().await;
    let idle_since = std::time::Instant::now();
    assert_eq!(client.hears_all().await, "");
    assert!(idle_since.elapsed() >= SHORT * 3, "cut after {:?}", idle_since.elapsed());
}

#[tokio::test]
async fn a_body_that_drips_is_cut_with_408() {
    let server = Running::with(quick()).await;
    let answer = server.answer_to("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf").await;
    assert_eq!(status(&answer), "HTTP/1.1 408 Request Timeout");
    let chunked = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n";
    assert_eq!(status(&server.answer_to(chunked).await), "HTTP/1.1 408 Request Timeout");
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_before_it_is_sent() {
    let server = Running::with(Options::default()).await;
    let answer = server.answer_to("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 262145\r\n\r\n").await;
    assert_eq!(status(&answer), "HTTP/1.1 413 Payload Too Large");
    assert!(answer.contains(r#"{"error":"too_large","request_id":""#), "{answer}");
}

#[tokio::test]
async fn an_endless_chunked_body_is_refused_at_the_limit() {
    let server = Running::with(Options { body_limit: 10, ..Options::default() }).await;
    let head = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    let answer = server.answer_to(&format!("{head}6\r\nabcdef\r\n6\r\nabcdef\r\n")).await;
    assert_eq!(status(&answer), "HTTP/1.1 413 Payload Too Large");
    let mut client = server.client().await;
    client.says(&format!("{head}6\r\nabcdef\r\n4\r\nghij\r\n0\r\n\r\n")).await;
    assert!(client.hears_one().await.ends_with("abcdefghij"), "ten are within the limit");
}

#[tokio::test]
async fn a_compressed_body_is_refused() {
    let server = Running::with(Options::default()).await;
    let head = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Encoding: gzip\r\n\r\n";
    assert_eq!(status(&server.answer_to(&format!("{head}hi")).await), "HTTP/1.1 415 Unsupported Media Type");
}

#[tokio::test]
async fn a_head_over_the_limit_is_refused() {
    let server = Running::with(Options::default()).await;
    let fat = format!("GET / HTTP/1.1\r\nHost: h\r\nX-Fat: {}\r\n\r\n", "f".repeat(20_000));
    let answer = server.answer_to(&fat).await;
    assert!(answer.is_empty() || status(&answer).contains("431"), "{answer}");
    let many = format!("GET / HTTP/1.1\r\nHost: h\r\n{}\r\n", "A: b\r\n".repeat(101));
    assert_eq!(status(&server.answer_to(&many).await), "HTTP/1.1 431 Request Header Fields Too Large");
}

#[tokio::test]
async fn a_reader_that_does_not_read_is_let_go() {
    let server = Running::with(Options { connections: 1, ..quick() }).await;
    let mut deaf = server.client().await;
    deaf.says("GET /vast HTTP/1.1\r\nHost: h\r\n\r\n").await;
    // There is one place only: who is served after the deaf one shows that it had to leave.
    assert!(server.answer_to(GOODBYE).await.ends_with("hello"));
}

#[tokio::test]
async fn three_hundred_half_open_connections_do_not_hinder_an_honest_one() {
    let server = Running::with(Options::default()).await;
    let mut crowd = Vec::new();
    for _ in 0..300 {
        let mut one = server.client().await;
        one.says("POST /echo HTTP/1.1\r\nHost: h\r\nContent-").await;
        crowd.push(one);
    }
    let asked = std::time::Instant::now();
    assert!(server.answer_to(GOODBYE).await.ends_with("hello"));
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
}

#[tokio::test]
async fn a_connection_over_the_cap_waits_for_a_place_and_is_served() {
    let server = Running::with(Options { connections: 2, head_timeout: SHORT, ..Options::default() }).await;
    let _crowd = (server.client().await, server.client().await, server.client().await);
    assert!(server.answer_to(GOODBYE).await.ends_with("hello"));
}

#[tokio::test]
async fn in_a_crowd_nobody_is_waited_for_as_long() {
    let head_timeout = SHORT * 20;
    let server = Running::with(Options { connections: 4, head_timeout, ..Options::default() }).await;
    let _idle = (server.idle_client().await, server.idle_client().await);
    let _half_open = (server.client().await, server.client().await);
    let asked = std::time::Instant::now();
    assert!(server.answer_to(GOODBYE).await.ends_with("hello"));
    assert!(asked.elapsed() < head_timeout, "{:?}", asked.elapsed());
}

#[tokio::test]
async fn a_panic_is_answered_without_its_words_and_the_server_lives_on() {
    let server = Running::with(Options::default()).await;
    let mut client = server.client().await;
    client.says("GET /panic HTTP/1.1\r\nHost: h\r\n\r\n").await;
    let answer = client.hears_one().await;
    assert_eq!(status(&answer), "HTTP/1.1 500 Internal Server Error");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let id = head.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap();
    assert_eq!(body, format!(r#"{{"error":"internal","request_id":"{id}"}}"#));
    client.says(HELLO).await;
    assert!(client.hears_one().await.ends_with("hello"), "even on the same connection");
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_answered_for_so_that_the_platform_tries_again() {
    let server = Running::with(Options::default()).await;
    let mut client = server.client().await;
    client.says("POST /never HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi").await;
    let answer = client.hears_one().await;
    assert_eq!(status(&answer), "HTTP/1.1 503 Service Unavailable");
    assert!(answer.contains("retry-after: 1\r\n"), "{answer}");
    assert!(answer.contains(r#"{"error":"busy","request_id":""#), "{answer}");
}

#[tokio::test]
async fn a_stop_answers_what_is_in_flight_and_lets_idle_ones_go() {
    let server = Running::with(Options::default()).await;
    let (mut idle, mut busy) = (server.idle_client().await, server.client().await);
    busy.says("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n").await;
    server.slow_has_begun().await;
    server.stop.cancel();
    assert_eq!(idle.hears_all().await, "");
    server.finish.cancel();
    let answer = busy.hears_all().await;
    assert!(answer.ends_with("at last") && answer.contains("connection: close"), "{answer}");
    let at = server.at;
    assert_eq!(server.stopped().await, Stopped { cut: 0 });
    assert!(TcpStream::connect(at).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn a_stop_does_not_wait_longer_than_its_grace() {
    let server = Running::with(Options { grace: SHORT, ..Options::default() }).await;
    let mut stuck = server.client().await;
    stuck.says("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n").await;
    server.slow_has_begun().await;
    assert_eq!(server.stopped().await, Stopped { cut: 1 });
    assert_eq!(stuck.hears_all().await, "");
}

/// What a proxy in front might read otherwise than we do: told apart in no way in which a second request would hide in
/// the first. `/panic` is the one that hides; whoever reached it would hear 500.
#[tokio::test]
async fn a_request_that_hides_in_another_is_never_heard() {
    let server = Running::with(quick()).await;
    let hidden = "GET /panic HTTP/1.1\r\nHost: h\r\n\r\n";
    let post = |heads: &str, body: &str| format!("POST /echo HTTP/1.1\r\nHost: h\r\n{heads}\r\n\r\n{body}");
    let (length, chunked) = (format!("Content-Length: {}", hidden.len() + 5), "Transfer-Encoding: chunked");
    let hides = [
        // One of the two lengths says that the body ends before it.
        post(&format!("{length}\r\n{chunked}"), &format!("0\r\n\r\n{hidden}")),
        post(&format!("{chunked}\r\n{length}"), &format!("0\r\n\r\n{hidden}")),
        post(&format!("{length}\r\nContent-Length: 0"), hidden),
        post("Content-Length: 0, 40", hidden),
        post(&format!("Content-Length : {}", hidden.len()), hidden),
        post(&format!("Content-Length: +{}", hidden.len()), hidden),
        post("Transfer-Encoding : chunked", &format!("0\r\n\r\n{hidden}")),
        post("Transfer-Encoding: chunked, identity", &format!("0\r\n\r\n{hidden}")),
        post("Transfer-Encoding: xchunked", &format!("0\r\n\r\n{hidden}")),
        post(" Transfer-Encoding: chunked", &format!("0\r\n\r\n{hidden}")),
        post("X: y\n Content-Length: 0", hidden),
    ];
    for said in hides {
        let answer = server.answer_to(&said).await;
        assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{said}\n---\n{answer}");
        assert!(!answer.contains(" 500 "), "{said}\n---\n{answer}");
    }
}
