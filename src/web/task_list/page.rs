//! The page where a task list comes in: a file is chosen, looked through, and added.
//!
//! Invariant: the button that adds stands only beside a list in which nothing is wrong, and says how many tasks it adds.

use axum::http::StatusCode;
use axum::response::Response;

use super::super::board::page::{Frame, page_of};
use super::super::html::Html;
use super::{FILE, LIST, SUBMISSION};
use crate::card::task_list::{Cell, Complaint, Table};
use crate::domain::Lang;
use crate::domain::request::task::MOST_TASKS;
use crate::engine::stage::pages::Reader;
use crate::engine::stage::pages::task_list::{Checked, ListDoor};
use crate::intent::task_list::TaskList;
use crate::text::{say, word};

/// KB of a file: what a body may have, less what stands around the file.
const MOST_KB: usize = 250;

/// Where the page stands.
pub struct Page<'a> {
    pub reader: &'a Reader,
    pub number: &'a str,
    pub door: &'a ListDoor,
    pub submission: &'a str,
}

/// What it shows.
pub enum Shown<'a> {
    /// A file is to be chosen.
    Choose,
    /// None was.
    NoFile,
    /// What was posted does not come from a page of ours that is open still.
    NotFromHere,
    /// A list, and what came or would come of it.
    Checked(&'a Checked, &'a TaskList),
}

/// A list as the page carries it to the next.
pub fn carried(list: &TaskList) -> String {
    // Plain texts under plain keys: writing them cannot fail.
    serde_json::to_string(&list.values).unwrap_or_default()
}

impl Page<'_> {
    /// The whole page.
    pub fn answer(&self, shown: &Shown, status: StatusCode) -> Response {
        let (lang, number) = (self.reader.lang, self.number);
        let title = word(lang, "task_list.title");
        let window = format!("{title} · {number}");
        let frame = Frame { reader: self.reader, title: &window, root: "../../", request: None, here: "" };
        page_of(status, &frame, |html| {
            html.element("div", &[("class", "list")], |html| {
                self.head(html, &title);
                match (&self.door.refused, shown) {
                    (Some(why), Shown::Choose | Shown::NoFile | Shown::NotFromHere) => {
                        self.cannot(html, why);
                    }
                    (None, Shown::Choose) => self.chooser(html),
                    (None, Shown::NoFile) => self.chooser_after(html, &word(lang, "task_list.no_file")),
                    (None, Shown::NotFromHere) => {
                        self.chooser_after(html, &word(lang, "task_list.not_from_here"))
                    }
                    (_, Shown::Checked(checked, list)) => self.checked(html, checked, list),
                }
            });
        })
    }

    fn head(&self, html: &mut Html, title: &str) {
        let lang = self.reader.lang;
        html.element("header", &[], |html| {
            html.words("h1", &[], title);
            let of = [("number", self.number), ("title", &*self.door.title)];
            html.words("p", &[("class", "quiet")], &say(lang, "task_list.of", &of));
            let back = format!("../{}", self.number);
            html.words("a", &[("class", "more"), ("href", &back)], &word(lang, "task_list.back"));
        });
    }

    fn cannot(&self, html: &mut Html, why: &str) {
        html.element("div", &[("class", "told error"), ("role", "alert")], |html| {
            html.words("h2", &[], &word(self.reader.lang, "task_list.cannot"));
            html.words("p", &[], why);
        });
    }

    fn chooser_after(&self, html: &mut Html, told: &str) {
        html.words("p", &[("class", "told error"), ("role", "alert")], told);
        self.chooser(html);
    }

    fn chooser(&self, html: &mut Html) {
        let lang = self.reader.lang;
        self.form(html, |html| {
            let size = MOST_KB.to_string();
            let most = (MOST_KB * 1024).to_string();
            let too_big = say(lang, "task_list.too_big", &[("size", &size)]);
            html.element("label", &[("for", FILE)], |html| html.text(&word(lang, "task_list.file")));
            let file = [
                ("type", "file"),
                ("id", FILE),
                ("name", FILE),
                ("accept", ".xlsx,.csv"),
                ("required", ""),
                ("data-most", &*most),
                ("data-too-big", &*too_big),
                ("aria-describedby", "how limits"),
            ];
            html.alone("input", &file);
            html.words("p", &[("id", "how"), ("class", "note")], &word(lang, "task_list.how"));
            let args = [("n", &*MOST_TASKS.to_string()), ("size", &*size)];
            html.words("p", &[("id", "limits"), ("class", "note")], &say(lang, "task_list.limits", &args));
            html.element("div", &[("class", "do")], |html| {
                html.words("button", &[("class", "primary")], &word(lang, "task_list.look"));
                let blank = [("href", "tasks.xlsx?blank"), ("class", "more")];
                html.words("a", &blank, &word(lang, "task_list.blank"));
            });
        });
    }

    fn form(&self, html: &mut Html, inside: impl FnOnce(&mut Html)) {
        let form = [
            ("class", "upload"),
            ("method", "post"),
            ("enctype", "multipart/form-data"),
            ("accept-charset", "utf-8"),
        ];
        html.element("form", &form, |html| {
            html.alone("input", &[("type", "hidden"), ("name", SUBMISSION), ("value", self.submission)]);
            inside(html);
        });
    }

    fn checked(&self, html: &mut Html, checked: &Checked, list: &TaskList) {
        let lang = self.reader.lang;
        match checked {
            Checked::Refused(why) => self.cannot(html, why),
            Checked::Added(told) => {
                html.words("p", &[("class", "told success"), ("role", "status")], told);
                let back = format!("../{}", self.number);
                html.words("a", &[("class", "button"), ("href", &back)], &word(lang, "task_list.back"));
            }
            Checked::Right(table) => {
                let n = table.rows.len().to_string();
                let told = say(lang, "task_list.right", &[("n", &n)]);
                html.words("p", &[("class", "told info"), ("role", "status")], &told);
                self.form(html, |html| {
                    html.alone("input", &[("type", "hidden"), ("name", LIST), ("value", &carried(list))]);
                    html.element("div", &[("class", "do")], |html| {
                        let add = say(lang, "task_list.add", &[("n", &n)]);
                        html.words("button", &[("class", "primary")], &add);
                        html.words(
                            "a",
                            &[("class", "more"), ("href", "tasks")],
                            &word(lang, "task_list.again"),
                        );
                    });
                });
                preview(html, lang, table);
            }
            Checked::Wrong(table, complaints) => {
                wrong(html, lang, complaints);
                html.words("h2", &[], &word(lang, "task_list.choose_again"));
                self.chooser(html);
                if !table.rows.is_empty() {
                    preview(html, lang, table);
                }
            }
        }
    }
}

/// Everything that is wrong, each with a way to its cell.
fn wrong(html: &mut Html, lang: Lang, complaints: &[Complaint]) {
    html.element("div", &[("class", "told error"), ("role", "alert")], |html| {
        let n = complaints.len().to_string();
        html.words("p", &[("class", "strong")], &say(lang, "task_list.wrong", &[("n", &n)]));
        html.element("ul", &[("aria-label", &word(lang, "task_list.wrong_list"))], |html| {
            for complaint in complaints {
                html.element("li", &[], |html| match complaint.field.contains('_') {
                    true => {
                        let cell = format!("#{}", complaint.field);
                        html.words("a", &[("href", &cell)], &complaint.place);
                        html.words("span", &[], &complaint.words);
                    }
                    false => {
                        html.words("strong", &[], &complaint.place);
                        html.words("span", &[], &complaint.words);
                    }
                });
            }
        });
    });
}

/// The rows; on a phone each is a little list.
fn preview(html: &mut Html, lang: Lang, table: &Table) {
    let title = word(lang, "task_list.preview");
    html.words("h2", &[("id", "t-preview")], &title);
    let scroller =
        [("class", "scroller"), ("role", "region"), ("tabindex", "0"), ("aria-labelledby", "t-preview")];
    html.element("div", &scroller, |html| {
        html.element("table", &[("class", "rows")], |html| {
            html.element("thead", &[], |html| {
                html.element("tr", &[], |html| {
                    for head in &table.heads {
                        html.words("th", &[("scope", "col")], head);
                    }
                });
            });
            html.element("tbody", &[], |html| {
                for row in &table.rows {
                    html.element("tr", &[], |html| {
                        row.iter().zip(&table.heads).for_each(|(cell, head)| self::cell(html, cell, head));
                    });
                }
            });
        });
    });
}

fn cell(html: &mut Html, cell: &Cell, head: &str) {
    let Some((fault, id)) = cell.fault.as_ref().zip(cell.id.as_ref()) else {
        return html.words("td", &[("data-label", head)], &cell.text);
    };
    html.element("td", &[("data-label", head), ("class", "wrong"), ("id", id), ("tabindex", "-1")], |html| {
        html.element("div", &[], |html| {
            html.words("span", &[], &cell.text);
            html.words("p", &[("class", "bad")], fault);
        });
    });
}
