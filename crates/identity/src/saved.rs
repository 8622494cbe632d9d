//! What was learnt, as it is kept: the weights, and how common names, birth dates and homes were, by their words. Numbers that a
//! roll gave them mean nothing to another roll, so none is in it. A home stands in it as a hash and a count.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::model::{CLASSES, Model};
use crate::pattern::{FIELDS, LEVELS};
use crate::roll::{Homes, Roll, home_hash};
use crate::schema::Schema;

/// A model with the counts it was learnt with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// Which learning it is.
    pub version: u32,
    /// How many rows were counted.
    pub rows: u32,
    /// log2 of the odds from which rows are joined.
    pub threshold: f32,
    fields: usize,
    tables: Vec<Vec<Vec<f32>>>,
    shares: Vec<f32>,
    namesakes: f32,
    names: BTreeMap<String, [u32; 2]>,
    births: Vec<(u32, u32)>,
    homes: Vec<(u64, u32)>,
    shared: f64,
}

/// Why a saved model cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SavedError {
    /// It has not the shape that this program gives models.
    #[error("the saved model has {0} where this program has {1}: it is of another version of Weft. Learn anew")]
    Shape(String, String),
}

impl Saved {
    /// Keeps a model with the counts of the roll it was learnt from. Columns beside the usual ones are not kept.
    #[must_use]
    pub fn of(roll: &Roll, model: &Model) -> Self {
        let mut homes: Vec<(u64, u32)> = roll
            .homes
            .common()
            .map(|(home, count)| {
                let (postcode, address) = (crate::text::low(home >> 32), crate::text::low(home));
                (home_hash(roll.addresses.text(address), roll.postcodes.text(postcode)), count)
            })
            .collect();
        homes.sort_unstable();
        Self {
            version: model.version,
            rows: roll.counted,
            threshold: model.threshold,
            fields: model.fields,
            tables: model.tables.iter().map(|table| table.iter().map(|field| field.to_vec()).collect()).collect(),
            shares: model.shares.to_vec(),
            namesakes: model.namesakes,
            names: roll.names.counted().map(|(name, counts)| (name.to_owned(), counts)).collect(),
            births: (0u32..).zip(roll.births.iter().copied()).filter(|(_, count)| *count > 0).collect(),
            homes,
            shared: roll.homes.shared,
        }
    }

    /// The weights.
    ///
    /// # Errors
    /// [`SavedError::Shape`] where it was kept by a program with other fields or levels.
    pub fn model(&self) -> Result<Model, SavedError> {
        let found = (self.tables.len(), self.shares.len(), self.tables.first().map_or(0, Vec::len));
        let shape = || SavedError::Shape(format!("{found:?}"), format!("{:?}", (CLASSES, CLASSES, FIELDS)));
        let mut model = Model {
            version: self.version,
            fields: self.fields,
            tables: [[[0.0; LEVELS]; FIELDS]; CLASSES],
            shares: self.shares.as_slice().try_into().map_err(|_| shape())?,
            namesakes: self.namesakes,
            threshold: self.threshold,
        };
        if self.fields > FIELDS || self.tables.len() != CLASSES {
            return Err(shape());
        }
        for (into, from) in model.tables.iter_mut().zip(&self.tables) {
            if from.len() != FIELDS {
                return Err(shape());
            }
            for (into, from) in into.iter_mut().zip(from) {
                *into = from.as_slice().try_into().map_err(|_| shape())?;
            }
        }
        Ok(model)
    }

    /// A roll without rows that counts as the one did that was learnt from.
    #[must_use]
    pub fn roll(&self) -> Roll {
        let mut roll = Roll::new(Schema::default(), true);
        for (name, counts) in &self.names {
            roll.names.recall(name, *counts);
        }
        roll.counted = self.rows;
        roll.births = vec![0; crate::roll::BIRTHS];
        for (place, count) in &self.births {
            if let Some(birth) = roll.births.get_mut(*place as usize) {
                *birth = *count;
            }
        }
        roll.homes = Homes::saved(self.homes.iter().copied().collect::<HashMap<_, _>>(), self.shared);
        roll
    }
}
