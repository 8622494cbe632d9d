//! `kill -9` in the middle of transactions by the API: what was acknowledged is there, and nothing is there by half.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use store::Location;
use weft_tests::api::Api;
use weft_tests::{Database, Seeded, outside};

/// Tells the child which database is its own, and with which transaction it begins.
const CHILD: &str = "WEFT_TEST_TRANSACTION_CHILD";
/// Conditions a transaction brings with its patient.
const CONDITIONS: usize = 12;

#[test]
fn a_killed_transaction_leaves_nothing_on_sqlite() {
    killed(Some(Database::sqlite()), 6, "faults::transaction::a_killed_transaction_leaves_nothing_on_sqlite");
}

#[test]
fn a_killed_transaction_leaves_nothing_on_postgresql() {
    killed(Database::postgres(), 3, "faults::transaction::a_killed_transaction_leaves_nothing_on_postgresql");
}

fn killed(database: Option<Database>, kills: usize, name: &str) {
    if let Ok(told) = std::env::var(CHILD) {
        return child(&told);
    }
    let Some(database) = database else { return };
    let (mut acknowledged, mut begin) = (Vec::new(), 0);
    let mut seeded = Seeded::new(43);
    for kill in 0..kills {
        acknowledged.extend(run_and_kill(&database, begin, 3 + seeded.below(12), name));
        // Some may have been kept and not acknowledged: the next child begins well behind them.
        begin = acknowledged.iter().max().map_or(0, |last| last + 100);
        let store = database.open();
        let report = store.verify(None).unwrap();
        assert!(report.findings.is_empty(), "after kill {kill}: {:?}", report.findings);
        drop(store);
        let patients = outside::number(&database, "SELECT count(*) FROM resource WHERE type = 'Patient'");
        let conditions = outside::number(&database, "SELECT count(*) FROM resource WHERE type = 'Condition'");
        assert_eq!(conditions, patients * CONDITIONS as i64, "after kill {kill} a transaction is there by half");
        for number in &acknowledged {
            let there = format!("SELECT count(*) FROM resource WHERE source_id = 'p-{number}'");
            assert_eq!(outside::number(&database, &there), 1, "after kill {kill} transaction {number} is gone");
        }
    }
    assert!(acknowledged.len() >= 3 * kills);
}

fn run_and_kill(database: &Database, begin: usize, after: usize, name: &str) -> Vec<usize> {
    let address = match database.location() {
        Location::File(file) => file.display().to_string(),
        Location::Server(url) => url,
    };
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env(CHILD, format!("{begin} {address}"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut acknowledged = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if let Some(number) = line.rsplit("ack ").next().and_then(|number| number.parse().ok()) {
            acknowledged.push(number);
        }
        if acknowledged.len() == after {
            // SIGKILL, while the child has its next transaction in hand.
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    acknowledged
}

/// Sends transactions and says so of each only after it was answered.
fn child(told: &str) {
    let (begin, address) = told.split_once(' ').unwrap();
    let begin: usize = begin.parse().unwrap();
    let location =
        if address.contains("://") { Location::Server(address.to_owned()) } else { Location::File(address.into()) };
    let seed = u64::from(std::process::id());
    let views = weft_tests::database::views();
    let api = Api::of(store::Store::open(location, views, Box::new(Seeded::new(seed))).unwrap());
    let mut out = std::io::stdout();
    for number in begin..begin + 90 {
        api.bundle(&transaction(number)).unwrap();
        writeln!(out, "ack {number}").unwrap();
        out.flush().unwrap();
    }
}

fn transaction(number: usize) -> Value {
    let patient = format!("p-{number}");
    let mut entries = vec![json!({
        "resource": {"resourceType": "Patient", "id": patient, "active": true},
        "request": {"method": "PUT", "url": format!("Patient/{patient}")},
    })];
    entries.extend((0..CONDITIONS).map(|which| {
        json!({
            "resource": {"resourceType": "Condition", "id": format!("c-{number}-{which}"),
                "subject": {"reference": format!("Patient/{patient}")}, "code": {"text": "Gout"}},
            "request": {"method": "PUT", "url": format!("Condition/c-{number}-{which}")},
        })
    }));
    json!({"resourceType": "Bundle", "type": "transaction", "entry": entries})
}
