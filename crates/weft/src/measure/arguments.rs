//! What can be typed after `weft measure`. Defaults are those of the tools that people know, so that numbers agree.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

#[derive(Debug, Args)]
pub(crate) struct Measure {
    #[command(subcommand)]
    pub(crate) what: What,
}

#[derive(Debug, Subcommand)]
pub(crate) enum What {
    /// A control chart (XmR, Making Data Count's rules) of the columns x (a date) and y
    Spc(Spc),
    /// An interrupted time series, for exploration only: no proof of an effect
    Its(Its),
    /// Crude rates of numerator by denominator, with Byar's or exact limits
    Rate(Rate),
    /// Proportions of numerator in denominator, with Wilson's limits
    Proportion(Rate),
    /// Means of the column x, with Student's t limits
    Mean(Mean),
    /// Directly standardised rates of count by pop, a row for each age band of each area, with Dobson's limits
    Dsr(Dsr),
    /// Indirectly standardised rates or ratios against a reference
    Isr(Isr),
    /// Years of life lost to an age, in all and directly standardised
    YearsLost(YearsLost),
    /// Slope and relative index of inequality over groups from the most to the least deprived
    Sii(Sii),
    /// Where areas lie in a funnel; or, with --limits, the funnel itself
    Funnel(Funnel),
    /// Life expectancy, and healthy life expectancy where there is health, a row for each of twenty age bands
    LifeExpectancy(Life),
}

#[derive(Debug, Args)]
pub(crate) struct Files {
    /// The CSV file to read, with a header
    #[arg(value_name = "INPUT.csv")]
    pub(crate) input: PathBuf,
    /// The CSV file to write [default: standard output]
    #[arg(long, value_name = "OUT.csv")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Common {
    /// How sure the limits are to be, in per cent or as a share; may be repeated [default: 95 and 99.8]
    #[arg(long, value_name = "LEVEL", value_delimiter = ',')]
    pub(crate) confidence: Vec<f64>,
    /// The columns whose values make an area; may be repeated [default: every column without another meaning]
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub(crate) by: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Improvement {
    /// More is better
    Increase,
    /// Less is better
    Decrease,
    /// Neither is better
    Neutral,
}

#[derive(Debug, Args)]
pub(crate) struct Spc {
    #[command(flatten)]
    pub(crate) files: Files,
    /// Which way is better
    #[arg(long, value_enum)]
    pub(crate) improvement: Improvement,
    /// Limits from only the first so many points of each group; 12 or more
    #[arg(long, value_name = "N")]
    pub(crate) fix_after: Option<usize>,
    /// Begin limits anew at this point; may be repeated
    #[arg(long, value_name = "DATE")]
    pub(crate) rebase: Vec<Date>,
    /// Keep moving ranges in the limits that are out of the ordinary, as Making Data Count's spreadsheet does
    #[arg(long)]
    pub(crate) no_screening: bool,
    /// What is to be reached
    #[arg(long, value_name = "V", allow_negative_numbers = true)]
    pub(crate) target: Option<f64>,
    /// Draw on over months or weeks that are missing
    #[arg(long)]
    pub(crate) allow_gaps: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Its {
    #[command(flatten)]
    pub(crate) files: Files,
    /// The first month after the change; not needed where the file has its own design (columns from step on)
    #[arg(long, value_name = "DATE")]
    pub(crate) interruption: Option<Date>,
    /// Lags for Newey and West's errors
    #[arg(long, value_name = "N", value_delimiter = ',', default_values_t = [1, 3, 4, 6])]
    pub(crate) lags: Vec<usize>,
    /// Let the trend change with the step
    #[arg(long)]
    pub(crate) slope: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Rate {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) common: Common,
    /// What to multiply by [default: the column multiplier; else 100000 for rates, 1 for proportions]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) multiplier: Option<f64>,
}

#[derive(Debug, Args)]
pub(crate) struct Mean {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct Dsr {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) common: Common,
    /// Rates per so many people
    #[arg(long, value_name = "NUMBER", default_value_t = 100_000.0)]
    pub(crate) multiplier: f64,
    /// The column of the standard population [default: stdpop; else the European standard of 2013]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) standard: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct YearsLost {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) common: Common,
    /// Rates per so many people
    #[arg(long, value_name = "NUMBER", default_value_t = 100_000.0)]
    pub(crate) multiplier: f64,
    /// The column of the standard population [default: stdpop; else the European standard of 2013]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) standard: Option<String>,
    /// Years are counted to this age, where there is no column years
    #[arg(long, value_name = "AGE", default_value_t = 75.0)]
    pub(crate) to_age: f64,
}

#[derive(Debug, Args)]
pub(crate) struct Isr {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) common: Common,
    /// Ratios of observed to expected in place of rates
    #[arg(long)]
    pub(crate) ratio: bool,
    /// Rates per so many people, or what stands for "as expected" in a ratio [default: 100000 or 100]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) multiplier: Option<f64>,
    /// A CSV file of the reference's bands [default: the columns refcount and refpop]
    #[arg(long, value_name = "FILE")]
    pub(crate) reference: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Scale {
    /// Any other number
    #[default]
    Other,
    /// A rate: its uncertainty is symmetric in the logarithm
    Rate,
    /// A proportion: its uncertainty is symmetric in the log odds
    Proportion,
}

#[derive(Debug, Args)]
pub(crate) struct Sii {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) common: Common,
    /// What kind of number the measure is
    #[arg(long, value_enum, default_value_t)]
    pub(crate) scale: Scale,
    /// Fit the line to the logarithm or the log odds
    #[arg(long)]
    pub(crate) transform: bool,
    /// Multiplies the slope; a negative one turns round a measure of which more is better
    #[arg(long, value_name = "NUMBER", default_value_t = 1.0, allow_negative_numbers = true)]
    pub(crate) multiplier: f64,
    /// How many times each group is drawn for the limits
    #[arg(long, value_name = "NUMBER", default_value_t = 100_000)]
    pub(crate) repetitions: usize,
    /// What the draws begin from: the same seed gives the same limits
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum FunnelKind {
    /// Numerator of denominator
    #[default]
    Proportion,
    /// Observed against expected, limits as observed/expected less 1
    Count,
    /// Observed against expected, limits in per cent of the expected
    Isr,
    /// Events against a population
    Crude,
    /// A directly standardised rate in the column rate
    Dsr,
}

#[derive(Debug, Args)]
pub(crate) struct Funnel {
    #[command(flatten)]
    pub(crate) files: Files,
    /// What the funnel is of
    #[arg(long, value_enum, default_value_t)]
    pub(crate) of: FunnelKind,
    /// Proportions in so many, rates per so many [default: 100, or 100000 for rates]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) multiplier: Option<f64>,
    /// How many years the events are of
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) years: u32,
    /// Write the limits at a hundred sizes in place of the areas
    #[arg(long)]
    pub(crate) limits: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Life {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) common: Common,
    /// Only from this age; may be repeated [default: every band's first age]
    #[arg(long, value_name = "AGE", value_delimiter = ',')]
    pub(crate) age: Vec<u32>,
}
