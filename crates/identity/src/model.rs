//! The weights: how much each level of each field speaks for one person or against. Four things a pair can be: one *person*;
//! two *strangers*; two people of one *household*, who share surname and address as often as one person does; or *twins*, who
//! share the birth date too. Fellegi and Sunter's model (1969) knows the first two; nearly all wrong links come of the others.
//!
//! Must not look at a pair's texts: a pattern and how common the shared values are is all it is given.

use crate::pattern::{BIRTH, FIELDS, GIVEN, HOME, LEVELS, NHS, OTHER, Pattern, SAME, SURNAME};
use crate::roll::{Roll, Row, birth_place};

/// Something a pair can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Class {
    /// One person.
    Person = 0,
    /// Two people who have nothing to do with each other.
    Strangers = 1,
    /// Two people of one household, now or once.
    Household = 2,
    /// Two people of one household born on one day.
    Twins = 3,
}

/// How many classes there are.
pub const CLASSES: usize = 4;

/// log2 of the chance of each level, by field. 0 on level "missing", which says nothing.
pub type Table = [[f32; LEVELS]; FIELDS];

/// The chance of everything that was never seen, log2: about one in a thousand million.
pub const FLOOR: f32 = -30.0;

/// What was learnt from a roll.
#[derive(Debug, Clone)]
pub struct Model {
    /// Which learning this is; kept with every decision.
    pub version: u32,
    /// How many fields are weighed.
    pub fields: usize,
    /// The chances by class.
    pub tables: [Table; CLASSES],
    /// log2 of the share of all pairs that are of each class.
    pub shares: [f32; CLASSES],
    /// The chance that two people of one household share a given name because one is named for the other.
    pub namesakes: f32,
    /// log2 of the odds from which rows are joined.
    pub threshold: f32,
}

/// log2 of how common values are in the counted roll, by number.
#[derive(Debug, Clone)]
pub struct Rates {
    given: Vec<f32>,
    surname: Vec<f32>,
    births: Vec<f32>,
    others: Vec<Vec<f32>>,
    least: f32,
    total: f32,
    shared_homes: f32,
}

#[expect(clippy::cast_possible_truncation, reason = "a logarithm has no need of more digits")]
fn log2(share: f64) -> f32 {
    share.log2() as f32
}

impl Rates {
    /// The rates of a counted roll.
    #[must_use]
    pub fn of(roll: &Roll) -> Self {
        let total = f64::from(roll.counted.max(2));
        let rate = |count: u32| log2(f64::from(count.max(1)) / total);
        let names = |of: fn(&crate::name::Known) -> u32| {
            (0u32..).take(roll.names.len()).map(|id| rate(of(&roll.names.known(id)))).collect()
        };
        Self {
            given: names(|known| known.as_given),
            surname: names(|known| known.as_surname),
            births: roll.births.iter().map(|count| rate(*count)).collect(),
            others: roll.other_counts.iter().map(|counts| counts.iter().map(|count| rate(*count)).collect()).collect(),
            least: rate(1),
            total: log2(total),
            shared_homes: log2(roll.homes.shared),
        }
    }

    fn at(&self, rates: &[f32], id: u32) -> f32 {
        rates.get(id as usize).copied().unwrap_or(self.least)
    }
}

/// log2 of the chances of a pair, by class, each against the chance of the values themselves.
pub type Chances = [f32; CLASSES];

/// What each field says of a pair, by class.
pub type Evidence = [Chances; FIELDS];

impl Model {
    /// What each field of a pair says. The rows are looked at only for how common their shared values are.
    #[must_use]
    pub fn evidence(&self, roll: &Roll, rates: &Rates, pattern: Pattern, one: &Row, other: &Row) -> Evidence {
        let mut evidence = [[0.0; CLASSES]; FIELDS];
        for (field, chances) in evidence.iter_mut().enumerate().take(self.fields) {
            let level = pattern.level(field);
            for (chance, table) in chances.iter_mut().zip(&self.tables) {
                *chance = table[field][level];
            }
        }
        let [person, strangers, household, twins] = [0, 1, 2, 3];
        if pattern.is(GIVEN, SAME) {
            let rate = rates.at(&rates.given, one.given);
            evidence[GIVEN][strangers] = rate;
            evidence[GIVEN][household] = (self.namesakes + (1.0 - self.namesakes) * rate.exp2()).log2();
        } else if pattern.is(GIVEN, 9) {
            let of = |row: &Row| rates.at(&rates.given, row.given) + rates.at(&rates.surname, row.surname);
            let chance = of(one).max(of(other));
            evidence[GIVEN][strangers] = chance;
            evidence[GIVEN][household] = chance;
            evidence[GIVEN][twins] = chance;
        }
        if pattern.is(SURNAME, SAME) {
            evidence[SURNAME][strangers] = rates.at(&rates.surname, one.surname);
        }
        if pattern.is(BIRTH, SAME) {
            let rate = birth_place(one.birth).and_then(|place| rates.births.get(place)).copied().unwrap_or(rates.least);
            evidence[BIRTH][strangers] = rate;
        }
        if pattern.is(HOME, SAME) {
            let shared = log2(f64::from(roll.homes.count(one.home()).max(1)));
            evidence[HOME][strangers] = shared - rates.total;
            // In a home of many the pairs grow with the square of their number.
            evidence[HOME][household] = evidence[HOME][person] + shared - rates.shared_homes;
        }
        for (at, values) in rates.others.iter().enumerate() {
            if pattern.is(OTHER + at, SAME) {
                evidence[OTHER + at][strangers] = rates.at(values, one.others[at]);
                if !roll.schema.other[at].of_address {
                    let rate = evidence[OTHER + at][strangers];
                    evidence[OTHER + at][household] = rate;
                    evidence[OTHER + at][twins] = rate;
                }
            }
        }
        evidence
    }

    /// log2 of the odds that two rows are one person, by the weights alone.
    #[must_use]
    pub fn weigh(&self, roll: &Roll, rates: &Rates, pattern: Pattern, one: &Row, other: &Row) -> f32 {
        let chances = self.chances(&self.evidence(roll, rates, pattern, one, other));
        chances[Class::Person as usize] - sum_log2(&chances[1..])
    }

    /// What is thought of a pair: what the NHS numbers rule, else what the weights say.
    #[must_use]
    pub fn judge(&self, roll: &Roll, rates: &Rates, pattern: Pattern, one: &Row, other: &Row) -> Judgement {
        let ruling = Ruling::of(pattern);
        let odds = match ruling {
            Some(Ruling::SameNumber) => CERTAIN,
            Some(Ruling::Conflict | Ruling::TwoNumbers) => -CERTAIN,
            None => self.weigh(roll, rates, pattern, one, other).clamp(-CERTAIN, CERTAIN),
        };
        Judgement { pattern, odds, ruling }
    }

    /// log2 of the chance of each class and of what the fields say of it, together.
    #[must_use]
    pub fn chances(&self, evidence: &Evidence) -> Chances {
        let mut chances = self.shares;
        for field in evidence {
            for (sum, chance) in chances.iter_mut().zip(field) {
                *sum += chance;
            }
        }
        chances
    }
}

/// The log2 odds of what is ruled and not weighed; no weight goes beyond it.
pub const CERTAIN: f32 = 40.0;

/// What two NHS numbers rule by themselves, after the national cross-check of number and date of birth (NHS England, *Person_ID
/// handbook*): no weight outranks it, a steward does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// The same number, and birth date or given name agree while the other does not speak against it: one person.
    SameNumber,
    /// The same number, and neither birth date nor given name agrees: somebody has another's number. Never joined.
    Conflict,
    /// Two valid numbers: two people.
    TwoNumbers,
}

impl Ruling {
    /// What is ruled of a pattern; nothing where a number is missing, or where they are the same and the rest speaks both ways.
    #[must_use]
    pub fn of(pattern: Pattern) -> Option<Self> {
        match pattern.level(NHS) {
            0 => return None,
            SAME => {}
            _ => return Some(Self::TwoNumbers),
        }
        let (given, birth) = (pattern.level(GIVEN), pattern.level(BIRTH));
        let name_agrees = matches!(given, 1..=6 | 9);
        let name_speaks_against = matches!(given, 7 | 8);
        let birth_agrees = matches!(birth, 1..=4);
        let birth_speaks_against = matches!(birth, 7 | 8);
        match (name_agrees, birth_agrees) {
            (true, _) if !birth_speaks_against => Some(Self::SameNumber),
            (_, true) if !name_speaks_against => Some(Self::SameNumber),
            (false, false) if name_speaks_against && birth_speaks_against => Some(Self::Conflict),
            _ => None,
        }
    }

    /// In words.
    #[must_use]
    pub const fn wording(self) -> &'static str {
        match self {
            Self::SameNumber => "the same NHS number, and birth date or given name agree",
            Self::Conflict => {
                "the same NHS number, but neither birth date nor given name agrees: somebody has another's number"
            }
            Self::TwoNumbers => "two different NHS numbers",
        }
    }
}

/// What is thought of a pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// How the rows compare.
    pub pattern: Pattern,
    /// log2 of the odds that they are one person.
    pub odds: f32,
    /// What was ruled without weighing.
    pub ruling: Option<Ruling>,
}

impl Judgement {
    /// True where no weight may join the two.
    #[must_use]
    pub const fn forbids(&self) -> bool {
        matches!(self.ruling, Some(Ruling::Conflict | Ruling::TwoNumbers))
    }
}

/// log2 of a sum of which the logarithms are given.
#[must_use]
pub fn sum_log2(logs: &[f32]) -> f32 {
    let most = logs.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    most + logs.iter().map(|log| (log - most).exp2()).sum::<f32>().log2()
}

/// The probability of which these are the log2 odds.
#[must_use]
pub fn probability(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp2())
}
