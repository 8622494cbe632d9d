//! What was done here for somebody, in codes of the house's own: two-hour responses and falls that were told. Must not decide what
//! a rule makes of them.

use jiff::Timestamp;
use population::code::System;
use population::day::Day;
use record::resource::date;
use store::{Result, Tx};
use uuid::Uuid;

use crate::coded::{Coded, local};

/// The word of the source of what was done here.
pub const SOURCE: &str = "care";
/// More minutes than this on the floor are a long lie (as the World Falls Guidelines have it, one hour).
const LONG: i64 = 60;

/// Everything of a person, by the root.
pub(crate) fn of(tx: &mut dyn Tx, person: Uuid) -> Result<Vec<Coded>> {
    let mut coded = Vec::new();
    for (id, received) in care::views::whole::responses(tx, person)? {
        coded.extend(one(id, received, local::URGENT_CONTACT));
    }
    for fallen in care::views::whole::falls(tx, person)? {
        coded.extend(one(fallen.id, fallen.reported, local::FALL));
        if fallen.minutes.is_some_and(|minutes| minutes > LONG) {
            coded.extend(one(fallen.id, fallen.reported, local::LONG_LIE));
        }
    }
    Ok(coded)
}

fn one(record: Uuid, at: Timestamp, word: &str) -> Option<Coded> {
    let day = Day::of(date::london(at).date())?;
    let (code, source) = (word.to_owned(), SOURCE.to_owned());
    Some(Coded { system: System::Local, code, day, value: None, unit: String::new(), source, record })
}
