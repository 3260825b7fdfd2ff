//! Web forms behind signed links: the same acts for people whose messenger has no forms.

use crate::world::ground::runs;
use crate::world::pages::long_ago;
use crate::world::stranger::Stranger;
use crate::world::{World, filled, story};

/// Filed and approved by links as far as it concerns the departments.
async fn asked(world: &mut World) -> String {
    let number = world.files_and_approves().await;
    world.loses_forms().await;
    // Cards that are out there keep their buttons; these are fresh ones.
    for person in ["wang.fang", "li.na", "zhang.wei"] {
        world.says(person, &format!("/show {number}")).await;
    }
    world.forgets().await;
    number
}

story!(a_link_shows_what_is_asked_and_changes_nothing_until_it_is_submitted, |world| {
    let number = asked(world).await;
    let link = world.link("wang.fang", "confirm").await;
    for _ in 0..2 {
        let page = world.opens(&link).await;
        assert_eq!(page.status, 200);
        for words in [number.as_str(), "测算推广预算", "您正以王芳的名义办理", "确认"] {
            page.says(words);
        }
        assert_eq!(page.headers["cache-control"], "no-store");
        assert_eq!(page.headers["referrer-policy"], "no-referrer");
        page.is_silent_about(link.rsplit('/').next().unwrap());
    }
    world.settles().await;
    world.hears("").await;

    let page = world.opens(&link).await;
    let done = world.submits(&link, &page, "confirm", &[]).await;
    assert_eq!(done.status, 200, "{}", done.text);
    done.says("told success");
    done.says("王芳");
    assert!(!done.can_submit(), "there is nothing more to do");
    world.hears("zhang.wei ← 财务部已确认（王芳）").await;

    // Pressed twice, reloaded: one act, the first answer.
    let again = world.submits(&link, &page, "confirm", &[]).await;
    assert_eq!(again.status, 200, "{}", again.text);
    again.says("told success");
    let later = world.opens(&link).await;
    later.says("told info");
    later.says("王芳");
    assert!(!later.can_submit(), "opened again, it shows how things stand");
    let mut signed = world.numbers("SELECT COUNT(*) FROM signature", 1).await;
    assert_eq!(signed.pop(), Some(1));
    world.hears("").await;
});

story!(a_form_says_beside_its_fields_what_is_wrong_and_keeps_what_was_typed, |world| {
    asked(world).await;
    let link = world.link("li.na", "object").await;
    let page = world.opens(&link).await;
    page.says("name=\"reason\"");
    page.says("提供技术资料");
    let typed = [("reason", "两周做不完 <b>&</b>"), ("suggestion", " ")];
    let wrong = world.submits(&link, &page, "object", &typed).await;
    assert_eq!(wrong.status, 422);
    wrong.says("两周做不完 &lt;b&gt;&amp;&lt;/b&gt;");
    wrong.says("id=\"f-suggestion-error\"");
    wrong.is_silent_about("f-reason-error");
    wrong.is_silent_about("<b>&");
    world.hears("").await;
    let right = [("reason", "两周做不完"), ("suggestion", "顺延到 12 月 22 日")];
    let done = world.submits(&link, &wrong, "object", &right).await;
    assert_eq!(done.status, 200, "{}", done.text);
    done.says("told success");
    world
        .hears(
            "zhang.wei ← 研发部提出异议，请答复
             liu.yang ← 研发部提出异议（李娜）
             chen.jie ← 研发部提出异议（李娜）",
        )
        .await;
});

story!(a_request_is_filed_on_a_page_with_as_many_rows_as_it_needs, |world| {
    world.loses_forms().await;
    world.says("zhang.wei", "/new 新品上市推广 @研发部").await;
    let link = world.link("zhang.wei", "file").await;
    let page = world.opens(&link).await;
    page.says("value=\"新品上市推广\"");
    page.says("<option value=\"YFB\" selected=\"\">");
    page.is_silent_about("ask3_task");
    let values = filled(&[("background", "")]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let more = world.submits(&link, &page, "add_row", &values).await;
    assert_eq!(more.status, 200, "{}", more.text);
    more.says("ask3_task");
    more.says("测算推广预算");
    let wrong = world.submits(&link, &more, "file", &values).await;
    assert_eq!(wrong.status, 422);
    wrong.says("f-background-error");
    wrong.says("测算推广预算");
    world.forgets().await;
    let values = filled(&[]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let done = world.submits(&link, &wrong, "file", &values).await;
    assert_eq!(done.status, 200, "{}", done.text);
    done.says("-SCB-001");
    world.submits(&link, &wrong, "file", &values).await;
    world.hears("liu.yang ← 请审批市场部的协作需求").await;
});

story!(only_our_own_links_open_and_only_our_own_pages_submit, |world| {
    asked(world).await;
    let link = world.link("wang.fang", "confirm").await;
    let page = world.opens(&link).await;
    let other = world.link("li.na", "confirm").await;
    let forged = |place: usize| {
        let mut text = link.clone();
        let at = text.len() - place;
        let changed = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
        text.replace_range(at..=at, changed);
        text
    };
    for link in [forged(3), forged(40), forged(120), format!("{}/forms/none", world.url())] {
        let closed = world.opens(&link).await;
        assert_eq!(closed.status, 404);
        closed.says("这个链接打不开");
        let posted = world.posts_form(&link, &page.submission(), "confirm", &[]).await;
        assert_eq!(posted.status, 404);
    }
    let theirs = world.opens(&other).await.submission();
    for submission in ["", "1.AAAAAAAAAAAAAAAAAAAAAA", &theirs] {
        let posted = world.posts_form(&link, submission, "confirm", &[]).await;
        assert_eq!(posted.status, 403, "{submission}");
        posted.says("没有提交");
    }
    let posted = world.posts_from_elsewhere(&link, &page.submission(), "confirm").await;
    assert_eq!(posted.status, 403);
    let body = crate::world::client().post(&link).body("{}").send().await.unwrap();
    assert_eq!(body.status(), 400, "no form at all");
    let many: Vec<(String, &str)> = (0..500).map(|n| (format!("f{n}"), "x")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(field, value)| (field.as_str(), *value)).collect();
    assert_eq!(world.posts_form(&link, &page.submission(), "confirm", &many).await.status, 400);
    world.hears("").await;
});

story!(a_link_ends_and_says_what_to_do_then, |world| {
    asked(world).await;
    let link = world.link("wang.fang", "confirm").await;
    let fresh = world.opens(&link).await;
    let still = world.ending(&link, world.now().await + jiff::SignedDuration::from_hours(24 * 365 * 50));
    assert_eq!(world.opens(&still).await.status, 200, "signed as the service does");
    let ended = world.ending(&link, long_ago());
    let page = world.opens(&ended).await;
    assert_eq!(page.status, 410);
    page.says("/我的");
    assert_eq!(world.posts_form(&ended, &fresh.submission(), "confirm", &[]).await.status, 410);
    let english = crate::world::client().get(&ended).header("accept-language", "en-US").send().await.unwrap();
    assert!(english.text().await.unwrap().contains("This link has expired"));
    world.hears("").await;
});

story!(who_has_left_or_was_replaced_can_do_nothing_with_an_old_link, |world| {
    asked(world).await;
    let finance = world.link("wang.fang", "confirm").await;
    let research = world.link("li.na", "confirm").await;
    let (mine, hers) = (world.opens(&finance).await, world.opens(&research).await);
    let company = include_str!("../../config/demo/directory.toml")
        .replacen("id = \"wang.fang\"\n", "id = \"wang.fang\"\nactive = false\n", 1)
        .replace("contact = \"wang.fang\"\n", "")
        .replace("contact = \"li.na\"\n", "contact = \"huang.lei\"\n");
    let file = world.keeps_file("directory.toml", &company);
    let (code, said) = runs(world.database(), (&["directory", "import", &file], &[]));
    assert_eq!(code, Some(0), "{said}");
    world.settles().await;
    world.forgets().await;

    let gone = world.opens(&finance).await;
    assert_eq!(gone.status, 404, "{}", gone.text);
    gone.is_silent_about("新品上市推广");
    assert_eq!(world.submits(&finance, &mine, "confirm", &[]).await.status, 404);

    let replaced = world.opens(&research).await;
    assert!(!replaced.can_submit(), "{}", replaced.text);
    let refused = world.submits(&research, &hers, "confirm", &[]).await;
    assert!([404, 409].contains(&refused.status), "{}", refused.text);
    let mut signed = world.numbers("SELECT COUNT(*) FROM signature", 1).await;
    assert_eq!(signed.pop(), Some(0));
    world.hears("").await;
});

story!(a_link_of_an_older_version_does_not_sign_the_newer_one, |world| {
    let number = asked(world).await;
    let link = world.link("wang.fang", "confirm").await;
    let page = world.opens(&link).await;
    let object = world.link("li.na", "object").await;
    let objection = world.opens(&object).await;
    let words = [("reason", "两周做不完"), ("suggestion", "顺延到 12 月 22 日")];
    world.submits(&object, &objection, "object", &words).await;
    let revise = world.link("zhang.wei", "revise").await;
    let form = world.opens(&revise).await;
    form.says("测算推广预算");
    let values = filled(&[("ask1_wanted_by", "2026-12-22"), ("ask2_task", "测算推广预算和回报")]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let done = world.submits(&revise, &form, "file", &values).await;
    assert_eq!(done.status, 200, "{}", done.text);
    done.says(&number);
    world.forgets().await;
    let refused = world.submits(&link, &page, "confirm", &[]).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    refused.says("测算推广预算和回报");
    assert!(!refused.can_submit());
    world.hears("").await;
});

story!(a_form_that_cannot_be_committed_comes_back_with_everything_typed_and_counts_once, |world| {
    asked(world).await;
    let link = world.link("li.na", "object").await;
    let page = world.opens(&link).await;
    let typed = [("reason", "两周做不完"), ("suggestion", "顺延到 12 月 22 日")];
    let stranger = Stranger::holds(world.database()).await;
    let later = crate::world::client().post(&link);
    let own = [("_submission", page.submission()), ("_button", "object".to_owned())];
    let all: Vec<(&str, String)> =
        own.into_iter().chain(typed.map(|(field, value)| (field, value.to_owned()))).collect();
    let later = later.form(&all).send().await.unwrap();
    assert_eq!(later.status(), 503);
    assert_eq!(later.headers()["retry-after"], "2");
    let text = later.text().await.unwrap();
    for words in ["您填写的内容都还在", "两周做不完", "顺延到 12 月 22 日", &page.submission()]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    stranger.lets_go().await;
    world.hears("").await;
    for _ in 0..2 {
        let done = world.submits(&link, &page, "object", &typed).await;
        assert_eq!(done.status, 200, "{}", done.text);
    }
    let rounds = world.numbers("SELECT COUNT(*) FROM objection", 1).await;
    assert_eq!(rounds, [1]);
    world.forgets().await;
});

story!(a_ruling_comes_with_what_its_button_chose_and_can_still_be_changed, |world| {
    let number = asked(world).await;
    world.says("li.na", &format!("/object {number} 两周做不完，建议：顺延一周")).await;
    world.says("zhang.wei", &format!("/escalate {number} 双方意见不一")).await;
    world.forgets().await;
    let link = world.link("gao.jianguo", "uphold").await;
    let page = world.opens(&link).await;
    page.says("<option value=\"uphold\" selected=\"\">");
    let values = [("ruling", "dismiss"), ("reason", "按原计划执行")];
    let done = world.submits(&link, &page, "rule", &values).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let dismissed = world.numbers("SELECT COUNT(*) FROM objection WHERE stage = 'dismissed'", 1).await;
    assert_eq!(dismissed, [1]);
    done.says("按原计划执行");
    world.forgets().await;
});

story!(a_group_gets_no_links_and_a_link_to_read_is_only_read, |world| {
    let number = asked(world).await;
    world.says_in("zhang.wei", "g-project", &format!("@bot /show {number}")).await;
    let messages = world.messages("g-project", "zhang.wei").await;
    assert!(!serde_json::to_string(&messages).unwrap().contains("/forms/"), "{messages:?}");
    world.forgets().await;
    let other = world.link("wang.fang", "why").await;
    let page = world.opens(&other).await;
    assert_eq!(page.status, 200);
    page.says(&number);
    assert!(!page.can_submit());
    let confirm = world.link("wang.fang", "confirm").await;
    let submission = world.opens(&confirm).await.submission();
    assert_eq!(world.posts_form(&other, &submission, "confirm", &[]).await.status, 403);
    world.hears("").await;
});
