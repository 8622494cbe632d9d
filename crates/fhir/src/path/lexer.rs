//! Cuts an expression into words, numbers, text and signs.

/// A piece of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name, also one in back quotes.
    Name(String),
    /// `'text'`, its escapes undone.
    Text(String),
    /// Digits, perhaps with a point.
    Number(String),
    /// `%name`.
    Variable(String),
    /// `$name`.
    Special(String),
    /// Anything else.
    Sign(&'static str),
}

const SIGNS: [&str; 26] = [
    "<=", ">=", "!=", "!~", "{}", "(", ")", "[", "]", ".", ",", "|", "=", "~", "<", ">", "+", "-", "*", "/", "&", "{",
    "}", ":", "@", "!",
];

/// All pieces with where each begins.
///
/// # Errors
/// The place and what is wrong there.
pub(super) fn tokens(source: &str) -> Result<Vec<(usize, Token)>, (usize, String)> {
    let bytes = source.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        let token = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                at += 1;
                continue;
            }
            b'\'' | b'`' => {
                let (text, after) = quoted(source, at, byte)?;
                at = after;
                if byte == b'`' { Token::Name(text) } else { Token::Text(text) }
            }
            b'%' | b'$' => {
                at += 1;
                let name = if bytes.get(at).is_some_and(|next| matches!(next, b'`' | b'\'')) {
                    let (text, after) = quoted(source, at, bytes[at])?;
                    at = after;
                    text
                } else {
                    word(source, &mut at).to_owned()
                };
                if name.is_empty() {
                    return Err((start, "a name is missing after this sign".to_owned()));
                }
                if byte == b'%' { Token::Variable(name) } else { Token::Special(name) }
            }
            b'0'..=b'9' => {
                while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                    at += 1;
                }
                if bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
                    at += 1;
                    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                        at += 1;
                    }
                }
                Token::Number(source[start..at].to_owned())
            }
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => Token::Name(word(source, &mut at).to_owned()),
            _ => match SIGNS.iter().find(|sign| source[at..].starts_with(**sign)) {
                Some(sign) => {
                    at += sign.len();
                    Token::Sign(sign)
                }
                None => return Err((at, "this sign has no meaning here".to_owned())),
            },
        };
        found.push((start, token));
    }
    Ok(found)
}

fn word<'a>(source: &'a str, at: &mut usize) -> &'a str {
    let start = *at;
    while source.as_bytes().get(*at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
        *at += 1;
    }
    &source[start..*at]
}

/// What stands between two quotation marks, and where it ends.
fn quoted(source: &str, start: usize, mark: u8) -> Result<(String, usize), (usize, String)> {
    let mut text = String::new();
    let mut rest = source[start + 1..].char_indices();
    while let Some((offset, letter)) = rest.next() {
        if letter == char::from(mark) {
            return Ok((text, start + 1 + offset + 1));
        }
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        match rest.next() {
            Some((_, 'n')) => text.push('\n'),
            Some((_, 'r')) => text.push('\r'),
            Some((_, 't')) => text.push('\t'),
            Some((_, 'f')) => text.push('\u{c}'),
            Some((_, 'u')) => {
                let digits: String = rest.by_ref().take(4).map(|(_, digit)| digit).collect();
                let letter = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                text.push(letter.ok_or_else(|| (start, format!("\\u{digits} is not a letter")))?);
            }
            Some((_, other)) => text.push(other),
            None => break,
        }
    }
    Err((start, "the quotation mark is not closed".to_owned()))
}
