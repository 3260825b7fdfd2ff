//! Task lists as sheets: what is no task list is refused with its row and column, before anything else is looked at.

use std::io::Write;

use rust_xlsxwriter::Workbook;

use super::shell::Office;

const HEAD: &str = "\u{feff}名称,主责部门,负责人,开始,完成,交付物,验收标准,前置任务,里程碑\r\n";

/// Imports a file with these bytes, and expects that it is refused; what was said.
fn refused(office: &Office, name: &str, bytes: &[u8]) -> String {
    std::fs::write(office.path().join(name), bytes).unwrap();
    let said = office.run(&["tasks", "import", "2026-Q4-SCB-001", name, "--as", "zhang.wei"]);
    assert_eq!((said.code, said.out.as_str()), (2, ""), "{}", said.err);
    said.err
}

/// A workbook of one sheet with these texts.
fn workbook(rows: &[&[&str]]) -> Workbook {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(*cells) {
            sheet.write_string(row, column, *text).unwrap();
        }
    }
    book
}

#[test]
fn a_table_with_wrong_columns_names_each_of_them() {
    let office = Office::open();
    let said = refused(&office, "a.csv", "名称,ownr,名称\n整理清单,李娜,\n".as_bytes());
    assert!(said.contains("a.csv:1: column B: `ownr` is unknown; did you mean `owner`?"), "{said}");
    assert!(said.contains("a.csv:1: column C: `名称` is there twice"), "{said}");
    assert!(said.contains("a.csv:1: has no column `负责人`; its head may be 负责人, owner"), "{said}");
    let bytes =
        workbook(&[&["名称", "负责人", "colour"], &["整理清单", "李娜", "red"]]).save_to_buffer().unwrap();
    let said = refused(&office, "a.xlsx", &bytes);
    assert!(said.contains("a.xlsx:1: column C: `colour` is unknown; known: 序号, 名称, 主责部门"), "{said}");
    let said = refused(&office, "b.csv", "名称;负责人\n整理清单;李娜;多了一格\n".as_bytes());
    assert!(said.contains("b.csv:2: column C: stands under no head"), "{said}");
}

#[test]
fn formulas_are_named_with_row_and_column_and_never_read() {
    let office = Office::open();
    let rows = "清单,市场部,=cmd|' /C calc'!A0,,,,,,\r\n\r\n\"两行\n名称\",市场部,李娜,,,＝1+1,,,\r\n";
    let said = refused(&office, "a.csv", format!("{HEAD}{rows}").as_bytes());
    assert!(said.contains("a.csv:2: 负责人 (column C): is a formula"), "{said}");
    assert!(said.contains("a.csv:4: 交付物 (column F): is a formula"), "{said}");
    let mut book = workbook(&[&["名称", "负责人"], &["整理清单"]]);
    book.worksheet_from_index(0).unwrap().write_formula(1, 1, "=HYPERLINK(\"http://x\",\"李娜\")").unwrap();
    let said = refused(&office, "a.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(said.trim_end(), "a.xlsx:2: 负责人 (column B): is a formula; write what it comes to, as text");
}

#[test]
fn a_list_of_fifty_thousand_rows_is_refused_at_its_first_row_too_many() {
    let office = Office::open();
    let rows: String = (0..50_000).map(|n| format!("任务{n},市场部,李娜,,,,,,\r\n")).collect();
    let said = refused(&office, "a.csv", format!("{HEAD}{rows}").as_bytes());
    assert_eq!(said.trim_end(), "a.csv:202: more than 200 tasks; file the rest as another request");
    let mut book = workbook(&[&["名称", "负责人"]]);
    let sheet = book.worksheet_from_index(0).unwrap();
    for row in 1..50_000 {
        sheet.write_string(row, 0, format!("任务{row}")).unwrap();
        sheet.write_string(row, 1, "李娜").unwrap();
    }
    let said = refused(&office, "a.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(said.trim_end(), "a.xlsx:202: more than 200 tasks; file the rest as another request");
    let said = refused(&office, "b.csv", &vec![b'x'; (5 << 20) + 1]);
    assert_eq!(said.trim_end(), "b.csv: is larger than 5 MB; a task list is smaller");
}

#[test]
fn a_broken_file_is_said_to_be_broken() {
    let office = Office::open();
    let mut whole = workbook(&[&["名称", "负责人"], &["整理清单", "李娜"]]).save_to_buffer().unwrap();
    for length in [4, 40, whole.len() / 2, whole.len() - 10] {
        let said = refused(&office, "cut.xlsx", &whole[..length]);
        assert!(said.contains("cut.xlsx: is no sound workbook"), "{length}: {said}");
    }
    let middle = whole.len() / 2;
    whole[middle..].iter_mut().take(60).for_each(|byte| *byte ^= 0x5A);
    refused(&office, "bent.xlsx", &whole);
    let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    bomb.start_file("xl/sharedStrings.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let megabyte = vec![b' '; 1 << 20];
    (0..65).for_each(|_| bomb.write_all(&megabyte).unwrap());
    let said = refused(&office, "bomb.xlsx", &bomb.finish().unwrap().into_inner());
    assert!(said.contains("bomb.xlsx: unpacks to more than 64 MB"), "{said}");
    let said = refused(&office, "old.xls", &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1]);
    assert!(said.contains("is an old or a protected workbook"), "{said}");
    let gbk = [0xC3, 0xFB, 0xB3, 0xC6, b',', 0xB8, 0xBA, b'\n'];
    assert!(refused(&office, "gbk.csv", &gbk).contains("gbk.csv: is neither a workbook (.xlsx) nor UTF-8"));
    assert!(refused(&office, "nothing.csv", b"").contains("nothing.csv:1: has no column `名称`"));
    let said = refused(&office, "head.csv", HEAD.as_bytes());
    assert!(said.contains("head.csv:2: there is no task"), "{said}");
    let missing = office.run(&["tasks", "import", "2026-Q4-SCB-001", "away.csv", "--as", "zhang.wei"]);
    assert_eq!((missing.code, missing.err.starts_with("away.csv: ")), (2, true), "{}", missing.err);
}

#[test]
fn who_imports_has_to_work_here_and_the_request_has_to_be_there() {
    let office = Office::open();
    office.does(&["directory", "sync"]);
    std::fs::write(office.path().join("a.csv"), format!("{HEAD}整理清单,,李娜,,,,,,\r\n")).unwrap();
    let said = office.run(&["tasks", "import", "2026-Q4-SCB-001", "a.csv", "--as", "nobody"]);
    assert_eq!((said.code, said.err.contains("--as nobody: nobody of that id")), (2, true), "{}", said.err);
}
