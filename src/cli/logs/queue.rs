//! Lines on their way to a stream that may be slower than the service, or that nobody reads any more.
//!
//! Invariant: whoever writes a line never waits. Where the queue is full the line is lost and counted; the loss is said
//! once, as soon as the stream has taken everything that waited for it. `tracing-appender` tells nobody of a loss, and
//! prints to the standard streams itself, which is what must not be waited for here.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::time::Duration;

/// Lines that may wait: some seconds of a busy service, about a megabyte.
const ROOM: usize = 4_096;

enum Piece {
    Line(Vec<u8>),
    /// Everything before it was written.
    Mark(SyncSender<()>),
}

/// The way to one stream. Cheap to clone.
#[derive(Clone)]
pub struct Queue {
    pieces: SyncSender<Piece>,
    lost: Arc<AtomicU64>,
}

impl Queue {
    /// A thread of its own writes to `stream`; `say` tells how many lines were lost since it told so last.
    pub fn to(stream: impl Write + Send + 'static, say: fn(u64)) -> Self {
        Self::with_room(ROOM, stream, say)
    }

    fn with_room(room: usize, stream: impl Write + Send + 'static, say: fn(u64)) -> Self {
        let (pieces, waiting) = sync_channel(room);
        let lost = Arc::new(AtomicU64::new(0));
        let writer = Writer { waiting, stream, lost: lost.clone(), told: 0, is_broken: false };
        std::thread::spawn(move || writer.run(say));
        Self { pieces, lost }
    }

    /// How many lines were lost so far; it goes on counting.
    pub fn lost(&self) -> Arc<AtomicU64> {
        self.lost.clone()
    }

    /// Waits until what was written before is out, but not longer than this.
    pub fn flush(&self, at_most: Duration) {
        let (done, is_out) = sync_channel(1);
        if self.pieces.try_send(Piece::Mark(done)).is_ok() {
            // Whoever does not read until the end has had his time.
            let _ = is_out.recv_timeout(at_most);
        }
    }
}

impl Write for Queue {
    /// The subscriber writes each line whole.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.pieces.try_send(Piece::Line(in_one(line))).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A line without control characters inside: what somebody typed begins no line that looks like one of ours, and
/// commands no terminal. The subscriber escapes some of them in the message, and none in a field.
fn in_one(line: &[u8]) -> Vec<u8> {
    let (text, end) = line.split_at(line.len() - usize::from(line.ends_with(b"\n")));
    let mut one = String::with_capacity(line.len());
    for c in String::from_utf8_lossy(text).chars() {
        match c {
            '\n' => one.push_str("\\n"),
            '\r' => one.push_str("\\r"),
            // As JSON has it, in whose strings these may stand as they are.
            c if c.is_control() && c != '\t' => one.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => one.push(c),
        }
    }
    let mut one = one.into_bytes();
    one.extend(end);
    one
}

/// The thread at the stream.
struct Writer<S> {
    waiting: Receiver<Piece>,
    stream: S,
    lost: Arc<AtomicU64>,
    told: u64,
    /// The last line could not be written: to say so there would be one more that is lost.
    is_broken: bool,
}

impl<S: Write> Writer<S> {
    fn run(mut self, say: fn(u64)) {
        loop {
            let piece = match self.waiting.try_recv() {
                Ok(piece) => piece,
                Err(TryRecvError::Empty) => {
                    self.tells(say);
                    let Ok(piece) = self.waiting.recv() else { return };
                    piece
                }
                Err(TryRecvError::Disconnected) => return,
            };
            match piece {
                Piece::Line(line) => {
                    self.is_broken = self.stream.write_all(&line).is_err();
                    self.lost.fetch_add(u64::from(self.is_broken), Ordering::Relaxed);
                }
                // Nobody may be waiting for it any more.
                Piece::Mark(done) => drop(done.try_send(())),
            }
        }
    }

    fn tells(&mut self, say: fn(u64)) {
        let lost = self.lost.load(Ordering::Relaxed);
        if lost > self.told && !self.is_broken {
            say(lost - self.told);
            self.told = lost;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Condvar, Mutex};
    use std::time::Instant;

    use super::*;

    /// A stream that takes nothing while it is held, and may be closed.
    #[derive(Clone, Default)]
    struct Gate(Arc<(Mutex<State>, Condvar)>);

    #[derive(Default)]
    struct State {
        held: bool,
        closed: bool,
        /// Somebody stands at it with a line.
        is_asked: bool,
        text: String,
    }

    impl Gate {
        fn set(&self, change: impl FnOnce(&mut State)) {
            change(&mut self.0.0.lock().unwrap());
            self.0.1.notify_all();
        }

        fn text(&self) -> String {
            self.0.0.lock().unwrap().text.clone()
        }
    }

    impl Write for Gate {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            self.set(|state| state.is_asked = true);
            let mut state = self.0.1.wait_while(self.0.0.lock().unwrap(), |state| state.held).unwrap();
            if state.closed {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            state.text.push_str(str::from_utf8(line).unwrap());
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    static TOLD: Mutex<Vec<u64>> = Mutex::new(Vec::new());

    fn heard(lost: u64) {
        TOLD.lock().unwrap().push(lost);
    }

    fn until(what: impl Fn() -> bool) {
        let begun = Instant::now();
        while !what() {
            assert!(begun.elapsed() < Duration::from_secs(20), "it never comes");
            std::thread::yield_now();
        }
    }

    #[test]
    fn who_writes_never_waits_and_a_loss_is_counted_and_told_once() {
        let gate = Gate::default();
        gate.set(|state| state.held = true);
        let mut queue = Queue::with_room(4, gate.clone(), heard);
        queue.write_all(b"the first\n").unwrap();
        until(|| gate.0.0.lock().unwrap().is_asked);
        for n in 0..100 {
            queue.write_all(format!("line {n}\n").as_bytes()).unwrap();
        }
        let lost = queue.lost().load(Ordering::Relaxed);
        assert_eq!(lost, 96, "one is in the writer's hand, four have room");
        queue.flush(Duration::from_secs(60));
        assert_eq!(gate.text(), "", "nobody waits for a mark that has no room");
        gate.set(|state| state.held = false);
        until(|| !TOLD.lock().unwrap().is_empty());
        assert_eq!(gate.text().lines().count(), 5);
        queue.write_all(b"after\n").unwrap();
        queue.flush(Duration::from_secs(20));
        assert!(gate.text().ends_with("after\n"), "{}", gate.text());

        // A stream that is closed takes no complaint either.
        gate.set(|state| state.closed = true);
        queue.write_all(b"nobody hears it\n").unwrap();
        queue.flush(Duration::from_secs(20));
        until(|| queue.lost().load(Ordering::Relaxed) == lost + 1);
        assert_eq!(*TOLD.lock().unwrap(), [lost]);
        gate.set(|state| state.closed = false);
        queue.write_all(b"again\n").unwrap();
        until(|| TOLD.lock().unwrap().len() == 2);
        assert_eq!(*TOLD.lock().unwrap(), [lost, 1]);
    }
}
