//! The card in plain words, for when the platform refuses it.
//!
//! Invariant: no `<`, which would call people in a text message.

use super::text;
use crate::card::{Block, Card};

/// Characters of the whole message; the platform takes 150 KB, people read less.
const LONGEST: usize = 4_000;

/// Plain text with its links for when the platform refuses the card: the `summary`, then what the card says.
pub fn fallback(card: &Card, summary: &str) -> String {
    let mut lines = vec![text::line(if summary.trim().is_empty() { &card.title } else { summary }, 400)];
    for block in &card.blocks {
        lines.extend(said(block).into_iter().filter(|line| !line.trim().is_empty()));
    }
    // The summary mostly ends with the first paragraph.
    let repeated = lines.get(1).is_some_and(|first| lines[0].contains(&text::line(first, usize::MAX - 1)));
    if repeated {
        lines.remove(1);
    }
    let whole = text::short(&lines.join("\n"), LONGEST);
    // The wide sign: whether text messages read `&lt;` is not documented.
    whole.replace('<', "＜")
}

fn said(block: &Block) -> Vec<String> {
    match block {
        Block::Text { text, .. } | Block::Note { text } => vec![text.clone()],
        Block::Fields { items } => items.iter().map(|f| format!("{}: {}", f.label, f.value)).collect(),
        Block::Table { columns, rows } => {
            let all = [columns].into_iter().chain(rows);
            all.map(|cells| cells.join(" | ").replace('\n', " ")).collect()
        }
        Block::Diff { items } => {
            items.iter().map(|c| format!("{}: {} → {}", c.label, c.before, c.after)).collect()
        }
        Block::Timeline { items } => {
            items.iter().map(|e| format!("{} · {} · {}", e.at, e.who, e.text)).collect()
        }
        Block::Mentions { people } => {
            vec![people.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(" ")]
        }
        Block::Picture { .. } | Block::Divider => Vec::new(),
        Block::Link { text, url } if text::is_link(url) => vec![format!("{text}: {url}")],
        Block::Link { text, .. } => vec![text.clone()],
    }
}
