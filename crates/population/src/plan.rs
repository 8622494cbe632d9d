//! Rule sets made ready: names found, lists matched against the codes that occur, and every question about codes or values asked
//! once however many rules ask it. The same plan serves one person and everybody.

mod matching;

use std::collections::BTreeMap;

use crate::code::Codes;
use crate::day::{Day, Span};
use crate::fault::{Fault, Faults};
use crate::library::{CodeList, Library, Listed, over};
use crate::people::{self, Person, Sex};
use crate::rule::{Coded, Condition, Counting, Kind, Limits, Measured, Name, Pick, RuleSet};
use crate::words::Words;
use matching::Matcher;

/// More parts than this a rule set cannot have.
pub const MOST_PARTS: usize = 128;

/// Rule sets ready to be asked, those that others need before those that need them.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) sets: Vec<Planned>,
    pub(crate) leaves: Vec<Leaf>,
    matcher: Matcher,
    /// For each code, where its touches begin.
    touch_starts: Vec<u32>,
    touches: Vec<Touch>,
    /// For each list of the matcher, the leaves that ask about it.
    asked_by: Vec<Vec<Touch>>,
    units: Vec<String>,
}

/// A rule set with its names found.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub(crate) set: RuleSet,
    pub(crate) lists_hash: String,
    pub(crate) parts: Vec<Node>,
    pub(crate) needs: Vec<Node>,
    /// For each part, the parts that silence it.
    pub(crate) unless: Vec<u128>,
}

/// A condition with its names found.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    Leaf(usize),
    Age { from: u8, below: Option<u8> },
    Sex(Sex),
    InSet(usize),
    Scored(usize, Limits),
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
}

/// A question about codes or values.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    pub(crate) list: usize,
    pub(crate) resolved_by: Option<usize>,
    pub(crate) within: Option<Span>,
    pub(crate) asks: Asks,
}

#[derive(Debug, Clone)]
pub(crate) enum Asks {
    Count { at_least: u32, counting: Counting, first: bool },
    Value { limits: Limits, pick: Pick, factors: Vec<Option<f64>>, unit: String },
}

/// That a code matters to a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Touch {
    pub(crate) leaf: u32,
    pub(crate) resolves: bool,
}

/// As of which day something is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// What happened later is not known yet.
    pub as_of: Day,
    /// False where the input has no days: then everything counts, however far back a rule looks.
    pub has_days: bool,
}

/// A plan on a day: from which day on each leaf counts.
#[derive(Debug, Clone)]
pub struct Frame {
    /// As of which day.
    pub asked: Asked,
    pub(crate) from: Vec<u16>,
}

impl Plan {
    /// Makes some rule sets of a library ready, over codes and units that occur. Refused where one names a list or a set that is not
    /// there, or where sets name one another in a circle.
    pub fn of(library: &Library, ids: &[&str], codes: &Codes, units: &Words) -> Result<Self, Faults> {
        let mut order = Vec::new();
        let mut faults = Vec::new();
        for id in ids {
            match library.set(id) {
                Some(set) => {
                    faults.extend(library.missing(set));
                    visit(library, set, &mut Vec::new(), &mut order, &mut faults);
                }
                None => faults.push(Fault::new(id, 0, "there is no rule set of this name")),
            }
        }
        faults.dedup();
        if !faults.is_empty() {
            return Err(Faults(faults));
        }
        let mut making = Making { library, plan: Self::empty(), leaves: BTreeMap::new(), numbers: BTreeMap::new() };
        for set in order {
            making.add(set).map_err(Faults::from)?;
        }
        let mut plan = making.plan;
        plan.matcher.ready();
        plan.asked_by = vec![Vec::new(); plan.matcher.len()];
        for (at, leaf) in (0u32..).zip(&plan.leaves) {
            plan.asked_by[leaf.list].push(Touch { leaf: at, resolves: false });
            if let Some(resolved) = leaf.resolved_by {
                plan.asked_by[resolved].push(Touch { leaf: at, resolves: true });
            }
        }
        plan.learn(codes, units);
        Ok(plan)
    }

    fn empty() -> Self {
        Self {
            sets: Vec::new(),
            leaves: Vec::new(),
            matcher: Matcher::default(),
            touch_starts: vec![0],
            touches: Vec::new(),
            asked_by: Vec::new(),
            units: Vec::new(),
        }
    }

    /// Looks at codes and units that came since. To be called before a new code is asked about.
    pub fn learn(&mut self, codes: &Codes, units: &Words) {
        let mut lists = Vec::new();
        for (system, code) in codes.iter().skip(self.touch_starts.len() - 1) {
            self.matcher.lists_of(system, code, &mut lists);
            for list in &lists {
                self.touches.extend(&self.asked_by[*list]);
            }
            self.touch_starts.push(u32::try_from(self.touches.len()).unwrap_or(u32::MAX));
        }
        for unit in units.list().iter().skip(self.units.len()) {
            for leaf in &mut self.leaves {
                if let Asks::Value { factors, unit: wanted, .. } = &mut leaf.asks {
                    factors.push(crate::unit::factor(unit, wanted));
                }
            }
            self.units.push(unit.clone());
        }
    }

    /// The plan as of a day.
    #[must_use]
    pub fn on(&self, asked: Asked) -> Frame {
        let from = |leaf: &Leaf| match leaf.within {
            Some(span) if asked.has_days => asked.as_of.before(span).0 + 1,
            _ => 0,
        };
        Frame { asked, from: self.leaves.iter().map(from).collect() }
    }

    /// The rule sets, those that others need among them.
    pub fn sets(&self) -> impl Iterator<Item = &RuleSet> {
        self.sets.iter().map(|planned| &planned.set)
    }

    /// Where a rule set stands in the plan.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<usize> {
        self.sets.iter().position(|planned| planned.set.id == id)
    }

    /// SHA-256 over the lists that a rule set uses.
    #[must_use]
    pub fn lists_hash(&self, set: usize) -> &str {
        self.sets.get(set).map_or("", |planned| &planned.lists_hash)
    }

    /// The leaves that a code matters to.
    #[inline]
    pub(crate) fn touched(&self, code: u32) -> &[Touch] {
        match self.touch_starts.get(code as usize..code as usize + 2) {
            Some([from, until]) => &self.touches[*from as usize..*until as usize],
            _ => &[],
        }
    }

    /// The list by which a code matters to a leaf.
    pub(crate) fn list_of(&self, touch: Touch) -> Option<usize> {
        let leaf = self.leaves.get(touch.leaf as usize)?;
        if touch.resolves { leaf.resolved_by } else { Some(leaf.list) }
    }

    /// How many codes have been looked at.
    pub(crate) fn known_codes(&self) -> u32 {
        u32::try_from(self.touch_starts.len() - 1).unwrap_or(u32::MAX)
    }
}

impl Leaf {
    /// What turns a unit into the rule's, where something does.
    pub(crate) fn factor(&self, unit: u8) -> Option<f64> {
        match &self.asks {
            Asks::Value { unit: wanted, .. } if unit == crate::columns::NO_UNIT => crate::unit::factor("", wanted),
            Asks::Value { factors, .. } => factors.get(usize::from(unit)).copied().flatten(),
            Asks::Count { .. } => None,
        }
    }
}

impl Node {
    /// Of an age: by the day of birth, since comparing days is quicker than counting years.
    pub(crate) fn is_of_age(person: &Person, as_of: Day, from: u8, below: Option<u8>) -> bool {
        person.birth != Day::NONE
            && person.birth <= people::born_by(as_of, from)
            && below.is_none_or(|below| person.birth > people::born_by(as_of, below))
    }
}

/// Sets that others need come first.
fn visit<'a>(
    library: &'a Library,
    set: &'a RuleSet,
    path: &mut Vec<&'a str>,
    order: &mut Vec<&'a RuleSet>,
    faults: &mut Vec<Fault>,
) {
    if order.iter().any(|known| known.id == set.id) {
        return;
    }
    path.push(&set.id);
    for (name, line) in &set.names {
        let (Name::Set(other) | Name::Score(other)) = name else { continue };
        if path.contains(&other.as_str()) {
            faults.push(Fault::new(
                &set.file,
                *line,
                format!("{} → {other}: rule sets name one another in a circle", path.join(" → ")),
            ));
        } else if let Some(other) = library.set(other) {
            visit(library, other, path, order, faults);
        }
    }
    path.pop();
    order.push(set);
}

struct Making<'a> {
    library: &'a Library,
    plan: Plan,
    leaves: BTreeMap<String, usize>,
    numbers: BTreeMap<String, usize>,
}

impl Making<'_> {
    fn add(&mut self, set: &RuleSet) -> Result<(), Fault> {
        if set.parts.len().max(set.needs.len()) > MOST_PARTS {
            return Err(Fault::new(
                &set.file,
                1,
                format!("`{}` has {} parts, and at most {MOST_PARTS} can be held", set.id, set.parts.len()),
            ));
        }
        let parts = set.parts.iter().map(|part| self.node(&part.when)).collect();
        let needs = set.needs.iter().map(|need| self.node(&need.when)).collect();
        let mask = |others: &Vec<usize>| others.iter().fold(0u128, |mask, other| mask | 1 << other);
        let unless = set.parts.iter().map(|part| mask(&part.unless)).collect();
        self.numbers.insert(set.id.clone(), self.plan.sets.len());
        let lists_hash = self.library.lists_hash(set);
        self.plan.sets.push(Planned { set: set.clone(), lists_hash, parts, needs, unless });
        Ok(())
    }

    fn node(&mut self, condition: &Condition) -> Node {
        match condition {
            Condition::Coded(coded) => Node::Leaf(self.coded(coded)),
            Condition::Measured(measured) => Node::Leaf(self.measured(measured)),
            Condition::Age { from, below } => Node::Age { from: *from, below: *below },
            Condition::Sex(sex) => Node::Sex(*sex),
            // Names were looked for before, so that a set that is not there is never reached.
            Condition::InSet(set) => Node::InSet(self.numbers.get(set).copied().unwrap_or(usize::MAX)),
            Condition::Scored { set, limits } => {
                Node::Scored(self.numbers.get(set).copied().unwrap_or(usize::MAX), *limits)
            }
            Condition::All(inner) => Node::All(inner.iter().map(|inner| self.node(inner)).collect()),
            Condition::Any(inner) => Node::Any(inner.iter().map(|inner| self.node(inner)).collect()),
            Condition::Not(inner) => Node::Not(Box::new(self.node(inner))),
        }
    }

    fn coded(&mut self, coded: &Coded) -> usize {
        let key = format!("{coded:?}");
        let (list, resolved_by) = (self.list(&coded.list), self.ending(coded));
        let asks = Asks::Count { at_least: coded.at_least, counting: coded.counting, first: coded.first };
        self.leaf(key, Leaf { list, resolved_by, within: coded.within, asks })
    }

    fn measured(&mut self, measured: &Measured) -> usize {
        let key = format!("{measured:?}");
        let Measured { limits, unit, within, pick, .. } = measured.clone();
        let list = self.list(&measured.list);
        let asks = Asks::Value { limits, pick, factors: Vec::new(), unit };
        self.leaf(key, Leaf { list, resolved_by: None, within, asks })
    }

    fn leaf(&mut self, key: String, leaf: Leaf) -> usize {
        let next = self.plan.leaves.len();
        let at = *self.leaves.entry(key).or_insert(next);
        if at == next {
            self.plan.leaves.push(leaf);
        }
        at
    }

    /// The list whose codes end what was coded.
    fn ending(&mut self, coded: &Coded) -> Option<usize> {
        if !coded.until_over {
            return coded.resolved_by.as_ref().map(|list| self.list(list));
        }
        let named = |name: &String| self.library.list(name);
        let mut codes: Vec<Listed> = named(&coded.list).into_iter().flat_map(over).collect();
        codes.extend(coded.resolved_by.as_ref().and_then(named).into_iter().flat_map(|list| list.codes.clone()));
        // No list of a file has such a name: what is over of one list is the same list wherever it is asked for.
        let name = format!("{} is over, or {}", coded.list, coded.resolved_by.as_deref().unwrap_or_default());
        Some(self.plan.matcher.add(&name, Some(&CodeList::of(name.clone(), codes, ""))))
    }

    fn list(&mut self, name: &str) -> usize {
        self.plan.matcher.add(name, self.library.list(name))
    }
}

impl Planned {
    pub(crate) fn is_score(&self) -> bool {
        self.set.kind == Kind::Score
    }
}

#[cfg(test)]
mod tests;
