//! `weft score` from file to file.

use std::path::Path;

use clap::Parser;

use crate::arguments::{Arguments, Task};

fn score(folder: &Path, text: &str, more: &[&str]) -> anyhow::Result<String> {
    let (input, output) = (folder.join("input.csv"), folder.join("output.csv"));
    std::fs::write(&input, text).expect("writes");
    let paths = [input.display().to_string(), output.display().to_string()];
    let mut line = vec!["weft", "score", more[0], &paths[0], "--output", &paths[1]];
    line.extend(&more[1..]);
    let Task::Score(task) = Arguments::try_parse_from(line).expect("parses").task else { panic!("not a score") };
    super::run(&task)?;
    Ok(std::fs::read_to_string(output).expect("reads"))
}

#[test]
fn everybody_gets_a_line_with_score_band_and_what_it_rests_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "id,code,age,date\na,F00.1,81,2026-01-05\na,I10,81,2026-02-05\nb,,60,2026-02-05\n";
    let out = score(folder.path(), text, &["hfrs", "--as-of", "2026-03-01"]).expect("scores");
    let mut rows = csv::Reader::from_reader(out.as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let (a, b) = (&rows[0], &rows[1]);
    assert_eq!(
        (&a[0], &a[1], &a[2], &a[3], &a[5], &a[6], &a[7]),
        ("a", "7.1", "intermediate", "hfrs@1", "2026-03-01", "2y", "yes")
    );
    assert_eq!(
        (&a[10], &a[12]),
        ("", "F00 (icd10 F001 2026-01-05 line 2)"),
        "held against its source; what it rests on"
    );
    assert_eq!((&b[1], &b[2], &b[7]), ("0.0", "low", "no"));
    assert_eq!(a[4].len(), 64);
}

#[test]
fn a_fault_leaves_no_output_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = score(folder.path(), "id,code\na,F00\nb,??\n", &["hfrs"]).expect_err("refused");
    assert!(error.to_string().contains("input.csv:3: "), "{error}");
    assert!(!folder.path().join("output.csv").exists());
}

#[test]
fn an_instrument_without_its_lists_is_refused_by_name_and_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = score(folder.path(), "id,code\na,F00\n", &["efi"]).expect_err("refused").to_string();
    assert!(
        error.contains("library/rules/efi.toml:") && error.contains("needs the list `efi/activity-limitation`"),
        "{error}"
    );
}

#[test]
fn a_disputed_deficit_does_not_count_and_is_shown_with_its_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let disputes = folder.path().join("disputes.csv");
    let text = "id,code,date\na,E10.2,2026-01-05\na,E10.9,2026-01-06\n";
    let with = |rows: &str| {
        std::fs::write(&disputes, format!("id,instrument,part,ground,reason,date\n{rows}")).expect("writes");
        score(folder.path(), text, &["charlson-1987", "--disputes", &disputes.display().to_string()])
    };
    let line = with("").expect("scores");
    assert!(line.contains("\na,2,") && line.contains("does not count beside a worse one"), "{line}");
    let line = with("a,charlson-1987,diabetes-complicated,miscoded,it was another clinic’s form,2026-02-01\n")
        .expect("scores");
    assert!(
        line.contains("\na,1,")
            && line.contains("disputed: the code does not say what was meant: it was another clinic’s form"),
        "{line}"
    );
    for (row, what) in [
        ("a,hfrs,f00,miscoded,x,2026-02-01\n", "not asked here"),
        ("a,charlson-1987,gout,miscoded,x,2026-02-01\n", "no such part"),
        ("z,charlson-1987,diabetes,miscoded,x,2026-02-01\n", "nobody of this id"),
        ("a,charlson-1987,diabetes,tired,x,2026-02-01\n", "no ground"),
        ("a,charlson-1987,diabetes,miscoded,,2026-02-01\n", "no reason"),
    ] {
        let error = with(row).expect_err(row);
        let told = error.chain().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        assert!(told.contains(what), "{told}");
    }
}

#[test]
fn a_probability_is_given_only_with_a_recalibration() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "id,code,age,system,value\na,emergency-admission,80,local,\na,deprivation-score,80,local,12\n";
    let out = score(folder.path(), text, &["parr-30"]).expect("scores");
    assert!(
        out.contains("\na,,,parr-30@0.2") && out.contains("a recalibration on this place’s own people")
            || out.contains("a recalibration on this place's own people"),
        "{out}"
    );
    let file = folder.path().join("recalibration.toml");
    std::fs::write(&file, "set = \"parr-30\"\nintercept = 0\nslope = 1\nfitted_on = \"nobody: a test\"\n")
        .expect("writes");
    let out = score(folder.path(), text, &["parr-30", "--recalibration", &file.display().to_string()]).expect("scores");
    // -2.91821 + 0.000060581·80² + 0.5565 + 0.0209 = -1.9531, so 0.124.
    assert!(out.contains("\na,0.124,") && out.contains("nobody: a test"), "{out}");
}
