//! A database that this program did not make, or a newer one made, is refused in words and left as it was.

use store::{Error, Store};
use weft_tests::{Database, Seeded, on_both, outside};

fn refused(database: &Database) -> String {
    let opened = Store::open(database.location(), weft_tests::database::views(), Box::new(Seeded::new(1)));
    match opened.map(|_| ()) {
        Err(Error::Schema(words)) => words,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_database_of_a_newer_weft_is_refused() {
    on_both(|database| {
        drop(database.open());
        outside::run(
            database,
            "INSERT INTO schema_step SELECT 9999, 'things to come', checksum FROM schema_step WHERE number = 1",
        );
        assert!(refused(database).contains("newer Weft (step 9999)"), "{}", refused(database));
    });
}

#[test]
fn a_step_that_was_changed_is_refused() {
    on_both(|database| {
        drop(database.open());
        let other = match database.dialect() {
            store::Dialect::Sqlite => "zeroblob(32)",
            store::Dialect::Postgres => "decode(repeat('00', 32), 'hex')",
        };
        outside::run(database, &format!("UPDATE schema_step SET checksum = {other} WHERE number = 1"));
        assert!(refused(database).contains("step 1"), "{}", refused(database));
    });
}

#[test]
fn a_foreign_database_is_refused_and_left_as_it_was() {
    on_both(|database| {
        outside::run(database, "CREATE TABLE log (words TEXT); INSERT INTO log VALUES ('another program''s')");
        assert!(refused(database).contains("did not make"), "{}", refused(database));
        assert_eq!(outside::number(database, "SELECT count(*) FROM log"), 1);
        let tables = match database.dialect() {
            store::Dialect::Sqlite => "SELECT count(*) FROM sqlite_schema WHERE type = 'table'",
            store::Dialect::Postgres => "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'",
        };
        assert_eq!(outside::number(database, tables), 1, "nothing was added");
    });
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_as_it_was() {
    let database = Database::sqlite();
    std::fs::write(database.file(), "a shopping list, and not a database at all\n".repeat(40)).unwrap();
    let before = std::fs::read(database.file()).unwrap();
    let opened = Store::open(database.location(), Vec::new(), Box::new(Seeded::new(1)));
    assert!(opened.is_err());
    assert_eq!(std::fs::read(database.file()).unwrap(), before);
}

/// Takes the order of arrival away again: the database as the Weft before it left it.
fn without_places(database: &Database) {
    let (uuid, bytes, strict) = match database.dialect() {
        store::Dialect::Sqlite => ("BLOB", "BLOB", " STRICT"),
        store::Dialect::Postgres => ("UUID", "BYTEA", ""),
    };
    let columns = "id, version, person, type, feed, source_id, as_of, arrived, message, body, hash";
    for (table, key) in [("resource", "id"), ("resource_history", "id, version")] {
        outside::run(
            database,
            &format!(
                "CREATE TABLE before_{table} (id {uuid} NOT NULL, version BIGINT NOT NULL, person {uuid} NOT NULL,
                   type TEXT NOT NULL, feed TEXT NOT NULL, source_id TEXT NOT NULL, as_of BIGINT NOT NULL,
                   arrived BIGINT NOT NULL, message {uuid} NOT NULL, body TEXT NOT NULL, hash {bytes} NOT NULL,
                   PRIMARY KEY ({key})){strict};
                 INSERT INTO before_{table} SELECT {columns} FROM {table};
                 DROP TABLE {table};
                 ALTER TABLE before_{table} RENAME TO {table};"
            )
            .replace("BIGINT", if strict.is_empty() { "BIGINT" } else { "INTEGER" }),
        );
    }
    outside::run(
        database,
        "CREATE INDEX resource_person ON resource (person, type);
         DELETE FROM schema_step WHERE number = 2; DELETE FROM view_made;",
    );
}

#[test]
fn a_database_from_before_the_order_of_arrival_is_brought_up_and_its_backups_are_read() {
    on_both(|database| {
        let store = database.open();
        for (number, sample) in weft_tests::samples::demo().into_iter().enumerate() {
            weft_tests::samples::take(&store, &sample.reader, &sample.raw.bytes, weft_tests::at(number as i64));
        }
        drop(store);
        let count = |table: &str| outside::number(database, &format!("SELECT count(*) FROM {table}"));
        let (current, history, found) = (count("resource"), count("resource_history"), count("search_term"));
        assert!(current > 50 && history > 0 && found > 100, "{current} {history} {found}");
        without_places(database);
        let old = database.folder().join("old-backup.db");
        if database.dialect() == store::Dialect::Sqlite {
            std::fs::copy(database.file(), &old).unwrap();
        }
        let store = database.open();
        assert_eq!((count("resource"), count("resource_history"), count("search_term")), (current, history, found));
        assert_eq!(outside::number(database, "SELECT max(seq) FROM resource"), current);
        let later = "SELECT count(*) FROM resource AS a JOIN resource AS b ON a.seq = b.seq + 1 WHERE a.version = 1
                     AND b.version = 1 AND a.arrived < b.arrived";
        assert_eq!(outside::number(database, later), 0, "in the order of arrival");
        assert_eq!(store.verify(None).unwrap().findings, Vec::new());
        if old.exists() {
            let bytes = std::fs::read(&old).unwrap();
            let other = Database::sqlite();
            Store::restore(&old, &other.location(), weft_tests::database::views()).unwrap();
            let restored = other.open();
            assert_eq!(restored.verify(None).unwrap().findings, Vec::new());
            assert_eq!(outside::number(&other, "SELECT count(*) FROM resource"), current);
            assert_eq!(std::fs::read(&old).unwrap(), bytes, "a backup is never written to");
        }
    });
}
