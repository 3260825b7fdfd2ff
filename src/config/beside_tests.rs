//! What may stand beside what.

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
