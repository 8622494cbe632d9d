//! `weft population`: builds the columns of a population in the data folder and asks rules of everybody in them, with how long each
//! step took. Where the folder holds a record they are of that record, and the rules are the place's; else they are invented from a
//! seed. Nothing here writes to a record.

mod ask;
mod build;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use population::day::Day;

use crate::house::{House, now};
use crate::settings::Settings;
use crate::terminal::say;

#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    /// Build the columns of a population: of the record where there is one, else invented from a seed, with invented rules
    Build(Build),
    /// Ask every rule of everybody, and say how many each finds and how long it took
    Run(Run),
}

#[derive(Debug, Args)]
pub(crate) struct Build {
    /// Invent people, even where there is a record; so do the options below
    #[arg(long)]
    pub(crate) invented: bool,
    /// How many people to invent [default: 300000]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=60_000_000))]
    pub(crate) people: Option<u32>,
    /// How many events of theirs, all together [default: 150 a person]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(0..=4_000_000_000))]
    pub(crate) events: Option<u64>,
    /// What chance begins from: the same seed gives the same columns [default: 1]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
    /// The last day on which anything is invented to happen [default: today]
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

fn folder(data: &Path) -> PathBuf {
    data.join("population")
}

/// Where the columns of a data folder are.
pub(crate) fn columns(data: &Path) -> PathBuf {
    folder(data).join("columns")
}

pub(crate) fn run(settings: &Settings, task: &Task) -> anyhow::Result<()> {
    match task {
        Task::Build(task) => build::build(settings, task),
        Task::Run(task) => ask::ask(settings, task).map(drop),
    }
}

/// The house, where its database holds anything; none is made.
fn record(settings: &Settings) -> anyhow::Result<Option<House>> {
    if matches!(&settings.location, store::Location::File(path) if !path.exists()) {
        return Ok(None);
    }
    let house = House::open(settings)?;
    let head = house.store.read(|tx| store::log::head(tx))?;
    Ok((head.seq > 0).then_some(house))
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

fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
