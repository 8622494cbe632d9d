//! One HL7 v2 message as segments, fields, repetitions, components and subcomponents. Lazy: parsing only finds the
//! lines, a value is looked for when it is asked for. Total: any bytes give a message or a plain reason, never a
//! panic. Must not know what a field means.

use std::borrow::Cow;

use super::text::{decode, unescape};
use crate::feed::Reason;

/// The largest message taken: a letter with a scanned document fits, a runaway stream does not.
pub const MAX_MESSAGE: usize = 16 * 1024 * 1024;

/// Segments and repetitions together that one message may have. Each may become a resource or an identifier, so this
/// bounds the memory that a small hostile message can ask for.
const MAX_PIECES: usize = 50_000;

/// The five characters that cut a message, as its own MSH-1 and MSH-2 state them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Separators {
    /// Between fields, usually `|`.
    pub field: char,
    /// Between components, usually `^`.
    pub component: char,
    /// Between repetitions, usually `~`.
    pub repetition: char,
    /// Around escapes, usually `\`.
    pub escape: char,
    /// Between subcomponents, usually `&`.
    pub subcomponent: char,
}

impl Default for Separators {
    fn default() -> Self {
        Self { field: '|', component: '^', repetition: '~', escape: '\\', subcomponent: '&' }
    }
}

impl Separators {
    /// From a header segment (`MSH|^~\&|...`); `None` if the text does not begin as one. What MSH-2 leaves out is usual.
    fn of_header(line: &str) -> Option<Self> {
        let rest = line.strip_prefix("MSH")?;
        let field = rest.chars().next().filter(|c| !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control())?;
        let mut stated = rest[field.len_utf8()..].chars().take_while(|&c| c != field);
        let usual = Self::default();
        Some(Self {
            field,
            component: stated.next().unwrap_or(usual.component),
            repetition: stated.next().unwrap_or(usual.repetition),
            escape: stated.next().unwrap_or(usual.escape),
            subcomponent: stated.next().unwrap_or(usual.subcomponent),
        })
    }
}

/// A message that begins with a header. Holds its text; everything below borrows from it.
#[derive(Debug, Clone)]
pub struct Message<'a> {
    text: Cow<'a, str>,
    separators: Separators,
    lines: Vec<std::ops::Range<usize>>,
}

impl<'a> Message<'a> {
    /// Reads the bytes of one message.
    ///
    /// # Errors
    /// `not-hl7` if it does not begin with an MSH segment, `too-large` if it is beyond what one message may be.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Reason> {
        if bytes.len() > MAX_MESSAGE {
            return Err(Reason::new(
                "too-large",
                "This message is larger than 16 MiB, or its end is missing. Ask the sender to send it in parts.",
            ));
        }
        let text = decode(bytes);
        let mut lines = Vec::new();
        let mut start = 0;
        for (end, _) in text.match_indices(['\r', '\n']).chain([(text.len(), "")]) {
            // Some senders indent, and pad the end of a segment; neither belongs to it.
            let line = text[start..end].trim_start_matches([' ', '\t', '\u{b}', '\u{1c}', '\u{feff}']);
            if !line.trim().is_empty() {
                lines.push(end - line.len()..end);
            }
            start = end + 1;
        }
        let separators =
            lines.first().and_then(|line| Separators::of_header(&text[line.clone()])).ok_or_else(|| {
                Reason::new(
                    "not-hl7",
                    "This does not begin with an MSH segment, so it is not an HL7 version 2 message, or its beginning \
                     is lost. Mend the first line, or ask the sender to send it again.",
                )
                .at("line 1")
            })?;
        let pieces = lines.len() + text.matches(separators.repetition).take(MAX_PIECES).count();
        if pieces > MAX_PIECES {
            return Err(Reason::new(
                "too-large",
                format!(
                    "This message has more than {MAX_PIECES} segments and repetitions. Ask the sender to split it."
                ),
            ));
        }
        Ok(Self { text, separators, lines })
    }

    /// The characters that cut it.
    #[must_use]
    pub fn separators(&self) -> Separators {
        self.separators
    }

    /// All segments in their order.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'_>> {
        self.lines.iter().map(|line| Segment { text: &self.text[line.clone()], separators: self.separators })
    }

    /// The first segment of this name.
    #[must_use]
    pub fn segment(&self, name: &str) -> Option<Segment<'_>> {
        self.segments().find(|segment| segment.name() == name)
    }

    /// The header; there always is one.
    #[must_use]
    pub fn header(&self) -> Segment<'_> {
        self.segments().next().unwrap_or(Segment { text: "", separators: self.separators })
    }
}

/// The runs of segments that begin with a segment of this name, each with those that follow until the next one. What
/// stands before the first such segment is in none of them.
pub fn groups<'s, 'm>(segments: &'s [Segment<'m>], name: &str) -> Vec<&'s [Segment<'m>]> {
    let starts: Vec<usize> =
        segments.iter().enumerate().filter(|(_, segment)| segment.name() == name).map(|(index, _)| index).collect();
    let ends = starts.iter().skip(1).copied().chain([segments.len()]);
    starts.iter().zip(ends).filter_map(|(&start, end)| segments.get(start..end)).collect()
}

/// One line of a message.
#[derive(Debug, Clone, Copy)]
pub struct Segment<'m> {
    text: &'m str,
    separators: Separators,
}

impl<'m> Segment<'m> {
    /// `PID`, `OBX`: what stands before the first separator.
    #[must_use]
    pub fn name(&self) -> &'m str {
        self.text.split(self.separators.field).next().unwrap_or_default().trim()
    }

    /// The nth field, counted as HL7 counts: MSH-1 is the separator itself. Absent is the same as empty.
    #[must_use]
    pub fn field(&self, number: usize) -> Field<'m> {
        let header = self.text.starts_with("MSH");
        let text = match (header, number) {
            (_, 0) => "",
            (true, 1) => self.text.get(3..3 + self.separators.field.len_utf8()).unwrap_or_default(),
            (true, _) => self.text.split(self.separators.field).nth(number - 1).unwrap_or_default(),
            (false, _) => self.text.split(self.separators.field).nth(number).unwrap_or_default(),
        };
        Field { text, separators: self.separators }
    }

    /// Where a field stands, in the words of the standard: `PID-7`.
    #[must_use]
    pub fn location(&self, number: usize) -> String {
        format!("{}-{number}", self.name())
    }

    /// Shorthand for the first component of the first repetition: what a field of one value holds.
    #[must_use]
    pub fn first(&self, number: usize) -> Option<String> {
        self.field(number).repetition(0).component(1).value()
    }
}

/// One field.
#[derive(Debug, Clone, Copy)]
pub struct Field<'m> {
    text: &'m str,
    separators: Separators,
}

impl<'m> Field<'m> {
    /// As it was sent, escapes and all.
    #[must_use]
    pub fn raw(&self) -> &'m str {
        self.text
    }

    /// The whole field as one text; `None` if it is empty or HL7's null (`""`).
    #[must_use]
    pub fn value(&self) -> Option<String> {
        value(self.text, self.separators)
    }

    /// Prose: each repetition is a line. Spaces before a line stay, as they lay out a table.
    #[must_use]
    pub fn lines(&self) -> Option<String> {
        self.value()?;
        let line = |text: &str| unescape(text.trim_end(), self.separators).into_owned();
        let lines: Vec<String> = self.text.split(self.separators.repetition).map(line).collect();
        Some(lines.join("\n"))
    }

    /// Its repetitions that hold something.
    pub fn repetitions(&self) -> impl Iterator<Item = Repetition<'m>> + use<'m> {
        let separators = self.separators;
        self.text
            .split(separators.repetition)
            .map(move |text| Repetition { text, separators })
            .filter(|repetition| !repetition.is_empty())
    }

    /// The nth repetition from nought, counted as sent.
    #[must_use]
    pub fn repetition(&self, index: usize) -> Repetition<'m> {
        let text = self.text.split(self.separators.repetition).nth(index).unwrap_or_default();
        Repetition { text, separators: self.separators }
    }
}

/// One repetition of a field: the level at which the composite types (name, address, code) live.
#[derive(Debug, Clone, Copy)]
pub struct Repetition<'m> {
    text: &'m str,
    separators: Separators,
}

impl<'m> Repetition<'m> {
    /// True if nothing but separators, white space or null stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let separators = self.separators;
        self.text == "\"\""
            || self.text.chars().all(|c| c == separators.component || c == separators.subcomponent || c.is_whitespace())
    }

    /// The whole repetition as one text.
    #[must_use]
    pub fn value(&self) -> Option<String> {
        value(self.text, self.separators)
    }

    /// The nth component from one.
    #[must_use]
    pub fn component(&self, number: usize) -> Component<'m> {
        let mut components = self.text.split(self.separators.component);
        let text = number.checked_sub(1).and_then(|index| components.nth(index)).unwrap_or_default();
        Component { text, separators: self.separators }
    }
}

/// One component.
#[derive(Debug, Clone, Copy)]
pub struct Component<'m> {
    text: &'m str,
    separators: Separators,
}

impl Component<'_> {
    /// As it was sent.
    #[must_use]
    pub fn raw(&self) -> &str {
        self.text
    }

    /// The whole component as one text.
    #[must_use]
    pub fn value(&self) -> Option<String> {
        value(self.text, self.separators)
    }

    /// The nth subcomponent from one.
    #[must_use]
    pub fn subcomponent(&self, number: usize) -> Option<String> {
        let index = number.checked_sub(1)?;
        value(self.text.split(self.separators.subcomponent).nth(index)?, self.separators)
    }
}

fn value(text: &str, separators: Separators) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text == "\"\"" {
        return None;
    }
    Some(unescape(text, separators).trim().to_owned()).filter(|text| !text.is_empty())
}
