//! Backup and restore: out of either database, into either, whole or not at all.

use store::{Error, Head, Location, Store};
use weft_tests::database::views;
use weft_tests::samples::{Sample, demo, take_all};
use weft_tests::{Database, on_both, outside};

fn both() -> Vec<Database> {
    [Some(Database::sqlite()), Database::postgres()].into_iter().flatten().collect()
}

/// What became of restoring into a database.
fn restore(file: &std::path::Path, into: &Database) -> Result<store::Copied, Error> {
    Store::restore(file, &into.location(), views())
}

#[test]
fn a_backup_comes_back_whole_into_either_database() {
    let samples: Vec<Sample> = demo();
    for source in both() {
        let store = source.open();
        let _ = take_all(&store, &samples);
        let file = source.folder().join("backup.weft");
        let copied = store.backup(&file).unwrap();
        assert_eq!(copied.head, store.read(|tx| store::log::head(tx)).unwrap());
        let left: Vec<_> =
            std::fs::read_dir(source.folder()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("backup.weft-")), "one file: {left:?}");
        let tables = outside::view_tables();
        let before = outside::dump(&store, &tables, &[]);
        for target in both() {
            let restored = restore(&file, &target).unwrap();
            assert_eq!(restored.head, copied.head);
            let again = target.open();
            assert!(again.remade().is_empty());
            let report = again.verify(Some(copied.head)).unwrap();
            assert!(report.findings.is_empty(), "{:?}", report.findings);
            assert_eq!(outside::dump(&again, &tables, &[]), before);
            // And it goes on from there.
            assert!(
                take_all(&again, &samples)
                    .iter()
                    .all(|one| !matches!(one.outcome, record::ingest::Outcome::Applied(_)))
            );
            assert!(again.verify(Some(copied.head)).unwrap().findings.is_empty());
        }
    }
}

#[test]
fn a_backup_overwrites_nothing_and_leaves_nothing_half_done() {
    on_both(|database| {
        let store = database.open();
        let file = database.folder().join("letter.txt");
        std::fs::write(&file, "a letter").unwrap();
        let told = store.backup(&file).unwrap_err().to_string();
        assert!(told.contains("exists already"), "{told}");
        assert_eq!(std::fs::read(&file).unwrap(), b"a letter");
        let nowhere = database.folder().join("no/such/folder/backup.weft");
        assert!(store.backup(&nowhere).is_err());
        assert!(!nowhere.exists());
    });
}

#[test]
fn restoring_refuses_what_is_no_backup_and_what_is_not_empty() {
    let source = Database::sqlite();
    let store = source.open();
    let _ = take_all(&store, &demo()[..8]);
    let backup = source.folder().join("backup.weft");
    store.backup(&backup).unwrap();
    let text = source.folder().join("text.weft");
    std::fs::write(&text, "not a database, only words\n".repeat(100)).unwrap();
    let empty = source.folder().join("empty.weft");
    std::fs::write(&empty, "").unwrap();
    let foreign = source.folder().join("foreign.weft");
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE log (seq INTEGER, hash BLOB)").unwrap();
    let newer = source.folder().join("newer.weft");
    std::fs::copy(&backup, &newer).unwrap();
    rusqlite::Connection::open(&newer)
        .unwrap()
        .execute_batch(
            "INSERT INTO schema_step SELECT 9999, 'things to come', checksum FROM schema_step WHERE number = 1",
        )
        .unwrap();
    on_both(|target| {
        for file in [&text, &empty, &foreign, &newer, &source.folder().join("missing.weft")] {
            let told = restore(file, target).map(|_| ()).unwrap_err().to_string();
            assert!(told.contains("backup"), "{told}");
            assert!(!told.contains("verify"), "no advice that does not help: {told}");
        }
        if let Location::File(file) = target.location() {
            assert!(!file.exists(), "nothing was begun");
        }
        restore(&backup, target).unwrap();
        let again = restore(&backup, target).map(|_| ()).unwrap_err().to_string();
        assert!(again.contains("holds data already"), "{again}");
        assert!(target.open().verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn a_damaged_backup_leaves_an_empty_database() {
    let source = Database::sqlite();
    let store = source.open();
    let _ = take_all(&store, &demo());
    let backup = source.folder().join("backup.weft");
    store.backup(&backup).unwrap();
    // Its last third is lost, as on a stick that was pulled out.
    let bytes = std::fs::read(&backup).unwrap();
    std::fs::write(&backup, &bytes[..bytes.len() * 2 / 3]).unwrap();
    on_both(|target| {
        assert!(restore(&backup, target).is_err());
        let opened = target.open();
        assert_eq!(opened.read(|tx| store::log::head(tx)).unwrap(), Head::default());
        let tables: Vec<&store::Table> = outside::view_tables();
        assert!(outside::dump(&opened, &tables, &[]).is_empty());
        assert_eq!(outside::number(target, "SELECT count(*) FROM blob"), 0);
    });
}
