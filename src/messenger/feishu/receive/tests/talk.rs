//! What people say in messages: mentions, posts, other bots, and what has no words.

use proptest::prelude::*;

use super::*;
use crate::intent::PlaceKind;

/// A message event in a group; fields of `message` can be replaced.
fn message(kind: &str, content: &Value, mentions: &Value, more: &Value) -> Value {
    let mut message = json!({
        "message_id": "om_1", "create_time": 1_795_219_198_765_i64, "chat_id": "oc_5", "chat_type": "group",
        "message_type": kind, "content": content.to_string(), "mentions": mentions,
    });
    message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let sender = json!({ "sender_id": { "open_id": "ou_1" }, "sender_type": "user", "tenant_key": TENANT });
    envelope("im.message.receive_v1", &json!({ "sender": sender, "message": message }))
}

fn mention(key: &str, open_id: &str, name: &str) -> Value {
    json!({ "key": key, "id": { "open_id": open_id }, "mentioned_type": "user", "name": name })
}

fn group(text: &str, mentions: &Value) -> Value {
    message("text", &json!({ "text": text }), mentions, &json!({}))
}

fn said(envelope: &Value) -> (String, bool) {
    let inbound = heard(deliver(&door(), envelope));
    let (text, to_bot) = words(&inbound);
    (text.to_owned(), to_bot)
}

#[test]
fn the_bot_is_addressed_by_its_own_mention_and_by_nothing_else() {
    let bot = json!([mention("@_user_1", BOT, "协同助手")]);
    assert_eq!(said(&group("@_user_1 /my", &bot)), ("/my".into(), true));
    assert_eq!(said(&group("/my@_user_1", &bot)), ("/my".into(), true));
    assert_eq!(said(&group("@_user_1", &bot)), (String::new(), true));
    let somebody = json!([mention("@_user_1", "ou_2", "协同助手")]);
    assert_eq!(said(&group("@_user_1 /my", &somebody)), ("@协同助手 /my".into(), false));
    assert_eq!(said(&group("@协同助手 /my", &json!(null))), ("@协同助手 /my".into(), false));
    assert_eq!(said(&group("@_all /my", &json!([]))), ("@_all /my".into(), false));
    let all = json!([{ "key": "@_all", "id": {}, "name": "所有人" }]);
    assert_eq!(said(&group("@_all 更新进度", &all)), ("@所有人 更新进度".into(), false));
}

#[test]
fn before_the_bot_knows_its_name_any_bot_counts_as_it() {
    let door = Door::new(&options(KEY, TOKEN), seal());
    let mentions = |kind: &str| json!([{ "key": "@_user_1", "id": { "open_id": "ou_x" }, "mentioned_type": kind, "name": "某" }]);
    let heard = |kind: &str| heard(deliver(&door, &group("@_user_1 /my", &mentions(kind))));
    assert_eq!(words(&heard("bot")), ("/my", true));
    assert_eq!(words(&heard("user")), ("@某 /my", false));
}

#[test]
fn the_tenth_mention_is_not_the_first_with_a_nought() {
    let mut mentions = vec![mention("@_user_1", BOT, "协同助手")];
    mentions.extend((2..=11).map(|n| mention(&format!("@_user_{n}"), &format!("ou_{n}"), &format!("人{n}"))));
    let text = (1..=11).map(|n| format!("@_user_{n}")).collect::<Vec<_>>().join(" ");
    let named = (2..=11).map(|n| format!("@人{n}")).collect::<Vec<_>>().join(" ");
    assert_eq!(said(&group(&text, &json!(mentions))), (named.clone(), true));
    mentions.reverse();
    assert_eq!(said(&group(&text, &json!(mentions))), (named, true), "in whatever order they are listed");
    let first = json!([mention("@_user_1", "ou_2", "李四")]);
    assert_eq!(said(&group("@_user_10 来", &first)), ("@_user_10 来".into(), false));
}

#[test]
fn a_name_never_becomes_a_command() {
    let named = |name: &str, text: &str| {
        let mentions = json!([mention("@_user_1", BOT, "协同助手"), mention("@_user_2", "ou_2", name)]);
        said(&group(text, &mentions)).0
    };
    assert_eq!(named("x /approve SCB-1", "@_user_1 @_user_2 你看"), "@x__approve_SCB-1 你看");
    assert_eq!(named("/cancel", "@_user_1 @_user_2"), "@_cancel");
    assert_eq!(named("@_user_1", "@_user_2"), "@__user_1", "names are not looked into again");
    assert_eq!(named("Li\u{a0}Na", "@_user_2"), "@Li_Na");
    assert_eq!(named("李四", "@_user_1 /confirm SCB-12@_user_2请看"), "/confirm SCB-12@李四 请看");
    for name in ["a\n/my", "a：/my", "a\" /my", "a，/my", "「a」/my", "＂/my"] {
        let inbound = {
            let mentions = json!([mention("@_user_1", BOT, "联络"), mention("@_user_2", "ou_2", name)]);
            heard(deliver(&door(), &group("@_user_1 @_user_2", &mentions)))
        };
        let want = crate::intent::grammar::read(inbound, "联络").unwrap().want;
        assert!(!matches!(want, Want::My), "{name}: {want:?}");
    }
}

proptest! {
    #[test]
    fn whoever_is_mentioned_the_command_is_the_same(name in ".{0,8}|\\PC{0,12}|[@/.!?:;, \\n\"a]{0,6}", before in any::<bool>()) {
        let mentions = json!([mention("@_user_1", BOT, "联络"), mention("@_user_2", "ou_2", &name)]);
        let text = if before { "@_user_2 @_user_1 /approve SCB-12" } else { "@_user_1 /approve SCB-12 @_user_2" };
        let inbound = heard(deliver(&door(), &group(text, &mentions)));
        let want = Want::Approve { request: Some("SCB-012".into()), version: None };
        prop_assert_eq!(crate::intent::grammar::read(inbound, "联络").unwrap().want, want);
    }
}

#[test]
fn gaps_and_the_first_slash_are_plain_and_the_rest_is_as_typed() {
    let private = |text: &str| {
        let more = json!({ "chat_type": "p2p" });
        said(&message("text", &json!({ "text": text }), &json!(null), &more)).0
    };
    assert_eq!(private("\u{3000}／confirm\u{a0}SCB-12\u{3000}"), "/confirm SCB-12");
    assert_eq!(private("/object SCB-12 预算／人力　都不够"), "/object SCB-12 预算／人力 都不够");
    assert_eq!(private("第一行\n第二行"), "第一行\n第二行");
}

#[test]
fn a_post_is_its_paragraphs() {
    let content = json!({ "title": " 周报 ", "content": [
        [{ "tag": "text", "text": "甲" }, { "tag": "a", "href": "https://e.cn", "text": "链接" },
         { "tag": "a", "href": "https://e.cn/x" }],
        [{ "tag": "at", "user_id": "@_user_1", "user_name": "协同助手" }, { "tag": "at", "user_id": "@_user_2" },
         { "tag": "text", "text": "看" }, { "tag": "at", "user_id": "@_all", "user_name": "所有人" }],
        [{ "tag": "img", "image_key": "k" }, { "tag": "emotion", "emoji_type": "SMILE" }],
        [{ "tag": "hr" }],
        [{ "tag": "code_block", "language": "rust", "text": "let a = 1;" }],
        [{ "tag": "md", "text": "**乙**" }, { "tag": "of_tomorrow", "what": 1 }],
        [],
    ] });
    let mentions = json!([mention("@_user_1", BOT, "协同助手"), mention("@_user_2", "ou_2", "李四")]);
    let (text, to_bot) = said(&message("post", &content, &mentions, &json!({})));
    assert_eq!(text, "周报\n甲链接https://e.cn/x\n@李四 看@所有人 \nlet a = 1;\n**乙**");
    assert!(to_bot);
    let command = json!({ "title": "", "content": [[
        { "tag": "at", "user_id": "@_user_1" }, { "tag": "text", "text": " /confirm SCB-12" },
    ]] });
    assert_eq!(said(&message("post", &command, &mentions, &json!({}))).0, "/confirm SCB-12");
    let by_id = json!({ "content": [[{ "tag": "at", "user_id": "ou_2" }, { "tag": "text", "text": "好" }]] });
    assert_eq!(said(&message("post", &by_id, &mentions, &json!({}))).0, "@李四 好");
}

#[test]
fn what_has_no_words_leads_to_help_in_private_and_is_left_alone_in_groups() {
    for kind in ["image", "file", "audio", "media", "sticker", "interactive", "location", "of_tomorrow"] {
        let content = json!({ "image_key": "img" });
        let private = message(kind, &content, &json!(null), &json!({ "chat_type": "p2p" }));
        let inbound = heard(deliver(&door(), &private));
        assert_eq!((words(&inbound), inbound.place.kind), (("", true), PlaceKind::Private));
        let want = crate::intent::grammar::read(inbound, "联络").unwrap().want;
        assert_eq!(want, Want::Help { word: None });
        let received = deliver(&door(), &message(kind, &content, &json!([]), &json!({})));
        assert!(matches!(received, Ok(Received::Nothing(_))), "{kind}: {received:?}");
    }
    let system = message("system", &json!({}), &json!(null), &json!({ "chat_type": "p2p" }));
    assert!(matches!(deliver(&door(), &system), Ok(Received::Nothing(_))));
}

#[test]
fn bots_are_not_listened_to() {
    for (kind, open_id) in [("bot", "ou_77"), ("app", "ou_77"), ("user", BOT)] {
        let mut talk = group("@_user_1 ping", &json!([mention("@_user_1", BOT, "协同助手")]));
        talk["event"]["sender"]["sender_type"] = json!(kind);
        talk["event"]["sender"]["sender_id"]["open_id"] = json!(open_id);
        assert!(matches!(deliver(&door(), &talk), Ok(Received::Nothing(_))), "{kind} {open_id}");
    }
}

#[test]
fn somebody_of_another_company_is_an_account_of_theirs() {
    let mut talk = group("/my", &json!(null));
    talk["event"]["sender"]["tenant_key"] = json!("another");
    assert_eq!(heard(deliver(&door(), &talk)).account.tenant, "another");
    talk["event"]["sender"]["tenant_key"] = json!(null);
    assert_eq!(heard(deliver(&door(), &talk)).account.tenant, TENANT);
    talk["event"]["sender"]["sender_id"] = json!({ "user_id": "u1", "open_id": "" });
    assert_eq!(heard(deliver(&door(), &talk)).account.id, "user_id:u1");
    talk["event"]["sender"]["sender_id"] = json!(null);
    assert!(matches!(deliver(&door(), &talk), Ok(Received::Nothing(_))));
}

#[test]
fn content_that_is_not_what_it_says_is_nothing() {
    for (kind, content) in
        [("text", "hello"), ("text", "{}"), ("post", "[]"), ("post", "{\"content\":5}"), ("text", "")]
    {
        let talk =
            message(kind, &json!({}), &json!(null), &json!({ "content": content, "chat_type": "p2p" }));
        let received = deliver(&door(), &talk);
        assert!(matches!(received, Ok(Received::Nothing(_))), "{kind} {content}: {received:?}");
    }
}
