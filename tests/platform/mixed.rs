//! One company on two messengers: one department on Feishu, one on DingTalk, and people who are on both.
//!
//! Invariant: there is one request, one state and one trail, wherever anybody acts; nobody hears a thing twice.

use serde_json::{Value, json};

use crate::dingtalk::world::{APP, SECRET, card, mac, message, office, press, press_on, sealed};
use crate::world::{World, company, ground, machine_now, story};

/// Who is on DingTalk alone: finance.
const FINANCE: [&str; 2] = ["wang.fang", "zhao.min"];

/// The directory: finance on DingTalk, the request's own department on both, everybody else on Feishu. 张伟 prefers
/// DingTalk.
fn directory() -> String {
    let mut text = company::directory();
    let mut is = |person: &str, accounts: &str| {
        let account = company::account(person);
        let before = format!("accounts = {{ feishu = \"{account}\" }}");
        assert!(text.contains(&before));
        text = text.replace(&before, &accounts.replace("ID", &account));
    };
    for person in FINANCE {
        is(person, "accounts = { dingtalk = \"ID\" }");
    }
    is("zhang.wei", "accounts = { dingtalk = \"ID\", feishu = \"ID\" }\nprefers = \"dingtalk\"");
    is("liu.yang", "accounts = { dingtalk = \"ID\", feishu = \"ID\" }");
    text
}

/// Opens the branch on DingTalk.
async fn is_on_both(world: &mut World) -> office::Fake {
    let office = office::Fake::start().await.unwrap();
    company::moves_to(&office);
    let more = format!(
        "[dingtalk]\nenabled = true\nmode = \"webhook\"\nbase_url = \"{0}\"\nlegacy_base_url = \"{0}\"\n\
         client_id = \"{APP}\"\nclient_secret = \"{SECRET}\"\ncard_template_id = \"{1}\"\n",
        office.base_url(),
        office::TEMPLATE,
    );
    world.has(more, directory()).await;
    office
}

/// DingTalk brings something to one of its addresses; what came back.
async fn posts(world: &World, door: &str, body: &Value) -> Value {
    let timestamp = machine_now().as_millisecond().to_string();
    let (names, sign) = match door {
        "card" => {
            let secret = mac(SECRET, "liaison/card-callbacks");
            (["x-ddpaas-signature-timestamp", "x-ddpaas-signature"], mac(&secret, &timestamp))
        }
        _ => (["timestamp", "sign"], mac(SECRET, &format!("{timestamp}\n{SECRET}"))),
    };
    let request = ground::client().post(format!("{}/webhook/dingtalk/{door}", world.url()));
    let answer = request.header(names[0], timestamp).header(names[1], sign).body(body.to_string()).send();
    let answer = answer.await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    world.settles().await;
    answer.json().await.unwrap_or(Value::Null)
}

/// What somebody heard on DingTalk.
fn heard(office: &office::Fake, person: &str) -> Vec<String> {
    let account = company::account(person);
    let messages = office.messages().into_iter().filter(|message| message.to == account);
    messages.map(|message| message.content["title"].as_str().unwrap_or_default().to_owned()).collect()
}

fn note(answer: &Value) -> &Value {
    &answer["userPrivateData"]["cardParamMap"]["note_kind"]
}

story!(one_department_confirms_on_feishu_and_one_on_dingtalk_and_it_is_one_request, webhook, |world| {
    let office = is_on_both(world).await;
    let number = world.files().await;
    // Where 张伟 pressed, the card tells him what came of it. 刘洋 prefers nothing, and hears on the first.
    world
        .hears(&format!("zhang.wei ← 需求已提交：{number} 新品上市推广\n liu.yang ← 请审批市场部的协作需求"));
    assert_eq!(heard(&office, "zhang.wei"), [""; 0]);
    world.presses("liu.yang", "同意").await;
    world.hears("li.na ← 请研发部确认协作任务\n chen.jie ← 研发部收到新的协作任务");
    assert_eq!(heard(&office, "wang.fang"), ["请财务部确认协作任务"]);
    assert_eq!(heard(&office, "zhao.min"), ["财务部收到新的协作任务"]);

    let (id, shown) = card(&office, "wang.fang", "请财务部确认协作任务").await;
    let answer = posts(world, "card", &press_on("wang.fang", (&id, &shown), "确认无误")).await;
    assert_eq!(note(&answer), "success", "{answer}");
    world.presses("li.na", "确认无误").await;
    world.hears("liu.yang ← 各部门已全部确认");
    // News reaches 张伟 where he wants to be written to, and there alone.
    let told = ["刘洋已同意，需求已发给各部门", "财务部已确认（王芳）", "各部门已全部确认"];
    assert_eq!(heard(&office, "zhang.wei"), told);
    assert_eq!(heard(&office, "liu.yang"), [""; 0]);

    let sql = "SELECT COUNT(*), SUM(CASE WHEN state = 'confirmed' THEN 1 ELSE 0 END) FROM request";
    assert_eq!(world.numbers(sql, 2).await, [1, 1]);
    assert_eq!(world.numbers("SELECT COUNT(*) FROM signature", 1).await, [2]);
    let (code, said) = ground::runs(world.database(), (&["audit", "verify"], &[]));
    assert_eq!(code, Some(0), "one unbroken trail: {said}");
    // Both messengers' cards show it: what was asked on DingTalk, too.
    world.rests().await;
    let space = format!("IM_ROBOT.{}", company::account("zhao.min"));
    let state = office.state();
    let shown = state.cards.values().find(|card| card.space == space).unwrap();
    assert!(shown.data.values().any(|value| value.contains("王芳")), "{shown:?}");
});

story!(somebody_on_both_messengers_is_one_person_and_acts_once, webhook, |world| {
    let office = is_on_both(world).await;
    let number = world.files().await;
    world.forgets();
    // Approved on Feishu, and again by a button that was kept on DingTalk.
    world.presses("liu.yang", "同意").await;
    let want = json!({ "want": "approve", "request": number, "version": null });
    let kept = sealed(world.database(), &want).await;
    let again = posts(world, "card", &press("liu.yang", &json!({ "w": kept }))).await;
    assert_ne!(note(&again), "success", "{again}");
    let approved = "SELECT COUNT(*) FROM audit WHERE what = 'approved'";
    assert_eq!(world.numbers(approved, 1).await, [1]);

    // Words are answered where they were said, whatever is preferred.
    world.forgets();
    let so_far = heard(&office, "zhang.wei").len();
    world.says("zhang.wei", &format!("/show {number}")).await;
    assert_eq!((world.heard().lines().count(), heard(&office, "zhang.wei").len()), (1, so_far));
    posts(world, "robot", &message("msgBoth==", "zhang.wei", &format!("/show {number}"))).await;
    world.hears("");
    assert_eq!(heard(&office, "zhang.wei").len(), so_far + 1);

    // An account of one messenger says nothing about the other: 王芳 is nobody on Feishu.
    world.says("wang.fang", "/my").await;
    let answer = world.newest("wang.fang").content;
    assert!(!answer.contains(&number), "{answer}");
    world.forgets();
});
