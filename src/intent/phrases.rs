//! What people type, and what it is read as: the chat grammar told in rows.
//!
//! Invariant: a row reads `typed → wanted`, where the wanted side is the command's name and what is not left out.

use proptest::prelude::*;

use super::commands::COMMANDS;
use super::fault::Problem;
use super::*;

mod length;

fn said(kind: PlaceKind, to_bot: bool, text: &str) -> Option<Want> {
    let account = Account { platform: "sandbox".into(), tenant: String::new(), id: "wang.fang".into() };
    let place = Place { platform: "sandbox".into(), chat: ChatId::new("c1"), kind, message: None };
    let said = Said::Text { text: text.into(), to_bot, reply_to: Some(MessageId::new("m1")) };
    let intent = grammar::read(Inbound { event: "e1".into(), account, place, said }, "联络")?;
    assert_eq!((intent.key.as_str(), intent.reply_to.as_ref().map(MessageId::as_str)), ("e1", Some("m1")));
    Some(intent.want)
}

fn private(text: &str) -> Want {
    said(PlaceKind::Private, false, text).expect("private words are always answered")
}

/// The wanted side of a row: the name, then every value that is there, as `key=value`.
fn told(want: &Want) -> String {
    let fields = serde_json::to_value(want).unwrap().as_object().unwrap().clone();
    let of = |key: &str| fields.get(key).and_then(|w| w.as_str());
    let name = match (of("task_want"), of("decision_want"), of("risk_want"), of("issue_want")) {
        (Some("add"), ..) => "task",
        (Some("list"), ..) => "tasks",
        (Some("finish"), ..) => "done",
        (_, Some("mine"), ..) => "decide",
        (_, _, Some("list"), _) => "risk",
        (.., Some("report")) => "issue",
        (.., Some("list")) => "issues",
        (task, decision, risk, issue) => {
            let lesson = of("improve_want").map(|w| match w {
                "finish" => "improved",
                "take_back" => "take_back",
                _ => "improve",
            });
            task.or(decision).or(risk).or(issue).or(lesson).or(of("want")).unwrap()
        }
    };
    let mut told = vec![name.to_owned()];
    let kinds = ["want", "task_want", "decision_want", "risk_want", "issue_want", "improve_want"];
    for (key, value) in fields.iter().filter(|(key, _)| !kinds.contains(&key.as_str())) {
        match value {
            serde_json::Value::Null => {}
            serde_json::Value::String(text) => told.push(format!("{key}={text}")),
            serde_json::Value::Array(list) if list.is_empty() => {}
            serde_json::Value::Array(list) => {
                let list: Vec<_> = list.iter().filter_map(|item| item.as_str()).collect();
                told.push(format!("{key}={}", list.join("+")));
            }
            other if *key == "page" && other == 1 => {}
            other => told.push(format!("{key}={other}")),
        }
    }
    told[1..].sort();
    told.join(" ")
}

/// Holds rows against what is read.
pub(super) fn check(rows: &[(&str, &str)]) {
    for (typed, wanted) in rows {
        assert_eq!(told(&private(typed)), *wanted, "typed: {typed}");
    }
}

#[test]
fn a_request_is_named_in_any_spelling() {
    check(&[
        ("/confirm 2026-Q4-SCB-001", "confirm request=2026-Q4-SCB-001"),
        ("/confirm 2026-q4-scb-1", "confirm request=2026-Q4-SCB-001"),
        ("/确认 SCB-12", "confirm request=SCB-012"),
        ("／确认　ＳＣＢ－１２", "confirm request=SCB-012"),
        ("/确认 １２", "confirm request=012"),
        ("/确认 #12", "confirm request=012"),
        ("/确认", "confirm"),
        ("/确认12", "confirm request=012"),
        ("/确认SCB-12", "confirm request=SCB-012"),
        ("/确认无误 SCB-12", "confirm request=SCB-012"),
        ("/确认：SCB-12", "confirm request=SCB-012"),
        ("/确认，SCB-12。", "confirm request=SCB-012"),
        ("/ 确认   SCB-12  ", "confirm request=SCB-012"),
        ("/qr scb-12", "confirm request=SCB-012"),
        ("/QR SCB-12", "confirm request=SCB-012"),
        ("/ＣＯＮＦＩＲＭ 12", "confirm request=012"),
        ("/协作 确认 SCB-12", "confirm request=SCB-012"),
        ("/co confirm SCB-12", "confirm request=SCB-012"),
        ("/协作　/确认　SCB-12", "confirm request=SCB-012"),
        ("/co 确认12", "confirm request=012"),
        ("\u{feff}/确认 SCB-\u{200b}12", "confirm request=SCB-012"),
    ]);
}

#[test]
fn mentions_are_fine_anywhere() {
    check(&[
        ("/确认 SCB-12 @财务部", "confirm department=财务部 request=SCB-012"),
        ("/确认 @财务部 SCB-12", "confirm department=财务部 request=SCB-012"),
        ("/确认@财务部", "confirm department=财务部"),
        ("/确认 SCB-12@财务部", "confirm department=财务部 request=SCB-012"),
        ("/确认 SCB-12 ＠ＩＴ部。", "confirm department=IT部 request=SCB-012"),
        ("@联络 /确认 SCB-12", "confirm request=SCB-012"),
        ("/确认 @联络 SCB-12", "confirm request=SCB-012"),
        ("/确认 SCB-12 @联络", "confirm request=SCB-012"),
        ("/确认@联络 SCB-12", "confirm request=SCB-012"),
        ("＠联络\u{2005}/确认 SCB-12", "confirm request=SCB-012"),
        ("@财务部 /确认 SCB-12", "confirm department=财务部 request=SCB-012"),
        ("@财务部 /异议 SCB-12 太紧", "object department=财务部 reason=太紧 request=SCB-012"),
        ("/同意 SCB-12 @张伟", "approve request=SCB-012"),
        ("/同意 @张伟 SCB-12", "approve request=SCB-012"),
        ("/确认 SCB-12 @联络人", "confirm department=联络人 request=SCB-012"),
        ("/确认 SCB-12 @财务部 @市场部", "fault at=市场部 command=confirm problem=one_department"),
    ]);
}

#[test]
fn reasons_stay_as_typed() {
    check(&[
        ("/异议 SCB-12 时间太紧，改到 １２月　底", "object reason=时间太紧，改到 １２月　底 request=SCB-012"),
        ("/异议 SCB-12，时间太紧", "object reason=时间太紧 request=SCB-012"),
        ("/异议 SCB-12：3天不够", "object reason=3天不够 request=SCB-012"),
        ("/异议 SCB-12时间太紧", "object reason=时间太紧 request=SCB-012"),
        ("/异议 时间太紧", "object reason=时间太紧"),
        ("/异议 3 天不够", "object reason=3 天不够"),
        ("/object 3 days are too few", "object reason=3 days are too few"),
        ("/评论 3 个人觉得可以", "comment request=003 text=个人觉得可以"),
        ("/异议 SCB-12", "object request=SCB-012"),
        (
            "/异议 SCB-12 @财务部 时间太紧，@张伟 不在",
            "object department=财务部 reason=时间太紧，@张伟 不在 request=SCB-012",
        ),
        ("/object SCB-12 \"too\" tight", "object reason=\"too\" tight request=SCB-012"),
        ("/object scb-12 Line one\nline two", "object reason=Line one\nline two request=SCB-012"),
        ("/退回 SCB-12 预算没写", "return reason=预算没写 request=SCB-012"),
        ("/th 12 x", "return reason=x request=012"),
        ("/驳回异议 SCB-12 @财务部 不行", "decline department=财务部 reason=不行 request=SCB-012"),
        ("/升级 SCB-12", "escalate request=SCB-012"),
        (
            "/escalate SCB-12 @财务部 no agreement",
            "escalate department=财务部 reason=no agreement request=SCB-012",
        ),
        ("/取消 SCB-12 项目停了", "cancel reason=项目停了 request=SCB-012"),
        ("/催办 SCB-12 明天要用", "urge reason=明天要用 request=SCB-012"),
        ("/催 SCB-12", "urge request=SCB-012"),
        ("/评论 SCB-12 看这里 https://a.cn/x?y=1", "comment request=SCB-012 text=看这里 https://a.cn/x?y=1"),
        ("/评论 @张伟 请看", "comment text=@张伟 请看"),
        ("/comment", "comment"),
    ]);
}

#[test]
fn a_ruling_names_its_verdict() {
    check(&[
        ("/裁决 SCB-12 成立 时间确实太紧", "rule reason=时间确实太紧 request=SCB-012 uphold=true"),
        ("/裁决 SCB-12 不成立 已有预案", "rule reason=已有预案 request=SCB-012 uphold=false"),
        ("/裁决 SCB-12 成立，时间确实太紧", "rule reason=时间确实太紧 request=SCB-012 uphold=true"),
        ("/裁决 SCB-12 驳回 x", "rule reason=x request=SCB-012 uphold=false"),
        ("/仲裁 SCB-12 @财务部 支持 x", "rule department=财务部 reason=x request=SCB-012 uphold=true"),
        ("/rule SCB-12 Uphold yes", "rule reason=yes request=SCB-012 uphold=true"),
        ("/rule SCB-12 dismiss @财务部 no", "rule department=财务部 reason=no request=SCB-012 uphold=false"),
        ("/rule SCB-12", "rule request=SCB-012"),
        ("/rule SCB-12 maybe", "fault at=maybe command=rule problem=verdict"),
    ]);
}

#[test]
fn one_line_files_a_request() {
    check(&[
        ("/new", "new"),
        ("/发起 官网改版", "new title=官网改版"),
        (
            "/发起 官网改版 @市场部 @技术部 12月1日",
            "new date=12月1日 departments=市场部+技术部 title=官网改版",
        ),
        (
            "/发起 @市场部、@技术部 官网改版，二期 月底",
            "new date=月底 departments=市场部+技术部 title=官网改版，二期",
        ),
        ("/发起 官网 @市场部 改版 下周三", "new date=下周三 departments=市场部 title=官网 改版"),
        ("/发起 官网改版 12 月 1 日", "new date=12 月 1 日 title=官网改版"),
        ("/发起 12月1日 上线评审", "new title=12月1日 上线评审"),
        ("/发起 “12月1日 @上线” @技术部", "new departments=技术部 title=12月1日 @上线"),
        ("/发起 “双十一” 备货", "new title=“双十一” 备货"),
        ("/发起 备货 2月30日", "new date=2月30日 title=备货"),
        ("/发起 接口 v2: 联调 T+3", "new date=T+3 title=接口 v2: 联调"),
        ("/发起 备货 @市场部 @市场部", "new departments=市场部 title=备货"),
        ("/发起 备货 明天下午3点", "new date=明天下午3点 title=备货"),
        (
            "/new Launch plan @Marketing next friday",
            "new date=next friday departments=Marketing title=Launch plan",
        ),
        ("/new Launch plan in 3 working days", "new date=in 3 working days title=Launch plan"),
        ("/new Version 12.1", "new title=Version 12.1"),
        ("/new Mail from a@b.com", "new title=Mail from a@b.com"),
        ("/新建 备货 截止 12-01", "new date=截止 12-01 title=备货"),
        ("/fq 月底", "new date=月底"),
    ]);
}

#[test]
fn looking_and_settings_read_their_words() {
    check(&[
        ("/my", "my"),
        ("/待办。", "my"),
        ("/db", "my"),
        ("/list", "list"),
        ("/list 财务部 逾期", "list words=财务部+逾期"),
        ("/查询 @财务部，逾期 第2页", "list page=2 words=财务部+逾期"),
        ("/查询 逾期 第 二 页", "list page=2 words=逾期"),
        ("/list Open page 3", "list page=3 words=Open"),
        ("/list page ２", "list page=2"),
        ("/list page", "list words=page"),
        ("/list page 0", "fault at=0 command=list problem=page"),
        ("/show scb-1", "show request=SCB-001"),
        ("/详情", "show"),
        ("/why 12", "why request=012"),
        ("/撤回 12", "withdraw request=012"),
        ("/修改 12", "revise request=012"),
        ("/help", "help"),
        ("/帮助 确认", "help word=confirm"),
        ("/help /qr", "help word=confirm"),
        ("/help 期限", "help word=期限"),
        ("/?", "help"),
        ("/", "help"),
        ("/协作", "help"),
        ("", "help"),
        ("/whoami", "whoami"),
        ("/状态", "status"),
        ("/settings", "settings"),
        ("/settings language en", "settings language=en"),
        ("/设置 语言 英文", "settings language=en"),
        ("/设置 语言：中文", "settings language=zh"),
        ("/settings quiet 22:00-08:00", "settings quiet=22:00-08:00"),
        ("/设置 免打扰 ２２：００～8:00", "settings quiet=22:00-08:00"),
        ("/设置 免打扰 22点到8点半", "settings quiet=22:00-08:30"),
        ("/设置 免打扰 关", "settings quiet=off"),
        ("/settings quiet off language zh", "settings language=zh quiet=off"),
        ("/settings colour red", "fault at=colour command=settings problem=setting"),
        ("/settings language", "fault at=language command=settings problem=value"),
        ("/settings language fr", "fault at=fr command=settings problem=language"),
        ("/settings quiet 25:00-08:00", "fault at=25:00-08:00 command=settings problem=quiet"),
        ("/bind", "bind"),
        ("/bind managers", "bind what=managers"),
        ("/绑定 问题群", "bind what=issues"),
        ("/绑定 项目 SCB-12", "bind request=SCB-012 what=project"),
        ("/bind SCB-12", "bind request=SCB-012 what=project"),
        ("/bind kitchen", "fault at=kitchen command=bind problem=bind"),
    ]);
}

#[test]
fn what_cannot_be_read_is_named() {
    check(&[
        ("/确认 SCB-12 但要改期", "fault at=但要改期 command=confirm problem=extra"),
        ("/确认 2026-Q5-SCB-001", "fault at=2026-Q5-SCB-001 command=confirm problem=request"),
        ("/异议 SCB-00l 时间太紧", "fault at=SCB-00l command=object problem=request"),
        ("/确认 SCB-12？", "fault at=？ command=confirm problem=extra"),
        ("/确认？", "unknown nearest=confirm typed=确认？"),
        ("/同意 SCB-12 好", "fault at=好 command=approve problem=extra"),
        ("/my things", "fault at=things command=my problem=extra"),
        ("/comfirm SCB-12", "unknown nearest=confirm typed=comfirm"),
        ("/确人 SCB-12", "unknown nearest=confirm typed=确人"),
        ("/co comfirm 12", "unknown nearest=confirm typed=comfirm"),
        ("/qwertz", "unknown typed=qwertz"),
        ("你好", "unknown typed=你好"),
        ("帮助", "unknown nearest=help typed=帮助"),
        ("我想确认一下", "unknown nearest=confirm typed=我想确认一下"),
    ]);
}

#[test]
fn group_talk_is_not_for_us_until_it_is() {
    let group = |to_bot, text| said(PlaceKind::Group, to_bot, text).map(|want| told(&want));
    assert_eq!(group(false, "大家中午吃什么"), None);
    assert_eq!(group(false, ""), None);
    assert_eq!(group(false, "/"), None);
    assert_eq!(group(false, "/tmp/x is full"), None);
    assert_eq!(group(false, "@张伟 /确认 SCB-12"), None);
    assert_eq!(group(false, "/确认 SCB-12").as_deref(), Some("confirm request=SCB-012"));
    assert_eq!(group(false, "/确人 SCB-12").as_deref(), Some("unknown nearest=confirm typed=确人"));
    assert_eq!(group(true, "@联络 /确认 SCB-12").as_deref(), Some("confirm request=SCB-012"));
    assert_eq!(group(true, "@联络 你好").as_deref(), Some("unknown typed=你好"));
    assert_eq!(group(true, "@联络").as_deref(), Some("help"));
}

#[test]
fn a_button_is_what_it_stands_for() {
    let account = Account { platform: "sandbox".into(), tenant: String::new(), id: "li.na".into() };
    let message = Some(MessageId::new("m7"));
    let place =
        Place { platform: "sandbox".into(), chat: ChatId::new("c1"), kind: PlaceKind::Group, message };
    let want =
        Want::Object { request: Some("SCB-012".into()), department: None, reason: None, version: Some(2) };
    let values = FormValues::from([("reason".to_owned(), "太紧".to_owned())]);
    let said = Said::Press { want: want.clone(), values: values.clone(), drawing: None };
    let intent = grammar::read(Inbound { event: "e2".into(), account, place, said }, "联络").unwrap();
    assert_eq!((intent.want, intent.values, intent.key.as_str()), (want, values, "e2"));
}

#[test]
fn every_name_opens_its_command() {
    for command in COMMANDS {
        for name in command.names {
            for typed in [format!("/{name}"), format!("／协作 {name}"), format!("/{}!", name.to_uppercase())]
            {
                assert_eq!(told(&private(&typed)), command.name(), "typed: {typed}");
            }
        }
    }
}

#[test]
fn every_command_and_fault_has_its_texts() {
    for language in ["zh", "en"] {
        let texts = manual::catalogue(language);
        let text = |key: &str| {
            let mut parts = key.split('.');
            let first = texts.get(parts.next().unwrap());
            let text = parts.fold(first, |table, part| table.and_then(|table| table.get(part)));
            text.and_then(|text| text.as_str()).expect("every key has its text").to_owned()
        };
        for problem in Problem::ALL {
            assert!(!text(&format!("fault.{}", problem.key())).is_empty());
        }
        let page = manual::reference("", &text);
        for command in COMMANDS {
            assert_eq!(page.matches(&text(&command.summary_key())).count(), 1);
            let usage = text(&command.usage_key());
            assert!(
                usage.starts_with(&format!("/{}", command.name()))
                    || usage.starts_with(&format!("/{}", command.chinese())),
                "{usage}"
            );
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_and_the_answer_is_bounded(text in "(/(new|异议|确认|list|rule|设置|bind|co) ?)?\\PC{0,80}|[/@“”「」\" 0-9:：，确认议\u{200b}-]{0,60}") {
        let want = private(&text);
        prop_assert!(told(&want).chars().count() <= text.chars().count() * 2 + 120);
        said(PlaceKind::Group, true, &text);
        said(PlaceKind::Group, false, &text);
    }

    #[test]
    fn a_reason_comes_back_as_typed(reason in "[\\PC&&[^\\s]]\\PC{0,60}[\\PC&&[^\\s]]") {
        prop_assume!(!reason.starts_with(|c: char| ",，、;；:：@＠".contains(c)) && !reason.contains("联络"));
        let want = private(&format!("/object SCB-12 {reason}"));
        let Want::Object { reason: Some(read), .. } = want else { return Err(TestCaseError::fail(told(&want))) };
        prop_assert_eq!(read, reason);
    }
}
