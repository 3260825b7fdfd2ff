//! A company outgrows its file: everything moves to PostgreSQL, and people go on where they were.

use crate::world::ground::{postgres, runs};
use crate::world::{Backend, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_company_moves_to_postgresql_and_goes_on_where_it_was() {
    let Some(new_home) = postgres().await else { return };
    let Some(mut world) = World::begins(Backend::Sqlite).await else { return };
    let number = world.files_and_approves().await;
    world.says("zhang.wei", &format!("/comment {number} 附件里的 \"价目\" 已更新\u{1F600}")).await;
    world.forgets().await;
    let counted = "SELECT (SELECT COUNT(*) FROM audit), (SELECT COUNT(*) FROM outbox), \
        (SELECT COUNT(*) FROM message), (SELECT COUNT(*) FROM obligation WHERE closed_at IS NULL)";
    let before = world.numbers(counted, 4).await;

    let old_home = world.is_closed().await;
    let file = old_home.strip_prefix("sqlite://").unwrap().to_owned();
    let (code, said) = runs(&new_home, (&["migrate-data", &file], &[]));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("counts and hashes are the same on both sides"), "{said}");
    assert!(said.contains("whole"), "the history's chains hold on the new side: {said}");
    world.opens_on(new_home.clone()).await;

    let mut after = world.numbers(counted, 4).await;
    // The move itself is a line of the history.
    after[0] -= 1;
    assert_eq!(after, before);
    world.presses("li.na", "confirm").await;
    world.hears("zhang.wei ← 研发部已确认（李娜）").await;
    let (code, said) = runs(&new_home, (&["audit", "verify"], &[]));
    assert_eq!(code, Some(0), "{said}");

    let (code, said) = runs(&new_home, (&["migrate-data", &file], &[]));
    assert_eq!(code, Some(1), "a second move would double everything: {said}");
    assert!(said.contains("not empty"), "{said}");
    let (_, doctor) = runs(&old_home, (&["doctor"], &[]));
    assert!(doctor.contains("sending: paused"), "the old file says nothing any more: {doctor}");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_moved_is_said_before_anything_is() {
    let Some(new_home) = postgres().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (code, said) = runs(&format!("sqlite://{}", at("own.db")), (&["migrate-data", &at("other.db")], &[]));
    assert_eq!((code, said.contains("database.url")), (Some(2), true), "{said}");
    let (code, said) = runs(&new_home, (&["migrate-data", &at("other.db")], &[]));
    assert_eq!((code, said.contains("there is no file")), (Some(2), true), "{said}");
    std::fs::write(at("poem.db"), "not a database at all, however long it may be").unwrap();
    let (code, said) = runs(&new_home, (&["migrate-data", &at("poem.db")], &[]));
    assert_eq!(code, Some(1), "{said}");
}
