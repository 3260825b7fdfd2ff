//! Times of day in words: `17:00`, `12：05`, `下午3点`, `上午十点半`, `5pm`.
//!
//! Invariant: pure; an hour that no clock shows is `None`, and an hour without a half of the day is taken as written.

use jiff::civil::Time;

use super::numeral;

/// The parts of the day, which say what hour a small number means.
#[derive(Clone, Copy)]
enum Part {
    Night,
    Morning,
    Noon,
    Afternoon,
    Evening,
}

const PARTS: &[(&str, Part)] = &[
    ("凌晨", Part::Night),
    ("早上", Part::Morning),
    ("早晨", Part::Morning),
    ("上午", Part::Morning),
    ("中午", Part::Noon),
    ("下午", Part::Afternoon),
    ("傍晚", Part::Afternoon),
    ("晚上", Part::Evening),
];

/// Reads text as `when` has squeezed it: folded, lower case, without gaps.
pub fn read(text: &str) -> Option<Time> {
    if matches!(text, "noon" | "中午") {
        return Time::new(12, 0, 0, 0).ok();
    }
    let (part, digits) = part_of_day(text.strip_prefix("at").unwrap_or(text));
    let (hour, rest) = numeral::leading(digits)?;
    let minute = match rest.chars().next() {
        None if part.is_some() && text.is_ascii() => 0,
        Some(':') => minute_digits(&rest[1..])?,
        Some(sign @ ('点' | '时')) => minute_words(&rest[sign.len_utf8()..])?,
        _ => return None,
    };
    let hour = on_the_clock(part, hour)?;
    Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()
}

fn part_of_day(text: &str) -> (Option<Part>, &str) {
    for (suffix, part) in [("am", Part::Night), ("pm", Part::Afternoon)] {
        if let Some(digits) = text.strip_suffix(suffix) {
            return (Some(part), digits);
        }
    }
    let named = PARTS.iter().find_map(|(name, part)| Some((Some(*part), text.strip_prefix(name)?)));
    named.unwrap_or((None, text))
}

fn minute_digits(text: &str) -> Option<u32> {
    (text.len() == 2).then(|| numeral::whole(text))?
}

fn minute_words(text: &str) -> Option<u32> {
    match text {
        "" | "整" | "钟" => Some(0),
        "半" => Some(30),
        "一刻" => Some(15),
        "三刻" => Some(45),
        _ => numeral::whole(text.strip_suffix('分').unwrap_or(text)),
    }
}

fn on_the_clock(part: Option<Part>, hour: u32) -> Option<u32> {
    match (part, hour) {
        (None, 0..24) | (Some(Part::Night), 0..12) | (Some(Part::Morning), 4..=12) => Some(hour),
        (Some(Part::Night), 12) => Some(0),
        (Some(Part::Noon), 11..=13) | (Some(Part::Afternoon), 12..19) | (Some(Part::Evening), 17..24) => {
            Some(hour)
        }
        (Some(Part::Noon), 1..=2) | (Some(Part::Afternoon), 1..12) | (Some(Part::Evening), 5..12) => {
            Some(hour + 12)
        }
        _ => None,
    }
}
