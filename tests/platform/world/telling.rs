//! How a story becomes tests: on which database, and how events come in.
//!
//! Invariant: every story is told on both databases; where one of the two tellings fails, the story has failed.

use super::World;

/// Which database a story runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// How events come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Webhook,
    Stream,
}

/// Makes tests of a story, which tell it on both databases side by side: once in each way where it is about the way, by
/// webhook or over the long connection where it can only happen there, and otherwise by webhook on one database and
/// over the long connection on the other.
macro_rules! story {
    ($name:ident, |$world:ident| $body:block) => {
        $crate::world::story!($name, [across], |$world| $body);
    };
    ($name:ident, both ways, |$world:ident| $body:block) => {
        $crate::world::story!($name, [webhook, stream], |$world| $body);
    };
    ($name:ident, webhook, |$world:ident| $body:block) => {
        $crate::world::story!($name, [webhook], |$world| $body);
    };
    ($name:ident, stream, |$world:ident| $body:block) => {
        $crate::world::story!($name, [stream], |$world| $body);
    };
    ($name:ident, [$($told:ident),*], |$world:ident| $body:block) => {
        async fn $name($world: &mut $crate::world::World) $body

        mod $name {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $told() {
                $crate::world::telling::tell($crate::world::telling::Telling::$told(), |mut world| async move {
                    super::$name(&mut world).await;
                    world.ends().await;
                })
                .await;
            })*
        }
    };
}
pub(crate) use story;

/// Where and how a story is told.
#[derive(Clone, Copy, Debug)]
pub struct Telling(Backend, Way);

impl Telling {
    /// By webhook on both.
    pub fn webhook() -> [Self; 2] {
        [Self(Backend::Sqlite, Way::Webhook), Self(Backend::Postgres, Way::Webhook)]
    }

    /// Over the long connection on both.
    pub fn stream() -> [Self; 2] {
        [Self(Backend::Sqlite, Way::Stream), Self(Backend::Postgres, Way::Stream)]
    }

    /// By webhook on one, over the long connection on the other.
    pub fn across() -> [Self; 2] {
        [Self(Backend::Sqlite, Way::Webhook), Self(Backend::Postgres, Way::Stream)]
    }
}

/// Tells a story in worlds of its own, side by side.
pub async fn tell<T>(tellings: [Telling; 2], story: impl Fn(World) -> T)
where
    T: Future<Output = ()> + Send + 'static,
{
    let mut told = Vec::new();
    for telling in tellings {
        if let Some(world) = World::begins(telling.0, telling.1).await {
            told.push((telling, tokio::spawn(story(world))));
        }
    }
    for (telling, told) in told {
        assert!(told.await.is_ok(), "told as {telling:?} it failed, as was said above");
    }
}
