//! Who is signed in to the pages: how a session ends, and what it does to a link that was passed on.

use reqwest::header::COOKIE;

use crate::world::ground::runs;
use crate::world::pages::page;
use crate::world::{Backend, World, client, story};

/// The page of a link as the browser with this cookie gets it.
async fn opens_as(link: &str, cookie: &str) -> crate::world::pages::Page {
    page(client().get(link).header(COOKIE, cookie)).await
}

story!(signing_out_ends_the_session_and_not_only_the_cookie, |world| {
    world.files_and_approves().await;
    let (first, second) = (world.visitor("zhang.wei").await, world.visitor("zhang.wei").await);
    assert_ne!(first.cookie, second.cookie, "each is one of its own");
    assert_eq!(first.opens("/board").await.status, 200);
    assert_eq!(first.leaves().await.status, 303);
    assert_eq!(first.opens("/board").await.status, 401, "whoever has a copy of the cookie is out, too");
    assert_eq!(second.opens("/board").await.status, 200, "another browser is not");
    assert_eq!(first.leaves().await.status, 303, "twice is once");
    let ended = "SELECT COUNT(*) FROM web_session WHERE ended_at IS NOT NULL";
    assert_eq!(world.numbers(ended, 1).await, [1]);
    world.forgets().await;
});

story!(an_administrator_sees_who_is_signed_in_and_ends_it, |world| {
    world.files_and_approves().await;
    let (theirs, others) = (world.visitor("li.na").await, world.visitor("zhang.wei").await);
    let command = |arguments: &'static [&'static str]| runs(world.database(), (arguments, &[]));
    let (code, listed) = command(&["session", "list"]);
    assert_eq!(code, Some(0), "{listed}");
    assert_eq!(listed.lines().count(), 2, "{listed}");
    assert!(listed.contains("li.na  by link"), "{listed}");
    assert!(!listed.contains(theirs.session()), "{listed}");
    let (code, said) = command(&["session", "end", "li.na"]);
    assert_eq!((code, said.as_str()), (Some(0), "li.na is signed out: 1\n"));
    assert_eq!(theirs.opens("/board").await.status, 401);
    assert_eq!(others.opens("/board").await.status, 200);
    let (code, said) = command(&["session", "end", "li.na"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("li.na is not signed in"), "{said}");
    world.forgets().await;
});

story!(a_link_that_was_passed_on_does_not_act_where_somebody_else_is_signed_in, |world| {
    let number = world.files_and_approves().await;
    world.loses_forms().await;
    world.says("wang.fang", &format!("/show {number}")).await;
    let link = world.link("wang.fang", "confirm").await;
    let shown = world.opens(&link).await;
    let theirs = world.visitor("li.na").await;
    let closed = opens_as(&link, &theirs.cookie).await;
    assert_eq!(closed.status, 403);
    for words in ["这个链接不是给您的", "王芳", "李娜", "退出登录", "/board/leave"] {
        closed.says(words);
    }
    closed.is_silent_about("测算推广预算");
    assert!(!closed.can_submit());
    let posted = [("_submission", shown.submission()), ("_button", "confirm".to_owned())];
    let refused = page(client().post(&link).header(COOKIE, &theirs.cookie).form(&posted)).await;
    assert_eq!(refused.status, 403);
    assert_eq!(world.numbers("SELECT COUNT(*) FROM signature", 1).await, [0], "nothing was signed");
    // The way out: signed out, the page is there as it was; and its owner's own session never stood in the way.
    theirs.leaves().await;
    assert!(opens_as(&link, &theirs.cookie).await.can_submit());
    let own = world.visitor("wang.fang").await;
    world.forgets().await;
    assert!(opens_as(&link, &own.cookie).await.can_submit());
    let done = page(client().post(&link).header(COOKIE, &own.cookie).form(&posted)).await;
    assert_eq!(done.status, 200, "{}", done.text);
    world.settles().await;
    world.hears("zhang.wei ← 财务部已确认（王芳）").await;
});

/// Somebody does what the link of a button stands for.
async fn does(world: &World, person: &str, action: &str, values: &[(&str, &str)]) {
    let link = world.link(person, action).await;
    let page = world.opens(&link).await;
    let done = world.submits(&link, &page, action, values).await;
    assert_eq!(done.status, 200, "{person} {action}: {}", done.text);
    done.says("told success");
    let again = world.submits(&link, &page, action, values).await;
    assert_eq!(again.status, 200, "{person} {action}: {}", again.text);
    assert!(!world.opens(&link).await.can_submit(), "{person} {action}: there is nothing more to do");
}

story!(approving_returning_and_accepting_work_by_link_as_well, |world| {
    let number = world.files().await;
    world.loses_forms().await;
    world.says("liu.yang", &format!("/show {number}")).await;
    world.forgets().await;
    does(world, "liu.yang", "return", &[("reason", "预算没有写清楚")]).await;
    world.hears("zhang.wei ← 刘洋退回了需求，请修改后重新提交").await;
    let number = world.files().await;
    world.says("liu.yang", &format!("/show {number}")).await;
    world.forgets().await;
    does(world, "liu.yang", "approve", &[]).await;
    for person in ["li.na", "wang.fang"] {
        world.says(person, &format!("/show {number}")).await;
        does(world, person, "confirm", &[]).await;
    }
    world.says("zhang.wei", &format!("/task split {number}")).await;
    world.says("li.na", &format!("/done {number}/1")).await;
    world.says("wang.fang", &format!("/done {number}/2")).await;
    world.forgets().await;
    does(world, "zhang.wei", "accept_delivery", &[]).await;
    world.forgets().await;
});

story!(an_open_page_hears_nothing_any_more_once_its_session_has_ended, |world| {
    let number = world.files_and_approves().await;
    let (leaver, other) = (world.visitor("zhang.wei").await, world.visitor("zhang.wei").await);
    let (theirs, mut others) = (leaver.listens().await, other.listens().await);
    assert_eq!(leaver.leaves().await.status, 303);
    theirs.ends().await;
    world.says("wang.fang", &format!("/confirm {number}")).await;
    assert!(others.next().await.contains(&number), "another browser's goes on");
    // Ended by an administrator, in another process.
    let (code, said) = runs(world.database(), (&["session", "end", "zhang.wei"], &[]));
    assert_eq!(code, Some(0), "{said}");
    others.ends().await;
    world.forgets().await;
});

/// One service at a time speaks for an SQLite database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_is_open_at_another_replica_ends_with_its_session() {
    let Some(mut world) = World::begins(Backend::Postgres).await else { return };
    let (url, replica) = world.replica().await;
    let here = world.visitor("zhang.wei").await;
    let there = here.at(&url).listens().await;
    assert_eq!(here.leaves().await.status, 303);
    there.ends().await;
    replica.stop().await;
    world.forgets().await;
    world.ends().await;
}
