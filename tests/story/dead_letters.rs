//! What was given up: listed with the reason, tried again or let rest by a person at the command line, and noted.

use std::process::Command;

use crate::world::ground::{changes, columns};
use crate::world::{World, story};

/// The built program at the story's database, in a folder with a configuration.
struct Office {
    folder: tempfile::TempDir,
    database: String,
}

impl Office {
    fn opens(world: &World) -> Self {
        let office = Self { folder: tempfile::tempdir().unwrap(), database: world.database().to_owned() };
        office.does(&["init"]);
        office
    }

    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_liaison"));
        command.args(arguments).current_dir(self.folder.path());
        let done = command.env("LIAISON__DATABASE__URL", &self.database).output().unwrap();
        let said = [done.stdout, done.stderr].concat();
        (done.status.code().unwrap(), String::from_utf8(said).unwrap())
    }

    fn does(&self, arguments: &[&str]) -> String {
        let (code, said) = self.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {said}");
        said
    }

    /// Wrong usage: there is nothing of that name.
    fn refuses(&self, arguments: &[&str]) {
        let (code, said) = self.run(arguments);
        assert_eq!(code, 2, "{arguments:?}: {said}");
    }
}

async fn texts(world: &World, sql: &str) -> Vec<String> {
    columns::<String>(world.database(), sql, 1).await.into_iter().flatten().collect()
}

/// The lines of the operations' history since the start, with their parameters.
async fn noted(world: &World) -> Vec<String> {
    let sql = "SELECT what || ' ' || params FROM audit WHERE subject = 'operations' ORDER BY n";
    texts(world, sql).await
}

story!(a_letter_that_was_given_up_is_sent_after_replay_and_stays_silent_after_skip, |world| {
    let office = Office::opens(world);
    let number = world.files().await;
    world.forgets().await;
    office.does(&["pause"]);
    world.says("liu.yang", &format!("/approve {number}")).await;
    world.hears("").await;
    // As after many tries: the messenger would take none of what waits.
    let give_up = "UPDATE outbox SET state = 'dead', attempts = 12, problem = 'the chat is gone', \
        finished_at = created_at WHERE state = 'waiting'";
    changes(world.database(), give_up).await;
    office.does(&["resume"]);
    world.settles().await;
    world.hears("").await;

    let dead = texts(world, "SELECT id FROM outbox WHERE state = 'dead' ORDER BY id").await;
    let of_li_na = "SELECT id FROM outbox WHERE state = 'dead' AND lane LIKE '%li.na%'";
    let of_li_na = texts(world, of_li_na).await.remove(0);
    let list = office.does(&["dead-letters", "list"]);
    for id in &dead {
        let line = list.lines().find(|line| line.starts_with(id.as_str())).unwrap();
        assert!(line.contains(&number) && line.ends_with("after 12 tries: the chat is gone"), "{list}");
    }
    assert!(list.contains(&format!("{} dead letters, 0 steps set aside", dead.len())), "{list}");
    assert!(office.run(&["doctor"]).1.contains("messages were given up — liaison dead-letters list"));
    let ready = world.gets("/readyz").await;
    assert!(ready["degraded"].to_string().contains("dead_letters"), "{ready}");

    let said = office.does(&["dead-letters", "replay", &of_li_na]);
    assert_eq!(said, "1 messages and 0 steps are tried again\n");
    world.settles().await;
    world.hears("li.na ← 请研发部确认协作任务").await;
    office.refuses(&["dead-letters", "replay", &of_li_na]);
    for id in dead.iter().filter(|id| **id != of_li_na) {
        assert_eq!(office.does(&["dead-letters", "skip", id, "--note", "老王已当面告知"]), "it rests\n");
        office.refuses(&["dead-letters", "skip", id]);
        office.refuses(&["dead-letters", "replay", id]);
    }
    assert!(office.does(&["dead-letters", "list"]).starts_with("0 dead letters, 0 steps set aside"));
    world.passes("30min").await;
    world.hears("").await;

    let noted = noted(world).await;
    let kinds: Vec<&str> = noted.iter().filter_map(|line| line.split(' ').next()).collect();
    let mut expected = vec!["sending_paused", "sending_resumed", "dead_letters_replayed"];
    expected.extend(vec!["dead_letter_skipped"; dead.len() - 1]);
    assert_eq!(kinds, expected, "a refused command is no line");
    assert!(noted[2].contains(&of_li_na), "{noted:?}");
    assert!(noted.iter().skip(3).all(|line| line.contains("老王已当面告知")), "{noted:?}");
    assert!(office.does(&["audit", "verify"]).starts_with("ok: "));
});

story!(a_step_that_was_set_aside_is_listed_and_fires_once_it_is_taken_up, |world| {
    let office = Office::opens(world);
    let number = world.research_owes().await;
    let set_aside = "UPDATE obligation SET set_aside = 'the ladder has no step 7' WHERE closed_at IS NULL";
    changes(world.database(), set_aside).await;
    world.passes("4wh").await;
    let heard = world.heard().await;
    assert!(!heard.contains("li.na"), "{heard}");
    let id = texts(world, "SELECT id FROM obligation WHERE set_aside IS NOT NULL").await.remove(0);
    let list = office.does(&["dead-letters", "list"]);
    let line = format!("{id}  step  {number}  of li.na: the ladder has no step 7");
    assert!(list.contains(&line) && list.contains("0 dead letters, 1 steps set aside"), "{list}");
    office.refuses(&["dead-letters", "skip", &id]);
    let said = office.does(&["dead-letters", "replay", &id]);
    assert_eq!(said, "0 messages and 1 steps are tried again\n");
    world.settles().await;
    world.hears("li.na ← 提醒：部门确认还在等您").await;
    assert_eq!(noted(world).await.len(), 1);
});
