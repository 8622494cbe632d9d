//! A saved model in use over rows that are kept elsewhere. Whoever keeps them lays a few on the desk, asks how they compare and how
//! they divide into people, and clears it. For one model the answers rest on the rows alone and not on what lay there before.

use crate::blocking::stable_keys;
use crate::cluster::Judge as _;
use crate::cluster::{self, Division};
use crate::constraint::Constraints;
use crate::explanation::{Explanation, explain};
use crate::link::Bench;
use crate::model::{Judgement, Model, Rates};
use crate::pattern::Comparer;
use crate::roll::{Claim, Roll, home_hash};
use crate::saved::{Saved, SavedError};

/// After so many distinct addresses the texts are forgotten and learnt again as they come.
const MOST_WORDS: usize = 200_000;

/// A model and the rows that lie before it.
#[derive(Debug)]
pub struct Desk {
    saved: Saved,
    roll: Roll,
    model: Model,
    rates: Rates,
    comparer: Comparer,
}

impl Desk {
    /// A desk for a saved model.
    ///
    /// # Errors
    /// [`SavedError`] where it is of another version of Weft.
    pub fn of(saved: Saved) -> Result<Self, SavedError> {
        let (model, roll) = (saved.model()?, saved.roll());
        Ok(Self { rates: Rates::of(&roll), comparer: Comparer::default(), saved, roll, model })
    }

    /// Which learning it is.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.model.version
    }

    /// log2 of the odds from which rows are joined.
    #[must_use]
    pub const fn threshold(&self) -> f32 {
        self.model.threshold
    }

    /// Takes every row off.
    pub fn clear(&mut self) {
        self.roll.clear();
        if self.roll.addresses.len() > MOST_WORDS || self.roll.names.len() > MOST_WORDS * 4 {
            self.roll = self.saved.roll();
            self.comparer = Comparer::default();
        }
    }

    /// Lays a row on, and gives its place. Its rank is a number that it always has.
    pub fn lay(&mut self, claim: &Claim<'_>, rank: u64) -> u32 {
        let (row, _) = self.roll.read(claim);
        self.roll.push(row, rank)
    }

    /// The keys under which a row is found.
    #[must_use]
    pub fn keys(&self, row: u32) -> Vec<u64> {
        self.roll.rows().get(row as usize).map(|row| stable_keys(&self.roll, row)).unwrap_or_default()
    }

    fn bench(&mut self) -> Bench<'_> {
        Bench::new(&self.roll, &self.model, &self.rates, &mut self.comparer)
    }

    /// What is thought of two rows that lie here.
    pub fn judge(&mut self, one: u32, other: u32) -> Judgement {
        self.bench().judge(one, other)
    }

    /// Why.
    pub fn explain(&mut self, one: u32, other: u32) -> Explanation {
        let judgement = self.judge(one, other);
        let rows = (&self.roll.rows()[one as usize], &self.roll.rows()[other as usize]);
        explain(&self.model, &self.roll, &self.rates, &judgement, rows.0, rows.1)
    }

    /// Divides rows that hang together into people.
    pub fn divide(&mut self, rows: &[u32], constraints: &Constraints) -> Division {
        let threshold = self.model.threshold;
        cluster::divide(rows, threshold, constraints, &mut self.bench())
    }
}

/// By what a claim is found, for whoever keeps rows: the same in every run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its keys: two rows that share one are compared.
    pub keys: Vec<u64>,
    /// The home it names, by its words: whoever has the same lives there, too. None where line or postcode is not given or withheld.
    pub home: Option<u64>,
}

/// By what a claim is found.
#[must_use]
pub fn found(claim: &Claim<'_>) -> Found {
    let mut roll = Roll::new(crate::schema::Schema::default(), true);
    let (row, _) = roll.read(claim);
    let words = || home_hash(roll.addresses.text(row.address), roll.postcodes.text(row.postcode));
    Found { keys: stable_keys(&roll, &row), home: (row.home() != 0).then(words) }
}
