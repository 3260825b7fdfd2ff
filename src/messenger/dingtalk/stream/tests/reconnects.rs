//! Connections end and are refused in every way there is; there is always another.

use super::*;

#[tokio::test]
async fn after_a_notice_the_next_connection_is_open_before_the_old_one_ends_and_both_are_answered() {
    let fake = Fake::start().await.unwrap();
    let go = Arc::new(Semaphore::new(0));
    let gate = Arc::clone(&go);
    let handler = acts(move |push| {
        let gate = Arc::clone(&gate);
        async move {
            if matches!(&push, Push::Robot { data } if data == "slow") {
                gate.acquire().await.unwrap().forget();
            }
            Ok(json!({}))
        }
    });
    let running = Running::start(&fake, quick(), handler);
    fake.says(Said::robot("before", "slow"));
    fake.until(|seen| seen.pushes.len() == 1).await;
    fake.gives_notice();
    fake.until(|seen| seen.opened.len() == 2).await;
    fake.says(Said::robot("after", "{}"));
    fake.until(|seen| seen.answered(200) == ["after"]).await;
    go.add_permits(1);
    let seen = fake.until(|seen| seen.answered(200).len() == 2).await;
    let by: Vec<_> = seen.answers.iter().map(|answer| (answer.connection, answer.id.as_str())).collect();
    assert_eq!(by, [(2, "after"), (1, "before")]);
    fake.takes_down();
    let seen = fake.until(|seen| seen.log.len() == 4).await;
    assert_eq!(seen.log, ["open 1", "notice 1", "open 2", "end 1"]);
    let state = running.until(|state| state.connected).await;
    assert_eq!((state.reconnects, state.trouble), (1, None));
    running.stop(&fake).await;
}

#[tokio::test]
async fn a_connection_that_is_left_and_never_taken_down_is_closed_by_us() {
    let fake = Fake::start().await.unwrap();
    let running = Running::start(&fake, Timing { drain: 50 * MS, ..quick() }, takes_all());
    fake.until(|seen| seen.opened.len() == 1).await;
    fake.gives_notice();
    let seen = fake.until(|seen| seen.log.contains(&"end 1".to_owned())).await;
    assert_eq!(seen.goodbyes, [Some(1000)]);
    assert_eq!(running.stop(&fake).await.opened.len(), 2);
}

#[tokio::test]
async fn a_platform_that_gives_notice_at_once_is_not_hammered() {
    let fake = Fake::start().await.unwrap();
    let timing = Timing { lived: 60_000 * MS, again: (200 * MS, 200 * MS), ..quick() };
    let running = Running::start(&fake, timing, takes_all());
    for number in 1..=3 {
        fake.until(|seen| seen.opened.len() == number).await;
        fake.gives_notice();
    }
    let seen = fake.until(|seen| seen.opened.len() == 4).await;
    assert!(seen.opened[3] - seen.opened[1] >= 200 * MS, "two waits of at least half");
    running.stop(&fake).await;
}

#[tokio::test]
async fn a_connection_that_falls_silent_is_given_up() {
    let fake = Fake::start().await.unwrap();
    fake.sessions([Session::Ends(1, End::Mute)]);
    let running = Running::start(&fake, Timing { mute: 500 * MS, ..quick() }, takes_all());
    fake.says(Said::card("before", "{}"));
    fake.until(|seen| seen.pushes.len() == 1).await;
    fake.says(Said::card("into the void", "{}"));
    let seen = fake.until(|seen| seen.answered(200).len() == 2).await;
    assert!(seen.answers.iter().all(|answer| answer.connection > 1), "{seen:?}");
    assert!(seen.opened[1] - seen.opened[0] >= 500 * MS);
    running.stop(&fake).await;
}

#[tokio::test]
async fn pings_keep_a_connection_without_pushes() {
    let fake = Fake::start().await.unwrap();
    let timing = Timing { ping: 50 * MS, mute: 2_000 * MS, ..quick() };
    let running = Running::start(&fake, timing, takes_all());
    let seen = fake.until(|seen| seen.pings.len() == 60).await;
    assert!(seen.pings.iter().all(|number| *number == 1), "longer than it may be mute");
    assert!(running.stream.state().last_frame.is_some_and(|ago| ago < 2_000 * MS));
    running.stop(&fake).await;
}

#[tokio::test]
async fn whatever_ends_a_connection_the_next_one_brings_what_was_not_answered() {
    let fake = Fake::start().await.unwrap();
    let ends = [End::Cut, End::Reset, End::Goodbye(1001), End::Goodbye(1000)];
    fake.sessions(ends.map(|end| Session::Ends(1, end)));
    fake.sessions([Session::Silent]);
    let (go, held) = (Arc::new(Semaphore::new(0)), Arc::new(AtomicUsize::new(0)));
    let (gate, holds) = (Arc::clone(&go), Arc::clone(&held));
    let handler = acts(move |_| {
        let gate = Arc::clone(&gate);
        holds.fetch_add(1, Ordering::SeqCst);
        async move {
            gate.acquire().await.unwrap().forget();
            Ok(json!({}))
        }
    });
    let running = Running::start(&fake, Timing { connect: 500 * MS, ..quick() }, handler);
    fake.says(Said::card("c", "{}"));
    let seen = fake.until(|seen| seen.pushes.len() == 5).await;
    assert_eq!(seen.pushes.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    go.add_permits(5);
    fake.until(|seen| !seen.answered(200).is_empty()).await;
    assert_eq!(running.until(|state| state.connected).await.reconnects, 4);
    running.stop(&fake).await;
}

#[tokio::test]
async fn registration_is_asked_until_it_gives_an_address_and_the_state_says_why_there_is_none() {
    let fake = Fake::start().await.unwrap();
    let no = |code: &str| json!({ "code": code, "message": "no", "requestid": "r" }).to_string();
    fake.registrations([
        Registration::Silent,
        Registration::Answer(503, "<html>maintenance</html>".to_owned()),
        Registration::Answer(302, String::new()),
        Registration::Answer(403, no("Forbidden.AccessDenied.QpsLimitForApi")),
        Registration::Stale,
    ]);
    let bodies = ["", "<xml/>", "{}", r#"{"endpoint":"nowhere","ticket":"t"}"#, r#"{"endpoint":"ws://h"}"#];
    fake.registrations(bodies.map(|body| Registration::Answer(200, body.to_owned())));
    fake.registrations([Registration::Answer(200, "x".repeat(100_000))]);
    fake.registrations([Registration::Answer(401, no("authFailed"))]);
    let timing = Timing { connect: 500 * MS, slow: 1_000 * MS, ..quick() };
    let running = Running::start(&fake, timing, takes_all());
    let state = running.until(|state| matches!(state.trouble, Some(Trouble::Refused(_)))).await;
    assert!(!state.connected);
    assert_eq!(state.trouble, Some(Trouble::Refused("HTTP 401, authFailed no".to_owned())));
    let seen = fake.until(|seen| seen.opened.len() == 1).await;
    assert_eq!(seen.registrations.len(), 13);
    assert_eq!(running.until(|state| state.connected).await.trouble, None);
    running.stop(&fake).await;
}

#[tokio::test]
async fn stopping_is_possible_at_any_moment() {
    for registration in
        [Registration::Silent, Registration::Answer(500, String::new()), Registration::Granted]
    {
        let fake = Fake::start().await.unwrap();
        fake.registrations([registration]);
        fake.sessions([Session::Silent]);
        let timing =
            Timing { connect: 60_000 * MS, again: (60_000 * MS, 60_000 * MS), first: 60_000 * MS, ..quick() };
        let running = Running::start(&fake, timing, takes_all());
        fake.until(|seen| !seen.registrations.is_empty()).await;
        running.stop(&fake).await;
    }
}
