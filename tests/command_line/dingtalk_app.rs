//! What `doctor` says of DingTalk's part of the configuration, without asking anybody.
//!
//! Invariant: whatever is wrong is named with its remedy; the secret is never printed.

use super::shell::Office;

/// What the doctor says of DingTalk, with these variables beside the application's own.
fn examined(variables: &[(&str, &str)]) -> Vec<String> {
    let secret = "s3cr3t-of-the-application";
    let mut all = vec![
        ("LIAISON__DINGTALK__ENABLED", "true"),
        ("LIAISON__DINGTALK__CLIENT_ID", "dingvectorappkey01"),
        ("LIAISON__DINGTALK__CLIENT_SECRET", secret),
    ];
    all.extend_from_slice(variables);
    let said = Office::open().run_with(&["doctor"], &all);
    assert!(!format!("{}{}", said.out, said.err).contains(secret));
    assert!(!said.out.contains("none is configured"), "{}", said.out);
    let lines = said.out.lines().filter(|line| line.contains("  dingtalk"));
    lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn has(lines: &[String], beginning: &str) {
    assert!(lines.iter().any(|line| line.starts_with(beginning)), "no {beginning:?} in {lines:#?}");
}

#[test]
fn the_doctor_knows_the_application_its_mode_and_where_calls_go() {
    let lines = examined(&[]);
    has(&lines, "ok dingtalk: application dingvectorappkey01, stream: the service holds a connection open");
    has(&lines, "ok dingtalk address: https://api.dingtalk.com");
    has(&lines, "ok dingtalk address: https://oapi.dingtalk.com");
    assert_eq!(lines.len(), 3, "{lines:#?}");
}

#[test]
fn an_address_that_is_not_dingtalks_or_not_safe_is_named() {
    let lines = examined(&[
        ("LIAISON__DINGTALK__BASE_URL", "http://proxy.example"),
        ("LIAISON__DINGTALK__LEGACY_BASE_URL", "https://proxy.example"),
    ]);
    has(
        &lines,
        "fail dingtalk address: the application's secret would go to http://proxy.example in the clear",
    );
    has(&lines, "warn dingtalk address: https://proxy.example is not DingTalk's address");
}

#[test]
fn by_webhook_the_service_must_be_reached_over_tls() {
    let webhook = ("LIAISON__DINGTALK__MODE", "webhook");
    let at = |url| examined(&[webhook, ("LIAISON__SERVER__PUBLIC_URL", url)]);
    for unsafe_url in ["http://liaison.example", "https://127.0.0.1"] {
        has(&at(unsafe_url), "fail dingtalk events: DingTalk cannot safely post to");
    }
    let lines = at("https://liaison.example");
    has(
        &lines,
        "ok dingtalk events: the robot's message address is https://liaison.example/webhook/dingtalk/robot",
    );
    has(&lines, "ok dingtalk events: no organisation events");
}
