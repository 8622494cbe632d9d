//! A file of messages cut into messages, read as a stream. Each begins with MSH; batch envelopes (FHS, BHS, BTS, FTS)
//! are passed over, as they say nothing of a person. Everything else comes out as a message, so that nothing is
//! dropped: what is none waits in quarantine. Must not look inside a message.

use std::io::{self, BufRead};

use super::message::MAX_MESSAGE;
use crate::feed::RawMessage;

/// Cuts a reader into messages. Line ends may be CR, LF or CRLF, or MLLP's frame marks; those around a message are not
/// part of it. What is longer than [`MAX_MESSAGE`] comes in pieces of which the first is too long to be taken.
pub fn messages<R: BufRead>(reader: R) -> Messages<R> {
    Messages {
        reader,
        line: 1,
        pending: Vec::new(),
        pending_line: 1,
        at_line_start: true,
        after_cr: false,
        ended: false,
    }
}

/// The iterator that [`messages`] gives. An error of the reader is given once and ends it.
#[derive(Debug)]
pub struct Messages<R> {
    reader: R,
    /// The line that the next byte is on.
    line: u64,
    /// What is read of the message that is not yet whole.
    pending: Vec<u8>,
    pending_line: u64,
    at_line_start: bool,
    after_cr: bool,
    ended: bool,
}

/// What a line is, by its beginning.
enum Line {
    Header,
    Envelope,
    Other,
}

impl<R: BufRead> Messages<R> {
    /// Reads to the end of the line with its end, at most to the cap. True if it is only the second half of a CRLF.
    fn read_line(&mut self) -> io::Result<(Vec<u8>, bool)> {
        let mut line = Vec::new();
        loop {
            let buffer = match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if buffer.is_empty() {
                return Ok((line, false));
            }
            // A LF right after a CR belongs to the same line end.
            if std::mem::take(&mut self.after_cr) && buffer.first() == Some(&b'\n') {
                self.reader.consume(1);
                return Ok((vec![b'\n'], true));
            }
            let room = MAX_MESSAGE + 1 - line.len();
            let window = &buffer[..buffer.len().min(room)];
            if let Some(end) = window.iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
                self.after_cr = window[end] == b'\r';
                line.extend_from_slice(&window[..=end]);
                self.reader.consume(end + 1);
                return Ok((line, false));
            }
            let taken = window.len();
            line.extend_from_slice(window);
            self.reader.consume(taken);
            if line.len() > MAX_MESSAGE {
                return Ok((line, false));
            }
        }
    }

    fn kind_of(line: &[u8]) -> Line {
        let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
        let start = line.iter().position(|byte| !matches!(byte, b' ' | b'\t' | 0x0B | 0x1C)).unwrap_or(line.len());
        let line = &line[start..];
        let separated = line.get(3).is_some_and(|byte| !byte.is_ascii_alphanumeric() && !byte.is_ascii_whitespace());
        match line.get(..3) {
            Some(b"MSH") if separated => Line::Header,
            Some(b"FHS" | b"BHS") if separated => Line::Envelope,
            // Trailers may stand without any field.
            Some(b"BTS" | b"FTS") if separated || line.trim_ascii_end().len() == 3 => Line::Envelope,
            _ => Line::Other,
        }
    }

    /// What is pending as a message, if it is more than white space and frame marks.
    fn take_pending(&mut self) -> Option<RawMessage> {
        let mut bytes = std::mem::take(&mut self.pending);
        let frame = |byte: &u8| matches!(byte, b'\r' | b'\n' | 0x0B | 0x1C);
        let end = bytes.iter().rposition(|byte| !frame(byte)).map_or(0, |last| last + 1);
        bytes.truncate(end);
        let start = bytes.iter().position(|byte| !frame(byte)).unwrap_or(0);
        bytes.drain(..start);
        let blank = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes).trim_ascii().is_empty();
        (!blank).then_some(RawMessage { bytes, line: Some(self.pending_line) })
    }

    /// Takes in one line; a message comes back if the line ended one.
    fn take_line(&mut self, line: &[u8], number: u64, whole: bool) -> Option<RawMessage> {
        let kind = if whole { Self::kind_of(line) } else { Line::Other };
        let blank = self.pending.is_empty() && line.iter().all(|byte| matches!(byte, b'\r' | b'\n' | 0x0B | 0x1C));
        match kind {
            Line::Envelope => self.take_pending(),
            Line::Header => {
                let done = self.take_pending();
                self.pending_line = number;
                self.pending.extend_from_slice(line);
                done
            }
            Line::Other if blank => None,
            Line::Other => {
                // Never two messages at once: what would overflow is given first, long enough to be refused as a whole.
                let done = if self.pending.len() > MAX_MESSAGE { self.take_pending() } else { None };
                if self.pending.is_empty() {
                    self.pending_line = number;
                }
                self.pending.extend_from_slice(line);
                done
            }
        }
    }
}

impl<R: BufRead> Iterator for Messages<R> {
    type Item = io::Result<RawMessage>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let (line, second_half) = match self.read_line() {
                Ok(read) => read,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            };
            if line.is_empty() {
                self.ended = true;
                return self.take_pending().map(Ok);
            }
            let number = self.line;
            let whole = std::mem::replace(&mut self.at_line_start, matches!(line.last(), Some(b'\r' | b'\n')));
            if self.at_line_start && !second_half {
                self.line += 1;
            }
            if let Some(message) = self.take_line(&line, number, whole) {
                return Some(Ok(message));
            }
        }
        None
    }
}
