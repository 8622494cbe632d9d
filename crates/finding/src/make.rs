//! What everybody is made of before they stand in the columns: who they are in what can be counted, and what happened to them in
//! codes. One function of what the store has now, for building all anew and for keeping in step alike.

use place::Place;
use place::{OdsCode, Postcode};
use population::day::Day;
use population::people::Sex;
use record::whole::{self, Traits};
use store::{Result, Tx};
use uuid::Uuid;

use crate::coded::{self, Coded};
use crate::done;
use crate::left::{LeftOut, Reason};

/// One person, ready to be put into the columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Made {
    /// `None` where no source has named them: they are nobody's to count, and nothing of theirs is in the columns.
    pub(crate) traits: Option<Counted>,
    /// What happened to them.
    pub(crate) coded: Vec<Coded>,
    /// What could not be used.
    pub(crate) left: LeftOut,
}

/// Who somebody is, in what can be counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) birth: Day,
    pub(crate) sex: Sex,
    pub(crate) ethnicity: String,
    /// The neighbourhood's name; empty where none is known, or where they live must not be told.
    pub(crate) neighbourhood: String,
    /// Deprivation of where they live, 1 the most deprived fifth of England to 5; 0 where it is not known, or must not be told.
    pub(crate) quintile: u8,
    /// The record system of the practice by whose feed they are registered; [`NO_PRACTICE`] where no practice's feed speaks of them, empty
    /// where nobody said which system it is, or where they live must not be told.
    pub(crate) system: String,
    /// They live in one of the place's areas.
    pub(crate) is_resident: bool,
    pub(crate) is_registered: bool,
    pub(crate) deceased: bool,
}

/// A person by the root, from what the store has now.
pub(crate) fn of(tx: &mut dyn Tx, place: &Place, root: Uuid) -> Result<Made> {
    let whole = whole::of(tx, root)?;
    let mut made = Made { traits: whole.traits.map(|traits| counted(place, &traits)), ..Made::default() };
    for said in &whole.said {
        let coded = coded::of(said, &mut made.left);
        made.coded.extend(coded);
    }
    made.coded.extend(done::of(tx, root)?);
    if made.traits.is_none() {
        made.left = LeftOut::default();
        made.coded.drain(..).for_each(|_| made.left.count(Reason::Nobody));
    }
    Ok(made)
}

fn counted(place: &Place, traits: &Traits) -> Counted {
    let practice: Option<OdsCode> = traits.practice.as_deref().and_then(|code| code.parse().ok());
    let neighbourhood = practice.as_ref().and_then(|code| place.neighbourhood_of_practice(code));
    let area =
        traits.postcode.as_deref().and_then(|text| Postcode::parse(text).ok()).and_then(|code| place.area_of(&code));
    Counted {
        birth: traits.birth.and_then(Day::of).unwrap_or(Day::NONE),
        sex: traits.sex.as_deref().and_then(Sex::read).unwrap_or_default(),
        ethnicity: traits.ethnicity.as_deref().map(ethnic_group).unwrap_or(NOT_STATED).to_owned(),
        neighbourhood: neighbourhood.map(|one| one.name.clone()).unwrap_or_default(),
        quintile: area.map_or(0, place::Area::quintile),
        system: system(place, traits),
        is_resident: area.is_some(),
        is_registered: practice.is_some_and(|code| place.practice(&code).is_some()),
        deceased: traits.deceased,
    }
}

/// The word for the system of those of whom no practice's feed speaks.
pub(crate) const NO_PRACTICE: &str = "no practice\u{2019}s record";

/// The record system in which somebody is coded: that of the practice that the newest of the practices' own feeds says they are
/// registered with. What a hospital says of a practice brings none of its codes.
fn system(place: &Place, traits: &Traits) -> String {
    if traits.is_withheld {
        return String::new();
    }
    let Some(own) = traits.registrations.iter().find(|one| place.is_of_practices(&one.feed)) else {
        return NO_PRACTICE.to_owned();
    };
    let practice: Option<OdsCode> = own.practice.parse().ok();
    let system = practice.and_then(|practice| place.system_of(&practice, &own.feed));
    system.map(|system| system.name.clone()).unwrap_or_default()
}

const NOT_STATED: &str = "Not stated or not known";

/// The broad group of a category: by its code in the NHS data dictionary, or by how the census's words for it begin. Another word stays
/// not known, so that no group is of one person. The dictionary's Chinese (R) is of its other groups, the census's of the Asian ones.
fn ethnic_group(code: &str) -> &'static str {
    const CENSUS: [(&str, &str); 5] = [
        ("White", "White"),
        ("Mixed", "Mixed"),
        ("Asian", "Asian or Asian British"),
        ("Black", "Black or Black British"),
        ("Other ethnic group", "Other"),
    ];
    if let Some((_, group)) = CENSUS.iter().find(|(begins, _)| code.trim().starts_with(begins)) {
        return group;
    }
    match code.trim().chars().next().filter(|_| code.trim().len() <= 2) {
        Some('A' | 'B' | 'C') => "White",
        Some('D' | 'E' | 'F' | 'G') => "Mixed",
        Some('H' | 'J' | 'K' | 'L') => "Asian or Asian British",
        Some('M' | 'N' | 'P') => "Black or Black British",
        Some('R' | 'S') => "Other",
        _ => NOT_STATED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::whole::Registration;

    fn said(feed: &str, practice: &str) -> Registration {
        Registration { feed: feed.to_owned(), practice: practice.to_owned() }
    }

    #[test]
    fn the_system_is_that_of_the_practices_own_feed_and_of_no_other() {
        let place = Place::built_in().unwrap();
        let of = |registrations: Vec<Registration>, is_withheld: bool| {
            system(&place, &Traits { registrations, is_withheld, ..Traits::default() })
        };
        let (bobbin, shuttle) = ("Bobbin (invented)", "Shuttle (invented)");
        assert_eq!(of(vec![said("gp", "P88002")], false), bobbin);
        assert_eq!(of(vec![said("hospital", "P88002"), said("gp-extract", "P88005")], false), shuttle);
        assert_eq!(of(vec![said("gp-extract", "P88005"), said("gp", "P88002")], false), shuttle, "who spoke last");
        assert_eq!(of(vec![said("hospital", "P88002")], false), NO_PRACTICE, "a hospital brings no code of theirs");
        assert_eq!(of(Vec::new(), false), NO_PRACTICE);
        assert_eq!(of(vec![said("gp", "A99999")], false), "", "a practice of another place: nobody said which system");
        assert_eq!(of(vec![said("gp", "P88002")], true), "", "nobody is told where they live, nor by this");
    }

    #[test]
    fn ethnicity_is_read_by_code_and_by_the_words_of_the_census() {
        for (said, group) in [
            ("A", "White"),
            ("White: English, Welsh, Scottish, Northern Irish or British", "White"),
            ("Mixed or Multiple ethnic groups: White and Asian", "Mixed"),
            ("G", "Mixed"),
            ("Asian, Asian British or Asian Welsh: Pakistani", "Asian or Asian British"),
            ("Black, Black British, Black Welsh, Caribbean or African: African", "Black or Black British"),
            ("Other ethnic group: Arab", "Other"),
            ("R", "Other"),
            ("Z", NOT_STATED),
            ("", NOT_STATED),
            ("Martian", NOT_STATED),
        ] {
            assert_eq!(ethnic_group(said), group, "{said}");
        }
    }
}
