//! Files of people against scores that three other programs gave them, and files that must be refused.

use std::collections::BTreeMap;
use std::fs;

use super::*;
use crate::dispute::Disputes;
use crate::library::Library;
use crate::plan::{Asked, Plan};

fn day(text: &str) -> Day {
    Day::of(text.parse().unwrap()).unwrap()
}

fn manner(file: &str) -> Manner<'_> {
    Manner { file, system: System::Icd10, as_of: day("2026-11-22"), today: day("2026-11-22") }
}

/// The score of everybody in a text, as it is shown.
fn scores(text: &str, instrument: &str) -> BTreeMap<String, String> {
    let library = Library::shipped().unwrap();
    let input = read(text.as_bytes(), manner("input.csv")).unwrap();
    let plan = Plan::of(&library, &[instrument], &input.events.codes, &input.events.units).unwrap();
    let frame = plan.on(Asked { as_of: day("2026-11-22"), has_days: input.has_days });
    let set = plan.find(instrument).unwrap();
    let score = |(number, (id, person)): (u32, (&String, &Person))| {
        let found = plan.explain(set, &input.events, person, number, &frame, &Disputes::default(), &[]).unwrap();
        (id.clone(), found.value.unwrap())
    };
    (0..).zip(input.ids.iter().zip(&input.people.list)).map(score).collect()
}

/// Compares with one column of a file of truth.
fn compare(input: &str, truth: &str, instrument: &str, column: &str) -> usize {
    let found = scores(input, instrument);
    let mut reader = csv::Reader::from_reader(truth.as_bytes());
    let at = reader.headers().unwrap().iter().position(|header| header == column).unwrap();
    let mut compared = 0;
    for row in reader.records().map(Result::unwrap) {
        let (id, expected) = (&row[0], row[at].parse::<f64>().unwrap());
        let score = found[id].parse::<f64>().unwrap();
        assert!((score - expected).abs() < 1e-9, "{instrument} of {id}: {score}, and {column} says {expected}");
        compared += 1;
    }
    assert_eq!(compared, found.len());
    compared
}

const INPUT: &str = include_str!("../../fixtures/golden_input.csv");
const OUTPUT: &str = include_str!("../../fixtures/golden_output.csv");
const INSTRUMENTS: [&str; 6] =
    ["hfrs", "charlson-1987", "charlson-quan-2011", "charlson-shmi", "charlson-rcs", "elixhauser-van-walraven"];

#[test]
fn the_scores_are_those_of_other_programs() {
    for instrument in INSTRUMENTS {
        assert!(compare(INPUT, OUTPUT, instrument, instrument) > 70);
    }
}

#[test]
fn every_golden_row_is_reached_by_every_program_that_is_the_truth() {
    let Some(shared) = std::env::var_os("WEFT_SHARED_DATA") else {
        eprintln!("NOT RUN: WEFT_SHARED_DATA names no folder, so only the golden rows in the repository were compared");
        return;
    };
    let folder = std::path::Path::new(&shared).join("population");
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let (input, truth) = (text("golden_icd10_input.csv"), text("golden_icd10_output.csv"));
    for (instrument, column) in [
        ("hfrs", "hfrs_pycomorb"),
        ("hfrs", "hfrs_comorbidipy"),
        ("charlson-1987", "charlson_1987_pycomorb"),
        ("charlson-1987", "charlson_1987_Rmap"),
        ("charlson-quan-2011", "charlson_quan2011_pycomorb"),
        ("charlson-quan-2011", "charlson_quan2011_Rmap"),
        ("charlson-shmi", "charlson_shmi_pycomorb"),
        ("charlson-rcs", "charlson_rcs_pycomorb"),
        ("elixhauser-van-walraven", "elix_vw_pycomorb"),
        ("elixhauser-van-walraven", "elix_vw_Rmap"),
    ] {
        assert!(compare(&input, &truth, instrument, column) >= 1_000);
    }
}

#[test]
fn the_order_of_rows_makes_no_difference() {
    let mut lines: Vec<&str> = INPUT.lines().skip(1).collect();
    lines.reverse();
    let turned = format!("id,code,age\n{}\n", lines.join("\n"));
    for instrument in INSTRUMENTS {
        assert_eq!(scores(INPUT, instrument), scores(&turned, instrument));
    }
}

#[test]
fn codes_outside_the_look_back_do_not_count_and_without_days_all_do() {
    let dated = "id,code,date\na,F00,2024-11-23\nb,F00,2024-11-22\nc,F00,22/11/2026\n";
    let found = scores(dated, "hfrs");
    assert_eq!((&*found["a"], &*found["b"], &*found["c"]), ("7.1", "0.0", "7.1"));
    assert_eq!(scores("id,code\nb,F00.1D\n", "hfrs")["b"], "7.1");
}

#[test]
fn somebody_without_a_code_gets_a_score_of_nought_and_is_not_left_out() {
    assert_eq!(
        scores("id,code\na,\nb,F00\na,\n", "hfrs"),
        BTreeMap::from([("a".into(), "0.0".into()), ("b".into(), "7.1".into())])
    );
}

#[test]
fn what_cannot_be_read_is_told_with_its_line_and_nothing_is_scored() {
    for (text, line, what) in [
        ("id,kode\na,F00\n", 1, "no column `code`"),
        ("id,code,dates\na,F00,2020-01-01\n", 1, "`dates` is no column"),
        ("id,code\na,F00\na,12\n", 3, "no icd10 code"),
        ("id,code,age\na,F00,-4\n", 2, "`-4` is no age"),
        ("id,code,age\na,F00,70\na,G30,71\n", 3, "71 here and 70 above"),
        ("id,code,date\na,F00,2026-11-23\n", 2, "in the future"),
        ("id,code,date\na,F00,\n", 2, "no date"),
        ("id,code,date\na,F00,2026-02-30\n", 2, "no date; write"),
        ("id,code,system\na,F00,ICD-9\n", 2, "`ICD-9` is no system"),
        ("id,code,system\na,F00,\n", 2, "no system"),
        ("id,code\n,F00\n", 2, "no id"),
        ("id,code\na,F00,more\n", 2, "3 fields"),
        ("id,code,value\na,F00,NaN\n", 2, "no value"),
        ("id,code,sex\na,F00,x\n", 2, "no sex"),
    ] {
        let Faults(faults) = read(text.as_bytes(), manner("people.csv")).unwrap_err();
        let told = faults[0].to_string();
        assert!(told.starts_with(&format!("people.csv:{line}: ")) && told.contains(what), "{told}");
    }
    let bad = b"id,code\na,F00\nb,\xff\xfe\n";
    assert!(read(&bad[..], manner("people.csv")).is_err());
}

#[test]
fn what_happened_after_the_day_that_is_asked_about_is_not_known_on_it() {
    let manner = Manner { as_of: day("2025-01-01"), ..manner("people.csv") };
    let input = read("id,code,date\na,F00,2025-06-01\na,F01,2024-06-01\n".as_bytes(), manner).unwrap();
    assert_eq!((input.events.rows(), input.later), (1, 1));
}
