//! Whose somebody is: which team answers for their health care and which council for their social care, and why. Health care
//! follows the practice they are registered with, social care the place where they live; the two may be different boroughs.
//! Must never be a reason to turn anybody away: it says whom to ask, beside whoever helps now.

use jiff::civil::Date;
use serde::Deserialize;

use crate::rows::words;
use crate::{Basis, Neighbourhood, OdsCode, Organisation, OrganisationKind, Place, Postcode, Slug};

/// Which council answers for social care where postcodes begin like this.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Residence {
    /// Short name: `sk22`.
    pub id: Slug,
    /// How postcodes there begin: a district (`SK22`) or a sector (`SK6 5`).
    #[serde(deserialize_with = "words")]
    pub begins: String,
    /// The council, by its short name.
    pub council: Slug,
    /// How we know.
    pub basis: Basis,
}

/// What is known of where somebody belongs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lives {
    /// The practice they are registered with.
    pub practice: Option<OdsCode>,
    /// Where they live, as far as that may be known.
    pub postcode: Option<Postcode>,
}

/// Which care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// What the NHS owes: by the practice.
    Health,
    /// What a council owes: by ordinary residence.
    Social,
}

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Who<'p> {
    /// The team of a neighbourhood of this place.
    Neighbourhood(&'p Neighbourhood),
    /// The council of this place.
    Council(&'p Organisation),
    /// The council of a place beside this one.
    Neighbour(&'p Organisation),
    /// Whoever answers for a practice of another place.
    Elsewhere,
    /// Nobody knows yet.
    Unknown,
}

/// Who answers for somebody, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Home<'p> {
    /// Who.
    pub who: Who<'p>,
    /// Why, in a sentence without a capital: `they are registered with Marple Bridge Surgery`.
    pub because: String,
}

impl Home<'_> {
    /// Whether it is another place's: then that place is asked, and we help meanwhile.
    #[must_use]
    pub const fn is_away(&self) -> bool {
        matches!(self.who, Who::Neighbour(_) | Who::Elsewhere)
    }
}

impl Place {
    /// Who answers for somebody's care on a day.
    #[must_use]
    pub fn home(&self, lives: &Lives, care: Care, day: Date) -> Home<'_> {
        match care {
            Care::Health => self.health(lives.practice.as_ref(), day),
            Care::Social => self.social(lives.postcode.as_ref()),
        }
    }

    /// Whether somebody is among the people whom this place counts on a day: under a line of a rate, in a list of its people. They
    /// are, by their practice for health care and by where they live for social care; somebody of whom it is not known is not.
    #[must_use]
    pub fn counts_towards(&self, lives: &Lives, care: Care, day: Date) -> bool {
        matches!(self.home(lives, care, day).who, Who::Neighbourhood(_) | Who::Council(_))
    }

    fn health(&self, code: Option<&OdsCode>, day: Date) -> Home<'_> {
        let Some(code) = code else {
            return Home {
                who: Who::Unknown,
                because: "nobody knows which practice they are registered with".to_owned(),
            };
        };
        let Some(practice) = self.practice(code) else {
            let because = format!("they are registered with practice {code}, which is of another place");
            return Home { who: Who::Elsewhere, because };
        };
        if practice.closed.is_some_and(|closed| closed < day) {
            let because = format!("{} has closed, and nobody has said where they are registered now", practice.name);
            return Home { who: Who::Unknown, because };
        }
        let because = format!("they are registered with {}", practice.name);
        match self.neighbourhood(&practice.neighbourhood) {
            Some(neighbourhood) => Home { who: Who::Neighbourhood(neighbourhood), because },
            None => Home { who: Who::Unknown, because },
        }
    }

    fn social(&self, postcode: Option<&Postcode>) -> Home<'_> {
        let Some(postcode) = postcode else {
            let because = "nobody knows, or may say, where they live".to_owned();
            return Home { who: Who::Unknown, because };
        };
        let (sector, district) = (postcode.sector(), postcode.as_str().split(' ').next().unwrap_or_default());
        let at = |begins: &str| self.residences().iter().find(|one| one.begins == begins);
        let found = at(sector).or_else(|| at(district));
        let council = found.and_then(|one| self.organisation(&one.council));
        let Some(council) = council else {
            let because = format!("they live at {district}, and we do not know whose that is");
            return Home { who: Who::Unknown, because };
        };
        let because = format!("they live at {district}");
        let who =
            if council.kind == OrganisationKind::Neighbour { Who::Neighbour(council) } else { Who::Council(council) };
        Home { who, because }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn lives(practice: &str, postcode: &str) -> Lives {
        Lives { practice: practice.parse().ok(), postcode: Postcode::parse(postcode).ok() }
    }

    #[test]
    fn health_care_follows_the_practice_and_social_care_the_home() {
        let place = Place::built_in().unwrap();
        let today = date(2026, 11, 22);
        let who = |lives: &Lives, care| match place.home(lives, care, today).who {
            Who::Neighbourhood(one) => one.name.clone(),
            Who::Council(one) | Who::Neighbour(one) => one.name.clone(),
            Who::Elsewhere => "elsewhere".to_owned(),
            Who::Unknown => "unknown".to_owned(),
        };
        for (practice, postcode, health, social, counts) in [
            ("P88002", "SK6 6XX", "Marple", "Stockport Metropolitan Borough Council", (true, true)),
            // Lives in High Peak with a practice in Stockport, and the reverse.
            ("P88002", "SK22 4XX", "Marple", "Derbyshire County Council", (true, false)),
            ("C81999", "SK6 6XX", "elsewhere", "Stockport Metropolitan Borough Council", (false, true)),
            ("C81999", "SK23 7XX", "elsewhere", "Derbyshire County Council", (false, false)),
            ("P88002", "SK12 2XX", "Marple", "Cheshire East Council", (true, false)),
            ("", "ZE1 0XX", "unknown", "unknown", (false, false)),
            ("", "", "unknown", "unknown", (false, false)),
        ] {
            let lives = lives(practice, postcode);
            assert_eq!((who(&lives, Care::Health), who(&lives, Care::Social)), (health.to_owned(), social.to_owned()));
            let each = [Care::Health, Care::Social].map(|care| place.counts_towards(&lives, care, today));
            assert_eq!(each, [counts.0, counts.1], "{practice} {postcode}");
            for care in [Care::Health, Care::Social] {
                let home = place.home(&lives, care, today);
                assert!(
                    !home.because.is_empty() && !home.because.contains("XX"),
                    "no more of an address than its district"
                );
                // Nobody is counted by this place who is another's.
                assert!(!(home.is_away() && place.counts_towards(&lives, care, today)));
            }
        }
    }

    #[test]
    fn a_practice_that_has_closed_counted_until_it_did() {
        let place = Place::built_in().unwrap();
        let closed = place.practices().iter().find(|one| one.closed.is_some()).unwrap();
        let lives = Lives { practice: Some(closed.code.clone()), postcode: None };
        let last = closed.closed.unwrap();
        assert!(place.counts_towards(&lives, Care::Health, last));
        assert!(!place.counts_towards(&lives, Care::Health, last.tomorrow().unwrap()));
    }

    #[test]
    fn every_neighbour_can_be_asked() {
        let place = Place::built_in().unwrap();
        for one in place.organisations().iter().filter(|one| one.kind == OrganisationKind::Neighbour) {
            assert!(place.residences().iter().any(|residence| residence.council == one.id), "{}", one.name);
        }
    }
}
