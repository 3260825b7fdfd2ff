//! Long texts: refused or read, with a short answer, and never slower than in proportion.

use std::time::{Duration, Instant};

use super::*;

/// How long reading takes: the fastest of a few times, for the machine may have other things to do.
fn cost(text: &str) -> Duration {
    let once = || {
        let began = Instant::now();
        private(text);
        began.elapsed()
    };
    (0..7).map(|_| once()).min().unwrap_or_default()
}

/// What people might send to keep the bot busy.
fn tiresome() -> [String; 7] {
    [
        "x ".repeat(10_000),
        "“「\"".repeat(33_000),
        (0..30_000).map(|n| format!("@{n} ")).collect(),
        "1".repeat(100_000),
        "@".repeat(100_000),
        "，".repeat(100_000),
        " ".repeat(100_000),
    ]
}

#[test]
fn long_text_is_refused_and_its_answer_is_short() {
    for long in tiresome() {
        let fits: String = long.chars().take(grammar::LONGEST - 20).collect();
        for text in
            [format!("/异议 SCB-12 {long}"), format!("/new {fits}"), format!("/list {fits}"), fits, long]
        {
            assert!(told(&private(&text)).chars().count() <= 4 * grammar::LONGEST);
        }
    }
    let tokens = "x ".repeat(10_000);
    assert_eq!(told(&private(&format!("/异议 SCB-12 {tokens}"))), "fault command=object problem=too_long");
    let just_fits = format!("/评论 12 {}", "长".repeat(grammar::LONGEST - 7));
    assert!(
        matches!(private(&just_fits), Want::Comment { text: Some(text), .. } if text.chars().count() == 3_993)
    );
}

/// Eight times the text takes about eight times as long; reading that looked back from each character would take 64.
#[test]
fn reading_takes_as_long_as_the_text_is() {
    for long in tiresome() {
        for command in ["", "/new ", "/list ", "/异议 SCB-12 "] {
            let of = |length: usize| format!("{command}{}", long.chars().take(length).collect::<String>());
            let most = grammar::LONGEST - 20;
            let ratio = |_: u32| {
                let short = cost(&of(most / 8)).max(Duration::from_micros(2));
                cost(&of(most)).as_secs_f64() / short.as_secs_f64()
            };
            // Once in a while somebody else has the machine; not each time.
            let best = (0..5).map(ratio).fold(f64::MAX, f64::min);
            assert!(best < 24.0, "eight times the length takes {best:.0} times as long: {command}{long:.9}…");
        }
    }
}
