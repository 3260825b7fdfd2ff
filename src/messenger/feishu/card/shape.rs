//! The shapes of card JSON 2.0, as far as we use them: an unknown property is refused by the platform, so there are none.
//!
//! Invariant: a field here is a property of the open platform's documentation for exactly that component.

use std::collections::BTreeMap;

use serde::Serialize;

/// The whole card.
#[derive(Serialize)]
pub struct Root {
    pub schema: &'static str,
    pub config: Config,
    pub header: Header,
    pub body: Body,
}

/// How the card behaves.
#[derive(Serialize)]
pub struct Config {
    /// One card for all its readers; 2.0 knows nothing else.
    pub update_multi: bool,
    /// A forwarded card would be pressed by people who were not asked.
    pub enable_forward: bool,
    pub width_mode: &'static str,
    pub summary: Summary,
}

/// What the list of chats shows.
#[derive(Serialize)]
pub struct Summary {
    pub content: String,
}

/// The head.
#[derive(Serialize)]
pub struct Header {
    pub title: Plain,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<Plain>,
    pub template: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub text_tag_list: Vec<TextTag>,
}

/// A word in the head.
#[derive(Serialize)]
pub struct TextTag {
    pub tag: &'static str,
    pub text: Plain,
    pub color: &'static str,
}

/// What is under the head.
#[derive(Serialize)]
pub struct Body {
    pub direction: &'static str,
    pub padding: &'static str,
    pub vertical_spacing: &'static str,
    pub elements: Vec<Element>,
}

/// Text in which no markup is looked for.
#[derive(Serialize)]
pub struct Plain {
    pub tag: &'static str,
    pub content: String,
}

impl Plain {
    pub fn new(content: impl Into<String>) -> Self {
        Self { tag: "plain_text", content: content.into() }
    }
}

/// One component.
#[derive(Serialize)]
#[serde(tag = "tag", rename_all = "snake_case")]
pub enum Element {
    Markdown(Markdown),
    Div(Div),
    Hr,
    Img(Img),
    ColumnSet(ColumnSet),
    Button(Button),
    Form(Form),
    Input(Input),
    SelectStatic(Select),
    MultiSelectStatic(MultiSelect),
    DatePicker(DatePicker),
    Table(Table),
}

/// Rich text: ours, or escaped.
#[derive(Serialize)]
pub struct Markdown {
    pub content: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_size: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margin: Option<&'static str>,
}

/// A paragraph.
#[derive(Serialize)]
pub struct Div {
    pub text: DivText,
}

/// The text of a paragraph, which alone may have a size and a colour.
#[derive(Serialize)]
pub struct DivText {
    pub tag: &'static str,
    pub content: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_size: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_color: Option<&'static str>,
}

/// A picture, whole; it is enlarged when it is touched.
#[derive(Serialize)]
pub struct Img {
    pub img_key: String,
    pub alt: Plain,
    pub scale_type: &'static str,
    pub preview: bool,
}

/// Things side by side.
#[derive(Serialize)]
pub struct ColumnSet {
    pub flex_mode: &'static str,
    pub horizontal_spacing: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub background_style: Option<&'static str>,
    pub columns: Vec<Column>,
}

/// One of them.
#[derive(Serialize)]
pub struct Column {
    pub tag: &'static str,
    pub width: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub padding: Option<&'static str>,
    pub elements: Vec<Element>,
}

/// Something to press.
#[derive(Serialize)]
pub struct Button {
    pub text: Plain,
    #[serde(rename = "type")]
    pub kind: &'static str,
    #[serde(skip_serializing_if = "is_false")]
    pub disabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirm>,
    pub behaviors: Vec<Behavior>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form_action_type: Option<&'static str>,
}

/// A question asked before a press counts.
#[derive(Serialize)]
pub struct Confirm {
    pub title: Plain,
    pub text: Plain,
}

/// What a press does.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Behavior {
    Callback { value: Sealed },
    OpenUrl { default_url: String },
}

/// What comes back from a press.
#[derive(Clone, Serialize)]
pub struct Sealed {
    /// The sealed want.
    pub w: String,
}

/// Something to fill in; only at the root, and never without a submit button.
#[derive(Serialize)]
pub struct Form {
    pub name: &'static str,
    pub vertical_spacing: &'static str,
    pub elements: Vec<Element>,
}

/// A line or several.
#[derive(Serialize)]
pub struct Input {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<Plain>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u8>,
    /// 1 to 1000.
    pub max_length: usize,
    pub required: bool,
    pub width: &'static str,
}

/// One of several.
#[derive(Serialize)]
pub struct Select {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<Plain>,
    pub options: Vec<SelectOption>,
    /// The value of one of the options.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_option: Option<String>,
    pub required: bool,
    pub width: &'static str,
}

/// Any of several.
#[derive(Serialize)]
pub struct MultiSelect {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<Plain>,
    pub options: Vec<SelectOption>,
    /// Values of some of the options.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub selected_values: Vec<String>,
    pub required: bool,
    pub width: &'static str,
}

/// Something to choose.
#[derive(Serialize)]
pub struct SelectOption {
    pub text: Plain,
    pub value: String,
}

/// A day.
#[derive(Serialize)]
pub struct DatePicker {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<Plain>,
    /// `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_date: Option<String>,
    pub required: bool,
    pub width: &'static str,
}

/// Rows and columns; only at the root.
#[derive(Serialize)]
pub struct Table {
    /// 1 to 10.
    pub page_size: usize,
    pub row_height: &'static str,
    pub header_style: HeaderStyle,
    pub columns: Vec<TableColumn>,
    /// Column name → text; a name that is no column's is an error.
    pub rows: Vec<BTreeMap<String, String>>,
}

/// The first row of a table.
#[derive(Serialize)]
pub struct HeaderStyle {
    pub text_align: &'static str,
    pub background_style: &'static str,
    pub bold: bool,
    pub lines: u8,
}

/// One column of a table.
#[derive(Serialize)]
pub struct TableColumn {
    pub name: String,
    pub display_name: String,
    /// `text`: no markup is looked for.
    pub data_type: &'static str,
    pub width: &'static str,
}

/// By reference, because `skip_serializing_if` calls it so.
fn is_false(flag: &bool) -> bool {
    !*flag
}
