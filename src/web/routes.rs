//! Every way in over HTTP: method, path, who may call it, and how long an answer may take.
//!
//! Invariant: the router is made of this table and of nothing else, so there is no route that nobody decided about.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};

use super::guesses::{self, Guesses};
use super::{Web, api, assets, board, form, health, login, sandbox, server, task_list, webhook};
use crate::messenger::{dingtalk, feishu};

/// Who may call a route. What the caller may do then is decided by `domain/permission.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Whoever reaches the port: it tells nothing about people or requests.
    Anyone,
    /// The sandbox's page, as any of its people. There only where the sandbox is enabled.
    SandboxPage,
    /// The sandbox as a messenger, by the signature over the bytes. There only where the sandbox is enabled.
    SandboxMessenger,
    /// Feishu, by its signature or token. There only where an app is configured whose events come by webhook.
    FeishuWebhook,
    /// DingTalk, by its signature. There only where an application is configured that it posts to.
    DingTalkWebhook,
    /// Whoever holds a link that we signed, as the person whom it was made for, for the one act that it names.
    SignedLink,
    /// Whoever came in by a signed link or logged in, as that person while the session is good, to read.
    Session,
    /// Whoever is about to log in with an account on a messenger; nobody yet. There only where a messenger's login is on.
    Login,
    /// A program with a token that was made at the command line, as one person, for what its scopes name.
    Token,
}

/// A method that a route answers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
}

/// How long a handler may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Inside the three seconds that messengers wait, with room for the network.
    Messenger,
    /// For pages and reads.
    Page,
    /// It bounds itself, or it never ends.
    Own,
}

/// One way in.
pub struct Route {
    method: Method,
    path: &'static str,
    caller: Caller,
    limit: Limit,
    handler: fn(MethodFilter) -> MethodRouter<Web>,
}

use Caller::{
    Anyone, DingTalkWebhook, FeishuWebhook, Login, SandboxMessenger, SandboxPage, Session, SignedLink, Token,
};
use Limit::{Messenger, Own, Page};
use Method::{Get, Post};

/// The table.
const ROUTES: &[Route] = &[
    route(Get, "/healthz", Anyone, Own, |m| on(m, health::alive)),
    route(Get, "/readyz", Anyone, Own, |m| on(m, health::ready)),
    route(Get, "/metrics", Anyone, Own, |m| on(m, health::metrics)),
    route(Post, "/webhook/sandbox", SandboxMessenger, Messenger, |m| on(m, webhook::sandbox::event)),
    route(Post, "/webhook/feishu/event", FeishuWebhook, Messenger, |m| on(m, webhook::feishu::event)),
    route(Post, "/webhook/feishu/card", FeishuWebhook, Messenger, |m| on(m, webhook::feishu::event)),
    route(Post, "/webhook/dingtalk/robot", DingTalkWebhook, Messenger, |m| on(m, webhook::dingtalk::robot)),
    route(Post, "/webhook/dingtalk/card", DingTalkWebhook, Messenger, |m| on(m, webhook::dingtalk::card)),
    route(Post, "/webhook/dingtalk/event", DingTalkWebhook, Messenger, |m| on(m, webhook::dingtalk::event)),
    route(Get, "/", SandboxPage, Page, |m| on(m, sandbox::page)),
    route(Get, "/sandbox", SandboxPage, Page, |m| on(m, sandbox::page)),
    route(Get, "/sandbox/assets/{name}", SandboxPage, Page, |m| on(m, assets::sandbox_asset)),
    route(Get, "/sandbox/api/people", SandboxPage, Page, |m| on(m, sandbox::people)),
    route(Get, "/sandbox/api/chats", SandboxPage, Page, |m| on(m, sandbox::chats)),
    route(Get, "/sandbox/api/chats/{chat}/messages", SandboxPage, Page, |m| on(m, sandbox::messages)),
    route(Post, "/sandbox/api/messages", SandboxPage, Page, |m| on(m, sandbox::write)),
    route(Post, "/sandbox/api/actions", SandboxPage, Page, |m| on(m, sandbox::press)),
    route(Get, "/sandbox/api/messages/{id}/picture", SandboxPage, Page, |m| on(m, sandbox::picture::picture)),
    route(Get, "/sandbox/api/upcoming", SandboxPage, Page, |m| on(m, sandbox::upcoming::upcoming)),
    route(Get, "/sandbox/api/texts", SandboxPage, Page, |m| on(m, sandbox::texts)),
    route(Post, "/sandbox/api/language", SandboxPage, Page, |m| on(m, sandbox::language)),
    route(Get, "/sandbox/api/clock", SandboxPage, Own, |m| on(m, sandbox::clock::read)),
    route(Post, "/sandbox/api/clock", SandboxPage, Own, |m| on(m, sandbox::clock::shift)),
    route(Get, "/sandbox/api/events", SandboxPage, Own, |m| on(m, sandbox::events)),
    route(Get, "/forms/{token}", SignedLink, Own, |m| on(m, form::open)),
    route(Post, "/forms/{token}", SignedLink, Own, |m| on(m, form::submit)),
    route(Get, "/board/enter", SignedLink, Page, |m| on(m, board::enter)),
    route(Post, "/board/leave", Anyone, Page, |m| on(m, board::leave)),
    route(Get, "/login", Login, Page, |m| on(m, login::choose)),
    route(Get, "/login/{platform}", Login, Page, |m| on(m, login::begin)),
    route(Get, "/login/{platform}/back", Login, Page, |m| on(m, login::come_back)),
    route(Post, "/login/{platform}/inside", Login, Page, |m| on(m, login::come_inside)),
    route(Get, "/board", Session, Page, |m| on(m, board::board)),
    route(Get, "/board/issues", Session, Page, |m| on(m, board::issues)),
    route(Get, "/board/events", Session, Own, |m| on(m, board::events)),
    route(Get, "/requests/{no}", Session, Page, |m| on(m, board::request)),
    route(Get, "/requests/{no}/tasks", Session, Page, |m| on(m, task_list::open)),
    route(Post, "/requests/{no}/tasks", Session, Page, |m| on(m, task_list::submit)),
    route(Get, "/requests/{no}/tasks.xlsx", Session, Page, |m| on(m, task_list::download::xlsx)),
    route(Get, "/requests/{no}/tasks.csv", Session, Page, |m| on(m, task_list::download::csv)),
    route(Get, "/api/openapi.json", Anyone, Own, |m| on(m, api::document::openapi)),
    route(Get, "/api/v1/requests", Token, Page, |m| on(m, api::requests)),
    route(Get, "/api/v1/tasks", Token, Page, |m| on(m, api::tasks)),
    route(Get, "/api/v1/obligations", Token, Page, |m| on(m, api::obligations)),
    route(Get, "/api/v1/progress", Token, Page, |m| on(m, api::progress)),
    route(Post, "/api/v1/acts", Token, Page, |m| on(m, api::acts::act)),
    route(Post, "/api/v1/requests/{no}/tasks", Token, Page, |m| on(m, api::task_list::add)),
];

const fn route(
    method: Method,
    path: &'static str,
    caller: Caller,
    limit: Limit,
    handler: fn(MethodFilter) -> MethodRouter<Web>,
) -> Route {
    Route { method, path, caller, limit, handler }
}

impl Route {
    /// Whether this service has it at all.
    fn is_open(&self, web: &Web) -> bool {
        match self.caller {
            Anyone | SignedLink | Session | Token => true,
            Login => !web.logins.is_empty(),
            SandboxPage | SandboxMessenger => web.sandbox.is_some(),
            FeishuWebhook => web.feishu.as_ref().is_some_and(|feishu| feishu.mode() == feishu::Mode::Webhook),
            DingTalkWebhook => web.dingtalk.as_ref().is_some_and(|bot| bot.mode() == dingtalk::Mode::Webhook),
        }
    }

    fn router(&self, guesses: &Arc<Guesses>) -> Router<Web> {
        let method = match self.method {
            Get => MethodFilter::GET,
            Post => MethodFilter::POST,
        };
        let router = Router::new().route(self.path, (self.handler)(method));
        let router = match self.caller {
            SignedLink | Session | Login | Token => {
                router.layer(from_fn_with_state((guesses.clone(), self.caller), guesses::watch))
            }
            Anyone | SandboxPage | SandboxMessenger | FeishuWebhook | DingTalkWebhook => router,
        };
        match self.limit {
            Messenger => server::answer_within(router, Duration::from_millis(2_500)),
            Page => server::answer_within(router, Duration::from_secs(20)),
            Own => router,
        }
    }
}

/// The router of a service.
pub fn router(web: Web) -> Router {
    let open = ROUTES.iter().filter(|route| route.is_open(&web));
    let guesses = Arc::new(Guesses::default());
    open.map(|route| route.router(&guesses)).fold(Router::new(), Router::merge).with_state(web)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reviewed by people: a change of this table is a change of who gets in.
    #[test]
    fn who_may_call_what_is_this_table() {
        let line = |route: &Route| {
            let method = format!("{:?}", route.method).to_uppercase();
            let (path, caller, limit) = (route.path, route.caller, route.limit);
            format!("{method:4} {path:35} {:16} {limit:?}", format!("{caller:?}"))
        };
        let lines: Vec<String> = ROUTES.iter().map(line).collect();
        insta::assert_snapshot!("routes", lines.join("\n"));
    }
}
