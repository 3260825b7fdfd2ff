//! What the words of a search mean, before names of people and departments are looked up.
//!
//! Invariant: every word means something; what is neither a state, a time nor a number is a piece of text.

use jiff::Span;
use jiff::civil::Date;

use super::{number, numeral, when};
use crate::domain::request::State;

/// What one word means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// In one of these states.
    States(Vec<State>),
    /// Something about it is overdue.
    Overdue,
    /// Filed or owed by whoever asks.
    Mine,
    /// Filed between these days, both included.
    Filed(Date, Date),
    /// A number, or what is unique of it, as it is written.
    Number(String),
    /// A name, or words to be found.
    Text(String),
}

const STATES: [(&[State], &[&str]); 10] = [
    (&[State::InReview], &["in_review", "in-review", "review", "审批中", "审批"]),
    (&[State::Returned], &["returned", "已退回", "退回"]),
    (&[State::Confirming], &["confirming", "确认中", "待确认"]),
    (&[State::Confirmed], &["confirmed", "已确认", "已完成确认"]),
    (&[State::Withdrawn], &["withdrawn", "已撤回", "撤回"]),
    (&[State::Cancelled], &["cancelled", "canceled", "已取消", "取消"]),
    (&[State::InProgress], &["in_progress", "in-progress", "doing", "执行中"]),
    (&[State::Delivered], &["delivered", "待验收", "验收"]),
    (&[State::Accepted], &["completed", "accepted", "已完成", "已验收"]),
    (
        &[State::InReview, State::Returned, State::Confirming, State::InProgress, State::Delivered],
        &["open", "进行中", "未完成"],
    ),
];
const OVERDUE: [&str; 5] = ["overdue", "late", "逾期", "已逾期", "超期"];
const MINE: [&str; 4] = ["mine", "me", "我的", "我"];

/// The meaning of the words, in their order; `today` is the day they are said on.
pub fn terms(words: &[String], today: Date) -> Vec<Term> {
    let mut terms = Vec::new();
    let mut rest = words;
    while let [first, after @ ..] = rest {
        // `last week` is one time in two words.
        let two = after.first().and_then(|second| period(&format!("{first} {second}"), today));
        match two {
            Some((from, to)) => {
                terms.push(Term::Filed(from, to));
                rest = after.get(1..).unwrap_or_default();
            }
            None => {
                terms.push(term(first, today));
                rest = after;
            }
        }
    }
    terms
}

fn term(typed: &str, today: Date) -> Term {
    let word = typed.trim().to_lowercase();
    if let Some((states, _)) = STATES.iter().find(|(_, names)| names.contains(&word.as_str())) {
        return Term::States(states.to_vec());
    }
    if OVERDUE.contains(&word.as_str()) {
        return Term::Overdue;
    }
    if MINE.contains(&word.as_str()) {
        return Term::Mine;
    }
    if let Some((from, to)) = period(&word, today) {
        return Term::Filed(from, to);
    }
    match number::canonical(typed) {
        Some(number) if number.contains('-') => Term::Number(number),
        Some(_) | None => Term::Text(typed.to_owned()),
    }
}

/// The days of `本月`, `上周`, `2026-11`, `11-01..11-15` or of one day; first and last.
fn period(typed: &str, today: Date) -> Option<(Date, Date)> {
    let word = typed.replace(' ', "");
    if let Some((from, to)) = ["..", "…", "~", "至", "到"].iter().find_map(|sign| word.split_once(sign)) {
        let (from, to) = (days(from, today)?.0, days(to.trim_start_matches('.'), today)?.1);
        return Some((from.min(to), from.max(to)));
    }
    days(&word, today)
}

fn days(word: &str, today: Date) -> Option<(Date, Date)> {
    let back = |span: Span| today.checked_sub(span).ok();
    let one = |day: Option<Date>| day.map(|day| (day, day));
    match word {
        "昨天" | "昨日" | "yesterday" => return one(back(Span::new().days(1))),
        "前天" => return one(back(Span::new().days(2))),
        "本周" | "这周" | "本星期" | "thisweek" => return week_of(today),
        "上周" | "上星期" | "上个星期" | "lastweek" => return week_of(back(Span::new().days(7))?),
        "本月" | "这个月" | "当月" | "thismonth" => return month_of(today),
        "上月" | "上个月" | "lastmonth" => return month_of(today.first_of_month().yesterday().ok()?),
        "本季度" | "这个季度" | "thisquarter" => return quarter_of(today),
        "上季度" | "上个季度" | "lastquarter" => {
            return quarter_of(quarter_of(today)?.0.yesterday().ok()?);
        }
        "今年" | "本年" | "thisyear" => return year_of(today.year()),
        "去年" | "上年" | "lastyear" => return year_of(today.year() - 1),
        _ => {}
    }
    latest_days(word, today).or_else(|| month_named(word, today)).or_else(|| one(when::past(word, today)))
}

/// `近7天`, `最近30天`, `last7days`
fn latest_days(word: &str, today: Date) -> Option<(Date, Date)> {
    let rest = ["最近", "近", "last"].iter().find_map(|start| word.strip_prefix(start))?;
    let count = rest.strip_suffix('天').or_else(|| rest.strip_suffix("days"))?;
    let count = numeral::whole(count).filter(|count| (1..=3_660).contains(count))?;
    Some((today.checked_sub(Span::new().days(i64::from(count) - 1)).ok()?, today))
}

/// `2026-11`, `2026年11月`, `11月`, `2026年`, `2026-q4`
fn month_named(word: &str, today: Date) -> Option<(Date, Date)> {
    let small = |text: &str| numeral::whole(text).and_then(|n| i8::try_from(n).ok());
    let year = |text: &str| text.parse::<i16>().ok().filter(|y| text.len() == 4 && (1900..2900).contains(y));
    let of = |year: i16, month: &str| match month.strip_prefix('q').and_then(small) {
        Some(quarter @ 1..=4) => quarter_of(Date::new(year, quarter * 3, 1).ok()?),
        Some(_) => None,
        None => month_of(Date::new(year, small(month.strip_suffix('月').unwrap_or(month))?, 1).ok()?),
    };
    if let Some((first, month)) = word.split_once(['-', '年', '/', '.']) {
        let year = year(first)?;
        return if month.is_empty() && word.ends_with('年') { year_of(year) } else { of(year, month) };
    }
    let month = small(word.strip_suffix("月份").or_else(|| word.strip_suffix('月'))?)?;
    let named = Date::new(today.year(), month, 1).ok()?;
    let year = if named > today { today.year() - 1 } else { today.year() };
    month_of(Date::new(year, month, 1).ok()?)
}

fn week_of(day: Date) -> Option<(Date, Date)> {
    let monday = day.checked_sub(Span::new().days(day.weekday().to_monday_zero_offset())).ok()?;
    Some((monday, monday.checked_add(Span::new().days(6)).ok()?))
}

fn month_of(day: Date) -> Option<(Date, Date)> {
    Some((day.first_of_month(), day.last_of_month()))
}

fn quarter_of(day: Date) -> Option<(Date, Date)> {
    let first = (day.month() - 1) / 3 * 3 + 1;
    let last = Date::new(day.year(), first + 2, 1).ok()?;
    Some((Date::new(day.year(), first, 1).ok()?, last.last_of_month()))
}

fn year_of(year: i16) -> Option<(Date, Date)> {
    Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    /// Said on Thursday, 26 November 2026.
    fn read(typed: &str) -> String {
        let words: Vec<String> = typed.split_whitespace().map(str::to_owned).collect();
        let shown = terms(&words, date(2026, 11, 26)).into_iter().map(|term| match term {
            Term::Filed(from, to) => format!("{from}..{to}"),
            Term::States(states) => states.iter().map(|s| s.name()).collect::<Vec<_>>().join("|"),
            Term::Overdue => "overdue".to_owned(),
            Term::Mine => "mine".to_owned(),
            Term::Number(number) => format!("#{number}"),
            Term::Text(text) => format!("'{text}'"),
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    const SAID: &str = "本月|上月|2026-11|2026年3月|11月|12月|2025年|2026-Q4|上季度|去年|\
        11-01..11-15|11月1日至11月15日|12-20..01-05|上周|本周 推广|last week 推广|\
        近7天|昨天|周五|15号|30号|2026-11-03|今天|审批中|进行中 逾期|我的|scb-12|\
        2026-Q4-SCB-1|12|研发部|100%|13月|2026-13|..|至|到货|本月底|Q4";

    #[test]
    fn words_of_a_search_mean_what_people_mean() {
        let rows: Vec<String> = SAID.split('|').map(|typed| format!("{typed} → {}", read(typed))).collect();
        insta::assert_snapshot!(rows.join("\n"), @"
        本月 → 2026-11-01..2026-11-30
        上月 → 2026-10-01..2026-10-31
        2026-11 → 2026-11-01..2026-11-30
        2026年3月 → 2026-03-01..2026-03-31
        11月 → 2026-11-01..2026-11-30
        12月 → 2025-12-01..2025-12-31
        2025年 → 2025-01-01..2025-12-31
        2026-Q4 → 2026-10-01..2026-12-31
        上季度 → 2026-07-01..2026-09-30
        去年 → 2025-01-01..2025-12-31
        11-01..11-15 → 2026-11-01..2026-11-15
        11月1日至11月15日 → 2026-11-01..2026-11-15
        12-20..01-05 → 2025-12-20..2026-01-05
        上周 → 2026-11-16..2026-11-22
        本周 推广 → 2026-11-23..2026-11-29 '推广'
        last week 推广 → 2026-11-16..2026-11-22 '推广'
        近7天 → 2026-11-20..2026-11-26
        昨天 → 2026-11-25..2026-11-25
        周五 → 2026-11-20..2026-11-20
        15号 → 2026-11-15..2026-11-15
        30号 → 2026-10-30..2026-10-30
        2026-11-03 → 2026-11-03..2026-11-03
        今天 → 2026-11-26..2026-11-26
        审批中 → in_review
        进行中 逾期 → in_review|returned|confirming|in_progress|delivered overdue
        我的 → mine
        scb-12 → #SCB-012
        2026-Q4-SCB-1 → #2026-Q4-SCB-001
        12 → '12'
        研发部 → '研发部'
        100% → '100%'
        13月 → '13月'
        2026-13 → '2026-13'
        .. → '..'
        至 → '至'
        到货 → '到货'
        本月底 → 2026-11-30..2026-11-30
        Q4 → 'Q4'
        ");
    }

    proptest! {
        #[test]
        fn every_word_means_something(words in proptest::collection::vec("\\PC{0,30}|[0-9月日周年底.~至-]{0,8}", 0..6)) {
            let terms = terms(&words, date(2026, 2, 28));
            prop_assert!(terms.len() <= words.len() && (words.is_empty() || !terms.is_empty()));
            for term in terms {
                if let Term::Filed(from, to) = term {
                    prop_assert!(from <= to);
                }
            }
        }
    }
}
