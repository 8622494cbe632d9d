//! What is agreed before the first month is counted: what is measured, against whom, for how long, how sure one must be, which
//! people must be there, what is held back. Frozen by its hash; whoever changes it begins again.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::beds::{Demand, Reserve};
use super::calibrate::{Calibration, LEAST_PATHS, Plan};
use super::canonical::{self, NotCanonical};
use super::capacity::Line;
use super::design::Design;
use super::evidence::{Direction, Evidence};
use super::grid::Grid;
use super::month::Month;
use super::prove::Unproved;

/// The fewest other areas the effect is ranked among: with 39, the chance of coming first by chance is one in 40.
pub const LEAST_PLACEBOS: usize = 39;

/// A measure of the area and of those it is compared with, each by the code of its series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    /// In words: "emergency admissions of registered people aged 65 and over".
    pub name: String,
    /// The area's series.
    pub area: String,
    /// The comparators' series; all count the same.
    pub comparators: Vec<String>,
}

/// Something that must not get worse.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Balancing {
    /// What: "readmission within 30 days, per cent".
    pub name: String,
    /// The most that the upper confidence limit of its worsening may be, in its own unit.
    pub margin: f64,
}

/// Those who sign for one side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Side {
    /// Voting members, by id.
    pub members: Vec<String>,
    /// How many of them must sign.
    pub quorum: u32,
}

/// A protocol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protocol {
    /// In words: "Twenty beds on ward A4".
    pub title: String,
    /// How many beds are asked for.
    pub beds: u32,
    /// How many there are now, of the sort in question.
    pub beds_now: u32,
    /// Whose need is measured: "people registered with the borough's practices".
    pub population: String,
    /// What must fall.
    pub outcome: Compared,
    /// What must not say the opposite: bed-days, perhaps.
    pub second: Compared,
    /// Other areas, by the codes of the same outcome, among which the area must come first.
    pub placebos: Vec<String>,
    /// The first month of the baseline.
    pub baseline: Month,
    /// The first month that counts: the first whole one with all the extra people there.
    pub start: Month,
    /// How many months before it say nothing, because change had begun, or the place was chosen for them.
    pub wash_out: u32,
    /// Months left out because what is recorded changed in them.
    #[serde(default)]
    pub breaks: Vec<Month>,
    /// What the figures may be like without any effect.
    pub grid: Grid,
    /// Looks, alpha, simulated paths, seed.
    pub plan: Plan,
    /// How many standard errors the latest six months must lie below.
    pub latest: f64,
    /// At how many looks in a row.
    pub in_a_row: u32,
    /// How complete each month's figures must be, in thousandths.
    pub completeness: u32,
    /// The extra people.
    pub capacity: Vec<Line>,
    /// What the beds are asked for, month by month.
    pub demand: Vec<Demand>,
    /// Beds that are kept for something else.
    #[serde(default)]
    pub reserves: Vec<Reserve>,
    /// What must not get worse.
    pub balancing: Vec<Balancing>,
    /// Those who commission.
    pub commissioners: Side,
    /// Those who provide.
    pub providers: Side,
    /// How many days a look must have been public before anybody signs.
    pub publication_days: u32,
    /// Once beds have gone: the evidence of harm at which they are opened again.
    pub reopen_at: f64,
}

/// What is wrong with a protocol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {what}")]
pub struct Fault {
    /// Which part.
    pub field: &'static str,
    /// What, and what to do.
    pub what: String,
}

impl Protocol {
    /// Everything that is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut must = |right: bool, field: &'static str, what: &str| {
            if !right {
                faults.push(Fault { field, what: what.to_owned() });
            }
        };
        let apart = |names: &[String]| {
            let mut sorted: Vec<&String> = names.iter().collect();
            sorted.sort();
            sorted.windows(2).all(|pair| pair[0] != pair[1]) && names.iter().all(|name| !name.trim().is_empty())
        };
        must(!self.title.trim().is_empty(), "title", "say in words what this is about");
        must(
            self.beds > 0 && self.beds < self.beds_now,
            "beds",
            "ask for at least one bed and fewer than there are now",
        );
        must(!self.population.trim().is_empty(), "population", "say whose need is measured");
        for (field, compared) in [("outcome", &self.outcome), ("second", &self.second)] {
            must(compared.comparators.len() >= 2, field, "name at least two comparators");
            must(apart(&compared.comparators), field, "name each comparator once");
            must(!compared.comparators.contains(&compared.area), field, "the area cannot be its own comparator");
        }
        must(self.outcome.area != self.second.area, "second", "it must be another series than the outcome");
        must(
            self.placebos.len() >= LEAST_PLACEBOS,
            "placebos",
            "name at least 39 other areas, so that coming first means something",
        );
        must(apart(&self.placebos), "placebos", "name each area once");
        let taken = |code: &String| *code == self.outcome.area || self.outcome.comparators.contains(code);
        must(!self.placebos.iter().any(taken), "placebos", "the area and its comparators cannot be among them");
        let months = self.start.since(self.baseline);
        must((36..=240).contains(&months), "baseline", "it must have 36 to 240 months; 60 or more see smaller effects");
        must(self.wash_out <= 12, "wash_out", "at most 12 months can be left out before the start");
        let within = |month: &Month| *month >= self.baseline && *month < self.start;
        must(self.breaks.iter().all(within), "breaks", "only months of the baseline can be left out");
        let plan = &self.plan;
        must(plan.first >= 12, "plan.first", "no look before twelve months: seasons");
        must(
            plan.last >= plan.first + self.in_a_row && plan.last <= 60,
            "plan.last",
            "looks must go on for long enough to be in a row, and at most 60 months",
        );
        must(
            plan.alpha > 0.0 && plan.alpha <= 0.05,
            "plan.alpha",
            "the chance of a false alarm must be above 0 and at most 0.05",
        );
        must(
            plan.paths >= LEAST_PATHS && plan.paths <= 1_000_000,
            "plan.paths",
            "simulate 20,000 to 1,000,000 paths a matrix",
        );
        must(
            plan.seed <= 9_007_199_254_740_991,
            "plan.seed",
            "at most 9007199254740991, which everybody writes the same",
        );
        must(
            (2.0..=10.0).contains(&self.latest),
            "latest",
            "from 2 to 10 standard errors; 2.5 guards against long dips",
        );
        must((3..=12).contains(&self.in_a_row), "in_a_row", "at least three looks in a row");
        must((980..=1_000).contains(&self.completeness), "completeness", "at least 980 in a thousand");
        must(!self.capacity.is_empty(), "capacity", "say which extra people must be there");
        let roles: Vec<String> = self.capacity.iter().map(|line| line.role.clone()).collect();
        must(apart(&roles), "capacity", "name each role once");
        must(
            self.capacity.iter().all(|line| line.people > 0 && line.wte_hundredths > 0),
            "capacity",
            "each line needs people and hours",
        );
        let mut twelve: Vec<u32> = self.demand.iter().map(|demand| demand.month).collect();
        twelve.sort_unstable();
        must(twelve == (1..=12).collect::<Vec<u32>>(), "demand", "give each month of the year once, 1 to 12");
        let sound = |demand: &Demand| {
            demand.mean > 0.0 && demand.high > demand.mean && demand.high <= 1e5 && (0.0..=1.0).contains(&demand.share)
        };
        must(
            self.demand.iter().all(sound),
            "demand",
            "the mean must be above 0, the high days above the mean, the share from 0 to 1",
        );
        must(!self.balancing.is_empty(), "balancing", "say what must not get worse");
        let named: Vec<String> = self.balancing.iter().map(|balancing| balancing.name.clone()).collect();
        must(apart(&named), "balancing", "name each once");
        must(self.balancing.iter().all(|balancing| balancing.margin >= 0.0), "balancing", "a margin cannot be below 0");
        for (field, side) in [("commissioners", &self.commissioners), ("providers", &self.providers)] {
            must(apart(&side.members), field, "name each member once");
            must(
                side.quorum >= 2 && side.quorum as usize <= side.members.len(),
                field,
                "at least two must sign, and no more than there are",
            );
        }
        must(
            !self.commissioners.members.iter().any(|member| self.providers.members.contains(member)),
            "providers",
            "nobody signs for both sides",
        );
        must(self.publication_days >= 28, "publication_days", "at least 28 days");
        must(
            (1.0..=20.0).contains(&self.reopen_at),
            "reopen_at",
            "beds are opened again at evidence of 20 at the latest",
        );
        faults
    }

    /// The design: months from 0, the first of the baseline.
    ///
    /// # Errors
    /// Where too little is left to compare with.
    pub fn design(&self) -> Result<Design, super::design::DesignError> {
        let months = usize::try_from(self.start.since(self.baseline)).unwrap_or_default();
        let breaks: Vec<usize> =
            self.breaks.iter().filter_map(|month| usize::try_from(month.since(self.baseline)).ok()).collect();
        Design::new(months, self.wash_out as usize, self.plan.last as usize, &breaks)
    }

    /// The design with every matrix worked out.
    ///
    /// # Errors
    /// Where the design or the grid cannot be used.
    pub fn evidence(&self) -> Result<Evidence, Unproved> {
        Ok(Evidence::new(self.design()?, self.grid.clone(), Direction::Fall)?)
    }

    /// Whether a moment is before the first month that counts, by the clock of the place.
    #[must_use]
    pub fn is_before_start(&self, at: Timestamp) -> bool {
        day(at) < self.start.first_day()
    }

    /// Every code of a series that the outcome's comparison needs.
    pub fn series(&self) -> impl Iterator<Item = &String> {
        let both = [&self.outcome, &self.second];
        both.into_iter()
            .flat_map(|compared| std::iter::once(&compared.area).chain(&compared.comparators))
            .chain(&self.placebos)
    }
}

/// The day of a moment where the borough is.
#[must_use]
pub fn day(at: Timestamp) -> jiff::civil::Date {
    at.to_zoned(TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)).date()
}

/// The hash under which a protocol is frozen: of itself and of the threshold that was found for it.
///
/// # Errors
/// Where a number in it is not written the same everywhere.
pub fn hash(protocol: &Protocol, calibration: &Calibration) -> Result<String, NotCanonical> {
    #[derive(Serialize)]
    struct Frozen<'a> {
        protocol: &'a Protocol,
        calibration: &'a Calibration,
    }
    canonical::hash(&Frozen { protocol, calibration })
}
