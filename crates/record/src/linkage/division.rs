//! Which leaves are one person, of some leaves and everybody who hangs together with them. Reads rows and decisions, writes nothing.
//!
//! Somebody whose address is withheld is compared without it, and so is whoever may be the same person by everything else: on
//! both sides, so that neither a score nor who is found tells where they live. Who that is does itself not rest on any address.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use identity::constraint::{Constraints, Word};
use identity::desk::Desk;
use identity::explanation::Explanation;
use identity::link::LEAST_KEPT;
use identity::model::Judgement;
use identity::pattern::{BIRTH, GIVEN, SAME, SURNAME};
use identity::text::hash_bytes;
use store::{Result, Tx};
use uuid::Uuid;

use crate::person::pair::{Verdict, Why, pair_id};
use crate::person::{Bar, Ground, Weights};
use crate::views::demographic::is_withheld;
use crate::views::linkage::{self, Kept};
use crate::views::person::{root, tree};

/// A key brings no more rows together than this.
pub(super) const MOST_NEAR: i64 = 2_000;
/// More leaves than this never hang together but by an error: the rest are left as they are, and the log of the program says so.
const MOST_LEAVES: usize = 3_000;

/// Two records for somebody to look at.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Near {
    pub(super) why: Why,
    pub(super) weights: Weights,
}

/// The people among some leaves.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Division {
    /// The leaves of each person; each leaf once.
    pub(super) people: Vec<Vec<Uuid>>,
    /// Every comparison that joined leaves rest on, by [`pair_id`].
    pub(super) weights: HashMap<Uuid, Weights>,
    /// What somebody has to look at.
    pub(super) near: Vec<Near>,
}

/// A leaf on the desk, once with its address and once without.
struct Leaf {
    id: Uuid,
    root: Uuid,
    restricted: bool,
    keys: Vec<u64>,
    blind_keys: Vec<u64>,
    plain: u32,
    blind: u32,
    explored: bool,
}

struct Field<'a> {
    tx: &'a mut dyn Tx,
    desk: &'a mut Desk,
    leaves: Vec<Leaf>,
    places: HashMap<Uuid, usize>,
    waiting: VecDeque<usize>,
    trees: BTreeSet<Uuid>,
    /// Pairs that share a key: what is thought of them, and what is without addresses, where they share a key without them.
    judged: BTreeMap<(usize, usize), (Judgement, Option<Judgement>)>,
    /// What stewards decided.
    said: BTreeMap<(usize, usize), Verdict>,
    /// What is said to be one or two, by a steward or a source.
    words: BTreeMap<(usize, usize), Verdict>,
}

fn ordered(one: usize, other: usize) -> (usize, usize) {
    if one < other { (one, other) } else { (other, one) }
}

pub(super) fn share(one: &[u64], other: &[u64]) -> bool {
    one.iter().any(|key| other.binary_search(key).is_ok())
}

impl Field<'_> {
    fn place(&mut self, id: Uuid, row: Option<Kept>) -> Result<usize> {
        if let Some(place) = self.places.get(&id) {
            return Ok(*place);
        }
        let row = match row {
            Some(row) => Some(row),
            None => linkage::row_of(self.tx, id)?,
        };
        let root = match &row {
            Some(row) => row.root,
            None => root(self.tx, id)?,
        };
        // A feed's own person has the same id whenever it came: between equals it decides, not the order of arrival.
        let rank = hash_bytes(row.as_ref().map_or(id, |row| row.id).as_bytes());
        let nothing = identity::roll::Claim::default();
        let (plain, blind) = match &row {
            Some(row) => (self.desk.lay(&row.claim(false), rank), self.desk.lay(&row.claim(true), rank)),
            None => (self.desk.lay(&nothing, rank), self.desk.lay(&nothing, rank)),
        };
        let leaf = Leaf {
            id,
            root,
            restricted: row.as_ref().is_some_and(|row| row.restricted),
            keys: self.desk.keys(plain),
            blind_keys: self.desk.keys(blind),
            plain,
            blind,
            explored: false,
        };
        let place = self.leaves.len();
        self.leaves.push(leaf);
        self.places.insert(id, place);
        Ok(place)
    }

    fn explore(&mut self, from: &[Uuid]) -> Result<()> {
        for id in from {
            let place = self.place(*id, None)?;
            self.waiting.push_back(place);
        }
        let mut explored = 0;
        while let Some(place) = self.waiting.pop_front() {
            if std::mem::replace(&mut self.leaves[place].explored, true) {
                continue;
            }
            explored += 1;
            if explored > MOST_LEAVES {
                tracing::warn!(leaves = explored, "too many records hang together; the rest are left as they are");
                self.leaves[place].explored = false;
                self.waiting.clear();
                break;
            }
            self.under_one_root(place)?;
            self.decided(place)?;
            self.alike(place)?;
        }
        Ok(())
    }

    /// Everybody who is the same person until now, and what a source said of them outright.
    fn under_one_root(&mut self, place: usize) -> Result<()> {
        if !self.trees.insert(self.leaves[place].root) {
            return Ok(());
        }
        let root = self.leaves[place].root;
        for hanging in tree(self.tx, root)? {
            let one = self.place(hanging.id, None)?;
            self.waiting.push_back(one);
            let Some((to, ground)) = hanging.joined_to else { continue };
            let other = self.place(to, None)?;
            // What has no words of its own cannot be weighed: it stays with whom it was said to be.
            let wordless = [one, other].iter().any(|at| self.leaves[*at].keys.is_empty());
            if ground == Ground::Source.word() || (wordless && ground != Ground::Weights.word()) {
                self.words.entry(ordered(one, other)).or_insert(Verdict::Same);
            }
        }
        Ok(())
    }

    fn decided(&mut self, place: usize) -> Result<()> {
        for (with, verdict) in linkage::words(self.tx, self.leaves[place].id)? {
            let other = self.place(with, None)?;
            // Of several decisions on two records the one that keeps them apart holds, and any holds against what a source says.
            let said = self.said.entry(ordered(place, other)).or_insert(verdict);
            if verdict == Verdict::NotSame || *said == Verdict::NotSure {
                *said = verdict;
            }
            let said = *said;
            self.words.insert(ordered(place, other), said);
            if verdict == Verdict::Same {
                self.waiting.push_back(other);
            }
        }
        Ok(())
    }

    fn alike(&mut self, place: usize) -> Result<()> {
        let near = linkage::near(self.tx, &self.leaves[place].keys, MOST_NEAR)?;
        if i64::try_from(near.len()).unwrap_or(i64::MAX) >= MOST_NEAR {
            tracing::warn!(rows = near.len(), "too many records share a key; not all of them were compared");
        }
        let threshold = self.desk.threshold();
        for row in near {
            let other = self.place(row.leaf, Some(row))?;
            let pair = ordered(place, other);
            if other == place || self.judged.contains_key(&pair) {
                continue;
            }
            let (one, two) = (&self.leaves[place], &self.leaves[other]);
            if !share(&one.keys, &two.keys) {
                continue;
            }
            let plain = self.desk.judge(one.plain, two.plain);
            let blind = share(&one.blind_keys, &two.blind_keys).then(|| self.desk.judge(one.blind, two.blind));
            if plain.odds >= threshold || blind.is_some_and(|blind| blind.odds >= threshold) {
                self.waiting.push_back(other);
            }
            self.judged.insert(pair, (plain, blind));
        }
        Ok(())
    }

    /// Which leaves are compared without an address: all that may be one person with somebody whose address is withheld.
    fn withheld(&self) -> Vec<bool> {
        let threshold = self.desk.threshold();
        let mut forest = Forest::of(self.leaves.len());
        for ((one, other), (_, blind)) in &self.judged {
            if blind.is_some_and(|blind| blind.odds >= threshold) {
                forest.join(*one, *other);
            }
        }
        for ((one, other), verdict) in &self.words {
            if *verdict == Verdict::Same {
                forest.join(*one, *other);
            }
        }
        let restricted: BTreeSet<usize> =
            (0..self.leaves.len()).filter(|at| self.leaves[*at].restricted).map(|at| forest.root(at)).collect();
        (0..self.leaves.len()).map(|at| restricted.contains(&forest.root(at))).collect()
    }
}

/// Divides some leaves, and everybody who hangs together with them, into people.
pub(super) fn divide(tx: &mut dyn Tx, desk: &mut Desk, from: &[Uuid]) -> Result<Division> {
    desk.clear();
    let mut field = Field {
        tx,
        desk,
        leaves: Vec::new(),
        places: HashMap::new(),
        waiting: VecDeque::new(),
        trees: BTreeSet::new(),
        judged: BTreeMap::new(),
        said: BTreeMap::new(),
        words: BTreeMap::new(),
    };
    field.explore(from)?;
    let withheld = field.withheld();
    let threshold = field.desk.threshold();
    let row = |field: &Field<'_>, at: usize| if withheld[at] { field.leaves[at].blind } else { field.leaves[at].plain };
    let thought = |pair: &(usize, usize), judged: &(Judgement, Option<Judgement>)| {
        if withheld[pair.0] || withheld[pair.1] { judged.1 } else { Some(judged.0) }
    };
    let mut forest = Forest::of(field.leaves.len());
    let explored =
        |field: &Field<'_>, (one, other): (usize, usize)| field.leaves[one].explored && field.leaves[other].explored;
    for (pair, judged) in &field.judged {
        if explored(&field, *pair) && thought(pair, judged).is_some_and(|judged| judged.odds >= threshold) {
            forest.join(pair.0, pair.1);
        }
    }
    let mut constraints = Constraints::default();
    for (pair, verdict) in &field.words {
        let word = match verdict {
            Verdict::Same => Word::Same,
            Verdict::NotSame => Word::NotSame,
            Verdict::NotSure => continue,
        };
        constraints.decide(row(&field, pair.0), row(&field, pair.1), Some(word));
        if word == Word::Same && explored(&field, *pair) {
            forest.join(pair.0, pair.1);
        }
    }
    let mut components: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in (0..field.leaves.len()).filter(|at| field.leaves[*at].explored) {
        components.entry(forest.root(at)).or_default().push(at);
    }
    let mut division = Division::default();
    let mut person_of: HashMap<usize, usize> = HashMap::new();
    let mut torn: BTreeSet<(usize, usize)> = BTreeSet::new();
    for component in components.into_values() {
        let by_row: HashMap<u32, usize> = component.iter().map(|at| (row(&field, *at), *at)).collect();
        let rows: Vec<u32> = component.iter().map(|at| row(&field, *at)).collect();
        let divided = field.desk.divide(&rows, &constraints);
        torn.extend(divided.unsure.iter().map(|(one, other)| ordered(by_row[one], by_row[other])));
        for person in divided.people {
            let leaves: Vec<usize> = person.iter().map(|row| by_row[row]).collect();
            leaves.iter().for_each(|at| _ = person_of.insert(*at, division.people.len()));
            division.people.push(leaves.iter().map(|at| field.leaves[*at].id).collect());
        }
    }
    // What a join or a split may rest on.
    let pairs: Vec<(usize, usize)> = field.judged.keys().copied().filter(|pair| explored(&field, *pair)).collect();
    for (one, other) in pairs {
        let together =
            person_of.get(&one) == person_of.get(&other) || field.leaves[one].root == field.leaves[other].root;
        if together {
            let (a, b) = (row(&field, one), row(&field, other));
            let weights = weights(&field.desk.explain(a, b), field.leaves[one].id, field.leaves[other].id);
            division.weights.insert(pair_id(weights.one, weights.other), weights);
        }
    }
    division.near = near(&mut field, &withheld, &person_of, &torn)?;
    Ok(division)
}

/// The nearest pair of two people: its odds, its places, why it is looked at, and whether addresses are left out.
type Best = (i32, (usize, usize), Why, bool);

/// Which pairs somebody has to look at: of any two people the nearest pair, unless somebody has said something of the two.
fn near(
    field: &mut Field<'_>,
    withheld: &[bool],
    person_of: &HashMap<usize, usize>,
    torn: &BTreeSet<(usize, usize)>,
) -> Result<Vec<Near>> {
    // Those who were only met are under the roots they have.
    let person = |field: &Field<'_>, at: usize| match person_of.get(&at) {
        Some(person) => (Uuid::nil(), *person),
        None => (field.leaves[at].root, 0),
    };
    let mut hidden: HashMap<Uuid, bool> = HashMap::new();
    let mut best: BTreeMap<[(Uuid, usize); 2], Best> = BTreeMap::new();
    let judged: Vec<_> = field.judged.iter().map(|(pair, judged)| (*pair, *judged)).collect();
    for (pair, judged) in judged {
        let mut people = [person(field, pair.0), person(field, pair.1)];
        people.sort_unstable();
        if people[0] == people[1] {
            continue;
        }
        let mut blind = withheld[pair.0] || withheld[pair.1];
        for at in [pair.0, pair.1] {
            let root = field.leaves[at].root;
            if !field.leaves[at].explored {
                let known = match hidden.entry(root) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(free) => *free.insert(is_withheld(field.tx, root)?),
                };
                blind |= known;
            }
        }
        let Some(thought) = (if blind { judged.1 } else { Some(judged.0) }) else { continue };
        let alike = [GIVEN, SURNAME, BIRTH].iter().all(|part| thought.pattern.is(*part, SAME));
        let why = if thought.forbids() && (alike || thought.pattern.is(identity::pattern::NHS, SAME)) {
            Why::Numbers
        } else if torn.contains(&pair) {
            Why::Torn
        } else if thought.odds >= LEAST_KEPT {
            Why::Near
        } else {
            continue;
        };
        let odds = hundredths(thought.odds);
        let better = best.get(&people).is_none_or(|(most, before, ..)| {
            let ids = |pair: &(usize, usize)| pair_id(field.leaves[pair.0].id, field.leaves[pair.1].id);
            (odds, ids(&pair)) > (*most, ids(before))
        });
        if better {
            best.insert(people, (odds, pair, why, blind));
        }
    }
    let mut found = Vec::new();
    for (people, (_, (one, other), why, blind)) in best {
        let said = field.words.keys().any(|pair| {
            let mut of = [person(field, pair.0), person(field, pair.1)];
            of.sort_unstable();
            of == people
        });
        if said {
            continue;
        }
        let side = |leaf: &Leaf| if blind { leaf.blind } else { leaf.plain };
        let (a, b) = (side(&field.leaves[one]), side(&field.leaves[other]));
        let weights = weights(&field.desk.explain(a, b), field.leaves[one].id, field.leaves[other].id);
        found.push(Near { why, weights });
    }
    Ok(found)
}

/// How two leaves compare, as a steward sees it: without addresses where either person's is withheld.
pub(super) fn compare(tx: &mut dyn Tx, desk: &mut Desk, one: Uuid, other: Uuid) -> Result<Weights> {
    desk.clear();
    let mut rows = Vec::new();
    let mut blind = false;
    for leaf in [one, other] {
        let root = root(tx, leaf)?;
        blind |= is_withheld(tx, root)?;
        rows.push(linkage::row_of(tx, leaf)?);
    }
    let nothing = identity::roll::Claim::default();
    let places: Vec<u32> =
        rows.iter().map(|row| desk.lay(&row.as_ref().map_or(nothing, |row| row.claim(blind)), 0)).collect();
    Ok(weights(&desk.explain(places[0], places[1]), one, other))
}

#[expect(clippy::cast_possible_truncation, reason = "a few thousand hundredths")]
pub(super) fn hundredths(bits: f32) -> i32 {
    (bits * 100.0).round() as i32
}

fn weights(explanation: &Explanation, one: Uuid, other: Uuid) -> Weights {
    let (one, other) = if one < other { (one, other) } else { (other, one) };
    let bar = |bar: &identity::explanation::Bar| Bar {
        field: bar.field.clone(),
        level: bar.level.to_owned(),
        weight: hundredths(bar.weight),
    };
    Weights {
        one,
        other,
        model: explanation.model,
        pattern: explanation.pattern,
        before: hundredths(explanation.before),
        bars: explanation.bars.iter().map(bar).collect(),
        household: hundredths(explanation.household),
        odds: hundredths(explanation.odds),
        ruling: explanation.ruling.map(str::to_owned),
    }
}

/// Which leaves hang together.
struct Forest(Vec<usize>);

impl Forest {
    fn of(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, at: usize) -> usize {
        let mut at = at;
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other);
    }
}
