//! Every statement is one that both databases understand, and every one of them is in the list that this test walks.

use std::path::Path;

use postgres::{Client, NoTls};
use store::{Dialect, Sql};
use weft_tests::{Database, database::views};

fn every() -> Vec<&'static Sql> {
    let (lower, upper) = ([store::statements(), access::statements()], [record::statements(), care::statements()]);
    [lower.concat(), upper.concat(), assurance::statements(), finding::statements()].concat()
}

#[test]
fn sqlite_prepares_every_statement() {
    let database = Database::sqlite();
    drop(database.open());
    let connection = rusqlite::Connection::open(database.file()).unwrap();
    for sql in every() {
        let words = sql.text(Dialect::Sqlite);
        let statement = connection.prepare(words).unwrap_or_else(|error| panic!("{words}: {error}"));
        assert_eq!(statement.parameter_count(), highest_parameter(words), "{words}");
    }
}

#[test]
fn postgresql_prepares_every_statement() {
    let Some(database) = Database::postgres() else { return };
    drop(database.open());
    let mut client = Client::connect(&database.urls().0, NoTls).unwrap();
    for sql in every() {
        let words = sql.text(Dialect::Postgres);
        let statement = client.prepare(words).unwrap_or_else(|error| panic!("{words}: {error:?}"));
        assert_eq!(statement.params().len(), highest_parameter(words), "{words}");
    }
}

#[test]
fn both_databases_walk_insert_and_count_every_table() {
    for database in [Some(Database::sqlite()), Database::postgres()].into_iter().flatten() {
        let store = database.open();
        for table in views().iter().flat_map(|view| view.tables().iter()) {
            let rows = store.read(|tx| tx.first(&table.count(), &[], |row| row.int(0))).unwrap();
            assert_eq!(rows, Some(0), "{}", table.name);
            store.read(|tx| tx.all(&table.walk(), &[], |_| Ok::<_, store::Error>(()))).unwrap();
        }
    }
}

fn highest_parameter(words: &str) -> usize {
    let numbers = words.split('$').skip(1).filter_map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<usize>().ok()
    });
    numbers.max().unwrap_or(0)
}

#[test]
fn every_static_statement_is_in_its_list() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut files = Vec::new();
    for name in ["store", "access", "record", "care", "assurance", "finding"] {
        weft_tests::samples::gather(&crates.join(name).join("src"), &mut files);
    }
    let mut found = 0;
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs")) {
        let text = std::fs::read_to_string(file).unwrap();
        let names: Vec<&str> = text
            .lines()
            .filter_map(|line| line.split_once("static ")?.1.split_once(": Sql").map(|(name, _)| name))
            .collect();
        if names.is_empty() {
            continue;
        }
        let (_, list) =
            text.split_once("STATEMENTS: &[&Sql]").unwrap_or_else(|| panic!("{} has no list", file.display()));
        let (list, _) = list.split_once(';').unwrap();
        let listed: Vec<&str> = list.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').collect();
        for name in names {
            assert!(listed.contains(&name), "{} in {} is in no list", name, file.display());
            found += 1;
        }
    }
    assert_eq!(found, every().len(), "the crates' lists hold what their files hold");
}
