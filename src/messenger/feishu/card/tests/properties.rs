//! Which properties each component of card JSON 2.0 has, and what they may be: the documentation as a table.
//!
//! Invariant: what is not in the table is refused, as the platform does. Depends on nothing but `serde_json`.

use serde_json::Value;

/// What a property may be.
#[derive(Clone, Copy)]
pub enum May {
    /// Text of at most so many characters, not empty.
    Text(usize),
    /// One of these words.
    Be(&'static [&'static str]),
    /// One of these words, or so many pixels.
    Measure(&'static [&'static str]),
    /// One to four measures in pixels.
    Space,
    Flag,
    /// A whole number from … to ….
    Number(i64, i64),
    /// A `plain_text` of at most so many characters.
    Plain(usize),
    /// `plain_text` or `lark_md`, with size and colour.
    Rich,
    /// Card markdown.
    Markdown,
    /// The name of a component that sends something, and its id: both once in a card.
    Name,
    Id,
    /// A list of components.
    Elements,
    /// Lists and objects with a table of their own.
    Each(&'static [Property]),
    Object(&'static [Property]),
    /// What comes back from a press.
    Behaviours,
    /// A date, a time of day, or both, in digits.
    Digits(&'static str),
    /// An address of the web.
    Address,
    /// Looked at where the whole component is.
    Whole,
}

/// Its name, what it may be, and whether it must be there.
pub type Property = (&'static str, May, bool);

use May::*;

const MUST: bool = true;
const CAN: bool = false;
const SIDES: &[&str] = &["left", "center", "right"];
const SIZES: &[&str] = &[
    "heading",
    "normal",
    "notation",
    "xxxx-large",
    "xxx-large",
    "xx-large",
    "x-large",
    "large",
    "medium",
    "small",
    "x-small",
];
const HEADS: &[&str] = &[
    "blue",
    "wathet",
    "turquoise",
    "green",
    "yellow",
    "orange",
    "red",
    "carmine",
    "violet",
    "purple",
    "indigo",
    "grey",
    "default",
];
const TAGS: &[&str] = &[
    "neutral",
    "blue",
    "turquoise",
    "lime",
    "orange",
    "violet",
    "indigo",
    "wathet",
    "green",
    "yellow",
    "red",
    "purple",
    "carmine",
];
/// Of text: the names of both.
pub const COLOURS: &[&str] = &[
    "neutral",
    "blue",
    "turquoise",
    "lime",
    "orange",
    "violet",
    "indigo",
    "wathet",
    "green",
    "yellow",
    "red",
    "purple",
    "carmine",
    "grey",
    "default",
];
const WIDTHS: &[&str] = &["default", "fill"];
const GAPS: &[&str] = &["small", "medium", "large", "extra_large"];
const ACROSS: Property = ("horizontal_spacing", Measure(GAPS), CAN);
const DOWN: Property = ("vertical_spacing", Measure(GAPS), CAN);
const WAY: Property = ("direction", Be(&["vertical", "horizontal"]), CAN);
const ALIGN: Property = ("vertical_align", Be(&["top", "center", "bottom"]), CAN);
const PADDING: Property = ("padding", Space, CAN);
const INSIDE: Property = ("elements", Elements, MUST);
const ACTS: Property = ("behaviors", Behaviours, CAN);
const REQUIRED: Property = ("required", Flag, CAN);
const PLACEHOLDER: Property = ("placeholder", Plain(100), CAN);
const WIDTH: Property = ("width", Measure(WIDTHS), CAN);
const NAMED: Property = ("name", Name, CAN);
const BACKGROUND: Property = ("background_style", Be(COLOURS), CAN);
const CHOICE: &[Property] = &[("text", Plain(100), MUST), ("value", Text(2_000), MUST)];
const CHOICES: Property = ("options", Each(CHOICE), MUST);
const PEOPLE: Property = ("options", Each(&[("value", Text(80), MUST)]), CAN);
const CHOSEN: Property = ("selected_values", Whole, CAN);
const QUESTION: &[Property] = &[("title", Plain(200), MUST), ("text", Plain(500), MUST)];

/// The whole card.
pub const ROOT: &[Property] = &[
    ("schema", Be(&["2.0"]), MUST),
    ("config", Object(CONFIG), MUST),
    ("card_link", Object(&[("url", Address, MUST)]), CAN),
    ("header", Object(HEADER), CAN),
    ("body", Object(BODY), MUST),
];
const CONFIG: &[Property] = &[
    ("update_multi", Whole, MUST),
    ("enable_forward", Flag, CAN),
    ("enable_forward_interaction", Flag, CAN),
    ("width_mode", Be(&["compact", "default", "fill"]), CAN),
    ("summary", Object(&[("content", Text(500), MUST)]), CAN),
];
const HEADER: &[Property] = &[
    ("title", Plain(300), MUST),
    ("subtitle", Plain(300), CAN),
    ("template", Be(HEADS), CAN),
    PADDING,
    ("text_tag_list", Each(TEXT_TAG), CAN),
];
const TEXT_TAG: &[Property] =
    &[("tag", Be(&["text_tag"]), MUST), ("text", Plain(40), MUST), ("color", Be(TAGS), CAN)];
const BODY: &[Property] = &[WAY, PADDING, DOWN, ACROSS, ("horizontal_align", Be(SIDES), CAN), ALIGN, INSIDE];

/// Text in a `div`.
pub const RICH: &[Property] = &[
    ("content", Whole, MUST),
    ("text_size", Be(SIZES), CAN),
    ("text_color", Be(COLOURS), CAN),
    ("text_align", Be(SIDES), CAN),
    ("lines", Number(1, 99), CAN),
];

/// Of every component.
pub const COMMON: &[Property] = &[("tag", Whole, MUST), ("element_id", Id, CAN), ("margin", Space, CAN)];

/// Of each component by its tag.
pub const COMPONENTS: &[(&str, &[Property])] = &[
    (
        "markdown",
        &[("content", Markdown, MUST), ("text_align", Be(SIDES), CAN), ("text_size", Be(SIZES), CAN)],
    ),
    ("div", &[("text", Rich, CAN), ("fields", Each(&[("is_short", Flag, MUST), ("text", Rich, MUST)]), CAN)]),
    ("hr", &[]),
    (
        "person_list",
        &[
            ("persons", Each(&[("id", Text(80), MUST)]), MUST),
            ("size", Be(&["extra_small", "small", "medium", "large"]), CAN),
            ("show_name", Flag, CAN),
            ("show_avatar", Flag, CAN),
            ("lines", Number(1, 99), CAN),
            ("drop_invalid_user_id", Flag, CAN),
        ],
    ),
    (
        "column_set",
        &[
            ("flex_mode", Be(&["none", "stretch", "flow", "bisect", "trisect"]), CAN),
            ACROSS,
            BACKGROUND,
            ("columns", Elements, MUST),
        ],
    ),
    (
        "column",
        &[
            ("width", Measure(&["auto", "weighted"]), CAN),
            ("weight", Number(1, 5), CAN),
            ALIGN,
            DOWN,
            PADDING,
            BACKGROUND,
            INSIDE,
        ],
    ),
    (
        "collapsible_panel",
        &[
            ("expanded", Flag, CAN),
            ("header", Object(&[("title", Plain(200), MUST), ALIGN]), MUST),
            ("border", Object(&[("color", Be(COLOURS), CAN), ("corner_radius", Space, CAN)]), CAN),
            DOWN,
            PADDING,
            INSIDE,
        ],
    ),
    (
        "interactive_container",
        &[
            ("behaviors", Behaviours, MUST),
            WIDTH,
            BACKGROUND,
            ("has_border", Flag, CAN),
            ("corner_radius", Space, CAN),
            ("disabled", Flag, CAN),
            PADDING,
            INSIDE,
        ],
    ),
    (
        "button",
        &[
            ("text", Plain(100), MUST),
            ("type", Be(BUTTONS), CAN),
            ("size", Be(&["tiny", "small", "medium", "large"]), CAN),
            WIDTH,
            ("disabled", Flag, CAN),
            ("disabled_tips", Plain(100), CAN),
            ("hover_tips", Plain(100), CAN),
            ("confirm", Object(QUESTION), CAN),
            ACTS,
            NAMED,
            ("form_action_type", Be(&["submit", "reset"]), CAN),
        ],
    ),
    (
        "img",
        &[
            ("img_key", Text(100), MUST),
            ("alt", Plain(300), CAN),
            ("title", Plain(100), CAN),
            ("scale_type", Be(&["crop_center", "crop_top", "fit_horizontal"]), CAN),
            ("corner_radius", Space, CAN),
            ("preview", Flag, CAN),
        ],
    ),
    ("form", &[("name", Name, MUST), INSIDE, WAY, DOWN, ACROSS]),
    (
        "input",
        &[
            NAMED,
            ("label", Plain(100), CAN),
            ("label_position", Be(&["top", "left"]), CAN),
            PLACEHOLDER,
            ("default_value", Text(1_000), CAN),
            ("input_type", Be(&["text", "multiline_text", "password"]), CAN),
            ("rows", Number(1, 20), CAN),
            ("auto_resize", Flag, CAN),
            ("max_rows", Number(1, 20), CAN),
            ("max_length", Number(1, 1_000), CAN),
            REQUIRED,
            WIDTH,
            ("disabled", Flag, CAN),
            ACTS,
        ],
    ),
    (
        "select_static",
        &[
            NAMED,
            PLACEHOLDER,
            CHOICES,
            ("initial_option", Whole, CAN),
            ("initial_index", Number(1, 500), CAN),
            REQUIRED,
            WIDTH,
            ACTS,
        ],
    ),
    ("multi_select_static", &[NAMED, PLACEHOLDER, CHOICES, CHOSEN, REQUIRED, WIDTH, ACTS]),
    ("select_person", &[NAMED, PLACEHOLDER, PEOPLE, ("initial_option", Whole, CAN), REQUIRED, WIDTH, ACTS]),
    ("multi_select_person", &[NAMED, PLACEHOLDER, PEOPLE, CHOSEN, REQUIRED, WIDTH, ACTS]),
    (
        "date_picker",
        &[NAMED, PLACEHOLDER, ("initial_date", Digits("0000-00-00"), CAN), REQUIRED, WIDTH, ACTS],
    ),
    ("picker_time", &[NAMED, PLACEHOLDER, ("initial_time", Digits("00:00"), CAN), REQUIRED, WIDTH, ACTS]),
    (
        "picker_datetime",
        &[NAMED, PLACEHOLDER, ("initial_datetime", Digits("0000-00-00 00:00"), CAN), REQUIRED, WIDTH, ACTS],
    ),
    ("overflow", &[CHOICES, WIDTH, ACTS]),
    (
        "table",
        &[
            ("page_size", Number(1, 10), CAN),
            ("row_height", Measure(&["low", "middle", "high", "auto"]), CAN),
            ("freeze_first_column", Flag, CAN),
            ("header_style", Object(TABLE_HEAD), CAN),
            ("columns", Each(TABLE_COLUMN), MUST),
            ("rows", Whole, MUST),
        ],
    ),
    (
        "chart",
        &[
            ("chart_spec", Whole, MUST),
            ("aspect_ratio", Be(&["1:1", "2:1", "4:3", "16:9"]), CAN),
            ("color_theme", Be(&["brand", "rainbow", "complementary", "converse", "primary"]), CAN),
            ("preview", Flag, CAN),
        ],
    ),
];
const BUTTONS: &[&str] = &[
    "default",
    "primary",
    "danger",
    "text",
    "primary_text",
    "danger_text",
    "primary_filled",
    "danger_filled",
    "laser",
];
const TABLE_HEAD: &[Property] = &[
    ("text_align", Be(SIDES), CAN),
    ("text_size", Be(SIZES), CAN),
    ("background_style", Be(&["none", "grey"]), CAN),
    ("text_color", Be(COLOURS), CAN),
    ("bold", Flag, CAN),
    ("lines", Number(1, 99), CAN),
];
const TABLE_COLUMN: &[Property] = &[
    ("name", Text(80), MUST),
    ("display_name", Whole, CAN),
    ("data_type", Be(&["text", "lark_md", "markdown", "number", "options", "persons", "date"]), MUST),
    ("width", Measure(&["auto"]), CAN),
    ("horizontal_align", Be(SIDES), CAN),
    ("format", Whole, CAN),
    ("date_format", Text(40), CAN),
];

/// Whether a value of the simple kinds is what it may be; `None` for the kinds that need a look inside.
pub fn is_allowed(may: May, value: &Value) -> Option<bool> {
    let text = value.as_str();
    Some(match may {
        Text(most) => text.is_some_and(|text| !text.is_empty() && text.chars().count() <= most),
        Be(words) => text.is_some_and(|text| words.contains(&text)),
        Measure(words) => text.is_some_and(|text| words.contains(&text) || is_pixels(text)),
        Space => text.is_some_and(|text| text.split(' ').count() <= 4 && text.split(' ').all(is_pixels)),
        Flag => value.is_boolean(),
        Number(from, to) => value.as_i64().is_some_and(|number| (from..=to).contains(&number)),
        Digits(form) => text.is_some_and(|text| is_like(text, form)),
        Address => text.is_some_and(|text| text.starts_with("https://") && text.len() > 8),
        Whole => true,
        Plain(_) | Rich | Markdown | Name | Id | Elements | Each(_) | Object(_) | Behaviours => return None,
    })
}

fn is_pixels(text: &str) -> bool {
    text.strip_suffix("px")
        .is_some_and(|number| number.parse::<i32>().is_ok_and(|n| (-99..=600).contains(&n)))
}

fn is_like(text: &str, form: &str) -> bool {
    let alike = |(have, want): (char, char)| if want == '0' { have.is_ascii_digit() } else { have == want };
    text.chars().count() == form.chars().count() && text.chars().zip(form.chars()).all(alike)
}
