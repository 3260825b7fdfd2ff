//! What no browser would send, and what every page says to the browser.

use axum::http::{HeaderValue, header};

use super::*;

fn headers(name: &'static str, value: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(header::HeaderName::from_static(name), HeaderValue::from_static(value))])
}

#[test]
fn a_page_of_another_site_does_not_post_here() {
    for (site, foreign) in
        [("cross-site", true), ("same-site", true), ("same-origin", false), ("none", false)]
    {
        assert_eq!(is_foreign(&headers("sec-fetch-site", site)), foreign, "{site}");
    }
    assert!(
        !is_foreign(&HeaderMap::new()),
        "old browsers say nothing; the submission is asked for all the same"
    );
}

#[test]
fn somebody_unknown_is_answered_in_the_language_of_the_browser() {
    for (asked, lang) in [("en-GB,en;q=0.8", Lang::En), ("zh-CN", Lang::Zh), ("de", Lang::Zh), ("", Lang::Zh)]
    {
        assert_eq!(spoken(&headers("accept-language", asked)), lang, "{asked}");
    }
}

#[test]
fn several_choices_are_one_value_and_lines_end_as_people_typed_them() {
    let pair = |field: &str, value: &str| (field.to_owned(), value.to_owned());
    let posted = joined(vec![
        pair("a", "1"),
        pair("a", "2"),
        pair("a", ""),
        pair("b", "x\r\ny"),
        pair("c", ""),
        pair("c", "3"),
    ]);
    let read: Vec<(&str, &str)> = posted.iter().map(|(f, v)| (f.as_str(), v.as_str())).collect();
    assert_eq!(read, [("a", "1,2"), ("b", "x\ny"), ("c", "3")]);
}

#[test]
fn a_page_needs_nothing_from_elsewhere_and_is_kept_nowhere() {
    for closed in [Closed::Unknown, Closed::Expired, Closed::NotFromHere, Closed::Unreadable] {
        let answer = page::closed(Lang::Zh, closed);
        let header = |name: header::HeaderName| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header(header::CACHE_CONTROL), "no-store");
        assert_eq!(header(header::REFERRER_POLICY), "no-referrer");
        let policy = header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
    }
}
