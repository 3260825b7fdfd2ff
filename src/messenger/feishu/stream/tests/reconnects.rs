//! Connections end and are refused in every way there is; what was said arrives all the same.

use std::sync::Mutex;

use super::*;

/// A handler that knows what it has had; how often it was asked, and how often something happened.
fn remembers() -> (Arc<dyn Handler>, Arc<AtomicUsize>, Arc<AtomicUsize>) {
    let (asked, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (asking, doing, had) = (Arc::clone(&asked), Arc::clone(&done), Mutex::new(HashSet::new()));
    let handler = acts(move |payload| {
        asking.fetch_add(1, Ordering::SeqCst);
        if had.lock().unwrap().insert(payload) {
            doing.fetch_add(1, Ordering::SeqCst);
        }
        async { Ok(None) }
    });
    (handler, asked, done)
}

#[tokio::test]
async fn an_event_that_was_handled_but_not_acknowledged_comes_again_and_happens_once() {
    let fake = Fake::start().await.unwrap();
    fake.sessions([Session::Ends(1, End::Cut)]);
    let (handler, asked, done) = remembers();
    let running = Running::start(&fake, quick(), handler);
    fake.says(Said::event("e", "{}"));
    let seen = fake.until(|seen| !seen.acks.is_empty()).await;
    assert_eq!(seen.deliveries, [(1, "e".to_owned()), (2, "e".to_owned())]);
    assert_eq!((asked.load(Ordering::SeqCst), done.load(Ordering::SeqCst)), (2, 1));
    assert_eq!(running.until(|state| state.connected).await.reconnects, 1);
    running.stop().await;
    assert_eq!(fake.seen().acks.len(), 1);
}

#[tokio::test]
async fn an_event_cut_between_its_parts_comes_again_whole() {
    let fake = Fake::start().await.unwrap();
    let ends = [(1, End::Cut), (2, End::Reset), (1, End::Goodbye(1001)), (0, End::Cut)];
    fake.sessions(ends.map(|(after, end)| Session::Ends(after, end)));
    let (handler, asked, _) = remembers();
    let running = Running::start(&fake, quick(), handler);
    fake.says(Said { order: vec![2, 0, 1], ..Said::event("e", "a long story") });
    let seen = fake.until(|seen| !seen.acks.is_empty()).await;
    assert_eq!(seen.acks[0].connection, 5);
    assert_eq!(asked.load(Ordering::SeqCst), 1, "what was left of the earlier ones did not add up");
    running.stop().await;
}

#[tokio::test]
async fn a_connection_that_falls_silent_is_given_up() {
    let fake = Fake::start().await.unwrap();
    fake.sessions([Session::Ends(1, End::Mute)]);
    let (handler, ..) = remembers();
    let running = Running::start(&fake, Timing { grace: 300 * MS, ..quick() }, handler);
    fake.says(Said::event("before", "1"));
    fake.until(|seen| seen.deliveries.len() == 1).await;
    fake.says(Said::event("into the void", "2"));
    let seen = fake.until(|seen| seen.acked(200).len() == 2).await;
    assert!(seen.acks.iter().all(|ack| ack.connection > 1), "{seen:?}");
    assert!(seen.opened[1] - seen.opened[0] >= 500 * MS, "two pings and the grace");
    running.stop().await;
}

#[tokio::test]
async fn pings_keep_a_connection_without_events() {
    let fake = Fake::start().await.unwrap();
    let running = Running::start(&fake, Timing { ping: (20 * MS, 20 * MS), ..quick() }, takes_all());
    let seen = fake.until(|seen| seen.pings.len() == 5).await;
    assert!(seen.pings.iter().all(|(number, service, _)| (*number, *service) == (1, fake::SERVICE)));
    let state = running.until(|state| state.last_frame.is_some()).await;
    assert!(state.connected && state.trouble.is_none());
    assert_eq!((state.device.as_deref(), state.reconnects), (Some("device-1"), 0));
    running.stop().await;
}

#[tokio::test]
async fn a_pong_may_ask_for_another_rhythm() {
    let fake = Fake::start().await.unwrap();
    fake.config(serde_json::json!({"PingInterval": 3600}));
    fake.pong(br#"{"PingInterval":1}"#);
    let running = Running::start(&fake, Timing { ping: (20 * MS, 3_600_000 * MS), ..quick() }, takes_all());
    let seen = fake.until(|seen| seen.pings.len() == 2).await;
    assert!(seen.pings[0].2 - seen.opened[0] < 900 * MS, "the first goes out at once");
    assert!(seen.pings[1].2 - seen.pings[0].2 >= 900 * MS);
    running.stop().await;
}

#[tokio::test]
async fn discovery_is_asked_until_it_gives_an_address() {
    let fake = Fake::start().await.unwrap();
    let bodies = ["", "<html>maintenance</html>", "{}", r#"{"code":0,"data":{"URL":"nowhere"}}"#];
    fake.discoveries([Discovery::Silent, Discovery::Page(503), Discovery::Page(200), Discovery::Page(302)]);
    fake.discoveries(bodies.map(|body| Discovery::Body(body.to_owned())));
    fake.discoveries([Discovery::Body("x".repeat(100_000))]);
    fake.discoveries([1, 1_000_040_343, 1_000_040_345, 4_711, 514, 403].map(Discovery::Code));
    fake.discoveries([1_000_040_344, 1_000_040_350].map(Discovery::Code));
    let running = Running::start(&fake, quick(), takes_all());
    let seen = fake.until(|seen| !seen.opened.is_empty()).await;
    assert_eq!(seen.discoveries.len(), 18);
    running.stop().await;
}

#[tokio::test]
async fn a_refused_handshake_is_tried_again_with_a_fresh_address() {
    let fake = Fake::start().await.unwrap();
    let refused = |status: &str, more: &[(&'static str, &str)]| {
        let headers = [("Handshake-Status", status)].into_iter().chain(more.iter().copied());
        Session::Refused(400, headers.map(|(key, value)| (key, value.to_owned())).collect())
    };
    fake.sessions([
        Session::Silent,
        refused("514", &[("Handshake-Autherrcode", "1000040350"), ("Handshake-Msg", "too many")]),
        refused("514", &[("Handshake-Autherrcode", "1")]),
        refused("403", &[]),
        refused("500", &[]),
        Session::Refused(502, Vec::new()),
    ]);
    let running = Running::start(&fake, quick(), takes_all());
    let seen = fake.until(|seen| !seen.opened.is_empty()).await;
    // The fake refuses an address that was used before.
    assert_eq!(seen.discoveries.len(), 7);
    running.stop().await;
}

#[tokio::test]
async fn credentials_that_are_refused_are_said_aloud_and_tried_slowly() {
    for (code, crowded) in [(514, false), (1_000_040_350, true)] {
        let fake = Fake::start().await.unwrap();
        fake.discoveries([Discovery::Code(code)]);
        let running = Running::start(&fake, Timing { slow: 3_600_000 * MS, ..quick() }, takes_all());
        let state = running.until(|state| state.trouble.is_some()).await;
        match state.trouble.unwrap() {
            Trouble::Crowded(_) => assert!(crowded),
            Trouble::Refused(why) => assert!(!crowded && why.contains("514")),
            Trouble::Again(why) => assert_eq!(why, "", "neither"),
        }
        assert!(!state.connected && state.device.is_none());
        running.stop().await;
        assert_eq!(fake.seen().discoveries.len(), 1, "the next would be in an hour");
    }
}

#[tokio::test]
async fn connections_that_bring_nothing_are_tried_ever_more_slowly() {
    let fake = Fake::start().await.unwrap();
    fake.sessions(std::iter::repeat_n(Session::Ends(0, End::Cut), 5));
    let again = (40 * MS, 10_000 * MS);
    let running = Running::start(&fake, Timing { again, ..quick() }, takes_all());
    let seen = fake.until(|seen| seen.opened.len() == 6).await;
    let waited = |n: usize| seen.opened[n] - seen.opened[n - 1];
    // By chance at least half of 40, 80, 160, 320 milliseconds.
    assert!((2..6).all(|n| waited(n) >= 20 * MS * (1 << (n - 2))), "{seen:?}");
    running.stop().await;
}
