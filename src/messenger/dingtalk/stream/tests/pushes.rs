//! What is pushed is handled and answered: at once, after another try, never twice, and before the end.

use super::*;

#[tokio::test]
async fn each_kind_is_answered_in_its_own_shape_after_it_was_handled() {
    let fake = Fake::start().await.unwrap();
    let (had, handler) = remembers();
    let running = Running::start(&fake, quick(), handler);
    fake.says(Said::robot("r", r#"{"a":1}"#));
    fake.says(Said::card("c", r#"{"b":2}"#));
    fake.says(Said::event("e"));
    let seen = fake.until(|seen| seen.answered(200).len() == 3).await;
    let data = |id: &str| seen.answers.iter().find(|answer| answer.id == id).unwrap().data.clone();
    assert_eq!(data("r"), json!({ "response": null }));
    assert_eq!(data("c"), json!({ "response": { "cardData": { "cardParamMap": { "status": "done" } } } }));
    assert_eq!(data("e"), json!({ "status": "SUCCESS" }));
    let robot = Push::Robot { data: r#"{"a":1}"#.to_owned() };
    let card = Push::Card { id: "c".to_owned(), data: r#"{"b":2}"#.to_owned() };
    let text = str::to_owned;
    let event = Push::Event { kind: text("user_leave_org"), id: text("event-e"), data: text("{}") };
    let had = had.lock().unwrap().clone();
    assert!([robot, card, event].iter().all(|push| had.contains(push)) && had.len() == 3, "{had:?}");
    running.stop(&fake).await;
}

/// A handler that keeps what it was given, and answers cards.
fn remembers() -> (Arc<Mutex<Vec<Push>>>, Arc<dyn Handler>) {
    let had = Arc::new(Mutex::new(Vec::new()));
    let keeps = Arc::clone(&had);
    let handler = acts(move |push| {
        keeps.lock().unwrap().push(push);
        async { Ok(json!({ "cardData": { "cardParamMap": { "status": "done" } } })) }
    });
    (had, handler)
}

#[tokio::test]
async fn a_robot_message_that_cannot_be_handled_now_is_tried_until_it_can_and_then_answered_once() {
    let fake = Fake::start().await.unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let asking = Arc::clone(&asked);
    let handler = acts(move |_| {
        let busy = asking.fetch_add(1, Ordering::SeqCst) < 3;
        async move { if busy { Err(Fault::Busy) } else { Ok(Value::Null) } }
    });
    let running = Running::start(&fake, quick(), handler);
    fake.says(Said::robot("r", "{}"));
    fake.until(|seen| seen.answered(200) == ["r"]).await;
    assert_eq!(asked.load(Ordering::SeqCst), 4);
    let seen = running.stop(&fake).await;
    assert_eq!((seen.answers.len(), seen.pushes.len()), (1, 1), "it was pushed once");
}

#[tokio::test]
async fn a_robot_message_that_never_can_is_given_up_and_said_to_have_failed() {
    let fake = Fake::start().await.unwrap();
    let timing = Timing { insist: 30 * MS, ..quick() };
    let running = Running::start(&fake, timing, acts(|_| async { Err(Fault::Busy) }));
    fake.says(Said::robot("r", "{}"));
    let seen = fake.until(|seen| seen.answered(500) == ["r"]).await;
    assert_eq!(seen.pushes.len(), 1);
    running.stop(&fake).await;
}

#[tokio::test]
async fn a_button_or_an_event_that_cannot_be_handled_now_comes_again() {
    let fake = Fake::start().await.unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let asking = Arc::clone(&asked);
    let handler = acts(move |_| {
        let busy = asking.fetch_add(1, Ordering::SeqCst) < 2;
        async move { if busy { Err(Fault::Busy) } else { Ok(json!({})) } }
    });
    let running = Running::start(&fake, quick(), handler);
    fake.says(Said::card("c", "{}"));
    let seen = fake.until(|seen| seen.answered(200) == ["c"]).await;
    assert_eq!(seen.answered(500), ["c", "c"]);
    fake.says(Said::event("e"));
    let seen = fake.until(|seen| seen.answered(200).len() == 2).await;
    assert_eq!(seen.answers.last().unwrap().data, json!({ "status": "SUCCESS" }));
    running.stop(&fake).await;
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_and_does_not_come_again_as_an_event() {
    let fake = Fake::start().await.unwrap();
    let running = Running::start(&fake, quick(), acts(|_| async { Err(Fault::Unreadable) }));
    fake.says(Said::robot("r", "oops"));
    fake.says(Said::event("e"));
    let seen = fake.until(|seen| seen.answers.len() == 2).await;
    assert_eq!((seen.answered(400), seen.answered(200)), (vec!["r"], vec!["e"]));
    running.stop(&fake).await;
}

#[tokio::test]
async fn a_handler_that_panics_or_takes_for_ever_takes_nobody_along() {
    let fake = Fake::start().await.unwrap();
    let handler = acts(|push| async move {
        match push {
            Push::Robot { data } if data == "panic" => panic!("on purpose"),
            Push::Card { id, .. } if id == "slow" => std::future::pending().await,
            Push::Robot { .. } | Push::Card { .. } | Push::Event { .. } => Ok(json!({})),
        }
    });
    let timing = Timing { handler: 100 * MS, stop: 100 * MS, ..quick() };
    let running = Running::start(&fake, timing, handler);
    fake.says(Said::robot("panics", "panic"));
    fake.says(Said::card("slow", "{}"));
    fake.says(Said::card("good", "{}"));
    let seen = fake.until(|seen| seen.answered(200) == ["good"] && seen.answered(400) == ["panics"]).await;
    assert_eq!(seen.opened.len(), 1);
    fake.until(|seen| seen.answered(500).contains(&"slow")).await;
    running.stop(&fake).await;
}

#[tokio::test]
async fn pings_of_the_platform_are_echoed_and_strays_have_no_handler() {
    let fake = Fake::start().await.unwrap();
    let running = Running::start(&fake, quick(), takes_all());
    fake.until(|seen| seen.opened.len() == 1).await;
    fake.says(Said { kind: "SYSTEM", topic: "ping", ..Said::robot("p", r#"{"opaque":"0cc8"}"#) });
    fake.says(Said { topic: "/v1.0/graph/api/invoke", ..Said::robot("g", "{}") });
    for odd in ["", "not JSON", "{}", r#"{"type":"SYSTEM","headers":{"topic":"weather","messageId":"1"}}"#] {
        fake.sends(odd);
    }
    let seen = fake.until(|seen| seen.answers.len() == 2).await;
    assert_eq!(seen.answered(404), ["g"]);
    let ping = seen.answers.iter().find(|answer| answer.id == "p").unwrap();
    assert_eq!((ping.code, &ping.data), (200, &json!({ "opaque": "0cc8" })));
    fake.says(Said::robot("after", "{}"));
    fake.until(|seen| seen.answered(200).contains(&"after")).await;
    assert_eq!(running.stop(&fake).await.opened.len(), 1, "none of it was a reason to reconnect");
}

#[tokio::test]
async fn what_runs_when_the_service_stops_is_finished_and_answered_before_the_goodbye() {
    let fake = Fake::start().await.unwrap();
    let (go, begun) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (gate, begins) = (Arc::clone(&go), Arc::clone(&begun));
    let handler = acts(move |_| {
        let (gate, begins) = (Arc::clone(&gate), Arc::clone(&begins));
        async move {
            begins.add_permits(1);
            let _opened = gate.acquire().await;
            Ok(json!({}))
        }
    });
    let running = Running::start(&fake, quick(), handler);
    fake.says(Said::robot("r", "{}"));
    begun.acquire().await.unwrap().forget();
    running.stop.cancel();
    go.add_permits(1);
    let seen = running.stop(&fake).await;
    assert_eq!(seen.answered(200), ["r"]);
    fake.until(|seen| seen.goodbyes == [Some(1000)]).await;
}
