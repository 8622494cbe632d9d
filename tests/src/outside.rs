//! Somebody at the database with other tools than ours: a raw connection that reads and changes what it likes.

use postgres::{Client, NoTls};

use crate::database::Database;
use store::Dialect;

/// Runs statements on the database from outside; the statements are said for both databases.
pub fn run(database: &Database, words: &str) {
    match database.dialect() {
        Dialect::Sqlite => {
            let connection = rusqlite::Connection::open(database.file()).expect("the file opens");
            connection.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
            connection.execute_batch(words).unwrap_or_else(|error| panic!("{words}: {error}"));
        }
        Dialect::Postgres => {
            let mut client = Client::connect(&database.urls().0, NoTls).expect("the server answers");
            client.batch_execute(words).unwrap_or_else(|error| panic!("{words}: {error:?}"));
        }
    }
}

/// One number from outside.
#[must_use]
pub fn number(database: &Database, words: &str) -> i64 {
    match database.dialect() {
        Dialect::Sqlite => {
            let connection = rusqlite::Connection::open(database.file()).expect("the file opens");
            connection.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
            connection.query_row(words, [], |row| row.get(0)).unwrap_or_else(|error| panic!("{words}: {error}"))
        }
        Dialect::Postgres => {
            let mut client = Client::connect(&database.urls().0, NoTls).expect("the server answers");
            client.query_one(words, &[]).unwrap_or_else(|error| panic!("{words}: {error:?}")).get(0)
        }
    }
}

/// Everything the tables hold, in words, row by row in order: equal dumps are equal databases. Columns left out are named
/// `table.column`.
#[must_use]
pub fn dump(store: &store::Store, tables: &[&'static store::Table], without: &[&str]) -> Vec<String> {
    let mut rows = Vec::new();
    for table in tables {
        let read = store.read(|tx| {
            tx.all(&table.walk(), &[], |row| {
                let mut words = format!("{}:", table.name);
                for (index, column) in table.columns.iter().enumerate() {
                    if without.contains(&format!("{}.{}", table.name, column.name).as_str()) {
                        continue;
                    }
                    let value = match column.holds {
                        store::table::Type::Int => row.int_or_null(index)?.map(|number| number.to_string()),
                        store::table::Type::Text => row.string_or_null(index)?,
                        store::table::Type::Uuid => row.uuid_or_null(index)?.map(|id| id.to_string()),
                        store::table::Type::Bytes => row.bytes_or_null(index)?.map(|bytes| format!("{bytes:02x?}")),
                    };
                    words.push_str(&format!(" {}={}", column.name, value.as_deref().unwrap_or("(empty)")));
                }
                Ok::<_, store::Error>(words)
            })
        });
        let mut read = read.expect("the tables can be read");
        read.sort();
        rows.append(&mut read);
    }
    rows
}

/// The columns that say in which order things arrived, for [`dump`] to leave out where that is not the question.
pub const PLACES: &[&str] = &[
    "search_resource.seq",
    "search_term.seq",
    "search_text.seq",
    "search_date.seq",
    "search_number.seq",
    "search_link.seq",
];

/// The tables of every view the binary opens.
#[must_use]
pub fn view_tables() -> Vec<&'static store::Table> {
    crate::database::views().iter().flat_map(|view| view.tables().iter().copied()).collect()
}
