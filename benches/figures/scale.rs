//! The figures of docs/scale.md, and their pictures: what grows with what.

use crate::load::Latencies;
use crate::plot::{self, Series};
use crate::{catch_up, clicks, floors, load, serve};

/// Requests in the program's database, up to `most`.
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// Everything, told and drawn.
pub async fn figures(most: usize) {
    rates().await;
    replicas().await;
    sizes(most).await;
    let down = catch_up::after_a_day().await;
    println!(
        "down for a day: {} steps, {} messages, worked off in {:?}",
        down.steps, down.messages, down.took
    );
}

async fn rates() {
    let full = clicks::on_sqlite().await.cold;
    let points = load::by_rate(full).await;
    println!("SQLite, {full:.0} clicks a second at saturation");
    for point in &points {
        let (p50, p99, p999) = point.took;
        println!("at {} %: p50 {p50:?}, p99 {p99:?}, p99.9 {p999:?}", point.part);
    }
    let of = |name, value: fn(&Latencies) -> f64| Series {
        name,
        points: points.iter().map(|p| (f64::from(p.part), value(&p.took))).collect(),
    };
    let series = [
        of("p50", |took| took.0.as_secs_f64() * 1_000.0),
        of("p99", |took| took.1.as_secs_f64() * 1_000.0),
        of("p99.9", |took| took.2.as_secs_f64() * 1_000.0),
    ];
    plot::lines("latency", ("% of the full rate", "ms until acknowledged"), &series);
}

async fn replicas() {
    let Some(maintenance) = crate::cluster() else {
        return println!("skipped: replicas, because LIAISON_TEST_POSTGRES names no PostgreSQL");
    };
    let bare = floors::postgres_bare(&maintenance).await;
    println!("PostgreSQL, a bare handler: {bare:.0} clicks a second");
    let mut points = Vec::new();
    for (count, x) in [(1, 1.0), (2, 2.0), (3, 3.0)] {
        let figure = load::of_replicas(&maintenance, count).await;
        println!("PostgreSQL, {count} replicas on the same two cores: {figure:.0} clicks a second");
        points.push((x, figure));
    }
    let floor = Series { name: "bare handler", points: vec![(1.0, bare), (3.0, bare)] };
    let ours = Series { name: "replicas", points };
    plot::lines("replicas", ("replicas on two cores", "clicks a second"), &[ours, floor]);
}

async fn sizes(most: usize) {
    let (mut idle, mut busy) = (Vec::new(), Vec::new());
    for requests in SIZES.into_iter().filter(|size| *size <= most) {
        let figure = serve::among(requests).await;
        println!(
            "among {requests} requests ({} MiB on disk): ready after {:?}, {} MiB idle, {} MiB after everybody has looked",
            figure.file, figure.ready, figure.idle, figure.busy
        );
        #[expect(clippy::cast_precision_loss, reason = "at most a million")]
        let x = (requests as f64).log10();
        idle.push((x, f64::from(figure.idle)));
        busy.push((x, f64::from(figure.busy)));
    }
    let series = [Series { name: "idle", points: idle }, Series { name: "after looking", points: busy }];
    plot::lines("memory", ("requests, as a power of ten", "MiB resident"), &series);
}
