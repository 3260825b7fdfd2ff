//! What to do about a call that did not succeed: one table, for who looks after the app.
//!
//! Invariant: there is a remedy for every error; the one of its code where the code has its own, else its reaction's.

use super::fault::{ApiError, Class, NO_PERMISSION};

/// Code and what to do. The names are those of the developer console.
const REMEDIES: &[(i64, &str)] = &[
    (10_003, "copy feishu.app_id and feishu.app_secret again from Credentials & Basic Info"),
    (10_014, "copy feishu.app_secret again from Credentials & Basic Info; it may have been reset"),
    (99_991_662, "an administrator of the company enables the app, or its version is published"),
    (99_991_673, "an administrator of the company enables the app, or its version is published"),
    (NO_PERMISSION, PERMISSION),
    (99_991_679, PERMISSION),
    (230_027, PERMISSION),
    (230_006, BOT_OFF),
    (232_025, BOT_OFF),
    (232_034, "publish a version of the app whose availability range has people in it"),
    (230_013, "put the person into the app's availability range and publish a version"),
    (232_024, "put the person into the app's availability range and publish a version"),
    (230_029, "the person has left the company: name a successor in the directory"),
    (230_034, ID),
    (99_992_351, ID),
    (99_992_361, ID),
    (41_012, ID),
    (230_053, "the person opens the bot's chat and lets it send messages again"),
    (230_002, BOT_OUT),
    (232_011, BOT_OUT),
    (230_035, "an owner of the group lets everybody speak there, or the bot at least"),
    (232_009, REBIND),
    (232_006, REBIND),
    (41_050, "widen the app's range of contacts to all departments concerned and publish a version"),
    (230_022, "ask the administrators of the company which words are not allowed"),
    (230_028, "ask the administrators of the company: their rules against leaks hold the message back"),
    (99_991_201, "see feishu.base_url: https://open.feishu.cn or https://open.larksuite.com"),
    (99_991_401, "put this machine's outgoing address on the app's list of allowed addresses, or empty it"),
    (99_991_403, "the company's edition has a monthly quota of calls: raise it, or wait for the next month"),
];

const PERMISSION: &str = "grant it under Permissions & Scopes, then publish a new version of the app";
/// The bot is switched off.
pub const BOT_OFF: &str = "add the Bot feature to the app, then publish a new version";
const BOT_OUT: &str = "add the bot to the group again, or bind another group with /bind";
const REBIND: &str = "bind another group with /bind";
const ID: &str = "the id must be an open_id (ou_…) or a chat_id (oc_…) as this very app sees it";

/// What to do about it.
pub fn of(error: &ApiError) -> String {
    if !error.missing.is_empty() {
        return grant(&error.missing);
    }
    let known = error.code.and_then(|code| REMEDIES.iter().find(|(known, _)| *known == code));
    known.map_or_else(|| of_class(error.class), |(_, remedy)| remedy).to_owned()
}

/// What to do about permissions of which one is needed.
pub fn grant(any: &[String]) -> String {
    let one = if any.len() > 1 { "one of " } else { "" };
    let any = any.join(", ");
    format!("grant {one}{any} under Permissions & Scopes, then publish a new version of the app")
}

fn of_class(class: Class) -> &'static str {
    match class {
        Class::Token => "check feishu.app_id and feishu.app_secret: Feishu takes no token of theirs",
        Class::Limit => "try again in a minute; another program may use the same app",
        Class::Retry | Class::Unclear => {
            "is this machine allowed to reach feishu.base_url (firewall, proxy, DNS)? else try again later"
        }
        Class::Receiver => "check the id, and that the person is in the app's availability range",
        Class::Message => "the message is gone: nothing to do",
        Class::Content => "please report it with the line above: Feishu refuses what is said",
        Class::Config => "see feishu.base_url, and the app's page in the developer console",
        Class::Other => "look the code up at open.feishu.cn, or give the log id to Feishu's support",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_stands_in_the_table_twice() {
        for (at, (code, _)) in REMEDIES.iter().enumerate() {
            assert!(!REMEDIES[..at].iter().any(|(earlier, _)| earlier == code), "{code}");
        }
    }

    #[test]
    fn what_is_missing_is_named_and_what_is_unknown_has_a_remedy_too() {
        let error = |code| ApiError { code, ..ApiError::new(Class::Config, None, String::new()) };
        let missing = ApiError { missing: vec!["im:chat".to_owned()], ..error(Some(NO_PERMISSION)) };
        assert!(of(&missing).starts_with("grant im:chat under"), "{}", of(&missing));
        assert_eq!(of(&error(Some(230_006))), BOT_OFF);
        assert_eq!(of(&error(Some(4_711))), of_class(Class::Config));
    }
}
