//! Which pairs are looked at at all. A rule is a few values that must be the same; two rows that share them under any rule are a
//! candidate pair. Missing values never bring a pair together. A key shared by too many rows brings nobody together and is
//! counted, never passed over in silence.

use crate::birth::Birth;
use crate::roll::{Roll, Row};
use crate::schema::Kind;
use crate::text::{as_index, hash_bytes, low, mix};

/// A value that a rule asks to be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The given name.
    Given,
    /// The surname.
    Surname,
    /// Both names, in whichever order they stand.
    Names,
    /// Any word of the surname that is listed last, or the surname itself.
    LastSurname,
    /// The first word of the surname.
    FirstSurname,
    /// How the given name sounds.
    GivenSound,
    /// How the surname sounds.
    SurnameSound,
    /// The first letter of the given name.
    GivenInitial,
    /// The first two letters of the surname.
    SurnameTwo,
    /// The first class of short forms of the given name, or the name itself.
    GivenClass,
    /// The date of birth.
    Birth,
    /// Its year.
    Year,
    /// Its month and day.
    MonthDay,
    /// The postcode.
    Postcode,
    /// The postcode's district.
    District,
    /// The address line.
    Address,
    /// The NHS number.
    Nhs,
    /// A column beside the usual ones.
    Other(usize),
}

/// A rule: parts that must all be given and the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule(pub Vec<Part>);

/// A key shared by more rows than this brings nobody together.
pub const MOST_ROWS_OF_A_KEY: usize = 1_000;

/// What was not compared because too many rows share a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Capped {
    /// Keys that were passed over.
    pub keys: u64,
    /// The rows that share them, counted once a key.
    pub rows: u64,
    /// Pairs that were not made under that rule; most are made under another.
    pub pairs: u64,
}

/// Which rules a roll is blocked by, the keys of its rows, and the keys that are passed over.
#[derive(Debug, Clone)]
pub struct Blocking {
    rules: Vec<Rule>,
    /// For each rule the keys that too many rows share, sorted.
    stopped: Vec<Vec<u32>>,
    /// How often each rule stopped something.
    pub capped: Vec<Capped>,
}

/// Rules whose cost is known to be small for people of a borough, however many.
fn narrow() -> Vec<Rule> {
    use Part::{
        Address, Birth, District, FirstSurname, Given, GivenClass, GivenInitial, GivenSound, LastSurname, MonthDay,
        Names, Postcode, Surname, SurnameSound, SurnameTwo, Year,
    };
    [
        vec![Surname, Birth],
        vec![Given, Birth],
        vec![Given, Postcode],
        vec![Surname, Given, District],
        vec![Birth, Postcode],
        vec![Surname, Given, Year],
        vec![Surname, Given, MonthDay],
        vec![Names, Birth],
        vec![SurnameTwo, GivenInitial, Birth],
        vec![Surname, Postcode, GivenInitial],
        vec![SurnameSound, GivenSound, Year],
        vec![GivenClass, Birth],
        vec![Postcode, MonthDay],
        vec![Address, Postcode, GivenInitial],
        vec![LastSurname, Birth],
        vec![FirstSurname, Birth],
        vec![Names, Address],
        vec![GivenClass, Surname, Postcode],
    ]
    .map(Rule)
    .into()
}

/// Rules that cost little in a small roll and too much in a large one: each is taken if it makes few pairs there.
fn broad(roll: &Roll) -> Vec<Rule> {
    use Part::{Address, Birth, Given, Other, Postcode, Surname, SurnameSound};
    let mut rules = Vec::new();
    let others = roll.schema.other.iter().enumerate();
    let identifiers = others.clone().filter(|(_, other)| other.kind == Kind::Identifier);
    rules.extend(identifiers.map(|(at, _)| Rule(vec![Other(at)])));
    rules.extend(
        [vec![Birth], vec![Postcode], vec![Address], vec![Surname], vec![Given, Postcode], vec![Given, Address]]
            .map(Rule),
    );
    rules.push(Rule(vec![SurnameSound, Part::GivenSound]));
    for (at, _) in others.filter(|(_, other)| other.kind != Kind::Identifier) {
        rules.extend(
            [vec![Given, Other(at)], vec![Surname, Other(at)], vec![Postcode, Other(at)], vec![Address, Other(at)]]
                .map(Rule),
        );
    }
    rules
}

impl Part {
    /// A number for the value, 0 where it is missing.
    fn value(self, roll: &Roll, row: &Row) -> u64 {
        let first =
            |text: &str, count: usize| text.bytes().take(count).fold(0u64, |sum, byte| sum << 8 | u64::from(byte));
        match self {
            Self::Given => row.given.into(),
            Self::Surname => row.surname.into(),
            Self::Names if row.given == 0 || row.surname == 0 => 0,
            Self::Names => u64::from(row.given.min(row.surname)) << 32 | u64::from(row.given.max(row.surname)),
            Self::LastSurname => match roll.names.known(row.surname).words {
                [_, last] if last != 0 => last.into(),
                _ => row.surname.into(),
            },
            Self::FirstSurname => roll.names.known(row.surname).words[0].into(),
            Self::GivenSound => roll.names.known(row.given).sound.into(),
            Self::SurnameSound => roll.names.known(row.surname).sound.into(),
            Self::GivenInitial => first(roll.names.text(row.given), 1),
            Self::SurnameTwo => first(roll.names.text(row.surname), 2),
            Self::GivenClass => match roll.names.known(row.given).classes[0] {
                0 => row.given.into(),
                class => 1 << 40 | u64::from(class),
            },
            Self::Birth => row.birth.0.into(),
            Self::Year => row.birth.year().into(),
            Self::MonthDay if row.birth == Birth(0) => 0,
            Self::MonthDay => row.birth.month_day().into(),
            Self::Postcode => row.postcode.into(),
            Self::District => roll.districts.get(row.postcode as usize).copied().unwrap_or_default().into(),
            Self::Address => row.address.into(),
            Self::Nhs => row.nhs.into(),
            Self::Other(at) => row.others.get(at).copied().unwrap_or_default().into(),
        }
    }
}

impl Rule {
    /// The key of a row, 0 where a part is missing. Two rows with different values share a key once in four thousand million
    /// times; they are then compared for nothing.
    #[must_use]
    pub fn key(&self, roll: &Roll, row: &Row) -> u32 {
        let mut hash = 0x5851_f42d_4c95_7f2d;
        for part in &self.0 {
            let value = part.value(roll, row);
            if value == 0 {
                return 0;
            }
            hash = mix(hash ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        low(mix(hash)).max(1)
    }
}

/// Raised when the same row would now have other [`stable_keys`].
pub const STABLE_KEYS: u32 = 1;

/// The keys of a row by its words and not by the numbers a roll gave them: the same in every run, so that they can be kept in a
/// database. Two rows that share one are a candidate pair. Sorted, each once; none where too little is given.
#[must_use]
pub fn stable_keys(roll: &Roll, row: &Row) -> Vec<u64> {
    let hash = |text: &str| if text.is_empty() { 0 } else { hash_bytes(text.as_bytes()).max(1) };
    let name = |id: u32| hash(roll.names.text(id));
    let (given, surname) = (roll.names.known(row.given), roll.names.known(row.surname));
    let first = |id: u32, count: usize| hash(roll.names.text(id).get(..count).unwrap_or_default());
    let (birth, year) = (u64::from(row.birth.0), u64::from(row.birth.year()));
    let month_day = if row.birth == Birth(0) { 0 } else { u64::from(row.birth.month_day()) };
    let postcode = hash(roll.postcodes.text(row.postcode));
    let class = given.classes[0];
    let class = if class == 0 { name(row.given) } else { mix(u64::from(class)) };
    let both = match (name(row.given), name(row.surname)) {
        (0, _) | (_, 0) => 0,
        (one, other) => mix(one.wrapping_add(other)),
    };
    let keys: [(u64, &[u64]); 17] = [
        (1, &[name(row.surname), birth]),
        (1, &[name(surname.words[0]), birth]),
        (1, &[name(surname.words[1]), birth]),
        (2, &[name(row.given), birth]),
        (3, &[class, birth]),
        (4, &[birth, postcode]),
        (5, &[name(row.surname), name(row.given), year]),
        (6, &[name(row.surname), name(row.given), month_day]),
        (7, &[both, birth]),
        (8, &[first(row.surname, 2), first(row.given, 1), birth]),
        (9, &[name(row.surname), postcode, first(row.given, 1)]),
        (10, &[u64::from(surname.sound), u64::from(given.sound), year]),
        (11, &[postcode, month_day]),
        (12, &[hash(roll.addresses.text(row.address)), postcode, first(row.given, 1)]),
        (13, &[both, hash(roll.addresses.text(row.address))]),
        (14, &[name(row.surname), name(row.given), hash(roll.district(row))]),
        (15, &[u64::from(row.nhs)]),
    ];
    let mut stable: Vec<u64> = keys
        .into_iter()
        .filter(|(_, values)| !values.contains(&0))
        .map(|(rule, values)| {
            values.iter().fold(mix(rule), |hash, value| mix(hash ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15))
        })
        .collect();
    stable.sort_unstable();
    stable.dedup();
    stable
}

/// The most keys that a row can have.
pub const MOST_STABLE_KEYS: usize = 17;

impl std::fmt::Display for Rule {
    /// The parts, in words: `surname and date of birth`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, part) in self.0.iter().enumerate() {
            let word = match part {
                Part::Given => "given name",
                Part::Surname => "surname",
                Part::Names => "both names",
                Part::LastSurname => "last word of the surname",
                Part::FirstSurname => "first word of the surname",
                Part::GivenSound => "sound of the given name",
                Part::SurnameSound => "sound of the surname",
                Part::GivenInitial => "initial",
                Part::SurnameTwo => "first letters of the surname",
                Part::GivenClass => "forms of the given name",
                Part::Birth => "date of birth",
                Part::Year => "year of birth",
                Part::MonthDay => "day and month of birth",
                Part::Postcode => "postcode",
                Part::District => "postcode district",
                Part::Address => "address line",
                Part::Nhs => "NHS number",
                Part::Other(_) => "another column",
            };
            write!(f, "{}{word}", if at == 0 { "" } else { " and " })?;
        }
        Ok(())
    }
}

/// The rows under one rule, in order of their keys.
#[derive(Debug)]
pub struct Sorted(Vec<u64>);

impl Sorted {
    fn of(keys: impl Iterator<Item = u32>) -> Self {
        let all: Vec<u64> =
            (0u64..).zip(keys).filter(|(_, key)| *key != 0).map(|(row, key)| u64::from(key) << 32 | row).collect();
        let all = by_key(all);
        Self(all)
    }

    /// The rows of each key that two or more share.
    fn blocks(&self) -> impl Iterator<Item = (u32, &[u64])> {
        self.0
            .chunk_by(|one, other| one >> 32 == other >> 32)
            .filter(|block| block.len() > 1)
            .map(|block| (low(block[0] >> 32), block))
    }
}

impl Blocking {
    /// Chooses rules for a counted roll and finds the keys to pass over.
    #[must_use]
    pub fn choose(roll: &Roll) -> Self {
        let mut rules = Vec::new();
        if roll.uses_nhs_number {
            rules.push(Rule(vec![Part::Nhs]));
        }
        let allowance = (roll.len() as u64 / 4).max(250_000);
        for rule in broad(roll) {
            if roll.len() > 100_000 && rule.0.iter().all(|part| !matches!(part, Part::Other(_))) {
                continue;
            }
            let sorted = Sorted::of(roll.rows().iter().map(|row| rule.key(roll, row)));
            let pairs: u64 = sorted.blocks().map(|(_, block)| pairs_of(block.len())).sum();
            if pairs <= allowance && pairs > 0 {
                rules.push(rule);
            }
        }
        rules.extend(narrow());
        let count = rules.len();
        Self { rules, stopped: vec![Vec::new(); count], capped: vec![Capped::default(); count] }
    }

    /// The rules, in order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The keys of a row, one a rule; 0 where it has none or where its key is passed over.
    pub fn keys(&self, roll: &Roll, row: &Row, into: &mut Vec<u32>) {
        into.clear();
        into.extend(self.rules.iter().zip(&self.stopped).map(|(rule, stopped)| {
            let key = rule.key(roll, row);
            if stopped.binary_search(&key).is_ok() { 0 } else { key }
        }));
    }

    /// Goes through every candidate pair once, `(smaller place, larger place)`, on several threads. `work` is given each
    /// thread's own state and a pair.
    pub fn visit<S: Send>(&mut self, roll: &Roll, states: &mut [S], work: impl Fn(&mut S, u32, u32) + Sync) {
        let width = self.rules.len();
        let mut keys = vec![0u32; roll.len() * width];
        let threads = states.len().max(1);
        let rules = &self.rules;
        std::thread::scope(|scope| {
            let share = roll.len().div_ceil(threads).max(1);
            for (part, rows) in keys.chunks_mut(share * width).zip(roll.rows().chunks(share)) {
                scope.spawn(move || {
                    for (slots, row) in part.chunks_mut(width).zip(rows) {
                        for (slot, rule) in slots.iter_mut().zip(rules) {
                            *slot = rule.key(roll, row);
                        }
                    }
                });
            }
        });
        for rule in 0..width {
            let sorted = Sorted::of(keys.iter().copied().skip(rule).step_by(width));
            let mut capped = Capped::default();
            let mut stopped = Vec::new();
            for (key, block) in sorted.blocks().filter(|(_, block)| block.len() > MOST_ROWS_OF_A_KEY) {
                stopped.push(key);
                capped.keys += 1;
                capped.rows += block.len() as u64;
                capped.pairs += pairs_of(block.len());
                for entry in block {
                    keys[low(*entry) as usize * width + rule] = 0;
                }
            }
            (self.capped[rule], self.stopped[rule]) = (capped, stopped);
            let (keys, work, all) = (&keys, &work, &sorted.0);
            std::thread::scope(|scope| {
                let share = all.len().div_ceil(threads).max(1);
                let mut from = 0;
                for state in states.iter_mut() {
                    let mut to = (from + share).min(all.len());
                    while to > 0 && to < all.len() && all[to] >> 32 == all[to - 1] >> 32 {
                        to += 1;
                    }
                    let part = &all[from..to];
                    from = to;
                    scope.spawn(move || {
                        for block in part.chunk_by(|one, other| one >> 32 == other >> 32) {
                            if block.len() < 2 || block.len() > MOST_ROWS_OF_A_KEY {
                                continue;
                            }
                            for (at, one) in block.iter().enumerate() {
                                let one = low(*one);
                                let of_one = &keys[one as usize * width..][..rule];
                                for other in &block[at + 1..] {
                                    let other = low(*other);
                                    let of_other = &keys[other as usize * width..][..rule];
                                    // A pair that an earlier rule has made was visited then.
                                    if !of_one.iter().zip(of_other).any(|(a, b)| *a != 0 && a == b) {
                                        work(state, one, other);
                                    }
                                }
                            }
                        }
                    });
                }
            });
        }
    }
}

/// Sorts entries by their upper half, eleven bits at a time, lowest first; entries of one key keep their order.
fn by_key(mut entries: Vec<u64>) -> Vec<u64> {
    const BITS: u32 = 11;
    let mut spare = vec![0u64; entries.len()];
    for shift in [32, 32 + BITS, 32 + 2 * BITS] {
        let digit = |entry: u64| as_index(entry >> shift & ((1 << BITS) - 1));
        let mut places = vec![0usize; 1 << BITS];
        for entry in &entries {
            places[digit(*entry)] += 1;
        }
        let mut sum = 0;
        for place in &mut places {
            sum += std::mem::replace(place, sum);
        }
        for entry in &entries {
            let place = &mut places[digit(*entry)];
            spare[*place] = *entry;
            *place += 1;
        }
        std::mem::swap(&mut entries, &mut spare);
    }
    entries
}

const fn pairs_of(rows: usize) -> u64 {
    (rows as u64) * (rows as u64).saturating_sub(1) / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn entries_are_sorted_as_the_library_sorts(keys in prop::collection::vec(any::<u32>(), 0..300)) {
            let entries: Vec<u64> = (0u64..).zip(keys).map(|(row, key)| u64::from(key >> 3) << 32 | row).collect();
            let mut expected = entries.clone();
            expected.sort_unstable();
            prop_assert_eq!(by_key(entries), expected);
        }
    }
}
