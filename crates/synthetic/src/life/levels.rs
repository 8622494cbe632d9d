//! The levels of the borough's hazards: solved once, so that a year of history comes to the published numbers. Must count
//! only the time in which people are born and alive.

use crate::borough::{Borough, born, died, hazard};
use crate::event::Team;
use crate::facts::Error;
use crate::life::days_between;
use crate::life::rates::{Rates, TEAMS};

/// What raw rates are multiplied by. For two ages: under 65, and 65 and over.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Levels {
    pub(crate) dying: [f64; 2],
    pub(crate) emergency: [f64; 2],
    pub(crate) fall: [f64; 2],
    pub(crate) planned: f64,
    pub(crate) attendance: f64,
    pub(crate) outpatient: f64,
    pub(crate) teams: [f64; 7],
    pub(crate) mind: f64,
}

/// Of emergency stays of people who go home, the share that is followed by another within thirty days.
pub(crate) const AGAIN: f64 = 0.09;
/// The share of candidate stays that are lost because the person was in hospital already, of emergencies under 65, from 65,
/// falls, and planned stays: measured on whole boroughs.
const LOST: [f64; 4] = [0.004, 0.024, 0.03, 0.008];
/// The share of a year that people who are kept by a team lack because the team took them on late, and of contacts that
/// fall into a hospital stay: measured likewise.
const LATE: f64 = 0.037;
/// Nobody's yearly hazard of dying is above this.
pub(crate) const MOST_HAZARD: f64 = 3.0;
/// How a hazard of dying grows with each year of age, in the logarithm.
pub(crate) const GROWTH: f64 = 0.11;
/// Community contacts but district nursing: how they are shared between the other teams. Only their sum is published.
const OTHER_TEAMS: [f64; 6] = [0.37, 0.05, 0.06, 0.25, 0.2, 0.07];
/// Mental health contacts a year of a person who is known; an assumption.
const MIND_CONTACTS: f64 = 9.0;
/// Admissions for falls of people under 65 for each of those over; an assumption.
const YOUNG_FALLS: f64 = 0.35;

impl Levels {
    /// Solves the levels of a borough that has its sheet.
    pub(crate) fn solve(borough: &Borough) -> Result<Self, Error> {
        let mut borough = borough.clone();
        let settings = &borough.settings;
        let scale = f64::from(settings.people) / borough.facts.value("registered-list-apr2020")?;
        let years = f64::from(settings.history_days.max(1)) / 365.25;
        let fact = |measure| -> Result<f64, Error> { Ok(borough.facts.value(measure)? * scale * years) };
        // Dying: the frail die sooner, but each age dies as the nation does.
        let mut levels = Self { dying: dying(&borough), ..Self::default() };
        let per_old = |rate: f64, old: f64| rate / 100_000.0 * old * years;
        let old_people = borough.sheet.rows.iter().filter(|row| row.age >= 65).count() as f64;
        let emergencies = fact("emergency-admissions-per-year")?;
        let old_emergencies = per_old(borough.facts.value("emergency-admission-rate-65plus-per-100k")?, old_people);
        let old_falls = per_old(borough.facts.value("falls-admission-rate-65plus-per-100k")?, old_people);
        let admitted = fact("ae-attendances-per-year")? * borough.facts.value("pct-ae-admitted")? / 100.0;
        let attendances = fact("ae-attendances-per-year")? - admitted;
        let planned = fact("planned-admissions-per-year")?;
        let outpatient = fact("outpatient-attended-per-year")?;
        let nursing = fact("district-nursing-contacts-per-year")?;
        let others = fact("community-contacts-per-year")? - nursing;
        borough.levels.clone_from(&levels);

        let (start, today) = (borough.settings.history_start(), borough.settings.today);
        let whole = days_between(start, today).max(1) as f64;
        let mut sum = Sums::default();
        for number in 0..borough.settings.people {
            let row = &borough.sheet.rows[number as usize];
            let old = usize::from(row.age >= 65);
            let born = born(&borough, number);
            let died = died(&borough, number, born);
            let from = born.max(start);
            let to = died.map_or(today, |(day, _)| day.min(today));
            let lived = (days_between(from, to) as f64 / whole).clamp(0.0, 1.0) * years;
            let raw = Rates::raw(&borough, number);
            sum.emergency[old] += raw.emergency * lived;
            sum.fall[old] += raw.fall * lived;
            sum.planned += raw.planned * lived;
            sum.attendance += raw.attendance * lived;
            sum.outpatient += raw.outpatient * lived;
            sum.mind += raw.mind * lived;
            for (sum, rate) in sum.teams.iter_mut().zip(raw.teams) {
                *sum += rate * lived;
            }
            if let Some((day, Some(last))) = died {
                let admitted = super::day_after(day, -i64::from(last)).max(born);
                sum.last_stays[old] += f64::from(u8::from(admitted >= start && admitted < today));
            }
            sum.known += f64::from(u8::from(row.mental_health));
        }
        // Each first stay brings AGAIN more, and some are lost.
        let first = |count: f64, last: f64, lost: f64| (count - last).max(0.0) / (1.0 + AGAIN) / (1.0 - lost);
        let falls = |count: f64| count / (1.0 - LOST[2]);
        let young_falls = old_falls * YOUNG_FALLS;
        levels.emergency = [
            part(first(emergencies - old_emergencies - young_falls, sum.last_stays[0], LOST[0]), sum.emergency[0]),
            part(first(old_emergencies - old_falls, sum.last_stays[1], LOST[1]), sum.emergency[1]),
        ];
        levels.fall = [part(falls(young_falls), sum.fall[0]), part(falls(old_falls), sum.fall[1])];
        levels.planned = part(planned / (1.0 - LOST[3]), sum.planned);
        levels.attendance = part(attendances, sum.attendance);
        levels.outpatient = part(outpatient, sum.outpatient);
        levels.mind = part(MIND_CONTACTS * sum.known * years, sum.mind);
        for (team, level) in levels.teams.iter_mut().enumerate().take(TEAMS.len()) {
            let wanted = if team == 0 { nursing } else { others * OTHER_TEAMS[team - 1] };
            let late = if matches!(
                TEAMS[team],
                Team::DistrictNursing | Team::HeartFailure | Team::Respiratory | Team::Podiatry
            ) {
                LATE
            } else {
                LATE / 2.0
            };
            *level = part(wanted / (1.0 - late), sum.teams[team]);
        }
        Ok(levels)
    }
}

/// The frail die sooner, but each age group dies as the nation does. Some hazards are so high that more than one death
/// would be due in a year, so the level is found by halving.
fn dying(borough: &Borough) -> [f64; 2] {
    [0, 1].map(|old| {
        let rows = || borough.sheet.rows.iter().filter(move |row| usize::from(row.age >= 65) == old);
        let hazards: Vec<(f64, f64)> = rows().map(|row| hazard(row, !borough.sheet.at_home(row))).collect();
        let dies = |hazard: f64| 1.0 - (-hazard).exp();
        // Within the year everybody grows older, and their hazard with it.
        let year = (GROWTH.exp() - 1.0) / GROWTH;
        let wanted: f64 = hazards.iter().map(|(national, _)| dies(*national)).sum();
        let (mut low, mut high) = (0.0, 20.0);
        for _ in 0..30 {
            let level = f64::midpoint(low, high);
            let sum: f64 =
                hazards.iter().map(|(national, own)| dies(year * (national * own * level).min(MOST_HAZARD))).sum();
            if sum < wanted { low = level } else { high = level }
        }
        high
    })
}

#[derive(Default)]
struct Sums {
    emergency: [f64; 2],
    fall: [f64; 2],
    last_stays: [f64; 2],
    planned: f64,
    attendance: f64,
    outpatient: f64,
    teams: [f64; 7],
    mind: f64,
    known: f64,
}

fn part(wanted: f64, sum: f64) -> f64 {
    if sum > 0.0 { wanted.max(0.0) / sum } else { 0.0 }
}
