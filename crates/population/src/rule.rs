//! What a rule can say. Registers, scores, segments and lists of people are all rule sets: data with an id, a version, a source and
//! a licence note. Nothing here is about one disease.

use crate::day::Span;
use crate::decimal::Decimal;
use crate::people::Sex;

/// A condition that is so of a person on a day, or not.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Codes of a list, so often, not resolved since.
    Coded(Coded),
    /// A measured value.
    Measured(Measured),
    /// Of an age on the day. Where the birth is not known it is not so.
    Age {
        /// From this age on.
        from: u8,
        /// And younger than this.
        below: Option<u8>,
    },
    /// Of a sex as recorded.
    Sex(Sex),
    /// In another register, or given another score.
    InSet(String),
    /// Another score within limits.
    Scored {
        /// Which.
        set: String,
        /// Between what.
        limits: Limits,
    },
    /// Every one of them.
    All(Vec<Condition>),
    /// At least one of them.
    Any(Vec<Condition>),
    /// The other way round.
    Not(Box<Condition>),
}

/// Codes of a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coded {
    /// The list's name.
    pub list: String,
    /// Only so far back: after the day that is this long before. The rule set's own look-back where it has one.
    pub within: Option<Span>,
    /// At least so many.
    pub at_least: u32,
    /// So many of what.
    pub counting: Counting,
    /// A list whose codes end it: it is not so where one of them stands later than the latest code.
    pub resolved_by: Option<String>,
    /// It is not so where a source has since said of what a code of the list said that it was over on a day, later than the latest code.
    pub until_over: bool,
    /// Only where the very first of them, however far back, is within the look-back: cancer that was first recorded in five years.
    pub first: bool,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counting {
    /// Every entry.
    Events,
    /// Different days.
    Days,
    /// Different codes: so many medicines.
    Codes,
}

/// A measured value.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// The list of codes under which it stands.
    pub list: String,
    /// Between what, in the rule's unit.
    pub limits: Limits,
    /// The rule's unit; `1` for a number without one.
    pub unit: String,
    /// Only so far back.
    pub within: Option<Span>,
    /// Which of its values count.
    pub pick: Pick,
}

/// Which values of somebody count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pick {
    /// All: one within the limits is enough.
    Any,
    /// Those of the latest day: one within the limits is enough.
    Latest,
    /// Those of the two latest days, or of the one there is: all must be within the limits.
    LatestTwo,
}

/// Limits of a number; what is not given does not limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// More than this.
    pub above: Option<Decimal>,
    /// This or more.
    pub at_least: Option<Decimal>,
    /// Less than this.
    pub below: Option<Decimal>,
    /// This or less.
    pub at_most: Option<Decimal>,
}

impl Limits {
    /// Whether a sum of points is within them.
    #[must_use]
    pub fn hold(&self, number: Decimal) -> bool {
        self.hold_share(number, 1)
    }

    /// Whether a sum of points over a denominator is within them, without dividing.
    #[must_use]
    pub fn hold_share(&self, sum: Decimal, denominator: u32) -> bool {
        let (sum, scale) = (i128::from(sum.0), i128::from(denominator));
        let limit = |limit: Option<Decimal>, is_within: fn(i128, i128) -> bool| {
            limit.is_none_or(|limit| is_within(sum, i128::from(limit.0) * scale))
        };
        limit(self.above, |sum, limit| sum > limit)
            && limit(self.at_least, |sum, limit| sum >= limit)
            && limit(self.below, |sum, limit| sum < limit)
            && limit(self.at_most, |sum, limit| sum <= limit)
    }

    /// Whether a value is within them, one of its unit being `factor` of theirs. The limits are turned into the value's unit and
    /// rounded as the value was when it was kept, so that 11.5 is exactly 115 tenths.
    #[must_use]
    pub fn hold_measured(&self, value: f32, factor: f64) -> bool {
        let limit = |limit: Option<Decimal>, is_within: fn(f32, f32) -> bool| {
            limit.is_none_or(|limit| is_within(value, (limit.as_f64() / factor) as f32))
        };
        limit(self.above, |value, limit| value > limit)
            && limit(self.at_least, |value, limit| value >= limit)
            && limit(self.below, |value, limit| value < limit)
            && limit(self.at_most, |value, limit| value <= limit)
    }
}

/// What a rule set makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Points added up.
    Score,
    /// In or out.
    Register,
    /// The first of its parts that is so.
    Segments,
}

impl Kind {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Register => "register",
            Self::Segments => "segments",
        }
    }
}

/// A deficit, a condition of an index, a segment; the one condition of a register.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its id, once in the rule set.
    pub id: String,
    /// Our own words for it.
    pub label: String,
    /// What it adds.
    pub points: Decimal,
    /// When it is there.
    pub when: Condition,
    /// Other parts of the rule set; while one of them is there, this one adds nothing.
    pub unless: Vec<usize>,
}

/// Something that must be known before a score is given.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// Our own words for it.
    pub label: String,
    /// When it is known.
    pub when: Condition,
}

/// A range of a score with a name. The first whose limits hold is the one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// Its name.
    pub name: String,
    /// Of the score.
    pub limits: Limits,
    /// Some single part adds this or more.
    pub any_part: Option<Decimal>,
}

/// How a sum of points becomes a probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Logistic {
    /// Added to the points.
    pub constant: Decimal,
    /// For each year of age, squared.
    pub age_squared: Decimal,
}

/// A register, a score or a segmentation, whole.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleSet {
    /// What it is called: `hfrs`.
    pub id: String,
    /// Its version.
    pub version: String,
    /// In words.
    pub title: String,
    /// What it makes.
    pub kind: Kind,
    /// Where it was published.
    pub source: String,
    /// What its owner allows.
    pub licence: String,
    /// What it must not be used for.
    pub not_for: Vec<String>,
    /// What of it nobody has held against its source yet. Where this stands the version begins with 0, and the other way round.
    pub unverified: Option<String>,
    /// From this age on it says something.
    pub age_from: Option<u8>,
    /// How far back its codes count, unless one says otherwise.
    pub within: Option<Span>,
    /// What the sum of points is divided by.
    pub denominator: Option<u32>,
    /// A sum below this is this.
    pub floor: Option<Decimal>,
    /// Digits after the point.
    pub places: u8,
    /// Where it gives a probability.
    pub logistic: Option<Logistic>,
    /// Deficits, conditions, segments.
    pub parts: Vec<Part>,
    /// What must be known.
    pub needs: Vec<Need>,
    /// Bands of the score.
    pub bands: Vec<Band>,
    /// The file it came from.
    pub file: String,
    /// The lists it names and the lines on which it does.
    pub names: Vec<(Name, usize)>,
    /// SHA-256 of the text.
    pub hash: String,
}

/// Something that a rule set names and that must be there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// A list of codes.
    List(String),
    /// Another rule set.
    Set(String),
    /// Another rule set that makes a score.
    Score(String),
}
