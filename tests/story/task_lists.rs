//! T1 in the browser and by programs: a task list is looked at, then added in one act, and can be taken away as a file.

use calamine::Reader;
use serde_json::Value;

use crate::world::ground;
use crate::world::pages::Page;
use crate::world::pages::readers::Visitor;
use crate::world::{World, client, story};

const GOOD: &str =
    "\u{feff}序号,名称,负责人,完成,前置任务,里程碑\r\nA,整理清单,孙丽,T+5,B,是\r\nB,提供资料,李娜,T+3,,\r\n";
const SAME: &str = "same-origin";

/// Both departments have signed.
async fn confirmed(world: &mut World) -> String {
    let number = world.files_and_approves().await;
    world.presses("li.na", "confirm").await;
    world.presses("wang.fang", "confirm").await;
    world.forgets().await;
    number
}

/// How many tasks there are, and how many lines of history say that some came from a sheet.
async fn tasks(world: &World) -> Vec<i64> {
    let told = "SELECT COUNT(*) FROM audit WHERE what = 'tasks_imported'";
    world.numbers(&format!("SELECT (SELECT COUNT(*) FROM task), ({told})"), 2).await
}

/// Sends a file from a page that was opened for it.
async fn sends(visitor: &Visitor, number: &str, file: &[u8]) -> Page {
    let path = format!("/requests/{number}/tasks");
    let mark = visitor.opens(&path).await.submission();
    visitor.posts_parts(&path, &[("_submission", mark.as_bytes()), ("file", file)], SAME).await
}

/// The list that a page shows, as its button sends it.
fn carried(page: &Page) -> String {
    let (_, rest) = page.text.split_once("name=\"list\" value=\"").unwrap();
    let list = rest.split('"').next().unwrap();
    list.replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

/// Agrees to what a page shows.
async fn agrees(visitor: &Visitor, number: &str, page: &Page) -> Page {
    let (path, mark, list) = (format!("/requests/{number}/tasks"), page.submission(), carried(page));
    let parts = [("_submission", mark.as_bytes()), ("list", list.as_bytes())];
    visitor.posts_parts(&path, &parts, SAME).await
}

story!(a_list_is_shown_as_it_would_be_planned_and_added_once_after_somebody_agreed, |world| {
    let number = confirmed(world).await;
    let visitor = world.visitor("zhang.wei").await;
    world.forgets().await;
    let page = visitor.opens(&format!("/requests/{number}")).await;
    page.says(&format!("href=\"{number}/tasks\""));
    page.is_silent_about("tasks.csv");
    let page = sends(&visitor, &number, GOOD.as_bytes()).await;
    assert_eq!(page.status, 200);
    page.says("将添加 2 项任务");
    page.says("整理清单");
    page.says("T+5");
    page.says("提供资料");
    assert_eq!(tasks(world).await, [0, 0], "looking writes nothing");
    world.settles().await;
    world.hears("").await;

    for _ in 0..2 {
        let done = agrees(&visitor, &number, &page).await;
        assert_eq!(done.status, 200);
        done.says("已添加 2 项任务，负责人都会收到通知。");
        assert_eq!(tasks(world).await, [2, 1], "sent twice it is one act");
    }
    world.settles().await;
    world
        .hears(
            "sun.li ← 您有一项新任务 1 整理清单，前置任务完成后即可开始
             li.na ← 您负责的任务 2：提供资料",
        )
        .await;
    // Meanwhile the names are taken: the page says so beside each row, and keeps the list.
    let again = sends(&visitor, &number, GOOD.as_bytes()).await;
    assert_eq!(again.status, 422);
    again.says("已有名为“整理清单”的任务");
    assert_eq!(tasks(world).await, [2, 1]);
});

story!(a_file_with_faults_shows_every_row_with_its_faults_and_makes_nothing, |world| {
    let number = confirmed(world).await;
    let visitor = world.visitor("zhang.wei").await;
    world.forgets().await;
    let rows =
        "名称,负责人,完成,前置任务\n整理清单,孙丽丽,2020-01-01,\n提供资料,李娜,,9\n<b>预算</b>,王芳,,\n";
    let page = sends(&visitor, &number, rows.as_bytes()).await;
    assert_eq!(page.status, 422);
    page.says("有 3 处需要修改");
    page.says("<a href=\"#r2_task_owner\">第 2 行，负责人（B 列）</a>");
    page.says("id=\"r2_task_finish\"");
    page.says("第 3 行，前置任务（D 列）");
    page.says("&lt;b&gt;预算&lt;/b&gt;");
    page.is_silent_about("name=\"list\"");

    for (file, words) in [
        (&b"\xD0\xCF\x11\xE0"[..], "旧版或加密的工作簿"),
        (b"PK\x03\x04broken", "工作簿已损坏"),
        (b"%PDF-1.7\0\xFF", "既不是 .xlsx 工作簿，也不是 UTF-8 文本"),
        ("名称,负责人\n=cmd|x,李娜\n".as_bytes(), "这一格是公式"),
        ("名称,负责任\n甲,李娜\n".as_bytes(), "您是不是想写“负责人”"),
        ("名称,负责人\n".as_bytes(), "没有任务"),
        (b"", "还没有选择文件"),
    ] {
        let page = sends(&visitor, &number, file).await;
        assert_eq!(page.status, 422, "{words}");
        page.says(words);
    }
    let long = format!("名称,负责人,验收标准\n甲,李娜,{}\n", "长".repeat(70_000));
    sends(&visitor, &number, long.as_bytes()).await.says("文字太多");
    let huge = sends(&visitor, &number, &vec![b'x'; 300 * 1024]).await;
    assert_eq!(huge.status, 413);
    assert_eq!(tasks(world).await, [0, 0]);
    world.settles().await;
    world.hears("").await;
});

story!(only_a_page_of_ours_and_of_this_session_adds_tasks_and_only_for_who_may_plan, |world| {
    let number = confirmed(world).await;
    let (zhang, li) = (world.visitor("zhang.wei").await, world.visitor("li.na").await);
    world.forgets().await;
    let path = format!("/requests/{number}/tasks");
    let shown = sends(&zhang, &number, GOOD.as_bytes()).await;
    let (mark, list) = (shown.submission(), carried(&shown));
    let parts = [("_submission", mark.as_bytes()), ("list", list.as_bytes())];
    // Another site's page, a page of somebody else, no page at all, and what no page of ours sends.
    assert_eq!(zhang.posts_parts(&path, &parts, "cross-site").await.status, 403);
    assert_eq!(li.posts_parts(&path, &parts, SAME).await.status, 403, "a forwarded page");
    assert_eq!(zhang.posts_parts(&path, &parts[1..], SAME).await.status, 403);
    assert_eq!(zhang.posts_parts(&path, &[parts[0], ("list", b"[]")], SAME).await.status, 400);
    assert_eq!(zhang.with("").posts_parts(&path, &parts, SAME).await.status, 401);
    // Li Na may see it and may not plan; Sun Li has no part in the other one and learns nothing of it.
    let page = li.opens(&path).await;
    page.says("现在不能添加任务");
    assert!(!page.can_submit(), "nothing to send for who may not plan");
    li.opens(&format!("/requests/{number}")).await.is_silent_about("id=\"t-sheets\"");
    let secret = world.files_with(&[("visibility", "people"), ("title", "收购星辰公司")]).await;
    let sun = world.visitor("sun.li").await;
    world.forgets().await;
    for path in ["tasks", "tasks.xlsx", "tasks.csv"] {
        let page = sun.opens(&format!("/requests/{secret}/{path}")).await;
        assert_eq!(page.status, 404, "{path}");
        page.is_silent_about("收购星辰公司");
    }
    // Not confirmed yet: nobody may.
    zhang.opens(&format!("/requests/{secret}/tasks")).await.says("现在不能添加任务");
    assert_eq!(tasks(world).await, [0, 0]);
    world.settles().await;
    world.hears("").await;
});

story!(a_task_list_goes_out_as_a_sheet_and_comes_in_again_elsewhere, |world| {
    let number = confirmed(world).await;
    let visitor = world.visitor("zhang.wei").await;
    let page = sends(&visitor, &number, GOOD.replace("整理清单", "'=清单").as_bytes()).await;
    agrees(&visitor, &number, &page).await.says("已添加 2 项任务");
    visitor.opens(&format!("/requests/{number}")).await.says("tasks.csv");
    let csv = visitor.opens(&format!("/requests/{number}/tasks.csv")).await;
    assert!(csv.text.starts_with('\u{feff}'), "spreadsheets read it as UTF-8");
    csv.says("1,'=清单,市场部,,,孙丽,");
    let attachment = csv.headers["content-disposition"].to_str().unwrap();
    assert_eq!(attachment, format!("attachment; filename=\"{number}-tasks.csv\""));

    world.settles().await;
    world.forgets().await;
    let other = confirmed(world).await;
    let page = sends(&visitor, &other, csv.text.as_bytes()).await;
    page.says("将添加 2 项任务");
    agrees(&visitor, &other, &page).await.says("已添加 2 项任务");
    let again = visitor.opens(&format!("/requests/{other}/tasks.csv")).await;
    assert_eq!(again.text, csv.text, "nothing is lost on the way");

    let url = format!("{}/requests/{number}/tasks.xlsx", world.url());
    let bytes =
        client().get(url).header("cookie", &visitor.cookie).send().await.unwrap().bytes().await.unwrap();
    let mut book = calamine::Xlsx::new(std::io::Cursor::new(&bytes[..])).unwrap();
    let sheet = book.sheet_names().remove(0);
    assert!(book.worksheet_formula(&sheet).unwrap().is_empty(), "no cell is a formula");
    let cells = book.worksheet_range(&sheet).unwrap();
    assert_eq!(cells.get_value((1, 1)).unwrap().to_string(), "=清单");
    let blank = format!("{}/requests/{number}/tasks.xlsx?blank", world.url());
    let bytes =
        client().get(blank).header("cookie", &visitor.cookie).send().await.unwrap().bytes().await.unwrap();
    let mut book = calamine::Xlsx::new(std::io::Cursor::new(&bytes[..])).unwrap();
    assert_eq!(book.worksheet_range(&sheet).unwrap().height(), 1, "the heads alone, to be filled in");
    world.settles().await;
    world.forgets().await;
});

/// Sends a file as a program does; status and answer.
async fn calls(world: &World, (token, key, number): (&str, &str, &str), file: &str) -> (u16, Value) {
    let url = format!("{}/api/v1/requests/{number}/tasks", world.url());
    let request = client().post(url).bearer_auth(token).header("content-type", "text/csv");
    let request = if key.is_empty() { request } else { request.header("idempotency-key", key) };
    let answer = request.body(file.to_owned()).send().await.unwrap();
    let (status, answer) = (answer.status().as_u16(), answer.json().await.unwrap());
    world.settles().await;
    (status, answer)
}

story!(a_program_adds_a_task_list_once_per_key_and_hears_every_cell_that_is_wrong, |world| {
    let number = confirmed(world).await;
    let token = |person: &str, scope: &str| ground::token(world.database(), ("ERP", person, scope));
    let (zhang, li, reads) = (token("zhang.wei", "act"), token("li.na", "act"), token("zhang.wei", "tasks"));
    assert_eq!(calls(world, ("none", "a", &number), GOOD).await.0, 401);
    assert_eq!(calls(world, (&reads, "a", &number), GOOD).await.0, 403);
    assert_eq!(calls(world, (&li, "a", &number), GOOD).await.0, 403);
    assert_eq!(calls(world, (&zhang, "", &number), GOOD).await.0, 400);
    assert_eq!(calls(world, (&zhang, "a", "2026-Q4-SCB-999"), GOOD).await.0, 404);
    let (status, answer) = calls(world, (&zhang, "b", &number), "名称,负责人\n甲,=李娜\n").await;
    let field = &answer["error"]["fields"][0];
    assert_eq!((status, &field["field"], &field["code"]), (422, &"r2_task_owner".into(), &"formula".into()));
    let (status, answer) = calls(world, (&zhang, "c", &number), "名称,负责人\n甲,无名氏\n").await;
    let field = &answer["error"]["fields"][0];
    assert_eq!((status, &field["field"]), (422, &"r2_task_owner".into()), "{answer}");
    assert!(field["text"].as_str().unwrap().starts_with("第 2 行，负责人（B 列）"), "{answer}");
    assert_eq!(tasks(world).await, [0, 0]);
    for _ in 0..2 {
        let (status, answer) = calls(world, (&zhang, "d", &number), GOOD).await;
        assert_eq!((status, &answer["code"]), (200, &"tasks_imported".into()), "{answer}");
        assert_eq!(tasks(world).await, [2, 1]);
    }
    world.forgets().await;
});
