//! The policies held against an independent statement of the same rules, and what happens where they cannot be used.

mod closed;
mod matrix;
mod mutants;
mod statement;

use super::*;
use crate::item::{Item, Seal, Sensitivity};
use crate::relationship::{Classes, Tie, Ties};
use crate::role::Class;

#[test]
fn the_policies_can_be_used() {
    check().unwrap();
    assert_eq!(alarms(), 0);
}

#[test]
fn the_fingerprint_is_of_every_file() {
    assert_eq!(fingerprint().len(), 64);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/policies");
    let mut files: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let mut embedded: Vec<&str> = FILES.iter().chain([&SCHEMA]).map(|(name, _)| *name).collect();
    files.sort_unstable();
    embedded.sort_unstable();
    assert_eq!(files, embedded, "a file that is not embedded decides nothing");
}

/// These ties, for every class.
fn ties(of: &[Tie]) -> Ties {
    of.iter().fold(Ties::none(), |ties, tie| ties.with(*tie, Classes::ALL))
}

/// No tie, each alone, every pair, and all at once.
fn every_tie() -> Vec<Ties> {
    let single = Tie::ALL.into_iter().map(|tie| ties(&[tie]));
    let pairs = Tie::ALL.into_iter().enumerate();
    let pairs = pairs.flat_map(|(place, one)| Tie::ALL.into_iter().skip(place + 1).map(move |two| ties(&[one, two])));
    [Ties::none(), ties(&Tie::ALL)].into_iter().chain(single).chain(pairs).collect()
}

/// Every entry there can be.
fn every_item() -> Vec<Item> {
    let mut items = Vec::new();
    for class in Class::ALL {
        for sensitivity in Sensitivity::ALL {
            for seal in Seal::ALL {
                for (ours, harmful) in [(false, false), (false, true), (true, false), (true, true)] {
                    items.push(Item { class, ours, sensitivity, seal, harmful });
                }
            }
        }
    }
    items
}
