//! The board by department: what each has in hand, and the way to it.

use axum::response::Response;

use super::super::html::Html;
use super::address::Address;
use super::page::{Frame, page as framed};
use crate::domain::Lang;
use crate::engine::stage::pages::{DepartmentRow, Reader};
use crate::text::{say, word};

/// Columns of requests that are somebody's work.
const SHOWN: [&str; 5] = ["review", "confirming", "confirmed", "in_progress", "delivered"];

/// The whole page.
pub fn page(reader: &Reader, address: &Address, rows: &[DepartmentRow]) -> Response {
    let lang = reader.lang;
    let title = word(lang, "board.department.title");
    let frame = Frame { reader, title: &title, root: "", request: None, here: "departments" };
    framed(&frame, |html| {
        html.words("h1", &[], &title);
        html.element("div", &[("id", "departments"), ("data-live", "")], |html| {
            if rows.is_empty() {
                html.words("p", &[("class", "nothing")], &word(lang, "board.department.none"));
                return;
            }
            let label = say(lang, "board.plan.scroll", &[("what", &title)]);
            let scroller =
                [("class", "scroller"), ("role", "region"), ("tabindex", "0"), ("aria-label", &*label)];
            html.element("div", &scroller, |html| table(html, lang, address, rows));
        });
    })
}

fn table(html: &mut Html, lang: Lang, address: &Address, rows: &[DepartmentRow]) {
    html.element("table", &[], |html| {
        html.element("thead", &[], |html| {
            html.element("tr", &[], |html| {
                let columns = SHOWN.map(|name| word(lang, &format!("board.column.{name}")));
                let rest = ["tasks", "late"].map(|name| word(lang, &format!("board.department.{name}")));
                let first = word(lang, "board.department.name");
                for head in std::iter::once(&first).chain(&columns).chain(&rest) {
                    html.words("th", &[("scope", "col")], head);
                }
            });
        });
        html.element("tbody", &[], |html| {
            for row in rows {
                html.element("tr", &[], |html| {
                    html.element("th", &[("scope", "row")], |html| {
                        let href = address.with(&[("by", ""), ("department", &row.id)]);
                        html.words("a", &[("href", &href), ("data-key", &row.id)], &row.name);
                    });
                    for name in SHOWN {
                        let n = row.in_hand.requests.get(name).copied().unwrap_or_default();
                        html.words("td", &[], &n.to_string());
                    }
                    let tasks = row.in_hand.tasks;
                    html.words("td", &[], &format!("{}/{}", tasks.done, tasks.tasks));
                    let class = if tasks.late > 0 { "bad" } else { "" };
                    html.words("td", &[("class", class)], &tasks.late.to_string());
                });
            }
        });
    });
}
