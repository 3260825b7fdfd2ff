//! SVG → PNG, in a font of the machine that has Chinese characters.
//!
//! Invariants: without such a font nothing is drawn, for half of the words would be boxes; a picture is never larger than
//! [`MOST_BYTES`].

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Family, ID, Query};
use resvg::usvg::{Options, Tree};
use skrifa::{FontRef, MetadataProvider};
use tokio::sync::Semaphore;

use crate::domain::Lang;
use crate::text::word;

/// The largest picture that leaves here; Feishu takes ten times that.
const MOST_BYTES: usize = 1024 * 1024;
/// Pixels of the picture for one of its drawing, and what is tried where that is too large.
const SCALES: [f32; 2] = [2.0, 1.0];

/// Families without serifs that are met on servers, the best first.
const FAMILIES: [&str; 8] = [
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "Microsoft YaHei",
];

/// The fonts of the machine; found once, for that reads a lot of files.
static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let mut found = Database::new();
    found.load_system_fonts();
    Fonts::of(found)
});

/// Fonts, and the one to write in.
struct Fonts {
    all: Arc<Database>,
    family: Option<String>,
}

/// The family that pictures are written in; `None` where no font of the machine has Chinese characters. Reads many
/// files the first time.
pub fn chinese_font() -> Option<&'static str> {
    FONTS.family.as_deref()
}

/// Draws one picture at a time.
pub struct Painter {
    turn: Semaphore,
}

impl Default for Painter {
    fn default() -> Self {
        Self { turn: Semaphore::new(1) }
    }
}

impl Painter {
    /// The picture as PNG, [`MOST_BYTES`] at most; `None` without a font.
    pub async fn paint(&self, svg: String) -> Result<Option<Vec<u8>>, &'static str> {
        let _turn = self.turn.acquire().await.map_err(|_| "pictures are not drawn any more")?;
        let drawn = tokio::task::spawn_blocking(move || FONTS.paint(&svg)).await;
        drawn.map_err(|_| "drawing a picture failed")?
    }
}

impl Fonts {
    fn of(all: Database) -> Self {
        let named = |name: &&str| {
            let query = Query { families: &[Family::Name(name)], ..Query::default() };
            all.query(&query).is_some_and(|id| is_chinese(&all, id))
        };
        let known = FAMILIES.iter().find(|name| named(name)).map(|name| (*name).to_owned());
        let family = known.or_else(|| {
            let face = all.faces().find(|face| !face.monospaced && is_chinese(&all, face.id))?;
            face.families.first().map(|(name, _)| name.clone())
        });
        Self { all: Arc::new(all), family }
    }

    fn paint(&self, svg: &str) -> Result<Option<Vec<u8>>, &'static str> {
        let Some(family) = &self.family else { return Ok(None) };
        let options = Options { font_family: family.clone(), fontdb: self.all.clone(), ..Options::default() };
        let tree = Tree::from_str(svg, &options).map_err(|_| "a picture that was drawn cannot be read")?;
        for scale in SCALES {
            let png = rendered(&tree, scale)?;
            if png.len() <= MOST_BYTES {
                return Ok(Some(png));
            }
        }
        Err("a picture is too large")
    }
}

fn rendered(tree: &Tree, scale: f32) -> Result<Vec<u8>, &'static str> {
    let size = tree.size().to_int_size().scale_by(scale).ok_or("a picture has no size")?;
    let mut pixels = Pixmap::new(size.width(), size.height()).ok_or("a picture is too large")?;
    resvg::render(tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|_| "a picture cannot be written as PNG")
}

/// Whether a font has the characters of some words of ours: then it has the others, too.
fn is_chinese(all: &Database, id: ID) -> bool {
    let sample = ["board.title", "board.tile.late", "board.column.confirming"].map(|key| word(Lang::Zh, key));
    let has_all = |data: &[u8], index: u32| {
        let font = FontRef::from_index(data, index);
        font.is_ok_and(|font| sample.concat().chars().all(|c| font.charmap().map(c).is_some()))
    };
    all.with_face_data(id, has_all).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"10\">\
                       <rect width=\"20\" height=\"10\" fill=\"#fff\"/><text y=\"9\" font-size=\"9\">看板</text></svg>";

    #[test]
    fn without_a_font_for_chinese_there_is_no_picture() {
        let fonts = Fonts::of(Database::new());
        assert_eq!(fonts.family, None);
        assert_eq!(fonts.paint(SVG), Ok(None));
    }

    #[test]
    fn a_picture_is_a_png_of_twice_its_size() {
        let Some(family) = chinese_font() else {
            println!("skipped: no font with Chinese characters");
            return;
        };
        let png = FONTS.paint(SVG).unwrap().unwrap();
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n", "{family}");
        // IHDR: width and height in four bytes each.
        assert_eq!((&png[16..20], &png[20..24]), (&[0, 0, 0, 40][..], &[0, 0, 0, 20][..]));
        assert!(FONTS.paint("<svg>").is_err());
    }

    #[test]
    fn chinese_is_written_and_not_left_out() {
        if chinese_font().is_none() {
            println!("skipped: no font with Chinese characters");
            return;
        }
        let empty = SVG.replace("看板", "");
        assert_ne!(FONTS.paint(SVG).unwrap(), FONTS.paint(&empty).unwrap());
    }
}
