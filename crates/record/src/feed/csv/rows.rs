//! Cutting a CSV file into rows without losing a byte, and rows into messages that each carry their header.
//! Must not understand a row: a ragged or broken one is still a message, which mapping then refuses with a reason.

use crate::feed::RawMessage;
use std::io::{self, BufRead};

/// A quoted value longer than this is taken for a quotation mark that nobody closed.
const LONGEST_QUOTED: usize = 256 * 1024;
/// A row longer than this is no CSV; reading stops with an error rather than filling the memory.
const LONGEST_ROW: usize = 64 * 1024 * 1024;

/// The byte order mark that spreadsheets put before the first header.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Where the scanner stands within a row. The same rules as the csv crate: a quotation mark opens a value only at its
/// beginning, and two of them inside a quoted value are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    QuoteInQuoted,
}

impl State {
    fn next(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Quoted, b'"') => Self::QuoteInQuoted,
            (Self::Quoted, _) | (Self::QuoteInQuoted | Self::FieldStart, b'"') => Self::Quoted,
            (_, b',' | b'\n') => Self::FieldStart,
            _ => Self::Plain,
        }
    }
}

/// Goes through a row byte by byte.
#[derive(Debug)]
struct Scanner {
    state: State,
    scanned: usize,
    /// The first line end inside the quoted value that is open.
    first_break: Option<usize>,
    /// A quoted value went over a line end, and its closing mark was followed by more text: so the first mark was a stray
    /// one, and what looked like the closing one opens a value of a later row.
    stray: bool,
}

impl Scanner {
    fn new() -> Self {
        Self { state: State::FieldStart, scanned: 0, first_break: None, stray: false }
    }

    fn scan(&mut self, row: &[u8]) {
        for (at, byte) in row.iter().enumerate().skip(self.scanned) {
            let next = self.state.next(*byte);
            match (self.state, next) {
                (State::QuoteInQuoted, State::Plain) if *byte != b'\r' && self.first_break.is_some() => {
                    self.stray = true;
                    return;
                }
                (_, State::Quoted) if *byte == b'\n' => self.first_break = self.first_break.or(Some(at)),
                (_, State::FieldStart) => self.first_break = None,
                _ => {}
            }
            self.state = next;
        }
        self.scanned = row.len();
    }
}

/// Whether a row ends inside a quoted value.
pub(super) fn ends_quoted(row: &[u8]) -> bool {
    row.contains(&b'"') && row.iter().fold(State::FieldStart, |state, byte| state.next(*byte)) == State::Quoted
}

/// The row without its line end.
pub(super) fn trimmed(row: &[u8]) -> &[u8] {
    let row = row.strip_suffix(b"\n").unwrap_or(row);
    row.strip_suffix(b"\r").unwrap_or(row)
}

/// The header line without byte order mark and line end.
pub(super) fn header_of(row: &[u8]) -> &[u8] {
    trimmed(row.strip_prefix(MARK).unwrap_or(row))
}

/// The rows of a stream with their line ends: put together again, they are the stream.
#[derive(Debug)]
pub struct Rows<R> {
    reader: R,
    /// Bytes read but not given out: what followed a quotation mark that was never closed.
    pending: Vec<u8>,
    /// How much of `pending` has been given out.
    taken: usize,
    line: u64,
}

impl<R: BufRead> Rows<R> {
    /// Rows of a reader, beginning at line 1.
    pub fn new(reader: R) -> Self {
        Self { reader, pending: Vec::new(), taken: 0, line: 1 }
    }

    /// One physical line with its end; empty at the end of the stream.
    fn line(&mut self, into: &mut Vec<u8>) -> io::Result<usize> {
        let waiting = self.pending.get(self.taken..).unwrap_or_default();
        if waiting.is_empty() {
            let room = (LONGEST_ROW - into.len().min(LONGEST_ROW)) as u64 + 1;
            return io::Read::take(&mut self.reader, room).read_until(b'\n', into);
        }
        let end = waiting.iter().position(|byte| *byte == b'\n').map_or(waiting.len(), |at| at + 1);
        into.extend(waiting.iter().take(end));
        self.taken += end;
        // A pending tail without a line end goes on in the reader.
        if into.last() == Some(&b'\n') { Ok(end) } else { Ok(end + self.reader.read_until(b'\n', into)?) }
    }

    /// The next row and the line it begins on.
    ///
    /// # Errors
    /// What reading reports, and a row longer than 64 MiB.
    pub fn next_row(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        let begins = self.line;
        let mut row = Vec::new();
        let mut scanner = Scanner::new();
        loop {
            let count = self.line(&mut row)?;
            if row.len() > LONGEST_ROW {
                let what =
                    format!("the row at line {begins} is longer than 64 MiB; this is not a CSV file with line ends");
                return Err(io::Error::new(io::ErrorKind::InvalidData, what));
            }
            if begins == 1 && scanner.scanned == 0 && row.starts_with(MARK) {
                scanner.scanned = MARK.len();
            }
            scanner.scan(&row);
            let open = scanner.state == State::Quoted && !scanner.stray;
            if open && count > 0 && row.len() <= LONGEST_QUOTED {
                continue;
            }
            if let (true, Some(at)) = (open || scanner.stray, scanner.first_break) {
                // Never closed: the row ends with its line, and the rest is read again as rows of their own.
                let mut rest = row.split_off(at + 1);
                rest.extend(self.pending.iter().skip(self.taken));
                self.pending = rest;
                self.taken = 0;
            }
            break;
        }
        self.line += row.iter().filter(|byte| **byte == b'\n').count() as u64;
        Ok(if row.is_empty() { None } else { Some((begins, row)) })
    }
}

/// The messages of a CSV stream: the header line, `\n`, and one row, without the row's line end.
#[derive(Debug)]
pub struct Messages<R> {
    rows: Rows<R>,
    header: Option<Vec<u8>>,
    failed: bool,
}

/// Cuts a CSV stream into one message for each row. Blank lines say nothing and are passed over.
///
/// # Errors
/// Each item is an error if reading fails; nothing follows it.
pub fn messages<R: BufRead>(reader: R) -> Messages<R> {
    Messages { rows: Rows::new(reader), header: None, failed: false }
}

impl<R: BufRead> Iterator for Messages<R> {
    type Item = io::Result<RawMessage>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.failed {
            let (line, row) = match self.rows.next_row() {
                Ok(Some(next)) => next,
                Ok(None) => return None,
                Err(error) => {
                    self.failed = true;
                    return Some(Err(error));
                }
            };
            let Some(header) = &self.header else {
                self.header = Some(header_of(&row).to_vec()).filter(|header| !header.is_empty());
                continue;
            };
            let row = trimmed(&row);
            if row.is_empty() {
                continue;
            }
            let bytes = [header.as_slice(), b"\n", row].concat();
            return Some(Ok(RawMessage { bytes, line: Some(line) }));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut rows = Rows::new(bytes);
        let mut all = Vec::new();
        while let Some((_, row)) = rows.next_row().unwrap() {
            all.push(row);
        }
        all
    }

    #[test]
    fn each_message_carries_the_header_and_its_own_line() {
        let file = b"\xEF\xBB\xBFa,b\r\n1,\"two\r\nlines\"\r\n\r\n3,4,5\n6";
        let all: Vec<_> = messages(&file[..]).map(Result::unwrap).collect();
        let texts: Vec<_> = all.iter().map(|one| String::from_utf8(one.bytes.clone()).unwrap()).collect();
        assert_eq!(texts, ["a,b\n1,\"two\r\nlines\"", "a,b\n3,4,5", "a,b\n6"]);
        assert_eq!(all.iter().map(|one| one.line).collect::<Vec<_>>(), [Some(2), Some(5), Some(6)]);
    }

    #[test]
    fn an_unclosed_quotation_mark_spoils_only_its_own_line() {
        let all = rows(b"a,b\n1,\"oops\n2,ok\n3,ok\n");
        assert_eq!(all, [&b"a,b\n"[..], b"1,\"oops\n", b"2,ok\n", b"3,ok\n"]);
        assert!(ends_quoted(b"1,\"oops\n"));
        assert!(!ends_quoted(b"1,5\" nail\n"));
    }

    #[test]
    fn a_stray_mark_does_not_swallow_the_quoted_value_of_a_later_row() {
        let all = rows(b"a,b\n1,\"oops\n2,\"fine, really\"\n\"x\r\ny\",\"oops\n3,\"z\"\r\n");
        assert_eq!(all[1..], [&b"1,\"oops\n"[..], b"2,\"fine, really\"\n", b"\"x\r\ny\",\"oops\n", b"3,\"z\"\r\n"]);
    }

    #[test]
    fn a_quoted_value_without_end_is_given_up_in_bounded_memory() {
        let mut file = b"a\n\"open\n".to_vec();
        file.extend(b"x\n".repeat(LONGEST_QUOTED));
        let all = rows(&file);
        assert_eq!(all.len(), 2 + LONGEST_QUOTED);
        assert_eq!(all.concat(), file);
    }

    proptest! {
        #[test]
        fn no_byte_is_lost(bytes in prop::collection::vec(prop::sample::select(b"a,\"\r\n\xFFb ".to_vec()), 0..200)) {
            prop_assert_eq!(rows(&bytes).concat(), bytes);
        }
    }
}
