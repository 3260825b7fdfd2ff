//! Request numbers, 年份-季度-部门代码-序号: `2026-Q4-SCB-001`.
//!
//! Invariant: within a scope (year, quarter, department) numbers rise from 1 and are never given twice; who counts is
//! the store, which keeps one counter per scope.

use super::{Date, DepartmentId};

/// What a counter counts: `2026-Q4-SCB`.
pub fn scope(department: &DepartmentId, date: Date) -> String {
    let quarter = (date.month() - 1) / 3 + 1;
    format!("{}-Q{quarter}-{department}", date.year())
}

/// The number itself, at least three digits long: `2026-Q4-SCB-001`.
pub fn number(scope: &str, n: u32) -> String {
    format!("{scope}-{n:03}")
}

/// A number taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The year, e.g. 2026.
    pub year: i16,
    /// The quarter, 1 to 4.
    pub quarter: u8,
    /// The department's code.
    pub department: DepartmentId,
    /// The place in its scope, from 1.
    pub n: u32,
}

/// Takes a full number apart; `None` for anything else.
pub fn parse(full: &str) -> Option<Parts> {
    let mut parts = full.split('-');
    let (year, quarter, department, n) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let year = digits(year).filter(|_| year.len() == 4)?;
    let quarter = digits(quarter.strip_prefix('Q')?).filter(|q| (1..=4).contains(q))?;
    let code = department.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let n = digits(n).filter(|n| *n > 0)?;
    (parts.next().is_none() && code && !department.is_empty()).then_some(Parts {
        year: i16::try_from(year).ok()?,
        quarter: u8::try_from(quarter).ok()?,
        department: DepartmentId::new(department),
        n,
    })
}

/// Whether what somebody typed can mean this number: its end, part by part, in any case, zeros left out or not.
///
/// `12`, `SCB-12`, `q4-scb-12` and `2026-Q4-SCB-1` are all fine; so are full-width letters.
pub fn matches(typed: &str, full: &str) -> bool {
    let typed = folded(typed);
    let mut wanted = typed.rsplit('-');
    let mut have = full.rsplit('-');
    let last = wanted.next().and_then(digits);
    if last.is_none() || last != have.next().and_then(digits) {
        return false;
    }
    wanted.all(|part| have.next().is_some_and(|there| there.eq_ignore_ascii_case(part)))
}

/// Half-width, without spaces and the `#` that people like to put before numbers.
fn folded(typed: &str) -> String {
    let narrow = typed.trim().chars().map(super::directory::narrow);
    narrow
        .map(|c| if matches!(c, '_' | '–' | '—' | '−') { '-' } else { c })
        .filter(|c| !matches!(c, ' ' | '#'))
        .collect()
}

fn digits(text: &str) -> Option<u32> {
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_tells_year_quarter_and_department() {
        let scope = scope(&DepartmentId::new("SCB"), jiff::civil::date(2026, 11, 21));
        assert_eq!(scope, "2026-Q4-SCB");
        assert_eq!(number(&scope, 1), "2026-Q4-SCB-001");
        assert_eq!(number(&scope, 1234), "2026-Q4-SCB-1234");
    }

    #[test]
    fn what_is_typed_may_be_short() {
        let full = "2026-Q4-SCB-012";
        for typed in ["12", "012", "SCB-12", "scb-012", "q4-scb-12", "2026-Q4-SCB-12", "#12", "ＳＣＢ－１２"]
        {
            assert!(matches(typed, full), "{typed}");
        }
        for typed in
            ["", "1", "2", "CB-12", "YFB-12", "2025-Q4-SCB-12", "1-2026-Q4-SCB-12", "SCB", "SCB-", "-12"]
        {
            assert!(!matches(typed, full), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn every_number_can_be_parsed_and_matches_itself(
            year in 2020i16..2100, month in 1i8..=12, code in "[A-Z][A-Z0-9]{1,7}", n in 1u32..100_000,
        ) {
            let department = DepartmentId::new(code);
            let full = number(&scope(&department, jiff::civil::date(year, month, 1)), n);
            let parts = parse(&full).unwrap();
            prop_assert_eq!((parts.year, parts.n, &parts.department), (year, n, &department));
            prop_assert!(matches(&full, &full) && matches(&full.to_lowercase(), &full));
            let (short, wrong) = (format!("{department}-{n}"), format!("{department}-{}", n + 1));
            prop_assert!(matches(&short, &full) && !matches(&wrong, &full));
        }

        #[test]
        fn no_text_upsets_it(typed in ".*") {
            parse(&typed);
            matches(&typed, "2026-Q4-SCB-012");
        }
    }
}
