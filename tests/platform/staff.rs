//! People and departments as Feishu tells of them: what an event changes, and what it leaves alone.

use serde_json::json;

use crate::world::browser::Browser;
use crate::world::company::account;
use crate::world::feishu::Fault;
use crate::world::{World, ground, story};

/// The department of finance as Feishu has it.
const FINANCE: &str = "od-cwb";

impl World {
    fn finance_is(&self, name: &str, leader: &str) {
        let mut state = self.fake.state();
        let mut finance = state.departments[0].clone();
        state.departments.retain(|department| department.open_id != FINANCE);
        (finance.id, finance.open_id) = ("D-CWB".to_owned(), FINANCE.to_owned());
        (finance.name, finance.leader) = (name.to_owned(), leader.to_owned());
        finance.parent = "0".to_owned();
        state.departments.push(finance);
    }

    /// What one column of one person's or department's row says.
    async fn told(&self, sql: &str) -> String {
        let rows = ground::columns::<String>(self.database(), sql, 1).await;
        rows.into_iter().next().map(|mut row| row.remove(0)).unwrap_or_default()
    }

    async fn department_of(&self, person: &str) -> String {
        self.told(&format!("SELECT department FROM person WHERE id = '{person}'")).await
    }
}

story!(what_a_leaver_owed_is_handed_over_the_moment_feishu_tells, both ways, |world| {
    let number = world.files_and_approves().await;
    world.fake.person(&account("li.na"), |person| person.resigned = true);
    let left = json!({ "object": { "open_id": account("li.na"), "name": "李娜" }, "old_object": {} });
    let event = world.happens("contact.user.deleted_v3", left.clone());
    assert_eq!(world.delivers(&event).await.0, 200);
    world.settles().await;
    world.hears("chen.jie ← 请研发部确认协作任务");
    let lines = "SELECT COUNT(*) FROM audit WHERE subject = 'directory' AND what = 'directory_person_left'";
    assert_eq!(world.numbers(lines, 1).await, [1]);
    // The same event again, and another one about the same person: once.
    assert_eq!(world.delivers(&event).await.0, 200);
    assert_eq!(world.delivers(&world.happens("contact.user.deleted_v3", left)).await.0, 200);
    world.settles().await;
    world.hears("");
    assert_eq!(world.numbers(lines, 1).await, [1]);
    let gone = "SELECT COUNT(*) FROM person WHERE NOT active";
    assert_eq!(world.numbers(gone, 1).await, [1], "nobody else is touched");
    world.presses("chen.jie", "确认无误").await;
    world.hears("zhang.wei ← 研发部已确认（陈杰）");
    assert!(number.starts_with("2026"));
});

story!(who_is_new_or_moves_stands_where_feishu_says, webhook, |world| {
    world.finance_is("财务部", "");
    world.fake.person(&account("sun.li"), |person| person.department = FINANCE.to_owned());
    let object =
        json!({ "object": { "open_id": account("sun.li") }, "old_object": { "department_ids": ["od-x"] } });
    let event = world.happens("contact.user.updated_v3", object);
    // Feishu cannot show it at this moment: it is to come again.
    world.fake.fail("users.get", 1, Fault::Internal);
    assert_eq!(world.delivers(&event).await.0, 503);
    assert_ne!(world.department_of("sun.li").await, "CWB");
    assert_eq!(world.delivers(&event).await.0, 200);
    assert_eq!(world.department_of("sun.li").await, "CWB");
    let new = "ou_000000000000000000000000000000aa";
    world.fake.person(new, |person| {
        person.name = "新同事".to_owned();
        person.department = FINANCE.to_owned();
        person.email = "xin.tongshi@example.com".to_owned();
    });
    let range = json!({ "added": { "users": [{ "open_id": new }] }, "removed": { "users": [] } });
    assert_eq!(world.delivers(&world.happens("contact.scope.updated_v3", range)).await.0, 200);
    assert_eq!(world.department_of("xin.tongshi").await, "CWB");
    // Whoever comes in a department that nobody has chosen a code for has no place yet; who is out of range is no leaver.
    world.fake.person("ou_elsewhere", |person| person.department = "od-unknown".to_owned());
    world.fake.person(&account("wang.fang"), |person| person.available = false);
    for person in ["ou_elsewhere".to_owned(), account("wang.fang"), "ou_nobody".to_owned(), String::new()] {
        let object = json!({ "object": { "open_id": person } });
        assert_eq!(world.delivers(&world.happens("contact.user.created_v3", object)).await.0, 200);
    }
    for odd in [json!({}), json!({ "object": 7 }), json!({ "added": { "users": "x" } })] {
        for kind in ["contact.user.deleted_v3", "contact.department.updated_v3", "contact.scope.updated_v3"] {
            assert_eq!(world.delivers(&world.happens(kind, odd.clone())).await.0, 200, "{kind} {odd}");
        }
    }
    let gone = "SELECT COUNT(*) FROM person WHERE NOT active";
    assert_eq!(world.numbers(gone, 1).await, [0]);
    // A permission that is missing is not made good by repeating.
    world.fake.takes_scope("contact:user.base:readonly");
    let object = json!({ "object": { "open_id": account("sun.li") } });
    assert_eq!(world.delivers(&world.happens("contact.user.updated_v3", object)).await.0, 200);
    world.is_in_trouble();
});

story!(a_department_has_the_name_and_the_head_that_feishu_says, webhook, |world| {
    world.finance_is("计划财务部", &account("wang.fang"));
    world.fake.person(&account("wang.fang"), |person| person.department = FINANCE.to_owned());
    let object = json!({
        "object": { "open_department_id": FINANCE, "name": "计划财务部" }, "old_object": { "name": "财务部" },
    });
    assert_eq!(world.delivers(&world.happens("contact.department.updated_v3", object)).await.0, 200);
    let sql = "SELECT name FROM department WHERE id = 'CWB'";
    assert_eq!(world.told(sql).await, "计划财务部");
    assert_eq!(world.told("SELECT head FROM department WHERE id = 'CWB'").await, "wang.fang");
    let departments = world.numbers("SELECT COUNT(*) FROM department", 1).await;
    for kind in ["contact.department.created_v3", "contact.department.deleted_v3"] {
        let object = json!({ "object": { "open_department_id": FINANCE, "name": "又一个" } });
        assert_eq!(world.delivers(&world.happens(kind, object)).await.0, 200);
    }
    assert_eq!(
        world.numbers("SELECT COUNT(*) FROM department", 1).await,
        departments,
        "codes are chosen by people"
    );
    world.settles().await;
});

story!(a_leaver_is_signed_out_by_the_event, webhook, |world| {
    world.has("login = true\n".to_owned(), crate::world::company::directory()).await;
    let back = format!("{}/login/feishu/back", world.url());
    world.fake.state().logins.redirects.insert(back);
    let mut browser = Browser::new(world.url());
    let page = browser.opens("/login/feishu").await.sent_to;
    let back = world.fake.agrees(&account("tang.rui"), &page).unwrap();
    assert_eq!(browser.opens(&back).await.status, 303);
    assert_eq!(browser.opens("/board").await.status, 200);
    let object = json!({ "object": { "open_id": account("tang.rui") } });
    assert_eq!(world.delivers(&world.happens("contact.user.deleted_v3", object)).await.0, 200);
    assert_eq!(browser.opens("/board").await.status, 401);
    let open = "SELECT COUNT(*) FROM web_session WHERE ended_at IS NULL";
    assert_eq!(world.numbers(open, 1).await, [0]);
    world.settles().await;
});

story!(an_event_of_a_type_that_nobody_knows_is_taken_and_counted, both ways, |world| {
    assert_eq!(world.delivers(&world.happens("approval.instance.moved_v9", json!({ "a": 1 }))).await.0, 200);
    let metrics = ground::client().get(format!("{}/metrics", world.url())).send().await.unwrap();
    let metrics = metrics.text().await.unwrap();
    assert!(metrics.contains("liaison_events_total{name=\"unknown_event\"} 1\n"), "{metrics}");
});
