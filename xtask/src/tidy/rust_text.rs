//! A Rust file taken apart just far enough for the rules: its code with comments and the insides of strings
//! blanked out, and its string literals. No parser: it must survive any file, and it never fails.

/// One file taken apart.
pub(crate) struct RustText {
    /// As long as the file and with its lines, but comments and the contents of strings are spaces.
    pub(crate) code: String,
    /// Every string literal: the line it opens on (from 1) and what stands in it, escapes as written.
    pub(crate) strings: Vec<(usize, String)>,
}

impl RustText {
    /// Takes a file apart.
    pub(crate) fn of(text: &str) -> Self {
        let mut reader =
            Reader { rest: text, line: 1, out: Self { code: String::with_capacity(text.len()), strings: Vec::new() } };
        while !reader.rest.is_empty() {
            reader.step();
        }
        reader.out
    }

    /// The lines of code with their numbers, up to the first `#[cfg(test)]`: by the house rule tests stand last.
    pub(crate) fn lines_outside_tests(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.code.lines().enumerate().map(|(index, line)| (index + 1, line));
        lines.take_while(|(_, line)| !is_test_gate(line))
    }

    /// The line on which the tests of this file begin; past the end if it has none.
    pub(crate) fn first_test_line(&self) -> usize {
        self.code.lines().position(is_test_gate).map_or(usize::MAX, |index| index + 1)
    }
}

fn is_test_gate(line: &str) -> bool {
    line.trim_start().starts_with("#[cfg(test)]")
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    out: RustText,
}

impl Reader<'_> {
    fn step(&mut self) {
        if self.rest.starts_with("//") {
            self.blank(self.rest.find('\n').unwrap_or(self.rest.len()));
        } else if self.rest.starts_with("/*") {
            self.blank(block_comment(self.rest));
        } else if let Some((opening, hashes)) = raw_opening(self.rest) {
            let closing = format!("\"{}", "#".repeat(hashes));
            let tail = self.rest.get(opening..).unwrap_or_default();
            let inside = tail.find(&closing).unwrap_or(tail.len());
            self.string(opening, inside, closing.len());
        } else if self.rest.starts_with('"') {
            self.string(1, plain_string(self.rest.get(1..).unwrap_or_default()), 1);
        } else if let Some(length) = character(self.rest) {
            self.blank(length);
        } else {
            // A whole word at once, so that the r of `for"` or `var` is never taken for a raw string's.
            let word = self.rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(self.rest.len());
            self.keep(if word > 0 { word } else { self.rest.chars().next().map_or(1, char::len_utf8) });
        }
    }

    fn string(&mut self, opening: usize, inside: usize, closing: usize) {
        let line = self.line;
        self.keep(opening);
        let contents = self.rest.get(..inside).unwrap_or_default().to_owned();
        self.blank(inside);
        self.keep(closing.min(self.rest.len()));
        self.out.strings.push((line, contents));
    }

    fn keep(&mut self, length: usize) {
        let (head, rest) = self.rest.split_at(length);
        self.line += head.matches('\n').count();
        self.out.code.push_str(head);
        self.rest = rest;
    }

    fn blank(&mut self, length: usize) {
        let (head, rest) = self.rest.split_at(length);
        for character in head.chars() {
            if character == '\n' {
                self.line += 1;
            }
            self.out.code.push(if character == '\n' { '\n' } else { ' ' });
        }
        self.rest = rest;
    }
}

/// The length of a block comment; they nest.
fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth = depth.saturating_sub(1);
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// `r"`, `r#"`, `br##"`...: the length of the opening and its number of hashes.
fn raw_opening(text: &str) -> Option<(usize, usize)> {
    let after = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let quote = after.get(hashes..)?.starts_with('"');
    quote.then(|| (text.len() - after.len() + hashes + 1, hashes))
}

/// The length of what stands inside a plain string that has just opened.
fn plain_string(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at,
            _ => {}
        }
    }
    text.len()
}

/// The length of a character literal; `None` for a lifetime.
fn character(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    if let Some(escaped) = inside.strip_prefix('\\') {
        let skip = escaped.chars().next()?.len_utf8();
        return escaped.get(skip..)?.find('\'').map(|end| 1 + 1 + skip + end + 1);
    }
    let first = inside.chars().next()?;
    inside.get(first.len_utf8()..)?.starts_with('\'').then(|| 1 + first.len_utf8() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_not_code() {
        let text = RustText::of("let a = \"todo!()\"; // todo!()\n/* todo!() /* x */ */ b();\n");
        assert!(!text.code.contains("todo"));
        assert!(text.code.contains("b();"));
        assert_eq!(text.strings, [(1, "todo!()".to_owned())]);
    }

    #[test]
    fn lines_keep_their_numbers_through_strings_of_many_lines() {
        let text = RustText::of("x(\"\n\n\");\nr#\"SELECT \"1\"\"#;\nlast();\n");
        assert_eq!(text.strings.get(1), Some(&(4, "SELECT \"1\"".to_owned())));
        assert_eq!(text.code.lines().nth(4), Some("last();"));
    }

    #[test]
    fn quotes_in_characters_and_lifetimes_open_nothing() {
        let text =
            RustText::of("fn f<'a>(c: char) -> &'a str { if c == '\"' || c == '\\'' { \"yes\" } else { \"no\" } }");
        assert_eq!(text.strings, [(1, "yes".to_owned()), (1, "no".to_owned())]);
    }

    #[test]
    fn a_file_that_ends_in_the_middle_is_no_trouble() {
        for text in ["\"abc", "r#\"abc", "/* abc", "'", "'\\", "b", "br##"] {
            RustText::of(text);
        }
    }

    #[test]
    fn tests_stand_last() {
        let text = RustText::of("a();\n#[cfg(test)]\nmod tests {}\n");
        assert_eq!(text.lines_outside_tests().count(), 1);
        assert_eq!(text.first_test_line(), 2);
    }
}
