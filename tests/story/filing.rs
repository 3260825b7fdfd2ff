//! R1, R2: filing from chat, with every limit of form F1.

use serde_json::json;

use crate::world::story;

story!(a_complete_form_is_filed_numbered_and_goes_to_the_head, |world| {
    let number = world.files().await;
    assert_eq!(number, "2026-Q4-SCB-001");
    world
        .hears(
            "zhang.wei ← 需求已提交：2026-Q4-SCB-001 新品上市推广
             liu.yang ← 请审批市场部的协作需求",
        )
        .await;
    assert_eq!(world.files().await, "2026-Q4-SCB-002");
    world.forgets().await;
});

story!(one_line_prefills_the_form, |world| {
    world.says("zhang.wei", "/发起 年度体检安排 @人力资源部 @财务部 2026-12-20").await;
    let card = world.card("zhang.wei").await;
    let value = |name: &str| {
        let fields = card["form"]["fields"].as_array().unwrap();
        fields.iter().find(|f| f["name"] == name).unwrap()["value"].as_str().unwrap().to_owned()
    };
    assert_eq!(value("title"), "年度体检安排");
    assert_eq!(value("ask1_department"), "RLB");
    assert_eq!(value("ask2_department"), "CWB");
    assert_eq!(value("wanted_by"), "2026-12-20");
    world.forgets().await;
});

story!(wrong_fields_come_back_next_to_the_field_and_nothing_typed_is_lost, |world| {
    world.says("zhang.wei", "/new").await;
    let message = world.with_button("zhang.wei", "file").await;
    let long = "长".repeat(61);
    let typed = [
        ("title", long.as_str()),
        ("background", "为什么"),
        ("wanted_by", "2026-02-30"),
        ("budget", "很多"),
        ("attachments", "方案 http://example.com/a"),
        ("ask1_department", "不存在部"),
        ("ask1_task", "做事"),
    ];
    let answer = world.presses_on("zhang.wei", &message, "file", &typed).await;
    let fields = answer["card"]["form"]["fields"].as_array().unwrap();
    let error = |name: &str| {
        fields.iter().find(|f| f["name"] == name).unwrap()["error"].as_str().unwrap_or_default().to_owned()
    };
    for name in ["title", "goal", "wanted_by", "priority", "budget", "attachments", "ask1_department"] {
        assert!(!error(name).is_empty(), "{name} has no error: {answer}");
    }
    assert!(error("title").contains("60"), "{}", error("title"));
    assert!(error("background").is_empty());
    let value = |name: &str| fields.iter().find(|f| f["name"] == name).unwrap()["value"].clone();
    for (name, words) in typed {
        assert_eq!(value(name), json!(words), "{name}");
    }
    // The draft is still there tomorrow.
    world.says("zhang.wei", "/new").await;
    let again = world.card("zhang.wei").await;
    let fields = again["form"]["fields"].as_array().unwrap();
    let title = fields.iter().find(|f| f["name"] == "title").unwrap();
    assert_eq!(title["value"], json!(long));
    world.hears("zhang.wei ← 发起跨部门需求\n zhang.wei ← 发起跨部门需求").await;
});

story!(every_limit_of_the_form_is_kept_to_the_character, |world| {
    for (field, most) in [
        ("title", 60),
        ("background", 200),
        ("goal", 500),
        ("risks", 500),
        ("acceptance", 500),
        ("people", 200),
        ("equipment", 200),
        ("ask1_task", 500),
        ("ask1_deliverable", 200),
        ("ask1_resources", 200),
    ] {
        world.says("zhang.wei", "/new").await;
        let message = world.with_button("zhang.wei", "file").await;
        let over = "界".repeat(most + 1);
        let values = crate::world::filled(&[(field, &over)]);
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let answer = world.presses_on("zhang.wei", &message, "file", &values).await;
        let fields = answer["card"]["form"]["fields"].as_array().unwrap();
        let wrong: Vec<_> = fields.iter().filter(|f| f["error"].is_string()).map(|f| &f["name"]).collect();
        assert_eq!(wrong, [&json!(field)], "one character over");
        let full = "界".repeat(most);
        let values = crate::world::filled(&[(field, &full)]);
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let answer = world.presses_on("zhang.wei", &message, "file", &values).await;
        assert!(answer["toast"]["kind"] == "success", "{field} at its limit: {answer}");
    }
    world.forgets().await;
});

story!(a_wanted_day_that_is_no_working_day_moves_on_with_a_notice, |world| {
    world.says("zhang.wei", "/new").await;
    // 2026-12-13 is a Sunday.
    let values = crate::world::filled(&[("wanted_by", "2026-12-13")]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let toast = world.fills("zhang.wei", "file", &values).await;
    assert!(toast.contains("12月14日"), "{toast}");
    world.forgets().await;
});

story!(dates_in_words_and_t_plus_n_are_understood, |world| {
    let number = world.files_with(&[("wanted_by", "T+3"), ("ask1_wanted_by", "明天")]).await;
    world.says("zhang.wei", &format!("/show {number}")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("11月26日"), "T+3 is Thursday: {card}");
    assert!(card.contains("11月24日"), "tomorrow: {card}");
    world.forgets().await;
});

story!(another_row_can_be_added_without_losing_what_was_typed, |world| {
    world.says("zhang.wei", "/new").await;
    let message = world.with_button("zhang.wei", "add_row").await;
    let answer = world.presses_on("zhang.wei", &message, "add_row", &[("title", "写了一半")]).await;
    let fields = answer["card"]["form"]["fields"].as_array().unwrap();
    assert!(fields.iter().any(|f| f["name"] == "ask3_department"));
    assert_eq!(fields.iter().find(|f| f["name"] == "title").unwrap()["value"], "写了一半");
    world.forgets().await;
});

story!(the_same_department_twice_is_refused, |world| {
    world.says("zhang.wei", "/new").await;
    let message = world.with_button("zhang.wei", "file").await;
    let values = crate::world::filled(&[("ask2_department", "研发部")]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let answer = world.presses_on("zhang.wei", &message, "file", &values).await;
    let fields = answer["card"]["form"]["fields"].as_array().unwrap();
    let wrong: Vec<_> = fields.iter().filter(|f| f["error"].is_string()).map(|f| &f["name"]).collect();
    assert_eq!(wrong, [&json!("ask2_department")]);
    world.forgets().await;
});
