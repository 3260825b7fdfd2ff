//! placeholder until the calendar lands
use super::{Date, Timestamp};
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Span {
    Min(i64),
    H(i64),
    Dh(i64),
    Wh(i64),
    Wd(i64),
}
impl TryFrom<String> for Span {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let at = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (n, unit) = text.split_at(at);
        let n: i64 = n.parse().map_err(|_| format!("`{text}` is no span of time"))?;
        Ok(match unit {
            "min" => Span::Min(n),
            "h" => Span::H(n),
            "dh" => Span::Dh(n),
            "wh" => Span::Wh(n),
            "wd" => Span::Wd(n),
            _ => return Err(format!("`{text}` is no span of time")),
        })
    }
}
impl From<Span> for String {
    fn from(span: Span) -> String {
        match span {
            Span::Min(n) => format!("{n}min"),
            Span::H(n) => format!("{n}h"),
            Span::Dh(n) => format!("{n}dh"),
            Span::Wh(n) => format!("{n}wh"),
            Span::Wd(n) => format!("{n}wd"),
        }
    }
}
pub struct Calendar;
impl Calendar {
    pub fn add(&self, _from: Timestamp, _span: Span) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
    pub fn before(&self, _from: Timestamp, _span: Span) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
    pub fn provisional(&self, _at: Timestamp) -> bool {
        false
    }
    pub fn after_quiet(&self, at: Timestamp) -> Timestamp {
        at
    }
    pub fn date_of(&self, _at: Timestamp) -> Date {
        Date::ZERO
    }
    pub fn working_day_or_next(&self, d: Date) -> Date {
        d
    }
    pub fn elapsed(&self, _a: Timestamp, _b: Timestamp, s: Span) -> Span {
        s
    }
}
