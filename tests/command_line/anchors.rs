//! The ends of the history, kept outside of the database: whoever cuts a chain and makes its row fit is found all the
//! same.

use super::ground;
use super::shell::Office;

/// Cuts the newest line of a chain off so that the database fits itself.
const CUT: &str = "DELETE FROM audit WHERE subject = 'operations' AND n = 3; \
    UPDATE audit_head SET audit_count = 2, audit_head = (SELECT hash FROM audit WHERE subject = 'operations' AND n = 2) \
    WHERE subject = 'operations'";

#[tokio::test]
async fn a_chain_that_was_cut_to_fit_is_found_by_what_is_kept_elsewhere() {
    let office = Office::open();
    for command in ["pause", "resume", "pause"] {
        office.does(&[command]);
    }
    office.does(&["directory", "sync"]);
    let said = office.does(&["audit", "anchor", "--out", "ends.jsonl"]);
    assert!(said.starts_with("ends.jsonl: the ends of 2 chains"), "{said}");
    assert_ne!(
        office.run(&["audit", "anchor", "--out", "ends.jsonl"]).code,
        0,
        "an anchor is never overwritten"
    );
    let verify = ["audit", "verify", "--against", "ends.jsonl"];
    // What comes later is no fault.
    office.does(&["resume"]);
    assert!(office.does(&verify).starts_with("ok: 5 lines of 2 subjects"));

    // Somebody changes the anchor, or takes another file for it.
    let file = office.path().join("ends.jsonl");
    let whole = std::fs::read_to_string(&file).unwrap();
    assert_eq!(office.does(&["audit", "anchor"]).lines().count(), 3);
    let first = whole.split_inclusive('\n').next().unwrap();
    for wrong in [
        whole.replace("\"count\":3", "\"count\":2"),
        whole.replace(first, ""),
        String::new(),
        first.to_owned(),
    ] {
        std::fs::write(&file, &wrong).unwrap();
        let said = office.run(&verify);
        assert_eq!((said.code, said.err.contains("was changed or cut")), (2, true), "{wrong}: {}", said.err);
    }
    assert_eq!(office.run(&["audit", "verify", "--against", "none.jsonl"]).code, 2);
    std::fs::write(&file, &whole).unwrap();

    // Somebody cuts the database, and makes it fit itself.
    let database = format!("sqlite://{}", office.path().join("data/liaison.db").display());
    ground::changes(&database, "DELETE FROM audit WHERE subject = 'operations' AND n = 4").await;
    ground::changes(&database, CUT).await;
    assert!(
        office.does(&["audit", "verify"]).starts_with("ok: 3 lines"),
        "the database alone does not show it"
    );
    let said = office.run(&verify);
    let line = "broken: line 3 of operations: it was there when the anchor was written\n";
    assert_eq!((said.code, said.out.as_str()), (1, line));
    // Another line grows in its place.
    office.does(&["pause"]);
    let said = office.run(&verify);
    let line = "broken: line 3 of operations: it is another one than when the anchor was written\n";
    assert_eq!((said.code, said.out.as_str()), (1, line));

    let other = Office::open();
    std::fs::write(other.path().join("ends.jsonl"), &whole).unwrap();
    let said = other.run(&verify);
    assert_eq!((said.code, said.err.contains("of another database")), (2, true), "{}", said.err);
}
