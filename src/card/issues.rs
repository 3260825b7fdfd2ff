//! Issues in a list: of one request with all that ever were, or every open one that the reader may see.

use super::answer::{paragraph, plain};
use super::scene::{Scene, ViewData};
use super::{Action, Block, Card, Colour, Field, Style, Tone, issue, say};
use crate::domain::RequestId;
use crate::domain::request::Request;
use crate::domain::request::issue::Issue;
use crate::intent::{IssueWant, Want};
use crate::text::{say as text_of, word};

/// Lines of one list.
const MOST: usize = 20;
/// Buttons of one list.
const MOST_BUTTONS: usize = 8;

/// `/issues [no]`
pub fn list(request: Option<&RequestId>, scene: &Scene) -> Card {
    let known: &[_] = match scene.view {
        ViewData::Issues(rows) => rows,
        _ => &[],
    };
    let rows: Vec<(&Request, &Issue)> =
        known.iter().filter_map(|(file, n)| Some((&**file, file.issue(*n)?))).collect();
    let count = rows.len().to_string();
    let mut card = plain(text_of(scene.lang, "view.issues.title", &[("n", &count)]), Colour::Blue);
    card.subtitle = request.map(|id| super::answer::about(id, scene));
    if rows.is_empty() {
        card.blocks = vec![paragraph(word(scene.lang, "view.issues.nothing"), Tone::Quiet)];
    } else {
        let items = rows.iter().take(MOST).map(|(file, issue)| line(file, issue, scene)).collect();
        card.blocks = vec![Block::Fields { items }];
    }
    card.actions = rows.iter().take(MOST_BUTTONS).map(|(file, issue)| look(file, issue, scene)).collect();
    let report = IssueWant::Report {
        request: request.map(ToString::to_string),
        task: None,
        severity: None,
        topic: None,
        department: None,
        words: None,
    };
    card.actions.push(say::button(scene.lang, "report_issue", Style::Default, Want::Issue(report)));
    card
}

/// One issue in two lines.
pub fn line(file: &Request, issue: &Issue, scene: &Scene) -> Field {
    let value = [
        issue.full_number(&file.id),
        word(scene.lang, &format!("card.issue.state.{}", issue.state.name())),
        say::department(scene, &issue.report.department),
        say::person(scene, &issue.reporter),
        say::moment(scene, issue.reported_at),
    ];
    Field { label: issue::headline(issue, scene), value: value.join(" · "), short: false }
}

fn look(file: &Request, issue: &Issue, scene: &Scene) -> Action {
    let want = IssueWant::Show { request: Some(file.id.to_string()), issue: Some(issue.number) };
    let label = text_of(scene.lang, "view.issues.look", &[("issue", &issue.full_number(&file.id))]);
    say::labelled(&format!("issue_{}", issue.full_number(&file.id)), label, Style::Default, Want::Issue(want))
}
