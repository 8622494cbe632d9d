//! One pass over everybody and their history. Must hold sums only.

use std::collections::BTreeMap;

use crate::borough::{Borough, national_hazard};
use crate::event::{Admission, Event, Held, Reason, Team, What};
use crate::person::{Condition, Person};

/// What one pass finds.
#[derive(Debug, Clone, Default)]
pub(super) struct Count {
    pub(super) people: f64,
    pub(super) by_age: Vec<f64>,
    pub(super) lists: BTreeMap<String, [u32; 2]>,
    pub(super) at_home_old: f64,
    pub(super) alone_old: f64,
    pub(super) in_homes: f64,
    pub(super) white_british: f64,
    pub(super) carers: f64,
    pub(super) carers_50: f64,
    pub(super) carers_coded: f64,
    pub(super) clients: f64,
    pub(super) known_to_mind: f64,
    pub(super) bands: [f64; 4],
    /// People of a condition's register ages, and coded, by deprivation tenth.
    pub(super) registers: BTreeMap<Condition, ([f64; 11], [f64; 11])>,
    pub(super) fallen: f64,
    /// By age group: people, with any long-term condition, with two key ones.
    pub(super) any: BTreeMap<&'static str, [f64; 3]>,
    pub(super) emergencies: f64,
    pub(super) old_emergencies: f64,
    pub(super) old_falls: f64,
    pub(super) planned: f64,
    pub(super) births: f64,
    pub(super) attendances: f64,
    pub(super) admitted: f64,
    pub(super) outpatient: f64,
    pub(super) contacts: f64,
    pub(super) nursing: f64,
    pub(super) seen_by_mind: f64,
    pub(super) deaths: f64,
    /// Deaths that the nation would have at these ages.
    pub(super) due: f64,
    pub(super) events: u64,
}

impl Count {
    pub(super) fn of(borough: &Borough) -> Self {
        let settings = borough.settings();
        let mut count = Self { by_age: vec![0.0; 121], ..Self::default() };
        for person in borough.people() {
            let age = person.age_on(settings.today);
            count.person(borough, &person, age);
            let mut seen = false;
            for event in borough.events(&person, settings.history_start()..settings.today) {
                seen |= matches!(event.what, What::MentalHealth { held: Held::Seen, .. });
                count.event(&event, age);
            }
            count.seen_by_mind += f64::from(u8::from(seen));
        }
        count
    }

    fn person(&mut self, borough: &Borough, person: &Person, age: u8) {
        let one = |is: bool| f64::from(u8::from(is));
        self.people += 1.0;
        self.due += 1.0 - (-national_hazard(person.sex, age)).exp();
        self.by_age[usize::from(age).min(120)] += 1.0;
        let list = self.lists.entry(person.practice.as_str().to_owned()).or_default();
        list[0] += 1;
        list[1] += u32::from(age >= 65);
        let in_home = person.address.care_home.is_some();
        self.in_homes += one(in_home);
        if age >= 65 {
            self.at_home_old += one(!in_home);
            self.alone_old += one(person.lives_alone);
            let band = [0.12, 0.24, 0.36].into_iter().filter(|limit| person.frailty > *limit).count();
            self.bands[band] += 1.0;
        }
        self.white_british += one(person.ethnicity.starts_with("White: English"));
        self.carers += one(person.cares_hours > 0);
        self.carers_50 += one(person.cares_hours >= 50);
        self.carers_coded += one(person.carer_coded);
        self.clients += one(person.social_care);
        self.known_to_mind += one(person.mental_health);
        self.fallen += one(person.has(Condition::Falls));
        let tenth = usize::from(person.address.imd_decile).min(10);
        for condition in Condition::ALL {
            let from_age = borough.facts.register(condition).map_or(0, |register| register.from_age);
            if age >= from_age {
                let register = self.registers.entry(condition).or_default();
                register.0[tenth] += 1.0;
                register.1[tenth] += one(person.problem(condition).is_some_and(|problem| problem.coded));
            }
        }
        let long_term = person.problems.iter().any(|problem| problem.coded && problem.condition.is_long_term());
        let key = person.problems.iter().filter(|problem| problem.coded && problem.condition.is_key()).count() >= 2;
        let groups = [("all", true), ("0-4", age <= 4), ("63-67", (63..=67).contains(&age)), ("85+", age >= 85)];
        for (name, _) in groups.into_iter().filter(|(_, is)| *is) {
            let group = self.any.entry(name).or_default();
            group[0] += 1.0;
            group[1] += one(long_term);
            group[2] += one(key);
        }
    }

    fn event(&mut self, event: &Event, age: u8) {
        self.events += 1;
        match &event.what {
            What::Attendance { stay, .. } => {
                self.attendances += 1.0;
                self.admitted += f64::from(u8::from(stay.is_some()));
            }
            What::Stay { how: Admission::Emergency, reason, .. } => {
                self.emergencies += 1.0;
                if age >= 65 {
                    self.old_emergencies += 1.0;
                    self.old_falls += f64::from(u8::from(matches!(reason, Reason::Fall(_))));
                }
            }
            What::Stay { how: Admission::Planned, .. } => self.planned += 1.0,
            What::Stay { how: Admission::Maternity, .. } => self.births += 1.0,
            What::Outpatient { held: Held::Seen, .. } => self.outpatient += 1.0,
            What::Contact { team, held: Held::Seen, .. } => {
                self.contacts += 1.0;
                self.nursing += f64::from(u8::from(*team == Team::DistrictNursing));
            }
            What::Death => self.deaths += 1.0,
            _ => {}
        }
    }
}
