//! One monthly look: every condition that figures can answer, from what is known at that moment and nothing else. The same known
//! things give the same look, always, so that any look can be made again. Must not be asked about a month before the start.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::beds::{freed, tighter};
use super::book::Book;
use super::calibrate::Calibration;
use super::canonical;
use super::capacity::{Count, missing};
use super::evidence::{Evidence, Residuals};
use super::month::Month;
use super::protocol::{Compared, Protocol};
use super::refusal::{Gate, Stage, State};
use super::sustained::{Split, latest_fall, proven_reduction};

mod words;

/// How many months in a row the people must be there.
pub const CAPACITY_MONTHS: i32 = 3;
/// A balancing measure older than this many months says nothing.
pub const BALANCING_MONTHS: i32 = 3;

/// What is known.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// What was agreed.
    pub protocol: &'a Protocol,
    /// Its threshold.
    pub calibration: &'a Calibration,
    /// Its hash.
    pub hash: &'a str,
    /// Which clock: 1, and one more for each amendment.
    pub clock: u32,
    /// When it was registered.
    pub registered: Timestamp,
    /// The figures.
    pub book: &'a Book,
    /// As known after how many reports.
    pub revision: u32,
    /// The people counted, by month.
    pub capacity: &'a BTreeMap<Month, Count>,
    /// How much worse each balancing measure may have got, at the upper limit, and as of when.
    pub balances: &'a BTreeMap<String, (Month, f64)>,
    /// Changes of recording that somebody declared: series, month, what.
    pub declared: &'a [(String, Month, String)],
}

/// One look, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// Which clock.
    pub clock: u32,
    /// The month that was the latest.
    pub month: Month,
    /// Months since the start, from 1.
    pub number: u32,
    /// As known after how many reports.
    pub revision: u32,
    /// The protocol's hash.
    pub protocol: String,
    /// The hash of the figures, people and measures it rests on.
    pub inputs: String,
    /// The evidence and what goes with it; nothing where figures are missing.
    pub found: Option<Found>,
    /// The conditions.
    pub states: Vec<State>,
    /// How far it has come.
    pub stage: Stage,
    /// May the beds go?
    pub answer: String,
}

/// What the figures say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The evidence, as a natural logarithm.
    pub log_e: f64,
    /// The threshold, as the same.
    pub log_threshold: f64,
    /// The change as a share; below zero is a fall. An estimate, not what is proven.
    pub change: f64,
    /// How many standard errors the latest six months lie below.
    pub latest: f64,
    /// At how many looks in a row, up to this one, the latest months have lain low enough.
    pub in_a_row: u32,
    /// The fall that is proven, as a share.
    pub proven: Option<f64>,
    /// The evidence with the month left out that matters most.
    pub without_a_month: f64,
    /// The evidence with the comparator left out that matters most.
    pub without_a_comparator: f64,
    /// The area's place among all areas, first is the strongest evidence, and how many there are.
    pub rank: (u32, u32),
    /// The change of the second measure, as a share.
    pub second: f64,
    /// The change in December to February alone, once there has been a winter.
    pub winter: Option<f64>,
    /// Beds set free, after reserves.
    pub beds: u32,
    /// Before reserves.
    pub beds_before_reserves: u32,
    /// The month of the year that sets free the fewest.
    pub tightest: Option<u32>,
}

/// Why there is no look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoLook {
    /// Before the start.
    #[error("{month} is before the first month that counts, {start}")]
    Before {
        /// The month.
        month: Month,
        /// The start.
        start: Month,
    },
    /// After the last.
    #[error(
        "{month} is after the last registered look, {last}; to go on, amend the protocol, which begins a new clock"
    )]
    After {
        /// The month.
        month: Month,
        /// The last.
        last: Month,
    },
    /// The hash cannot be made.
    #[error("this look cannot be written down so that everybody writes it the same")]
    Unwritable,
}

impl Known<'_> {
    /// The look of a month, with the matrices worked out for the protocol.
    ///
    /// # Errors
    /// Where the month is outside the registered looks.
    pub fn look(&self, evidence: &Evidence, month: Month) -> Result<Look, NoLook> {
        let protocol = self.protocol;
        let last = protocol.start.plus(i32::try_from(protocol.plan.last).unwrap_or_default() - 1);
        if month < protocol.start {
            return Err(NoLook::Before { month, start: protocol.start });
        }
        if month > last {
            return Err(NoLook::After { month, last });
        }
        let number = u32::try_from(month.since(protocol.start) + 1).unwrap_or_default();
        let found = self.found(evidence, number as usize);
        let mut states = vec![self.frozen(), self.people(month), self.quality(month)];
        states.extend(self.figures(found.as_ref(), number));
        states.push(self.balance(month));
        states.push(words::way_back(protocol.reopen_at));
        let look = Look {
            clock: self.clock,
            month,
            number,
            revision: self.revision,
            protocol: self.hash.to_owned(),
            inputs: self.inputs(month)?,
            found,
            stage: Stage::of(&states),
            answer: super::refusal::answer(&states).1,
            states,
        };
        Ok(look)
    }

    /// The hash of everything that a look rests on.
    pub(crate) fn inputs(&self, month: Month) -> Result<String, NoLook> {
        #[derive(Serialize)]
        struct Inputs<'a> {
            month: Month,
            protocol: &'a str,
            figures: String,
            capacity: Vec<&'a Count>,
            balances: &'a BTreeMap<String, (Month, f64)>,
            declared: &'a [(String, Month, String)],
        }
        let inputs = Inputs {
            month,
            protocol: self.hash,
            figures: self.book.words(self.revision),
            capacity: self.capacity.values().collect(),
            balances: self.balances,
            declared: self.declared,
        };
        canonical::hash(&inputs).map_err(|_| NoLook::Unwritable)
    }

    /// The months that the look needs, in order.
    fn months(&self, month: Month) -> Vec<Month> {
        let months = (0..=month.since(self.protocol.baseline)).map(|at| self.protocol.baseline.plus(at));
        months.filter(|month| !self.protocol.breaks.contains(month)).collect()
    }

    fn compared(&self, evidence: &Evidence, area: &str, comparators: &[&str], look: usize) -> Option<Vec<f64>> {
        let rows = evidence.design().rows_at(look);
        let month = |at: &usize| self.protocol.baseline.plus(i32::try_from(*at).unwrap_or(i32::MAX));
        let months: Vec<Month> = evidence.design().months().iter().take(rows).map(month).collect();
        self.book.compared(area, comparators, &months, self.revision)
    }

    fn found(&self, evidence: &Evidence, look: usize) -> Option<Found> {
        let protocol = self.protocol;
        let threshold = self.calibration.log_threshold;
        let names = |compared: &Compared| compared.comparators.clone();
        let outcome_names = names(&protocol.outcome);
        let comparators: Vec<&str> = outcome_names.iter().map(String::as_str).collect();
        let figures = self.compared(evidence, &protocol.outcome.area, &comparators, look)?;
        let residuals = evidence.residuals(&figures);
        let finding = residuals.look(look);
        let second_names = names(&protocol.second);
        let second: Vec<&str> = second_names.iter().map(String::as_str).collect();
        let second = self.compared(evidence, &protocol.second.area, &second, look)?;
        let mut ahead = 0;
        for placebo in &protocol.placebos {
            let other = self.compared(evidence, placebo, &comparators, look)?;
            ahead += u32::from(evidence.residuals(&other).look(look).log_e >= finding.log_e);
        }
        let without_a_comparator = (0..comparators.len()).filter_map(|left_out| {
            let mut fewer = comparators.clone();
            fewer.remove(left_out);
            let figures = self.compared(evidence, &protocol.outcome.area, &fewer, look)?;
            Some(evidence.residuals(&figures).look(look).log_e)
        });
        let without_a_comparator = without_a_comparator.fold(finding.log_e, f64::min);
        let without_a_month =
            (0..figures.len()).map(|row| residuals.without(row).look(look).log_e).fold(finding.log_e, f64::min);
        let winter = Split::new(evidence, look, |row| self.month_of(evidence, row).is_winter()).effect(&residuals);
        let proven = proven_reduction(&residuals, look, threshold);
        let free = freed(&protocol.demand, proven.unwrap_or_default(), &protocol.reserves);
        Some(Found {
            log_e: rounded(finding.log_e),
            log_threshold: rounded(threshold),
            change: rounded(finding.step.exp_m1()),
            latest: rounded(latest_fall(&residuals, look)),
            in_a_row: self.in_a_row(&residuals, look),
            proven,
            without_a_month: rounded(without_a_month),
            without_a_comparator: rounded(without_a_comparator),
            rank: (ahead + 1, u32::try_from(protocol.placebos.len() + 1).unwrap_or(u32::MAX)),
            second: rounded(evidence.residuals(&second).look(look).step.exp_m1()),
            winter: winter.map(|winter| rounded(winter.effect.exp_m1())),
            beds: free.beds,
            beds_before_reserves: free.before_reserves,
            tightest: (free.tightest > 0).then_some(free.tightest),
        })
    }

    fn month_of(&self, evidence: &Evidence, row: usize) -> Month {
        let at = evidence.design().months().get(row).copied().unwrap_or_default();
        self.protocol.baseline.plus(i32::try_from(at).unwrap_or(i32::MAX))
    }

    /// At how many looks in a row up to this one the latest months were low enough, with figures as known now. Whether the evidence
    /// is enough is asked once, of the look itself ([`Gate::G3`]): its threshold already allows for every look.
    fn in_a_row(&self, residuals: &Residuals<'_>, look: usize) -> u32 {
        let first = self.protocol.plan.first as usize;
        // No more than are asked for need to be looked at.
        let looks = (first..=look).rev().take(self.protocol.in_a_row as usize);
        let low = looks.take_while(|at| latest_fall(residuals, *at) > self.protocol.latest);
        u32::try_from(low.count()).unwrap_or(u32::MAX)
    }
}

/// To six decimals, so that it is written the same everywhere.
fn rounded(value: f64) -> f64 {
    let value = (value * 1e6).round() / 1e6;
    if value.is_finite() { value } else { 0.0 }
}

impl Known<'_> {
    fn frozen(&self) -> State {
        words::frozen(self.protocol, self.hash, self.clock, self.registered)
    }

    fn people(&self, month: Month) -> State {
        let plan = &self.protocol.capacity;
        let spans = [self.protocol.start.plus(-1), month];
        for (at, end) in spans.into_iter().enumerate() {
            for back in (0..CAPACITY_MONTHS).rev() {
                let month = end.plus(-back);
                let lacking = match self.capacity.get(&month) {
                    None => vec!["nobody was counted".to_owned()],
                    Some(count) => missing(plan, count),
                };
                if !lacking.is_empty() {
                    return words::people_missing(at == 0, month, self.protocol.start, &lacking);
                }
            }
        }
        words::people_there(plan, self.capacity.get(&month))
    }

    fn quality(&self, month: Month) -> State {
        let months = self.months(month);
        let mut troubles = Vec::new();
        for series in self.protocol.series() {
            let (missing, incomplete) = self.book.lacking(series, &months, self.protocol.completeness, self.revision);
            troubles.extend(words::trouble(series, &missing, &incomplete, month, self.protocol.completeness));
        }
        for (series, since, what) in self.declared {
            let registered = self.protocol.breaks.contains(since) || *since < self.protocol.baseline;
            if !registered && self.protocol.series().any(|known| known == series) {
                troubles.push(format!("{series}: what is recorded changed in {since} ({what})"));
            }
        }
        words::quality(&troubles, self.protocol.series().count(), months.len())
    }

    /// G3 to G7, which the figures answer.
    fn figures(&self, found: Option<&Found>, number: u32) -> Vec<State> {
        let protocol = self.protocol;
        let Some(found) = found else {
            let none = |gate| words::no_figures(gate);
            return [Gate::G3, Gate::G4, Gate::G5, Gate::G6, Gate::G7].map(none).to_vec();
        };
        let after: Vec<Month> =
            (0..number).map(|at| protocol.start.plus(i32::try_from(at).unwrap_or_default())).collect();
        let winters = after.windows(3).any(|three| three[0].of_year() == 12);
        let tight = tighter(&protocol.demand, protocol.beds_now, protocol.beds, found.proven.unwrap_or_default());
        vec![
            words::real(found, protocol, number),
            words::year(found, protocol, number, winters),
            words::lasting(found, protocol, number),
            words::elsewhere(found, protocol),
            words::enough(found, protocol, &tight),
        ]
    }

    fn balance(&self, month: Month) -> State {
        let mut troubles = Vec::new();
        for measure in &self.protocol.balancing {
            match self.balances.get(&measure.name) {
                None => troubles.push(format!("{} has not been reported", measure.name)),
                Some((of, _)) if month.since(*of) > BALANCING_MONTHS => {
                    troubles.push(format!("{} was last reported for {of}", measure.name));
                }
                Some((_, worst)) if *worst > measure.margin => troubles.push(format!(
                    "{} may have got worse by {worst}, more than the {} agreed",
                    measure.name, measure.margin
                )),
                Some(_) => {}
            }
        }
        words::balance(&troubles)
    }
}
