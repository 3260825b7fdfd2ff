//! Which permission each feature needs, and a harmless call for each that tells whether it was granted.
//!
//! Invariant: no call here can be heard or seen by anybody: what it would send names no receiver, what it would change
//! is a message that does not exist. Feishu is taken to look at permissions before it looks at parameters.

use reqwest::Method;
use serde_json::{Value, json};

use super::api::Api;
use super::fault::{ApiError, Class, NO_PERMISSION};

/// A message that cannot be: ids are random, and this is none.
const NO_MESSAGE: &str = "/open-apis/im/v1/messages/om_00000000000000000000000000000000";

/// Something that the service does, and what it needs for it.
pub struct Feature {
    /// What people miss without it.
    pub what: &'static str,
    /// Whether the service is of no use without it.
    pub needed: bool,
    /// Any of them is enough. The first is the narrowest.
    pub any: &'static [&'static str],
    method: Method,
    path: &'static str,
    query: &'static [(&'static str, &'static str)],
    body: Option<fn() -> Value>,
}

/// What Feishu says to a feature.
pub enum Granted {
    /// It may be used.
    Yes,
    /// One of these is missing, as Feishu names them.
    No(Vec<String>),
    /// It was refused for another reason, before permissions counted.
    Unknown(ApiError),
}

/// Everything that can be asked. Receiving cannot: no call says whether an event is subscribed.
pub const FEATURES: &[Feature] = &[
    Feature {
        what: "send messages and cards",
        needed: true,
        any: &["im:message:send_as_bot", "im:message"],
        method: Method::POST,
        path: "/open-apis/im/v1/messages",
        query: &[("receive_id_type", "open_id")],
        body: Some(|| json!({"receive_id": "", "msg_type": "text", "content": "{\"text\":\"\"}"})),
    },
    Feature {
        what: "bring cards up to date",
        needed: false,
        any: &["im:message:update", "im:message"],
        method: Method::PATCH,
        path: NO_MESSAGE,
        query: &[],
        body: Some(|| json!({"content": "{}"})),
    },
    Feature {
        what: "buzz for what is urgent",
        needed: false,
        any: &["im:message.urgent"],
        method: Method::PATCH,
        path: "/open-apis/im/v1/messages/om_00000000000000000000000000000000/urgent_app",
        query: &[("user_id_type", "open_id")],
        body: Some(|| json!({"user_id_list": []})),
    },
    Feature {
        what: "show pictures of the board",
        needed: false,
        any: &["im:resource:upload", "im:resource"],
        method: Method::POST,
        path: super::image::IMAGES,
        query: &[],
        body: Some(|| json!({})),
    },
    Feature {
        what: "look at bound groups",
        needed: false,
        any: &["im:chat:readonly", "im:chat"],
        method: Method::GET,
        path: "/open-apis/im/v1/chats",
        query: &[("page_size", "1")],
        body: None,
    },
    Feature {
        what: "read people (directory sync)",
        needed: false,
        any: &["contact:user.base:readonly"],
        method: Method::GET,
        path: "/open-apis/contact/v3/users/find_by_department",
        query: &[("department_id", "0"), ("user_id_type", "open_id"), ("page_size", "1")],
        body: None,
    },
    Feature {
        what: "read departments (directory sync)",
        needed: false,
        any: &["contact:department.base:readonly"],
        method: Method::GET,
        path: "/open-apis/contact/v3/departments/0/children",
        query: &[("page_size", "1")],
        body: None,
    },
    Feature {
        what: "find people by mail address (directory sync)",
        needed: false,
        any: &["contact:user.id:readonly"],
        method: Method::POST,
        path: "/open-apis/contact/v3/users/batch_get_id",
        query: &[("user_id_type", "open_id")],
        // `.invalid` belongs to nobody: RFC 2606.
        body: Some(|| json!({"emails": ["nobody@liaison.invalid"]})),
    },
];

impl Feature {
    /// Asks whether it may be used.
    pub async fn ask(&self, api: &Api) -> Granted {
        let body = self.body.map(|body| body());
        judge(api.call(self.method.clone(), self.path, self.query, body.as_ref()).await, self.any)
    }
}

/// A refusal that is about what was asked for came after the permission was looked at.
fn judge(answer: Result<Value, ApiError>, any: &[&str]) -> Granted {
    match answer {
        Ok(_) => Granted::Yes,
        Err(error) if error.code == Some(NO_PERMISSION) || !error.missing.is_empty() => {
            let named = if error.missing.is_empty() {
                any.iter().map(|s| (*s).to_owned()).collect()
            } else {
                error.missing
            };
            Granted::No(named)
        }
        Err(error) => match error.class {
            Class::Receiver | Class::Message | Class::Content => Granted::Yes,
            Class::Other if error.code.is_some() => Granted::Yes,
            Class::Token | Class::Limit | Class::Retry | Class::Unclear | Class::Config | Class::Other => {
                Granted::Unknown(error)
            }
        },
    }
}
