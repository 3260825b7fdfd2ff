//! Moments that have been: `09:30`, `昨天 17:30`, `20分钟前`, `11月20日`.
//!
//! Invariant: pure; a time alone is today's, a day alone is its beginning, and today alone is now.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};

use super::{fold, numeral, when};

/// The moment that the words mean at `now`, which is local; it may turn out to lie ahead.
pub fn read(text: &str, now: DateTime) -> Option<DateTime> {
    let folded = fold::text(text).to_lowercase();
    let words = folded.trim();
    if matches!(words, "刚才" | "刚刚" | "现在" | "now" | "just now") {
        return Some(now);
    }
    if let Some(minutes) = since(words) {
        return now.checked_sub(SignedDuration::from_mins(minutes)).ok();
    }
    if let Some(time) = when::time(words) {
        return Some(now.date().to_datetime(time));
    }
    if let Some(day) = on(words, now.date()) {
        return Some(if day == now.date() { now } else { day.to_datetime(Time::midnight()) });
    }
    words.char_indices().skip(1).find_map(|(at, _)| {
        let (left, right) = words.split_at(at);
        let time = when::time(right.trim_start_matches([' ', 't']))?;
        Some(on(left, now.date())?.to_datetime(time))
    })
}

/// A day that has been, or one that is named so fully that it can only be that.
fn on(words: &str, today: Date) -> Option<Date> {
    let back = match words.trim() {
        "昨天" | "昨日" | "yesterday" => 1,
        "前天" => 2,
        other => return when::past(other, today),
    };
    today.checked_sub(jiff::Span::new().days(back)).ok()
}

/// `20分钟前`, `1 hour ago`, in minutes.
fn since(words: &str) -> Option<i64> {
    let words = ["之前", "以前", "前", " ago"].iter().find_map(|tail| words.strip_suffix(tail))?.trim_end();
    if matches!(words, "半小时" | "半个小时" | "half an hour") {
        return Some(30);
    }
    let (n, unit) = numeral::leading(words)?;
    let minutes = match unit.trim() {
        "分钟" | "min" | "minute" | "minutes" => 1,
        "小时" | "个小时" | "h" | "hours" | "hour" => 60,
        _ => return None,
    };
    Some(i64::from(n) * minutes)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_has_been_is_read_in_words() {
        // A Monday.
        let now = date(2026, 11, 23).at(10, 0, 0, 0);
        for (text, at) in [
            ("09:30", Some("11-23 09:30")),
            ("上午9点半", Some("11-23 09:30")),
            ("昨天 17:30", Some("11-22 17:30")),
            ("20分钟前", Some("11-23 09:40")),
            ("1 hour ago", Some("11-23 09:00")),
            ("半小时前", Some("11-23 09:30")),
            ("11月20日 08:00", Some("11-20 08:00")),
            ("周五 17:55", Some("11-20 17:55")),
            ("今天", Some("11-23 10:00")),
            ("昨天", Some("11-22 00:00")),
            ("23:50", Some("11-23 23:50")),
            ("明天 08:00", Some("11-24 08:00")),
            ("很久以前", None),
            ("", None),
        ] {
            let read = read(text, now).map(|at| at.strftime("%m-%d %H:%M").to_string());
            assert_eq!(read.as_deref(), at, "{text}");
        }
    }
}
