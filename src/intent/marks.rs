//! One line that says several things: `收银系统宕机 影响：全部门店 发生：09:30`.
//!
//! Invariant: nothing of the line is lost: what stands before the first mark is the first field.

use std::collections::BTreeMap;

use super::FormValues;

/// Marks in one line, and the fields that begin there.
type Marks<'a> = &'a [(&'a str, &'a [&'a str])];

const REPORT: Marks = &[
    ("issue_scope", &["影响范围", "影响", "scope"]),
    ("issue_happened", &["发生时间", "发生", "happened"]),
    ("issue_fix_by", &["预计解决", "预计", "expected"]),
];
const SOLUTION: Marks = &[
    ("cause", &["原因", "cause"]),
    ("measures", &["措施", "measures"]),
    ("issue_due", &["完成时间", "完成", "due"]),
];
const RESOLUTION: Marks = &[("issue_process", &["过程", "process"]), ("effect", &["效果", "effect"])];

/// What happened, and marked behind it the scope, the time and the expected fix.
pub fn report(words: &str) -> FormValues {
    parts(words, ("issue_text", REPORT))
}

/// The cause, and marked behind it the measures and the time.
pub fn solution(words: &str) -> FormValues {
    parts(words, ("cause", SOLUTION))
}

/// What was done, and marked behind it the effect.
pub fn resolution(words: &str) -> FormValues {
    parts(words, ("issue_process", RESOLUTION))
}

/// What is said, cut at the marks that open further fields: `宕机 影响：全部门店`.
fn parts(words: &str, (first, marks): (&str, Marks)) -> FormValues {
    let mut found: Vec<(usize, usize, &str)> = Vec::new();
    for (field, spellings) in marks {
        let opens = |mark: &&str| {
            let colon =
                |c: &str| words.find(&format!("{mark}{c}")).map(|at| (at, at + mark.len() + c.len(), *field));
            colon("：").or_else(|| colon(":"))
        };
        found.extend(spellings.iter().find_map(opens));
    }
    found.sort_unstable();
    let end = |n: usize| found.get(n).map_or(words.len(), |(at, _, _)| *at);
    let mut values = BTreeMap::new();
    let mut keep = |field: &str, text: &str| {
        let text = text.trim().trim_end_matches(['；', ';', '，', ',']).trim();
        if !text.is_empty() {
            values.insert(field.to_owned(), text.to_owned());
        }
    };
    keep(first, &words[..end(0)]);
    for (n, (_, begins, field)) in found.iter().enumerate() {
        keep(field, &words[*begins..end(n + 1).max(*begins)]);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_at_its_marks() {
        let said = report("收银系统宕机，影响：全部门店；发生时间：09:30");
        assert_eq!(said["issue_text"], "收银系统宕机");
        assert_eq!(said["issue_scope"], "全部门店");
        assert_eq!(said["issue_happened"], "09:30");
        assert_eq!(report("影响很大").get("issue_text").map(String::as_str), Some("影响很大"));
        assert_eq!(solution("断电 措施：换电源 完成：明天")["issue_due"], "明天");
        assert_eq!(resolution("换板 效果：恢复")["effect"], "恢复");
    }
}
