//! The commands as they are typed: files in, files out, nothing written where something is wrong.

use std::path::PathBuf;

use clap::Parser;

use super::*;
use crate::arguments::{Arguments, Task};

fn measure(words: &[&str]) -> anyhow::Result<()> {
    match Arguments::try_parse_from(["weft", "measure"].iter().chain(words))?.task {
        Task::Measure(task) => run(&task),
        _ => unreachable!("only measures are asked for here"),
    }
}

#[test]
fn every_measure_reads_its_file_and_writes_another() {
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in.csv"), folder.path().join("out.csv"));
    let ages: String =
        assurance::measure::life_table::FIRST_AGES.iter().map(|age| format!("{age},10000,100\n")).collect();
    let months: String =
        (0..36).map(|month| format!("{}-{:02}-01,{}\n", 2016 + month / 12, month % 12 + 1, 100 + month % 5)).collect();
    let groups = "quintile,population,value,se\n1,10,9,.1\n2,10,8,.1\n3,10,7,.1\n4,10,6,.1\n5,10,5,.1\n";
    let cases: [(&[&str], &str, &str); 11] = [
        (
            &["spc", "--improvement", "decrease", "--target", "-5", "--fix-after", "12"],
            &format!("x,y\n{months}"),
            "y,x,f,",
        ),
        (&["its", "--interruption", "2018-01-01"], &format!("month,y\n{months}"), "method,lags,corrected,term,"),
        (&["rate", "--multiplier", "1000"], "x,n\n1,10\n", "x,n,value,lower95_0cl,"),
        (&["proportion", "--confidence", "90"], "x,n\n1,10\n", "x,n,value,lower90_0cl,"),
        (&["mean"], "x\n1\n2\n", "value_sum,value_count,"),
        (&["dsr"], "age,x,n,stdpop\n0,50,100,1\n5,50,100,1\n", "total_count,total_pop,value,"),
        (&["isr", "--ratio"], "x,n,refcount,refpop\n5,100,10,100\n", "observed,expected,value,"),
        (&["years-lost"], "age,deaths,n,stdpop\n0,50,100,1\n5,50,100,1\n", "years_lost,deaths,"),
        (&["sii", "--repetitions", "1000", "--multiplier", "-1"], groups, "sii,sii_lower95_0cl,"),
        (&["funnel", "--limits"], "x,n\n1,10\n5,100\n", "Population,"),
        (
            &["life-expectancy", "--age", "0,65"],
            &format!("age,population,deaths\n{ages}"),
            "age,population,deaths,value,",
        ),
    ];
    for (words, text, header) in cases {
        std::fs::write(&input, text).unwrap();
        let mut words = words.to_vec();
        words.extend([input.to_str().unwrap(), "--output", output.to_str().unwrap()]);
        measure(&words).unwrap_or_else(|error| panic!("{words:?}: {error}"));
        let written = std::fs::read_to_string(&output).unwrap();
        assert!(written.starts_with(header) && written.lines().count() > 1, "{words:?}: {written}");
        std::fs::remove_file(&output).unwrap();
    }
}

#[test]
fn a_mistake_names_file_line_and_column_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (input, output): (PathBuf, PathBuf) = (folder.path().join("in.csv"), folder.path().join("out.csv"));
    std::fs::write(&input, "x,n\n1,10\none,10\n").unwrap();
    let words = ["rate", input.to_str().unwrap(), "--output", output.to_str().unwrap()];
    let error = measure(&words).unwrap_err().to_string();
    assert!(
        error.ends_with("in.csv, line 3, column x: \"one\" is no number; write digits, with a point if need be"),
        "{error}"
    );
    assert!(!output.exists());
    assert!(measure(&["rate", "nowhere.csv"]).unwrap_err().to_string().contains("cannot read nowhere.csv"));
    let words = ["rate", "--confidence", "20", input.to_str().unwrap()];
    assert!(measure(&words).unwrap_err().to_string().contains("between 50 and 99.99"));
}

#[test]
fn gaps_counts_that_are_none_and_a_comparator_that_ends_early_are_refused_with_their_month() {
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in.csv"), folder.path().join("out.csv"));
    let said = |words: &[&str], text: &str| {
        std::fs::write(&input, text).unwrap();
        let mut words = words.to_vec();
        words.extend([input.to_str().unwrap(), "--output", output.to_str().unwrap()]);
        let error = measure(&words).unwrap_err().to_string();
        assert!(!output.exists(), "{words:?}: nothing is written");
        error
    };
    let month = |at: i32| format!("{}-{:02}-01", 2016 + at / 12, at % 12 + 1);
    let chart = |but: i32| -> String {
        (0..24).filter(|at| *at != but).map(|at| format!("{},{}\n", month(at), 100 + at % 5)).collect()
    };
    let spc = ["spc", "--improvement", "decrease"];
    let gap = said(&spc, &format!("x,y\n{}", chart(7)));
    assert!(gap.contains("2016-07-01") && gap.contains("2016-09-01"), "{gap}");
    let its = ["its", "--interruption", "2017-09-01"];
    let series = |cell: &dyn Fn(i32) -> String| -> String {
        let lines: String = (0..36).map(|at| format!("{},{}\n", month(at), cell(at))).collect();
        format!("month,y,c\n{lines}")
    };
    let usual = |at: i32| format!("{},{}", 100 + at % 5, 90 + at % 7);
    for (at, wrong) in [(30, "0,90"), (30, "-4,90"), (30, "100,0")] {
        let said = said(&its, &series(&|now| if now == at { wrong.to_owned() } else { usual(now) }));
        assert!(said.contains("2018-07"), "{wrong}: {said}");
    }
    let early = said(&its, &series(&|at| if at < 30 { usual(at) } else { format!("{},", 100 + at % 5) }));
    assert!(early.contains('c') && early.contains("2018-0"), "{early}");
    let mut lines: Vec<String> = series(&usual).lines().map(str::to_owned).collect();
    lines.remove(20);
    let gap = said(&its, &lines.join("\n"));
    assert!(gap.contains("2017-0"), "{gap}");
}
