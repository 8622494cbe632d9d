//! Settings: the flag, else the environment, else the configuration file, else the default. An unknown line in the file is
//! refused, with its place, rather than passed over.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;
use sign_in::Written;
use store::Location;

use crate::arguments::Common;
use crate::lines::Written as Telephony;

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
    heads: Option<Heads>,
    tls: Option<Tls>,
    telephony: Option<Telephony>,
    #[serde(default)]
    limits: Limits,
    #[serde(default)]
    client_ids: bool,
    #[serde(default)]
    trusted_proxies: Vec<IpAddr>,
    glass_minutes: Option<u16>,
}

/// Where heads of the log are kept, and the key that signs them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Heads {
    folder: Option<PathBuf>,
    key: Option<PathBuf>,
}

/// `[tls]`: the files of a certificate, with its chain, and of its key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tls {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// `[limits]`: how fast anybody may sign in and search; zero is no limit.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Limits {
    sign_ins_a_minute: u32,
    searches_a_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        let rates = web::Rates::default();
        Self { sign_ins_a_minute: rates.sign_in, searches_a_minute: rates.search }
    }
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
    /// The second place for heads of the log.
    pub(crate) heads: Option<PathBuf>,
    /// The file of the key that signs them.
    pub(crate) head_key: PathBuf,
    pub(crate) tls: Option<Tls>,
    /// The telephone exchange behind the consultants' lines.
    pub(crate) telephony: Option<Telephony>,
    pub(crate) rates: web::Rates,
    /// Whether clients of the FHIR API may give ids to what is not there yet.
    pub(crate) client_ids: bool,
    /// Proxies in front whose word is taken for the address that a request came from.
    pub(crate) proxies: Vec<IpAddr>,
    /// How old a sign-in may be, in minutes, when somebody breaks the glass.
    pub(crate) glass_minutes: Option<u16>,
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
        let heads = file.heads.unwrap_or_default();
        let head_key = heads.key.unwrap_or_else(|| data.join("keys").join("head.key"));
        let place = common.place.clone().or(file.place);
        let tls = match (&common.tls_certificate, &common.tls_key) {
            (Some(certificate), Some(key)) => Some(Tls { certificate: certificate.clone(), key: key.clone() }),
            (None, None) => file.tls,
            _ => anyhow::bail!("--tls-certificate and --tls-key are given together"),
        };
        let rates = web::Rates {
            sign_in: common.sign_ins_a_minute.unwrap_or(file.limits.sign_ins_a_minute),
            search: common.searches_a_minute.unwrap_or(file.limits.searches_a_minute),
        };
        Ok(Self {
            data,
            location,
            place,
            listen: file.listen,
            mllp: file.mllp,
            address: file.address,
            idle_minutes: file.idle_minutes,
            sign_in: file.sign_in,
            heads: heads.folder,
            head_key,
            tls,
            telephony: file.telephony,
            rates,
            client_ids: file.client_ids,
            proxies: file.trusted_proxies,
            glass_minutes: file.glass_minutes,
        })
    }
}

fn read(path: &Path) -> anyhow::Result<File> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read the configuration {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("the configuration {} cannot be used", path.display()))
}
