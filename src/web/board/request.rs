//! One request: what is asked, how far it is, what holds it up, and its tasks in time and in order.
//!
//! Invariant: every picture has a table beside it that says the same.

use axum::response::Response;

use super::super::form::blocks;
use super::super::html::Html;
use super::page::{Frame, page as framed};
use super::{flow, gantt};
use crate::card::plan::{Bar, Plan};
use crate::domain::Lang;
use crate::engine::stage::pages::{Reader, RequestPage};
use crate::text::{say, word};

/// The whole page.
pub fn page(reader: &Reader, number: &str, found: &RequestPage) -> Response {
    let lang = reader.lang;
    let title = format!("{} · {number}", found.card.title);
    let frame = Frame { reader, title: &title, root: "../", request: Some(number), here: "" };
    framed(&frame, |html| {
        html.element("div", &[("class", "request")], |html| {
            html.element("div", &[("id", "about"), ("data-live", "")], |html| {
                blocks::card(html, &found.card, "h1");
                actions(html, lang, found);
            });
            match found.stands_alone {
                true => back(html, lang),
                false => beside(html, lang, (number, found)),
            }
        });
    })
}

/// What holds it up, and its tasks.
fn beside(html: &mut Html, lang: Lang, (number, found): (&str, &RequestPage)) {
    html.element("div", &[("class", "work")], |html| {
        let held = [("id", "blockers"), ("data-live", ""), ("aria-labelledby", "t-blockers")];
        html.element("section", &held, |html| blockers(html, lang, &found.blockers));
        match &found.plan {
            Some(plan) => work(html, lang, plan),
            // Stands here so that the first tasks are seen when they come.
            None => html.element("section", &[("id", "plan"), ("data-live", "reload")], |html| {
                html.words("h2", &[], &word(lang, "board.plan.title"));
                html.words("p", &[], &word(lang, "board.plan.none"));
            }),
        }
        sheets(html, lang, (number, found));
    });
}

/// The task list as a file: to take away where there are tasks, and to bring where tasks may be added.
fn sheets(html: &mut Html, lang: Lang, (number, found): (&str, &RequestPage)) {
    let mut ways = Vec::new();
    if found.may_plan {
        ways.push(("tasks", "task_list.open"));
    }
    if found.plan.is_some() {
        ways.extend([("tasks.xlsx", "task_list.download_xlsx"), ("tasks.csv", "task_list.download_csv")]);
    }
    let part = [("id", "sheets"), ("data-live", ""), ("class", "sheets"), ("aria-labelledby", "t-sheets")];
    html.element("section", &part, |html| {
        // Stands here empty, so that the ways are seen when they come.
        if ways.is_empty() {
            return;
        }
        html.words("h2", &[("id", "t-sheets")], &word(lang, "task_list.downloads"));
        html.element("ul", &[], |html| {
            for (path, key) in ways {
                let href = format!("{number}/{path}");
                html.element("li", &[], |html| {
                    html.words("a", &[("href", &href), ("data-key", key)], &word(lang, key));
                });
            }
        });
    });
}

/// Beside an issue that belongs to no request: where the others are.
fn back(html: &mut Html, lang: Lang) {
    html.element("div", &[("class", "work")], |html| {
        html.element("section", &[], |html| {
            html.words("p", &[], &word(lang, "board.issue.alone"));
            html.words("a", &[("href", "../board/issues")], &word(lang, "board.issue.back"));
        });
    });
}

/// What the reader may do now, each on a page of its own.
fn actions(html: &mut Html, lang: Lang, found: &RequestPage) {
    let linked = found.card.actions.iter().filter_map(|action| Some((action, found.links.get(&action.id)?)));
    let linked: Vec<_> = linked.collect();
    if linked.is_empty() {
        return;
    }
    html.element("nav", &[("class", "acts"), ("aria-label", &word(lang, "board.actions"))], |html| {
        html.element("ul", &[], |html| {
            for (action, href) in linked {
                html.element("li", &[], |html| {
                    html.words("a", &[("href", href), ("data-key", &action.id)], &action.label);
                });
            }
        });
    });
}

fn blockers(html: &mut Html, lang: Lang, lines: &[String]) {
    html.words("h2", &[("id", "t-blockers")], &word(lang, "board.blocker.title"));
    if lines.is_empty() {
        html.words("p", &[], &word(lang, "board.blocker.none"));
        return;
    }
    html.element("ul", &[("class", "blockers")], |html| {
        for line in lines {
            html.words("li", &[], line);
        }
    });
}

fn work(html: &mut Html, lang: Lang, plan: &Plan) {
    html.element("section", &[("aria-labelledby", "t-plan")], |html| {
        html.words("h2", &[("id", "t-plan")], &word(lang, "board.plan.title"));
        html.element("div", &[("id", "progress"), ("data-live", "")], |html| {
            let (value, label) = (plan.percent.to_string(), word(lang, "board.plan.bar"));
            html.words("progress", &[("max", "100"), ("value", &value), ("aria-label", &label)], "");
            html.words("p", &[("class", "tally")], &plan.progress);
            if let Some(outlook) = &plan.outlook {
                html.words("p", &[("class", "outlook")], outlook);
            }
        });
        legend(html, lang, plan);
        picture(html, lang, "gantt", |html| gantt::draw(html, lang, plan));
        picture(html, lang, "flow", |html| flow::draw(html, lang, plan));
        picture(html, lang, "table", |html| table(html, lang, plan));
    });
}

/// A part with a heading that is wider than a phone.
fn picture(html: &mut Html, lang: Lang, name: &str, inside: impl FnOnce(&mut Html)) {
    let title = word(lang, &format!("board.plan.{name}"));
    html.words("h3", &[], &title);
    let label = say(lang, "board.plan.scroll", &[("what", &title)]);
    let scroller = [("class", "scroller"), ("role", "region"), ("tabindex", "0"), ("aria-label", &*label)];
    html.element("div", &scroller, |html| {
        html.element("div", &[("id", name), ("data-live", "")], inside);
    });
}

/// The colour of each department, and the marks.
fn legend(html: &mut Html, lang: Lang, plan: &Plan) {
    html.element(
        "ul",
        &[
            ("id", "legend"),
            ("class", "legend"),
            ("data-live", ""),
            ("aria-label", &word(lang, "board.plan.legend")),
        ],
        |html| {
            for (n, name) in plan.departments.iter().enumerate() {
                html.element("li", &[], |html| {
                    html.words(
                        "span",
                        &[("class", &format!("swatch {}", colour(n))), ("aria-hidden", "true")],
                        "",
                    );
                    html.text(name);
                });
            }
            for (mark, key) in
                [("◆", "board.plan.milestone"), ("━", "board.plan.critical"), ("⚑", "board.plan.risk_mark")]
            {
                html.element("li", &[], |html| {
                    html.words("span", &[("aria-hidden", "true")], &format!("{mark} "));
                    html.text(&word(lang, key));
                });
            }
        },
    );
}

/// Eight colours; with more departments they begin again, and the label tells them apart.
pub fn colour(department: usize) -> &'static str {
    const COLOURS: [&str; 8] = ["d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7"];
    COLOURS.get(department % COLOURS.len()).copied().unwrap_or_default()
}

fn table(html: &mut Html, lang: Lang, plan: &Plan) {
    const COLUMNS: [&str; 9] =
        ["number", "task", "owner", "department", "planned", "expected", "state", "percent", "after"];
    html.element("table", &[], |html| {
        html.element("thead", &[], |html| {
            html.element("tr", &[], |html| {
                for name in COLUMNS {
                    html.words("th", &[("scope", "col")], &word(lang, &format!("board.plan.column.{name}")));
                }
            });
        });
        html.element("tbody", &[], |html| {
            for bar in &plan.bars {
                html.element("tr", &[], |html| row(html, lang, bar, plan));
            }
        });
    });
}

fn row(html: &mut Html, lang: Lang, bar: &Bar, plan: &Plan) {
    let department = plan.departments.get(bar.department).cloned().unwrap_or_default();
    let after: Vec<String> = bar.after.iter().map(ToString::to_string).collect();
    html.words("td", &[], &bar.number.to_string());
    html.element("th", &[("scope", "row")], |html| {
        html.text(&bar.name);
        let marks = [(bar.milestone, "board.plan.milestone"), (bar.critical, "board.plan.critical")];
        for (_, key) in marks.into_iter().filter(|(is, _)| *is) {
            html.words("span", &[("class", "mark")], &word(lang, key));
        }
        if let Some(risk) = &bar.risk {
            html.words("span", &[("class", "mark bad")], &say(lang, "board.plan.risk", &[("risk", risk)]));
        }
    });
    html.words("td", &[], &bar.owner);
    html.words("td", &[], &department);
    html.words("td", &[], &bar.planned_words);
    html.words("td", &[], &bar.expected_words);
    html.words("td", &[("class", if bar.state == "late" { "bad" } else { "" })], &bar.state_words);
    html.words("td", &[], &format!("{}%", bar.percent));
    html.words("td", &[], &after.join(", "));
}
