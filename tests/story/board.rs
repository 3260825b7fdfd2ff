//! T4: the board, the page of one request, and who may read them.

use crate::world::ground::runs;
use crate::world::pages::readers::just_gone;
use crate::world::{World, client, story};

story!(a_link_from_the_chat_lets_one_person_in_and_is_kept_nowhere, |world| {
    let number = world.files_and_approves().await;
    let link = world.way_in("zhang.wei", "/看板").await;
    world.hears("zhang.wei ← 进度看板").await;
    let answer = world.tries(&link).await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["referrer-policy"], "no-referrer");
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=86400"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let visitor = world.enters(&link).await;
    assert_eq!(visitor.led_to, "/board");
    let page = visitor.opens("/board").await;
    assert_eq!(page.status, 200);
    for words in ["张伟的视图", &number, "新品上市推广", "确认中", "研发部", "财务部", "共 1 项"]
    {
        page.says(words);
    }
    assert_eq!(page.headers["cache-control"], "no-store");
    assert!(page.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    page.is_silent_about(visitor.session());
    let elsewhere =
        client().post(format!("{}/board/leave", world.url())).header("sec-fetch-site", "cross-site");
    assert_eq!(elsewhere.send().await.unwrap().status(), 401, "another site signs nobody out");
    let out = visitor.leaves().await;
    assert_eq!(out.status, 303);
    assert!(out.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"), "forgotten at the way out");
    // With a number the link leads to the request.
    let link = world.way_in("li.na", &format!("/board {number}")).await;
    world.hears("li.na ← 需求进度").await;
    let visitor = world.enters(&link).await;
    assert_eq!(visitor.led_to, format!("/requests/{number}"));
    let page = visitor.opens(&visitor.led_to).await;
    for words in ["<h1>新品上市推广</h1>", "提供技术资料", "王芳", "尚未拆分任务", "目前没有阻碍"]
    {
        page.says(words);
    }
    // In a group the way in goes to whoever asked, alone.
    world.says_in("zhang.wei", "g-issues", "/board").await;
    world.hears("zhang.wei ← 进度看板").await;
});

story!(without_a_session_that_we_signed_a_page_says_how_to_get_in_and_nothing_else, |world| {
    let number = world.files_and_approves().await;
    let link = world.way_in("li.na", "/board").await;
    let visitor = world.enters(&link).await;
    let ticket = link.split_once("pass=").unwrap().1;
    let forged = |text: &str| {
        let swapped = if text.ends_with('A') { "Q" } else { "A" };
        format!("{}{swapped}", &text[..text.len() - 1])
    };
    let ended = world.pass_ending(visitor.session(), "session", just_gone());
    let mut sessions = vec!["", "none", ticket, &ended];
    let cut = &visitor.session()[..40];
    let middle = forged(&visitor.session()[..30]) + &visitor.session()[30..];
    sessions.extend([cut, &middle]);
    for session in sessions {
        for path in [
            "/board",
            "/board?by=department",
            "/board/issues",
            "/board/events",
            &format!("/requests/{number}"),
            "/requests/none",
        ] {
            let page = visitor.with(session).opens(path).await;
            assert_eq!(page.status, 401, "{path} with “{session}”");
            page.says("/看板");
            page.is_silent_about("新品上市推广");
            page.is_silent_about("李娜");
        }
    }
    assert_eq!(visitor.opens("/board").await.status, 200);
    // Well signed, and in no row.
    let nobody =
        world.pass_ending(visitor.session(), "session", just_gone() + jiff::SignedDuration::from_hours(1));
    assert_eq!(visitor.with(&nobody).opens("/board").await.status, 401, "one that was never begun");
    // The link itself.
    let enter = |pass: &str| format!("{}/board/enter?pass={pass}", world.url());
    for pass in ["", "none", visitor.session(), cut, &middle] {
        let page = world.tries(&enter(pass)).await;
        assert_eq!(page.status, 404, "{pass}");
        assert!(!page.headers.contains_key("set-cookie"));
        page.says("/看板");
    }
    let page = world.tries(&enter(&world.pass_ending(ticket, "ticket", just_gone()))).await;
    assert_eq!(page.status, 410);
    page.says("15 分钟");
    let english = client().get(enter("none")).header("accept-language", "en-US").send().await.unwrap();
    assert!(english.text().await.unwrap().contains("Send “/board”"));
    world.forgets().await;
});

story!(whoever_left_is_out_at_once, |world| {
    world.files_and_approves().await;
    let link = world.way_in("wang.fang", "/board").await;
    let visitor = world.enters(&link).await;
    assert_eq!(visitor.opens("/board").await.status, 200);
    let company = include_str!("../../config/demo/directory.toml")
        .replacen("id = \"wang.fang\"\n", "id = \"wang.fang\"\nactive = false\n", 1)
        .replace("contact = \"wang.fang\"\n", "");
    let file = world.keeps_file("directory.toml", &company);
    let (code, said) = runs(world.database(), (&["directory", "import", &file], &[]));
    assert_eq!(code, Some(0), "{said}");
    world.settles().await;
    assert_eq!(visitor.opens("/board").await.status, 401, "the session of somebody who left");
    assert_eq!(world.tries(&link).await.status, 404, "and the link");
    world.forgets().await;
});

story!(the_board_shows_each_reader_what_a_list_would_and_narrows_it, |world| {
    let open = world.files_and_approves().await;
    let secret =
        world.files_with(&[("visibility", "people"), ("title", "收购星辰公司"), ("priority", "low")]).await;
    world.forgets().await;
    let (initiator, stranger) = (world.visitor("zhang.wei").await, world.visitor("tang.rui").await);
    let page = initiator.opens("/board").await;
    page.says("收购星辰公司");
    page.says(&open);
    for path in
        ["/board", "/board?column=review", "/board?text=星辰", "/board?priority=low", "/board?person=张伟"]
    {
        let page = stranger.opens(path).await;
        assert_eq!(page.status, 200);
        page.is_silent_about("收购星辰公司");
        page.is_silent_about(&secret);
    }
    // A request that is not for them does not exist for them, on its own page either.
    let unseen = stranger.opens(&format!("/requests/{secret}")).await;
    let missing = stranger.opens("/requests/2026-Q4-SCB-777").await;
    assert_eq!((unseen.status, missing.status), (404, 404));
    assert_eq!(unseen.text, missing.text);
    // Narrowed.
    let shown = async |path: &str| {
        let page = initiator.opens(path).await;
        assert_eq!(page.status, 200, "{path}");
        (page.text.contains(&open), page.text.contains(&secret))
    };
    for (path, expected) in [
        ("/board?column=confirming", (true, false)),
        ("/board?column=review", (false, true)),
        ("/board?column=none", (true, true)),
        ("/board?priority=low", (false, true)),
        ("/board?text=%E6%98%9F%E8%BE%B0", (false, true)),
        ("/board?text=%25_%27", (false, false)),
        ("/board?department=CWB", (true, true)),
        ("/board?department=RLB", (false, false)),
        ("/board?person=%E6%9D%8E%E5%A8%9C", (true, false)),
        ("/board?person=nobody", (false, false)),
        ("/board?before=none&by=x&evil=%3Cb%3E", (true, true)),
    ] {
        assert_eq!(shown(path).await, expected, "{path}");
    }
    initiator.opens("/board?person=%3Cb%3Enobody").await.says("没有找到“&lt;b&gt;nobody”");
    let long = "x".repeat(150);
    initiator.opens(&format!("/board?text={long}")).await.says("最多 8 个词");
    let departments = initiator.opens("/board?by=department").await;
    departments.says("财务部");
    departments.is_silent_about("客户服务部");
    stranger.opens("/board?by=department").await.is_silent_about("财务部");
    world.forgets().await;
});

/// Filed by `zhang.wei`, signed by both departments and broken into three tasks.
async fn at_work(world: &mut World) -> String {
    let number = world.files_and_approves().await;
    world.presses("li.na", "confirm").await;
    world.presses("wang.fang", "confirm").await;
    world.presses("zhang.wei", "split").await;
    world.says("zhang.wei", &format!("/task add {number} 整理上市清单 @孙丽 T+3 依赖 1,2")).await;
    world.forgets().await;
    number
}

story!(the_page_of_a_request_shows_its_tasks_in_time_and_in_order, |world| {
    let number = at_work(world).await;
    let link = world.way_in("zhang.wei", &format!("/board {number}")).await;
    let visitor = world.enters(&link).await;
    let page = visitor.opens(&visitor.led_to).await;
    for words in [
        "目标完成率 0%（0/3 项任务已完成）",
        "甘特图：3 项任务",
        "class=\"today\"",
        "任务依赖流程图：3 项任务",
        "整理上市清单",
        "1, 2",
        "/forms/",
    ] {
        page.says(words);
    }
    assert_eq!(page.text.matches("<h1").count(), 1);
    // Late, it is said with what it holds up.
    world.says("li.na", &format!("/start {number}/1")).await;
    world.says("li.na", &format!("/progress {number}/1 60% 样机已做 下一步：送测 风险：缺少测试设备")).await;
    world.is("2026-12-16 10:00").await;
    let page = visitor.opens(&visitor.led_to).await;
    assert_eq!(page.status, 200);
    for words in ["任务 1 提供技术资料已延期", "影响任务：3 整理上市清单", "缺少测试设备", "预计"]
    {
        page.says(words);
    }
    visitor.opens("/board").await.says("逾期");
    // Whoever owns a task finds it in his lists, also before it begins.
    let owner = world.visitor("sun.li").await;
    owner.opens("/board").await.says(&number);
    world.forgets().await;
});

story!(an_open_page_hears_of_what_changes_and_of_nothing_that_is_not_for_its_reader, |world| {
    let open = world.files_with(&[("visibility", "public")]).await;
    world.says("liu.yang", &format!("/approve {open}")).await;
    let secret = world.files_with(&[("visibility", "people"), ("title", "收购星辰公司")]).await;
    let (initiator, stranger) = (world.visitor("zhang.wei").await, world.visitor("tang.rui").await);
    let (mut hers, mut theirs) = (initiator.listens().await, stranger.listens().await);
    world.says("liu.yang", &format!("/approve {secret}")).await;
    let heard = hers.next().await;
    assert!(heard.contains(&secret), "{heard}");
    world.says("wang.fang", &format!("/confirm {open}")).await;
    // What comes first for the other reader is the later change: the earlier one was not for them.
    let heard = theirs.next().await;
    assert!(heard.contains(&open) && !heard.contains(&secret), "{heard}");
    // That the message was delivered is another change of the secret one.
    while !hers.next().await.contains(&open) {}
    // Another replica's changes are heard as well.
    let (url, replica) = world.replica().await;
    let body = serde_json::json!({ "person": "li.na", "text": format!("/confirm {open}") });
    let sent = client().post(format!("{url}/sandbox/api/messages")).json(&body).send().await.unwrap();
    assert_eq!(sent.status(), 200);
    assert!(theirs.next().await.contains(&open));
    replica.stop().await;
    world.settles().await;
    world.forgets().await;
});
