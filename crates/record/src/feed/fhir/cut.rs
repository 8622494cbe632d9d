//! Cuts a file or stream into FHIR messages: a `.json` file is one message, newline-delimited JSON is one a line.
//! It must not understand a message beyond where it ends, and must not skip one without saying so.

use std::io::{self, BufRead, Read};

use crate::feed::RawMessage;

/// The most one message may hold: 64 MiB.
pub const MAX_MESSAGE: usize = 64 * 1024 * 1024;

/// How messages lie in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// The whole file is one message, commonly spread over many lines.
    Whole,
    /// One message a line (NDJSON); blank lines are nothing.
    Lines,
}

impl Layout {
    /// What a file's name says of its layout: `.ndjson` and `.jsonl` are lines. `.json` may be either, so says nothing.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let extension = name.rsplit_once('.')?.1;
        ["ndjson", "jsonl"].iter().any(|known| extension.eq_ignore_ascii_case(known)).then_some(Self::Lines)
    }

    /// What the first line says: if it is a complete JSON value alone, every line is one.
    #[must_use]
    pub fn of_first_line(line: &[u8]) -> Self {
        let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        if serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok() { Self::Lines } else { Self::Whole }
    }
}

/// Some systems begin a UTF-8 file with this; it is no part of the JSON.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Why a message could not be cut out.
#[derive(Debug, thiserror::Error)]
pub enum CutError {
    /// The file or connection failed; nothing after this place was read.
    #[error("reading stopped on line {line}: {error}")]
    Read {
        /// Where.
        line: u64,
        /// What the system said.
        #[source]
        error: io::Error,
    },
    /// Larger than a message may be. What follows it is still read.
    #[error("the message that begins on line {line} is larger than {} MiB; send it as several smaller ones", MAX_MESSAGE >> 20)]
    TooLarge {
        /// Where it begins.
        line: u64,
    },
}

/// The messages of a file, in order. `layout` is what the caller knows (by the name); `None` looks at the first line.
pub fn messages<R: BufRead>(reader: R, layout: Option<Layout>) -> impl Iterator<Item = Result<RawMessage, CutError>> {
    Cutter { reader, layout, line: 0, done: false, max: MAX_MESSAGE }
}

/// Holds the place in the file.
struct Cutter<R> {
    reader: R,
    layout: Option<Layout>,
    line: u64,
    done: bool,
    max: usize,
}

impl<R: BufRead> Cutter<R> {
    /// Appends up to and with the next newline; says if anything was there, and refuses what passes the limit.
    fn read_line(&mut self, into: &mut Vec<u8>) -> Result<bool, CutError> {
        self.line += 1;
        let line = self.line;
        let failed = |error| CutError::Read { line, error };
        let limit = u64::try_from(self.max).unwrap_or(u64::MAX) + 1;
        let read = self.reader.by_ref().take(limit).read_until(b'\n', into).map_err(failed)?;
        if read > self.max && into.last() != Some(&b'\n') {
            into.clear();
            self.skip_line().map_err(failed)?;
            return Err(CutError::TooLarge { line });
        }
        Ok(read > 0)
    }

    /// Passes over the rest of a line without keeping it.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(());
            }
            let newline = buffer.iter().position(|byte| *byte == b'\n');
            let used = newline.map_or(buffer.len(), |at| at + 1);
            self.reader.consume(used);
            if newline.is_some() {
                return Ok(());
            }
        }
    }

    /// Everything from here to the end belongs to the message begun.
    fn rest(&mut self, mut bytes: Vec<u8>, line: u64) -> Result<RawMessage, CutError> {
        self.done = true;
        let left = u64::try_from(self.max.saturating_sub(bytes.len())).unwrap_or(u64::MAX) + 1;
        self.reader.by_ref().take(left).read_to_end(&mut bytes).map_err(|error| CutError::Read { line, error })?;
        if bytes.len() > self.max {
            return Err(CutError::TooLarge { line });
        }
        Ok(RawMessage { bytes, line: Some(line) })
    }

    fn cut(&mut self) -> Result<Option<RawMessage>, CutError> {
        loop {
            let mut bytes = Vec::new();
            if !self.read_line(&mut bytes)? {
                return Ok(None);
            }
            if bytes.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let line = self.line;
            let layout = *self.layout.get_or_insert_with(|| Layout::of_first_line(&bytes));
            if layout == Layout::Whole {
                return self.rest(bytes, line).map(Some);
            }
            while bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
                bytes.pop();
            }
            return Ok(Some(RawMessage { bytes, line: Some(line) }));
        }
    }
}

impl<R: BufRead> Iterator for Cutter<R> {
    type Item = Result<RawMessage, CutError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let cut = self.cut().transpose();
        // After a failed read nothing more can be trusted; after an oversized line the next one can.
        self.done |= matches!(cut, None | Some(Err(CutError::Read { .. })));
        cut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, layout: Option<Layout>) -> Vec<(String, u64)> {
        messages(text.as_bytes(), layout)
            .map(|message| message.unwrap())
            .map(|message| (String::from_utf8(message.bytes).unwrap(), message.line.unwrap()))
            .collect()
    }

    #[test]
    fn lines_are_messages_and_blank_lines_nothing() {
        let found = cut("\n{\"a\":1}\r\n\n  \n{\"b\":2}", None);
        assert_eq!(found, [("{\"a\":1}".to_owned(), 2), ("{\"b\":2}".to_owned(), 5)]);
    }

    #[test]
    fn a_spread_out_file_is_one_message_as_it_came() {
        let text = "{\n  \"a\": 1\n}\n";
        assert_eq!(cut(text, None), [(text.to_owned(), 1)]);
        assert_eq!(cut("{\n", Some(Layout::Lines)), [("{".to_owned(), 1)], "the name decides if it is known");
        assert!(cut(" \n", None).is_empty());
    }

    #[test]
    fn layout_by_name() {
        assert_eq!(Layout::of_name("a/b.NDJSON"), Some(Layout::Lines));
        assert_eq!(Layout::of_name("a/b.json"), None);
        assert_eq!(Layout::of_first_line(b"\xEF\xBB\xBF{}"), Layout::Lines);
    }

    #[test]
    fn a_line_too_large_is_told_and_the_next_still_read() {
        let text = format!("{{}}\n{}\n{{\"c\":3}}\n", "x".repeat(40));
        let reader = io::BufReader::with_capacity(8, text.as_bytes());
        let mut cutter = Cutter { reader, layout: None, line: 0, done: false, max: 20 };
        assert_eq!(cutter.next().unwrap().unwrap().bytes, b"{}");
        assert!(matches!(cutter.next(), Some(Err(CutError::TooLarge { line: 2 }))));
        let last = cutter.next().unwrap().unwrap();
        assert_eq!((last.bytes.as_slice(), last.line), (&b"{\"c\":3}"[..], Some(3)));
        assert!(cutter.next().is_none());
    }

    #[test]
    fn a_whole_file_too_large_is_told_once() {
        let text = format!("{{\n{}\n}}\n", " ".repeat(40));
        let mut cutter = Cutter { reader: text.as_bytes(), layout: None, line: 0, done: false, max: 20 };
        assert!(matches!(cutter.next(), Some(Err(CutError::TooLarge { line: 1 }))));
        assert!(cutter.next().is_none());
    }
}
