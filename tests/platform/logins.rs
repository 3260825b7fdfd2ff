//! Coming in to the pages with a Feishu account: who is let in, who is not, and how it ends.

use crate::world::browser::{Browser, Shown};
use crate::world::company::{STRANGER, account, directory};
use crate::world::feishu::Fault;
use crate::world::{World, story};

impl World {
    /// People log in with their account, and the console knows where that leads back to.
    async fn has_login(&mut self) {
        self.has("login = true\n".to_owned(), directory()).await;
        let back = format!("{}/login/feishu/back", self.url());
        self.fake.state().logins.redirects.insert(back);
    }

    /// Somebody logs in; what their browser shows then.
    async fn logs_in(&self, browser: &mut Browser, person: &str) -> Shown {
        let page = browser.opens("/login/feishu").await.sent_to;
        let back = self.fake.agrees(&account(person), &page).unwrap();
        browser.opens(&back).await
    }
}

story!(somebody_comes_in_with_a_feishu_account_to_the_page_that_was_asked_for, |world| {
    world.has_login().await;
    let mut browser = Browser::new(world.url());
    let closed = browser.opens("/board?text=x").await;
    assert_eq!(closed.status, 401);
    closed.says("/login?to=%2Fboard");
    closed.says("登录");
    let closed = browser.opens("/requests/2026-Q4-SCB-001").await;
    closed.says("/login?to=%2Frequests%2F2026-Q4-SCB-001");
    let way = browser.opens("/login?to=%2Frequests%2F2026-Q4-SCB-001").await;
    assert_eq!(way.status, 303, "there is one way, and it is taken");
    let page = browser.opens(&way.sent_to).await;
    assert!(page.sent_to.starts_with(&format!("{}/open-apis/authen/v1/authorize?", world.base_url)));
    let back = world.fake.agrees(&account("zhang.wei"), &page.sent_to).unwrap();
    let came = browser.opens(&back).await;
    assert_eq!(came.status, 303);
    assert_eq!(came.sent_to, format!("{}/requests/2026-Q4-SCB-001", world.url()));
    assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["liaison"], "the login's own cookie is gone");
    let board = browser.opens("/board").await;
    assert_eq!(board.status, 200);
    board.says("张伟的视图");
    // Nothing of it stands in an address, and nothing of the session in the database.
    let session = browser.cookies["liaison"].clone();
    assert!(!came.sent_to.contains(&session));
    let kept = format!("SELECT COUNT(*) FROM web_session WHERE hash = '{session}' OR way <> 'feishu'");
    assert_eq!(world.numbers(&kept, 1).await, [0]);
    // Signing out ends it for whoever has a copy, too.
    let mut copy = browser.clone();
    assert_eq!(browser.posts("/board/leave", &[]).await.status, 303);
    assert!(browser.cookies.is_empty());
    assert_eq!(copy.opens("/board").await.status, 401, "the session itself has ended");
});

story!(whoever_is_not_linked_hears_how_to_be, webhook, |world| {
    world.has_login().await;
    let mut browser = Browser::new(world.url());
    let refused = world.logs_in(&mut browser, STRANGER).await;
    assert_eq!(refused.status, 403);
    refused.says("您的账号还没有关联");
    refused.says(&account(STRANGER));
    refused.says("管理员：");
    // Somebody of another company has the name of one of ours, and another account.
    let other = "ou_0000000000000000000000000000beef";
    world.fake.person(other, |person| {
        person.name = "张伟".to_owned();
        person.foreign = true;
    });
    let page = browser.opens("/login/feishu").await.sent_to;
    let back = world.fake.agrees(other, &page).unwrap();
    assert_eq!(browser.opens(&back).await.status, 403);
    assert!(!browser.cookies.contains_key("liaison"));
    assert_eq!(browser.opens("/board").await.status, 401);
});

story!(an_account_of_another_company_is_not_let_in_and_reads_why, webhook, |world| {
    world.has_login().await;
    let mut browser = Browser::new(world.url());
    // Nobody of ours has logged in so far: only the directory says who is one of us.
    let other = "ou_0000000000000000000000000000beef";
    world.fake.person(other, |person| person.foreign = true);
    let page = browser.opens("/login/feishu").await.sent_to;
    let back = world.fake.agrees(other, &page).unwrap();
    let unknown = browser.opens(&back).await;
    assert_eq!(unknown.status, 403);
    unknown.says("您的账号还没有关联");
    assert_eq!(world.logs_in(&mut browser, "zhang.wei").await.status, 303);
    // From now on the application's company is known, whoever it is and whatever the directory says.
    let mut another = Browser::new(world.url());
    let page = another.opens("/login/feishu").await.sent_to;
    let back = world.fake.agrees(other, &page).unwrap();
    world.fake.person(&account("li.na"), |person| person.foreign = true);
    for refused in [another.opens(&back).await, world.logs_in(&mut another, "li.na").await] {
        assert_eq!(refused.status, 403);
        refused.says("这不是本公司的账号");
        refused.says("/login?to=%2Fboard");
        assert!(!refused.text.contains(other), "{}", refused.text);
    }
    assert!(!another.cookies.contains_key("liaison"));
    world.fake.person(&account("li.na"), |person| person.foreign = false);
    assert_eq!(world.logs_in(&mut another, "li.na").await.status, 303);
});

story!(a_login_is_taken_once_and_only_from_the_browser_that_began_it, webhook, |world| {
    world.has_login().await;
    let mut browser = Browser::new(world.url());
    let page = browser.opens("/login/feishu").await.sent_to;
    let back = world.fake.agrees(&account("li.na"), &page).unwrap();
    let asked = world.fake.count("login.token");
    // Another browser: somebody was lured to the address that an attacker's login leads back to.
    let mut victim = Browser::new(world.url());
    let refused = victim.opens(&back).await;
    assert_eq!(refused.status, 403);
    refused.says("登录没有完成");
    // A victim in the middle of a login of their own.
    victim.opens("/login/feishu").await;
    assert_eq!(victim.opens(&back).await.status, 403);
    // Another state, none, another messenger's door, a cookie that is cut.
    let (before, state) = back.rsplit_once("&state=").unwrap();
    for bad in [format!("{before}&state={state}0"), before.to_owned(), format!("{before}&state=")] {
        assert_eq!(browser.opens(&bad).await.status, 403, "{bad}");
    }
    assert_eq!(browser.opens(&back.replace("/feishu/", "/dingtalk/")).await.status, 403);
    let mut cut = browser.clone();
    cut.cookies.values_mut().for_each(|value| _ = value.pop());
    assert_eq!(cut.opens(&back).await.status, 403);
    assert_eq!(world.fake.count("login.token"), asked, "Feishu was not even asked");
    // It is good once, whoever has copied it.
    let mut copy = browser.clone();
    assert_eq!(browser.opens(&back).await.status, 303);
    assert_eq!(copy.opens(&back).await.status, 403, "replayed");
    assert_eq!(world.fake.count("login.token"), asked + 1);
    // A code that was used is worth nothing in a login of one's own.
    let page = copy.opens("/login/feishu").await.sent_to;
    let own = world.fake.agrees(&account("li.na"), &page).unwrap();
    let used = back.split_once("code=").unwrap().1.split_once('&').unwrap().0;
    let state = own.rsplit_once("&state=").unwrap().1;
    let stolen = format!("{}/login/feishu/back?code={used}&state={state}", world.url());
    assert_eq!(copy.opens(&stolen).await.status, 403, "Feishu refuses it");
    assert!(!copy.cookies.contains_key("liaison"));
    // Its owner's consent may be refused, too.
    let page = copy.opens("/login/feishu").await.sent_to;
    let state = page.split_once("&state=").unwrap().1.split_once('&').unwrap().0.to_owned();
    let denied = copy.opens(&format!("/login/feishu/back?error=access_denied&state={state}")).await;
    assert_eq!(denied.status, 403);
    denied.says("登录已取消");
    // The codes that Feishu refused are part of this story.
    world.is_in_trouble();
});

story!(a_login_leads_to_pages_of_ours_only_and_never_while_feishu_is_away, webhook, |world| {
    world.has_login().await;
    let mut browser = Browser::new(world.url());
    for elsewhere in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2Fforms%2Fx"] {
        let page = browser.opens(&format!("/login/feishu?to={elsewhere}")).await.sent_to;
        let back = world.fake.agrees(&account("zhang.wei"), &page).unwrap();
        assert_eq!(browser.opens(&back).await.sent_to, format!("{}/board", world.url()), "{elsewhere}");
    }
    let mut browser = Browser::new(world.url());
    for call in ["login.token", "login.user"] {
        world.fake.fail(call, 1, Fault::Internal);
        let away = world.logs_in(&mut browser, "zhang.wei").await;
        assert_eq!(away.status, 503);
        away.says("暂时无法登录");
        assert!(!browser.cookies.contains_key("liaison"));
    }
    // A redirect URL that nobody registered: Feishu says so itself.
    world.fake.state().logins.redirects.clear();
    let page = browser.opens("/login/feishu").await.sent_to;
    assert!(world.fake.agrees(&account("zhang.wei"), &page).unwrap_err().starts_with("20029"));
    world.is_in_trouble();
});

story!(whoever_leaves_is_signed_out_and_stays_out, webhook, |world| {
    world.has_login().await;
    let mut browser = Browser::new(world.url());
    assert_eq!(world.logs_in(&mut browser, "wang.fang").await.status, 303);
    assert_eq!(browser.opens("/board").await.status, 200);
    let left = directory()
        .replacen("id = \"wang.fang\"\n", "id = \"wang.fang\"\nactive = false\n", 1)
        .replace("contact = \"wang.fang\"\n", "");
    world.has("login = true\n".to_owned(), left).await;
    let mut browser = browser.at(world.url());
    assert_eq!(browser.opens("/board").await.status, 401);
    let open = "SELECT COUNT(*) FROM web_session WHERE ended_at IS NULL";
    assert_eq!(world.numbers(open, 1).await, [0], "the session has ended, not only its reader left");
    // Whoever comes back begins anew.
    world.has("login = true\n".to_owned(), directory()).await;
    let mut browser = browser.at(world.url());
    assert_eq!(browser.opens("/board").await.status, 401);
    world.settles().await;
    world.heard();
});

story!(without_a_login_the_pages_have_no_such_door, webhook, |world| {
    let mut browser = Browser::new(world.url());
    for path in ["/login", "/login/feishu", "/login/feishu/back?code=x&state=y"] {
        assert_eq!(browser.opens(path).await.status, 404, "{path}");
    }
    let closed = browser.opens("/board").await;
    assert_eq!(closed.status, 401);
    assert!(!closed.text.contains("/login"), "{}", closed.text);
});
