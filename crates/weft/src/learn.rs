//! `weft learn`: learns from the records that are here how people are told apart, puts it in force, and looks at everybody again by
//! it. Stewards' decisions outrank it before and after. Prints counts; never who somebody is.

use jiff::Timestamp;
use record::linkage::{NotLearned, adopt, look_again};
use uuid::Uuid;

use crate::house::House;
use crate::settings::Settings;
use crate::terminal::{grouped, say};

/// So many records are looked at in one transaction.
const AT_ONCE: i64 = 250;
/// Who writes it down.
const ACTOR: &str = "weft";

pub(crate) fn run(settings: &Settings) -> anyhow::Result<()> {
    let house = House::open(settings)?;
    let at = house.clock.now();
    learn(&house, at)
}

/// Learns, adopts and looks again. With too few records it says so and leaves the exact rules in force.
pub(crate) fn learn(house: &House, at: Timestamp) -> anyhow::Result<()> {
    let learned = match house.store.read(|tx| Ok::<_, store::Error>(record::linkage::rows(tx)))? {
        Ok(learned) => learned,
        Err(NotLearned::TooFew(rows)) => {
            say(format!("Nothing is learnt: {}.", NotLearned::TooFew(rows)));
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    let (version, rows) = (learned.version(), i64::from(learned.rows()));
    let before = house.store.read(|tx| record::views::person::count(tx))?;
    house.store.write(move |write| adopt(write, &learned, ACTOR, at))?;
    let mut after = Some(Uuid::nil());
    while let Some(from) = after {
        let index = house.index.clone();
        after = house.store.write(move |write| look_again(write, index.as_ref(), from, AT_ONCE, ACTOR, at))?;
    }
    let (people, waiting) = house
        .store
        .read(|tx| Ok::<_, store::Error>((record::views::person::count(tx)?, record::review::count(tx)?)))?;
    say(format!(
        "Learning {version}, from {} records of people: {} people (before: {}); {} pairs wait for a steward.",
        grouped(rows),
        grouped(people),
        grouped(before),
        grouped(i64::try_from(waiting).unwrap_or(i64::MAX))
    ));
    Ok(())
}
