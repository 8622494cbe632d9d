//! How values and lists of names are said in an issue.

use serde_json::Value;

/// A value in a few letters: what sort it is and how it begins.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => format!("the number {}", clipped(&number.to_string())),
        Value::String(text) => format!("the text \"{}\"", clipped(text)),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// The beginning of a text, with letters that cannot be seen written as their numbers.
pub(super) fn clipped(text: &str) -> String {
    let mut shown = String::new();
    for (count, letter) in text.chars().enumerate() {
        if count == 40 {
            shown.push('…');
            break;
        }
        if is_unseen(letter) {
            shown.push_str(&format!("U+{:04X}", u32::from(letter)));
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// Letters that change how text is shown and cannot be seen: controls, marks of direction, of no width.
pub(super) fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{061c}' | '\u{00ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `a, b or c`; of many the first dozen.
pub(super) fn one_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [some @ .., last] if names.len() <= 14 => {
            let some: Vec<String> = some.iter().map(|name| format!("`{name}`")).collect();
            format!("{} or `{last}`", some.join(", "))
        }
        many => {
            let some: Vec<String> = many.iter().take(12).map(|name| format!("`{name}`")).collect();
            format!("{} or one of {} others", some.join(", "), many.len() - 12)
        }
    }
}
