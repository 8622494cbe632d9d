//! Who a claim may be of that nobody takes in: a program asks, a form is sent. Reads rows, writes nothing.
//!
//! With somebody whose address is withheld the claim is compared without one on both sides, and they are found by no key that has
//! an address in it: neither the score nor whether they are found tells anything of where they live.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use identity::desk::Desk;
use identity::link::LEAST_KEPT;
use identity::pattern::{NHS, SAME};
use store::{Result, Tx};
use uuid::Uuid;

use super::division::{MOST_NEAR, hundredths, share};
use crate::patient::Demographics;
use crate::person::candidate::{Candidate, Candidates};
use crate::views::demographic::is_withheld;
use crate::views::linkage::{self, Kept};
use crate::views::person::leaves;

/// Everybody who comes near a claim.
pub(super) fn candidates(tx: &mut dyn Tx, desk: &mut Desk, asked: &Demographics) -> Result<Candidates> {
    desk.clear();
    let mut found = Candidates { threshold: hundredths(desk.threshold()), records: Vec::new() };
    let Some(row) = Kept::of(Uuid::nil(), Uuid::nil(), asked) else { return Ok(found) };
    let sides = [desk.lay(&row.claim(false), 0), desk.lay(&row.claim(true), 0)];
    let (keys, blind_keys) = (desk.keys(sides[0]), desk.keys(sides[1]));
    let mut hidden: HashMap<Uuid, bool> = HashMap::new();
    let mut near: BTreeSet<Uuid> = BTreeSet::new();
    for row in linkage::near(tx, &keys, MOST_NEAR)? {
        let withheld = match hidden.entry(row.root) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(free) => *free.insert(is_withheld(tx, row.root)?),
        };
        let place = desk.lay(&row.claim(withheld), 0);
        if withheld && !share(&blind_keys, &desk.keys(place)) {
            continue;
        }
        let thought = desk.judge(sides[usize::from(withheld)], place);
        // Somebody who has the number and nothing else comes near, too: one of the two is wrong.
        if thought.odds >= LEAST_KEPT || thought.pattern.is(NHS, SAME) {
            near.insert(row.root);
        }
    }
    for root in near {
        let side = usize::from(hidden.get(&root).copied().unwrap_or_default());
        for leaf in leaves(tx, root)? {
            let Some(row) = linkage::row_of(tx, leaf)? else { continue };
            let place = desk.lay(&row.claim(side == 1), 0);
            let thought = desk.judge(sides[side], place);
            found.records.push(Candidate {
                leaf,
                root,
                odds: hundredths(thought.odds),
                same_number: thought.pattern.is(NHS, SAME),
                forbidden: thought.forbids(),
            });
        }
    }
    Ok(found)
}
