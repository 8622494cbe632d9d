//! Settings: the flag, else the environment, else the configuration file, else the default. An unknown line in the file is
//! refused, with its place, rather than passed over.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;
use sign_in::Written;
use store::Location;

use crate::arguments::Common;

/// The configuration file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    data: Option<PathBuf>,
    database: Option<String>,
    place: Option<PathBuf>,
    listen: Option<SocketAddr>,
    mllp: Option<SocketAddr>,
    address: Option<String>,
    idle_minutes: Option<u8>,
    #[serde(default, rename = "sign-in")]
    sign_in: Vec<Written>,
}

/// What was decided.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) data: PathBuf,
    pub(crate) location: Location,
    pub(crate) place: Option<PathBuf>,
    pub(crate) listen: Option<SocketAddr>,
    pub(crate) mllp: Option<SocketAddr>,
    /// Where browsers find this service: `https://record.example`.
    pub(crate) address: Option<String>,
    /// How many minutes a session lives unused.
    pub(crate) idle_minutes: Option<u8>,
    /// The providers by which people sign in.
    pub(crate) sign_in: Vec<Written>,
}

impl Settings {
    pub(crate) fn gather(common: &Common) -> anyhow::Result<Self> {
        let beside = common.data.clone().unwrap_or_else(|| PathBuf::from("data")).join("weft.toml");
        let file = match &common.config {
            Some(path) => read(path)?,
            None if beside.is_file() => read(&beside)?,
            None => File::default(),
        };
        let data = common.data.clone().or(file.data).unwrap_or_else(|| PathBuf::from("data"));
        let location = match common.database.clone().or(file.database) {
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => Location::Server(url),
            Some(_) => anyhow::bail!(
                "--database takes an address that begins with postgres://; for SQLite give --data DIR alone"
            ),
            None => Location::in_folder(&data),
        };
        Ok(Self {
            data,
            location,
            place: common.place.clone().or(file.place),
            listen: file.listen,
            mllp: file.mllp,
            address: file.address,
            idle_minutes: file.idle_minutes,
            sign_in: file.sign_in,
        })
    }
}

fn read(path: &Path) -> anyhow::Result<File> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read the configuration {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("the configuration {} cannot be used", path.display()))
}
