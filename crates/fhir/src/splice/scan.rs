//! Steps over JSON text without making anything of it. It trusts that the text is JSON (it was parsed when it was stored):
//! for other text it ends early or says nothing, and never panics.

use std::borrow::Cow;
use std::ops::Range;

/// A place in the text.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    fn skip_space(&mut self) -> Option<u8> {
        loop {
            match self.bytes().get(self.at)? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Some(*byte),
            }
        }
    }

    /// Steps into an object; the answer is the place just within it.
    pub(super) fn open_object(&mut self) -> Option<usize> {
        if self.skip_space()? != b'{' {
            return None;
        }
        self.at += 1;
        Some(self.at)
    }

    /// The next key of the object stood in, with the cursor on its value; `Some(None)` past the object's end.
    pub(super) fn key(&mut self) -> Option<Option<Cow<'a, str>>> {
        let mut byte = self.skip_space()?;
        if byte == b',' {
            self.at += 1;
            byte = self.skip_space()?;
        }
        if byte == b'}' {
            self.at += 1;
            return Some(None);
        }
        if byte != b'"' {
            return None;
        }
        let from = self.at;
        self.at = string_end(self.bytes(), from);
        let key = super::plain(self.text.get(from..self.at)?)?;
        if self.skip_space()? != b':' {
            return None;
        }
        self.at += 1;
        self.skip_space()?;
        Some(Some(key))
    }

    /// Steps over a value; the answer is where it stands.
    pub(super) fn skip_value(&mut self) -> Option<Range<usize>> {
        let mut ignored = Cursor { text: self.text, at: self.at };
        ignored.walk(|_| {})?;
        self.skip_space()?;
        let from = self.at;
        self.at = ignored.at;
        Some(from..self.at)
    }

    /// True if a string comes next (after [`Self::key`], when the cursor is on the value).
    pub(super) fn is_at_string(&self) -> bool {
        self.bytes().get(self.at) == Some(&b'"')
    }

    /// Steps over a value and tells where the text of each member called `reference` in it stands.
    pub(super) fn walk(&mut self, mut tell: impl FnMut(Range<usize>)) -> Option<()> {
        let bytes = self.bytes();
        let first = self.skip_space()?;
        match first {
            b'"' => {
                self.at = string_end(bytes, self.at);
                return Some(());
            }
            b'{' | b'[' => {}
            _ => {
                while !matches!(bytes.get(self.at)?, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t') {
                    self.at += 1;
                }
                return Some(());
            }
        }
        let mut depth = 0_usize;
        loop {
            match bytes.get(self.at)? {
                b'"' => {
                    let from = self.at;
                    self.at = string_end(bytes, from);
                    if is_reference(bytes.get(from..self.at)?) && self.skip_space()? == b':' {
                        self.at += 1;
                        if self.skip_space()? == b'"' {
                            let from = self.at;
                            self.at = string_end(bytes, from);
                            tell(from..self.at);
                        }
                    }
                }
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth -= 1;
                    self.at += 1;
                    if depth == 0 {
                        return Some(());
                    }
                }
                _ => self.at += 1,
            }
        }
    }
}

/// True for the JSON string `"reference"`, also when some of its letters are written as escapes.
fn is_reference(string: &[u8]) -> bool {
    if string.len() == 11 {
        return string == b"\"reference\"";
    }
    string.len() > 11
        && string.get(1..).is_some_and(|rest| rest.starts_with(b"\\u") || rest.starts_with(b"r"))
        && string.len() <= 56
        && string.contains(&b'\\')
        && serde_json::from_slice::<String>(string).is_ok_and(|word| word == "reference")
}

/// The place after the closing quote of the string that opens at `from` (or the end of the text).
pub(super) fn string_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    loop {
        // Eight bytes at a time while none is a quote or a backslash.
        while let Some(eight) = bytes.get(at..at + 8).and_then(|eight| <[u8; 8]>::try_from(eight).ok()) {
            let word = u64::from_le_bytes(eight);
            let found = has(word, b'"') | has(word, b'\\');
            if found != 0 {
                at += usize::try_from(found.trailing_zeros() / 8).unwrap_or(0);
                break;
            }
            at += 8;
        }
        match bytes.get(at) {
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => return bytes.len(),
        }
    }
}

/// A bit set in the lowest byte of the word that is `byte` (bytes above that one may be marked falsely).
fn has(word: u64, byte: u8) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let zero_where = word ^ (ONES * u64::from(byte));
    zero_where.wrapping_sub(ONES) & !zero_where & (ONES << 7)
}
