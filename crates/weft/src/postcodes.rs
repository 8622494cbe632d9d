//! `weft place postcodes`: cuts the postcodes of the place's own areas out of a large directory. It is read row by row, and the list is
//! kept whole or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use place::{Place, Postcode};

use crate::settings::Settings;
use crate::terminal::{grouped, remark, say};

#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    /// Make the place's list of postcodes from a directory of all of them
    Postcodes(Postcodes),
}

#[derive(Debug, Args)]
pub(crate) struct Postcodes {
    /// The directory (CSV with a header), such as the ONS Postcode Directory
    #[arg(value_name = "DIRECTORY")]
    pub(crate) directory: PathBuf,
    /// Where the list is written: postcodes.csv in the place's folder
    #[arg(long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// The column with the postcode [default: pcds or postcode]
    #[arg(long, value_name = "NAME")]
    pub(crate) postcode: Option<String>,
    /// The column with the code of the area of 2021 [default: lsoa21cd, lsoa21 or area]
    #[arg(long, value_name = "NAME")]
    pub(crate) area: Option<String>,
}

/// The list of a place, and what it was cut out of.
#[derive(Debug, Default)]
struct Cut {
    listed: BTreeMap<Postcode, String>,
    rows: i64,
}

pub(crate) fn run(settings: &Settings, task: &Task) -> anyhow::Result<()> {
    let Task::Postcodes(task) = task;
    let (place, _) = crate::house::place_and_feeds(settings)?;
    let shown = task.directory.display();
    let file = std::fs::File::open(&task.directory).with_context(|| format!("cannot read {shown}"))?;
    let cut = cut(&place, std::io::BufReader::with_capacity(1 << 20, file), task).with_context(|| shown.to_string())?;
    let mut text = String::from("postcode,area\n");
    for (postcode, area) in &cut.listed {
        text.push_str(&format!("{postcode},{area}\n"));
    }
    let new = task.output.with_extension("csv.new");
    std::fs::write(&new, text)
        .and_then(|()| std::fs::rename(&new, &task.output))
        .with_context(|| format!("cannot write {}", task.output.display()))?;
    let areas: BTreeSet<&str> = cut.listed.values().map(String::as_str).collect();
    let many = |count: usize| grouped(i64::try_from(count).unwrap_or(i64::MAX));
    say(format!(
        "{} of {} postcodes lie in {} of the {} areas of {}; they are in {}.",
        many(cut.listed.len()),
        grouped(cut.rows),
        many(areas.len()),
        many(place.areas().len()),
        place.about().name,
        task.output.display()
    ));
    let without = place.areas().iter().filter(|area| !areas.contains(area.code.as_str())).count();
    if without > 0 {
        remark(format!(
            "{} areas have no postcode: is the directory whole, and its areas those of 2021?",
            many(without)
        ));
    }
    Ok(())
}

fn cut(place: &Place, from: impl Read, task: &Postcodes) -> anyhow::Result<Cut> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(from);
    let header = reader.headers()?.clone();
    let column = |given: &Option<String>, usual: &[&str]| {
        let wanted: Vec<&str> = given.as_deref().map_or_else(|| usual.to_vec(), |given| vec![given]);
        let is = |name: &str| {
            header.iter().position(|column| column.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name))
        };
        let found = wanted.iter().find_map(|name| is(name));
        found.with_context(|| format!("line 1: there is no column {}; name it with an option", wanted.join(" or ")))
    };
    let at = (column(&task.postcode, &["pcds", "postcode"])?, column(&task.area, &["lsoa21cd", "lsoa21", "area"])?);
    let areas: BTreeSet<&str> = place.areas().iter().map(|area| area.code.as_str()).collect();
    let (mut cut, mut row) = (Cut::default(), csv::StringRecord::new());
    while reader.read_record(&mut row)? {
        cut.rows += 1;
        let Some(area) = row.get(at.1).and_then(|area| areas.get(area)) else { continue };
        let line = row.position().map_or(0, csv::Position::line);
        let postcode = Postcode::parse(row.get(at.0).unwrap_or_default()).with_context(|| format!("line {line}"))?;
        match cut.listed.insert(postcode, (*area).to_owned()) {
            Some(other) if other != *area => {
                bail!("line {line}: this postcode stands in two areas, {other} and {area}")
            }
            _ => {}
        }
    }
    if cut.listed.is_empty() {
        bail!(
            "none of its {} rows lies in an area of {}: are they the areas of 2021?",
            grouped(cut.rows),
            place.about().name
        );
    }
    Ok(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, area: Option<&str>) -> Result<Vec<String>, String> {
        let place = Place::built_in().unwrap();
        let area = area.map(str::to_owned);
        let task = Postcodes { directory: "d".into(), output: "o".into(), postcode: None, area };
        let cut = cut(&place, text.as_bytes(), &task).map_err(|error| format!("{error:#}"))?;
        Ok(cut.listed.iter().map(|(postcode, area)| format!("{postcode} {area}")).collect())
    }

    #[test]
    fn the_postcodes_of_the_place_are_cut_out_of_a_directory_of_all() {
        let head = "pcd7,pcds,doterm,lsoa21cd,name\n";
        let rows = "SK66CC,SK6 6CC,,E01005744,\"A, B\"\nAB10CC,AB1 0CC,199606,S01000001,C\nSK61CC,SK6 1CC,201001,E01005743,D\n";
        assert_eq!(told(&format!("\u{feff}{head}{rows}"), None).unwrap(), ["SK6 1CC E01005743", "SK6 6CC E01005744"]);
        let older = rows.to_owned() + "X,nothing,,S01000001,elsewhere is not looked at\n";
        assert_eq!(told(&format!("{}{older}", head.replace("lsoa21cd", "LSOA21")), None).unwrap().len(), 2);
        assert_eq!(told(&format!("{}{rows}", head.replace("lsoa21cd", "ours")), Some("ours")).unwrap().len(), 2);
    }

    #[test]
    fn what_is_wrong_with_a_directory_is_said_and_nothing_is_made_of_it() {
        let said = |text: &str| told(text, None).unwrap_err();
        assert!(said("pcds,lsoa11\nSK6 6CC,E01005744\n").contains("there is no column lsoa21cd or lsoa21 or area"));
        assert!(said("pcds,lsoa21\nSK6,E01005744\n").contains("line 2: this is not a postcode"));
        assert!(
            said("pcds,lsoa21\nSK6 6CC,E01005744\nsk66cc,E01005743\n")
                .contains("line 3: this postcode stands in two areas")
        );
        assert!(said("pcds,lsoa21\nAB1 0CC,S01000001\n").contains("none of its 1 rows lies in an area of Stockport"));
    }
}
