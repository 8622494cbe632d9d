//! Clinics that see people on the same day, from the place's `clinics.toml`: where, in which hours, how many at once and for how
//! long. Must not say how many places are free: the slots that were published do.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::team::Team;

/// A clinic.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clinic {
    /// Short name: `ambulatory-care`. Its team is `service:` and this.
    pub id: place::Slug,
    /// As people call it.
    pub name: String,
    /// Where it is, as somebody would be told on the telephone.
    pub at: String,
    /// What it does, in a sentence.
    pub summary: String,
    /// The level of need that it meets.
    pub level: place::Level,
    /// When it sees people.
    pub hours: place::Hours,
    /// How long a slot is, in minutes.
    pub minutes: u16,
    /// Its places: chairs, rooms.
    pub places: Vec<String>,
    /// How we know.
    pub basis: place::Basis,
}

/// What is wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("clinics.toml: {0}")]
pub struct Unfit(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    clinic: Vec<Clinic>,
}

/// All of them, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clinics(Vec<Clinic>);

impl Clinics {
    /// The clinics of a place; a place without the file has none.
    ///
    /// # Errors
    /// [`Unfit`] with what is wrong and where.
    pub fn of(place: &place::Place) -> Result<Self, Unfit> {
        place.file("clinics.toml").map_or_else(|| Ok(Self::default()), Self::read)
    }

    /// Reads the place's file.
    ///
    /// # Errors
    /// [`Unfit`] with what is wrong and where.
    pub fn read(text: &str) -> Result<Self, Unfit> {
        let file: File = toml::from_str(text).map_err(|error| Unfit(error.to_string()))?;
        let wrong = |one: &Clinic, what: &str| Err(Unfit(format!("clinic {}: {what}", one.id)));
        for (number, one) in file.clinic.iter().enumerate() {
            if file.clinic.iter().take(number).any(|before| before.id == one.id) {
                return wrong(one, "it stands there twice; leave one out");
            }
            if !(5..=240).contains(&one.minutes) {
                return wrong(one, "minutes is between 5 and 240");
            }
            let twice = |name: &String| one.places.iter().filter(|other| *other == name).count() > 1;
            if one.places.is_empty() || one.places.iter().any(|name| name.trim().is_empty() || twice(name)) {
                return wrong(one, "places names each place once");
            }
        }
        Ok(Self(file.clinic))
    }

    /// Every one.
    #[must_use]
    pub fn all(&self) -> &[Clinic] {
        &self.0
    }

    /// The one of a short name.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Clinic> {
        self.0.iter().find(|one| one.id == *id)
    }
}

impl Clinic {
    /// Its team.
    #[must_use]
    pub fn team(&self) -> Option<Team> {
        Team::try_from(format!("service:{}", self.id)).ok()
    }

    /// The times of its slots between two times of a day, each from and until. An hour that the clocks leave out in spring has
    /// none; of one that comes twice in autumn the first counts.
    #[must_use]
    pub fn times(&self, day: Date, from: Time, until: Time, zone: &TimeZone) -> Vec<(Timestamp, Timestamp)> {
        let length = SignedDuration::from_mins(self.minutes.into());
        let moment = |at: DateTime| at.to_zoned(zone.clone()).ok().filter(|zoned| zoned.datetime() == at);
        let mut times = Vec::new();
        let (mut at, end) = (day.to_datetime(from), day.to_datetime(until));
        while let Ok(next) = at.checked_add(length) {
            if next > end {
                break;
            }
            if let (Some(starts), Some(ends)) = (moment(at), moment(next)) {
                times.push((starts.timestamp(), ends.timestamp()));
            }
            at = next;
        }
        times
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn unit() -> Clinic {
        let place = place::Place::built_in().unwrap();
        Clinics::of(&place).unwrap().get("ambulatory-care").unwrap().clone()
    }

    #[test]
    fn slots_follow_one_another_and_none_lies_in_an_hour_that_is_not_there() {
        let (unit, zone) = (unit(), TimeZone::get("Europe/London").unwrap());
        let times = unit.times(date(2026, 11, 24), time(8, 0, 0, 0), time(10, 10, 0, 0), &zone);
        assert_eq!(times.len(), 4, "half hours; the last ten minutes are none");
        assert!(times.windows(2).all(|pair| pair[0].1 == pair[1].0));
        // On 29 March 2026 there is no time between one and two at night.
        let spring = unit.times(date(2026, 3, 29), time(0, 0, 0, 0), time(3, 0, 0, 0), &zone);
        assert!(spring.iter().all(|(starts, ends)| ends.duration_since(*starts) == SignedDuration::from_mins(30)));
        assert_eq!(spring.len(), 3);
        assert!(unit.times(date(2026, 11, 24), time(10, 0, 0, 0), time(9, 0, 0, 0), &zone).is_empty());
    }

    #[test]
    fn a_file_that_cannot_be_is_refused_with_what_is_wrong() {
        let text = |minutes: &str, places: &str| {
            format!(
                "[[clinic]]\nid = \"unit\"\nname = \"Unit\"\nat = \"there\"\nsummary = \"sees people\"\nlevel = \"hospital\"\n\
                 hours = \"always\"\nminutes = {minutes}\nplaces = {places}\nbasis = \"invented\"\n"
            )
        };
        assert_eq!(Clinics::read(&text("30", "[\"a\", \"b\"]")).unwrap().all().len(), 1);
        for (minutes, places, what) in
            [("0", "[\"a\"]", "minutes"), ("30", "[]", "places"), ("30", "[\"a\", \"a\"]", "places")]
        {
            let error = Clinics::read(&text(minutes, places)).unwrap_err().to_string();
            assert!(error.contains(what) && error.contains("unit"), "{error}");
        }
    }
}
