//! Sheets in, sheets out: against the tests of PHEindicatormethods where they are at hand (they are under the GPL-3 and so not in
//! this repository), against values from scipy otherwise, and what is refused.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::rate::Kind;
use super::standard::Form;
use super::*;
use crate::measure::Confidence;

const BOTH: [Confidence; 2] = [Confidence::NINETY_FIVE, Confidence::NINETY_NINE_POINT_EIGHT];

/// The folder of PHE's sheets; says so where there is none.
fn phe() -> Option<PathBuf> {
    let shared = std::env::var_os("WEFT_SHARED_DATA");
    if shared.is_none() {
        eprintln!("NOT RUN: WEFT_SHARED_DATA names no folder, so PHE's own sheets were not compared");
    }
    shared.map(|shared| Path::new(&shared).join("assurance/phe"))
}

fn open(folder: &Path, name: &str) -> Sheet {
    Sheet::read(name, &std::fs::read(folder.join(name)).unwrap()).unwrap()
}

/// A sheet with some rows only.
fn only(sheet: &Sheet, keep: impl Fn(&Row) -> bool) -> Sheet {
    Sheet { rows: sheet.rows.iter().filter(|row| keep(row)).cloned().collect(), ..sheet.clone() }
}

/// Named columns of two sheets row by row: text exactly, numbers to 1e-9 of themselves. An empty cell is `NA`.
fn same(got: &Sheet, wanted: &Sheet, columns: &[&str]) {
    assert_eq!(got.rows().len(), wanted.rows().len());
    for (row, expected) in got.rows().iter().zip(wanted.rows()) {
        for name in columns {
            let one = row.text(got.need(&[name]).unwrap());
            let other = expected.text(wanted.need(&[name]).unwrap());
            let other = if other.is_empty() { "NA" } else { other };
            let equal = match (one.parse::<f64>(), other.parse::<f64>()) {
                (Ok(one), Ok(other)) => (one - other).abs() <= 1e-9 * other.abs(),
                _ => one == other,
            };
            assert!(equal, "{} line {}, {name}: {one} is not {other}", wanted.file, expected.line);
        }
    }
}

const RESULTS: [&str; 7] = ["value", "lower95_0cl", "upper95_0cl", "lower99_8cl", "upper99_8cl", "statistic", "method"];

fn asked(kind: Kind) -> rate::Asked {
    rate::Asked { kind, multiplier: None, confidences: BOTH.to_vec(), by: Vec::new() }
}

#[test]
fn rates_and_proportions_are_phes() {
    let Some(phe) = phe() else { return };
    for (name, kind) in
        [("testdata_Rate__testdata_Rate.csv", Kind::Rate), ("testdata_Proportion__testdata_Prop.csv", Kind::Proportion)]
    {
        let sheet = open(&phe, name);
        let got = rate::rates(&sheet, &asked(kind)).unwrap();
        same(&got, &sheet, &RESULTS);
    }
    // Two rows of each area, to be summed: half of the sheet's numbers in each.
    for (name, kind) in [
        ("testdata_Rate__testdata_Rate_g.csv", Kind::Rate),
        ("testdata_Proportion__testdata_Prop_g.csv", Kind::Proportion),
    ] {
        let wanted = open(&phe, name);
        let mut halves = Sheet::with_header(["Area", "Numerator", "Denominator"]);
        let column = |name: &str| wanted.need(&[name]).unwrap();
        for _ in 0..2 {
            for row in wanted.rows() {
                let half = |name| written(wanted.number(row, column(name)).unwrap().map(|number| number / 2.0));
                halves.push(vec![row.text(column("Area")).to_owned(), half("Numerator"), half("Denominator")]);
            }
        }
        let multiplier = if kind == Kind::Rate { 100_000.0 } else { 1.0 };
        let ask = rate::Asked { by: vec!["Area".to_owned()], multiplier: Some(multiplier), ..asked(kind) };
        let got = rate::rates(&halves, &ask).unwrap();
        for (got_name, wanted_name) in [("value", "value"), ("lower95_0cl", "lowercl"), ("upper95_0cl", "uppercl")] {
            for (row, expected) in got.rows().iter().zip(wanted.rows()) {
                let one = got.number(row, got.need(&[got_name]).unwrap()).unwrap();
                let other = wanted.number(expected, column(wanted_name)).unwrap();
                match (one, other) {
                    (Some(one), Some(other)) => {
                        assert!((one - other).abs() <= 1e-9 * other, "{name}: {one} is not {other}");
                    }
                    (one, other) => assert_eq!(one, other, "{name}"),
                }
            }
        }
        assert_eq!(got.rows().len(), wanted.rows().len());
    }
}

#[test]
fn byar_and_wilson_are_phes() {
    let Some(phe) = phe() else { return };
    let sheet = open(&phe, "testdata_Byars_Wilson__testdata_B_W.csv");
    let column = |name: &str| sheet.need(&[name]).unwrap();
    for row in sheet.rows() {
        let confidence = row.text(column("confidence")).trim_end_matches('%').parse().unwrap();
        let confidence = Confidence::new(confidence).unwrap();
        let x = sheet.needed(row, column("x")).unwrap();
        let interval = match row.text(column("method")) {
            "Byars" => crate::measure::count::byar(x, confidence).unwrap(),
            _ => crate::measure::proportion::wilson(x, sheet.needed(row, column("n")).unwrap(), confidence).unwrap(),
        };
        for (got, name) in [(interval.lower, "lowercl"), (interval.upper, "uppercl")] {
            match (got, sheet.number(row, column(name)).unwrap()) {
                (Some(got), Some(wanted)) => {
                    assert!((got - wanted).abs() <= 1e-9 * wanted, "line {}: {got} is not {wanted}", row.line);
                }
                (got, wanted) => assert_eq!(got, wanted, "line {}", row.line),
            }
        }
    }
    assert_eq!(sheet.rows().len(), 13);
}

fn standard(multiplier: f64) -> standard::Asked {
    standard::Asked { multiplier, confidences: BOTH.to_vec(), by: Vec::new(), standard: None }
}

#[test]
fn directly_standardised_rates_are_phes() {
    let Some(phe) = phe() else { return };
    let results = open(&phe, "testdata_DSR_ISR__testresults_DSR.csv");
    let area = results.need(&["area"]).unwrap();
    let of = |start: &str, statistic: &str| {
        let column = results.need(&["statistic"]).unwrap();
        only(&results, |row| {
            row.text(area).starts_with(start)
                && (row.text(column) == statistic || row.text(column).starts_with("dsr NA"))
        })
    };
    let columns = [
        "area",
        "total_count",
        "total_pop",
        "value",
        "lower95_0cl",
        "upper95_0cl",
        "lower99_8cl",
        "upper99_8cl",
        "statistic",
        "method",
    ];
    let areas = open(&phe, "testdata_DSR_ISR__testdata_multiarea.csv");
    for multiplier in [10_000.0, 100_000.0] {
        let got = standard::direct(&areas, &standard(multiplier)).unwrap();
        let mut wanted = of("testdata_", &format!("dsr per {multiplier}"));
        wanted.rows.retain(|row| ["testdata_big", "testdata_small", "testdata_tiny"].contains(&row.text(area)));
        wanted.rows.sort_by_key(|row| row.text(area).to_owned());
        wanted.rows.dedup_by_key(|row| row.text(area).to_owned());
        same(&got, &wanted, &columns);
    }
    let got = standard::direct(&open(&phe, "testdata_DSR_ISR__testdata_nonindepe.csv"), &standard(100_000.0)).unwrap();
    // These results are rounded to eight places in the sheet.
    let wanted = of("testdata_nonind", "dsr per 100000");
    let numbers: &[&str] =
        &["value", "lower95_0cl", "upper95_0cl", "lower99_8cl", "upper99_8cl", "total_count", "total_pop"];
    same(&got, &wanted, &["area", "statistic", "method"]);
    same(&got, &wanted, numbers);
    // The sheet of 1976 has no area: all rows are one. Its published 99.8% limits are ten times too large (they lie outside the
    // population's own range), so they are compared with a tenth of themselves.
    let old = open(&phe, "testdata_DSR_ISR__testdata_1976.csv");
    for (multiplier, place) in [(10_000.0, 0), (100_000.0, 1)] {
        let got = standard::direct(&old, &standard(multiplier)).unwrap();
        let mut wanted = of("testdata_1976", &format!("dsr per {multiplier}"));
        assert_eq!((got.rows().len(), wanted.rows().len()), (1, 1), "{place}");
        for name in ["lower99_8cl", "upper99_8cl"] {
            let column = wanted.need(&[name]).unwrap();
            let tenth = wanted.needed(&wanted.rows[0], column).unwrap() / 10.0;
            wanted.rows[0].cells[column.0] = written(Some(tenth));
        }
        same(&got, &wanted, &columns[1..]);
    }
}

#[test]
fn indirectly_standardised_rates_and_ratios_are_phes() {
    let Some(phe) = phe() else { return };
    let results = open(&phe, "testdata_DSR_ISR__testresults_ISR.csv");
    let statistic = results.need(&["statistic"]).unwrap();
    let reference = open(&phe, "testdata_DSR_ISR__refdata.csv");
    let sheets = [
        (open(&phe, "testdata_DSR_ISR__testdata_multiarea_isr.csv"), "testdata", None),
        (open(&phe, "testdata_DSR_ISR__testdata_multiarea.csv"), "testdata", Some(&reference)),
        (open(&phe, "testdata_DSR_ISR__testdata_err2.csv"), "Area", Some(&reference)),
    ];
    let mut compared = 0;
    for (sheet, start, reference) in &sheets {
        for (form, multiplier) in
            [(Form::Rate, 100_000.0), (Form::Rate, 1000.0), (Form::Ratio, 1.0), (Form::Ratio, 100.0)]
        {
            let words = if form == Form::Rate { "rate per" } else { "ratio x" };
            let words = format!("indirectly standardised {words} {multiplier}");
            let wanted = only(&results, |row| row.text(statistic) == words && row.cells[0].starts_with(start));
            if wanted.rows().is_empty() {
                continue;
            }
            let got = standard::indirect(sheet, *reference, form, &standard(multiplier)).unwrap();
            let wide = !wanted.rows()[0].text(wanted.need(&["lower99_8cl"]).unwrap()).is_empty();
            let mut columns =
                vec!["area", "observed", "expected", "value", "lower95_0cl", "upper95_0cl", "statistic", "method"];
            if wide {
                columns.extend(["lower99_8cl", "upper99_8cl"]);
            }
            if form == Form::Rate {
                columns.push("ref_rate");
            }
            same(&got, &wanted, &columns);
            compared += wanted.rows().len();
        }
    }
    assert_eq!(compared, 12 + 12 + 4);
}

#[test]
fn phes_broken_sheets_are_refused_with_their_cell() {
    let Some(phe) = phe() else { return };
    for (name, words) in [
        (
            "err1",
            "testdata_DSR_ISR__testdata_err1.csv, line 7, column count: the count is -26, and must be zero or more",
        ),
        (
            "err2",
            "testdata_DSR_ISR__testdata_err2.csv, line 3, column pop: the population is 0, and must be more than zero",
        ),
        (
            "err3",
            "testdata_DSR_ISR__testdata_err3.csv, line 3, column pop: the population is -558, and must be more than zero",
        ),
        (
            "err4",
            "testdata_DSR_ISR__testdata_err4.csv, line 7, column stdpop: the standard population must be zero or more",
        ),
    ] {
        let sheet = open(&phe, &format!("testdata_DSR_ISR__testdata_{name}.csv"));
        assert_eq!(standard::direct(&sheet, &standard(1.0)).unwrap_err().to_string(), words);
    }
}

fn sheet(text: &str) -> Sheet {
    Sheet::read("in.csv", text.as_bytes()).unwrap()
}

#[test]
fn a_rate_stands_beside_what_it_was_made_of() {
    let got = rate::rates(
        &sheet("place,cases,population,year\nMarple,65,100,2016\nBramhall,,100,2016\n"),
        &rate::Asked { multiplier: Some(100.0), ..asked(Kind::Rate) },
    )
    .unwrap();
    let text = got.to_csv();
    let (header, rows) = text.split_once('\n').unwrap();
    assert_eq!(
        header,
        "place,year,cases,population,value,lower95_0cl,upper95_0cl,lower99_8cl,upper99_8cl,statistic,method,multiplier"
    );
    // Byar at 65 by scipy: 65·(1 - 1/585 ∓ z/(3√65))³ and so on.
    assert!(rows.starts_with("Marple,2016,65,100,65,50.1631877104594"), "{rows}");
    assert!(rows.contains("Bramhall,2016,NA,100,NA,NA,NA,NA,NA,rate per 100,NA,100"), "{rows}");
}

#[test]
fn mistakes_are_told_with_line_and_column() {
    let rates = |text: &str, kind| rate::rates(&sheet(text), &asked(kind)).unwrap_err().to_string();
    assert_eq!(
        rates("x,n\n1,2\n-1,2\n", Kind::Rate),
        "in.csv, line 3, column x: a count or population must be zero or more"
    );
    assert_eq!(
        rates("x,n\n1,0\n", Kind::Rate),
        "in.csv, line 2, column n: the denominator is 0, and must be more than zero"
    );
    assert_eq!(
        rates("x,n\n5,2\n", Kind::Proportion),
        "in.csv, line 2: 5 of 2 is no proportion: the numerator must not be more than the denominator"
    );
    assert_eq!(
        rates("x\n5\n", Kind::Rate),
        "in.csv, line 1: no column denominator or population or pop or pops or n or expected; the columns are x"
    );
    let direct = |text: &str| standard::direct(&sheet(text), &standard(1.0)).unwrap_err().to_string();
    assert_eq!(
        direct("area,x,n\nA,1,2\n"),
        "in.csv, line 2: the area that begins here has 1 bands, and the European standard population 19; give a column stdpop"
    );
    assert_eq!(
        direct("area,age,x,n,stdpop\nA,0,1,2,1\nA,5,1,2,1\nB,5,1,2,1\nB,0,1,2,1\n"),
        "in.csv, line 4: the area that begins here has not the bands of the first, in their order: 2 rows against 2"
    );
    assert_eq!(
        direct("x,n,stdpop,f1,f2\n5,20,1,1,1\n"),
        "in.csv, line 2, column x: 5 events, but f1, f2 and so on make 3"
    );
    let spc = |text: &str| {
        spc::spc(&sheet(text), &crate::spc::Asked::of(crate::spc::Improvement::Neutral)).unwrap_err().to_string()
    };
    assert_eq!(
        spc("x,y\n2020-01-01,1\n2020-01-32,1\n"),
        "in.csv, line 3, column x: \"2020-01-32\" is no date; write it as 2016-04-01"
    );
    assert_eq!(spc("x,y\n2020-01-01,\n"), "in.csv, line 2, column y: the number is missing");
    assert!(
        spc("x,y\n2020-01-01,1\n2020-02-01,1\n2020-04-01,1\n")
            .starts_with("in.csv, line 4, column x: nothing between 2020-02-01 and 2020-04-01")
    );
    assert!(
        spc("x,y\n2020-01-01,1\n2020-01-01,1\n").starts_with("in.csv, line 3, column x: 2020-01-01 is there twice")
    );
    let its = |text: &str| {
        its::estimates(
            &sheet(text),
            &its::Asked { interruption: Some(jiff::civil::date(2020, 3, 1)), lags: vec![], slope: false },
        )
        .unwrap_err()
        .to_string()
    };
    assert!(
        its("month,y\n2020-01-01,1\n2020-02-01,0\n2020-03-01,1\n")
            .starts_with("in.csv, line 3: the count of 2020-02-01 is 0")
    );
    assert!(
        its("month,y,c\n2020-01-01,1,1\n2020-02-01,1,1\n2020-03-01,1,\n")
            .starts_with("in.csv, line 4: a comparator has no count in 2020-03-01")
    );
}

#[test]
fn inequality_is_read_by_group_and_not_by_row() {
    let ask = crate::measure::inequality::Asked {
        scale: crate::measure::inequality::Scale::Other,
        transform: false,
        multiplier: 1.0,
        repetitions: 1000,
        seed: 7,
        confidences: vec![Confidence::NINETY_FIVE],
    };
    let mixed = sheet(
        "area,quintile,population,value,se\nA,5,10,5.5,.1\nA,1,10,9.5,.1\nA,2,10,8.5,.1\nA,4,10,6.5,.1\nA,3,10,7.5,.1\n",
    );
    let got = inequality::indices(&mixed, &ask, &[]).unwrap();
    assert!(got.to_csv().lines().nth(1).unwrap().starts_with("A,-5"), "{}", got.to_csv());
    let counted = sheet("quintile,population,x\n1,100,50\n2,100,40\n3,100,30\n4,100,20\n5,100,10\n");
    let ask = crate::measure::inequality::Asked { scale: crate::measure::inequality::Scale::Proportion, ..ask };
    let got = inequality::indices(&counted, &ask, &[]).unwrap();
    let sii = got.needed(&got.rows()[0], got.need(&["sii"]).unwrap()).unwrap();
    assert!((sii + 0.5).abs() < 1e-9, "{sii}");
    let twice = sheet("quintile,population,value,se\n1,1,1,1\n1,1,1,1\n2,1,1,1\n3,1,1,1\n4,1,1,1\n");
    assert!(
        inequality::indices(
            &twice,
            &crate::measure::inequality::Asked { scale: crate::measure::inequality::Scale::Other, ..ask },
            &[]
        )
        .unwrap_err()
        .to_string()
        .contains("the group 1 twice")
    );
}

#[test]
fn a_life_table_that_cannot_be_made_keeps_its_rows_and_says_why() {
    let rows: String =
        crate::measure::life_table::FIRST_AGES.iter().map(|age| format!("A,{age},10000,100\nB,{age},10,1\n")).collect();
    let got = life::expectations(
        &sheet(&format!("area,startage,pops,deaths\n{rows}")),
        &[],
        &[0, 65],
        &[Confidence::NINETY_FIVE],
    )
    .unwrap();
    let text = got.to_csv();
    assert_eq!(text.lines().count(), 5, "{text}");
    assert!(text.contains("B,0,10,1,NA,NA,NA,life expectancy at 0,\"Chiang, using Silcocks et al for confidence limits\",\"the population is 200, and life expectancy needs more than 5,000 person-years\""), "{text}");
}

#[test]
fn a_funnel_has_a_hundred_sizes_and_a_place_for_every_area() {
    let areas = sheet("area,numerator,denominator\nA,10,100\nB,30,100\nC,400,5000\n");
    let ask = funnel::Asked { kind: funnel::Kind::Proportion, multiplier: 100.0, years: 1.0 };
    let limits = funnel::limit_table(&areas, &ask).unwrap();
    assert_eq!((limits.rows().len(), limits.header().len()), (100, 7));
    let points = funnel::points(&areas, &ask).unwrap().to_csv();
    assert!(points.contains("B,30,100,100,") && points.lines().nth(2).unwrap().contains("High (0.001)"), "{points}");
    let rates = sheet("area,numerator,rate\nA,0,0\nB,30,100\nC,400,120\n");
    let ask = funnel::Asked { kind: funnel::Kind::StandardisedRate, multiplier: 1000.0, years: 1.0 };
    let points = funnel::points(&rates, &ask).unwrap().to_csv();
    assert!(points.lines().nth(1).unwrap().contains("Not applicable for events less than 10 for dsrs"), "{points}");
    let ask = funnel::Asked { kind: funnel::Kind::CrudeRate, ..ask };
    assert!(
        funnel::points(&rates, &ask).unwrap_err().to_string().starts_with("in.csv, line 2, column rate: no events")
    );
}

#[test]
fn complaints_name_file_line_and_column() {
    let sheet = Sheet::read("rates.csv", b"Area,count\nA,1\n,\nB,one\n").unwrap();
    assert_eq!(sheet.rows().len(), 2, "a row of commas is no row");
    let column = sheet.need(&["Count"]).unwrap();
    assert_eq!(sheet.number(&sheet.rows()[0], column), Ok(Some(1.0)));
    assert_eq!(
        sheet.number(&sheet.rows()[1], column).unwrap_err().to_string(),
        "rates.csv, line 4, column count: \"one\" is no number; write digits, with a point if need be"
    );
    assert_eq!(
        sheet.need(&["x", "numerator"]).unwrap_err().to_string(),
        "rates.csv, line 1: no column x or numerator; the columns are Area, count"
    );
    let ends = Sheet::read("f.csv", b"a,b\r\n1,2\r\n\r\n\"3\n4\",5\r\n6,7\r\n").unwrap();
    assert_eq!(ends.rows().iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4, 6], "whatever ends its lines");
    let bad = |text: &str| Sheet::read("f.csv", text.as_bytes()).unwrap_err().to_string();
    assert_eq!(bad("a,b\n1,2,3\n"), "f.csv, line 2: 3 cells, where the header has 2");
    assert_eq!(bad("a,a\n1,2\n"), "f.csv, line 1: the column a is there twice; give each its own name");
    assert_eq!(bad("a,b\n"), "f.csv has no rows under its header");
    assert!(Sheet::read("f.csv", b"a\n\xff\n").unwrap_err().to_string().contains("line 2"));
    for wrong in ["NaN", "inf", "1e999", "12a", "0x10"] {
        let sheet = Sheet::read("f.csv", format!("a,b\n{wrong},1\n").as_bytes()).unwrap();
        assert!(sheet.number(&sheet.rows()[0], Column(0)).is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(cells in prop::collection::vec("[ -~\n]{0,8}", 2..3), number in any::<f64>()) {
        let mut sheet = Sheet::with_header(["a", "b", "c"]);
        sheet.push(cells.iter().map(|cell| format!("x{cell}x")).chain([written(Some(number))]).collect());
        let read = Sheet::read("f.csv", sheet.to_csv().as_bytes()).unwrap();
        let row = &read.rows()[0];
        for (place, cell) in cells.iter().enumerate() {
            prop_assert_eq!(row.text(Column(place)), format!("x{cell}x"));
        }
        prop_assert_eq!(read.number(row, Column(2)).unwrap(), Some(number).filter(|number| number.is_finite()));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(Sheet::read("f.csv", &bytes));
    }
}

#[test]
fn every_line_of_an_interrupted_series_says_that_it_proves_nothing() {
    let months: String = (0..36)
        .map(|month| {
            format!("{}-{:02}-01,{},{}\n", 2016 + month / 12, month % 12 + 1, 90 + month * 7 % 13, 80 + month * 5 % 11)
        })
        .collect();
    let ask = its::Asked { interruption: Some(jiff::civil::date(2018, 1, 1)), lags: vec![1, 3], slope: true };
    let got = its::estimates(&sheet(&format!("month,y,other\n{months}")), &ask).unwrap();
    let status = got.need(&["status"]).unwrap();
    assert!(got.rows().len() > 40 && got.rows().iter().all(|row| row.text(status) == crate::its::LABEL));
}
