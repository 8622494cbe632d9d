//! Reference data of others (Febrl, Christen 2008) and a generated borough of 20,000, where they are at hand: `WEFT_SHARED_DATA`
//! names the folder that has `identity/`. Errors on Febrl 3 and 4 were looked at while the
//! rules were made, so these files are no held-out check; the floors are a little under what was measured.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::evaluation::{Evaluation, Known, evaluate};
use crate::link::{Options, link};
use crate::schema::Schema;
use crate::table::Table;

fn shared(file: &str) -> Option<PathBuf> {
    let path = std::env::var_os("WEFT_SHARED_DATA").map(|folder| Path::new(&folder).join("identity").join(file));
    let there = path.filter(|path| path.is_file());
    if there.is_none() {
        eprintln!("NOT RUN: WEFT_SHARED_DATA names no folder that has identity/{file}");
    }
    there
}

fn linked(files: &[PathBuf], schema: Schema, truth: &str, uses_nhs_number: bool) -> Evaluation {
    let mut table = Table::new(schema, uses_nhs_number);
    let mut known = Vec::new();
    for file in files {
        table.read(File::open(file).expect("opens")).expect("reads");
        let mut reader = csv::Reader::from_path(file).expect("opens");
        let at = reader.headers().expect("has a header").iter().position(|name| name == truth).expect("has the truth");
        known.extend(reader.records().map(|row| row.expect("reads")[at].to_owned()));
    }
    let linkage = link(&mut table.roll, &Options::default(), &mut |_| {});
    let one = |(person, found): (String, &u32)| Known { found: found.to_string(), person, ..Known::default() };
    evaluate(&known.into_iter().zip(&linkage.people).map(one).collect::<Vec<_>>())
}

const FEBRL: &str = "unique_id = 'rec_id'\ndob = 'date_of_birth'\n\
    [[other]]\ncolumn = 'street_number'\nkind = 'code'\nof_address = true\n\
    [[other]]\ncolumn = 'suburb'\nkind = 'text'\nof_address = true\n\
    [[other]]\ncolumn = 'address_2'\nkind = 'text'\nof_address = true\n\
    [[other]]\ncolumn = 'state'\nkind = 'code'\nof_address = true\n";
const NUMBER: &str = "[[other]]\ncolumn = 'soc_sec_id'\nkind = 'identifier'\n";

#[test]
fn febrl_3_and_4_are_linked_with_and_without_their_number() {
    for (names, without, with) in
        [(&["febrl3.csv"][..], 0.9960, 0.9995), (&["febrl4a.csv", "febrl4b.csv"][..], 0.9990, 0.9998)]
    {
        let Some(files) = names.iter().map(|name| shared(name)).collect::<Option<Vec<_>>>() else { return };
        for (text, least) in [(FEBRL.to_owned(), without), (format!("{FEBRL}{NUMBER}"), with)] {
            let found = linked(&files, Schema::read(&text).expect("reads"), "cluster", false);
            assert!(found.pairs.f1() >= least, "{names:?} {least}: {} {found:?}", found.pairs.f1());
        }
    }
}

#[test]
fn a_borough_of_twenty_thousand_is_linked_with_and_without_nhs_numbers() {
    let Some(file) = shared("borough_20k.csv") else { return };
    for (uses, precision, recall) in [(false, 0.998, 0.965), (true, 0.999, 0.983)] {
        let found = linked(std::slice::from_ref(&file), Schema::default(), "true_person", uses);
        let (p, r) = (found.pairs.precision(), found.pairs.recall());
        assert!(p >= precision && r >= recall, "{uses}: {p} {r} {found:?}");
    }
}
