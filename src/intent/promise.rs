//! `15:00前答复`, `明天上午 给方案`, `2小时后回复`: until when, and what is promised.
//!
//! Invariant: pure; the moment is the longest beginning that reads as one, so nothing of the words is lost.

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, ToSpan};

use super::when::{self, WorkingDays};
use super::{fold, numeral};

/// Longer beginnings are no moment.
const LONGEST: usize = 40;

/// Splits words into a moment and what is promised. `now` is local; a day alone means its closing hour.
pub fn read(
    text: &str,
    now: DateTime,
    working: WorkingDays<'_>,
    closing: &dyn Fn(Date) -> Time,
) -> Option<(DateTime, String)> {
    let text = text.trim();
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(LONGEST);
    let found = ends.filter_map(|end| Some((moment(&text[..end], now, working, closing)?, end))).last();
    let (until, end) = found?;
    let words = text[end..].trim_start_matches([' ', '，', ',', '：', ':', '。', '、']).trim();
    Some((until, words.to_owned()))
}

fn moment(
    text: &str,
    now: DateTime,
    working: WorkingDays<'_>,
    closing: &dyn Fn(Date) -> Time,
) -> Option<DateTime> {
    let folded = fold::text(text).to_lowercase();
    let mut words = folded.trim();
    for lead in ["by ", "until ", "before ", "till "] {
        words = words.strip_prefix(lead).unwrap_or(words);
    }
    for tail in ["之前", "以前", "前"] {
        words = words.strip_suffix(tail).unwrap_or(words).trim_end();
    }
    if let Some(minutes) = wait(words) {
        return now.checked_add(SignedDuration::from_mins(minutes)).ok();
    }
    if let Some(time) = when::time(words) {
        return Some(now.date().to_datetime(time));
    }
    if let Some(day) = when::date(words, now.date(), working) {
        return Some(day.to_datetime(closing(day)));
    }
    split_day(words, now.date(), working)
}

/// `明天上午`, `周五10点`, `tomorrow at 10:00`.
fn split_day(words: &str, today: Date, working: WorkingDays<'_>) -> Option<DateTime> {
    words.char_indices().skip(1).find_map(|(at, _)| {
        let (left, right) = words.split_at(at);
        let time = part(right.trim()).or_else(|| when::time(right.trim()))?;
        Some(when::date(left, today, working)?.to_datetime(time))
    })
}

/// The end of a part of the day.
fn part(words: &str) -> Option<Time> {
    let hour = match words {
        "早上" => 10,
        "上午" | "中午" | "morning" | "noon" => 12,
        "下午" | "afternoon" => 18,
        "晚上" | "evening" => 21,
        _ => return None,
    };
    Some(Time::constant(hour, 0, 0, 0))
}

/// `2小时`, `30分钟后`, `2h`, in minutes.
fn wait(words: &str) -> Option<i64> {
    let words = words.strip_prefix("in ").unwrap_or(words);
    let words =
        ["以后", "之后", "后", "内"].iter().find_map(|tail| words.strip_suffix(tail)).unwrap_or(words);
    if matches!(words, "半小时" | "半个小时") {
        return Some(30);
    }
    let (n, unit) = numeral::leading(words)?;
    let minutes = match unit.trim() {
        "分钟" | "min" | "minutes" => 1,
        "小时" | "个小时" | "h" | "hours" | "hour" => 60,
        _ => return None,
    };
    Some(i64::from(n) * minutes).filter(|minutes| *minutes > 0)
}

/// The latest moment that a promise may name: who needs longer changes the date instead.
pub fn farthest(now: DateTime) -> DateTime {
    now.saturating_add(90.days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read_at(text: &str) -> Option<(String, String)> {
        // A Monday.
        let now = date(2026, 11, 23).at(10, 0, 0, 0);
        let working = |day: Date, n: i32| day.checked_add(i64::from(n).days()).unwrap();
        let found = read(text, now, &working, &|_| Time::constant(18, 0, 0, 0));
        found.map(|(at, words)| (at.strftime("%d %H:%M").to_string(), words))
    }

    #[test]
    fn moments_and_what_is_promised_are_told_apart() {
        for (text, at, words) in [
            ("15:00前答复", "23 15:00", "答复"),
            ("15：00 前答复", "23 15:00", "答复"),
            ("明天上午 给方案", "24 12:00", "给方案"),
            ("明天下午3点前，给初稿", "24 15:00", "给初稿"),
            ("周五", "27 18:00", ""),
            ("周五前给方案", "27 18:00", "给方案"),
            ("2小时后回复", "23 12:00", "回复"),
            ("半小时", "23 10:30", ""),
            ("by 15:00 the draft", "23 15:00", "the draft"),
            ("tomorrow the draft", "24 18:00", "the draft"),
            ("09:00", "23 09:00", ""),
        ] {
            assert_eq!(read_at(text), Some((at.to_owned(), words.to_owned())), "{text}");
        }
        for text in ["", "尽快答复", "25:00前", "soon"] {
            assert_eq!(read_at(text), None, "{text}");
        }
    }
}
