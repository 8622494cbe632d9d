//! Holding a slot that others want, too: whoever was not first hears at once that it was just taken, and is given the nearest three
//! that are still free. Must not tell who was first.

use jiff::Timestamp;
use store::{Refused, Troubled, Write};
use uuid::Uuid;

use super::{Command, Holder, Refusal, Slot};
use crate::views::slot as rows;

/// How many others are offered.
pub const ALTERNATIVES: usize = 3;

/// A slot that is free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// Its history in the log.
    pub id: Uuid,
    /// Which place.
    pub place: String,
    /// From.
    pub starts: Timestamp,
    /// Until.
    pub ends: Timestamp,
}

/// Why somebody does not hold it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NotHeld {
    /// It was just taken, is over or is not offered any more; these are free.
    #[error("{because}")]
    Gone {
        /// Which of the three.
        because: Refusal,
        /// The nearest that are free, the nearest first; as many as there are, at most three.
        alternatives: Vec<Alternative>,
    },
    /// The rules say no.
    #[error(transparent)]
    Rules(Refusal),
    /// The store could not.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Troubled for NotHeld {
    fn trouble(&self) -> Option<&store::Error> {
        match self {
            Self::Gone { .. } | Self::Rules(_) => None,
            Self::Store(error) => Some(error),
        }
    }
}

/// Offers a slot.
///
/// # Errors
/// [`NotHeld::Rules`] where it cannot be: a place is offered once for one time, and the database keeps that rule as well.
pub fn open(write: &mut Write<'_>, command: Command, actor: &str, at: Timestamp) -> Result<Uuid, NotHeld> {
    if let Command::Open { service, place, starts, .. } = &command
        && rows::offered(write.tx(), service, *starts, place)?
    {
        return Err(NotHeld::Rules(Refusal::AlreadyOffered));
    }
    let id = write.new_id(at);
    match write.begin::<Slot>(id, command, None, actor, at) {
        Ok(_) => Ok(id),
        Err(Refused::Rules(refusal)) => Err(NotHeld::Rules(refusal)),
        Err(Refused::Store(error)) => Err(NotHeld::Store(error)),
    }
}

/// Holds a slot for ten minutes.
///
/// # Errors
/// [`NotHeld::Gone`] with what is free instead.
pub fn hold(write: &mut Write<'_>, slot: Uuid, holder: Holder, at: Timestamp) -> Result<Slot, NotHeld> {
    let actor = holder.by.clone();
    match write.execute::<Slot>(slot, Command::Hold(holder), &actor, at) {
        Ok(held) => Ok(held),
        Err(Refused::Store(error)) => Err(NotHeld::Store(error)),
        Err(Refused::Rules(because)) => {
            let wanted = rows::one(write.tx(), slot)?;
            let alternatives = match wanted {
                Some((service, starts)) => nearest(rows::free(write.tx(), &service, at)?, starts),
                None => Vec::new(),
            };
            Err(NotHeld::Gone { because, alternatives })
        }
    }
}

/// The nearest in time, of two as near the later.
fn nearest(mut free: Vec<Alternative>, wanted: Timestamp) -> Vec<Alternative> {
    free.sort_by_key(|slot| (slot.starts.duration_since(wanted).abs(), std::cmp::Reverse(slot.starts), slot.id));
    free.truncate(ALTERNATIVES);
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_nearest_are_offered_and_of_two_as_near_the_later() {
        let at = |minute: i64| Timestamp::from_second(1_000_000 + 60 * minute).unwrap();
        let free = |minute: i64| Alternative {
            id: Uuid::from_u128(minute.unsigned_abs().into()),
            place: "chair".to_owned(),
            starts: at(minute),
            ends: at(minute + 15),
        };
        let offered = nearest([0, 15, 45, 60, 300].map(free).into(), at(30));
        assert_eq!(offered.iter().map(|slot| slot.starts).collect::<Vec<_>>(), [at(45), at(15), at(60)]);
        assert!(nearest(Vec::new(), at(30)).is_empty());
    }
}
