//! How far lists that find people have come, by group, in words: from counts that have been made fit to be shown. Must not know who
//! asks, nor count anything itself.

use finding::cascade::{Cascade as Steps, fewer};
use place::rounding::Rounded;
use population::cohort::Slice as By;
use population::equity::{Told, ToldCell};

use super::view::{number, ratio, said, share, told_cells};
use crate::pages::cascade::{Cascade, Row, Slice};

/// What stands beside every table.
const HOW: &str = "Ages alike: the share that a group would have with the ages of everybody registered here. To expected: 1.00 where as \
    many are found, or taken on of those found, as their ages would lead one to expect, with limits of 95 in 100. Where the limits \
    have 1 between them, chance is enough of a reason. A difference can be need, or what is recorded, or how people are asked.";
const TOO_SMALL: &str = "Fewer than eight people have been found: too few to say whether any group is missed.";

/// The steps of lists, by every slice but those left out.
pub(in crate::desk) fn shown(steps: &Steps, without: &[By]) -> Cascade {
    let sentence = sentence(steps);
    if steps.is_too_small() {
        return Cascade { sentence, note: TOO_SMALL.to_owned(), ..Cascade::default() };
    }
    let less = |told: &Told, what: &str| -> Vec<String> {
        let groups = fewer(told).into_iter().filter(|(by, name)| !without.contains(by) && name != "not known");
        let said = |(by, name): (By, String)| {
            format!("{what} less than their ages would lead one to expect, by {}: {}.", by.word(), named(by, &name))
        };
        groups.map(said).collect()
    };
    let slices = steps.found.slices.iter().filter(|(by, _)| !without.contains(by));
    let all = [less(&steps.found, "Found"), less(&steps.taken_of_found, "Taken on")].concat();
    Cascade {
        sentence,
        fewer: all,
        slices: slices.map(|(by, cells)| slice(steps, *by, cells.as_deref())).collect(),
        note: HOW.to_owned(),
    }
}

/// Found, decided about and taken on, as a sentence.
fn sentence(steps: &Steps) -> String {
    let Rounded::About(of) = steps.found.of else {
        return "There are too few people here to count them.".to_owned();
    };
    format!(
        "Of about {} people registered here: {} found, {} decided about, {} taken on.",
        number(of),
        about(steps.found.count),
        about(steps.decided.count),
        about(steps.taken.count)
    )
}

/// A group by its name: a fifth of deprivation with what its number means.
fn named(by: By, name: &str) -> String {
    match (by, name) {
        (By::Deprivation, "1") => "1, the most deprived fifth".to_owned(),
        (By::Deprivation, "5") => "5, the least deprived fifth".to_owned(),
        _ => name.to_owned(),
    }
}

/// A count within a sentence.
fn about(count: Rounded) -> String {
    match count {
        Rounded::Nought => "nobody".to_owned(),
        Rounded::Few => "1 to 7".to_owned(),
        Rounded::About(count) => format!("about {}", number(count)),
    }
}

fn slice(steps: &Steps, by: By, cells: Option<&[ToldCell]>) -> Slice {
    let (heading, of_ages) = (format!("By {}", by.word()), by == By::Age);
    let empty = |note: &str| Slice { heading: heading.clone(), of_ages, note: note.to_owned(), ..Slice::default() };
    let cells = match told_cells(cells) {
        Ok(cells) => cells,
        Err(why) => return empty(why),
    };
    let of = |told: &Told, name: &str| -> Option<ToldCell> {
        let (_, cells) = told.slices.iter().find(|(one, _)| *one == by)?;
        cells.as_ref()?.iter().find(|cell| cell.name == name).cloned()
    };
    let counted =
        |told: &Told, name: &str| of(told, name).map_or_else(|| "Not shown".to_owned(), |cell| said(cell.count));
    let row = |cell: &ToldCell| Row {
        name: named(by, &cell.name),
        registered: said(cell.of),
        found: said(cell.count),
        share: share(if of_ages { cell.percent } else { cell.standardised }),
        found_ratio: ratio(cell.ratio),
        decided: counted(&steps.decided, &cell.name),
        taken: counted(&steps.taken, &cell.name),
        taken_ratio: ratio(of(&steps.taken_of_found, &cell.name).and_then(|cell| cell.ratio)),
    };
    Slice { heading, of_ages, rows: cells.iter().map(row).collect(), note: String::new() }
}

#[cfg(test)]
mod tests;
