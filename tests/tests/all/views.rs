//! Views are made from the log and the record and nothing else: throwing them away changes nothing.

use weft_tests::database::Database;
use weft_tests::lamp::{Ask, Lamp, Lamps, lamps};
use weft_tests::samples::{demo, take_all};
use weft_tests::{at, on_both, outside};

#[test]
fn replay_makes_identical_views() {
    on_both(|database| {
        let store = database.open();
        let _ = take_all(&store, &demo());
        let tables = outside::view_tables();
        let before = outside::dump(&store, &tables, &[]);
        let rows = store.replay().unwrap();
        assert_eq!(outside::dump(&store, &tables, &[]), before);
        assert_eq!(rows.iter().map(|(_, rows)| usize::try_from(*rows).unwrap()).sum::<usize>(), before.len());
        outside::run(database, "DELETE FROM fact; DELETE FROM person; DELETE FROM message_key;");
        assert!(!store.verify(None).unwrap().findings.is_empty());
        store.replay().unwrap();
        assert_eq!(outside::dump(&store, &tables, &[]), before);
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}

#[test]
fn a_view_that_changed_is_made_again_at_the_next_start() {
    let lamp = uuid::Uuid::from_u128(1);
    let open = |database: &Database, version, wider| database.open_with(vec![Box::new(Lamps { version, wider })]);
    on_both(|database| {
        let store = database.open_with(lamps());
        assert_eq!(store.remade(), ["lamps"]);
        store.write(move |write| write.execute::<Lamp>(lamp, Ask::Flash, "test", at(0))).unwrap();
        drop(store);
        // As if an older release had counted wrongly.
        outside::run(database, "UPDATE lamp SET events = 99");
        let store = open(database, 1, false);
        assert!(store.remade().is_empty(), "the same definition is left alone");
        drop(store);
        assert_eq!(outside::number(database, "SELECT events FROM lamp"), 99);
        let store = open(database, 2, false);
        assert_eq!(store.remade(), ["lamps"], "a newer version");
        drop(store);
        assert_eq!(outside::number(database, "SELECT events FROM lamp"), 2);
        let store = open(database, 2, true);
        assert_eq!(store.remade(), ["lamps"], "another shape of its table");
        assert_eq!(outside::number(database, "SELECT count(*) FROM lamp WHERE last = 'PutOut'"), 1);
        store.write(move |write| write.execute::<Lamp>(lamp, Ask::Light, "test", at(1))).unwrap();
        assert!(store.verify(None).unwrap().findings.is_empty());
    });
}
