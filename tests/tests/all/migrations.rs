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
        outside::run(database, "INSERT INTO schema_step SELECT 9999, 'things to come', checksum FROM schema_step");
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
