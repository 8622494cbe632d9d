//! A database of its own for every test: a SQLite file in a folder that goes away with it, or a new database on the
//! PostgreSQL server that `WEFT_TEST_POSTGRES` names, dropped at the end.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use place::Place;
use postgres::{Client, NoTls};
use store::{Dialect, Location, Store, View};
use tempfile::TempDir;

use crate::entropy::Seeded;

/// Where the server is: `postgres://user@host:port/postgres`.
pub const SERVER: &str = "WEFT_TEST_POSTGRES";

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// An empty database for one test.
#[derive(Debug)]
pub struct Database {
    folder: TempDir,
    server: Option<(String, String)>,
    address: Option<String>,
}

impl Database {
    /// A SQLite database in a folder of its own.
    #[must_use]
    pub fn sqlite() -> Self {
        Self { folder: folder(), server: None, address: None }
    }

    /// Another database that holds the same. Nobody may have this one open.
    #[must_use]
    pub fn copy(&self) -> Self {
        match &self.server {
            None => {
                let copy = Self::sqlite();
                let from = rusqlite::Connection::open(self.file()).expect("the file opens");
                from.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("the file is whole");
                std::fs::copy(self.file(), copy.file()).expect("a copy");
                copy
            }
            Some((server, name)) => Self::on_server(server, name),
        }
    }

    fn on_server(server: &str, template: &str) -> Self {
        let name = format!("weft_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut client = Client::connect(server, NoTls).expect("the test server answers");
        client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).expect("a database");
        let address = with_database(server, &name);
        Self { folder: folder(), server: Some((server.to_owned(), name)), address: Some(address) }
    }

    /// A new database on the server. `None` where there is no server: allowed on somebody's own machine, never in CI.
    #[must_use]
    pub fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var(SERVER) else {
            crate::left_out(&format!("{SERVER} is not set, so there is no PostgreSQL; `cargo xtask test` brings one"));
            return None;
        };
        Some(Self::on_server(&server, "template0"))
    }

    /// Which kind it is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        if self.address.is_some() { Dialect::Postgres } else { Dialect::Sqlite }
    }

    /// Where the store finds it.
    #[must_use]
    pub fn location(&self) -> Location {
        self.address.clone().map_or_else(|| Location::in_folder(self.folder.path()), Location::Server)
    }

    /// A folder for a test's own files; gone with the database.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The SQLite file.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        match self.location() {
            Location::File(file) => file,
            Location::Server(_) => panic!("a server's database is no file"),
        }
    }

    /// The server's URL for this database, and the server's own.
    #[must_use]
    pub fn urls(&self) -> (String, String) {
        match (&self.address, &self.server) {
            (Some(address), Some((server, _))) => (address.clone(), server.clone()),
            _ => panic!("a file has no URL"),
        }
    }

    /// Opens it with every crate's views.
    #[must_use]
    pub fn open(&self) -> Store {
        self.open_with(views())
    }

    /// Opens it with other views.
    #[must_use]
    pub fn open_with(&self, views: Vec<Box<dyn View>>) -> Store {
        // Another opening must not give the same ids again.
        let seed = 0xC0_77_0E + NUMBER.fetch_add(1, Ordering::Relaxed);
        Store::open(self.location(), views, Box::new(Seeded::new(seed))).expect("the test's database opens")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.server
            && let Ok(mut client) = Client::connect(server, NoTls)
        {
            drop(client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        }
    }
}

fn folder() -> TempDir {
    tempfile::Builder::new().prefix("weft-test-").tempdir().expect("a temporary folder")
}

fn with_database(server: &str, name: &str) -> String {
    let (base, _) = server.rsplit_once('/').expect("the server's URL ends in a database's name");
    format!("{base}/{name}")
}

/// Every crate's views, as the binary opens them.
#[must_use]
pub fn views() -> Vec<Box<dyn View>> {
    let record = record::views(&Place::built_in().expect("the built-in place"));
    record
        .into_iter()
        .chain(access::views())
        .chain(care::views())
        .chain(assurance::views())
        .chain(finding::views())
        .collect()
}

/// Runs one test on both databases.
pub fn on_both(test: impl Fn(&Database)) {
    test(&Database::sqlite());
    if let Some(server) = Database::postgres() {
        test(&server);
    }
}

/// Runs a property on both databases, each case in a database of its own; fewer cases on the server, whose databases are
/// slower to make.
pub fn property_on_both<S: proptest::strategy::Strategy>(
    cases: u32,
    strategy: &S,
    test: impl Fn(&Database, S::Value) -> Result<(), proptest::test_runner::TestCaseError>,
) {
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    let run = |cases: u32, make: &dyn Fn() -> Option<Database>| {
        let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        runner
            .run(strategy, |value| match make() {
                Some(database) => test(&database, value),
                None => Ok(()),
            })
            .unwrap_or_else(|failure| panic!("{failure}"));
    };
    run(cases, &|| Some(Database::sqlite()));
    if Database::postgres().is_some() {
        run(cases.div_ceil(6), &Database::postgres);
    }
}
