//! The borough: makes any person, and what happens to them in any days, each alone and always the same. Must not hold
//! more than the sheet, nor write messages.

mod making;

pub(crate) use making::{born, died, hazard, national_hazard};

use jiff::civil::Date;
use place::{Place, Slug};
use std::collections::BTreeMap;
use std::ops::Range;

use crate::draw::{Draw, Purpose};
use crate::event::Event;
use crate::facts::{Error, Facts};
use crate::life;
use crate::life::levels::Levels;
use crate::number::Numbers;
use crate::person::Person;
use crate::settings::{Settings, World};
use crate::sheet::Sheet;

/// A borough of invented people.
///
/// It holds a sheet of some twenty bytes a person (age, sex, household, conditions), for published totals bind people to
/// each other; everything else is made when asked for.
#[derive(Debug, Clone)]
pub struct Borough {
    pub(crate) place: Place,
    pub(crate) settings: Settings,
    pub(crate) facts: Facts,
    pub(crate) sheet: Sheet,
    pub(crate) numbers: Numbers,
    pub(crate) levels: Levels,
    pub(crate) alignments: Vec<Option<Date>>,
}

impl Borough {
    /// Prepares a borough for a place with a `population` folder.
    ///
    /// # Errors
    /// [`Error`] where the folder lacks something, or where there are more people than NHS numbers for tests.
    pub fn of(place: &Place, settings: Settings) -> Result<Self, Error> {
        let numbers = Numbers::new(settings.seed);
        if settings.people > numbers.count() {
            return Err(Error::TooMany { asked: settings.people, most: numbers.count() });
        }
        let facts = Facts::read(place)?;
        let sheet = Sheet::of(place, &facts, &settings)?;
        let alignments = alignments(place, &settings);
        let mut borough =
            Self { place: place.clone(), settings, facts, sheet, numbers, levels: Levels::default(), alignments };
        borough.levels = Levels::solve(&borough)?;
        Ok(borough)
    }

    /// The same borough with another truth: the same people, and the same chances of everything else.
    #[must_use]
    pub fn in_world(mut self, world: World) -> Self {
        self.settings.world = world;
        self
    }

    /// What it was made from.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The place it stands in.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The person of a number; numbers beyond the last begin again at 0.
    #[must_use]
    pub fn person(&self, number: u32) -> Person {
        making::person(self, number % self.settings.people.max(1))
    }

    /// Everybody, one at a time.
    pub fn people(&self) -> impl Iterator<Item = Person> + '_ {
        (0..self.settings.people).map(|number| self.person(number))
    }

    /// How many households there are; a care home counts as one.
    #[must_use]
    pub fn households(&self) -> u32 {
        self.sheet.roofs.len() as u32
    }

    /// The numbers of the people of a household.
    #[must_use]
    pub fn household(&self, household: u32) -> Range<u32> {
        let roof = self.sheet.roofs.get(household as usize);
        roof.map_or(0..0, |roof| roof.first..roof.first + u32::from(roof.size))
    }

    /// What happens to a person in some days, in order of time. The same days give the same events, whether asked for
    /// at once or in parts: an event belongs to the day of its `at`.
    #[must_use]
    pub fn events(&self, person: &Person, days: Range<Date>) -> Vec<Event> {
        life::events(self, person, days)
    }

    /// The truth about care homes: from which day each is aligned with its practice, or that it never is.
    pub fn alignments(&self) -> impl Iterator<Item = (&Slug, Option<Date>)> {
        self.place.care_homes().iter().map(|home| &home.id).zip(self.alignments.iter().copied())
    }

    /// The postcodes in which its people live, each with the small area of the place in which the borough has it: those of its invented
    /// streets, none of which is in use, and those of the care homes, which are public while their areas here are invented. Each once.
    #[must_use]
    pub fn postcodes(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for ground in &self.sheet.grounds {
            all.extend(crate::address::postcodes(ground).map(|postcode| (postcode, ground.code.clone())));
        }
        for (home, at) in self.place.care_homes().iter().zip(0..) {
            let area = crate::sheet::area_of_home(&self.place, &self.sheet.grounds, at);
            if let Some(ground) = self.sheet.grounds.get(area) {
                all.entry(home.postcode.to_string()).or_insert_with(|| ground.code.clone());
            }
        }
        all
    }

    /// From which day a care home is aligned with its practice.
    #[must_use]
    pub fn alignment(&self, home: &Slug) -> Option<Date> {
        self.alignments().find(|(id, _)| *id == home).and_then(|(_, day)| day)
    }
}

/// Homes are aligned one after the other: from a quarter before the history to half a year after the first day; one in
/// four never.
fn alignments(place: &Place, settings: &Settings) -> Vec<Option<Date>> {
    let homes = place.care_homes().len();
    let mut order: Vec<usize> = (0..homes).collect();
    let mut draw = Draw::new(settings.seed, Purpose::Home, 1 << 32);
    draw.shuffle(&mut order);
    let mut days = vec![None; homes];
    let aligned = homes * 3 / 4;
    let span = i64::from(settings.history_days) + 90 + 180;
    for (place, home) in order.into_iter().take(aligned).enumerate() {
        let after = span * place as i64 / aligned.max(1) as i64 - 90;
        days[home] = Some(life::day_after(settings.history_start(), after));
    }
    days
}
