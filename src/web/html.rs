//! HTML that is made of elements, attributes and text, and of nothing else.
//!
//! Invariant: names are ours and fixed; everything that comes from people is escaped.

use std::fmt::Write as _;

/// A document in the making.
#[derive(Default)]
pub struct Html(String);

/// Attributes of an element; those without a value are just there.
pub type Attributes<'a> = &'a [(&'static str, &'a str)];

impl Html {
    /// An element with something inside.
    pub fn element(&mut self, name: &'static str, attributes: Attributes, inside: impl FnOnce(&mut Html)) {
        self.alone(name, attributes);
        inside(self);
        // Writing to a string cannot fail.
        let _ = write!(self.0, "</{name}>");
    }

    /// An element with only text inside.
    pub fn words(&mut self, name: &'static str, attributes: Attributes, text: &str) {
        self.element(name, attributes, |html| html.text(text));
    }

    /// An element that has no end.
    pub fn alone(&mut self, name: &'static str, attributes: Attributes) {
        let _ = write!(self.0, "<{name}");
        for (attribute, value) in attributes {
            let _ = write!(self.0, " {attribute}=\"");
            self.text(value);
            self.0.push('"');
        }
        self.0.push('>');
    }

    /// Text, as it is read.
    pub fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
    }

    /// The one style sheet: ours, as it is, so that its hash holds.
    pub fn style(&mut self, sheet: &'static str) {
        let _ = write!(self.0, "<style>{sheet}</style>");
    }

    /// A script: ours, as it is, so that its hash holds. A module, so that its names are its own.
    pub fn script(&mut self, script: &'static str) {
        let _ = write!(self.0, "<script type=\"module\">{script}</script>");
    }

    /// The whole document.
    pub fn document(self) -> String {
        format!("<!doctype html>{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_text_becomes_markup(text in "[<>&\"'a-z =/]{0,40}") {
            let mut html = Html::default();
            html.words("p", &[("title", &text)], &text);
            let written = html.document();
            let inside = written.strip_prefix("<!doctype html><p title=\"").unwrap().strip_suffix("</p>").unwrap();
            let (attribute, words) = inside.split_once("\">").unwrap();
            for part in [attribute, words] {
                prop_assert!(!part.contains(['<', '>', '"', '\'']), "{}", part);
                let read = part.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
                prop_assert_eq!(read.replace("&#39;", "'").replace("&amp;", "&"), text.clone());
            }
        }
    }
}
