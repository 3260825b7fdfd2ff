//! What to do about a call that did not succeed: one table, for who looks after the application.
//!
//! Invariant: there is a remedy for every error; the one of its code where the code has its own, else its reaction's.

use super::api::{ApiError, Class};

/// Code and what to do. The names are those of the developer console.
const REMEDIES: &[(&str, &str)] = &[
    ("invalidClientIdOrSecret", SECRET),
    ("40089", SECRET),
    ("Forbidden.AccessDenied.IpNotInWhiteList", IP),
    ("60020", IP),
    ("60011", "apply for the permission under Permissions, then publish a version of the application"),
    ("invalidParameter.robotCode.auth", ROBOT),
    ("robot.not.exist", ROBOT),
    (
        "resource.not.found",
        "somebody of the group adds the robot to it, or another group is bound with /bind",
    ),
    ("group.disbanded", "bind another group with /bind"),
    ("param.templateNotExist", TEMPLATE),
    ("param.templateUnpublished", "publish the template in the card platform"),
    ("310000", "copy the robot's secret (SEC…) again; its security setting must be the signature"),
    ("400101", "copy the token of the robot's address again"),
    ("ding.serverquota.insufficient", "buy DINGs, or leave dingtalk.ding out"),
];

const SECRET: &str = "copy dingtalk.client_id and dingtalk.client_secret again from Credentials";
const IP: &str =
    "put this machine's outgoing address on the application's list of server addresses, or empty it";
const ROBOT: &str =
    "dingtalk.robot_code is the AppKey of an in-house application; add the robot and publish a version";
const TEMPLATE: &str =
    "copy dingtalk.card_template_id again (….schema); the template must belong to this application";

/// What to do about it.
pub fn of(error: &ApiError) -> String {
    if !error.missing.is_empty() {
        let missing = error.missing.join(", ");
        return format!("apply for {missing} under Permissions, then publish a version of the application");
    }
    let known = error.code.as_deref().and_then(|code| REMEDIES.iter().find(|(known, _)| *known == code));
    known.map_or_else(|| of_class(error.class), |(_, remedy)| remedy).to_owned()
}

fn of_class(class: Class) -> &'static str {
    match class {
        Class::Token => {
            "check dingtalk.client_id and dingtalk.client_secret: DingTalk takes no token of theirs"
        }
        Class::Limit => "try again in a minute; another program may use the same application",
        Class::Banned => "wait five minutes; look for a program that calls DingTalk without end",
        Class::Quota => "buy more calls in the developer console, or wait for the next month",
        Class::Retry | Class::Unclear => {
            "is this machine allowed to reach DingTalk's hosts (firewall, proxy, DNS)? else try again later"
        }
        Class::Receiver => "check the id, and that the person is in the application's range",
        Class::Content => "please report it with the line above: DingTalk refuses what is said",
        Class::Template => TEMPLATE,
        Class::Config => "see dingtalk.base_url, and the application's page in the developer console",
        Class::Done | Class::Other => {
            "look the code up at open.dingtalk.com, or give the request id to its support"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_and_what_is_unknown_has_a_remedy_too() {
        let error = |code: &str| ApiError { code: Some(code.to_owned()), ..ApiError::new(Class::Config, "") };
        let missing = ApiError { missing: vec!["Card.Instance.Write".to_owned()], ..error("x") };
        assert!(of(&missing).starts_with("apply for Card.Instance.Write under"), "{}", of(&missing));
        assert_eq!(of(&error("40089")), SECRET);
        assert_eq!(of(&error("what.is.this")), of_class(Class::Config));
    }

    #[test]
    fn no_code_stands_in_the_table_twice() {
        for (at, (code, _)) in REMEDIES.iter().enumerate() {
            assert!(!REMEDIES[..at].iter().any(|(earlier, _)| earlier == code), "{code}");
        }
    }
}
