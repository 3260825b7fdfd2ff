//! Sheets as programs write them, and as people spoil them.

use proptest::prelude::*;

use super::*;

fn codes(text: &str) -> Vec<(Option<usize>, &'static str)> {
    read(text.as_bytes()).slips.iter().map(|slip| (slip.row, slip.code)).collect()
}

#[test]
fn what_could_be_read_stands_beside_what_could_not() {
    let list = read("名称,负责人,完成\n整理清单,=李娜,T+5\n,王芳,\n".as_bytes());
    assert_eq!(list.values["r2_task_name"], "整理清单");
    assert_eq!(list.values["r3_task_owner"], "王芳");
    assert_eq!(list.fields(), ["task_name", "task_owner", "task_finish"]);
    assert_eq!(list.head("task_finish"), Some(("完成".to_owned(), "C".to_owned())));
    assert_eq!(list.slips, [Slip::at(2, Place::Field("task_owner"), "formula")]);
}

#[test]
fn a_sheet_that_is_none_says_which_mistake_it_is() {
    assert_eq!(codes("名称,负责人\n"), [(Some(2), "no_rows")]);
    assert_eq!(codes("负责人\n李娜\n"), [(Some(1), "no_column")]);
    assert_eq!(codes("名称,负责人\n甲,李娜,多\n"), [(Some(2), "no_head")]);
    assert_eq!(codes("a\0b"), [(None, "not_text")]);
    let long = vec![b'x'; MOST_BYTES + 1];
    assert_eq!(read(&long).slips, [Slip::of_file("too_large")]);
}

proptest! {
    #[test]
    fn whatever_the_bytes_are_they_are_a_list_or_a_named_mistake(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let list = read(&bytes);
        prop_assert!(!list.slips.is_empty() || !list.values.is_empty());
    }
}
