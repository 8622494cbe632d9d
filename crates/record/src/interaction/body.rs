//! One resource as a client sends it: its exact text without white space, and the same parsed. What is no sound JSON, is
//! nested too deep or says one thing twice is refused here, with its place. It must not judge what the resource means.

use std::sync::Arc;

use fhir::issue::{Code, Issue};
use serde_json::Value;

use super::Refusal;
use crate::feed::fhir::compact;
use crate::feeds::has_nul;

/// A resource in a request.
#[derive(Debug, Clone)]
pub struct Body {
    /// The sender's digits and order of keys, white space gone.
    pub(crate) text: String,
    /// The same, parsed.
    pub(crate) value: Arc<Value>,
}

impl Body {
    /// Reads a resource that came alone.
    ///
    /// # Errors
    /// 400 with the line and column, or the path, of what is wrong.
    pub fn parse(raw: &[u8]) -> Result<Self, Refusal> {
        let raw = raw.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(raw);
        let text = std::str::from_utf8(raw).map_err(|error| {
            let line = 1 + raw.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
            refused(Code::Structure, format!("line {line} has bytes that are not UTF-8 text, which JSON must be"))
        })?;
        Self::of(text)
    }

    /// Reads a resource of a Bundle from its slice of the text.
    pub(crate) fn of(text: &str) -> Result<Self, Refusal> {
        let value = fhir::validate::text(text).map_err(|issues| Refusal { status: 400, issues })?;
        if !value.is_object() {
            return Err(refused(Code::Structure, "this is JSON but not an object, so it is no resource; send one"));
        }
        let text = compact(text);
        // PostgreSQL's text cannot hold it, and no text needs it. The search is cheap and nearly always ends it.
        if text.contains("\\u0000") && has_nul(&value) {
            return Err(refused(Code::Value, "it holds a NUL character, which is no part of any text; take it out"));
        }
        Ok(Self { text, value: Arc::new(value) })
    }

    /// A resource made here (a patched one), from its value.
    pub(crate) fn made(value: Value) -> Self {
        Self { text: value.to_string(), value: Arc::new(value) }
    }

    /// The resource as parsed.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// What it says it is.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        self.value.get("resourceType").and_then(Value::as_str)
    }

    /// The id it says it has.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.value.get("id").and_then(Value::as_str)
    }
}

fn refused(code: Code, words: impl Into<String>) -> Refusal {
    Refusal { status: 400, issues: vec![Issue::error(code, words)] }
}

/// What the parser says, in our words.
pub(super) fn unreadable(error: &serde_json::Error) -> Refusal {
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    let (line, column) = (error.line(), error.column());
    refused(Code::Structure, format!("this is not sound JSON ({said}, line {line}, column {column}); mend it there"))
}

/// The place just after the string whose inside begins here.
pub(super) fn after_string(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        Body::parse(text.as_bytes()).map(|body| body.text).unwrap_or_else(|refusal| refusal.issues[0].words.clone())
    }

    #[test]
    fn digits_and_order_stay_and_white_space_goes() {
        assert_eq!(words("{ \"b\": 1.50,\n \"a\": [\"x y\"] }"), "{\"b\":1.50,\"a\":[\"x y\"]}");
    }

    #[test]
    fn what_two_readers_would_read_differently_is_refused() {
        assert!(Body::parse(br#"{"subject":1,"x":{"subject":2},"subject":3}"#).is_err(), "a name twice");
        assert!(Body::parse(br#"{"a":{"a":{"a":[{"a":1},{"a":2}]}}}"#).is_ok());
        assert!(words("{\"a\":\"\\u0000\"}").contains("NUL"));
        assert!(words("{\"a\":\"\\\\u0000\"}").starts_with('{'));
    }

    #[test]
    fn depth_and_syntax_are_refused() {
        let nested = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        assert!(Body::parse(nested(fhir::validate::DEEPEST + 1).as_bytes()).is_err());
        assert!(Body::parse(nested(fhir::validate::DEEPEST).as_bytes()).is_ok());
        assert!(Body::parse(b"{\"a\":}").is_err());
        assert!(words("[]").contains("not an object"));
        assert!(Body::parse(b"{\"a\":\"\xFF\"}").is_err());
    }

    proptest::proptest! {
        /// Whatever comes, it is read or refused, never a fault; and what is read parses as its own text.
        #[test]
        fn any_text_is_read_or_refused(text in "[{}\\[\\]\":,a\\\\u0 1.]{0,60}") {
            if let Ok(body) = Body::parse(text.as_bytes()) {
                proptest::prop_assert_eq!(serde_json::from_str::<Value>(&body.text).unwrap(), (*body.value).clone());
            }
        }
    }
}
