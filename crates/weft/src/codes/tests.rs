//! `weft codes` from an invented release to a score.

use std::path::Path;

use clap::Parser;

use crate::arguments::{Arguments, Task};

fn codes(folder: &Path, wanted: &str) -> anyhow::Result<String> {
    let (file, release, output) = (folder.join("wanted.toml"), folder.join("release"), folder.join("rules/lists.csv"));
    std::fs::write(&file, wanted).expect("writes");
    let path = |path: &Path| path.display().to_string();
    let line =
        ["weft", "codes", &path(&file), "--release", &path(&release), "--output", &path(&output)].map(str::to_owned);
    let Task::Codes(task) = Arguments::try_parse_from(line).expect("parses").task else { panic!("no codes") };
    super::run(&task)?;
    Ok(std::fs::read_to_string(output).expect("reads"))
}

const MEMBERS: &str = "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\r\n\
    a\t20260101\t1\t1\t900000000000011006\t73211009\r\nb\t20260101\t0\t1\t900000000000011006\t116680003\r\n";

#[test]
fn a_list_out_of_a_release_is_one_that_rules_can_use() {
    let folder = tempfile::tempdir().expect("a folder");
    let inner = folder.path().join("release/Refset/Content");
    std::fs::create_dir_all(&inner).expect("a folder");
    std::fs::create_dir_all(folder.path().join("rules")).expect("a folder");
    std::fs::write(inner.join("der2_Refset_SimpleSnapshot_INVENTED_20260101.txt"), MEMBERS).expect("writes");
    // A full history has rows that are over: it is not read, whatever stands in it.
    std::fs::write(inner.join("der2_Refset_SimpleFull_INVENTED_20260101.txt"), "nonsense").expect("writes");
    let wanted = "[[list]]\nname = \"place/carer\"\nrefsets = [\"900000000000011006\"]\n";
    let made = codes(folder.path(), wanted).expect("lists");
    assert_eq!(made, "list,system,code,from\nplace/carer,snomed,73211009,reference set 900000000000011006\n");

    let (input, output) = (folder.path().join("people.csv"), folder.path().join("out.csv"));
    std::fs::write(&input, "id,code,system\na,73211009,snomed\nb,116680003,snomed\n").expect("writes");
    let path = |path: &Path| path.display().to_string();
    let line = [
        "weft",
        "score",
        "list-carers",
        &path(&input),
        "--output",
        &path(&output),
        "--rules",
        &path(&folder.path().join("rules")),
    ]
    .map(str::to_owned);
    let Task::Score(task) = Arguments::try_parse_from(line).expect("parses").task else { panic!("not a score") };
    crate::score::run(&task).expect("scores");
    let scores = std::fs::read_to_string(output).expect("reads");
    let rows: Vec<&str> = scores.lines().map(|line| &line[..3]).collect();
    assert_eq!(rows, ["id,", "a,1", "b,0"]);
}

#[test]
fn a_folder_without_a_release_or_a_wrong_wish_leaves_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join("release")).expect("a folder");
    std::fs::create_dir_all(folder.path().join("rules")).expect("a folder");
    let wanted = "[[list]]\nname = \"place/carer\"\nrefsets = [\"73211009\"]\n";
    let error = codes(folder.path(), wanted).expect_err("nothing there").to_string();
    assert!(error.contains("has no snapshot table"), "{error}");
    std::fs::write(folder.path().join("release/x_Snapshot.txt"), MEMBERS).expect("writes");
    let error = codes(folder.path(), wanted).expect_err("no such set").to_string();
    assert!(error.contains("wanted.toml:3: no table of this release has an active member"), "{error}");
    assert!(!folder.path().join("rules/lists.csv").exists());
}
