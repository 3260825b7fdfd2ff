//! A page of text that is played: when it is, who does what, and everything that is heard of it.
//!
//! Invariant: at the minute before each moment nothing was heard since the one before it, and at each line exactly what
//! stands below it was heard; so the page is all that was heard, at its minute, once.

use jiff::ToSpan;
use jiff::civil::DateTime;

/// What was heard before its moment; no page may say so.
const EARLY: &str = "before the next moment";

/// A company on some messenger.
pub trait Stage {
    /// The service dies and is started again.
    async fn is_killed(&mut self);
    /// The clock is set to a moment of the company's zone; everything on the way is said.
    async fn is(&mut self, moment: &str);
    /// Somebody writes to the bot.
    async fn says(&mut self, person: &str, words: &str);
    /// Somebody writes to the bot in the project's group.
    async fn says_in_the_group(&mut self, person: &str, words: &str);
    /// Somebody presses the button with these words on the newest of own messages that has it.
    async fn presses(&mut self, person: &str, label: &str);
    /// Somebody fills in the form at hand and saves it.
    async fn saves(&mut self, person: &str, values: &[(&str, &str)]);
    /// `li.na ← title`, of everything that was said since this was last asked; the group is `project`.
    async fn heard(&mut self) -> Vec<String>;
}

/// A line of the page.
enum Line<'a> {
    /// `! killed`
    Killed,
    /// `2026-09-21 10:00`
    Moment(DateTime),
    /// `li.na: /done SCB-1/1`
    Says(&'a str, &'a str),
    /// `guo.qiang @project: /bind project SCB-1`
    SaysInTheGroup(&'a str, &'a str),
    /// `zhang.wei [同意改期]`
    Presses(&'a str, &'a str),
    /// `zhang.wei {task_milestone=yes, task_after=2}`
    Saves(&'a str, Vec<(&'a str, &'a str)>),
    /// `  li.na ← …`
    Heard,
    /// Empty, or `# …`.
    Remark,
}

impl<'a> Line<'a> {
    fn of(line: &'a str) -> Self {
        let said = |who: &'a str, words: &'a str| match who.strip_suffix(" @project") {
            Some(who) => Self::SaysInTheGroup(who, words),
            None => Self::Says(who, words),
        };
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            return Self::Remark;
        }
        if text == "! killed" {
            return Self::Killed;
        }
        if text.contains(" ← ") {
            return Self::Heard;
        }
        if let Ok(moment) = DateTime::strptime("%Y-%m-%d %H:%M", text) {
            return Self::Moment(moment);
        }
        if let Some((who, words)) = text.split_once(": /") {
            return said(who, &text[text.len() - words.len() - 1..]);
        }
        if let Some((who, label)) = text.strip_suffix(']').and_then(|rest| rest.split_once(" [")) {
            return Self::Presses(who, label);
        }
        let (who, values) = text.strip_suffix('}').and_then(|rest| rest.split_once(" {")).unwrap();
        Self::Saves(who, values.split(", ").map(|pair| pair.split_once('=').unwrap()).collect())
    }
}

/// Plays the page; the page as it was told.
pub async fn played(stage: &mut impl Stage, page: &str) -> String {
    let mut told = Told(String::new());
    for line in page.lines() {
        match Line::of(line) {
            Line::Heard => continue,
            Line::Remark => {
                told.line(line);
                continue;
            }
            Line::Killed => stage.is_killed().await,
            Line::Moment(moment) => {
                let text = |moment: DateTime| moment.strftime("%Y-%m-%d %H:%M").to_string();
                stage.is(&text(moment - 1.minute())).await;
                told.early(stage.heard().await);
                stage.is(&text(moment)).await;
            }
            Line::Says(who, words) => stage.says(who, words).await,
            Line::SaysInTheGroup(who, words) => stage.says_in_the_group(who, words).await,
            Line::Presses(who, label) => stage.presses(who, label).await,
            Line::Saves(who, values) => stage.saves(who, &values).await,
        }
        told.line(line);
        told.heard(stage.heard().await);
    }
    told.0
}

struct Told(String);

impl Told {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// What comes at one moment comes in any order.
    fn heard(&mut self, mut lines: Vec<String>) {
        lines.sort_unstable();
        lines.iter().for_each(|line| self.line(&format!("  {line}")));
    }

    /// What the page does not know of.
    fn early(&mut self, lines: Vec<String>) {
        self.heard(lines.iter().map(|line| format!("{EARLY}: {line}")).collect());
    }
}

/// Compares the page with what was told of it. Where `LIAISON_WRITE_TIMELINE` names a file, what was told is written there to be read.
#[track_caller]
pub fn compare(page: &str, told: &str) {
    if let Ok(file) = std::env::var("LIAISON_WRITE_TIMELINE") {
        std::fs::write(file, told).unwrap();
    }
    assert!(!page.contains(EARLY), "something is heard at a minute that the page does not name");
    let differ = page.lines().zip(told.lines()).position(|(page, told)| page != told);
    let Some(at) = differ else {
        assert_eq!(
            page.lines().count(),
            told.lines().count(),
            "the page is longer or shorter than what was told"
        );
        return;
    };
    let around = |text: &str| text.lines().skip(at.saturating_sub(3)).take(9).collect::<Vec<_>>().join("\n");
    panic!("line {} of the page:\n{}\n\nwas told as:\n{}", at + 1, around(page), around(told));
}
