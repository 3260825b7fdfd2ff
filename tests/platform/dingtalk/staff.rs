//! People and departments as DingTalk tells of them in Stream mode.

use serde_json::json;

use super::world::fake::Said;
use super::world::office::Fault;
use super::world::tell;
use crate::world::company::account;
use crate::world::ground;
use crate::world::telling::Way;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_changes_whom_it_names_once_and_nobody_else() {
    tell(&[Way::Stream], |world| async move {
        let gone = "person WHERE NOT active";
        let left = json!({ "userId": [account("li.na")], "timeStamp": "1795233551199" }).to_string();
        assert_eq!(world.pushes(Said::happened("l1", "user_leave_org", &left)).await.0, 200);
        assert_eq!(world.count(gone).await, 1);
        let line = "audit WHERE subject = 'directory' AND what = 'directory_person_left'";
        assert_eq!(world.count(line).await, 1);
        assert_eq!(world.pushes(Said::happened("l2", "user_leave_org", &left)).await.0, 200);
        assert_eq!(world.count(line).await, 1, "who has left has left");
        // Somebody moves to finance; DingTalk is away at first and pushes it again.
        let mut finance = world.office.state().departments[0].clone();
        (finance.id, finance.name, finance.parent) = (77, "财务部".to_owned(), 1);
        finance.heads = vec![account("zhao.min")];
        world.office.state().departments.push(finance);
        for person in world.office.state().people.iter_mut() {
            if [account("sun.li"), account("zhao.min")].contains(&person.id) {
                person.departments = vec![77];
            }
        }
        world.office.fail("users.get", 1, Fault::Page(502));
        let moved = json!({ "userId": [account("sun.li")] }).to_string();
        let event = Said::happened("m1", "user_modify_org", &moved);
        let (_, later) = world.pushes(event).await;
        assert_eq!(later["status"], "LATER");
        let (_, taken) = world
            .pushes(Said { id: "m1b".to_owned(), ..Said::happened("m1", "user_modify_org", &moved) })
            .await;
        assert_eq!(taken["status"], "SUCCESS");
        let department = "SELECT department FROM person WHERE id = 'sun.li'";
        assert_eq!(ground::columns::<String>(&world.database, department, 1).await, [["CWB"]]);
        // A department's head; nobody, nothing and what is not there change nothing.
        let of = json!({ "deptId": [77] }).to_string();
        assert_eq!(world.pushes(Said::happened("d1", "org_dept_modify", &of)).await.0, 200);
        let head = "SELECT head FROM department WHERE id = 'CWB'";
        assert_eq!(ground::columns::<String>(&world.database, head, 1).await, [["zhao.min"]]);
        for (n, data) in
            ["{}", "[]", "no JSON", r#"{"userId":["nobody"]}"#, r#"{"userId":7}"#].iter().enumerate()
        {
            for kind in ["user_add_org", "user_modify_org", "org_dept_modify", "org_dept_create"] {
                let id = format!("{kind}{n}");
                assert_eq!(world.pushes(Said::happened(&id, kind, data)).await.0, 200, "{kind} {data}");
            }
        }
        assert_eq!(world.count(gone).await, 1);
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_department_keeps_its_code_when_it_is_made_renamed_or_gone() {
    tell(&[Way::Stream], |world| async move {
        let happens = async |id: &str, kind: &'static str, data: serde_json::Value| {
            let (code, answer) = world.pushes(Said::happened(id, kind, &data.to_string())).await;
            assert_eq!((code, &answer["status"]), (200, &json!("SUCCESS")), "{kind}");
        };
        let all = async || {
            let sql = "SELECT id, name, COALESCE(head, '') FROM department ORDER BY id";
            ground::columns::<String>(&world.database, sql, 3).await
        };
        let before = all().await;
        let row = |id: &str| before.iter().position(|row| row[0] == id).unwrap();
        // Made there under the name of one of ours: its head is the one of there. One of a name of its own is none of ours.
        let like = world.office.state().departments[0].clone();
        for (id, name, head) in [(77, "财务部", "zhao.min"), (78, "新部门", "sun.li")] {
            let mut made = like.clone();
            (made.id, made.name, made.parent, made.heads) = (id, name.to_owned(), 1, vec![account(head)]);
            world.office.state().departments.push(made);
            happens(&format!("c{id}"), "org_dept_create", json!({ "deptId": [id] })).await;
        }
        let mut expected = before.clone();
        expected[row("CWB")][2] = "zhao.min".to_owned();
        assert_eq!(all().await, expected);
        // Its other name is known by the one before, however often the event comes; the old name is not taken back.
        let called = |name: &str| {
            let mut state = world.office.state();
            state.departments.iter_mut().find(|one| one.id == 77).unwrap().name = name.to_owned();
        };
        called("计划财务部");
        for id in ["r1", "r2"] {
            happens(id, "org_dept_modify", json!({ "deptId": [77] })).await;
        }
        expected[row("CWB")][1] = "计划财务部".to_owned();
        assert_eq!(all().await, expected);
        // A name that another one of ours has stays that one's.
        called("研发部");
        happens("r3", "org_dept_modify", json!({ "deptId": [77] })).await;
        assert_eq!(all().await[row("CWB")][1], "计划财务部");
        // Gone there, here its code is part of numbers; what is not known is taken and counted.
        world.office.state().departments.retain(|one| one.id != 78);
        let names = async || all().await.into_iter().map(|row| row[1].clone()).collect::<Vec<_>>();
        let known = names().await;
        happens("g1", "org_dept_remove", json!({ "deptId": [77, 78] })).await;
        happens("g2", "org_dept_modify", json!({ "deptId": [78] })).await;
        happens("u1", "label_conf_add", json!({ "LabelIdList": [1] })).await;
        assert_eq!(names().await, known);
        let metrics = world.client.get(format!("{}/metrics", world.url)).send().await.unwrap();
        let metrics = metrics.text().await.unwrap();
        assert!(metrics.contains("liaison_events_total{name=\"unknown_event\"} 1\n"), "{metrics}");
        world.ends().await;
    })
    .await;
}
