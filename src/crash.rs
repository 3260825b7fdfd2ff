//! Named instants between two steps, at which a test lets the process die: `LIAISON_CRASH_AT=outbox/said` ends it there
//! without a word, `LIAISON_CRASH_AT=outbox/said:3` at the third time. Builds for use have none of it.
//!
//! Invariant: whatever the instant, what comes out after a restart is what would have come out anyway
//! (`tests/command_line/killing/instants.rs`).

macro_rules! points {
    ($($(#[$doc:meta])* $point:ident = $name:literal,)*) => {
        /// Such an instant.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Point {
            $($(#[$doc])* $point,)*
        }

        impl Point {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$point),*];

            /// What a test calls it by.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$point => $name,)*
                }
            }
        }
    };
}

points! {
    /// A migration is in its transaction, which is open.
    MigrationApplied = "migration/applied",
    /// The schema is the program's, the company is not loaded.
    StartMigrated = "start/migrated",
    /// The directory file is in the database, nobody works yet.
    StartImported = "start/imported",
    /// A messenger's event is verified and read.
    EventHeard = "event/heard",
    /// What it did is on the disk, and the messenger does not know.
    EventAnswered = "event/answered",
    /// An act is claimed under its key, under the lock.
    ActClaimed = "act/claimed",
    /// An act on a remembered file is decided, nothing is written.
    ActDecided = "act/decided",
    /// A step is decided on a remembered file.
    TickDecided = "tick/decided",
    /// A transaction is about to be made lasting.
    TransactionWritten = "transaction/written",
    /// It was.
    TransactionCommitted = "transaction/committed",
    /// Due steps are leased.
    TimersLeased = "timers/leased",
    /// One of them has fired.
    TimersFired = "timers/fired",
    /// Messages are leased.
    OutboxLeased = "outbox/leased",
    /// One that waited for the morning has its new key.
    OutboxRekeyed = "outbox/rekeyed",
    /// Late ones of the same person are leased with it.
    OutboxMerged = "outbox/merged",
    /// It is put aside for a digest.
    OutboxHeld = "outbox/held",
    /// It is put back until a quiet hour is over.
    OutboxPutBack = "outbox/put_back",
    /// It is worded, and about to be said.
    OutboxWorded = "outbox/worded",
    /// It is said, and nobody has noted that.
    OutboxSaid = "outbox/said",
    /// Silence counts from now, the message still counts as waiting.
    OutboxDelivered = "outbox/delivered",
    /// It counts as said.
    OutboxFinished = "outbox/finished",
    /// It came to nothing, and counts as that.
    OutboxMoot = "outbox/moot",
    /// A digest has its key, and those that it says are not leased.
    DigestRekeyed = "digest/rekeyed",
    /// Those are leased.
    DigestLeased = "digest/leased",
    /// A card is drawn anew, and its message not yet changed.
    CardDrawn = "card/drawn",
    /// Its message is changed, and nobody has noted that.
    CardShown = "card/shown",
    /// Progress was asked for.
    RoundAsked = "round/asked",
    /// The evening's news are queued, and nobody has noted the day.
    RoundTold = "round/told",
    /// Duties of somebody have moved, the note that they had to is still there.
    DutiesMoved = "duties/moved",
    /// Those who went or came are noted, the day is not.
    AbsencesNoted = "absences/noted",
    /// What was kept long enough is gone, and nobody has noted the round.
    PurgeSwept = "purge/swept",
    /// The sandbox's clock has moved, and is not kept.
    ClockMoved = "clock/moved",
}

/// The process may have to end here.
#[inline]
pub fn here(point: Point) {
    #[cfg(debug_assertions)]
    armed::passes(point);
    #[cfg(not(debug_assertions))]
    let _ = point;
}

#[cfg(debug_assertions)]
mod armed {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::Point;

    struct Armed {
        name: String,
        /// How often it is still passed by.
        left: AtomicUsize,
    }

    static ARMED: LazyLock<Option<Armed>> = LazyLock::new(|| {
        let wish = std::env::var("LIAISON_CRASH_AT").ok()?;
        let (name, times) = wish.split_once(':').unwrap_or((&wish, "1"));
        let left = AtomicUsize::new(times.parse().ok()?);
        Some(Armed { name: name.to_owned(), left })
    });

    pub(super) fn passes(point: Point) {
        let Some(armed) = ARMED.as_ref().filter(|armed| armed.name == point.name()) else { return };
        if armed.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            std::process::abort();
        }
    }
}
