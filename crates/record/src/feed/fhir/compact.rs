//! Takes the insignificant white space out of JSON text and leaves every other character alone: digits, order of keys,
//! escapes. It does not check its input, and must never make JSON of what was none: between two things that only white
//! space holds apart (`1 2`), one space stays.

/// The same JSON without white space between its tokens. Parses to the same value.
#[must_use]
pub fn compact(json: &str) -> String {
    let bytes = json.as_bytes();
    let mut out = String::with_capacity(json.len());
    // Where the text not yet copied begins. White space and quotes are ASCII, so every cut is between characters.
    let mut from = 0;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => at = after_string(bytes, at + 1),
            b' ' | b'\n' | b'\r' | b'\t' => {
                out.push_str(json.get(from..at).unwrap_or_default());
                let before = out.as_bytes().last();
                at = after_white_space(bytes, at);
                if before.is_some_and(is_word) && bytes.get(at).is_some_and(is_word) {
                    out.push(' ');
                }
                from = at;
            }
            _ => at += 1,
        }
    }
    out.push_str(json.get(from..).unwrap_or_default());
    out
}

/// True for a byte that is no punctuation of JSON: in sound JSON, no white space stands between two of these.
fn is_word(byte: &u8) -> bool {
    !matches!(byte, b'{' | b'}' | b'[' | b']' | b':' | b',')
}

/// The place of the next token.
fn after_white_space(bytes: &[u8], mut at: usize) -> usize {
    loop {
        // Most white space is indentation; eight at a time is one comparison.
        while bytes.get(at..at + 8).is_some_and(|eight| eight == b"        ") {
            at += 8;
        }
        match bytes.get(at) {
            Some(b' ' | b'\n' | b'\r' | b'\t') => at += 1,
            _ => return at,
        }
    }
}

/// The place just after the string whose inside begins here.
fn after_string(bytes: &[u8], mut at: usize) -> usize {
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
    use super::compact;
    use proptest::prelude::*;
    use serde_json::Value;

    #[test]
    fn white_space_goes_outside_strings_only() {
        assert_eq!(compact("{ \"a b\" :\t[ 1.00 ,\r\n \"x \\\" y\" ] }\n"), r#"{"a b":[1.00,"x \" y"]}"#);
        assert_eq!(compact(""), "");
        assert_eq!(compact("[1 2, tr ue]"), "[1 2,tr ue]", "what was not JSON is not mended");
        assert_eq!(compact("\"open  "), "\"open  ");
    }

    /// Any JSON value, with numbers in awkward spellings and text in any alphabet.
    fn json() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("null".to_owned()),
            Just("true".to_owned()),
            "-?[1-9][0-9]{0,20}\\.[0-9]{1,20}(e[0-9]{1,2})?",
            ".{0,12}".prop_map(|text| Value::String(text).to_string()),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(|items| format!("[ {} ]", items.join(" ,\n"))),
                proptest::collection::vec((".{0,6}", inner), 0..5).prop_map(|pairs| {
                    let pairs: Vec<String> =
                        pairs.into_iter().map(|(key, item)| format!("{} :\t{item}", Value::String(key))).collect();
                    format!("{{ {} }}", pairs.join("\r\n, "))
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn means_the_same_and_is_settled(json in json()) {
            let small = compact(&json);
            prop_assert_eq!(serde_json::from_str::<Value>(&small).unwrap(), serde_json::from_str::<Value>(&json).unwrap());
            prop_assert_eq!(compact(&small), small.clone());
            prop_assert!(small.len() <= json.len());
        }

        /// Pieces of JSON thrown together, mostly unsound: soundness is neither lost nor made.
        #[test]
        fn makes_no_json_of_what_was_none(pieces in proptest::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", ":", ",", " ", "\n", "1", "2", "-", ".5", "e3", "tr", "ue", "true", "null", "\"a b\"", "\"", "\\"
        ]), 0..12)) {
            let text = pieces.concat();
            let (before, after) = (serde_json::from_str::<Value>(&text), serde_json::from_str::<Value>(&compact(&text)));
            prop_assert_eq!(before.ok(), after.ok());
        }

        #[test]
        fn any_text_at_all_does_not_panic(text in ".{0,200}") {
            let _ = compact(&text);
        }
    }
}
