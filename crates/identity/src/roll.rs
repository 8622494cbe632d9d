//! The roll: what every row says of its person, as columns of small numbers. It holds no person, no link and no judgement, and
//! it prints none of what it holds.

use std::collections::HashMap;

use place::NhsNumber;

use crate::birth::{Birth, Read};
use crate::clean;
use crate::name::Names;
use crate::schema::{MOST_OTHERS, Schema};
use crate::text::{Words, as_index, mix};

/// What a source says of one of its people, as it wrote it. An empty text is "not given".
#[derive(Clone, Copy, Default)]
pub struct Claim<'a> {
    /// NHS number.
    pub nhs_number: &'a str,
    /// First names.
    pub given_name: &'a str,
    /// Last name.
    pub surname: &'a str,
    /// Sex.
    pub sex: &'a str,
    /// Date of birth.
    pub dob: &'a str,
    /// Line of the address.
    pub address: &'a str,
    /// Postcode.
    pub postcode: &'a str,
    /// True where the address is withheld from everybody: it then takes no part, so that no score can give it away.
    pub withheld: bool,
    /// The columns beside the usual ones, in the order of the schema.
    pub others: [&'a str; MOST_OTHERS],
}

/// A row, cleaned and numbered. 0 is "not given" in every field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Row {
    /// Given name, a number of [`Roll::names`].
    pub given: u32,
    /// Surname, likewise.
    pub surname: u32,
    /// Date of birth.
    pub birth: Birth,
    /// Address line, a number of [`Roll::addresses`].
    pub address: u32,
    /// Postcode, a number of [`Roll::postcodes`].
    pub postcode: u32,
    /// The first nine digits of a valid NHS number, plus one.
    pub nhs: u32,
    /// 1 male, 2 female.
    pub sex: u8,
    /// The columns beside the usual ones.
    pub others: [u32; MOST_OTHERS],
}

impl Row {
    /// Address line and postcode as one number; 0 where either is missing.
    #[must_use]
    pub fn home(&self) -> u64 {
        if self.address == 0 || self.postcode == 0 {
            0
        } else {
            u64::from(self.postcode) << 32 | u64::from(self.address)
        }
    }
}

/// Values that were given and could not be used; the rows they stand in count all the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unusable {
    /// NHS numbers whose check digit or length is wrong.
    pub nhs_number: bool,
    /// Eight digits that are no date; their digits are still compared.
    pub impossible_date: bool,
    /// A date of birth that is no date.
    pub unreadable_date: bool,
}

/// How many rows share a home, by [`Row::home`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Homes {
    slots: Vec<(u64, u32)>,
    /// Counts of a saved model: by a hash of the home's words, and by number as far as rows have spoken of them since.
    saved: HashMap<u64, u32>,
    known: HashMap<u64, u32>,
    /// The sum of the squares, over the number of rows: how many share the home of a row drawn at random.
    pub(crate) shared: f64,
}

impl Homes {
    fn of(homes: impl Iterator<Item = u64>, rows: usize) -> Self {
        let size = (rows * 2).next_power_of_two().max(16);
        let mut counted = Self { slots: vec![(0, 0); size], shared: 1.0, ..Self::default() };
        let mut given = 0u32;
        for home in homes.filter(|home| *home != 0) {
            let at = counted.slot(home);
            counted.slots[at] = (home, counted.slots[at].1 + 1);
            given += 1;
        }
        let squares: f64 = counted.slots.iter().map(|(_, count)| f64::from(*count) * f64::from(*count)).sum();
        counted.shared = squares / f64::from(given.max(1));
        counted
    }

    fn slot(&self, home: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = as_index(mix(home)) & mask;
        while self.slots[at].1 != 0 && self.slots[at].0 != home {
            at = (at + 1) & mask;
        }
        at
    }

    pub(crate) fn count(&self, home: u64) -> u32 {
        if self.slots.is_empty() {
            return self.known.get(&home).copied().unwrap_or_default();
        }
        self.slots[self.slot(home)].1
    }

    /// Every home that more than one row shares, by its number, and how many do.
    pub(crate) fn common(&self) -> impl Iterator<Item = (u64, u32)> + '_ {
        self.slots.iter().copied().filter(|(_, count)| *count > 1)
    }

    /// As a saved model has them.
    pub(crate) fn saved(saved: HashMap<u64, u32>, shared: f64) -> Self {
        Self { saved, shared, ..Self::default() }
    }

    fn meet(&mut self, home: u64, words: u64) {
        if home != 0
            && let Some(count) = self.saved.get(&words)
        {
            self.known.insert(home, *count);
        }
    }
}

/// A home by its words, the same in every run.
pub(crate) fn home_hash(address: &str, postcode: &str) -> u64 {
    mix(crate::text::hash_bytes(address.as_bytes())) ^ crate::text::hash_bytes(postcode.as_bytes())
}

/// Every row, and the texts behind its numbers.
#[derive(Clone)]
pub struct Roll {
    /// What the columns mean.
    pub schema: Schema,
    /// False where NHS numbers are not to be looked at.
    pub uses_nhs_number: bool,
    rows: Vec<Row>,
    ranks: Vec<u64>,
    /// Given names and surnames.
    pub names: Names,
    /// Address lines.
    pub addresses: Words,
    /// Postcodes.
    pub postcodes: Words,
    /// The district of each postcode, by number.
    pub(crate) districts: Vec<u32>,
    district_words: Words,
    /// The texts of the columns beside the usual ones.
    pub others: Vec<Words>,
    /// Counts as they stood when [`Roll::count`] was last called: they are a part of the model and do not move with each row.
    pub(crate) counted: u32,
    pub(crate) births: Vec<u32>,
    pub(crate) homes: Homes,
    pub(crate) postcode_counts: Vec<u32>,
    pub(crate) other_counts: Vec<Vec<u32>>,
    scratch: String,
}

/// Births are counted in one table from 1850 to 2050, thirteen months of thirty-two days each, by their digits.
pub(crate) const BIRTHS: usize = 200 * 13 * 32;

pub(crate) fn birth_place(birth: Birth) -> Option<usize> {
    let year = birth.year().checked_sub(1850)?;
    let place = (year * 13 + birth.month()) * 32 + birth.day();
    (year < 200 && birth.month() < 13 && birth.day() < 32).then_some(place as usize)
}

impl Roll {
    /// An empty roll.
    #[must_use]
    pub fn new(schema: Schema, uses_nhs_number: bool) -> Self {
        let others = schema.other.iter().map(|_| Words::default()).collect();
        Self {
            schema,
            uses_nhs_number,
            rows: Vec::new(),
            ranks: Vec::new(),
            names: Names::default(),
            addresses: Words::default(),
            postcodes: Words::default(),
            districts: vec![0],
            district_words: Words::default(),
            others,
            counted: 0,
            births: Vec::new(),
            homes: Homes::default(),
            postcode_counts: Vec::new(),
            other_counts: Vec::new(),
            scratch: String::new(),
        }
    }

    /// The same texts and counts without a row: to feed the rows again in another order.
    #[must_use]
    pub fn emptied(&self) -> Self {
        let mut empty = self.clone();
        empty.clear();
        empty
    }

    /// Takes every row off; texts and counts stay.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.ranks.clear();
    }

    /// The word of a postcode's district.
    pub(crate) fn district(&self, row: &Row) -> &str {
        self.district_words.text(self.districts.get(row.postcode as usize).copied().unwrap_or_default())
    }

    /// Every row.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True where there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Makes a claim comparable. It is not added.
    pub fn read(&mut self, claim: &Claim<'_>) -> (Row, Unusable) {
        let mut unusable = Unusable::default();
        let mut text = std::mem::take(&mut self.scratch);
        clean::name(claim.given_name, &mut text);
        let given = self.names.number(&text);
        clean::name(claim.surname, &mut text);
        let surname = self.names.number(&text);
        let birth = match Birth::read(claim.dob) {
            Read::Missing => Birth(0),
            Read::Date(birth) => birth,
            Read::Impossible(birth) => {
                unusable.impossible_date = true;
                birth
            }
            Read::Unreadable => {
                unusable.unreadable_date = true;
                Birth(0)
            }
        };
        let (mut address, mut postcode) = (0, 0);
        if !claim.withheld {
            clean::address(claim.address, &mut text);
            address = self.addresses.number(&text);
            clean::postcode(claim.postcode, &mut text);
            postcode = self.postcodes.number(&text);
            if postcode as usize == self.districts.len() {
                self.districts.push(self.district_words.number(clean::district(&text)));
            }
        }
        let mut nhs = 0;
        if self.uses_nhs_number && !claim.nhs_number.trim().is_empty() {
            match NhsNumber::parse(claim.nhs_number) {
                Ok(number) => nhs = number.as_str()[..9].parse::<u32>().map_or(0, |nine| nine + 1),
                Err(_) => unusable.nhs_number = true,
            }
        }
        let mut others = [0; MOST_OTHERS];
        for (at, words) in self.others.iter_mut().enumerate() {
            if claim.withheld && self.schema.other[at].of_address {
                continue;
            }
            clean::letters(claim.others[at], &mut text);
            others[at] = words.number(&text);
        }
        self.scratch = text;
        if address != 0 && postcode != 0 && !self.homes.saved.is_empty() {
            let words = home_hash(self.addresses.text(address), self.postcodes.text(postcode));
            self.homes.meet(u64::from(postcode) << 32 | u64::from(address), words);
        }
        let sex = clean::sex(claim.sex);
        (Row { given, surname, birth, address, postcode, nhs, sex, others }, unusable)
    }

    /// Adds a row and gives its place. Its rank is a number that it always has (a hash of its id): between equals the lower
    /// rank goes first, so that the order of arrival decides nothing.
    pub fn push(&mut self, row: Row, rank: u64) -> u32 {
        let place = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.rows.push(row);
        self.ranks.push(rank);
        place
    }

    /// The rank of a row.
    #[must_use]
    pub fn rank(&self, row: u32) -> u64 {
        self.ranks.get(row as usize).copied().unwrap_or(u64::MAX)
    }

    /// Counts how common each value is. What is learnt from a roll rests on these counts, so they stay as they are until the
    /// model is learnt anew.
    pub fn count(&mut self) {
        self.counted = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.names.recount(self.rows.iter().map(|row| (row.given, row.surname)));
        self.births = vec![0; BIRTHS];
        self.postcode_counts = vec![0; self.postcodes.len()];
        self.other_counts = self.others.iter().map(|words| vec![0; words.len()]).collect();
        for row in &self.rows {
            if let Some(place) = birth_place(row.birth) {
                self.births[place] += 1;
            }
            self.postcode_counts[row.postcode as usize] += 1;
            for (counts, value) in self.other_counts.iter_mut().zip(row.others) {
                counts[value as usize] += 1;
            }
        }
        self.homes = Homes::of(self.rows.iter().map(Row::home), self.rows.len());
    }
}

impl std::fmt::Debug for Roll {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Roll({} rows)", self.rows.len())
    }
}
