//! Every route is a line of `src/web/routes.rs`: nothing else puts one into a router. (`axum` lives in `src/web` only.)

use super::source::{Source, sources};

/// Where routers are made and dressed.
const TABLE: &str = "src/web/routes.rs";
const SERVER: &str = "src/web/server/";

/// What would open a way in.
const OPENS: &[&str] =
    &[".route(", ".route_service(", ".nest(", ".nest_service(", ".fallback(", ".fallback_service("];

fn complaints(source: &Source) -> Vec<String> {
    if source.path == TABLE || source.path.starts_with(SERVER) {
        return Vec::new();
    }
    let found = OPENS.iter().flat_map(|opens| source.production.match_indices(opens));
    let complaint = |(at, opens): (usize, &str)| {
        format!("{} `{opens}…)`: a route is a line of {TABLE}, with who may call it", source.place(at))
    };
    found.map(complaint).collect()
}

#[test]
fn every_route_is_in_the_table() {
    let complaints: Vec<_> = sources(&["src/web"]).iter().flat_map(complaints).collect();
    super::no_complaints(&complaints);
}

#[test]
fn the_rule_of_routes_bites() {
    let complains = |path: &str, code: &str| complaints(&Source::new(path, code)).len();
    assert_eq!(complains("src/web/board.rs", "fn a() { b.route(\"/board\", get(c)); }"), 1);
    assert_eq!(complains("src/web/board.rs", "fn a() { b.nest(\"/board\", c).fallback(d) }"), 2);
    assert_eq!(complains("src/web/routes.rs", "fn a() { b.route(\"/board\", get(c)); }"), 0);
    assert_eq!(complains("src/web/board.rs", "#[cfg(test)] mod tests { fn a() { b.route(c, d) } }"), 0);
}
