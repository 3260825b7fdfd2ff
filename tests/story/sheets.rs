//! T1: a task list that was drawn up in a spreadsheet comes in whole or not at all, and goes out again as a sheet.

use calamine::{Data, Reader};
use rust_xlsxwriter::Workbook;

use crate::world::ground::{changes, runs};
use crate::world::{World, machine_now, story};

const HEAD: &str = "\u{feff}序号,名称,主责部门,负责人,完成,前置任务,里程碑\r\n";

/// Both departments have signed.
async fn confirmed(world: &mut World) -> String {
    let number = world.files_and_approves().await;
    world.presses("li.na", "confirm").await;
    world.presses("wang.fang", "confirm").await;
    world.forgets().await;
    // The command line is to live in the story's time.
    let ahead = world.now().await.duration_since(machine_now()).as_millis();
    let sql = format!("UPDATE switch SET value = '{ahead}' WHERE name = 'sandbox_clock'");
    changes(world.database(), &sql).await;
    number
}

/// Imports a file as somebody; exit code and what was said.
fn imports(
    world: &World,
    (number, file, person): (&str, &str, &str),
    more: &[&str],
) -> (Option<i32>, String) {
    let arguments = [&["tasks", "import", number, file, "--as", person], more].concat();
    let clock = [("LIAISON__SANDBOX__ENABLED", "true"), ("LIAISON__SANDBOX__MOVABLE_CLOCK", "true")];
    runs(world.database(), (&arguments, &clock))
}

/// How many tasks there are, and how many obligations to finish one.
async fn tasks(world: &World) -> Vec<i64> {
    let owed = "SELECT COUNT(*) FROM obligation WHERE kind = 'finish_task'";
    world.numbers(&format!("SELECT (SELECT COUNT(*) FROM task), ({owed})"), 2).await
}

story!(a_sheet_becomes_tasks_in_one_act_after_it_was_shown_what_it_would_make, |world| {
    let number = confirmed(world).await;
    let rows = "A,整理清单,,孙丽,T+5,\"提供资料、预算\",是\r\nB,提供资料,研发部,李娜,T+3,,\r\nC,预算,CWB,wang.fang,2026-11-30,B,否\r\n";
    let file = world.keeps_file("tasks.csv", &format!("{HEAD}{rows}"));
    let (code, said) = imports(world, (&number, &file, "张伟"), &["--dry-run"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("  1  整理清单  市场部  孙丽  2026-11-23 – 2026-11-30  after 2, 3  milestone"),
        "{said}"
    );
    assert!(said.contains("  3  预算  财务部  王芳  2026-11-23 – 2026-11-30  after 2\n"), "{said}");
    assert!(said.contains("3 would be added, nothing was"), "{said}");
    assert_eq!(tasks(world).await, [0, 0]);

    let (code, said) = imports(world, (&number, &file, "zhang.wei"), &[]);
    assert_eq!((code, said.as_str()), (Some(0), "3 tasks are added; the owners hear of it.\n"));
    assert_eq!(tasks(world).await, [3, 1]);
    // The story's clock stood still meanwhile, the command line's did not.
    world.passes("10m").await;
    world
        .hears(
            "sun.li ← 您有一项新任务 1 整理清单，前置任务完成后即可开始
             li.na ← 您负责的任务 2：提供资料
             wang.fang ← 您有一项新任务 3 预算，前置任务完成后即可开始",
        )
        .await;

    // A second time it would make everything twice.
    let (code, said) = imports(world, (&number, &file, "zhang.wei"), &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("tasks.csv:3: 名称 (column B): There is a task “提供资料” already"), "{said}");
    // With what is there it would be more than a request has room for.
    let rows: String = (0..198).map(|n| format!(",第{n}步,,李娜,,,\r\n")).collect();
    let file = world.keeps_file("long.csv", &format!("{HEAD}{rows}"));
    let (code, said) = imports(world, (&number, &file, "zhang.wei"), &[]);
    assert_eq!((code, said.contains("Nothing was added: there are 200 tasks")), (Some(2), true), "{said}");
    assert_eq!(tasks(world).await, [3, 1]);
    world.settles().await;
});

story!(a_list_with_one_fault_makes_nothing_and_each_fault_has_its_row_and_column, |world| {
    let number = confirmed(world).await;
    let rows = "1,整理清单,没有部,孙丽丽,2020-01-01,,也许\r\n2,提供资料,研发部,李娜,,9,\r\n3,预算,CWB,王芳,,3,\r\n4,好的,CWB,王芳,,2,\r\n";
    let file = world.keeps_file("tasks.csv", &format!("{HEAD}{rows}"));
    let (code, said) = imports(world, (&number, &file, "zhang.wei"), &[]);
    assert_eq!(code, Some(2), "{said}");
    for place in [
        "tasks.csv:2: 主责部门 (column C): ",
        "tasks.csv:2: 负责人 (column D): “孙丽丽” is nobody",
        "tasks.csv:2: 完成 (column E): ",
        "tasks.csv:2: 里程碑 (column G): “也许” is neither yes nor no",
        "tasks.csv:3: 前置任务 (column F): There is no row and no task “9”",
        "tasks.csv:4: 前置任务 (column F): “3” is the task itself",
    ] {
        assert!(said.contains(place), "{place} in\n{said}");
    }
    assert_eq!(said.lines().count(), 6, "{said}");
    let rows = "1,甲,,李娜,,丙,\r\n2,乙,,李娜,,甲,\r\n3,丙,,李娜,,乙,\r\n";
    let file = world.keeps_file("ring.csv", &format!("{HEAD}{rows}"));
    let (_, said) = imports(world, (&number, &file, "zhang.wei"), &[]);
    assert!(
        said.contains("ring.csv:2: 前置任务 (column F): ") && said.contains("2 甲 → 4 丙 → 3 乙 → 2 甲"),
        "{said}"
    );
    // Who may not plan may not import, and only hears so.
    let file = world.keeps_file("good.csv", &format!("{HEAD},甲,,李娜,,,\r\n"));
    for more in [&[][..], &["--dry-run"]] {
        let (code, said) = imports(world, (&number, &file, "li.na"), more);
        assert_eq!((code, said.contains("Nothing was done")), (Some(2), true), "{said}");
    }
    let (code, said) = imports(world, ("2026-Q4-SCB-999", &file, "zhang.wei"), &[]);
    assert_eq!(code, Some(2), "{said}");
    assert_eq!(tasks(world).await, [0, 0]);
    world.settles().await;
    world.hears("").await;
});

story!(a_workbook_comes_in_and_goes_out_as_one_without_formulas, |world| {
    let number = confirmed(world).await;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, head) in (0..).zip(["name", "owner", "deliverable", "after"]) {
        sheet.write_string(0, column, head).unwrap();
    }
    for (row, name, deliverable) in [(1, "甲", "=1+1"), (2, "乙", "@SUM(A1)")] {
        sheet.write_string(row, 0, name).unwrap();
        sheet.write_string(row, 1, "李娜").unwrap();
        sheet.write_string(row, 2, deliverable).unwrap();
    }
    sheet.write_number(2, 3, 2).unwrap();
    let file = world.keeps_file("tasks.xlsx", "");
    book.save(&file).unwrap();
    let (code, said) = imports(world, (&number, &file, "zhang.wei"), &[]);
    assert_eq!((code, said.as_str()), (Some(0), "2 tasks are added; the owners hear of it.\n"));

    let out = world.keeps_file("out.xlsx", "");
    let (code, said) = runs(world.database(), (&["export", "tasks", "--format", "xlsx", "--out", &out], &[]));
    assert_eq!(code, Some(0), "{said}");
    let mut written: calamine::Xlsx<_> = calamine::open_workbook(&out).unwrap();
    let name = written.sheet_names().remove(0);
    assert!(written.worksheet_formula(&name).unwrap().is_empty(), "no cell is a formula");
    let cells = written.worksheet_range(&name).unwrap();
    let rows: Vec<&[Data]> = cells.rows().collect();
    let column = |name: &str| rows[0].iter().position(|head| *head == *name).unwrap();
    let shown = |row: usize, name: &str| rows[row][column(name)].to_string();
    assert_eq!(
        (rows.len(), shown(1, "deliverable"), shown(2, "deliverable")),
        (3, "=1+1".into(), "@SUM(A1)".into())
    );
    assert_eq!(
        (shown(1, "owner"), shown(2, "after"), shown(2, "request")),
        ("李*".into(), "[1]".into(), number)
    );

    let unmasked = |who: &'static str| ["export", "tasks", "--format", "csv", "--unmasked", "--as", who];
    // Who may not answer for it gets nothing, not even an empty file.
    let left = world.keeps_file("left.csv", "as it was");
    for who in ["li.na", "nobody"] {
        let refused = [&unmasked(who)[..], &["--out", &left]].concat();
        let (code, said) = runs(world.database(), (&refused, &[]));
        assert_eq!((code, said.contains("only an administrator")), (Some(2), true), "{said}");
    }
    assert_eq!(std::fs::read_to_string(&left).unwrap(), "as it was");
    let (code, said) = runs(world.database(), (&["export", "tasks", "--unmasked"], &[]));
    assert_eq!((code, said.contains("--as <ID>")), (Some(2), true), "{said}");
    for who in ["huang.lei", "he.xue"] {
        assert_eq!(runs(world.database(), (&unmasked(who), &[])).0, Some(0), "{who}");
    }
    let noted = "SELECT (SELECT COUNT(*) FROM audit WHERE what = 'export_refused'), \
                 (SELECT COUNT(*) FROM audit WHERE what = 'exported_unmasked')";
    assert_eq!(world.numbers(noted, 2).await, [2, 2]);
    let (_, table) = runs(world.database(), (&unmasked("huang.lei"), &[]));
    assert!(
        table.starts_with('\u{feff}') && table.contains(",'=1+1,") && table.contains(",li.na,"),
        "{table}"
    );
    world.passes("10m").await;
    world.hears("li.na ← 您负责的任务 1：甲\nli.na ← 您有一项新任务 2 乙，前置任务完成后即可开始").await;
});
