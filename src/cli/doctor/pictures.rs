//! Whether `/board` can bring a picture: half of its words would be boxes without a font that has Chinese characters.

use super::Report;
use crate::config::Config;
use crate::engine::picture::chinese_font;

const NAME: &str = "pictures";
const REMEDY: &str = "install one, `apt-get install fonts-noto-cjk` or `dnf install google-noto-sans-cjk-fonts`, and \
                      restart; or set server.pictures = false";

/// Looks at the fonts of this machine.
pub fn check(report: &mut Report, config: &Config) {
    match config.server.pictures {
        false => report.ok(NAME, "switched off: /board brings the link alone"),
        true => judge(report, chinese_font()),
    }
}

fn judge(report: &mut Report, font: Option<&str>) {
    match font {
        Some(font) => report.ok(NAME, format!("/board brings a picture, written in {font}")),
        None => {
            report.warn(NAME, "no font here has Chinese characters: /board brings the link alone", REMEDY)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_font_is_said_with_what_to_install() {
        let mut report = Report::default();
        judge(&mut report, None);
        judge(&mut report, Some("Noto Sans CJK SC"));
        let shown = report.shown();
        assert!(shown.contains("warn  pictures: no font here has Chinese characters"), "{shown}");
        assert!(shown.contains("apt-get install fonts-noto-cjk"), "{shown}");
        assert!(
            shown.contains("ok    pictures: /board brings a picture, written in Noto Sans CJK SC"),
            "{shown}"
        );
    }
}
