//! Who else lives at the address of a pair, as its page tells it.

use record::identity::Identity;
use record::review::{Household, Opened};

use crate::desk::feeds::thousands;
use crate::desk::person::{born, full_name};
use crate::pages::identity::household::{Home, Member};
use crate::session::Who;

/// A home in words; `named` are those whom the reader has leave to be told of.
pub(super) fn home(who: &Who, opened: &Opened, home: &Household, named: &[Identity]) -> Home {
    let place = match home.of {
        [true, true] => "At the address of both records",
        [true, false] => "At the address of the first record",
        _ => "At the address of the second record",
    };
    let mut people: Vec<&Identity> = named.iter().filter(|one| home.people.contains(&one.person)).collect();
    people.sort_by_key(|one| (one.birth_date, one.given.clone(), one.person));
    Home {
        place: place.to_owned(),
        crowd: (home.others > 0 && home.people.is_empty()).then(|| {
            let others = thousands(i64::try_from(home.others).unwrap_or(i64::MAX));
            format!("{others} others are known there: a care home, a hostel or many homes under one address. They are not named, and sharing it says little.")
        }),
        members: people.into_iter().map(|one| member(who, opened, one)).collect(),
    }
}

fn member(who: &Who, opened: &Opened, one: &Identity) -> Member {
    Member {
        name: full_name(one),
        born: one.birth_date.map(|_| born(one, who.at)).unwrap_or_default(),
        sex: one.sex.clone().unwrap_or_default(),
        beside: beside(opened, one),
    }
}

/// What they share with the two: a twin and a namesake show here.
fn beside(opened: &Opened, one: &Identity) -> String {
    let same = |of: &dyn Fn(&Identity) -> Option<String>, what: &str| {
        let own = of(one)?;
        let shares = opened.sides.each_ref().map(|side| side.identity.as_ref().and_then(of).as_ref() == Some(&own));
        let whose = match shares {
            [true, true] => "both records",
            [true, false] => "the first record",
            [false, true] => "the second record",
            [false, false] => return None,
        };
        Some(format!("{what} as {whose}"))
    };
    let given = |one: &Identity| Some(one.given.to_lowercase()).filter(|given| !given.is_empty());
    let said = [
        same(&|one| one.birth_date.map(|date| date.to_string()), "born on the same day"),
        same(&given, "the same given name"),
    ];
    said.into_iter().flatten().collect::<Vec<_>>().join("; ")
}
