//! The body of a card as markdown: paragraphs, one per block.
//!
//! Invariant: people's words are escaped; markup that DingTalk does not know (tables, strikes, rules) is not used.

use super::text;
use crate::card::{Block, Card, Colour, Event, Field, Tone};

/// How much may be said at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fit {
    /// Characters of a paragraph or a value.
    pub longest: usize,
    /// Fields, changes, rows, events of a block.
    pub items: usize,
    /// Blocks.
    pub blocks: usize,
}

/// Characters below which rows go before words, and rows and blocks that stay to the last.
const FEWEST: (usize, usize) = (60, 3);
/// Characters of a label or a name.
const LABEL: usize = 60;

impl Fit {
    /// Room for all of a card.
    pub const AMPLE: Self = Self { longest: 2_000, items: 60, blocks: 80 };

    /// One step smaller; `None` when nothing more may go.
    pub fn tighter(self) -> Option<Self> {
        let Self { longest, items, blocks } = self;
        match () {
            () if longest > 500 => Some(Self { longest: longest / 2, ..self }),
            () if items > 12 => Some(Self { items: items / 2, ..self }),
            () if longest > FEWEST.0 => Some(Self { longest: longest / 2, ..self }),
            () if items > FEWEST.1 => Some(Self { items: (items / 2).max(FEWEST.1), ..self }),
            () if blocks > 0 => Some(Self { blocks: blocks / 2, ..self }),
            () => None,
        }
    }
}

/// The paragraphs, and whether something had to be left out. The first and the last blocks stay longest.
pub fn paragraphs(card: &Card, fit: Fit) -> (Vec<String>, bool) {
    let mut pen = Pen { fit, cut: false };
    let mut said = Vec::new();
    for block in pen.few(&card.blocks, fit.blocks) {
        said.extend(pen.draw(block).filter(|words| !words.trim().is_empty()));
    }
    (said, pen.cut)
}

/// The card in plain words.
pub fn plain(card: &Card) -> String {
    let mut lines = Vec::new();
    for block in &card.blocks {
        match block {
            Block::Text { text, .. } | Block::Note { text } => lines.push(text.trim().to_owned()),
            Block::Fields { items } => {
                lines.extend(items.iter().map(|f| format!("{}: {}", f.label, f.value)))
            }
            Block::Table { columns, rows } => {
                lines.extend([columns].into_iter().chain(rows).map(|cells| cells.join(" | ")));
            }
            Block::Diff { items } => {
                lines.extend(items.iter().map(|c| format!("{}: {} → {}", c.label, c.before, c.after)));
            }
            Block::Timeline { items } => {
                lines.extend(items.iter().map(|e| format!("{} {} {}", e.at, e.who, e.text)));
            }
            Block::Mentions { people } => {
                lines.push(people.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(" "));
            }
            Block::Link { text, url } if text::is_link(url) => lines.push(format!("{text}: {url}")),
            Block::Link { text, .. } => lines.push(text.clone()),
            // Nothing is certain about pictures in its cards: the link leads to the same.
            Block::Picture { .. } | Block::Divider => {}
        }
    }
    lines.join("\n")
}

/// The sign that stands for a colour: there are none in markdown.
pub fn sign(colour: Colour) -> &'static str {
    match colour {
        Colour::Blue => "🔵",
        Colour::Green => "🟢",
        Colour::Orange => "🟠",
        Colour::Red => "🔴",
        Colour::Grey => "⚪",
        Colour::Purple => "🟣",
    }
}

struct Pen {
    fit: Fit,
    cut: bool,
}

impl Pen {
    fn short(&mut self, words: &str) -> String {
        let short = text::short(words.trim(), self.fit.longest);
        self.cut |= short != words.trim();
        short
    }

    /// The first and the last ones, at most so many.
    fn few<'t, T>(&mut self, items: &'t [T], most: usize) -> Vec<&'t T> {
        if items.len() <= most {
            return items.iter().collect();
        }
        self.cut = true;
        let tail = most / 3;
        items[..most - tail].iter().chain(&items[items.len() - tail..]).collect()
    }

    /// One paragraph, or none.
    fn draw(&mut self, block: &Block) -> std::option::IntoIter<String> {
        let said = match block {
            Block::Text { text, tone } => Some(self.spoken(text, *tone)),
            Block::Fields { items } => Some(self.fields(items)),
            Block::Table { columns, rows } => Some(self.table(columns, rows)),
            Block::Diff { items } => Some(self.list(items, |pen, change| {
                let (before, after) = (pen.value(&change.before), pen.value(&change.after));
                format!("{} {before} → {after}", label(&change.label))
            })),
            Block::Timeline { items } => Some(self.list(items, Self::event)),
            Block::Mentions { people } => {
                let people = self.few(people, self.fit.items);
                let called = people.iter().map(|person| text::bold(&format!("@{}", person.name)));
                Some(called.collect::<Vec<_>>().join(" "))
            }
            Block::Picture { .. } | Block::Divider => None,
            Block::Note { text } => Some(self.spoken(text, Tone::Quote)),
            Block::Link { text, url } => {
                Some(text::link(if text.trim().is_empty() { url } else { text }, url))
            }
        };
        said.into_iter()
    }

    fn spoken(&mut self, words: &str, tone: Tone) -> String {
        let words = self.short(words);
        match tone {
            Tone::Normal | Tone::Quiet => text::lines(&words),
            Tone::Strong => words.lines().map(text::bold).collect::<Vec<_>>().join("  \n"),
            Tone::Quote if words.is_empty() => words,
            // Each line of its own, or a client that joins them shows the mark.
            Tone::Quote => {
                let quoted = text::escape(&words);
                let lines = quoted.lines().filter(|line| !line.trim().is_empty());
                lines.map(|line| format!("> {}", line.trim())).collect::<Vec<_>>().join("  \n")
            }
        }
    }

    /// Short ones two in a line.
    fn fields(&mut self, items: &[Field]) -> String {
        let kept = self.few(items, self.fit.items);
        let mut lines = Vec::new();
        for run in kept.chunk_by(|a, b| a.short && b.short) {
            for two in run.chunks(2) {
                let both: Vec<_> = two
                    .iter()
                    .map(|field| format!("{} {}", label(&field.label), self.value(&field.value)))
                    .collect();
                let narrow = both.iter().map(|words| words.chars().count()).sum::<usize>() <= 44;
                lines.push(both.join(if narrow { " · " } else { "  \n" }));
            }
        }
        lines.join("  \n")
    }

    fn value(&mut self, value: &str) -> String {
        let value = self.short(value);
        if value.is_empty() { "—".to_owned() } else { text::lines(&value) }
    }

    /// There are no tables: each row is a line whose first cell stands out.
    fn table(&mut self, columns: &[String], rows: &[Vec<String>]) -> String {
        let head = columns.iter().map(|name| text::bold(&text::line(name, LABEL)));
        let head = head.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" · ");
        let body = self.list(rows, |pen, row| {
            let cells: Vec<_> = row.iter().map(|cell| text::escape(&pen.one_line(cell))).collect();
            cells.join(" · ")
        });
        [head, body].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
    }

    fn event(&mut self, event: &Event) -> String {
        let head = [sign(event.colour).to_owned(), text::escape(&text::line(&event.at, LABEL))];
        let (who, words) = (text::bold(&text::line(&event.who, LABEL)), self.one_line(&event.text));
        let parts = head.into_iter().chain([who, text::escape(&words)]);
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    fn one_line(&mut self, words: &str) -> String {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        self.short(&words)
    }

    fn list<T>(&mut self, items: &[T], draw: impl Fn(&mut Self, &T) -> String) -> String {
        let kept = self.few(items, self.fit.items);
        let lines = kept.into_iter().map(|item| format!("- {}", draw(self, item)));
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn label(words: &str) -> String {
    text::bold(&text::line(words, LABEL))
}
