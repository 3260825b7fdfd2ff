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
