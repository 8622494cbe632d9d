//! The answer a sender waits for (ACK, in HL7's original mode). What the three codes mean here:
//!
//! * `AA`: stored and applied, or known already. The sender may forget the message.
//! * `AE`: stored durably, but not understood, so it waits in quarantine for a person. The sender should show the error,
//!   and need not send again: the same bytes would be known already. The reason's code goes back; nothing else does.
//! * `AR`: not stored. The sender must keep the message and send it again.
//!
//! An answer never repeats what a message says of a person, and can be made for any bytes at all.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::message::{Message, Separators};
use super::text::decode;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// Applied, or a duplicate of one that was: `AA`.
    Accepted,
    /// In quarantine, for the reason of this code: `AE`.
    Quarantined(&'a str),
    /// It could not be stored: `AR`.
    NotStored,
}

/// The ACK for a message, as bytes without a frame. `at` is the time it is made; where no clock is
/// at hand, `None` leaves it empty. The control id of the answer is that
/// of the message with `A` before it, so that it needs no counter.
#[must_use]
pub fn acknowledge(raw: &[u8], outcome: Outcome<'_>, at: Option<Timestamp>) -> Vec<u8> {
    let message = Message::parse(raw).ok();
    let separators = message.as_ref().map(Message::separators).unwrap_or_default();
    let (field, component) = (separators.field, separators.component);
    let of_header = |number: usize| match &message {
        Some(message) => message.header().field(number).raw().trim().to_owned(),
        None => broken_header(raw, number),
    };
    // Only the message's control id is as it came; everything else is cut to what a header holds.
    let short = |number: usize| of_header(number).chars().take(180).collect::<String>();
    let (version, processing) = (short(12), short(11));
    let version = if version.is_empty() { "2.4".to_owned() } else { version };
    let processing = if processing.is_empty() { "P".to_owned() } else { processing };
    let control = of_header(10).chars().take(200).collect::<String>();
    let event = of_header(9).split(component).nth(1).unwrap_or_default().chars().take(8).collect::<String>();
    let kind = if event.is_empty() { "ACK".to_owned() } else { format!("ACK{component}{event}") };
    let time = at.map(|at| at.to_zoned(TimeZone::UTC).strftime("%Y%m%d%H%M%S+0000").to_string()).unwrap_or_default();
    let Separators { repetition, escape, subcomponent, .. } = separators;
    let encoding: String = [component, repetition, escape, subcomponent].iter().collect();
    let header = [
        "MSH".to_owned(),
        encoding,
        short(5),
        short(6),
        short(3),
        short(4),
        time,
        String::new(),
        kind,
        format!("A{control}"),
        processing,
        version,
    ];
    let (code, error) = match outcome {
        Outcome::Accepted => ("AA", None),
        Outcome::Quarantined(reason) => ("AE", Some((reason, error_number(reason)))),
        Outcome::NotStored => ("AR", Some(("not-stored", "207"))),
    };
    let separator = field.to_string();
    let mut lines = vec![header.join(&separator)];
    // Our codes are plain words, but a separator may be any mark.
    let reason: String = error
        .map(|(reason, _)| reason)
        .unwrap_or_default()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .take(40)
        .collect();
    if error.is_some() {
        lines.push(["MSA", code, &control, &reason].join(&separator));
    } else {
        lines.push(["MSA", code, &control].join(&separator));
    }
    if let Some((_, number)) = error {
        let coded = [number, "", "HL70357"].join(&component.to_string());
        lines.push(["ERR", "", "", &coded, "E", "", "", &reason].join(&separator));
    }
    let mut out = lines.join("\r");
    out.push('\r');
    out.into_bytes()
}

/// A field of what should be a header, where the message as a whole cannot be read: as well as it goes.
fn broken_header(raw: &[u8], number: usize) -> String {
    let start = &raw[..raw.len().min(4096)];
    let text = decode(start);
    let Some(at) = text.find("MSH|") else { return String::new() };
    let line = text[at..].split(['\r', '\n']).next().unwrap_or_default();
    line.split('|').nth(number - 1).unwrap_or_default().trim().to_owned()
}

/// The standard's number (table 0357) nearest to our reason.
fn error_number(reason: &str) -> &'static str {
    match reason {
        "not-hl7" => "100",
        "no-identifier" | "no-document" => "101",
        "bad-date" => "102",
        "unhandled-type" => "200",
        _ => "207",
    }
}
