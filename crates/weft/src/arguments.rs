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
}

#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    /// Bring up a demonstration: take in the sample feeds, serve the pages, print the address
    Demo(Demo),
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
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Port to serve on; 0 takes a free one
    #[arg(long, default_value_t = 8080, env = "WEFT_PORT")]
    pub(crate) port: u16,
    /// Take the sample feeds in and stop, without serving
    #[arg(long)]
    pub(crate) no_serve: bool,
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
    /// Let anybody sign in as one of the demonstration's people. Never where real data is
    #[arg(long)]
    pub(crate) demo_sign_in: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Files or folders; folders are read through, in order of name
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The feed these files belong to [default: told by each file's name and header]
    #[arg(long, value_name = "FEED")]
    pub(crate) feed: Option<String>,
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
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// A head of the log that was kept elsewhere (printed by an earlier verify); shows a log that was cut short
    #[arg(long, value_name = "SEQ:HASH")]
    pub(crate) head: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct File {
    /// The backup file
    pub(crate) file: PathBuf,
}
