//! What may stand beside what.

use super::tests::faults;

#[test]
fn the_sandbox_stands_beside_no_messenger() {
    for app in
        ["[feishu]\napp_id = \"cli_1\"\napp_secret", "[dingtalk]\nclient_id = \"ding1\"\nclient_secret"]
    {
        let both = format!("[sandbox]\nenabled = true\n{app} = \"s\"\nenabled = true\n");
        let said = faults(&both, &[]);
        assert!(said.starts_with("liaison.toml:2: sandbox.enabled: the sandbox has no log-in"), "{said}");
        assert_eq!(faults(&both, &[("LIAISON__SANDBOX__ENABLED", "false")]), "");
    }
}
