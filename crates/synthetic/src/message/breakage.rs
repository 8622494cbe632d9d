//! How a message breaks on its way. Each kind is one that the record cannot understand and must hold in quarantine; a test of
//! the whole house holds that. Must not break a message so that it says something else.

use super::chance::Chance;
use super::{HOSPITAL, PRACTICE};

/// What broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breakage {
    /// Cut short before it says whom it is about, or in the middle.
    CutShort,
    /// A birth date that no calendar has.
    WrongDate,
    /// Something that has to be there is not.
    MissingValue,
    /// A letter in an old code page. Not the hospital's: HL7 v2 is read in whatever encoding it comes.
    WrongEncoding,
    /// A type that nobody knows, or that is not taken in.
    UnknownType,
}

impl Breakage {
    /// Its word in the truth.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::CutShort => "cut-short",
            Self::WrongDate => "wrong-date",
            Self::MissingValue => "missing-value",
            Self::WrongEncoding => "wrong-encoding",
            Self::UnknownType => "unknown-type",
        }
    }

    /// Breaks a message.
    pub(super) fn of(feed: &str, draw: Chance, bytes: &[u8]) -> (Self, Vec<u8>) {
        const ALL: [Breakage; 5] = [
            Breakage::CutShort,
            Breakage::WrongDate,
            Breakage::MissingValue,
            Breakage::UnknownType,
            Breakage::WrongEncoding,
        ];
        let kinds = if feed == HOSPITAL { &ALL[..4] } else { &ALL[..] };
        let kind = draw.and("kind").choose(kinds).copied().unwrap_or(Self::CutShort);
        let broken = match feed {
            HOSPITAL => hl7(kind, draw, bytes),
            PRACTICE => bundle(kind, bytes),
            _ => row(kind, bytes),
        };
        (kind, broken)
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// The bytes with the first `what` replaced.
fn replaced(bytes: &[u8], what: &[u8], with: &[u8]) -> Option<Vec<u8>> {
    let at = find(bytes, what)?;
    Some([bytes.get(..at)?, with, bytes.get(at + what.len()..)?].concat())
}

fn cut(bytes: &[u8], at: usize) -> Vec<u8> {
    bytes.get(..at).unwrap_or(bytes).to_vec()
}

fn hl7(kind: Breakage, draw: Chance, bytes: &[u8]) -> Vec<u8> {
    let pid = find(bytes, b"\rPID|").map_or(bytes.len(), |at| at + 5);
    match kind {
        Breakage::UnknownType => {
            let other: &[u8] =
                draw.and("type").pick(&[&b"ADT^A05^ADT_A05"[..], b"ADT^A34^ADT_A30", b"SIU^S12^SIU_S12"]);
            let field = |number: usize| {
                let bars = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'|').map(|(at, _)| at);
                bars.take(number).last().unwrap_or(0)
            };
            let (before, after) = (field(8), field(9));
            [bytes.get(..=before).unwrap_or_default(), other, bytes.get(after..).unwrap_or_default()].concat()
        }
        Breakage::WrongDate => {
            let end = bytes.get(pid..).and_then(|rest| find(rest, b"\r")).map_or(bytes.len(), |at| pid + at);
            let fields = bytes.get(pid..end).unwrap_or_default().split(|byte| *byte == b'|');
            let mended: Vec<&[u8]> =
                fields.enumerate().map(|(at, field)| if at == 6 { &b"19380231"[..] } else { field }).collect();
            [cut(bytes, pid), mended.join(&b'|'), bytes.get(end..).unwrap_or_default().to_vec()].concat()
        }
        Breakage::MissingValue => {
            let end = bytes.get(pid..).and_then(|rest| find(rest, b"\r")).map_or(bytes.len(), |at| pid + at);
            let fields = bytes.get(pid..end).unwrap_or_default().split(|byte| *byte == b'|');
            let mended: Vec<&[u8]> =
                fields.enumerate().map(|(at, field)| if at == 2 { &b""[..] } else { field }).collect();
            [cut(bytes, pid), mended.join(&b'|'), bytes.get(end..).unwrap_or_default().to_vec()].concat()
        }
        Breakage::CutShort | Breakage::WrongEncoding => cut(bytes, pid),
    }
}

fn bundle(kind: Breakage, bytes: &[u8]) -> Vec<u8> {
    let mended = match kind {
        Breakage::CutShort => None,
        Breakage::WrongDate => {
            let at = find(bytes, b"\"birthDate\":\"").map(|at| at + 13);
            at.and_then(|at| Some([bytes.get(..at)?, b"1938-02-31", bytes.get(at + 10..)?].concat()))
        }
        Breakage::MissingValue => replaced(bytes, b"\"resourceType\":\"Patient\",", b""),
        Breakage::UnknownType => replaced(bytes, b"\"resourceType\":\"Patient\"", b"\"resourceType\":\"Client\""),
        Breakage::WrongEncoding => replaced(bytes, b"\"family\":\"", b"\"family\":\"\xE9"),
    };
    mended.unwrap_or_else(|| cut(bytes, bytes.len() * 2 / 3))
}

/// A row: its values are told apart by the commas outside quotation marks.
fn row(kind: Breakage, bytes: &[u8]) -> Vec<u8> {
    let header_end = find(bytes, b"\n").map_or(0, |at| at + 1);
    let header = String::from_utf8_lossy(bytes.get(..header_end).unwrap_or_default()).into_owned();
    let names: Vec<&str> = header.trim_end().split(',').collect();
    let mut values = split(bytes.get(header_end..).unwrap_or_default());
    let column = |wanted: &[&str]| names.iter().position(|name| wanted.contains(name));
    let born = column(&["Date Of Birth", "PersonBirthDate", "Date of Birth", "DOB"]);
    let family = column(&["Family Name", "FamilyName", "Last Name", "Surname"]);
    let kind_at = column(&["Record Type", "RecordType", "Event Type", "Register Status"]);
    let mut put = |at: Option<usize>, change: &dyn Fn(&[u8]) -> Vec<u8>| {
        if let Some(value) = at.and_then(|at| values.get_mut(at)) {
            *value = change(value);
        }
    };
    match kind {
        Breakage::CutShort => values.truncate(values.len() / 2),
        Breakage::WrongDate => put(born, &|_| b"31/02/1938".to_vec()),
        Breakage::MissingValue => put(born, &|_| Vec::new()),
        Breakage::WrongEncoding => put(family, &|value| [value, &b"\xE9"[..]].concat()),
        Breakage::UnknownType => put(kind_at, &|_| b"Enquiry".to_vec()),
    }
    [header.into_bytes(), values.join(&b',')].concat()
}

fn split(row: &[u8]) -> Vec<Vec<u8>> {
    let mut values = vec![Vec::new()];
    let mut quoted = false;
    for byte in row {
        match byte {
            b',' if !quoted => values.push(Vec::new()),
            _ => {
                quoted ^= *byte == b'"';
                if let Some(value) = values.last_mut() {
                    value.push(*byte);
                }
            }
        }
    }
    values
}
