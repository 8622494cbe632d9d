//! MLLP: the frame in which HL7 v2 travels over a connection (0x0B, the message, 0x1C 0x0D). The decoder is a pure state
//! machine; [`serve`] is the socket loop around it. A sender forgets a message once it is answered, so the answer is
//! whatever `handle` returns and is sent after it: `handle` commits first. Must not look into messages, nor log them.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::hl7v2::{MAX_MESSAGE, Outcome, acknowledge};

const START: u8 = 0x0B;
const END: u8 = 0x1C;
const CARRIAGE_RETURN: u8 = 0x0D;

/// Connections served at once by a door to the outside. Senders keep theirs open, so this is about as many as there are feeds,
/// with room.
pub const CONNECTIONS: usize = 32;
/// How long a read waits before it looks whether to stop.
const POLL: Duration = Duration::from_millis(200);
/// How many such waits in the middle of a frame until the sender is taken for gone: one minute.
const MAX_WAITS: u32 = 300;
/// How long an answer may take to be written.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// What handles one message: it stores it, and returns the answer to send.
pub type Handle = dyn Fn(&[u8]) -> Vec<u8> + Send + Sync;

/// A message in its frame.
#[must_use]
pub fn encode(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + 3);
    out.push(START);
    out.extend_from_slice(message);
    out.extend_from_slice(&[END, CARRIAGE_RETURN]);
    out
}

/// What the decoder found, in the order of the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A whole message, without its frame.
    Message(Vec<u8>),
    /// Bytes outside any frame. They have no answer, so the sender still holds them.
    Junk(Vec<u8>),
    /// A frame in which another began, or the stream ended: the sender broke off.
    Unfinished(Vec<u8>),
    /// A frame longer than [`MAX_MESSAGE`]. Only its beginning is kept, so that it can be answered by its control id.
    TooLong {
        /// The first bytes, with the header segment.
        head: Vec<u8>,
        /// How many bytes it had.
        bytes: u64,
    },
}

/// Where in a stream the decoder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Outside,
    Inside,
    /// Inside, and the last byte may be the first of the end mark.
    Ending,
}

/// An incremental decoder: the same bytes give the same findings, however they are cut into pieces.
#[derive(Debug, Default)]
pub struct Decoder {
    state: State,
    buffer: Vec<u8>,
    /// Bytes of this frame that were not kept as it is too long.
    beyond: u64,
}

impl Decoder {
    /// Takes in the next bytes and gives what they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Found> {
        let mut found = Vec::new();
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            match (self.state, byte) {
                (State::Outside, START) => {
                    found.extend(self.take_junk());
                    self.state = State::Inside;
                }
                (State::Outside, _) => {
                    self.buffer.push(byte);
                    if self.buffer.len() >= MAX_MESSAGE {
                        found.extend(self.take_junk());
                    }
                }
                (State::Ending, CARRIAGE_RETURN) => {
                    found.push(self.take_frame(Found::Message));
                    self.state = State::Outside;
                }
                // Some senders leave the carriage return out: an end mark and a new start are a whole message too.
                (State::Ending, START) => {
                    found.push(self.take_frame(Found::Message));
                    self.state = State::Inside;
                }
                (State::Inside, START) => {
                    found.push(self.take_frame(Found::Unfinished));
                }
                (State::Inside, END) => self.state = State::Ending,
                (State::Ending, END) => self.keep(&[END]),
                (State::Ending, _) => {
                    self.keep(&[END, byte]);
                    self.state = State::Inside;
                }
                (State::Inside, _) => {
                    // The run up to the next mark at once: messages are long, marks are rare.
                    let run = rest.iter().position(|byte| matches!(*byte, START | END)).unwrap_or(rest.len());
                    self.keep(&[byte]);
                    self.keep(&rest[..run]);
                    rest = &rest[run..];
                }
            }
        }
        found
    }

    /// The end of the stream: what is left over.
    pub fn finish(&mut self) -> Option<Found> {
        match std::mem::take(&mut self.state) {
            State::Outside => self.take_junk(),
            State::Ending => Some(self.take_frame(Found::Message)),
            State::Inside => Some(self.take_frame(Found::Unfinished)),
        }
    }

    /// True between a start mark and its end mark.
    #[must_use]
    pub fn within_frame(&self) -> bool {
        self.state != State::Outside
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = MAX_MESSAGE.saturating_sub(self.buffer.len()).min(bytes.len());
        let (kept, dropped) = if self.beyond > 0 { bytes.split_at(0) } else { bytes.split_at(room) };
        self.buffer.extend_from_slice(kept);
        self.beyond += dropped.len() as u64;
    }

    fn take_frame(&mut self, kind: fn(Vec<u8>) -> Found) -> Found {
        let mut buffer = std::mem::take(&mut self.buffer);
        match std::mem::take(&mut self.beyond) {
            0 => kind(buffer),
            beyond => {
                let bytes = buffer.len() as u64 + beyond;
                buffer.truncate(4096);
                Found::TooLong { head: buffer, bytes }
            }
        }
    }

    /// What stood outside frames; line ends there are a habit of some senders and mean nothing.
    fn take_junk(&mut self) -> Option<Found> {
        let junk = std::mem::take(&mut self.buffer);
        junk.iter().any(|byte| !byte.is_ascii_whitespace()).then_some(Found::Junk(junk))
    }
}

/// Accepts connections and answers their messages until `stop` is set; then ends what is under way and returns. At most
/// `most` connections at once: one more is closed at once, so that its sender sees it rather than waits.
///
/// # Errors
/// If the listener itself fails. A failing connection ends that connection only.
pub fn serve(listener: &TcpListener, most: usize, stop: &Arc<AtomicBool>, handle: &Arc<Handle>) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let open = Arc::new(AtomicUsize::new(0));
    let mut threads: Vec<thread::JoinHandle<()>> = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        match listener.accept() {
            Ok((stream, _)) => {
                if open.load(Ordering::Acquire) >= most {
                    tracing::warn!(limit = most, "mllp: a connection was closed, as too many are open");
                    continue;
                }
                let place = Place::take(&open);
                let (stop, handle) = (Arc::clone(stop), Arc::clone(handle));
                threads.retain(|thread| !thread.is_finished());
                threads.push(thread::Builder::new().name("mllp".to_owned()).spawn(move || {
                    let _place = place;
                    if let Err(error) = converse(&stream, &stop, &*handle) {
                        tracing::warn!(%error, "mllp: a connection ended with an error");
                    }
                })?);
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => thread::park_timeout(Duration::from_millis(20)),
            // The other side may be gone before it is accepted, and a signal may come between.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::Interrupted
                ) => {}
            Err(error) => {
                stop.store(true, Ordering::Relaxed);
                join(threads);
                return Err(error);
            }
        }
    }
    join(threads);
    Ok(())
}

fn join(threads: Vec<thread::JoinHandle<()>>) {
    for thread in threads {
        if thread.join().is_err() {
            tracing::error!("mllp: handling a message failed; it was not answered, so its sender keeps it");
        }
    }
}

/// One of the places for connections, given back even if handling panics.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(open: &Arc<AtomicUsize>) -> Self {
        open.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(open))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Answers the messages of one connection until it closes, or until `stop` is set.
fn converse(mut stream: &TcpStream, stop: &AtomicBool, handle: &Handle) -> io::Result<()> {
    // An accepted socket may inherit the listener's mode on some systems.
    stream.set_nonblocking(false)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(POLL))?;
    stream.set_write_timeout(Some(WRITE_TIMEOUT))?;
    let mut decoder = Decoder::default();
    let mut buffer = vec![0; 64 * 1024];
    let mut waits = 0;
    while !stop.load(Ordering::Relaxed) {
        let found = match stream.read(&mut buffer) {
            Ok(0) => return answer(&mut stream, decoder.finish(), handle),
            Ok(count) => {
                waits = 0;
                decoder.push(&buffer[..count])
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                waits = if decoder.within_frame() { waits + 1 } else { 0 };
                if waits > MAX_WAITS {
                    return Err(io::Error::new(ErrorKind::TimedOut, "the sender stopped in the middle of a message"));
                }
                continue;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        answer(&mut stream, found, handle)?;
    }
    Ok(())
}

/// Handles what was found and writes the answers, in their order.
fn answer(stream: &mut &TcpStream, found: impl IntoIterator<Item = Found>, handle: &Handle) -> io::Result<()> {
    for one in found {
        let reply = match one {
            Found::Message(message) => handle(&message),
            Found::TooLong { head, bytes } => {
                tracing::warn!(bytes, "mllp: a message was too long to take, and was refused");
                acknowledge(&head, Outcome::NotStored, None)
            }
            Found::Junk(bytes) => {
                tracing::warn!(bytes = bytes.len(), "mllp: bytes outside a frame were passed over, unanswered");
                continue;
            }
            Found::Unfinished(bytes) => {
                tracing::warn!(bytes = bytes.len(), "mllp: a message broke off and was left unanswered");
                continue;
            }
        };
        stream.write_all(&encode(&reply))?;
    }
    Ok(())
}

/// Sends one message and waits for its answer: a sender for tests and the demo.
///
/// # Errors
/// If the connection fails, or closes before an answer came.
pub fn send(stream: &mut (impl Read + Write), message: &[u8]) -> io::Result<Vec<u8>> {
    stream.write_all(&encode(message))?;
    stream.flush()?;
    let mut decoder = Decoder::default();
    let mut buffer = [0; 4096];
    loop {
        let count = match stream.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            other => other?,
        };
        let found = if count == 0 { decoder.finish().into_iter().collect() } else { decoder.push(&buffer[..count]) };
        for one in found {
            if let Found::Message(reply) = one {
                return Ok(reply);
            }
        }
        if count == 0 {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, "the connection closed before the answer came"));
        }
    }
}

#[cfg(test)]
mod tests;
