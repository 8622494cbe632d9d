//! Whatever is changed from outside, `verify` finds it and names the row.

use store::{Dialect, Head};
use weft_tests::samples::{folder, of_path, take_all};
use weft_tests::{Database, on_both, outside};

/// A filled database, closed.
fn filled(database: &Database) -> Head {
    let store = database.open();
    // A few of every file, so that every table has rows and a verification is quick.
    let few: Vec<_> = ["community.csv", "gp-extract.csv", "social-care.csv", "hospital.hl7", "mental-health.csv"]
        .iter()
        .flat_map(|name| of_path(&folder().join("demo").join(name)).into_iter().take(6))
        .collect();
    let _ = take_all(&store, &few);
    let _ = take_all(&store, &of_path(&folder().join("broken")));
    // Something in the history: an older word of a resource that stands.
    let gp = weft_tests::samples::reader("gp");
    // Somebody who is signed in, so that the table of sessions has a row.
    let by = access::Subject {
        id: "issuer|somebody".to_owned(),
        name: "Somebody".to_owned(),
        role: access::Role::Gp,
        organisation: String::new(),
        own: None,
        teams: Vec::new(),
        assured: true,
    };
    let how = access::session::How::Persona;
    let beginning = access::session::Beginning { by, how, provider: Some("a".to_owned()), sid: None, secret: [7; 32] };
    let begin = move |write: &mut store::Write<'_>| {
        access::session::begin(write, &beginning, None, jiff::SignedDuration::from_mins(15), weft_tests::at(499))
    };
    store.write(begin).unwrap();
    for (number, day) in ["05", "03", "09"].iter().enumerate() {
        let words = format!(
            r#"{{"resourceType":"Practitioner","id":"lamplighter","meta":{{"lastUpdated":"2026-01-{day}T00:00:00Z"}},"name":[{{"text":"Nurse {day}"}}]}}"#
        );
        let _ = weft_tests::samples::take(&store, &gp, words.as_bytes(), weft_tests::at(500 + number as i64));
    }
    let report = store.verify(None).unwrap();
    assert!(report.findings.is_empty(), "fresh: {:?}", report.findings);
    assert!(report.entries > 20 && report.blobs > 20 && report.resources > 20 && report.view_rows > 50);
    report.head
}

/// Makes a change on a copy and returns what `verify` says of it.
fn found_after(database: &Database, change: &str, expected: Option<Head>) -> Vec<(String, String)> {
    let copy = database.copy();
    outside::run(&copy, change);
    said(&copy.open(), expected)
}

fn said(store: &store::Store, expected: Option<Head>) -> Vec<(String, String)> {
    let report = store.verify(expected).unwrap();
    report.findings.into_iter().map(|finding| (finding.table, format!("{}: {}", finding.row, finding.what))).collect()
}

const LOG: &str = "seq, at, kind, stream, version, event, actor, body, covers, hash";
const VERSION: &str = "version, person, type, feed, source_id, as_of, arrived, message, body, hash";

#[test]
fn every_change_from_outside_is_found_and_named() {
    on_both(|database| {
        let head = filled(database);
        let sqlite = database.dialect() == Dialect::Sqlite;
        let last = head.seq;
        let new_id = if sqlite { "randomblob(16)" } else { "gen_random_uuid()" };
        let flip = |column: &str, row: &str| {
            if sqlite {
                // SQLite has no way to set one byte of a blob; the first byte goes from the start to the end.
                format!(
                    "UPDATE blob SET {column} = CAST(substr({column}, 2) || substr({column}, 1, 1) AS BLOB) WHERE {row}"
                )
            } else {
                format!(
                    "UPDATE blob SET {column} = set_byte({column}, 6, (get_byte({column}, 6) + 1) % 256) WHERE {row}"
                )
            }
        };
        let sha =
            |text: &str| if sqlite { "zeroblob(32)".to_owned() } else { format!("sha256(convert_to({text}, 'UTF8'))") };
        let one = "id = (SELECT id FROM resource WHERE type = 'Condition' ORDER BY id LIMIT 1)";
        // What is changed; the table of the first finding about it; what the finding says of the row.
        let changes: Vec<(String, &str, &str)> = vec![
            ("UPDATE log SET body = replace(body, 'a', 'b') WHERE seq = 7".into(), "log", "seq 7:"),
            ("UPDATE log SET actor = 'somebody else' WHERE seq = 3".into(), "log", "seq 3:"),
            ("UPDATE log SET at = at + 1 WHERE seq = 4".into(), "log", "seq 4:"),
            ("UPDATE log SET at = 9223372036854775807 WHERE seq = 5".into(), "log", "seq 5:"),
            ("DELETE FROM log WHERE seq = 9".into(), "log", "seq 10:"),
            ("DELETE FROM log WHERE seq = 1".into(), "log", "seq 2:"),
            (
                "UPDATE log SET seq = -1 WHERE seq = 5; UPDATE log SET seq = 5 WHERE seq = 6; UPDATE log SET seq = 6 WHERE seq = -1"
                    .into(),
                "log",
                "seq 5:",
            ),
            (
                format!("INSERT INTO log ({LOG}) SELECT {last} + 1, at, kind, {new_id}, 1, event, actor, body, covers, hash FROM log WHERE seq = {last}"),
                "log",
                &*format!("seq {}:", last + 1).leak(),
            ),
            (format!("UPDATE resource SET body = replace(body, 'e', 'f') WHERE {one}"), "resource", "no longer agrees"),
            (
                format!("UPDATE resource SET body = body || ' ', hash = {} WHERE {one}", sha("body || ' '")),
                "resource",
                if sqlite { "no longer agrees" } else { "not those that the log says" },
            ),
            (format!("UPDATE resource SET as_of = as_of + 1 WHERE {one}"), "resource", "not those that the log says"),
            (format!("UPDATE resource SET person = {new_id} WHERE {one}"), "resource", "not those that the log says"),
            (format!("DELETE FROM resource WHERE {one}"), "resource", "not those that the log says"),
            ("DELETE FROM resource_history".into(), "resource", "not those that the log says"),
            (
                "UPDATE resource_history SET seq = seq + 1000000".into(),
                "resource_history",
                "its place in the order of arrival",
            ),
            ("UPDATE resource_history SET body = replace(body, 'Nurse', 'Curse')".into(), "resource", "no longer agrees"),
            (
                format!("INSERT INTO resource (id, seq, {VERSION}) SELECT {new_id}, 999999, {VERSION} FROM resource WHERE {one}"),
                "resource",
                "not those that the log says",
            ),
            (
                format!(
                    "INSERT INTO resource (id, seq, version, person, type, feed, source_id, as_of, arrived, message, body, hash)
                     SELECT {new_id}, 999999, version, person, type, feed, source_id, as_of, arrived, {new_id}, body, hash
                     FROM resource WHERE {one}"
                ),
                "resource",
                "the log knows of no message",
            ),
            (flip("body", "hash = (SELECT hash FROM blob ORDER BY hash LIMIT 1)"), "blob", "the bytes no longer agree"),
        ];
        for (change, table, says) in changes {
            let found = found_after(database, &change, None);
            let Some((first, words)) = found.first() else { panic!("not found: {change}") };
            assert_eq!(first, table, "{change}\n{found:?}");
            assert!(words.contains(says), "{change}\n{found:?}");
        }
        let store = database.open();
        // Nothing of these is in the samples: what people choose, open, seal, ask and review.
        let none = |name: &str| {
            [
                "look",
                "audit",
                "reader",
                "glass",
                "alert",
                "seal",
                "choice",
                "proxy",
                "question",
                "review",
                "pattern",
                "person_dispute",
                "back_",
                // What stewards say and what was learnt: `linkage` changes these.
                "linkage",
            ]
            .iter()
            .any(|known| name.starts_with(known))
        };
        // Nor is anything that is done here and not sent by a feed: asks, calls, stays, the bed gate.
        let done_here: Vec<&str> = [care::views(), assurance::views(), finding::views()]
            .iter()
            .flatten()
            .flat_map(|view| view.tables().iter().map(|table| table.name))
            .collect();
        for table in outside::view_tables() {
            if outside::number(database, &format!("SELECT count(*) FROM {}", table.name)) == 0 {
                assert!(none(table.name) || done_here.contains(&table.name), "{} has no row to change", table.name);
                continue;
            }
            view_changes(database, &store, table);
        }
        drop(store);
        if sqlite {
            // A byte that makes the text no text at all, which PostgreSQL itself refuses.
            let broken = "UPDATE log SET body = CAST(x'7bff' AS TEXT) WHERE seq = 6";
            let found = found_after(database, broken, None);
            assert!(found[0].0 == "log" && found[0].1.starts_with("seq 6:"), "{found:?}");
            let broken = format!("UPDATE resource SET body = CAST(x'7bff' AS TEXT) WHERE {one}");
            assert_eq!(found_after(database, &broken, None)[0].0, "resource");
        }
        // A log cut short agrees with itself; only a head kept elsewhere shows it. The last three entries wrote resources,
        // so those are found without it; an entry that wrote none is not.
        let cut = format!("DELETE FROM log WHERE seq > {last} - 1");
        assert!(!found_after(database, &cut, Some(head)).is_empty());
    });
}

/// One row of each of these tables of views changed from outside, taken out, and put in: all are found.
pub(crate) fn changes_are_found(database: &Database, store: &store::Store, names: &[&str]) {
    for name in names {
        let table = outside::view_tables().into_iter().find(|table| table.name == *name);
        let table = table.unwrap_or_else(|| panic!("there is no table {name}"));
        assert!(outside::number(database, &format!("SELECT count(*) FROM {name}")) > 0, "{name} has a row to change");
        view_changes(database, store, table);
    }
}

/// One row of a view changed, taken out, and put in.
fn view_changes(database: &Database, store: &store::Store, table: &'static store::Table) {
    let name = table.name;
    let sqlite = database.dialect() == Dialect::Sqlite;
    // A table that is all key has rows that are there or not, and none that differ.
    let changed = table.columns.iter().find(|column| !table.key.contains(&column.name)).map(|changed| {
        let other = match changed.holds {
            store::table::Type::Int => format!("{} + 1", changed.name),
            store::table::Type::Text => format!("{} || 'x'", changed.name),
            // Nobody's: nil stands for nobody in some of them.
            store::table::Type::Uuid if sqlite => "x'11111111111111111111111111111111'".to_owned(),
            store::table::Type::Uuid => "'11111111-1111-1111-1111-111111111111'".to_owned(),
            store::table::Type::Bytes => panic!("no view keeps bytes"),
        };
        format!("{} = {other}", changed.name)
    });
    let keys = table.key.join(", ");
    let row = format!("({keys}) IN (SELECT {keys} FROM {name} ORDER BY {keys} LIMIT 1)");
    let columns: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
    let (key, fresh) = (
        table.key[0],
        match table.columns[0].holds {
            store::table::Type::Uuid if sqlite => "zeroblob(16)".to_owned(),
            store::table::Type::Uuid => "'00000000-0000-0000-0000-000000000001'".to_owned(),
            store::table::Type::Int => "7777777777".to_owned(),
            _ => "'another'".to_owned(),
        },
    );
    assert_eq!(key, columns[0]);
    let rest = columns[1..].join(", ");
    let differs = changed.map(|changed| (format!("UPDATE {name} SET {changed} WHERE {row}"), "differs"));
    for (change, says) in differs.into_iter().chain([
        (format!("DELETE FROM {name} WHERE {row}"), "is missing"),
        (format!("INSERT INTO {name} ({key}, {rest}) SELECT {fresh}, {rest} FROM {name} WHERE {row}"), "has no ground"),
    ]) {
        store.replay().unwrap();
        outside::run(database, &change);
        let found = said(store, None);
        assert!(found.len() == 1 && found[0].0 == name && found[0].1.contains(says), "{change}\n{found:?}");
    }
}

#[test]
fn a_log_cut_short_is_found_by_a_head_kept_elsewhere() {
    on_both(|database| {
        let store = database.open_with(weft_tests::lamp::lamps());
        for number in 1..=5_u128 {
            let lamp = uuid::Uuid::from_u128(number);
            store
                .write(move |write| {
                    write.execute::<weft_tests::lamp::Lamp>(
                        lamp,
                        weft_tests::lamp::Ask::Light,
                        "test",
                        weft_tests::at(0),
                    )
                })
                .unwrap();
        }
        let head = store.read(|tx| store::log::head(tx)).unwrap();
        drop(store);
        outside::run(database, "DELETE FROM log WHERE seq = 5");
        let store = database.open_with(weft_tests::lamp::lamps());
        store.replay().unwrap();
        assert!(store.verify(None).unwrap().findings.is_empty(), "it agrees with itself");
        let found = store.verify(Some(head)).unwrap().findings;
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].table == "log" && found[0].row == "seq 5" && found[0].what.contains("cut short"), "{found:?}");
    });
}

#[test]
fn many_kept_heads_find_a_tail_cut_short_a_history_written_anew_and_another_log() {
    fn filled_lamps(database: &Database, after: i64) -> Vec<Head> {
        let store = database.open_with(weft_tests::lamp::lamps());
        (1..=6_u128)
            .map(|number| {
                let (lamp, at) = (uuid::Uuid::from_u128(number), weft_tests::at(after));
                let light = weft_tests::lamp::Ask::Light;
                store.write(move |write| write.execute::<weft_tests::lamp::Lamp>(lamp, light, "test", at)).unwrap();
                store.read(|tx| store::log::head(tx)).unwrap()
            })
            .collect()
    }
    let said = |database: &Database, heads: &[Head]| {
        let store = database.open_with(weft_tests::lamp::lamps());
        store.replay().unwrap();
        let found = store.verify_against(heads).unwrap().findings;
        found
            .into_iter()
            .map(|finding| format!("{} {}: {}", finding.table, finding.row, finding.what))
            .collect::<Vec<_>>()
    };
    on_both(|database| {
        let heads = filled_lamps(database, 0);
        assert_eq!(said(database, &heads), Vec::<String>::new());
        let cut = database.copy();
        outside::run(&cut, "DELETE FROM log WHERE seq > 4");
        let found = said(&cut, &heads);
        assert!(found.len() == 1 && found[0].starts_with("log seq 5: each of 2 heads"), "{found:?}");
        assert!(found[0].contains("up to seq 6") && found[0].contains("ends at seq 4: it was cut short"), "{found:?}");
        assert_eq!(said(&cut, &heads[..4]), Vec::<String>::new(), "heads before the cut say nothing of it");
        // The end cut off and others written in its place: the chain agrees with itself.
        outside::run(&cut, "DELETE FROM log WHERE seq > 2");
        {
            let store = cut.open_with(weft_tests::lamp::lamps());
            for number in 11..=14_u128 {
                let (lamp, at) = (uuid::Uuid::from_u128(number), weft_tests::at(9));
                let light = weft_tests::lamp::Ask::Light;
                store.write(move |write| write.execute::<weft_tests::lamp::Lamp>(lamp, light, "test", at)).unwrap();
            }
        }
        assert_eq!(said(&cut, &[]), Vec::<String>::new());
        let found = said(&cut, &heads);
        assert!(found.len() == 1 && found[0].starts_with("log seq 3: each of 4 heads"), "{found:?}");
        assert!(found[0].contains("written anew") && found[0].contains("that of seq 2"), "{found:?}");
    });
    // Another log altogether, as long as the first.
    on_both(|database| {
        let mut heads = filled_lamps(database, 0);
        for head in &mut heads {
            head.hash[0] ^= 1;
        }
        let found = said(database, &heads);
        assert!(found.len() == 1 && found[0].starts_with("log seq 1: each of 6 heads"), "{found:?}");
        assert!(found[0].contains("another log altogether"), "{found:?}");
    });
}
