//! What a picture is drawn on: boxes, lines and words at places, as SVG that needs no style sheet.
//!
//! Invariant: whatever is drawn, the SVG is well formed: words are escaped, and characters that XML does not know are
//! left out.

use std::fmt::Write;

use crate::card::clean;

/// A rectangle: left, top, width, height.
#[derive(Clone, Copy, Debug)]
pub struct Area {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

impl Area {
    pub fn new((x, y): (i32, i32), (width, height): (i32, i32)) -> Self {
        Self { x, y, width: width.max(0), height: height.max(0) }
    }
}

/// How words look.
#[derive(Clone, Copy, Debug)]
pub struct Ink {
    /// In pixels.
    pub size: i32,
    /// As SVG writes it.
    pub colour: &'static str,
    /// Heavier than usual.
    pub bold: bool,
}

impl Ink {
    pub fn new(size: i32, colour: &'static str) -> Self {
        Self { size, colour, bold: false }
    }

    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }
}

/// The picture so far.
#[derive(Default)]
pub struct Sheet {
    body: String,
}

impl Sheet {
    /// The SVG of the given size, on a ground of one colour.
    pub fn whole(self, (width, height): (i32, i32), ground: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"{ground}\"/>\n{}</svg>\n",
            self.body
        )
    }

    /// A filled box with round corners.
    pub fn filled(&mut self, area: Area, fill: &str) {
        self.shape(area, &format!("fill=\"{fill}\""));
    }

    /// A box with a border; `fill` may be `none`.
    pub fn bordered(&mut self, area: Area, fill: &str, border: &str) {
        self.shape(area, &format!("fill=\"{fill}\" {border}"));
    }

    fn shape(&mut self, area: Area, look: &str) {
        let Area { x, y, width, height } = area;
        let round = 6.min(height / 2);
        self.draw(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{round}\" {look}/>"
        ));
    }

    /// A path, by SVG's letters.
    pub fn path(&mut self, path: &str, look: &str) {
        self.draw(format_args!("<path d=\"{path}\" {look}/>"));
    }

    /// A dot: full, or a ring.
    pub fn dot(&mut self, (x, y): (i32, i32), full: bool) {
        let look = match full {
            true => format!("fill=\"{}\"", super::DONE),
            false => format!("fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\"", super::EDGE),
        };
        self.draw(format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"4\" {look}/>"));
    }

    /// Words whose baseline begins at a place, shortened to the room that they have. How wide they become, about.
    pub fn words(&mut self, (x, y): (i32, i32), ink: Ink, (words, room): (&str, i32)) -> i32 {
        let words = fit(words, ink.size, room);
        if words.is_empty() {
            return 0;
        }
        let weight = if ink.bold { " font-weight=\"700\"" } else { "" };
        let (size, colour, said) = (ink.size, ink.colour, escaped(&words));
        self.draw(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{colour}\"{weight}>{said}</text>"
        ));
        width(&words, size)
    }

    fn draw(&mut self, shape: std::fmt::Arguments<'_>) {
        // Writing into a text cannot fail.
        let _ = writeln!(self.body, "{shape}");
    }
}

/// About how wide a text becomes: no font is asked, so that the picture is the same everywhere; rather too wide.
pub fn width(words: &str, size: i32) -> i32 {
    let hundredths: i32 = words.chars().map(hundredths).sum();
    hundredths * size / 100
}

/// Of the size of the text; Chinese characters are squares.
fn hundredths(c: char) -> i32 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | 'I' => 33,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 95,
        '-' => 42,
        'a'..='z' | '0'..='9' => 60,
        c if c.is_ascii() => 68,
        _ => 100,
    }
}

/// As much of a text as fits in a width, on one line.
pub fn fit(words: &str, size: i32, room: i32) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = clean::text(&line, 400);
    if width(&line, size) <= room {
        return line;
    }
    let (mut kept, mut used) = (String::new(), hundredths('…'));
    for c in line.chars() {
        used += hundredths(c);
        if used * size / 100 > room {
            break;
        }
        kept.push(c);
    }
    if kept.is_empty() {
        return kept;
    }
    format!("{}…", kept.trim_end())
}

/// A text on at most so many lines, the last one shortened.
pub fn lines(words: &str, size: i32, (room, most): (i32, usize)) -> Vec<String> {
    let mut rest = clean::text(&words.split_whitespace().collect::<Vec<_>>().join(" "), 400);
    let mut lines = Vec::new();
    while !rest.is_empty() && lines.len() + 1 < most {
        let mut used = 0;
        let over = rest.char_indices().find(|(_, c)| {
            used += hundredths(*c);
            used * size / 100 > room
        });
        let Some((at, _)) = over else { break };
        // Between words where there are any near; Chinese is broken anywhere.
        let at = rest[..at].rfind(' ').filter(|space| *space * 2 > at).unwrap_or(at).max(1);
        let at = (at..=rest.len()).find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
        let tail = rest.split_off(at);
        lines.push(std::mem::replace(&mut rest, tail.trim_start().to_owned()));
    }
    if !rest.is_empty() {
        lines.push(fit(&rest, size, room));
    }
    lines
}

/// Words as XML text.
fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // No characters of XML, whatever their font thinks.
            '\u{FFFE}' | '\u{FFFF}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_where_their_room_ends() {
        assert_eq!(fit("方案设计", 10, 40), "方案设计");
        assert_eq!(fit("方案设计书", 10, 40), "方案设…");
        assert_eq!(fit("two  words\nhere", 10, 200), "two words here");
        assert_eq!(fit("方案", 10, 5), "", "no room for anything");
        for room in 0..200 {
            assert!(width(&fit("新品上市 prototype 2026", 13, room), 13) <= room, "{room}");
        }
    }

    #[test]
    fn long_sentences_take_several_lines_and_the_last_is_cut() {
        assert_eq!(lines("预计完成", 10, (100, 2)), ["预计完成"]);
        assert_eq!(lines("一二三四五六七八", 10, (30, 2)), ["一二三", "四五…"]);
        assert_eq!(lines("finish by Monday morning", 10, (100, 2)), ["finish by Monday", "morning"]);
        assert_eq!(lines("", 10, (100, 2)), [""; 0]);
        assert_eq!(lines("方", 10, (5, 3)).len(), 1, "it ends even where nothing fits");
    }

    #[test]
    fn nothing_that_is_said_breaks_the_picture() {
        assert_eq!(escaped("<b>&\u{FFFF}"), "&lt;b&gt;&amp;");
        let mut sheet = Sheet::default();
        sheet.words((0, 10), Ink::new(10, "#000"), ("a\u{0}\u{202E}</text><script>", 900));
        let svg = sheet.whole((10, 10), "#fff");
        assert!(svg.contains(">a&lt;/text&gt;&lt;script&gt;</text>"), "{svg}");
    }
}
