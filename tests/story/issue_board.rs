//! I6: the issue board on the web, the page of an issue that belongs to no request, and who may read them.

use crate::world::{World, story};

/// Both departments are at work, and an important issue of research waits.
async fn reported(world: &mut World) -> String {
    let number = world.files_and_approves().await;
    world.presses("li.na", "confirm").await;
    world.presses("wang.fang", "confirm").await;
    world.presses("zhang.wei", "split").await;
    world.says("zhang.wei", &format!("/问题 {number}/1 重要 接口返回 <500> 错误 影响：全部门店")).await;
    world.forgets().await;
    number
}

/// An issue that belongs to no request.
async fn reported_alone(world: &mut World) -> &'static str {
    world.says("zhang.wei", "/问题 紧急 @信息技术部 打印机全部离线").await;
    world.forgets().await;
    "2026-Q4-XXB-001"
}

story!(what_is_not_solved_stands_by_severity_with_the_clocks_that_run, |world| {
    let number = reported(world).await;
    let alone = reported_alone(world).await;
    let visitor = world.visitor("zhang.wei").await;
    let page = visitor.opens("/board/issues").await;
    assert_eq!(page.status, 200);
    for words in [
        "<h1>问题看板</h1>",
        "接口返回 &lt;500&gt; 错误",
        &format!("{number}-I1"),
        "需求：新品上市推广",
        "研发部负责 · 张伟反馈",
        "待响应",
        "问题响应：11月23日（周一）12:00前 · 李娜，还剩 2 小时",
        "打印机全部离线",
        &format!("{alone}-I1"),
        "启动协调会：",
        "信息技术部负责",
        "href=\"../board\"",
        &format!("href=\"../requests/{alone}\""),
        &format!("href=\"../requests/{number}\""),
    ] {
        page.says(words);
    }
    // The gravest first; what is said by a colour is said by a word, too.
    let place = |words: &str| page.text.find(words).unwrap();
    assert!(place("打印机全部离线") < place("接口返回 &lt;500&gt;"));
    page.is_silent_about("超时");
    visitor.opens("/board").await.says("href=\"board/issues\"");
    world.is("2026-11-23 10:29").await;
    visitor.opens("/board/issues?severity=urgent").await.says("即将到时");
    world.is("2026-11-23 13:05").await;
    let page = visitor.opens("/board/issues").await;
    page.says(">超时</span>");
    page.says("11月23日（周一）12:00已到期 · 李娜，已超 1 小时 5 分钟");
    page.says("已 3 小时 5 分钟");
    // Whoever acts stops one clock and starts the next.
    world.says("li.na", &format!("/响应 {number}-I1")).await;
    let page = visitor.opens("/board/issues?severity=important").await;
    for words in ["处理中", "问题解决：", "处理进展："] {
        page.says(words);
    }
    page.is_silent_about("问题响应：");
    // Solved, it leaves; opened again, it is back.
    world.says("li.na", &format!("/解决 {number}-I1 重启 效果：恢复")).await;
    visitor.opens("/board/issues").await.is_silent_about("接口返回");
    world.says("zhang.wei", &format!("/重开 {number}-I1 又出现了")).await;
    visitor.opens("/board/issues").await.says("接口返回");
    world.says("li.na", &format!("/解决 {number}-I1 换了版本 效果：恢复")).await;
    world.says("zhang.wei", &format!("/关闭问题 {number}-I1")).await;
    let page = visitor.opens("/board/issues?severity=important").await;
    page.is_silent_about("接口返回");
    page.says("没有符合条件的问题。");
    world.says("huang.lei", &format!("/响应 {alone}-I1")).await;
    world.says("huang.lei", &format!("/解决 {alone}-I1 换了交换机 效果：恢复打印")).await;
    visitor.opens("/board/issues").await.says("目前没有未解决的问题。");
    world.forgets().await;
});

story!(the_issue_board_shows_each_reader_what_they_may_see, |world| {
    let number = reported(world).await;
    reported_alone(world).await;
    let secret = world.files_with(&[("visibility", "people"), ("title", "收购星辰公司")]).await;
    world.says("zhang.wei", &format!("/问题 {secret} 一般 @财务部 报价单丢失")).await;
    world.forgets().await;
    let all = ["接口返回", "打印机", "报价单丢失"];
    for (person, expected) in [
        ("zhang.wei", [true, true, true]),
        // Contacts of the departments that are asked.
        ("li.na", [true, false, true]),
        ("wang.fang", [true, false, true]),
        // Responsible for one, and for nothing else.
        ("huang.lei", [false, true, false]),
        ("tang.rui", [false, false, false]),
    ] {
        let page = world.visitor(person).await.opens("/board/issues").await;
        assert_eq!(page.status, 200);
        assert_eq!(all.map(|words| page.text.contains(words)), expected, "{person}");
        assert_eq!(page.text.contains("收购星辰公司"), expected[2], "{person}");
    }
    let stranger = world.visitor("tang.rui").await;
    for path in [
        "/board/issues?text=报价单",
        "/board/issues?department=CWB",
        "/board/issues?severity=general",
        &format!("/board/issues?severity=general&after={number}-I1"),
        &format!("/board/issues?severity=general&after={secret}-I1"),
    ] {
        let page = stranger.opens(path).await;
        assert_eq!(page.status, 200, "{path}");
        page.is_silent_about("报价单丢失");
        page.is_silent_about("收购星辰公司");
    }
    for file in ["2026-Q4-XXB-001", &secret] {
        assert_eq!(stranger.opens(&format!("/requests/{file}")).await.status, 404, "{file}");
    }
    world.forgets().await;
});

story!(whoever_has_no_part_in_a_public_request_reads_of_its_issues_without_full_names, |world| {
    let number = world.files_with(&[("visibility", "public")]).await;
    world.says("zhang.wei", &format!("/问题 {number} 重要 @研发部 接口返回错误")).await;
    world.forgets().await;
    let page = world.visitor("tang.rui").await.opens("/board/issues").await;
    page.says("研发部负责 · 张*反馈");
    page.says("12:00前 · 李*，还剩 2 小时");
    page.is_silent_about("张伟");
    page.is_silent_about("李娜");
    let page = world.visitor("li.na").await.opens("/board/issues").await;
    page.says("研发部负责 · 张伟反馈");
    world.forgets().await;
});

story!(the_issue_board_is_narrowed_by_its_address_and_turned, |world| {
    let number = reported(world).await;
    reported_alone(world).await;
    for n in 1..=13 {
        world.says("zhang.wei", &format!("/问题 {number} 一般 @财务部 第{n}张发票缺失。")).await;
    }
    world.forgets().await;
    let visitor = world.visitor("zhang.wei").await;
    let shown = async |path: &str| {
        let page = visitor.opens(path).await;
        assert_eq!(page.status, 200, "{path}");
        ["接口返回", "打印机", "第13张发票"].map(|words| page.text.contains(words))
    };
    for (path, expected) in [
        ("/board/issues", [true, true, false]),
        ("/board/issues?severity=general", [false, false, true]),
        ("/board/issues?severity=urgent", [false, true, false]),
        ("/board/issues?severity=none", [true, true, false]),
        ("/board/issues?department=YFB", [true, false, false]),
        ("/board/issues?department=RLB", [false, false, false]),
        ("/board/issues?text=%E7%AC%AC13%E5%BC%A0", [false, false, true]),
        ("/board/issues?text=xxb-001-i1", [false, true, false]),
        ("/board/issues?text=%25_%27", [false, false, false]),
        ("/board/issues?severity=general&after=none&evil=%3Cb%3E", [false, false, true]),
        ("/board/issues?severity=general&after=2026-Q4-XXB-777-I1", [false, false, true]),
    ] {
        assert_eq!(shown(path).await, expected, "{path}");
    }
    let page = visitor.opens("/board/issues").await;
    page.says("共 13 项");
    page.says("<a class=\"more\" href=\"issues?severity=general\" aria-label=\"查看全部 · 一般\">");
    let page = visitor.opens(&format!("/board/issues?severity=general&after={number}-I13")).await;
    page.says("第13张发票");
    page.is_silent_about("第12张发票");
    page.says("回到最早的");
    visitor.opens("/board/issues?text=none").await.says("没有符合条件的问题。");
    let long = "x".repeat(150);
    visitor.opens(&format!("/board/issues?text={long}")).await.says("最多 8 个词");
    world.says("zhang.wei", "/settings language en").await;
    let page = visitor.opens("/board/issues").await;
    for words in ["<h1>Issue board</h1>", "is responsible · reported by 张伟", "13 in all"] {
        page.says(words);
    }
    world.forgets().await;
});

story!(an_issue_of_no_request_has_a_page_of_its_own_with_its_history, |world| {
    let alone = reported_alone(world).await;
    let visitor = world.visitor("zhang.wei").await;
    world.says("huang.lei", &format!("/响应 {alone}-I1")).await;
    world.says("huang.lei", &format!("/进展 {alone}-I1 正在换交换机")).await;
    world.forgets().await;
    let page = visitor.opens(&format!("/requests/{alone}")).await;
    assert_eq!(page.status, 200);
    for words in [
        "<h1>紧急问题 I1：打印机全部离线</h1>",
        "处理中",
        "反馈紧急问题",
        "响应问题 I1",
        "正在换交换机",
        "不属于任何需求",
        "href=\"../board/issues\"",
    ] {
        page.says(words);
    }
    assert_eq!(page.text.matches("<h1").count(), 1);
    page.is_silent_about("尚未拆分任务");
    // With its number the link from the chat leads there.
    let link = world.way_in("huang.lei", "/board XXB-1").await;
    assert_eq!(world.enters(&link).await.led_to, format!("/requests/{alone}"));
    world.forgets().await;
});

story!(the_page_of_a_request_tells_of_its_issues_decisions_and_risks, |world| {
    let number = reported(world).await;
    world.says("li.na", &format!("/响应 {number}-I1")).await;
    world.says("zhang.wei", &format!("/决策 {number} @陈杰 选哪家供应商 甲厂/乙厂")).await;
    let risk = "资源不足 高/高 关键路径 延期>1 @孙丽 人手不够 → 借调两人";
    world.says("zhang.wei", &format!("/风险 {number} {risk}")).await;
    world.forgets().await;
    let page = world.visitor("zhang.wei").await.opens(&format!("/requests/{number}")).await;
    for words in [
        &format!("{number}-I1"),
        "重要问题 I1：接口返回 &lt;500&gt; 错误",
        "反馈重要问题 I1",
        "响应问题 I1",
        "选哪家供应商",
        "决策事项",
        "人手不够",
        "监控中",
    ] {
        page.says(words);
    }
    world.forgets().await;
});

story!(an_open_issue_board_hears_of_issues_of_its_reader_and_of_no_others, |world| {
    let number = reported(world).await;
    let (hers, theirs) = (world.visitor("li.na").await, world.visitor("huang.lei").await);
    let (mut research, mut systems) = (hers.listens().await, theirs.listens().await);
    world.says("li.na", &format!("/响应 {number}-I1")).await;
    let heard = research.next().await;
    assert!(heard.contains(&number), "{heard}");
    hers.opens("/board/issues").await.says("处理中");
    let alone = reported_alone(world).await;
    // What comes first for the other reader is the later change: the earlier one was not for them.
    let heard = systems.next().await;
    assert!(heard.contains(alone) && !heard.contains(&number), "{heard}");
    theirs.opens("/board/issues").await.says("打印机");
    world.forgets().await;
});
