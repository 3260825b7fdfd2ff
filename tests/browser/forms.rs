//! The web forms behind signed links in a real browser: a phone and a desk, light and dark, by keyboard alone.

use crate::page::Page;
use crate::world::{Backend, World};

const PHONE: (u32, u32) = (360, 740);
const DESK: (u32, u32) = (1280, 900);

/// Nothing sticks out, and every control can be named.
async fn is_in_order(page: &Page) {
    assert!(page.fits().await, "something sticks out");
    assert!(page.unnamed().await.is_empty(), "controls without a name: {:?}", page.unnamed().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_phone_somebody_confirms_and_somebody_objects_by_keyboard_alone() {
    let Some(mut world) = World::begins(Backend::Sqlite).await else { return };
    let number = world.files_and_approves().await;
    world.loses_forms().await;
    for person in ["wang.fang", "li.na"] {
        world.says(person, &format!("/show {number}")).await;
    }
    world.settles().await;
    world.forgets().await;
    let (confirm, object) = (world.link("wang.fang", "confirm").await, world.link("li.na", "object").await);

    let Some(page) = Page::of_link(&confirm, PHONE, "light").await else { return };
    is_in_order(&page).await;
    page.shot("forms-1-confirm-on-a-phone").await;
    page.tabs_to("button[value=confirm]").await;
    page.enters().await;
    page.sees_anywhere(".told.success").await;
    page.misses("form").await;
    page.shot("forms-2-confirmed").await;
    page.goes_to(&confirm).await;
    page.sees_anywhere(".told.info").await;
    world.settles().await;
    world.settles().await;
    world.hears("zhang.wei ← 财务部已确认（王芳）").await;

    page.goes_to(&object).await;
    page.tabs_to("#f-reason").await;
    page.types_here("两周做不完").await;
    page.tabs_to("button[value=object]").await;
    page.enters().await;
    page.sees_anywhere("#f-suggestion-error").await;
    page.reads_anywhere("两周做不完").await;
    is_in_order(&page).await;
    page.shot("forms-3-errors-beside-the-fields").await;
    // The focus stands in the first field that is wrong.
    page.types_here("顺延到 12 月 22 日").await;
    page.tabs_to("button[value=object]").await;
    page.enters().await;
    page.sees_anywhere(".told.success").await;
    page.closes().await;
    world.settles().await;
    world.settles().await;
    world.forgets().await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_request_form_is_in_order_everywhere_light_and_dark() {
    let Some(mut world) = World::begins(Backend::Sqlite).await else { return };
    world.loses_forms().await;
    world.says("zhang.wei", "/settings language en").await;
    world.says("zhang.wei", "/new @研发部").await;
    world.says("liu.yang", "/new @研发部").await;
    world.settles().await;
    world.forgets().await;
    let (english, chinese) = (world.link("zhang.wei", "file").await, world.link("liu.yang", "file").await);
    for (name, link, size, scheme) in [
        ("forms-4-phone-light", &chinese, PHONE, "light"),
        ("forms-5-phone-dark-english", &english, PHONE, "dark"),
        ("forms-6-desk-light-english", &english, DESK, "light"),
        ("forms-7-desk-dark", &chinese, DESK, "dark"),
    ] {
        let Some(page) = Page::of_link(link, size, scheme).await else { return };
        is_in_order(&page).await;
        page.clicks("button[value=file]").await;
        page.sees_anywhere("#f-title-error").await;
        is_in_order(&page).await;
        page.shot(name).await;
        page.closes().await;
    }
    let Some(page) = Page::of_link(&format!("{}/forms/none", world.url()), PHONE, "dark").await else {
        return;
    };
    page.sees_anywhere("h1").await;
    page.shot("forms-8-a-link-that-does-not-open").await;
    page.closes().await;
    world.settles().await;
    world.forgets().await;
    world.ends().await;
}
