//! R9: the route is shown before a form is filed, and it is the one that it takes.

use serde_json::Value;

use crate::world::story;

fn typed(other: &[(&str, &str)]) -> Vec<(String, String)> {
    crate::world::filled(other).into_iter().collect()
}

fn borrowed(values: &[(String, String)]) -> Vec<(&str, &str)> {
    values.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect()
}

/// The rows of the route: label, then value.
fn route(card: &Value) -> Vec<String> {
    let blocks = card["blocks"].as_array().unwrap().iter();
    let fields =
        blocks.filter(|b| b["type"] == "fields").flat_map(|b| b["items"].as_array().unwrap().clone());
    let line = |f: Value| format!("{} = {}", f["label"].as_str().unwrap(), f["value"].as_str().unwrap());
    fields.map(line).collect()
}

story!(the_route_is_shown_with_names_and_days_before_anything_is_filed, |world| {
    world.says("zhang.wei", "/new").await;
    let message = world.with_button("zhang.wei", "preview").await;
    let values = typed(&[("budget", "12万"), ("ask2_department", "RLB")]);
    let answer = world.presses_on("zhang.wei", &message, "preview", &borrowed(&values)).await;
    let rows = route(&answer["card"]);
    assert_eq!(
        rows,
        [
            "1. 需求审批 · 市场部 = 刘洋 · 最晚11月24日（周二）10:00",
            "2. 需求审批 · 市场部 = 高建国 · 最晚11月25日（周三）10:00",
            "3. 部门确认 · 研发部 = 李娜 · 最晚11月26日（周四）10:00",
            "4. 部门确认 · 人力资源部 = 周婷（代吴昊） · 最晚11月26日（周四）10:00",
        ]
    );
    // Nothing was filed, nobody has heard anything; what was typed is the draft.
    world.says("zhang.wei", "/list").await;
    assert_eq!(world.card("zhang.wei").await["title"], "没有找到需求");
    world.hears("zhang.wei ← 发起跨部门需求\n zhang.wei ← 没有找到需求").await;
    world.says("zhang.wei", "/new").await;
    assert!(world.card("zhang.wei").await.to_string().contains("12万"));
    // It is filed, and goes the way that was shown; the answer says so once more.
    world.fills("zhang.wei", "file", &borrowed(&values)).await;
    let done = world.card("zhang.wei").await.to_string();
    assert!(done.contains("人力资源部：周婷，最晚11月26日（周四）10:00"), "{done}");
    world.is("2026-11-24 10:00").await;
    world.presses("liu.yang", "approve").await;
    world.is("2026-11-25 10:00").await;
    world.presses("gao.jianguo", "approve").await;
    world.says("zhang.wei", "/show 1").await;
    let rows = route(&world.card("zhang.wei").await);
    assert!(rows.contains(&"部门确认 · 研发部 = 李娜 · 11月26日（周四）10:00前".to_owned()), "{rows:?}");
    assert!(
        rows.iter().any(|r| r.contains("周婷（代吴昊）") && r.contains("11月26日（周四）10:00")),
        "{rows:?}"
    );
    world.forgets().await;
});

story!(faults_and_route_are_shown_together, |world| {
    world.says("zhang.wei", "/new").await;
    let message = world.with_button("zhang.wei", "preview").await;
    let values = typed(&[("title", ""), ("ask2_department", "火星部"), ("wanted_by", "昨天的昨天")]);
    let answer = world.presses_on("zhang.wei", &message, "preview", &borrowed(&values)).await;
    let fields = answer["card"]["form"]["fields"].as_array().unwrap();
    let wrong: Vec<&str> =
        fields.iter().filter(|f| f["error"].is_string()).map(|f| f["name"].as_str().unwrap()).collect();
    assert_eq!(wrong, ["title", "wanted_by", "ask2_department"]);
    assert_eq!(route(&answer["card"]).len(), 2, "who is known is shown: {answer}");
    world.forgets().await;
});

story!(a_day_beyond_the_known_holidays_is_marked_provisional, |world| {
    world.is("2026-12-31 17:00").await;
    world.forgets().await;
    world.says("zhang.wei", "/new").await;
    let message = world.with_button("zhang.wei", "preview").await;
    let values = typed(&[("wanted_by", "2027-03-01")]);
    let answer = world.presses_on("zhang.wei", &message, "preview", &borrowed(&values)).await;
    let rows = route(&answer["card"]);
    assert!(rows.iter().all(|row| row.contains("暂定")), "{rows:?}");
    world.forgets().await;
});
