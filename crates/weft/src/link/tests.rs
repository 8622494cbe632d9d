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

#[test]
fn a_file_that_cannot_be_understood_is_refused_and_nothing_is_left() {
    let cases: [(&[u8], &str); 4] = [
        (b"id,given_name,surname,dob\n1,a,b,1950-01-02\n", "no column `unique_id`"),
        (b"", "empty"),
        (b"unique_id,given_name,surname,dob\n1,\"a,b,1950-01-02\n2,a,b,1950-01-02\n", "quotation mark"),
        (b"unique_id,unique_id,surname,dob\n", "two columns"),
    ];
    for (bytes, expected) in cases {
        let folder = tempfile::tempdir().expect("a folder");
        let task = task(folder.path(), bytes);
        let error = format!("{:#}", super::run(&task).expect_err("refused"));
        assert!(error.contains(expected) && error.contains("input.csv"), "{error}");
        assert_eq!(left(folder.path()), ["input.csv"]);
    }
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
