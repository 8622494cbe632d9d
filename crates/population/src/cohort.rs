//! Cohorts: people whom a condition describes, counted by the slices that matter. Every count comes with its shares by age, sex,
//! deprivation, ethnicity, neighbourhood and record system, standardised by age unless asked otherwise. Nothing here says who.

use crate::bits::Bits;
use crate::day::Day;
use crate::people::{People, Sex, age};

/// What counts are sliced by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slice {
    /// Ten years, from ninety together.
    Age,
    /// As recorded.
    Sex,
    /// Fifth of deprivation of where they live, 1 the most deprived.
    Deprivation,
    /// Ethnic group.
    Ethnicity,
    /// Neighbourhood.
    Neighbourhood,
    /// The system that their practice records in.
    System,
}

impl Slice {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Age, Self::Sex, Self::Deprivation, Self::Ethnicity, Self::Neighbourhood, Self::System];

    /// In words.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::Sex => "sex",
            Self::Deprivation => "deprivation",
            Self::Ethnicity => "ethnicity",
            Self::Neighbourhood => "neighbourhood",
            Self::System => "record system",
        }
    }

    fn at(self) -> usize {
        Self::ALL.iter().position(|slice| *slice == self).unwrap_or(0)
    }
}

/// Bands of age: 0–9 and so on, 90 and over, not known.
pub const AGES: usize = 11;
/// The band of those whose age is not known.
pub const AGE_UNKNOWN: usize = 10;

/// Where everybody stands in every slice on a day, made once and used for every count.
#[derive(Debug, Clone)]
pub struct Grid {
    /// For each person, the cell of each slice; the age band is the first.
    cells: Vec<[u8; 6]>,
    names: [Vec<String>; 6],
}

/// A cell of a slice.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Its name.
    pub name: String,
    /// How many of the cohort are in it.
    pub count: u64,
    /// How many there are of whom they could be.
    pub of: u64,
    /// How many there would be if each age here had the share that it has in the whole.
    pub expected: f64,
    /// The share it would have with the ages of the whole; `None` where an age of the whole has nobody here.
    pub standardised: Option<f64>,
    /// For each band of age, how many of the cohort and of how many. For whoever must reckon with rounded counts.
    pub ages: [(u32, u32); AGES],
}

/// A cohort's count, and its slices.
#[derive(Debug, Clone, PartialEq)]
pub struct Sliced {
    /// How many there are.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// For each slice, its cells.
    pub slices: Vec<(Slice, Vec<Cell>)>,
}

impl Grid {
    /// Of everybody on a day. More than 254 neighbourhoods, groups or systems go together in the last cell.
    #[must_use]
    pub fn of(people: &People, as_of: Day) -> Self {
        let cell = |number: usize| u8::try_from(number).unwrap_or(u8::MAX);
        let named = |words: &crate::words::Words| {
            let known = |word: &String| if word.is_empty() { "not known".to_owned() } else { word.clone() };
            if words.list().is_empty() {
                vec!["not known".to_owned()]
            } else {
                words.list().iter().map(known).collect()
            }
        };
        let cells = people.list.iter().map(|person| {
            let band = age(person.birth, as_of).map_or(AGE_UNKNOWN, |age| usize::from(age / 10).min(AGE_UNKNOWN - 1));
            let sex = Sex::ALL.iter().position(|sex| *sex == person.sex).unwrap_or(0);
            [
                cell(band),
                cell(sex),
                person.quintile.min(5),
                cell(usize::from(person.ethnicity)),
                cell(usize::from(person.neighbourhood)),
                cell(usize::from(person.system)),
            ]
        });
        let ages = (0..AGES).map(|band| match band {
            AGE_UNKNOWN => "not known".to_owned(),
            9 => "90 and over".to_owned(),
            band => format!("{} to {}", band * 10, band * 10 + 9),
        });
        let quintiles = (0..6).map(|fifth| if fifth == 0 { "not known".to_owned() } else { fifth.to_string() });
        Self {
            cells: cells.collect(),
            names: [
                ages.collect(),
                Sex::ALL.map(|sex| sex.word().to_owned()).to_vec(),
                quintiles.collect(),
                named(&people.ethnicities),
                named(&people.neighbourhoods),
                named(&people.systems),
            ],
        }
    }

    /// How many of `among` are in each cell of each slice, by age band.
    fn tally(&self, among: &Bits) -> [Vec<[u32; AGES]>; 6] {
        let mut tallies = std::array::from_fn(|slice: usize| vec![[0u32; AGES]; self.names[slice].len().max(256)]);
        for person in among.iter() {
            let Some(cells) = self.cells.get(person as usize) else { continue };
            let band = usize::from(cells[0]);
            for (tally, cell) in tallies.iter_mut().zip(cells) {
                tally[usize::from(*cell)][band] += 1;
            }
        }
        tallies
    }

    /// How many of everybody who could be in a cohort there are: to be kept for as long as `among` is.
    #[must_use]
    pub fn base(&self, among: &Bits) -> Base {
        Base { among: among.clone(), tallies: self.tally(among) }
    }

    /// A cohort, counted and sliced.
    #[must_use]
    pub fn slice(&self, cohort: &Bits, base: &Base) -> Sliced {
        let mut inside = cohort.clone();
        inside.and(&base.among);
        let counts = self.tally(&inside);
        let all = |tallies: &[Vec<[u32; AGES]>; 6]| -> [u64; AGES] {
            std::array::from_fn(|band| tallies[0].iter().map(|ages| u64::from(ages[band])).sum())
        };
        let (whole_count, whole_of) = (all(&counts), all(&base.tallies));
        let rate = |count: u64, of: u64| if of == 0 { 0.0 } else { count as f64 / of as f64 };
        let rates: [f64; AGES] = std::array::from_fn(|band| rate(whole_count[band], whole_of[band]));
        let total: u64 = whole_of.iter().sum();
        let slices = Slice::ALL.into_iter().map(|slice| {
            let at = slice.at();
            let cell = |(number, name): (usize, &String)| {
                let (count, of) = (&counts[at][number], &base.tallies[at][number]);
                let expected = (0..AGES).map(|band| f64::from(of[band]) * rates[band]).sum();
                let is_whole = (0..AGES).all(|band| whole_of[band] == 0 || of[band] > 0);
                let own = |band: usize| rate(u64::from(count[band]), u64::from(of[band])) * whole_of[band] as f64;
                let standardised =
                    (slice != Slice::Age && is_whole).then(|| (0..AGES).map(own).sum::<f64>() / total.max(1) as f64);
                let sum = |ages: &[u32; AGES]| ages.iter().map(|count| u64::from(*count)).sum();
                let ages = std::array::from_fn(|band| (count[band], of[band]));
                Cell { name: name.clone(), count: sum(count), of: sum(of), expected, standardised, ages }
            };
            (slice, self.names[at].iter().enumerate().map(cell).collect())
        });
        Sliced { count: whole_count.iter().sum(), of: total, slices: slices.collect() }
    }
}

/// Of whom a cohort can be: everybody registered, say, and their numbers in every cell.
#[derive(Debug, Clone)]
pub struct Base {
    among: Bits,
    tallies: [Vec<[u32; AGES]>; 6],
}

#[cfg(test)]
mod tests;
