//! R7: templates per kind of request, an old request copied, drafts.

use serde_json::Value;

use crate::world::story;

/// What a field of a form card holds.
fn value(card: &Value, name: &str) -> String {
    let fields = card["form"]["fields"].as_array().unwrap();
    let field = fields.iter().find(|f| f["name"] == name).unwrap_or_else(|| panic!("no field {name}"));
    field["value"].as_str().unwrap().to_owned()
}

fn error(card: &Value, name: &str) -> String {
    let fields = card["form"]["fields"].as_array().unwrap();
    let field = fields.iter().find(|f| f["name"] == name).unwrap_or_else(|| panic!("no field {name}"));
    field["error"].as_str().unwrap_or_default().to_owned()
}

fn actions(card: &Value) -> Vec<String> {
    let actions = card["actions"].as_array().unwrap();
    actions.iter().map(|a| a["id"].as_str().unwrap().to_owned()).collect()
}

fn labels(card: &Value) -> String {
    let actions = card["actions"].as_array().unwrap();
    actions.iter().map(|a| a["label"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

/// The form's own values, to be pressed again with some of them otherwise.
fn whole(card: &Value, other: &[(&str, &str)]) -> Vec<(String, String)> {
    let fields = card["form"]["fields"].as_array().unwrap();
    let values = fields.iter().map(|f| (f["name"].as_str().unwrap(), f["value"].as_str().unwrap()));
    let kept = values.filter(|(name, _)| !other.iter().any(|(n, _)| n == name));
    kept.chain(other.iter().copied()).map(|(n, v)| (n.to_owned(), v.to_owned())).collect()
}

fn borrowed(values: &[(String, String)]) -> Vec<(&str, &str)> {
    values.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect()
}

story!(an_empty_form_offers_the_eight_scenes_and_a_button_fills_it, |world| {
    world.says("zhang.wei", "/发起").await;
    let card = world.card("zhang.wei").await;
    let scenes = "新品上市 营销活动 客户投诉 年度预算 流程优化 月度数据汇总 文件会签 资源冲突";
    assert!(labels(&card).contains(scenes), "{}", labels(&card));
    world.presses("zhang.wei", "template_complaint").await;
    let card = world.card("zhang.wei").await;
    assert_eq!(value(&card, "ask1_department"), "KFB");
    assert_eq!(value(&card, "ask2_department"), "YFB");
    assert_eq!(value(&card, "priority"), "high");
    assert_eq!(value(&card, "kind"), "problem");
    assert_eq!(value(&card, "wanted_by"), "T+3");
    assert!(!labels(&card).contains("资源冲突"), "a form that is begun does not offer to be overwritten");
    // The blanks are to be filled in: each is named beside its field.
    let message = world.with_button("zhang.wei", "another").await;
    let values = whole(&card, &[]);
    let answer = world.presses_on("zhang.wei", &message, "file", &borrowed(&values)).await;
    for field in ["title", "background", "goal"] {
        assert!(error(&answer["card"], field).contains("空白"), "{field}: {answer}");
    }
    assert_eq!(error(&answer["card"], "acceptance"), "");
    let filled = [("title", "客户投诉处理：远山集团"), ("background", "交付延误"), ("goal", "一周内答复")];
    let values = whole(&card, &filled);
    let answer = world.presses_on("zhang.wei", &message, "file", &borrowed(&values)).await;
    assert_eq!(answer["toast"]["kind"], "success", "{answer}");
    world.says("zhang.wei", "/show 1").await;
    let shown = world.card("zhang.wei").await.to_string();
    // T+3 from Monday is Thursday; T+1 is Tuesday.
    assert!(shown.contains("11月26日") && shown.contains("11月24日"), "{shown}");
    world.forgets().await;
});

story!(a_template_is_opened_by_its_name_in_the_language_of_the_reader, |world| {
    world.says("zhang.wei", "/new template monthly").await;
    assert_eq!(value(&world.card("zhang.wei").await, "title"), "＿＿月度数据汇总");
    world.says("zhang.wei", "/settings language en").await;
    world.says("zhang.wei", "/new template Monthly figures").await;
    let card = world.card("zhang.wei").await;
    assert_eq!(value(&card, "title"), "Figures of ＿＿");
    assert_eq!(value(&card, "ask3_task"), "Provide complaints and satisfaction");
    world.says("zhang.wei", "/new 模板 火星计划").await;
    let card = world.card("zhang.wei").await;
    assert_eq!(value(&card, "title"), "火星计划", "nothing typed is lost");
    assert!(error(&card, "title").contains("火星计划"));
    // A title is a title.
    world.says("zhang.wei", "/new like new").await;
    assert_eq!(value(&world.card("zhang.wei").await, "title"), "like new");
    world.forgets().await;
});

story!(an_old_request_is_copied_with_its_dates_moved_and_without_its_signatures, |world| {
    let number = world
        .files_with(&[("attachments", "方案 https://docs.example.com/a"), ("ask1_wanted_by", "2026-11-25")])
        .await;
    world.presses("liu.yang", "approve").await;
    world.presses("li.na", "confirm").await;
    world.forgets().await;
    world.is("2026-11-24 10:00").await;
    world.says("zhang.wei", &format!("/show {number}")).await;
    world.presses("zhang.wei", "like").await;
    let card = world.card("zhang.wei").await;
    assert_eq!(value(&card, "title"), "新品上市推广");
    assert_eq!(value(&card, "wanted_by"), "T+16");
    assert_eq!(value(&card, "ask1_wanted_by"), "T+2");
    assert_eq!(value(&card, "attachments"), "方案 https://docs.example.com/a");
    let values = whole(&card, &[]);
    let toast = world.fills("zhang.wei", "file", &borrowed(&values)).await;
    assert!(toast.contains("2026-Q4-SCB-002"), "{toast}");
    world.says("zhang.wei", "/show 2").await;
    let shown = world.card("zhang.wei").await;
    assert_eq!(shown["tag"], "审批中");
    assert!(!shown.to_string().contains("已确认"), "{shown}");
    // Who does not see it cannot copy it; for them it does not exist.
    world.says("tang.rui", &format!("/发起 参照 {number}")).await;
    let card = world.card("tang.rui").await;
    assert!(card["title"].as_str().unwrap().contains("没有找到"), "{card}");
    world.forgets().await;
});

story!(a_draft_is_kept_set_aside_taken_up_and_dies_when_it_is_filed, |world| {
    world.says("zhang.wei", "/new").await;
    let toast = world.fills("zhang.wei", "keep_draft", &[("title", "写了一半"), ("budget", "很多")]).await;
    assert!(toast.contains("草稿已保存"), "{toast}");
    world.says("zhang.wei", "/new").await;
    let card = world.card("zhang.wei").await;
    assert_eq!(value(&card, "title"), "写了一半");
    assert_eq!(value(&card, "budget"), "很多");
    assert!(labels(&card).contains("草稿（1）"), "{}", labels(&card));
    // Another one is begun: the first goes aside, and filing the other one leaves it there.
    world.says("zhang.wei", "/new 年度体检").await;
    let values = crate::world::filled(&[("title", "年度体检")]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    world.fills("zhang.wei", "file", &values).await;
    world.says("zhang.wei", "/草稿").await;
    let card = world.card("zhang.wei").await;
    assert_eq!(card["title"], "草稿 1 份");
    assert!(card.to_string().contains("写了一半"), "{card}");
    world.presses("zhang.wei", "continue_1").await;
    assert_eq!(value(&world.card("zhang.wei").await, "title"), "写了一半");
    let values = crate::world::filled(&[("title", "写完了")]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    world.fills("zhang.wei", "file", &values).await;
    world.says("zhang.wei", "/drafts").await;
    assert_eq!(world.card("zhang.wei").await["title"], "没有草稿");
    world.forgets().await;
});

story!(twenty_drafts_are_enough_and_the_oldest_is_named, |world| {
    for n in 1..=20 {
        world.says("zhang.wei", "/new").await;
        world.fills("zhang.wei", "keep_draft", &[("title", &format!("第{n}份"))]).await;
        world.says("zhang.wei", "/new").await;
        world.fills("zhang.wei", "another", &[("title", &format!("第{n}份"))]).await;
    }
    world.fills("zhang.wei", "keep_draft", &[("title", "多出来的")]).await;
    let card = world.card("zhang.wei").await;
    assert_eq!(actions(&card).iter().filter(|a| *a == "drafts").count(), 1, "{card}");
    world.says("zhang.wei", "/drafts").await;
    let card = world.card("zhang.wei").await;
    assert_eq!(card["title"], "草稿 20 份");
    world.presses("zhang.wei", "drop_1").await;
    world.forgets().await;
});
