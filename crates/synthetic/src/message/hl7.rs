//! Writing HL7 v2.4 in the hospital's dialect: segments from numbered fields, marks of the syntax escaped in every text.
//! Must not know what a message is about.

use std::borrow::Cow;

use jiff::civil::DateTime;

use super::calendar;

/// A message being written.
pub(super) struct Hl7(String);

/// What stands in MSH.
pub(super) struct Header<'h> {
    /// `PAS`: the system that sends.
    pub(super) system: &'h str,
    /// `ADT^A01^ADT_A01`.
    pub(super) kind: &'h str,
    /// The control id.
    pub(super) control: &'h str,
    /// When it is sent.
    pub(super) at: DateTime,
}

impl Hl7 {
    pub(super) fn begin(header: &Header<'_>) -> Self {
        let Header { system, kind, control, at } = header;
        let mut text = String::with_capacity(1024);
        text.push_str("MSH|^~\\&|");
        text.push_str(system);
        text.push_str("|Demo Hospital^RWJ^ODS|WEFT|BOROUGH|");
        text.push_str(&calendar::hl7(*at));
        text.push_str("||");
        text.push_str(kind);
        text.push('|');
        text.push_str(control);
        text.push_str("|P|2.4|||AL|NE|GBR|UNICODE UTF-8\r");
        Self(text)
    }

    /// One segment; the fields by number from 1 on, in rising order, already escaped. Empty ones may be left out.
    pub(super) fn segment(&mut self, name: &str, fields: &[(usize, &str)]) {
        self.0.push_str(name);
        let mut at = 0;
        for (number, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
            for _ in at..*number {
                self.0.push('|');
            }
            at = *number;
            self.0.push_str(value);
        }
        self.0.push('\r');
    }

    pub(super) fn end(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

/// Text as it may stand in a field.
pub(super) fn text(plain: &str) -> Cow<'_, str> {
    if !plain.contains(['|', '^', '&', '~', '\\', '\r', '\n']) {
        return Cow::Borrowed(plain);
    }
    let mut out = String::with_capacity(plain.len() + 8);
    for letter in plain.chars() {
        match letter {
            '|' => out.push_str("\\F\\"),
            '^' => out.push_str("\\S\\"),
            '&' => out.push_str("\\T\\"),
            '~' => out.push_str("\\R\\"),
            '\\' => out.push_str("\\E\\"),
            '\r' | '\n' => out.push(' '),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn fields_stand_at_their_numbers_and_marks_are_escaped() {
        let at = date(2026, 1, 7).at(14, 35, 0, 0);
        let mut message = Hl7::begin(&Header { system: "PAS", kind: "ADT^A31^ADT_A05", control: "7", at });
        message.segment("PV1", &[(1, "1"), (2, ""), (3, "C3"), (6, &text("a|b & c"))]);
        let written = String::from_utf8(message.end()).unwrap();
        assert!(written.ends_with("\rPV1|1||C3|||a\\F\\b \\T\\ c\r"), "{written}");
        assert!(
            written.starts_with("MSH|^~\\&|PAS|Demo Hospital^RWJ^ODS|WEFT|BOROUGH|20260107143500||ADT^A31^ADT_A05|7|P")
        );
    }
}
