//! Several steps that are said late, in one message: to whoever owes, to somebody above, or to a group.

use super::answer::{paragraph, plain};
use super::ladder::mentions;
use super::lists::{MOST_ROWS, owed_buttons, owed_row};
use super::scene::{Owed, Scene, ViewData};
use super::{Card, Colour, Style, Tone, asked, say};
use crate::intent::Want;
use crate::text::{say as text_of, word};

/// Each with what it is about; buttons to act only for what the reader owes. `sent`: it is out there already, and says so
/// once all of it is done.
pub(super) fn card(scene: &Scene, sent: bool) -> Option<Card> {
    let ViewData::Merged(all) = scene.view else { return None };
    if all.is_empty() {
        return sent.then(|| plain(word(scene.lang, "card.merged.done"), Colour::Grey));
    }
    let own = |owed: &Owed| scene.reader == Some(&owed.obligation.debtor.person);
    let who = match scene.reader {
        None => "group",
        Some(_) if all.iter().all(|(_, owed)| own(owed)) => "debtor",
        Some(_) => "other",
    };
    let words = |part: &str| format!("card.merged.{part}.{who}");
    let count = all.len().to_string();
    let colour = if who == "debtor" { Colour::Orange } else { Colour::Red };
    let mut card = plain(text_of(scene.lang, &words("title"), &[("n", &count)]), colour);
    let about: Vec<_> = all.iter().map(|(file, owed)| (&owed.obligation, file.as_ref())).collect();
    card.blocks.extend(mentions(&about, scene));
    card.blocks.push(paragraph(word(scene.lang, &words("text")), Tone::Normal));
    for (n, (_, owed)) in (1..).zip(all) {
        card.blocks.push(owed_row(n, owed, scene));
        let [look, act] = owed_buttons(n, owed, scene);
        card.actions.extend((n <= MOST_ROWS).then_some(look));
        card.actions.extend((n <= MOST_ROWS && own(owed)).then_some(act));
    }
    // In a group the list would be that of whoever presses.
    card.actions.extend(scene.reader.map(|_| say::button(scene.lang, "my", Style::Default, Want::My)));
    let why = if who == "debtor" { "card.merged.why".to_owned() } else { format!("card.step.why.{who}") };
    card.blocks.push(asked::note(word(scene.lang, &why), scene));
    Some(card)
}
