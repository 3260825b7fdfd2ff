//! I1–I5: something goes wrong, is heard at once, and climbs until somebody acts.

use crate::people::without;
use crate::world::ground::runs;
use crate::world::{World, story};

/// Both departments have signed and have a task each; nothing of that needs telling again.
async fn at_work(world: &mut World) -> String {
    let number = world.files_and_approves().await;
    world.presses("li.na", "confirm").await;
    world.presses("wang.fang", "confirm").await;
    world.presses("zhang.wei", "split").await;
    world.forgets().await;
    number
}

/// An important issue of research, reported and heard.
async fn reported(world: &mut World) -> String {
    let number = at_work(world).await;
    world.says("zhang.wei", &format!("/问题 {number} 重要 @研发部 接口返回 500 错误")).await;
    world.forgets().await;
    number
}

story!(an_issue_in_one_line_is_heard_at_once_by_those_who_can_act, |world| {
    let number = at_work(world).await;
    world.says("wang.fang", &format!("/问题 {number}/1 紧急 接口全部超时 影响：全部门店 发生：09:40")).await;
    world
        .hears(
            "zhang.wei ← 紧急问题 I1：接口全部超时
             li.na ← 紧急问题 I1：接口全部超时
             chen.jie ← 紧急问题 I1：接口全部超时
             wang.fang ← 问题 I1 已反馈，研发部会立即收到
             ma.ning ← 紧急问题 I1：接口全部超时
             g-issues ← 紧急问题 I1：接口全部超时",
        )
        .await;
    let card = world.card("li.na").await.to_string();
    for part in ["待响应", "技术资料", "全部门店", "11月23日（周一）09:40", "王芳"] {
        assert!(card.contains(part), "{part}: {card}");
    }
    assert!(!card.contains("迟报"), "{card}");
    let messages = world.messages("g-issues", "zhang.wei").await;
    let card = messages.last().unwrap()["card"].to_string();
    for part in ["li.na", "chen.jie", "ma.ning", "还剩 30 分钟"] {
        assert!(card.contains(part), "{part}: {card}");
    }
    world.says("wang.fang", &format!("/响应 {number}-I1")).await;
    let heard = world.heard().await;
    assert!(heard.contains("wang.fang ← 没有执行：这一步不由您处理"), "{heard}");
});

story!(what_is_missing_is_asked_by_the_form_and_comes_back_whole, |world| {
    let number = at_work(world).await;
    world.says("zhang.wei", &format!("/问题 {number}")).await;
    world.hears("zhang.wei ← 反馈问题").await;
    let complete = [
        ("issue_text", "收银系统宕机"),
        ("issue_severity", "general"),
        ("issue_topic", "technical"),
        ("issue_department", "XXB"),
        ("issue_scope", "三号门店"),
        ("issue_happened", "08:00"),
        ("issue_fix_by", "今天 18:00"),
    ];
    let but = |field: &'static str, value: &'static str| {
        complete.iter().map(|(f, v)| (*f, if *f == field { value } else { *v })).collect::<Vec<_>>()
    };
    let long: &'static str = Box::leak("长".repeat(501).into_boxed_str());
    for (field, value, fault) in [
        ("issue_severity", "十万火急", "没有“十万火急”这个选项"),
        ("issue_severity", "", "请填写这一项"),
        ("issue_text", long, "500"),
        ("issue_happened", "23:50", "还没有到"),
        ("issue_happened", "很久以前", "看不懂"),
        ("issue_fix_by", "09:00", "已经过去"),
        ("issue_fix_by", "某一天", "看不懂"),
        ("issue_department", "没有这个部门", "没有这个部门"),
        ("issue_scope", "", "请填写这一项"),
    ] {
        world.fills("zhang.wei", "issue", &but(field, value)).await;
        let card = world.card("zhang.wei").await.to_string();
        assert!(card.contains(fault), "{field}: {card}");
        assert!(field == "issue_text" || card.contains("收银系统宕机"), "{field}: {card}");
        world.hears("").await;
    }
    let toast = world.fills("zhang.wei", "issue", &complete).await;
    assert_eq!(toast, "问题 I1 已反馈（记为迟报），信息技术部会立即收到。");
    // 信息技术部 has one person as head and contact; he hears once.
    world
        .hears(
            "huang.lei ← 一般问题 I1：收银系统宕机
             ma.ning ← 一般问题 I1：收银系统宕机
             g-issues ← 一般问题 I1：收银系统宕机",
        )
        .await;
    assert!(world.card("huang.lei").await.to_string().contains("迟报"));
    // In one line the same holds.
    world.says("zhang.wei", &format!("/问题 {number} 紧急 @研发部 停电 发生：23:50")).await;
    world.hears("zhang.wei ← 反馈问题").await;
    world.says("zhang.wei", &format!("/问题 {number}/9 紧急 停电")).await;
    world.hears("zhang.wei ← 反馈问题").await;
    assert!(world.card("zhang.wei").await.to_string().contains("没有任务“"));
});

/// The contact plans it for his head; a plan that is not in order comes back.
async fn plans(world: &mut World) {
    world.presses("li.na", "plan_issue").await;
    world.hears("li.na ← 解决方案").await;
    let plan =
        [("cause", "连接池耗尽"), ("measures", "扩容"), ("issue_owner", "陈洁"), ("issue_due", "昨天")];
    world.fills("li.na", "solution", &plan).await;
    assert!(world.card("li.na").await.to_string().contains("没有找到“陈洁”"));
    let plan =
        [("cause", "连接池耗尽"), ("measures", "扩容"), ("issue_owner", "陈杰"), ("issue_due", "明天 12:00")];
    world.fills("li.na", "solution", &plan).await;
    world
        .hears(
            "zhang.wei ← 问题 I1 有了解决方案：陈杰，11月24日（周二）12:00前完成
             chen.jie ← 请解决问题 I1：接口返回 500 错误，11月24日（周二）12:00前完成",
        )
        .await;
}

story!(an_issue_goes_from_response_to_closing_and_every_act_stops_what_it_answers, |world| {
    let number = reported(world).await;
    let toast = world.presses("li.na", "respond_issue").await;
    assert_eq!(toast, "已响应问题 I1。");
    world
        .hears(
            "zhang.wei ← 李娜已响应问题 I1：接口返回 500 错误
             chen.jie ← 李娜已响应问题 I1：接口返回 500 错误",
        )
        .await;
    world.says("chen.jie", &format!("/respond {number}-I1")).await;
    assert!(world.heard().await.starts_with("chen.jie ← "), "somebody was faster");
    // The card in the group is the live summary.
    let group = world.messages("g-issues", "zhang.wei").await.last().unwrap()["card"].clone();
    assert_eq!((&group["tag"], &group["colour"]), (&"处理中".into(), &"blue".into()));
    plans(world).await;
    world.says("chen.jie", &format!("/进展 {number}-I1 已经扩容一半")).await;
    world
        .hears(
            "zhang.wei ← 问题 I1 的处理进展（陈杰）
             chen.jie ← 问题 I1 的进展已记录",
        )
        .await;
    world.says("chen.jie", &format!("/解决 {number}-I1 扩容到 200 连接 效果：错误率降为 0")).await;
    world
        .hears(
            "zhang.wei ← 问题 I1 已解决，请确认：接口返回 500 错误
             chen.jie ← 问题 I1 已标为解决，等反馈人确认",
        )
        .await;
    // Whoever solved it does not close it, whoever reported it does not solve it.
    world.says("chen.jie", &format!("/关闭问题 {number}-I1")).await;
    world.hears("chen.jie ← 没有执行：这一步不由您处理").await;
    world.says("zhang.wei", &format!("/解决 {number}-I1 我来 效果：好了")).await;
    world.hears("zhang.wei ← 没有执行：这一步不由您处理").await;
    world.presses("zhang.wei", "close_issue").await;
    world.hears("chen.jie ← 问题 I1 已关闭：接口返回 500 错误").await;
    let group = world.messages("g-issues", "zhang.wei").await.last().unwrap()["card"].clone();
    assert_eq!((&group["tag"], &group["colour"]), (&"已关闭".into(), &"grey".into()));
    // The page of the request tells all of it.
    world.says("zhang.wei", &format!("/show {number}")).await;
    let card = world.card("zhang.wei").await.to_string();
    for part in ["反馈重要问题 I1：接口返回 500 错误", "响应问题 I1", "扩容", "关闭问题 I1"]
    {
        assert!(card.contains(part), "{part}: {card}");
    }
    world.forgets().await;
    // Nothing of it is owed any more: the days go by in silence.
    world.is("2026-11-25 09:00").await;
    let heard = world.heard().await;
    assert!(!heard.contains("问题"), "{heard}");
});

story!(an_issue_that_is_not_solved_is_opened_again_with_a_reason, |world| {
    let number = reported(world).await;
    world.presses("li.na", "respond_issue").await;
    world.says("li.na", &format!("/解决 {number}-I1 重启 效果：恢复")).await;
    world.forgets().await;
    world.presses("zhang.wei", "reopen_issue").await;
    world.hears("zhang.wei ← 重新打开问题").await;
    world.fills("zhang.wei", "reopen", &[("reason", "")]).await;
    world.hears("").await;
    world.fills("zhang.wei", "reopen", &[("reason", "半小时后又出现")]).await;
    world
        .hears(
            "li.na ← 问题 I1 被重新打开，请继续处理：接口返回 500 错误
             chen.jie ← 问题 I1 被重新打开（张伟）：接口返回 500 错误
             ma.ning ← 问题 I1 被重新打开（张伟）：接口返回 500 错误",
        )
        .await;
    world.says("zhang.wei", &format!("/重开 {number}-I1 还是不行")).await;
    world.hears("zhang.wei ← 没有执行：问题 I1 现在不能这样做").await;
    // It is owed anew: 24 hours of a working day later the head hears.
    world.is("2026-11-24 10:00").await;
    let heard = world.heard().await;
    assert!(heard.contains("chen.jie ← 研发部的问题解决已超时（李娜）· 重要问题 I1"), "{heard}");
});

story!(an_issue_can_be_opened_again_after_the_request_is_over, |world| {
    let number = reported(world).await;
    world.presses("li.na", "respond_issue").await;
    world.says("li.na", &format!("/解决 {number}-I1 重启 效果：恢复")).await;
    world.presses("zhang.wei", "close_issue").await;
    world.says("li.na", &format!("/done {number}/1")).await;
    world.says("wang.fang", &format!("/done {number}/2")).await;
    world.presses("zhang.wei", "accept_delivery").await;
    world.forgets().await;
    world.says("zhang.wei", &format!("/重开 {number}-I1 上线后又出现")).await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← 问题 I1 被重新打开，请继续处理"), "{heard}");
    world.says("li.na", &format!("/进展 {number}-I1 正在查")).await;
    world.forgets().await;
});

story!(an_issue_of_no_request_stands_in_a_file_of_its_own, |world| {
    world.says("zhang.wei", "/问题 重要 @信息技术部 打印机全部离线").await;
    world
        .hears(
            "zhang.wei ← 问题 2026-Q4-XXB-001-I1 已反馈，信息技术部会立即收到
             huang.lei ← 重要问题 I1：打印机全部离线
             ma.ning ← 重要问题 I1：打印机全部离线
             g-issues ← 重要问题 I1：打印机全部离线",
        )
        .await;
    // It is in no list of requests, nor can anything be done with it that is for requests.
    world.says("zhang.wei", "/list").await;
    let heard = world.heard().await;
    assert!(!world.card("zhang.wei").await.to_string().contains("打印机"), "{heard}");
    for line in ["/cancel XXB-1 不用了", "/withdraw XXB-1", "/confirm XXB-1", "/tasks XXB-1"] {
        world.says("zhang.wei", line).await;
    }
    world.says("zhang.wei", "/问题清单").await;
    world.forgets().await;
    assert!(world.card("zhang.wei").await.to_string().contains("2026-Q4-XXB-001-I1"));
    world.presses("huang.lei", "respond_issue").await;
    world.hears("zhang.wei ← 黄磊已响应问题 I1：打印机全部离线").await;
    world.says("huang.lei", "/解决 XXB-1-I1 换了交换机 效果：恢复打印").await;
    world.forgets().await;
    world.presses("zhang.wei", "close_issue").await;
    world.hears("huang.lei ← 问题 I1 已关闭：打印机全部离线").await;
    world.says("sun.li", "/show XXB-1").await;
    world.hears("sun.li ← 没有找到需求“XXB-001”").await;
    world.says("zhang.wei", "/show XXB-1").await;
    world.hears("zhang.wei ← 重要问题 I1：打印机全部离线").await;
});

story!(another_department_takes_it_over_and_the_clock_goes_on, |world| {
    let number = reported(world).await;
    world.passes("30min").await;
    world.presses("li.na", "move_issue").await;
    world.hears("li.na ← 转交给其他部门").await;
    world.fills("li.na", "move_issue", &[("to_department", "XXB"), ("reason", "是网络问题")]).await;
    let heard = world.heard().await;
    assert!(heard.contains("huang.lei ← 问题 I1 转交给您的部门：接口返回 500 错误"), "{heard}");
    assert!(heard.contains("zhang.wei ← 问题 I1 由研发部转交信息技术部（李娜）"), "{heard}");
    // Reported at 10:00: half of the time is over at 11:00, and all of it at noon, as if nothing had happened.
    world.is("2026-11-23 11:00").await;
    world.hears("huang.lei ← 提醒：问题响应还在等您 · 重要问题 I1 接口返回 500 错误").await;
    world.is("2026-11-23 11:59").await;
    world.hears("").await;
    world.is("2026-11-23 12:00").await;
    world
        .hears(
            "huang.lei ← 问题响应已超时 · 重要问题 I1 接口返回 500 错误
             ma.ning ← 信息技术部的问题响应已超时（黄磊）· 重要问题 I1 接口返回 500 错误",
        )
        .await;
    world.says("li.na", &format!("/respond {number}-I1")).await;
    world.hears("li.na ← 没有执行：这一步不由您处理").await;
    world.presses("huang.lei", "respond_issue").await;
    let heard = world.heard().await;
    assert!(heard.contains("zhang.wei ← 黄磊已响应问题 I1"), "{heard}");
    world.says("zhang.wei", &format!("/问题 {number}-I1")).await;
    let card = world.card("zhang.wei").await.to_string();
    assert!(card.contains("问题 I1 由研发部转交信息技术部：是网络问题"), "{card}");
    world.forgets().await;
});

story!(a_graver_issue_begins_its_clock_again_and_says_so, |world| {
    let number = reported(world).await;
    world.passes("50min").await;
    world.says("li.na", &format!("/问题 改级 {number}-I1 一般 没那么急")).await;
    world.hears("li.na ← 没有执行：这一步不由您处理").await;
    world.says("zhang.wei", &format!("/问题 改级 {number}-I1 紧急 已影响全部门店")).await;
    let heard = world.heard().await;
    assert!(heard.contains("li.na ← 问题 I1 由重要改为紧急（张伟），时限重新计算"), "{heard}");
    world.is("2026-11-23 11:05").await;
    world.hears("li.na ← 提醒：问题响应还在等您 · 紧急问题 I1 接口返回 500 错误").await;
    world.is("2026-11-23 11:20").await;
    let heard = world.heard().await;
    assert!(heard.contains("chen.jie ← 研发部的问题响应已超时（李娜）"), "{heard}");
    assert!(heard.contains("ma.ning ← 研发部的启动协调会已超时（李娜）"), "{heard}");
    world.says("zhang.wei", &format!("/show {number}")).await;
    assert!(world.card("zhang.wei").await.to_string().contains("时限重新计算：已影响全部门店"));
    world.forgets().await;
});

story!(a_storm_of_reports_about_one_task_is_one_alarm_with_a_count, |world| {
    let number = at_work(world).await;
    world.says("zhang.wei", &format!("/问题 {number}/1 紧急 系统挂了")).await;
    world.forgets().await;
    let people = ["zhang.wei", "li.na", "wang.fang", "chen.jie", "liu.yang", "zhao.min", "guo.qiang"];
    for n in 2..=50 {
        let person = people[n % people.len()];
        world.says(person, &format!("/问题 {number}/1 紧急 系统挂了 {n}")).await;
        if n % 7 == 0 {
            world.passes("1min").await;
        }
    }
    let heard = world.heard().await;
    assert_eq!(
        heard.lines().count(),
        49,
        "each reporter hears that it is known, and nobody is called again: {heard}"
    );
    assert!(heard.lines().all(|l| l.contains("这个问题刚才已有人反馈（I1）")), "{heard}");
    let card = world.messages("g-issues", "zhang.wei").await.last().unwrap()["card"].to_string();
    assert!(card.contains("50 次"), "{card}");
    // A graver one, or one much later, is another one.
    world.says("zhang.wei", "/问题清单").await;
    assert!(world.heard().await.contains("问题（1 个）"));
    world.passes("11min").await;
    world.says("zhang.wei", &format!("/问题 {number}/1 紧急 又挂了")).await;
    assert!(world.heard().await.contains("zhang.wei ← 问题 I2 已反馈"));
});

story!(what_a_leaver_was_to_solve_passes_to_whoever_holds_the_duty_now, |world| {
    let number = reported(world).await;
    world.presses("li.na", "respond_issue").await;
    world.says("zhang.wei", &format!("/问题 {number} 重要 @研发部 另一个问题")).await;
    world.forgets().await;
    let file = without(world, &["li.na"]);
    let (code, said) = runs(world.database(), (&["directory", "import", &file], &[]));
    assert_eq!(code, Some(0), "{said}");
    world.settles().await;
    let heard = world.heard().await;
    // Contact → head: the task, the response of the one issue, solution and progress of the other, in one message.
    assert_eq!(heard, "chen.jie ← 您有 4 项事项已到提醒时间\n");
    world.says("chen.jie", &format!("/响应 {number}-I2")).await;
    let heard = world.heard().await;
    assert!(heard.contains("zhang.wei ← 陈杰已响应问题 I2：另一个问题"), "{heard}");
    world.says("chen.jie", &format!("/解决 {number}-I1 重启 效果：恢复")).await;
    let heard = world.heard().await;
    assert!(heard.contains("zhang.wei ← 问题 I1 已解决，请确认"), "{heard}");
});

story!(words_that_fit_no_issue_are_answered_with_what_can_be_done, |world| {
    let number = reported(world).await;
    for (person, line, answer) in [
        ("li.na", format!("/响应 {number}-I9"), "没有问题 I9"),
        ("li.na", format!("/响应 {number}-I1 但是"), "没有看懂这条 /响应 命令，所以没有执行"),
        ("li.na", format!("/关闭问题 {number}-I1"), "没有执行：这一步不由您处理"),
        ("zhang.wei", format!("/关闭问题 {number}-I1"), "没有执行：问题 I1 现在不能这样做"),
        ("tang.rui", format!("/响应 {number}-I1"), "没有找到需求“{number}”"),
        ("zhang.wei", format!("/issue move {number}-I1 @研发部 是他们的"), "没有执行：这一步不由您处理"),
        ("li.na", format!("/issue move {number}-I1 @研发部 还是我们"), "没有提交：内容没有变化"),
        ("li.na", format!("/issue move {number}-I1 @没有这个部门 理由"), "转交给其他部门"),
        ("zhang.wei", format!("/issue severity {number}-I1 特别急 理由"), "改严重程度"),
        ("tang.rui", "/响应".to_owned(), "问题（0 个）"),
        ("li.na", format!("/协调会 {number}-I1"), "协调会已启动"),
        ("li.na", format!("/进展 {number}-I1"), "处理进展"),
    ] {
        world.says(person, &line).await;
        let (heard, answer) = (world.heard().await, answer.replace("{number}", &number));
        assert!(heard.starts_with(&format!("{person} ← {answer}")), "{line}: {heard}");
    }
});
