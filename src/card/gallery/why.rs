//! No message comes to a person without a word on why, and on how to change that.

use super::story::whole_life;
use crate::card::{Block, notice};
use crate::domain::Lang;
use crate::domain::change::To;

#[test]
fn every_message_to_a_person_says_why_it_came_and_how_to_change_that() {
    for story in whole_life(None) {
        for moment in &story.moments {
            for told in &moment.notices {
                let To::Person(person) = &told.to else { continue };
                let reader = (Some(person), Lang::En);
                let card = story.at(moment, reader, |scene| notice::notice(&told.what, scene, false));
                let Some(card) = card else { continue };
                let says_why = card
                    .blocks
                    .iter()
                    .any(|b| matches!(b, Block::Note { text } if text.contains("/settings")));
                assert!(says_why, "{}: {person} hears {:?}", moment.title, told.what);
            }
        }
    }
}
