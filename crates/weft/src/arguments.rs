//! What can be typed. Every option can also be an environment variable (`WEFT_…`) or a line of the configuration file; the
//! flag wins over the environment, the environment over the file.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Weft: one borough's joined-up health and care. Demonstration software: all data is synthetic or open, and it is not for
/// live care.
#[derive(Debug, Parser)]
#[command(name = "weft", version, propagate_version = true, arg_required_else_help = true, max_term_width = 100)]
#[command(
    after_help = "Begin with:  weft demo\nThen open the address it prints and sign in as any of the people there."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,

    /// What to log: error, warn, info, debug, or per part (store=debug,info). Logs go to standard error
    #[arg(long, global = true, env = "WEFT_LOG", value_name = "LEVEL")]
    pub(crate) log: Option<String>,

    #[command(subcommand)]
    pub(crate) task: Task,
}

/// Where things are.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Folder that holds the database and everything beside it [default: data]
    #[arg(long, global = true, env = "WEFT_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// A PostgreSQL database (postgres://…) in place of the SQLite file in the data folder
    #[arg(long, global = true, env = "WEFT_DATABASE", value_name = "URL", hide_env_values = true)]
    pub(crate) database: Option<String>,

    /// Folder of another borough, shaped like places/stockport [default: Stockport, built in]
    #[arg(long, global = true, env = "WEFT_PLACE", value_name = "DIR")]
    pub(crate) place: Option<PathBuf>,

    /// Configuration file [default: weft.toml in the data folder, if there is one]
    #[arg(long, global = true, env = "WEFT_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Serve by TLS with this certificate and its chain (PEM)
    #[arg(long, global = true, env = "WEFT_TLS_CERTIFICATE", value_name = "FILE")]
    pub(crate) tls_certificate: Option<PathBuf>,

    /// The certificate's key (PEM)
    #[arg(long, global = true, env = "WEFT_TLS_KEY", value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,

    /// Attempts to sign in a minute from one address; 0 is no limit [default: 60]
    #[arg(long, global = true, env = "WEFT_SIGN_INS_A_MINUTE", value_name = "NUMBER")]
    pub(crate) sign_ins_a_minute: Option<u32>,

    /// Searches a minute by one session; 0 is no limit [default: 600]
    #[arg(long, global = true, env = "WEFT_SEARCHES_A_MINUTE", value_name = "NUMBER")]
    pub(crate) searches_a_minute: Option<u32>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    /// Bring up a demonstration: a borough of invented people, its feeds taken in, its pages served
    Demo(Demo),
    /// Write the messages of a synthetic borough into files, and the truth about them beside
    Synthesise(Synthesise),
    /// Serve the pages over an existing data folder
    Serve(Serve),
    /// Take in files: FHIR (.json, .ndjson), HL7 v2 (.hl7), extracts (.csv)
    Import(Import),
    /// Say how each feed stands: received = applied + duplicates + quarantined
    Feeds,
    /// Find a person and print their record; the look is written down like any other
    Person(Person),
    /// Check the log's chain, every kept message and resource, and every view
    Verify(Verify),
    /// Copy everything into one file, while the server goes on
    Backup(File),
    /// Read a backup into an empty database, and verify it
    Restore(File),
    /// Make every view again from the log and the record
    Replay,
    /// Work out a measure from a CSV file: control charts, rates, inequality, life expectancy
    Measure(crate::measure::Measure),
    /// May a hospital bed be closed? Protocols, monthly looks, and the proof of the gate
    #[command(subcommand)]
    Gate(GateTask),
    /// What is measured: list the indicators, take their figures in
    #[command(subcommand)]
    Indicator(IndicatorTask),
    /// Find which rows of a CSV file are one person, and write a person for each row
    Link(Link),
    /// Measure a file of links against the truth
    Evaluate(Evaluate),
    /// Learn from the records that are here how people are told apart, and look at everybody again by it
    Learn,
    /// Give everybody in a CSV file a score, with what it rests on
    Score(crate::score::Score),
    /// The place's own files: make its list of postcodes
    #[command(subcommand)]
    Place(crate::postcodes::Task),
    /// Make lists of codes for rules out of the place's own release of SNOMED CT
    Codes(crate::codes::Codes),
    /// The population: build its columns, and ask its rules of everybody
    #[command(subcommand)]
    Population(crate::population::Task),
}

#[derive(Debug, Subcommand)]
pub(crate) enum IndicatorTask {
    /// Every indicator of the place, how far it has come, and its months
    List,
    /// Take figures in, all of them or none
    Report(IndicatorReport),
}

#[derive(Debug, Args)]
pub(crate) struct IndicatorReport {
    /// The indicator's short name, as its file is called
    #[arg(value_name = "INDICATOR")]
    pub(crate) indicator: String,
    /// The figures (CSV: month,numerator and, where there is one, denominator; complete, by, group)
    #[arg(value_name = "INPUT.csv")]
    pub(crate) input: PathBuf,
    /// Why figures that were reported before are others now
    #[arg(long, value_name = "REASON")]
    pub(crate) reason: Option<String>,
    /// Who reports them
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum GateTask {
    /// Freeze a protocol before its first month, and find its threshold
    Register(GateRegister),
    /// Take figures in and look at a month: every condition, and what would change it
    Look(GateLook),
    /// Prove the gate on invented worlds, and on real areas where nothing was done
    Prove(GateProve),
    /// Print the evidence in a table of monthly counts, look by look
    Evidence(GateEvidence),
}

#[derive(Debug, Args)]
pub(crate) struct GateRegister {
    /// The protocol, as JSON (docs/manual/bed-gate.md shows one)
    #[arg(value_name = "FILE")]
    pub(crate) protocol: PathBuf,
    /// Change the protocol of this title, for this reason: a new clock begins
    #[arg(long, value_name = "REASON")]
    pub(crate) amend: Option<String>,
    /// Who registers it
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
}

#[derive(Debug, Args)]
pub(crate) struct GateLook {
    /// The title of the protocol
    #[arg(value_name = "TITLE")]
    pub(crate) title: String,
    /// The month to look at, as 2027-04
    #[arg(long, value_name = "MONTH")]
    pub(crate) month: assurance::gate::month::Month,
    /// Counts to take in first (CSV: series,month,count,complete)
    #[arg(long, value_name = "FILE")]
    pub(crate) figures: Option<PathBuf>,
    /// Why counts that were reported before are others now
    #[arg(long, value_name = "REASON")]
    pub(crate) reason: Option<String>,
    /// Posts to count people from (CSV: person,role,employer,wte_hundredths,from,until,on_duty,from_hospital)
    #[arg(long, value_name = "FILE")]
    pub(crate) posts: Option<PathBuf>,
    /// The months for which to count them; may be repeated [default: the month looked at]
    #[arg(long, value_name = "MONTH", requires = "posts")]
    pub(crate) posts_for: Vec<assurance::gate::month::Month>,
    /// Balancing measures to take in (CSV: name,month,worst)
    #[arg(long, value_name = "FILE")]
    pub(crate) balancing: Option<PathBuf>,
    /// Who looks
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
}

#[derive(Debug, Args)]
pub(crate) struct GateProve {
    /// Worlds for each scenario
    #[arg(long, value_name = "NUMBER", default_value_t = 1_500, value_parser = clap::value_parser!(u32).range(8..=1_000_000))]
    pub(crate) worlds: u32,
    /// Simulated paths for each matrix, to find the threshold; fewer than 20,000 are for trying out
    #[arg(long, value_name = "NUMBER", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    pub(crate) paths: u32,
    /// Months of baseline
    #[arg(long, value_name = "MONTHS", default_value_t = 60)]
    pub(crate) baseline: usize,
    /// The covariances guarded against: robust, bounded, plain, independent, or a file [default: robust]
    #[arg(long, value_name = "FILE")]
    pub(crate) grid: Option<String>,
    /// Also on real areas: monthly activity as NHSRdatasets publishes it (CSV: period,org_code,…,admissions)
    #[arg(long, value_name = "FILE")]
    pub(crate) areas: Option<PathBuf>,
    /// Threads; the result is the same with any number [default: as many as there are cores]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) threads: Option<usize>,
}

#[derive(Debug, Args)]
pub(crate) struct GateEvidence {
    /// Monthly counts of the area (y) and of its comparators (c0, c1, …), or their difference of logarithms (logdiff)
    #[arg(value_name = "INPUT")]
    pub(crate) input: PathBuf,
    /// How many of the months are before the change
    #[arg(long, value_name = "MONTHS")]
    pub(crate) baseline: usize,
    /// How many of the last months before it to leave out
    #[arg(long, value_name = "MONTHS", default_value_t = 0)]
    pub(crate) wash_out: usize,
    /// The covariances guarded against: robust, bounded, plain, independent, or a file (CSV or JSON: phi, lambda, kappa, psi,
    /// weight) [default: robust]
    #[arg(long, value_name = "FILE")]
    pub(crate) grid: Option<String>,
    /// Allow for a trend of the area's own
    #[arg(long)]
    pub(crate) trend: bool,
}

#[derive(Debug, Default, Args)]
pub(crate) struct Demo {
    /// How many people the borough has; 0 takes the samples alone [default: 20000, or those that are there]
    #[arg(long, env = "WEFT_PEOPLE", value_name = "NUMBER")]
    pub(crate) people: Option<u32>,
    /// What its chance begins from: the same seed gives the same borough [default: 1]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
    /// What aligning care homes with a practice does there, for evaluations to find [default: effect]
    #[arg(long, value_enum)]
    pub(crate) world: Option<World>,
    /// The borough's day: the one it begins on, or a later one for it to go on to [default: the real one]
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<jiff::civil::Date>,
    /// Move the borough's time on, and take in what arrives meanwhile: 1d, 7d, 2w
    #[arg(long, value_name = "TIME", value_parser = days)]
    pub(crate) advance: Option<i64>,
    /// Port to serve on; 0 takes a free one
    #[arg(long, default_value_t = 8080, env = "WEFT_PORT")]
    pub(crate) port: u16,
    /// Take the feeds in and stop, without serving
    #[arg(long)]
    pub(crate) no_serve: bool,
}

/// What aligning a care home with one practice does to its residents' emergency admissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum World {
    /// Takes a tenth off
    #[default]
    Effect,
    /// Nothing
    Null,
    /// Adds 1.1 per cent
    Harm,
}

impl std::fmt::Display for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Effect => "effect",
            Self::Null => "null",
            Self::Harm => "harm",
        })
    }
}

/// `1d` or `2w` as days.
fn days(text: &str) -> Result<i64, String> {
    let (number, unit) = text.split_at(text.len() - text.chars().last().map_or(0, char::len_utf8));
    let days = match unit {
        "d" => 1,
        "w" => 7,
        _ => return Err("write days as 7d or weeks as 2w".to_owned()),
    };
    match number.parse::<i64>() {
        Ok(number) if (1..=3650).contains(&(number * days)) => Ok(number * days),
        _ => Err("write a whole number of days or weeks, such as 7d or 2w, and no more than ten years".to_owned()),
    }
}

#[derive(Debug, Args)]
pub(crate) struct Synthesise {
    /// How many people the borough has
    #[arg(long, value_name = "NUMBER", default_value_t = crate::borough::PEOPLE)]
    pub(crate) people: u32,
    /// What its chance begins from: the same seed gives the same borough
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,
    /// What aligning care homes with a practice does there, for evaluations to find
    #[arg(long, value_enum, default_value_t)]
    pub(crate) world: World,
    /// The day on which the feeds are first connected [default: the real one]
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<jiff::civil::Date>,
    /// Folder to write into: feeds/ for Weft to import, truth/ for evaluations
    #[arg(long, value_name = "DIR", required_unless_present = "report")]
    pub(crate) out: Option<PathBuf>,
    /// Print how the borough compares with the published facts
    #[arg(long)]
    pub(crate) report: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Address to serve pages on [default: 127.0.0.1:8080]
    #[arg(long, env = "WEFT_LISTEN", value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,
    /// Address to take HL7 v2 in by MLLP; none, and nothing listens
    #[arg(long, env = "WEFT_MLLP", value_name = "ADDR")]
    pub(crate) mllp: Option<SocketAddr>,
    /// The feed that MLLP messages belong to
    #[arg(long, env = "WEFT_MLLP_FEED", value_name = "FEED", default_value = "hospital")]
    pub(crate) mllp_feed: String,
    /// Folder on another volume for signed heads of the log; without, a log cut short or written anew may not show
    #[arg(long, env = "WEFT_HEADS", value_name = "DIR")]
    pub(crate) heads: Option<PathBuf>,
    /// File of the key that signs them, made if there is none [default: keys/head.key in the data folder]
    #[arg(long, env = "WEFT_HEAD_KEY", value_name = "FILE")]
    pub(crate) head_key: Option<PathBuf>,
    /// Let anybody sign in as one of the demonstration's people; only over data that the demonstration made
    #[arg(long)]
    pub(crate) demo_sign_in: bool,
    /// With --demo-sign-in: also where other machines can reach it
    #[arg(long, requires = "demo_sign_in")]
    pub(crate) demo_beyond_this_machine: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Files or folders; folders are read through, in order of name
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The feed these files belong to [default: told by each file's name and header]
    #[arg(long, value_name = "FEED")]
    pub(crate) feed: Option<String>,
    /// Everybody in these files is invented: the demonstration's sign-in may be used over them. Only into an empty database
    #[arg(long)]
    pub(crate) invented: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Person {
    /// Name, or the beginning of one
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Birth date, as 1938-03-14
    #[arg(long, value_name = "DATE")]
    pub(crate) born: Option<jiff::civil::Date>,
    /// Id, as the pages' addresses show it
    #[arg(long)]
    pub(crate) id: Option<uuid::Uuid>,
    /// The role in which to look; it decides what is shown
    #[arg(long, default_value = "gp", env = "WEFT_ROLE")]
    pub(crate) role: String,
    /// The practice (P88002), or the team, home or organisation (neighbourhood:marple), for which to look; may be repeated.
    /// Without one, only records to which nobody needs a relationship open
    #[arg(long, value_name = "CODE", env = "WEFT_TEAM", value_delimiter = ',')]
    pub(crate) team: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// A head of the log that was kept elsewhere (printed by an earlier verify); shows a log that was cut short
    #[arg(long, value_name = "SEQ:HASH")]
    pub(crate) head: Option<String>,
    /// A file of signed heads that the server kept elsewhere; every one is checked
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) heads: Option<PathBuf>,
    /// The public key that signed them, as `weft serve` printed it
    #[arg(long, value_name = "PUBLIC", requires = "heads")]
    pub(crate) key: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Link {
    /// CSV files with a header line; the rows of all are linked with each other
    #[arg(required = true, value_name = "INPUT.csv")]
    pub(crate) inputs: Vec<PathBuf>,
    /// File to write `unique_id,person_id` to
    #[arg(long, value_name = "LINKS.csv")]
    pub(crate) output: PathBuf,
    /// File to write each likely pair to, with its probability and what every field says
    #[arg(long, value_name = "PAIRS.csv")]
    pub(crate) pairs: Option<PathBuf>,
    /// What the columns are called, where they have not their usual names, and any others to compare
    #[arg(long, value_name = "COLUMNS.toml")]
    pub(crate) columns: Option<PathBuf>,
    /// Link as if there were no NHS numbers
    #[arg(long)]
    pub(crate) no_nhs_number: bool,
    /// Join from this probability on [default: chosen so that at most one joined pair in a thousand is expected to be wrong]
    #[arg(long, value_name = "P")]
    pub(crate) threshold: Option<f32>,
}

#[derive(Debug, Args)]
pub(crate) struct Evaluate {
    /// The file of links, as `weft link` writes it
    #[arg(value_name = "LINKS.csv")]
    pub(crate) links: PathBuf,
    /// CSV files that have the true person of each row
    #[arg(long, required = true, num_args = 1.., value_name = "INPUT.csv")]
    pub(crate) truth: Vec<PathBuf>,
    /// The column with the true person
    #[arg(long, value_name = "COLUMN", default_value = "true_person")]
    pub(crate) column: String,
    /// The column with what a row is called
    #[arg(long, value_name = "COLUMN", default_value = "unique_id")]
    pub(crate) id_column: String,
}

#[derive(Debug, Args)]
pub(crate) struct File {
    /// The backup file
    pub(crate) file: PathBuf,
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn time_is_moved_on_by_days_and_weeks_alone() {
        assert_eq!(days("1d"), Ok(1));
        assert_eq!(days("2w"), Ok(14));
        for wrong in ["", "d", "7", "-1d", "1h", "0d", "9999w", "1\u{e9}", "99999999999999999999d"] {
            assert!(days(wrong).is_err(), "{wrong}");
        }
    }
}
