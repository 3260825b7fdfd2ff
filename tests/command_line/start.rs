//! The first hour: help, first files, mistakes in them, checks, deadlines explained.

use super::shell::Office;

#[test]
fn help_names_every_command_in_a_line() {
    insta::assert_snapshot!(Office::empty().does(&["--help"]));
}

#[test]
fn a_first_configuration_passes_its_own_checks() {
    let office = Office::empty();
    assert!(office.does(&["init"]).contains("liaison directory check"));
    // Nothing is there yet, and looking does not make it.
    assert!(
        office
            .does(&["doctor"])
            .contains("warn  database: there is no data/liaison.db yet — liaison migrate")
    );
    assert!(!office.path().join("data").exists());
    office.does(&["migrate"]);
    assert!(office.does(&["directory", "check"]).contains("ok: 示例公司"));
    assert!(office.does(&["directory", "sync"]).contains("+ person zhang.wei 张伟"));
    assert!(office.does(&["directory", "sync"]).contains("no differences"));
    assert!(office.does(&["policy", "check"]).starts_with("ok"));
    let doctor = office.does(&["doctor"]);
    for name in
        ["configuration", "directory", "administrators", "policy", "integrity", "migrations", "import"]
    {
        assert!(doctor.contains(&format!("ok    {name}: ")), "{name}: {doctor}");
    }
    assert!(doctor.contains("MiB free in data"), "{doctor}");
    let json: serde_json::Value = serde_json::from_str(&office.does(&["doctor", "--json"])).unwrap();
    assert!(json["checks"].as_array().unwrap().iter().all(|check| check["status"] != "fail"));
}

#[test]
fn init_overwrites_nothing_and_takes_a_table_of_people() {
    let office = Office::empty();
    let table = "工号,姓名,部门代码,部门名称,负责人,接口人,角色\n\
                 liu.yang,刘洋,SCB,市场部,是,,administrator\nzhang.wei,张伟,SCB,市场部,,是,\n";
    std::fs::write(office.path().join("people.csv"), table).unwrap();
    let init = ["init", "--people", "people.csv", "--company", "星河"];
    office.does(&init);
    assert!(office.run(&["directory", "check"]).out.contains("ok: 星河, 1 departments, 2 active people"));
    let again = office.run(&init);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("config/directory.toml is there already"), "{}", again.err);
    office.does(&["init", "--force"]);
    assert!(office.does(&["directory", "check"]).contains("ok: 示例公司"));
}

#[test]
fn an_unknown_key_names_the_nearest_known_one() {
    let office = Office::empty();
    office.does(&["init"]);
    let file = office.path().join("config/liaison.toml");
    let text = std::fs::read_to_string(&file).unwrap().replace("quiet_hours", "quite_hours");
    std::fs::write(&file, text).unwrap();
    let said = office.run(&["calendar", "--year", "2026"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("config/liaison.toml:") && said.err.contains("quiet_hours"), "{}", said.err);
    // The doctor says the same, as a check that failed.
    let said = office.run(&["doctor"]);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("fail  configuration: config/liaison.toml:"), "{}", said.out);
}

#[test]
fn secrets_that_others_can_read_are_pointed_out() {
    use std::os::unix::fs::PermissionsExt;
    let office = Office::empty();
    office.does(&["init"]);
    let file = office.path().join("config/liaison.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let secret = "secret = \"0123456789abcdef0123456789abcdef\"";
    std::fs::write(&file, text.replace("# secret = \"\"", secret)).unwrap();
    assert!(office.does(&["doctor"]).contains("ok    file modes"));
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(office.does(&["doctor"]).contains("chmod 600 config/liaison.toml"));
    assert!(!office.does(&["config", "dump"]).contains("0123456789abcdef"));
}

#[test]
fn a_ladder_is_explained_with_local_times_and_skipped_days() {
    let office = Office::empty();
    office.does(&["init"]);
    let explain = |kind, opened| office.does(&["policy", "explain", "--kind", kind, "--opened", opened]);
    insta::assert_snapshot!("over_a_holiday", explain("confirm_request", "2026-09-30T16:00"));
    insta::assert_snapshot!("at_night", explain("approve_request", "2026-11-23T22:30+08:00"));
    let said = office.run(&["policy", "explain", "--kind", "confirm", "--opened", "2026-11-23"]);
    assert_eq!((said.code, said.err.contains("`confirm_request`")), (2, true), "{}", said.err);
}

#[test]
fn a_year_is_shown_month_by_month() {
    let office = Office::empty();
    office.does(&["init"]);
    insta::assert_snapshot!(office.does(&["calendar", "--year", "2026"]));
}
