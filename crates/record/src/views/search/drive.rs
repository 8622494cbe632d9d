//! Where a search begins: which part of the index is walked, while every other condition is looked up row by row. The fewest
//! candidates win; how many there are is counted in the index up to a small number, never guessed. What is walked is either
//! in the order of arrival already (one term, one link, one type: a page ends after as many rows as it needs), or a small set
//! that is put in order first.

use fhir::query::Text;
use store::{Composed, Result, Tx};
use uuid::Uuid;

use super::clause::{Clause, either, moment, stretch, text};
use super::read;
use super::visible::Visible;

/// Something to walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// What has a term, in order.
    Term(i64),
    /// What points at something, in order: parameter, target.
    Point(i64, i64),
    /// All of the type, in order.
    Kind,
    /// These.
    Among(Vec<i64>),
    /// What is of a type and belongs to these few people (roots), to be put in order.
    Of(Vec<Uuid>, String),
    /// What one condition finds, to be put in order.
    Set(Clause),
}

/// A part of the order of arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Stretch {
    /// What comes after this.
    pub(crate) after: Option<i64>,
    /// Up to and with this.
    pub(crate) last: Option<i64>,
}

/// A search of one type: what must hold, and what to walk.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// The type.
    pub(crate) kind: i64,
    pub(crate) visible: Visible,
    pub(crate) clauses: Vec<Clause>,
    /// What is walked; what is found in several is found once.
    pub(crate) sources: Vec<Source>,
    /// The condition that the sources answer for, so that it need not be asked again.
    pub(crate) driving: Option<usize>,
}

/// Few enough that nothing better need be looked for.
const FEW: i64 = 500;
/// So few people that their resources are gone through whatever else is asked.
const ALONE: usize = 4;
/// Told apart where several conditions have more than few.
const SOME: i64 = 5_000;
/// The largest set that is put in order rather than walking the whole type, however large that is.
const SET: i64 = 20_000;
/// The most things to walk at once; each is a part of the statement.
const SOURCES: usize = 48;
/// The most ends of a chain that are looked up beforehand.
const ENDS: i64 = 256;

impl Plan {
    /// Looks for the best beginning.
    pub(crate) fn make(tx: &mut dyn Tx, word: &str, visible: &Visible, clauses: Vec<Clause>) -> Result<Self> {
        let kind = super::kind(word);
        let mut plan = Self { kind, visible: visible.clone(), clauses, sources: vec![Source::Kind], driving: None };
        match visible.few(tx, word)? {
            None => plan.choose(tx)?,
            // Somebody who sees only some people's: all else need not be walked past.
            Some(people) if people.is_empty() => plan.sources = Vec::new(),
            Some(people) => {
                let asked = plan.choose_among();
                // What a condition names may still be less than what all of several people have.
                if !asked && (people.len() <= ALONE || !plan.choose_short(tx)?) {
                    plan.sources = vec![Source::Of(people, word.to_owned())];
                }
            }
        }
        Ok(plan)
    }

    /// True where a page is found by walking in the order of arrival past what does not match.
    pub(crate) fn walks(&self) -> bool {
        let ordered = |source: &Source| matches!(source, Source::Term(_) | Source::Point(..) | Source::Kind);
        let asks = self.clauses.len() > usize::from(self.driving.is_some()) || !self.visible.is_everything();
        asks && self.sources.iter().any(ordered)
    }

    /// Takes what names the resources themselves.
    fn choose_among(&mut self) -> bool {
        let among = self.clauses.iter().position(|clause| matches!(clause, Clause::Among { .. }));
        if let Some(at) = among {
            self.drive(at);
        }
        among.is_some()
    }

    /// Takes the condition with few candidates, if there is one.
    fn choose_short(&mut self, tx: &mut dyn Tx) -> Result<bool> {
        let candidates = self.candidates();
        self.fewest(tx, &candidates, FEW)
    }

    fn choose(&mut self, tx: &mut dyn Tx) -> Result<()> {
        if self.choose_among() {
            return Ok(());
        }
        let chained = self.clauses.iter().any(|clause| clause.depth() > 0);
        let candidates = self.candidates();
        if let ([only], false) = (candidates.as_slice(), chained)
            && self.clauses.get(*only).is_some_and(is_ordered)
        {
            self.drive(*only);
            return Ok(());
        }
        if self.fewest(tx, &candidates, FEW)? {
            return Ok(());
        }
        if chained {
            let mut resolved = Vec::new();
            for at in 0..self.clauses.len() {
                if let Some(clause) = self.clauses.get(at).cloned().filter(|clause| clause.depth() > 0)
                    && let Some(flat) = flat(tx, &self.visible, self.kind, clause)?
                {
                    if let Some(place) = self.clauses.get_mut(at) {
                        *place = flat;
                    }
                    resolved.push(at);
                }
            }
            if let Some(at) = resolved.iter().find(|at| matches!(self.clauses.get(**at), Some(Clause::Among { .. }))) {
                self.drive(*at);
                return Ok(());
            }
            if self.fewest(tx, &resolved, FEW)? {
                return Ok(());
            }
        }
        let candidates = self.candidates();
        let (ordered, sets): (Vec<usize>, Vec<usize>) =
            candidates.into_iter().partition(|at| self.clauses.get(*at).is_some_and(is_ordered));
        if let [only] = ordered.as_slice() {
            self.drive(*only);
            return Ok(());
        }
        if self.fewest(tx, &ordered, SOME)? {
            return Ok(());
        }
        if let Some(first) = ordered.first() {
            self.drive(*first);
            return Ok(());
        }
        // A set is worth putting in order up to where walking would meet a page of it as soon.
        let worth = read::end(tx)?.saturating_mul(32).isqrt().clamp(FEW, SET);
        if self.fewest(tx, &sets, worth)? {
            return Ok(());
        }
        // Text that is held somewhere inside: its column is read through once, which is less than reading through the type.
        if let Some(at) = self.clauses.iter().position(|clause| matches!(clause, Clause::Text { .. })) {
            self.drive(at);
        }
        Ok(())
    }

    /// The conditions that could be walked.
    fn candidates(&self) -> Vec<usize> {
        (0..self.clauses.len())
            .filter(|at| self.clauses.get(*at).is_some_and(|clause| sources(clause).is_some()))
            .collect()
    }

    /// Takes the condition with the fewest candidates, if any has fewer than `most`.
    fn fewest(&mut self, tx: &mut dyn Tx, of: &[usize], most: i64) -> Result<bool> {
        let mut best: Option<(i64, usize)> = None;
        for at in of {
            // Reading a column through only to count is no saving.
            let walkable = |clause: &&Clause| sources(clause).is_some() && !reads_through(clause);
            let Some(clause) = self.clauses.get(*at).filter(walkable) else { continue };
            let count = count(tx, clause, best.map_or(most, |(fewest, _)| fewest))?;
            if count < best.map_or(most, |(fewest, _)| fewest) {
                best = Some((count, *at));
            }
        }
        if let Some((_, at)) = best {
            self.drive(at);
        }
        Ok(best.is_some())
    }

    fn drive(&mut self, at: usize) {
        if let Some(sources) = self.clauses.get(at).and_then(sources) {
            self.sources = sources;
            self.driving = Some(at);
        }
    }

    /// How many rows the sources have, counted up to `most`.
    pub(crate) fn width(&self, tx: &mut dyn Tx, most: i64) -> Result<i64> {
        match self.driving.and_then(|at| self.clauses.get(at)) {
            Some(clause) => count(tx, clause, most),
            // A few people's records are small.
            None if matches!(self.sources.as_slice(), [] | [Source::Of(..)]) => Ok(0),
            None => read::of_kind(tx, self.kind, most),
        }
    }

    /// The statement that finds resources from one source: `SELECT` what `columns` writes, from there on.
    pub(crate) fn write(&self, out: &mut Composed, source: &Source, stretch: Stretch) {
        let order = match source {
            Source::Term(term) => {
                out.sql(" FROM search_term AS d CROSS JOIN search_resource AS r0 WHERE d.term = ").int(*term);
                "d"
            }
            Source::Point(parameter, target) => {
                out.sql(" FROM search_link AS d CROSS JOIN search_resource AS r0 WHERE d.parameter = ").int(*parameter);
                out.sql(" AND d.target = ").int(*target);
                "d"
            }
            Source::Set(clause) => {
                out.sql(" FROM (SELECT DISTINCT t.seq");
                set(out, clause);
                out.sql(") AS d CROSS JOIN search_resource AS r0 WHERE r0.kind = ").int(self.kind);
                "d"
            }
            Source::Of(people, word) => {
                out.sql(" FROM (SELECT t.seq FROM person AS p CROSS JOIN resource AS t WHERE p.root IN (");
                out.uuids(people.iter().copied()).sql(") AND t.person = p.id AND t.type = ").text_value(word.as_str());
                out.sql(") AS d CROSS JOIN search_resource AS r0 WHERE r0.kind = ").int(self.kind);
                "d"
            }
            Source::Kind => {
                out.sql(" FROM search_resource AS r0 WHERE r0.kind = ").int(self.kind);
                "r0"
            }
            Source::Among(seqs) => {
                out.sql(" FROM search_resource AS r0 WHERE r0.seq IN (").padded(seqs).sql(")");
                "r0"
            }
        };
        if let Some(after) = stretch.after {
            out.sql(" AND ").sql(order).sql(".seq > ").int(after);
        }
        if let Some(last) = stretch.last {
            out.sql(" AND ").sql(order).sql(".seq <= ").int(last);
        }
        if order == "d" {
            out.sql(" AND r0.seq = d.seq");
        }
        out.sql(" AND r0.kind = ").int(self.kind);
        self.visible.and(out, 0);
        for (at, clause) in self.clauses.iter().enumerate() {
            if Some(at) != self.driving {
                out.sql(" AND ");
                clause.write(out, &self.visible, 0);
            }
        }
    }

    /// The column by which a source is in order.
    pub(crate) fn order(source: &Source) -> &'static str {
        match source {
            Source::Kind | Source::Among(_) => "r0.seq",
            _ => "d.seq",
        }
    }
}

/// True where walking it gives the order of arrival without sorting.
fn is_ordered(clause: &Clause) -> bool {
    sources(clause).is_some_and(|sources| !sources.iter().any(|source| matches!(source, Source::Set(_))))
}

/// True for text that may be anywhere: there is no order in which it could be looked up.
fn reads_through(clause: &Clause) -> bool {
    match clause {
        Clause::Text { any, .. } => any.iter().any(|text| matches!(text, Text::Contains(_))),
        Clause::Any { clauses } | Clause::All { clauses } => clauses.iter().any(reads_through),
        _ => false,
    }
}

/// What to walk for a condition; `None` where it cannot be walked.
fn sources(clause: &Clause) -> Option<Vec<Source>> {
    let set = || Some(vec![Source::Set(clause.clone())]);
    match clause {
        Clause::Terms { not: true, .. }
        | Clause::Missing { .. }
        | Clause::Chain { .. }
        | Clause::Has { .. }
        | Clause::Told
        | Clause::All { .. } => None,
        Clause::Terms { any, .. } if any.len() > SOURCES => set(),
        Clause::Terms { any, .. } => Some(any.iter().map(|term| Source::Term(*term)).collect()),
        Clause::Points { targets, .. } if targets.len() > SOURCES => set(),
        Clause::Points { parameter, targets } => {
            Some(targets.iter().map(|target| Source::Point(*parameter, *target)).collect())
        }
        Clause::Text { .. } | Clause::Date { .. } | Clause::Number { .. } | Clause::Updated { .. } => set(),
        Clause::Among { seqs } => Some(vec![Source::Among(seqs.clone())]),
        Clause::Any { clauses } => {
            let mut all = Vec::new();
            for clause in clauses {
                all.extend(sources(clause)?);
            }
            (all.len() <= SOURCES).then_some(all)
        }
    }
}

/// How many rows of the index a condition has, counted up to `most`. More than there are resources is possible, fewer not.
fn count(tx: &mut dyn Tx, clause: &Clause, most: i64) -> Result<i64> {
    match clause {
        Clause::Any { clauses } => {
            let mut sum = 0;
            for clause in clauses {
                sum += count(tx, clause, most - sum)?;
                if sum >= most {
                    break;
                }
            }
            Ok(sum)
        }
        Clause::Terms { any, .. } if any.is_empty() => Ok(0),
        Clause::Points { targets, .. } if targets.is_empty() => Ok(0),
        Clause::Among { seqs } => Ok(i64::try_from(seqs.len()).unwrap_or(most)),
        _ => {
            let mut statement = Composed::new();
            statement.sql("SELECT count(*) FROM (SELECT 1");
            set(&mut statement, clause);
            statement.sql(" LIMIT ").int(most).sql(") AS c");
            read::number(tx, &statement)
        }
    }
}

/// ` FROM … AS t WHERE …` of the rows of one condition.
fn set(out: &mut Composed, clause: &Clause) {
    match clause {
        Clause::Terms { any, .. } if !any.is_empty() => {
            out.sql(" FROM search_term AS t WHERE t.term IN (").padded(any).sql(")");
        }
        Clause::Points { parameter, targets } if !targets.is_empty() => {
            out.sql(" FROM search_link AS t WHERE t.parameter = ").int(*parameter);
            out.sql(" AND t.target IN (").padded(targets).sql(")");
        }
        Clause::Text { parameter, any } => {
            out.sql(" FROM search_text AS t WHERE t.parameter = ").int(*parameter).sql(" AND (");
            either(out, any, text);
            out.sql(")");
        }
        Clause::Date { parameter, any } => {
            out.sql(" FROM search_date AS t WHERE t.parameter = ").int(*parameter).sql(" AND (");
            either(out, any, stretch);
            out.sql(")");
        }
        Clause::Number { any } => {
            out.sql(" FROM search_number AS t WHERE (");
            either(out, any, |out, (parameter, comparison)| {
                out.sql("(t.parameter = ").int(*parameter).sql(" AND ");
                stretch(out, comparison);
                out.sql(")");
            });
            out.sql(")");
        }
        Clause::Updated { kind, any } => {
            // The store keeps the order of the last change itself.
            out.sql(" FROM resource AS t WHERE t.type = ").text_value(kind.as_str()).sql(" AND (");
            either(out, any, |out, comparison| moment(out, "t", ".arrived", comparison));
            out.sql(")");
        }
        _ => {
            out.sql(" FROM search_term AS t WHERE 1 = 0");
        }
    }
}

/// A condition with chains, where their ends are few: the same without them. `kind` is the type that is looked for.
fn flat(tx: &mut dyn Tx, visible: &Visible, kind: i64, clause: Clause) -> Result<Option<Clause>> {
    match clause {
        Clause::Chain { parameter, kind: there, clause } => {
            let Some(ends) = ends(tx, visible, there, *clause)? else { return Ok(None) };
            let targets = read::halves(tx, there, &ends)?;
            Ok(Some(Clause::Points { parameter, targets }))
        }
        Clause::Has { parameter, kind: there, clause } => {
            let Some(ends) = ends(tx, visible, there, *clause)? else { return Ok(None) };
            let targets = read::targets(tx, &ends, Some(parameter))?;
            Ok(Some(Clause::Among { seqs: read::with_halves(tx, visible, Some(kind), &targets)? }))
        }
        Clause::Any { clauses } => {
            let mut all = Vec::with_capacity(clauses.len());
            for clause in clauses {
                if clause.depth() == 0 {
                    all.push(clause);
                } else if let Some(flat) = flat(tx, visible, kind, clause)? {
                    all.push(flat);
                } else {
                    return Ok(None);
                }
            }
            Ok(Some(Clause::Any { clauses: all }))
        }
        Clause::All { clauses } => {
            let mut all = Vec::with_capacity(clauses.len());
            for clause in clauses {
                let Some(flat) = flat(tx, visible, kind, clause)? else { return Ok(None) };
                all.push(flat);
            }
            Ok(Some(Clause::All { clauses: all }))
        }
        other => Ok(Some(other)),
    }
}

/// The resources of a type for which a condition holds, if they are few.
fn ends(tx: &mut dyn Tx, visible: &Visible, kind: i64, clause: Clause) -> Result<Option<Vec<i64>>> {
    let mut plan =
        Plan { kind, visible: visible.clone(), clauses: clause.parts(), sources: vec![Source::Kind], driving: None };
    plan.choose(tx)?;
    if plan.driving.is_none() {
        // To look through a whole type for the end of a chain is no saving.
        return Ok(None);
    }
    // As far as a few windows reach; what is not found in them is looked up from the other end.
    let found = read::page(tx, &plan, None, ENDS + 1, read::WINDOW)?;
    Ok(found.filter(|found| i64::try_from(found.len()).is_ok_and(|count| count <= ENDS)))
}
