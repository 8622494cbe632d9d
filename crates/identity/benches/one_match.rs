//! One claim against every row of a file: how long an answer with its explanation takes, and an insertion.
//!
//!     cargo bench -p weft-identity --bench one_match -- FILE.csv [QUESTIONS] [--no-nhs-number]
//!
//! The questions are rows of the file, spread evenly through it; every one has an answer to find. A row that stays the same person is
//! added again at every tenth question. Without a file there is nothing to measure.

use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

use identity::constraint::Constraints;
use identity::index::{Index, Verdict};
use identity::link::{Options, link};
use identity::roll::Claim;
use identity::schema::Schema;
use identity::table::Table;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let Some(path) = arguments.next() else {
        writeln!(out, "name a CSV file to measure with")?;
        return Ok(());
    };
    let questions: usize = arguments.next().map_or(Ok(20_000), |number| number.parse())?;
    let uses_nhs_number = std::env::args().all(|argument| argument != "--no-nhs-number");
    let mut table = Table::new(Schema::default(), uses_nhs_number);
    table.read(File::open(&path)?)?;
    let linkage = link(&mut table.roll, &Options { threads: 2, ..Options::default() }, &mut |_| {});
    let rows = table.roll.len();
    let began = Instant::now();
    let mut index = Index::of(table.roll, linkage, Constraints::default());
    writeln!(out, "{rows} rows; the index was made in {:.1} s", began.elapsed().as_secs_f64())?;

    let mut reader = csv::Reader::from_path(&path)?;
    let headers = reader.headers()?.clone();
    let place = |name: &str| headers.iter().position(|column| column == name).ok_or("a usual column is missing");
    let [nhs_number, given_name, surname] = [place("nhs_number")?, place("given_name")?, place("surname")?];
    let [sex, dob, address, postcode] = [place("sex")?, place("dob")?, place("address_1")?, place("postcode")?];
    let (mut found, mut added, mut looked_at, mut joined) = (Vec::new(), Vec::new(), 0, 0);
    for (at, row) in reader.records().enumerate().step_by((rows / questions).max(1)) {
        let row = row?;
        let claim = Claim {
            nhs_number: &row[nhs_number],
            given_name: &row[given_name],
            surname: &row[surname],
            sex: &row[sex],
            dob: &row[dob],
            address: &row[address],
            postcode: &row[postcode],
            ..Claim::default()
        };
        let began = Instant::now();
        let answer = index.find(&claim, 5);
        found.push(began.elapsed());
        looked_at += answer.looked_at;
        joined += usize::from(matches!(answer.verdict, Verdict::Join(_)));
        if found.len().is_multiple_of(10) {
            let began = Instant::now();
            index.insert(&claim, at as u64);
            added.push(began.elapsed());
        }
    }
    writeln!(
        out,
        "{} questions, {joined} with one clear answer; {:.1} rows looked at each",
        found.len(),
        looked_at as f64 / found.len() as f64
    )?;
    tell(&mut out, "a question, with its explanation", found)?;
    tell(&mut out, "a row added, its people divided again", added)
}

fn tell(out: &mut impl Write, what: &str, mut times: Vec<Duration>) -> Result<(), Failure> {
    times.sort_unstable();
    let within = |hundredths: usize| {
        times.get((times.len() * hundredths / 100).min(times.len() - 1)).map_or(0.0, |time| time.as_secs_f64() * 1e3)
    };
    writeln!(out, "{what}: p50 {:.3} ms, p99 {:.3} ms, most {:.3} ms", within(50), within(99), within(100))?;
    Ok(())
}
