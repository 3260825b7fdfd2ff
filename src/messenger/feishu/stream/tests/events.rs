//! What happens to events, one by one and in crowds.
#![expect(clippy::panic, reason = "a handler falls over in one of these stories")]

use std::sync::Mutex;

use super::*;

#[tokio::test]
async fn an_event_is_acknowledged_and_a_callback_is_answered() {
    let fake = Fake::start().await.unwrap();
    let handler = acts(|payload| async move {
        Ok((payload == "click").then(|| serde_json::json!({"toast": {"type": "info"}})))
    });
    let running = Running::start(&fake, quick(), handler);
    fake.says(Said::event("e", "message"));
    fake.says(Said::event("c", "click"));
    // A callback that came by the road of cards wants data even when there is nothing to say.
    fake.says(Said { kind: "card", ..Said::event("n", "nothing") });
    let seen = fake.until(|seen| seen.acks.len() == 3).await;
    let body = |id: &str| seen.acks.iter().find(|ack| ack.id == id).unwrap().body.to_string();
    assert_eq!(body("e"), r#"{"code":200}"#);
    assert_eq!(body("c"), r#"{"code":200,"data":"eyJ0b2FzdCI6eyJ0eXBlIjoiaW5mbyJ9fQ=="}"#);
    assert_eq!(body("n"), r#"{"code":200,"data":"e30="}"#);
    running.stop().await;
}

#[tokio::test]
async fn what_could_not_be_handled_is_refused_and_comes_again_over_the_same_connection() {
    let fake = Fake::start().await.unwrap();
    let tries = AtomicUsize::new(0);
    let handler = acts(move |_| {
        let this = tries.fetch_add(1, Ordering::SeqCst);
        async move {
            match this {
                0 => Err(Busy),
                1 => panic!("the handler fell over, as it should here"),
                2 => std::future::pending().await,
                _ => Ok(None),
            }
        }
    });
    let running = Running::start(&fake, Timing { handler: 100 * MS, ..quick() }, handler);
    fake.says(Said::event("e", "{}"));
    let seen = fake.until(|seen| seen.acks.len() == 4).await;
    let codes: Vec<_> = seen.acks.iter().map(|ack| ack.body["code"].as_i64().unwrap()).collect();
    assert_eq!(codes, [500, 500, 500, 200]);
    assert_eq!(seen.opened.len(), 1, "the connection lived through it");
    running.stop().await;
}

#[tokio::test]
async fn a_crowd_is_handled_a_few_at_a_time_and_everybody_is_answered() {
    let fake = Fake::start().await.unwrap();
    let (at_once, peak) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let most = Arc::clone(&peak);
    let handler = acts(move |_| {
        let (at_once, peak) = (Arc::clone(&at_once), Arc::clone(&peak));
        async move {
            peak.fetch_max(at_once.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(20 * MS).await;
            at_once.fetch_sub(1, Ordering::SeqCst);
            Ok(None)
        }
    });
    let running = Running::start(&fake, quick(), handler);
    for number in 0..200 {
        fake.says(Said::event(&number.to_string(), "{}"));
    }
    let seen = fake.until(|seen| seen.acks.len() == 200).await;
    assert_eq!(seen.acked(200).into_iter().collect::<HashSet<_>>().len(), 200);
    assert_eq!((seen.opened.len(), seen.deliveries.len()), (1, 200));
    assert_eq!(most.load(Ordering::SeqCst), super::work::HANDS);
    running.stop().await;
}

#[tokio::test]
async fn more_than_there_is_room_for_is_sent_back_and_comes_in_the_end() {
    let fake = Fake::start().await.unwrap();
    let gate = Arc::new(Semaphore::new(0));
    let closed = Arc::clone(&gate);
    let handler = acts(move |_| {
        let gate = Arc::clone(&closed);
        async move {
            let _ = gate.acquire().await;
            Ok(None)
        }
    });
    let running = Running::start(&fake, quick(), handler);
    for number in 0..1_100 {
        fake.says(Said::event(&number.to_string(), "{}"));
    }
    fake.until(|seen| !seen.acked(500).is_empty()).await;
    gate.add_permits(2_000);
    let seen = fake.until(|seen| seen.acked(200).len() == 1_100).await;
    assert_eq!(seen.acked(200).into_iter().collect::<HashSet<_>>().len(), 1_100);
    running.stop().await;
}

#[tokio::test]
async fn a_long_event_arrives_whole_whatever_the_order_of_its_parts() {
    let fake = Fake::start().await.unwrap();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ear = Arc::clone(&heard);
    let handler = acts(move |payload| {
        ear.lock().unwrap().push(payload);
        async { Ok(None) }
    });
    let running = Running::start(&fake, quick(), handler);
    let long: String = "äöü".repeat(50_000);
    for (id, order) in [("a", vec![0, 1, 2]), ("b", vec![2, 0, 1]), ("c", (0..64).rev().collect())] {
        fake.says(Said { order, ..Said::event(id, &long) });
    }
    // Neither a set that never fills, nor what is no frame, nor one that we do not know disturbs the others.
    fake.says(Said { order: vec![0, 1, 1], ..Said::event("incomplete", &long) });
    fake.sends(vec![0xff; 40]);
    fake.sends(Vec::new());
    fake.says(Said { kind: "unheard-of", ..Said::event("unknown", "{}") });
    fake.says(Said::event("last", &long));
    let seen = fake.until(|seen| seen.acks.len() == 4).await;
    assert_eq!(seen.acked(200).into_iter().collect::<HashSet<_>>(), HashSet::from(["a", "b", "c", "last"]));
    running.stop().await;
    assert_eq!(*heard.lock().unwrap(), vec![long; 4]);
    assert_eq!(fake.seen().acks.len(), 4, "nothing else was acknowledged");
}

#[tokio::test]
async fn two_streams_share_the_events_of_their_app() {
    let fake = Fake::start().await.unwrap();
    let counts = [Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0))];
    let streams = counts.clone().map(|count| {
        let handler = acts(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            async { Ok(None) }
        });
        Running::start(&fake, quick(), handler)
    });
    fake.until(|seen| seen.opened.len() == 2).await;
    for number in 0..50 {
        fake.says(Said::event(&number.to_string(), "{}"));
    }
    let seen = fake.until(|seen| seen.acked(200).len() == 50).await;
    assert_eq!(seen.deliveries.len(), 50);
    assert_eq!(counts.map(|count| count.load(Ordering::SeqCst)), [25, 25]);
    // One goes: the other has it all.
    let [first, second] = streams;
    first.stop().await;
    fake.says(Said::event("after", "{}"));
    fake.until(|seen| seen.acked(200).contains(&"after")).await;
    second.stop().await;
}
