//! The pattern of a pair: for each field, on which level the two rows agree. All that a model weighs is the pattern and how
//! common the shared values are, so a pattern and a model version are enough to explain any decision later.

use crate::birth::BirthLevel;
use crate::distance::{edits, jaro_winkler, within_one};
use crate::home;
use crate::name::{NameLevel, NameMemory};
use crate::roll::{Roll, Row};
use crate::schema::{Kind, MOST_OTHERS};

/// How many fields a pattern can have.
pub const FIELDS: usize = 6 + MOST_OTHERS;
/// How many levels a field can have.
pub const LEVELS: usize = 10;

/// Given name.
pub const GIVEN: usize = 0;
/// Surname.
pub const SURNAME: usize = 1;
/// Date of birth.
pub const BIRTH: usize = 2;
/// Sex.
pub const SEX: usize = 3;
/// Address and postcode.
pub const HOME: usize = 4;
/// NHS number.
pub const NHS: usize = 5;
/// The first of the columns beside the usual ones.
pub const OTHER: usize = 6;

/// The level on which two values are the same, in every field.
pub const SAME: usize = 1;
/// The level of two sexes or two NHS numbers that differ.
pub const DIFFERS: usize = 2;

/// Four bits a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Pattern(pub u64);

impl Pattern {
    /// The level of a field.
    #[must_use]
    pub const fn level(self, field: usize) -> usize {
        (self.0 >> (field * 4) & 15) as usize
    }

    const fn with(self, field: usize, level: u64) -> Self {
        Self(self.0 | level << (field * 4))
    }

    /// True where a field has this level.
    #[must_use]
    pub const fn is(self, field: usize, level: usize) -> bool {
        self.level(field) == level
    }
}

/// What a field and its level are called where people read them.
#[must_use]
pub fn wording(roll: &Roll, field: usize, level: usize) -> (&str, &'static str) {
    const NAME: [&str; LEVELS] = [
        "not given",
        "the same",
        "forms of one name",
        "a slip of the pen apart",
        "share a word",
        "an initial that fits",
        "alike",
        "somewhat alike",
        "different",
        "given name and surname exchanged",
    ];
    const BORN: [&str; LEVELS] = [
        "not given",
        "the same",
        "day and month exchanged",
        "a slip of the pen apart",
        "one is the first of January of the same year",
        "two of day, month and year the same",
        "within twelve days",
        "different",
        "a generation apart",
        "",
    ];
    const LIVES: [&str; LEVELS] = [
        "not given",
        "the same",
        "the same but for a slip",
        "the same postcode, no line to compare",
        "the same line, postcode missing or a slip apart",
        "neighbours in one postcode",
        "alike",
        "the same district",
        "different",
        "different lines, postcode missing",
    ];
    const PLAIN: [&str; LEVELS] = ["not given", "the same", "different", "", "", "", "", "", "", ""];
    const SOME: [&str; LEVELS] =
        ["not given", "the same", "a slip of the pen apart", "somewhat alike", "different", "", "", "", "", ""];
    let level = level.min(LEVELS - 1);
    match field {
        GIVEN => ("given name", NAME[level]),
        SURNAME => ("surname", NAME[level]),
        BIRTH => ("date of birth", BORN[level]),
        SEX => ("sex", PLAIN[level]),
        HOME => ("address", LIVES[level]),
        NHS => ("NHS number", PLAIN[level]),
        _ => (roll.schema.other.get(field - OTHER).map_or("", |other| other.column.as_str()), SOME[level]),
    }
}

/// How many levels beside "missing" a field has.
#[must_use]
pub fn levels(field: usize) -> usize {
    match field {
        GIVEN | SURNAME => NameLevel::COUNT - 1,
        BIRTH => BirthLevel::COUNT - 1,
        HOME => home::HomeLevel::COUNT - 1,
        SEX | NHS => 2,
        _ => 4,
    }
}

/// Compares rows; one a thread, for it remembers names.
#[derive(Debug, Default)]
pub struct Comparer {
    memory: NameMemory,
}

impl Comparer {
    /// The pattern of two rows of a roll. It does not depend on which of the two is named first.
    pub fn compare(&mut self, roll: &Roll, one: &Row, other: &Row) -> Pattern {
        let (mut given, mut surname);
        let crossed = one.given != other.given && one.surname != other.surname && {
            let swapped = one.given == other.surname && one.surname == other.given;
            swapped && one.given != 0 && one.surname != 0
        };
        if crossed {
            (given, surname) = (NameLevel::Swapped, NameLevel::Swapped);
        } else {
            given = self.memory.compare(&roll.names, one.given, other.given, true, roll.counted);
            surname = self.memory.compare(&roll.names, one.surname, other.surname, false, roll.counted);
            let apart = NameLevel::Resembling as u8;
            if given as u8 >= apart && surname as u8 >= apart {
                // One of the two exactly in the other's place, the other nearly.
                let first = self.memory.compare(&roll.names, one.given, other.surname, false, roll.counted);
                let second = self.memory.compare(&roll.names, one.surname, other.given, false, roll.counted);
                let near = |level| matches!(level, NameLevel::Same | NameLevel::Slip);
                if near(first) && near(second) {
                    (given, surname) = (NameLevel::Swapped, NameLevel::Swapped);
                }
            }
        }
        let mut pattern = Pattern::default()
            .with(GIVEN, given as u64)
            .with(SURNAME, surname as u64)
            .with(BIRTH, one.birth.compare(other.birth) as u64)
            .with(SEX, plain(u32::from(one.sex), u32::from(other.sex)))
            .with(HOME, home::compare(roll, one, other) as u64)
            .with(NHS, plain(one.nhs, other.nhs));
        for (at, (kind, words)) in roll.schema.other.iter().map(|other| other.kind).zip(&roll.others).enumerate() {
            let (a, b) = (one.others[at], other.others[at]);
            let level = if a == 0 || b == 0 {
                0
            } else if a == b {
                1
            } else {
                some(kind, words.text(a), words.text(b))
            };
            pattern = pattern.with(OTHER + at, level);
        }
        pattern
    }
}

fn plain(one: u32, other: u32) -> u64 {
    match (one, other) {
        (0, _) | (_, 0) => 0,
        (one, other) if one == other => 1,
        _ => 2,
    }
}

/// Levels 2 (a slip), 3 (somewhat alike) and 4 (different) of two texts that are not the same.
fn some(kind: Kind, one: &str, other: &str) -> u64 {
    let squeeze = |text: &str| text.replace(' ', "");
    match kind {
        Kind::Code if within_one(one, other) => 2,
        Kind::Code => 4,
        Kind::Identifier => match edits(one, other, 2) {
            0 | 1 => 2,
            2 => 3,
            _ => 4,
        },
        Kind::Text => {
            let (one, other) = (squeeze(one), squeeze(other));
            let alike = jaro_winkler(&one, &other);
            if edits(&one, &other, 2) <= 1 + usize::from(one.len().min(other.len()) >= 6) || alike >= 0.94 {
                2
            } else if alike >= 0.84 {
                3
            } else {
                4
            }
        }
    }
}
