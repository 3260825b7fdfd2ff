//! The facts page's table of codes, read over the classifier.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn of(status: u16, body: &Value) -> ApiError {
    read(&Answer { status, body: Some(body), is_page: false })
}

#[test]
fn every_code_of_the_page_has_its_reaction() {
    let page: &[(Class, u16, &[&str])] = &[
        (Class::Token, 400, &["InvalidAuthentication"]),
        (Class::Config, 400, &["invalidClientIdOrSecret", "invalidParameter.robotCode.auth"]),
        (Class::Limit, 403, &["Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"]),
        (
            Class::Limit,
            403,
            &["Forbidden.AccessDenied.QpsLimitForApi", "Forbidden.AccessDenied.QpmLimitForApi"],
        ),
        (Class::Quota, 403, &["Forbidden.AccessDenied.ApiCountLimitForOrg"]),
        (Class::Limit, 400, &["send.too.fast", "too.many.group", "too.many.people", "toomuch.msg"]),
        (Class::Limit, 400, &["send.byToken.tooFast"]),
        (Class::Config, 403, &[NO_PERMISSION, "Forbidden.AccessDenied.IpNotInWhiteList"]),
        (Class::Content, 400, &["param.x", "invalidParameter.x", "miss.param.x", "contain.x"]),
        (Class::Receiver, 400, &["group.disbanded", "resource.not.found"]),
        (Class::Done, 400, &["param.cardAlreadyExist", "todo.taskCreate.paramError"]),
        (Class::Unclear, 500, &["system.busy", "system.error"]),
        (Class::Template, 400, &["param.templateNotExist", "param.templateUnpublished"]),
    ];
    for (class, status, codes) in page {
        for code in *codes {
            let error = of(*status, &json!({"code": code, "message": "x", "requestid": "R"}));
            assert_eq!((error.class, error.code.as_deref()), (*class, Some(*code)));
        }
    }
}

#[test]
fn the_older_host_answers_200_and_wraps_codes() {
    let old = |errcode: i64, sub: Option<&str>| {
        let mut body = json!({"errcode": errcode, "errmsg": "x"});
        if let Some(sub) = sub {
            body["sub_code"] = json!(sub);
        }
        of(200, &body).class
    };
    for code in [40_014, 42_001] {
        assert_eq!(old(code, None), Class::Token);
    }
    for code in [90_018, 90_002, 410_100, 130_101] {
        assert_eq!(old(code, None), Class::Limit);
    }
    assert_eq!(old(90_020, None), Class::Quota);
    assert_eq!(old(40_089, None), Class::Config);
    assert_eq!(old(88, Some("40014")), Class::Token);
    assert_eq!(old(88, Some("90018")), Class::Limit);
    assert_eq!(old(88, Some("15")), Class::Unclear);
    assert_eq!(old(88, Some("isp.top-remote-connection-timeout")), Class::Unclear);
    assert_eq!(old(88, None), Class::Other);
    assert_eq!(old(-1, None), Class::Unclear);
    assert_eq!(old(310_000, None), Class::Config);
    for code in [430_101, 430_104] {
        assert_eq!(old(code, None), Class::Content);
    }
}

#[test]
fn what_came_from_somewhere_else_is_judged_by_its_status() {
    let bare = |status, is_page| read(&Answer { status, body: None, is_page });
    assert_eq!(bare(502, true).class, Class::Unclear, "the gateway may have passed it on");
    assert_eq!(bare(200, false).class, Class::Unclear, "cut short");
    assert_eq!(bare(404, true).class, Class::Config);
    assert_eq!(bare(302, false).class, Class::Config);
    assert_eq!(bare(200, true).class, Class::Banned);
    assert_eq!(bare(404, true).why, "the answer is not DingTalk's: HTTP 404");
    let punished = of(200, &json!({"status": 1111, "wait": 5, "source": "x5", "punish": "deny"}));
    assert_eq!((punished.class, punished.after), (Class::Banned, Some(SHUT_OUT)));
    assert_eq!(of(200, &json!({"errcode": 0})).class, Class::Unclear, "a success that lacks what was asked");
    assert_eq!(of(500, &json!({"code": "what.is.this"})).class, Class::Unclear);
}

#[test]
fn a_limit_is_left_alone_for_a_second_a_minute_or_minutes() {
    let after = |code: &str| of(403, &json!({"code": code})).after;
    assert_eq!(after("Forbidden.AccessDenied.QpsLimitForApi"), Some(SECOND));
    assert_eq!(after("90018"), Some(SECOND));
    assert_eq!(after("Forbidden.AccessDenied.QpmLimitForApi"), Some(MINUTE));
    assert_eq!(after("send.too.fast"), Some(MINUTES));
    assert_eq!(after("410100"), Some(MINUTES * 4));
    assert_eq!(after("param.x"), None);
}

#[test]
fn a_missing_permission_is_named_with_the_id_for_support() {
    let body = json!({"code": NO_PERMISSION, "message": "no", "requestid": "R1",
        "accessdenieddetail": {"requiredScopes": ["qyapi_robot_sendmsg"]}});
    let error = of(403, &body);
    let want = format!(
        "a permission is missing: {NO_PERMISSION} no (apply for: qyapi_robot_sendmsg) (request id R1)"
    );
    assert_eq!((error.class, error.why), (Class::Config, want));
}

#[test]
fn no_code_stands_in_the_table_twice() {
    for (at, (code, ..)) in CODES.iter().enumerate() {
        assert!(!CODES[..at].iter().any(|(earlier, ..)| earlier == code), "{code}");
    }
}

proptest! {
    #[test]
    fn whatever_comes_is_read(status in 100u16..600, code in ".*", n in any::<i64>(), page in any::<bool>()) {
        for body in [json!({"code": code, "message": code}), json!({"errcode": n, "sub_code": code}), json!(n)] {
            let error = read(&Answer { status, body: Some(&body), is_page: page });
            prop_assert!(!error.why.is_empty());
        }
    }
}
