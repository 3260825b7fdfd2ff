//! Coming in to the pages with a DingTalk account: without a word inside the client, by the login page elsewhere.

use crate::dingtalk::world::{World, tell};
use crate::world::browser::Browser;
use crate::world::company::{STRANGER, account};
use crate::world::telling::Way;

const CLIENT: &str = "Mozilla/5.0 (iPhone) AliApp(DingTalk/7.6.0) com.laiwang.DingTalk/1";
const DOOR: &str = "/login/dingtalk/inside";

impl World {
    fn knows_where_logins_lead(&self) {
        let back = format!("{}/login/dingtalk/back", self.url.replace("http://", "https://"));
        self.office.state().logins.redirects.insert(back);
    }
}

/// The hidden field of the page inside the client.
fn state(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"state\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inside_the_client_nobody_has_to_say_anything() {
    tell(&[Way::Webhook], |world| async move {
        let mut browser = Browser::inside(&world.url, CLIENT);
        let page = browser.opens("/login/dingtalk?to=%2Fboard%2Fissues").await;
        assert_eq!((page.status, page.sent_to.as_str()), (200, ""));
        page.says("data-company=\"dingfakecorp0001\"");
        page.says("data-application=\"dingvectorappkey01\"");
        page.says("dingtalk?outside=1&amp;to=%2Fboard%2Fissues");
        assert!(page.policy.contains("https://g.alicdn.com"), "{}", page.policy);
        let (code, came) = (world.office.gives_code(&account("zhang.wei")), state(&page.text));
        let done = browser.posts(DOOR, &[("code", &code), ("state", &came)]).await;
        assert_eq!(done.status, 303, "{}", done.text);
        assert!(done.sent_to.ends_with("/board/issues"), "{}", done.sent_to);
        browser.opens("/board").await.says("张伟的视图");
        assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["__Host-liaison"]);
        // The same once more, and a code that is used in a login of one's own.
        assert_eq!(browser.posts(DOOR, &[("code", &code), ("state", &came)]).await.status, 403);
        let mut again = Browser::inside(&world.url, CLIENT);
        let page = again.opens("/login/dingtalk").await;
        let refused = again.posts(DOOR, &[("code", &code), ("state", &state(&page.text))]).await;
        assert_eq!(refused.status, 403);
        refused.says("登录没有完成");
        // Another browser's state, no code, somebody whom the directory does not know.
        let page = again.opens("/login/dingtalk").await;
        let mut victim = Browser::inside(&world.url, CLIENT);
        let code = world.office.gives_code(&account("li.na"));
        assert_eq!(victim.posts(DOOR, &[("code", &code), ("state", &state(&page.text))]).await.status, 403);
        assert_eq!(again.posts(DOOR, &[("code", ""), ("state", &state(&page.text))]).await.status, 403);
        let like = world.office.state().people[0].clone();
        let stranger = crate::dingtalk::world::office::Person { id: account(STRANGER), ..like };
        world.office.state().people.push(stranger);
        let page = again.opens("/login/dingtalk").await;
        let code = world.office.gives_code(&account(STRANGER));
        let unknown = again.posts(DOOR, &[("code", &code), ("state", &state(&page.text))]).await;
        assert_eq!(unknown.status, 403);
        unknown.says("您的账号还没有关联");
        assert!(!again.cookies.contains_key("__Host-liaison"));
        world.ends().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_any_other_browser_the_login_page_says_who_it_is() {
    tell(&[Way::Webhook], |world| async move {
        world.knows_where_logins_lead();
        let mut browser = Browser::new(&world.url);
        let page = browser.opens("/login/dingtalk?to=%2Fboard").await.sent_to;
        let back = world.office.agrees(&format!("un_{}", account("li.na")), &page).unwrap();
        let mut victim = Browser::new(&world.url);
        assert_eq!(victim.opens(&back).await.status, 403, "another browser's");
        assert_eq!(browser.opens(&back).await.status, 303);
        browser.opens("/board").await.says("李娜的视图");
        assert_eq!(browser.opens(&back).await.status, 403, "taken");
        // Inside the client the login page is the way out.
        let mut inside = Browser::inside(&world.url, CLIENT);
        let page = inside.opens("/login/dingtalk?outside=1").await.sent_to;
        let back = world.office.agrees(&format!("un_{}", account("wang.fang")), &page).unwrap();
        assert_eq!(inside.opens(&back).await.status, 303);
        // Somebody of another company, and an outside contact that has a user id like one of ours.
        let contact = format!("un_{}", account("zhang.wei"));
        world.office.state().logins.contacts.insert(contact.clone());
        for union in ["un_of_another_company", contact.as_str()] {
            let mut other = Browser::new(&world.url);
            let page = other.opens("/login/dingtalk").await.sent_to;
            let back = world.office.agrees(union, &page).unwrap();
            let refused = other.opens(&back).await;
            assert_eq!(refused.status, 403, "{union}: {}", refused.text);
            assert!(!other.cookies.contains_key("__Host-liaison"));
        }
        world.ends().await;
    })
    .await;
}
