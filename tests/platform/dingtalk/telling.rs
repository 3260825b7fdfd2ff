//! On which databases, by which way and on what a story of DingTalk is told.
//!
//! Invariant: each telling has a world of its own.

use super::world::World;
use crate::world::telling::{Backend, Way};

/// Tells a story in worlds of its own, on both databases, in each of these ways.
pub async fn tell<T>(ways: &[Way], story: impl Fn(World) -> T)
where
    T: Future<Output = ()> + Send + 'static,
{
    let on_both = |way: &Way| [(Backend::Sqlite, *way), (Backend::Postgres, *way)];
    let all: Vec<_> = ways.iter().flat_map(on_both).collect();
    tell_across(&all, story).await;
}

/// Tells a story in worlds of its own, on each of these databases in the way that stands beside it.
pub async fn tell_across<T>(tellings: &[(Backend, Way)], story: impl Fn(World) -> T)
where
    T: Future<Output = ()> + Send + 'static,
{
    let usual = |(backend, way): &(Backend, Way)| (*backend, *way, World::usually_has_cards(*way));
    let all: Vec<_> = tellings.iter().map(usual).collect();
    tell_each(&all, story).await;
}

/// Tells a story in worlds of its own, on both databases, over HTTP and in Stream mode, with cards and without.
pub async fn tell_every_way<T>(story: impl Fn(World) -> T)
where
    T: Future<Output = ()> + Send + 'static,
{
    let ways = [Way::Webhook, Way::Stream].map(|way| [(way, true), (way, false)]);
    let on_both = |(way, cards)| [(Backend::Sqlite, way, cards), (Backend::Postgres, way, cards)];
    let all: Vec<_> = ways.into_iter().flatten().flat_map(on_both).collect();
    tell_each(&all, story).await;
}

async fn tell_each<T>(tellings: &[(Backend, Way, bool)], story: impl Fn(World) -> T)
where
    T: Future<Output = ()> + Send + 'static,
{
    let mut told = Vec::new();
    for telling in tellings {
        let (backend, way, has_cards) = *telling;
        if let Some(world) = World::begins_with(backend, way, has_cards).await {
            told.push((telling, tokio::spawn(story(world))));
        }
    }
    for ((backend, way, has_cards), told) in told {
        let cards = if *has_cards { "cards" } else { "links" };
        assert!(told.await.is_ok(), "on {backend:?} by {way:?} with {cards} it failed, as was said above");
    }
}
