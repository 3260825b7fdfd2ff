//! What people need who do not see the page, or not well: names, one headline, landmarks, contrast.
//!
//! Names and headlines are those of the browser's own accessibility tree, the one that screen readers get.

use serde_json::{Value, json};

use crate::page::Page;

/// Roles that can be operated, and those that only tell something but have to be told apart.
const NAMED: [&str; 11] = [
    "link",
    "button",
    "textbox",
    "searchbox",
    "combobox",
    "checkbox",
    "radio",
    "progressbar",
    "image",
    "navigation",
    "search",
];
/// Of text against what is behind it (WCAG 2.2, 1.4.3).
const CONTRAST: f64 = 4.5;

impl Page {
    /// Everything that a machine can check for people with a screen reader or with weak eyes.
    pub async fn is_accessible(&self) {
        let tree = self.browser.asks("Accessibility.getFullAXTree", json!({})).await;
        let nodes: Vec<&Value> =
            tree["nodes"].as_array().unwrap().iter().filter(|node| node["ignored"] != true).collect();
        let role = |node: &Value| node["role"]["value"].as_str().unwrap_or_default().to_owned();
        let named = |node: &&&Value| !node["name"]["value"].as_str().unwrap_or_default().trim().is_empty();
        let nameless: Vec<String> = nodes
            .iter()
            .filter(|node| NAMED.contains(&role(node).as_str()))
            .filter(|node| !named(node))
            .map(|node| node.to_string())
            .collect();
        assert!(nameless.is_empty(), "without a name: {nameless:#?}");
        let level = |node: &Value| {
            let properties = node["properties"].as_array().cloned().unwrap_or_default();
            properties.iter().find(|p| p["name"] == "level").and_then(|p| p["value"]["value"].as_i64())
        };
        let headings: Vec<i64> =
            nodes.iter().filter(|node| role(node) == "heading").filter_map(|node| level(node)).collect();
        assert_eq!(headings.iter().filter(|level| **level == 1).count(), 1, "one headline: {headings:?}");
        for pair in headings.windows(2) {
            assert!(pair[1] <= pair[0] + 1, "a level of headings is left out: {headings:?}");
        }
        for landmark in ["main", "banner", "navigation"] {
            assert!(nodes.iter().any(|node| role(node) == landmark), "no {landmark}");
        }
        let pale = self.run(PALE, &[json!(CONTRAST)]).await;
        assert_eq!(pale, json!([]), "too little contrast");
    }
}

/// Every text that is seen, with what is behind it, where their contrast is too low.
const PALE: &str = r"
    const most = arguments[0];
    const parts = (colour) => {
      const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
      return { r, g, b, a };
    };
    const light = ({ r, g, b }) => {
      const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const behind = (node) => {
      for (let at = node; at; at = at.parentElement) {
        const colour = parts(getComputedStyle(at).backgroundColor);
        if (colour.a === 1) return colour;
      }
      return parts('rgb(255, 255, 255)');
    };
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let looked = 0;
    while (walker.nextNode()) {
      const node = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || !node.checkVisibility() || node.closest('script, .unseen, option')) continue;
      looked += 1;
      const style = getComputedStyle(node);
      const ink = parts(node.closest('svg') ? style.fill : style.color);
      const [a, b] = [light(ink), light(behind(node))].sort((x, y) => y - x);
      const contrast = (a + 0.05) / (b + 0.05);
      if (contrast < most) found.add(`${node.tagName}.${node.className?.baseVal ?? node.className}: ${contrast.toFixed(2)}`);
    }
    if (looked < 10) found.add(`only ${looked} texts were looked at`);
    return [...found];
";
