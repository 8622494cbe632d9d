//! The commands from file to file, with files that are as they should be and files that are not.

use std::path::{Path, PathBuf};

use crate::arguments;

/// Three rows teach nothing; the number is what joins two of them.
const ROWS: &str = "unique_id,nhs_number,given_name,surname,sex,dob,address_1,postcode,true_person\n\
    a,9991234578,Margaret,Jones,f,1948-03-12,12 High Road,SK4 1AA,1\n\
    b,9991234578,Peggy,Jones,f,1948-03-12,12 High Road,SK4 1AA,1\n\
    \"c,c\",,Owen,Pugh,m,1990-07-01,3 Mill Lane,SK2 2BB,2\n";

fn task(folder: &Path, text: &[u8]) -> arguments::Link {
    let input = folder.join("input.csv");
    std::fs::write(&input, text).expect("writes");
    let output = folder.join("links.csv");
    arguments::Link { inputs: vec![input], output, pairs: None, columns: None, no_nhs_number: false, threshold: None }
}

fn left(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("reads")
        .map(|entry| entry.expect("reads").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn each_row_is_given_a_person_and_each_pair_its_weights() {
    let folder = tempfile::tempdir().expect("a folder");
    let task = arguments::Link { pairs: Some(folder.path().join("pairs.csv")), ..task(folder.path(), ROWS.as_bytes()) };
    super::run(&task).expect("links");
    let links = std::fs::read_to_string(&task.output).expect("reads");
    assert_eq!(links, "unique_id,person_id\na,a\nb,a\n\"c,c\",\"c,c\"\n");
    let pairs = std::fs::read_to_string(folder.path().join("pairs.csv")).expect("reads");
    let mut lines = pairs.lines();
    assert!(lines.next().is_some_and(|header| header.ends_with("address,address weight,NHS number,NHS number weight")));
    assert!(lines.next().is_some_and(|pair| pair.starts_with("a,b,") && pair.contains("forms of one name")), "{pairs}");
    assert_eq!(left(folder.path()), ["input.csv", "links.csv", "pairs.csv"]);
    let truth = arguments::Evaluate {
        links: task.output.clone(),
        truth: task.inputs.clone(),
        column: "true_person".into(),
        id_column: "unique_id".into(),
    };
    crate::evaluate::run(&truth).expect("evaluates");
    let wrong = arguments::Evaluate { column: "who".into(), ..truth };
    let error = format!("{:#}", crate::evaluate::run(&wrong).expect_err("refused"));
    assert!(error.contains("`who`") && error.contains("input.csv"), "{error}");
}

/// The command refuses the file, names it, and leaves nothing behind.
fn refused(text: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let error = format!("{:#}", super::run(&task(folder.path(), text)).expect_err("refused"));
    assert!(error.contains("input.csv"), "{error}");
    assert_eq!(left(folder.path()), ["input.csv"]);
    error
}

/// The command goes on: what it says in its last line, and which rows it listed as set aside.
fn taken(text: &[u8]) -> (serde_json::Value, Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let task = task(folder.path(), text);
    let report = super::last_line(&super::linked(&task).expect("links")).expect("a line");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let links = std::fs::read_to_string(&task.output).expect("reads").lines().count() - 1;
    assert_eq!(report["rows"].as_u64(), Some(links as u64), "a line for each row that was read");
    let aside = std::fs::read_to_string(folder.path().join("links.csv.set-aside.csv")).unwrap_or_default();
    let aside: Vec<String> = aside.lines().skip(1).map(str::to_owned).collect();
    assert_eq!(report["set_aside"].as_u64(), Some(aside.len() as u64), "every row that was not is counted and listed");
    (report, aside)
}

/// The three rows and what comes after them: lines 5 and following.
fn after(more: &[u8]) -> Vec<u8> {
    [ROWS.as_bytes(), more].concat()
}

#[test]
fn the_last_line_says_rows_people_seconds_and_memory() {
    let (report, aside) = taken(ROWS.as_bytes());
    assert_eq!((report["rows"].as_u64(), report["people"].as_u64(), aside.len()), (Some(3), Some(2), 0));
    assert!(report["seconds"].as_f64().is_some_and(|seconds| (0.0..600.0).contains(&seconds)), "{report}");
    assert!(report["peak_mb"].as_u64().is_some_and(|megabytes| megabytes > 0), "{report}");
}

#[test]
fn a_missing_column_is_refused_by_its_name_with_those_there_are() {
    let error = refused(b"id,given_name,surname,dob\n1,a,b,1950-01-02\n");
    assert!(
        error.contains("line 1") && error.contains("no column `unique_id`") && error.contains("id, given_name"),
        "{error}"
    );
    assert!(refused(b"unique_id,postcode\n1,SK4 1AA\n").contains("given_name, surname, dob"));
    assert!(refused(b"unique_id,unique_id,surname,dob\n").contains("two columns named `unique_id`"));
    assert!(refused(b"").contains("empty"));
}

#[test]
fn a_quotation_mark_that_never_closes_is_refused_by_line_and_column() {
    let error = refused(&after(b"d,,\"Owen,Pugh,m,1990-07-01,3 Mill Lane,SK2 2BB,2\ne,,Ann,Lee,f,1950-01-02,,,3\n"));
    assert!(error.contains("line 5, column given_name") && error.contains("quotation mark"), "{error}");
}

#[test]
fn quotation_marks_that_swallow_a_row_are_set_aside_and_an_address_of_two_lines_is_none() {
    let swallowed = b"d,,\"Owen,Pugh,m,1990-07-01,,,2\ne,,\"Ann,Lee,f,1950-01-02,,,3\nf,,Una,Poe,f,1951-01-02,,,4\n";
    let (report, aside) = taken(&after(swallowed));
    assert_eq!(report["rows"].as_u64(), Some(4));
    assert!(
        matches!(aside.as_slice(), [one] if one.starts_with("5,given_name,a line break in the value")),
        "{aside:?}"
    );
    let in_the_address =
        b"d,,Owen,Pugh,m,1990-07-01,\"3 Mill Lane,SK2 2BB,2\ne,,Ann,Lee,f,1950-01-02,1 High Road,\",SK2 2BB,3\n";
    assert!(taken(&after(in_the_address)).1[0].starts_with("5,address_1,a line break"));
    let two_lines = b"d,,Owen,Pugh,m,1990-07-01,\"Flat 2\n3 Mill Lane\",SK2 2BB,2\n";
    assert_eq!(taken(&after(two_lines)).1, Vec::<String>::new());
}

#[test]
fn bytes_that_are_not_utf_8_cost_their_row_and_name_line_and_column() {
    let (report, aside) = taken(&after(b"d,,Ow\xffen,Pugh,m,1990-07-01,3 Mill Lane,SK2 2BB,2\n"));
    assert_eq!((report["rows"].as_u64(), aside), (Some(3), vec!["5,given_name,bytes that are not UTF-8".to_owned()]));
}

#[test]
fn a_name_of_ten_thousand_letters_costs_its_row_and_names_line_and_column() {
    let long = format!("d,,Owen,{},m,1990-07-01,3 Mill Lane,SK2 2BB,2\n", "P".repeat(10_000));
    let (report, aside) = taken(&after(long.as_bytes()));
    assert_eq!(report["rows"].as_u64(), Some(3));
    assert_eq!(aside, ["5,surname,a value of 10000 bytes; the most is 1000"]);
}

#[test]
fn impossible_dates_are_counted_and_their_rows_kept() {
    let dates = ["2017-02-31", "1899-13-01", "soon", "31/02/2017", "0000-00-00", "9999-99-99"];
    let rows: String = dates
        .iter()
        .enumerate()
        .map(|(at, date)| format!("d{at},,Owen,Pugh,m,{date},3 Mill Lane,SK2 2BB,2\n"))
        .collect();
    let (report, aside) = taken(&after(rows.as_bytes()));
    assert_eq!((report["rows"].as_u64(), aside.len()), (Some(3 + 6), 0));
    assert_eq!(report["dates_not_usable"].as_u64(), Some(6), "{report}");
}

#[test]
fn an_id_that_was_there_before_costs_its_row_and_names_both_lines() {
    let (report, aside) = taken(&after(b"a,,A,B,m,,,,3\n ,,A,B,m,,,,3\n"));
    assert_eq!(report["rows"].as_u64(), Some(3));
    assert_eq!(aside, ["5,unique_id,the id stands on line 2 already", "6,unique_id,the row has no id"]);
}

#[test]
fn rows_set_aside_are_listed_beside_the_links_and_gone_when_mended() {
    let folder = tempfile::tempdir().expect("a folder");
    let broken = [ROWS.as_bytes(), b"d,,Ow\xffen,Pugh,m,1990-07-01,3 Mill Lane,SK2 2BB,2\na,,A,B,m,,,,3\n"].concat();
    super::run(&task(folder.path(), &broken)).expect("links the rest");
    let aside = std::fs::read_to_string(folder.path().join("links.csv.set-aside.csv")).expect("reads");
    assert_eq!(
        aside,
        "line,column,why\n5,given_name,bytes that are not UTF-8\n6,unique_id,the id stands on line 2 already\n"
    );
    super::run(&task(folder.path(), ROWS.as_bytes())).expect("links");
    assert_eq!(left(folder.path()), ["input.csv", "links.csv"]);
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let fresh = || task(folder.path(), ROWS.as_bytes());
    for threshold in [0.0, 1.0, -1.0, f32::NAN] {
        let error = super::run(&arguments::Link { threshold: Some(threshold), ..fresh() }).expect_err("refused");
        assert!(error.to_string().contains("between 0 and 1"), "{error}");
    }
    let onto_itself = arguments::Link { output: fresh().inputs[0].clone(), ..fresh() };
    assert!(super::run(&onto_itself).expect_err("refused").to_string().contains("is an input"));
    let columns: PathBuf = folder.path().join("columns.toml");
    std::fs::write(&columns, "sirname = 'x'").expect("writes");
    let error =
        format!("{:#}", super::run(&arguments::Link { columns: Some(columns), ..fresh() }).expect_err("refused"));
    assert!(error.contains("columns.toml") && error.contains("sirname"), "{error}");
    let nowhere = arguments::Link { output: folder.path().join("no/such/folder.csv"), ..fresh() };
    assert!(format!("{:#}", super::run(&nowhere).expect_err("refused")).contains("cannot write"));
}
