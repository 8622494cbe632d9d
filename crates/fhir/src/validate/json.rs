//! A strict reader of JSON into a [`Value`]: no key twice, nothing after the end, no endless nesting. Says the line and,
//! where there is one, the place in the resource. Must not judge what the JSON says.

use serde_json::{Map, Number, Value};

use super::place::named;
use super::{DEEPEST, MOST_ISSUES, words};
use crate::issue::{Code, Issue};

/// Reads all of a text.
pub(super) fn parse(text: &str) -> Result<Value, Vec<Issue>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { text, at: 0, path: Vec::new(), root: None, twice: Vec::new() };
    let outcome = reader.value().and_then(|value| {
        reader.space();
        if reader.at == text.len() {
            Ok(value)
        } else {
            Err(reader.wrong("there is more after the end: send one resource"))
        }
    });
    match outcome {
        Ok(value) if reader.twice.is_empty() => Ok(value),
        Ok(_) => Err(reader.twice),
        Err(issue) => {
            reader.twice.push(*issue);
            Err(reader.twice)
        }
    }
}

enum Step<'a> {
    Key(std::borrow::Cow<'a, str>),
    At(usize),
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    path: Vec<Step<'a>>,
    /// The type of the resource, once it was read.
    root: Option<String>,
    /// Keys met twice.
    twice: Vec<Issue>,
}

/// Boxed: an issue is large and errors are rare.
type Outcome<T> = Result<T, Box<Issue>>;

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Where in the resource.
    fn place(&self) -> Option<String> {
        let mut place = self.root.clone().unwrap_or_default();
        for step in &self.path {
            match step {
                Step::Key(key) => {
                    if !place.is_empty() {
                        place.push('.');
                    }
                    let _ = named(&mut place, key);
                }
                Step::At(index) => place.push_str(&format!("[{index}]")),
            }
        }
        (!place.is_empty()).then_some(place)
    }

    fn issue(&self, code: Code, words: String) -> Issue {
        let issue = Issue::error(code, words);
        match self.place() {
            Some(place) => issue.at(place),
            None => issue,
        }
    }

    /// Not JSON, at this line and letter.
    fn wrong(&self, what: &str) -> Box<Issue> {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let letter = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        Box::new(self.issue(Code::Structure, format!("this is not JSON: line {line}, letter {letter}: {what}")))
    }

    fn value(&mut self) -> Outcome<Value> {
        self.space();
        match self.peek() {
            Some(b'{') => self.object(),
            Some(b'[') => self.list(),
            Some(b'"') => Ok(Value::String(self.string()?.into_owned())),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(_) => Err(self.wrong("a value must begin here, with {, [, a quotation mark or a digit")),
            None => Err(self.wrong("the text ends where a value must be")),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Outcome<Value> {
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            self.at += word.len();
            return Ok(value);
        }
        Err(self.wrong("a value must begin here, with {, [, a quotation mark or a digit"))
    }

    fn deeper(&self) -> Outcome<()> {
        if self.path.len() < DEEPEST {
            return Ok(());
        }
        // Not the place: it would be as long as the nesting is deep.
        let words = format!("objects and lists stand more than {DEEPEST} levels in one another: send it flatter");
        Err(Box::new(Issue::error(Code::TooCostly, words)))
    }

    fn object(&mut self) -> Outcome<Value> {
        self.deeper()?;
        self.at += 1;
        let mut members = Map::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(members));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.wrong("a name in quotation marks must be here"));
            }
            let key = self.string()?;
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.wrong("a colon must follow the name"));
            }
            self.at += 1;
            self.path.push(Step::Key(key.clone()));
            let value = self.value()?;
            if self.path.len() == 1 && key == "resourceType" && self.root.is_none() {
                // For places only, so only what could be one.
                self.root = value.as_str().filter(|kind| crate::definitions::is_resource(kind)).map(str::to_owned);
            }
            let is_twice = members.contains_key(&*key);
            if is_twice && self.twice.len() < MOST_ISSUES {
                let words =
                    format!("`{}` stands twice in one object: keep the one that is right", words::clipped(&key));
                self.twice.push(self.issue(Code::Structure, words));
            }
            self.path.pop();
            members.insert(key.into_owned(), value);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::Object(members));
                }
                _ => return Err(self.wrong("a comma or } must be here")),
            }
        }
    }

    fn list(&mut self) -> Outcome<Value> {
        self.deeper()?;
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(items));
        }
        loop {
            self.path.push(Step::At(items.len()));
            items.push(self.value()?);
            self.path.pop();
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::Array(items));
                }
                _ => return Err(self.wrong("a comma or ] must be here")),
            }
        }
    }

    /// A string; borrowed if nothing in it is escaped.
    fn string(&mut self) -> Outcome<std::borrow::Cow<'a, str>> {
        let bytes = self.text.as_bytes();
        let from = self.at;
        self.at += 1;
        let mut is_escaped = false;
        loop {
            match bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    is_escaped = true;
                    self.at += 2;
                }
                Some(0..=0x1f) => {
                    return Err(self.wrong("a control character stands in a text: write it as \\n, \\t or \\u0000"));
                }
                Some(_) => self.at += 1,
                None => {
                    self.at = bytes.len();
                    return Err(self.wrong("the text ends within quotation marks"));
                }
            }
        }
        self.at += 1;
        if !is_escaped {
            return Ok(std::borrow::Cow::Borrowed(self.text.get(from + 1..self.at - 1).unwrap_or_default()));
        }
        let whole = self.text.get(from..self.at).unwrap_or_default();
        serde_json::from_str(whole).map(std::borrow::Cow::Owned).map_err(|_| {
            self.at = from;
            self.wrong("an escape in this text is none, or half of a pair")
        })
    }

    /// A number with its digits.
    fn number(&mut self) -> Outcome<Value> {
        let from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        let digits = self.text.get(from..self.at).unwrap_or_default();
        digits.parse::<Number>().ok().filter(|_| is_number(digits)).map(Value::Number).ok_or_else(|| {
            self.at = from;
            self.wrong("this is not a number as JSON writes it: 1.5, -2 or 3e8")
        })
    }
}

/// JSON's grammar of numbers.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(is_digits)
        && exponent.is_none_or(is_digits)
}
