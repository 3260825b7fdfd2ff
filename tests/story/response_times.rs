//! How long issues wait for a response: reckoned from what happened, for Prometheus.

use crate::world::{World, story};

/// The metrics once the auditor has looked, which it does when the service starts.
async fn looked_at(world: &mut World, awaited: &str) -> String {
    world.is_killed().await;
    let mut metrics = String::new();
    for _ in 0..1_000 {
        metrics = world.metrics().await;
        if metrics.contains(awaited) {
            break;
        }
    }
    metrics
}

story!(what_a_response_took_is_counted_by_severity_and_survives_a_restart, |world| {
    let seconds = "liaison_issue_response_seconds";
    let metrics = looked_at(world, "outbox_stale").await;
    for severity in ["urgent", "important", "general"] {
        let nothing = format!("{seconds}_count{{severity=\"{severity}\"}} 0\n");
        assert!(metrics.contains(&nothing), "{severity} is there from the start: {metrics}");
    }
    world.says("zhang.wei", "/问题 紧急 @研发部 生产环境宕机").await;
    world.says("wang.fang", "/问题 一般 @研发部 文档过期").await;
    world.says("zhang.wei", "/问题 一般 @信息技术部 打印机离线").await;
    world.passes("10min").await;
    world.says("li.na", "/响应 YFB-1-I1").await;
    world.passes("20min").await;
    world.says("li.na", "/响应 YFB-2-I1").await;
    world.forgets().await;
    // The third one still waits: it is in no bucket.
    for _ in 0..2 {
        let metrics = looked_at(world, &format!("{seconds}_count{{severity=\"general\"}} 1")).await;
        for line in [
            "_sum{severity=\"urgent\"} 600.0",
            "_count{severity=\"urgent\"} 1",
            "_bucket{le=\"300.0\",severity=\"urgent\"} 0",
            "_bucket{le=\"900.0\",severity=\"urgent\"} 1",
            "_sum{severity=\"general\"} 1800.0",
            "_count{severity=\"general\"} 1",
            "_bucket{le=\"900.0\",severity=\"general\"} 0",
            "_bucket{le=\"1800.0\",severity=\"general\"} 1",
            "_bucket{le=\"+Inf\",severity=\"general\"} 1",
            "_count{severity=\"important\"} 0",
        ] {
            assert!(metrics.contains(&format!("{seconds}{line}\n")), "{line}: {metrics}");
        }
    }
});
