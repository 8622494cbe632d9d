//! `weft population`: builds the columns of a population in the data folder and asks rules of everybody in them, with how long each
//! step took. What is built today is invented from a seed; building from the record is still to come, and nothing here reads it.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use place::rounding::Rounded;
use population::bits::Bits;
use population::cohort::{Grid, Sliced};
use population::day::Day;
use population::dispute::Disputes;
use population::equity;
use population::invented::{self, Wanted};
use population::keep;
use population::library::Library;
use population::one::Scratch;
use population::plan::{Asked, Plan};
use population::rule::Kind;

use crate::house::now;
use crate::settings::Settings;
use crate::terminal::{self, grouped, remark, say};

#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    /// Build the columns of a population, invented from a seed, and its rules
    Build(Build),
    /// Ask every rule of everybody, and say how many each finds and how long it took
    Run(Run),
}

#[derive(Debug, Args)]
pub(crate) struct Build {
    /// How many people
    #[arg(long, value_name = "NUMBER", default_value_t = 300_000, value_parser = clap::value_parser!(u32).range(1..=60_000_000))]
    pub(crate) people: u32,
    /// How many events of theirs, all together [default: 150 a person]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(0..=4_000_000_000))]
    pub(crate) events: Option<u64>,
    /// What chance begins from: the same seed gives the same columns
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,
    /// The last day on which anything happens [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// As of this day: what came later is not known [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    /// Only these rules; may be repeated [default: all whose lists are here]
    #[arg(long, value_name = "ID")]
    pub(crate) rule: Vec<String>,
    /// Show whom this register finds by age, sex, deprivation, ethnicity, neighbourhood and record system
    #[arg(long, value_name = "ID")]
    pub(crate) slices: Option<String>,
    /// Beside --slices: the share of people that is expected, such as 0.094 of carers by the census
    #[arg(long, value_name = "SHARE", requires = "slices")]
    pub(crate) expected: Option<f64>,
}

fn folder(settings: &Settings) -> PathBuf {
    settings.data.join("population")
}

pub(crate) fn run(settings: &Settings, task: &Task) -> anyhow::Result<()> {
    match task {
        Task::Build(task) => build(settings, task),
        Task::Run(task) => ask(settings, task),
    }
}

fn day(given: Option<Date>) -> anyhow::Result<Day> {
    let today = now().to_zoned(TimeZone::system()).date();
    let date = given.unwrap_or(today);
    if date > today {
        bail!("{date} is in the future; today is {today}");
    }
    Day::of(date).with_context(|| format!("{date} is before 1900"))
}

/// A step and how long it took.
fn told<T>(what: &str, step: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let began = now();
    let made = step()?;
    say(format!("{what:<44} {:>10.1} ms", milliseconds(began)));
    Ok(made)
}

fn milliseconds(began: Timestamp) -> f64 {
    now().duration_since(began).as_secs_f64() * 1e3
}

fn build(settings: &Settings, task: &Build) -> anyhow::Result<()> {
    let (place, _) = crate::house::place_and_feeds(settings)?;
    let neighbourhoods = place.neighbourhoods().iter().map(|neighbourhood| neighbourhood.name.clone()).collect();
    let events = task.events.unwrap_or(u64::from(task.people) * 150);
    let wanted = Wanted { people: task.people, events, seed: task.seed, today: day(task.today)?, neighbourhoods };
    let folder = folder(settings);
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let bars = terminal::FeedBars::of(Some(u64::from(task.people)), &[]);
    let began = now();
    let written = invented::build(&folder.join("columns"), &wanted, |done| {
        if done % 1_000 == 0 {
            bars.people(u64::from(done));
        }
    });
    bars.done();
    let written = written?;
    let rules = folder.join("rules");
    std::fs::create_dir_all(&rules).with_context(|| format!("cannot make {}", rules.display()))?;
    for (file, text) in invented::rules() {
        let path = rules.join(file);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    say(format!(
        "{} events of {} invented people in {} ({:.1} s); nobody in them is real",
        grouped(i64::try_from(written).unwrap_or(i64::MAX)),
        grouped(i64::from(task.people)),
        folder.display(),
        milliseconds(began) / 1e3
    ));
    Ok(())
}

/// The rules that come with Weft, and those in the folder.
fn library(folder: &Path) -> anyhow::Result<Library> {
    let mut library = Library::shipped()?;
    let rules = folder.join("rules");
    if rules.is_dir() {
        library.add_folder(&rules)?;
    }
    Ok(library)
}

fn ask(settings: &Settings, task: &Run) -> anyhow::Result<()> {
    let folder = folder(settings);
    let columns = folder.join("columns");
    if !columns.is_dir() {
        bail!(
            "{} has no columns; build them with: weft population build --data {}",
            folder.display(),
            settings.data.display()
        );
    }
    let asked = Asked { as_of: day(task.as_of)?, has_days: true };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(16);
    let began = now();
    let (people, events) = told("columns read from the disk", || Ok(keep::load(&columns, threads)?))?;
    let library = library(&folder)?;
    let mut ids: Vec<&str> = task.rule.iter().map(String::as_str).collect();
    if ids.is_empty() {
        ids = library.sets().filter(|set| library.missing(set).is_empty()).map(|set| set.id.as_str()).collect();
        let left = library.sets().count() - ids.len();
        if left > 0 {
            remark(format!(
                "{left} rule sets need lists that are not in {} and are not asked",
                folder.join("rules").display()
            ));
        }
    }
    let plan = told("rules made ready", || Ok(Plan::of(&library, &ids, &events.codes, &events.units)?))?;
    let postings = told("their events gathered", || Ok(plan.gather_on(&events, threads)))?;
    say(format!("{:<44} {:>10.1} ms", "from the disk to ready", milliseconds(began)));
    let (frame, none) = (plan.on(asked), Disputes::default());
    let standing =
        told("everything asked of everybody", || Ok(plan.everyone(&events, &postings, &people, &frame, &none)))?;
    let mut scratch = Scratch::default();
    if let Some(person) = people.list.first() {
        told("everything asked of one person", || Ok(plan.one(&events, person, 0, &frame, &none, &mut scratch)))?;
    }
    let grid = Grid::of(&people, asked.as_of);
    let base = grid.base(&Bits::all(people.len()));
    if let Some(largest) = standing.answers.iter().max_by_key(|answer| answer.members.count()) {
        told("the largest counted by six slices", || Ok(grid.slice(&largest.members, &base)))?;
    }
    say(format!(
        "{} people, {} events, {} of them of these rules; {} MB at most",
        grouped(i64::try_from(people.len()).unwrap_or(i64::MAX)),
        grouped(i64::try_from(events.rows()).unwrap_or(i64::MAX)),
        grouped(i64::try_from(postings.len()).unwrap_or(i64::MAX)),
        terminal::peak_megabytes()
    ));
    if standing.unusable > 0 {
        let unusable = grouped(i64::try_from(standing.unusable).unwrap_or(i64::MAX));
        remark(format!(
            "{unusable} values could not be used: no number, or a unit that the rule cannot turn into its own"
        ));
    }
    if let Some(id) = &task.slices {
        let answer = standing.find(id).with_context(|| format!("`{id}` is not among the rules that were asked"))?;
        return slices(&grid.slice(&answer.members, &base), task.expected);
    }
    for (answer, set) in standing.answers.iter().zip(plan.sets()).filter(|(_, set)| set.kind != Kind::Score) {
        say(format!("{:<36} {:>10}  {}", answer.id, said(Rounded::of(answer.members.count())), set.title));
    }
    Ok(())
}

/// A cohort by its slices, as it may be shown.
fn slices(sliced: &Sliced, expected: Option<f64>) -> anyhow::Result<()> {
    let told = equity::told(sliced);
    say(format!("{} of {} people", said(told.count), said(told.of)));
    if let Some(share) = expected {
        let gap = equity::gap(sliced.count, sliced.of, share)
            .context("--expected is a share above 0 and at most 1, such as 0.094")?;
        if let Some((found, not_coded)) = gap.found.zip(gap.not_coded) {
            say(format!("{:.0} in 100 of those expected are coded; {} may not be", 100.0 * found, said(not_coded)));
        }
    }
    say(format!(
        "{:<16} {:<24} {:>9} {:>9} {:>10} {:>13}  {}",
        "", "", "count", "percent", "at one age", "to expected", "95 in 100"
    ));
    for (slice, cells) in &told.slices {
        let Some(cells) = cells else {
            say(format!("{:<16} not shown: somebody could be found in it", slice.word()));
            continue;
        };
        for cell in cells {
            let count = said(cell.count);
            let percent = |share: Option<f64>| share.map_or(String::new(), |share| format!("{share:.2}"));
            let ratio = cell.ratio.map_or(String::new(), |ratio| {
                format!("{:>13.2}  {:.2} to {:.2}", ratio.value, ratio.lower, ratio.upper)
            });
            let (crude, standard) = (percent(cell.percent), percent(cell.standardised));
            say(format!("{:<16} {:<24} {count:>9} {crude:>9} {standard:>10} {ratio}", slice.word(), cell.name)
                .trim_end());
        }
    }
    Ok(())
}

/// A count as it may be shown.
fn said(count: Rounded) -> String {
    match count {
        Rounded::Nought => "0".into(),
        Rounded::Few => "1 to 7".into(),
        Rounded::About(count) => grouped(i64::try_from(count).unwrap_or(i64::MAX)),
    }
}

#[cfg(test)]
mod tests;
