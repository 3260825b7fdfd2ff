//! What may stand beside what.

use super::KEYS;
use super::tests::faults;

#[test]
fn the_sandbox_stands_beside_no_messenger_where_others_reach_it() {
    for app in
        ["[feishu]\napp_id = \"cli_1\"\napp_secret", "[dingtalk]\nclient_id = \"ding1\"\nclient_secret"]
    {
        let both = format!("[sandbox]\nenabled = true\n{app} = \"s\"\nenabled = true\n");
        let everywhere = ("LIAISON__SERVER__LISTEN", "0.0.0.0:8080");
        let said = faults(&both, &[everywhere]);
        assert!(said.starts_with("liaison.toml:2: sandbox.enabled: the sandbox has no log-in"), "{said}");
        assert_eq!(faults(&both, &[everywhere, ("LIAISON__SANDBOX__ENABLED", "false")]), "");
        assert_eq!(faults(&both, &[]), "", "on this machine alone it may be tried out");
    }
}

#[test]
fn nothing_that_opens_has_a_default_and_only_this_machine_is_let_in_by_it() {
    for key in KEYS.iter().filter(|key| key.secret) {
        // The address of a file is no secret; one with a password is.
        let opens = key.default.is_some_and(|default| !default.starts_with("sqlite://"));
        assert!(!opens, "{}.{} is the same everywhere", key.section, key.name);
    }
    let listens: Vec<_> = KEYS.iter().filter(|key| key.name.contains("listen")).collect();
    assert_eq!(listens.len(), 1, "there is one door");
    let address: std::net::SocketAddr = listens[0].default.unwrap().parse().unwrap();
    assert!(address.ip().is_loopback());
}
