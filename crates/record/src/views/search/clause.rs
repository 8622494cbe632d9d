//! The condition of a search as pieces of a statement. Every place where a resource is named (the one looked for, the one a
//! chain points at, the one that points here) carries the caller's scope, so that what is hidden decides nothing. Values are
//! bound, never written into the text: [`Composed`] sees to that.

use fhir::query::{Comparison, Prefix, Text};
use store::Composed;

use super::visible::Visible;
use super::withheld;

// `+t.parameter` in what is looked up for one resource: the plus keeps both databases from the indexes that begin with the
// parameter. Without statistics SQLite takes one of those for shorter than the few rows of one resource, and walks it.

/// One condition, its ids and addresses looked up: [`fhir::query::Filter`] in the terms of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Clause {
    /// Has (or has none of) these terms.
    Terms { any: Vec<i64>, not: bool },
    /// Text of a parameter.
    Text { parameter: i64, any: Vec<Text> },
    /// Dates of a parameter.
    Date { parameter: i64, any: Vec<Comparison> },
    /// Numbers, each value with its own parameter.
    Number { any: Vec<(i64, Comparison)> },
    /// Points at one of these, by halves.
    Points { parameter: i64, targets: Vec<i64> },
    /// Has a value for a parameter, or none.
    Missing { bit: u8, missing: bool },
    /// Is one of these.
    Among { seqs: Vec<i64> },
    /// When it last changed; the type that is asked for.
    Updated { kind: String, any: Vec<Comparison> },
    /// Points at a resource of a type for which this holds.
    Chain { parameter: i64, kind: i64, clause: Box<Clause> },
    /// A resource of a type points here, and this holds for it.
    Has { parameter: i64, kind: i64, clause: Box<Clause> },
    /// Nothing is withheld of the person it is about.
    Told,
    /// All of these hold.
    All { clauses: Vec<Clause> },
    /// Any of these holds.
    Any { clauses: Vec<Clause> },
}

/// What a resource is called in a statement, by how deep in chains it stands.
const NAMES: [&str; 6] = ["r0", "r1", "r2", "r3", "r4", "r5"];

/// The longest chain: as many steps as there are names after the first.
pub(crate) const DEEPEST: usize = NAMES.len() - 1;

pub(crate) fn name(depth: usize) -> &'static str {
    NAMES.get(depth).copied().unwrap_or("r5")
}

impl Clause {
    /// The same as a list of conditions that all hold, so that each can be walked by itself.
    pub(crate) fn parts(self) -> Vec<Self> {
        match self {
            Self::All { clauses } => clauses,
            one => vec![one],
        }
    }

    /// How many steps of chains it holds.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Self::Chain { clause, .. } | Self::Has { clause, .. } => 1 + clause.depth(),
            Self::Any { clauses } | Self::All { clauses } => clauses.iter().map(Self::depth).max().unwrap_or_default(),
            _ => 0,
        }
    }

    /// The condition on the resource at this depth, in brackets or a single test.
    pub(crate) fn write(&self, out: &mut Composed, visible: &Visible, depth: usize) {
        let this = name(depth);
        match self {
            Self::Terms { any, not } => {
                if any.is_empty() {
                    out.sql(if *not { "1 = 1" } else { "1 = 0" });
                    return;
                }
                out.sql(if *not { "NOT EXISTS" } else { "EXISTS" });
                out.sql(" (SELECT 1 FROM search_term AS t WHERE t.term IN (").padded(any).sql(") AND t.seq = ");
                out.sql(this).sql(".seq)");
            }
            Self::Text { parameter, any } => {
                out.sql("EXISTS (SELECT 1 FROM search_text AS t WHERE t.seq = ")
                    .sql(this)
                    .sql(".seq AND +t.parameter = ");
                out.int(*parameter).sql(" AND (");
                either(out, any, text);
                out.sql("))");
            }
            Self::Date { parameter, any } => {
                out.sql("EXISTS (SELECT 1 FROM search_date AS t WHERE t.seq = ")
                    .sql(this)
                    .sql(".seq AND +t.parameter = ");
                out.int(*parameter).sql(" AND (");
                either(out, any, stretch);
                out.sql("))");
            }
            Self::Number { any } => {
                out.sql("EXISTS (SELECT 1 FROM search_number AS t WHERE t.seq = ").sql(this).sql(".seq AND (");
                either(out, any, |out, (parameter, comparison)| {
                    out.sql("+t.parameter = ").int(*parameter).sql(" AND (");
                    stretch(out, comparison);
                    out.sql(")");
                });
                out.sql("))");
            }
            Self::Points { parameter, targets } => {
                if targets.is_empty() {
                    out.sql("1 = 0");
                    return;
                }
                out.sql("EXISTS (SELECT 1 FROM search_link AS t WHERE t.seq = ")
                    .sql(this)
                    .sql(".seq AND t.parameter = ");
                out.int(*parameter).sql(" AND t.target IN (").padded(targets).sql("))");
            }
            Self::Missing { bit, missing } => {
                let mask = 1_i64.checked_shl(u32::from(*bit)).unwrap_or_default();
                out.sql("(").sql(this).sql(".present & ").int(mask).sql(if *missing { ") = 0" } else { ") <> 0" });
            }
            Self::Among { seqs } => {
                if seqs.is_empty() {
                    out.sql("1 = 0");
                } else {
                    out.sql(this).sql(".seq IN (").padded(seqs).sql(")");
                }
            }
            Self::Updated { any, .. } => {
                out.sql("(");
                either(out, any, |out, comparison| moment(out, this, ".updated", comparison));
                out.sql(")");
            }
            Self::Chain { parameter, kind, clause } => {
                let there = name(depth + 1);
                // CROSS JOIN is the order in which SQLite looks: from here along the link.
                out.sql("EXISTS (SELECT 1 FROM search_link AS t CROSS JOIN search_resource AS ").sql(there);
                out.sql(" WHERE t.seq = ").sql(this).sql(".seq AND t.parameter = ").int(*parameter);
                out.sql(" AND ").sql(there).sql(".half = t.target AND ").sql(there).sql(".kind = ").int(*kind);
                visible.and(out, depth + 1);
                out.sql(" AND ");
                clause.write(out, visible, depth + 1);
                out.sql(")");
            }
            Self::Has { parameter, kind, clause } => {
                let there = name(depth + 1);
                out.sql("EXISTS (SELECT 1 FROM search_link AS t CROSS JOIN search_resource AS ").sql(there);
                out.sql(" WHERE t.parameter = ").int(*parameter).sql(" AND t.target = ").sql(this);
                out.sql(".half AND ").sql(there).sql(".kind = ").int(*kind);
                out.sql(" AND ").sql(there).sql(".seq = t.seq");
                visible.and(out, depth + 1);
                out.sql(" AND ");
                clause.write(out, visible, depth + 1);
                out.sql(")");
            }
            Self::Told => withheld::told(out, depth),
            Self::All { clauses } => {
                out.sql("(1 = 1");
                for clause in clauses {
                    out.sql(" AND ");
                    clause.write(out, visible, depth);
                }
                out.sql(")");
            }
            Self::Any { clauses } => {
                out.sql("(");
                either(out, clauses, |out, clause| clause.write(out, visible, depth));
                out.sql(")");
            }
        }
    }
}

/// Tests with OR between; none at all never holds.
pub(super) fn either<T>(out: &mut Composed, tests: &[T], mut each: impl FnMut(&mut Composed, &T)) {
    for (index, test) in tests.iter().enumerate() {
        if index > 0 {
            out.sql(" OR ");
        }
        each(out, test);
    }
    if tests.is_empty() {
        out.sql("1 = 0");
    }
}

/// The first text after every text that begins with `prefix`.
pub(super) fn after(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

pub(super) fn text(out: &mut Composed, asked: &Text) {
    match asked {
        Text::Starts(prefix) => {
            out.sql("(t.text >= ").text_value(prefix.as_str()).sql(" AND t.text < ").text_value(after(prefix)).sql(")");
        }
        Text::Contains(part) => {
            let mut pattern = String::with_capacity(part.len() + 2);
            pattern.push('%');
            for letter in part.chars() {
                if matches!(letter, '%' | '_' | '\\') {
                    pattern.push('\\');
                }
                pattern.push(letter);
            }
            pattern.push('%');
            out.sql("t.text LIKE ").text_value(pattern).sql(" ESCAPE '\\'");
        }
    }
}

/// The test of a stretch against a comparison (FHIR search prefixes): `low` is in it, `high` is the first after it. No stretch
/// ends before it begins, so each test can also say where the other end must lie, which is how an index finds it.
pub(super) fn stretch(out: &mut Composed, asked: &Comparison) {
    let (low, high) = (asked.low, asked.high);
    match asked.prefix {
        Prefix::Eq => {
            out.sql("(t.low >= ").int(low).sql(" AND t.low <= ").int(high);
            out.sql(" AND t.high >= ").int(low).sql(" AND t.high <= ").int(high).sql(")")
        }
        Prefix::Ne => out.sql("(t.low < ").int(low).sql(" OR t.high > ").int(high).sql(")"),
        Prefix::Gt => out.sql("t.high > ").int(high),
        Prefix::Lt => out.sql("t.low < ").int(low),
        // Later, or wholly within: later, or not before.
        Prefix::Ge => {
            out.sql("(t.high >= ").int(low);
            out.sql(" AND (t.high > ").int(high).sql(" OR t.low >= ").int(low).sql("))")
        }
        Prefix::Le => {
            out.sql("(t.low <= ").int(high);
            out.sql(" AND (t.low < ").int(low).sql(" OR t.high <= ").int(high).sql("))")
        }
        Prefix::Sa => out.sql("t.low >= ").int(high),
        Prefix::Eb => out.sql("t.high <= ").int(low),
        Prefix::Ap => out.sql("(t.low < ").int(high).sql(" AND t.high > ").int(low).sql(")"),
    };
}

/// The same for a moment in a column: a stretch of one microsecond.
pub(super) fn moment(out: &mut Composed, this: &'static str, column: &'static str, asked: &Comparison) {
    let (low, high) = (asked.low, asked.high);
    out.sql("(").sql(this).sql(column);
    match asked.prefix {
        Prefix::Eq | Prefix::Ap => out.sql(" >= ").int(low).sql(" AND ").sql(this).sql(column).sql(" < ").int(high),
        Prefix::Ne => out.sql(" < ").int(low).sql(" OR ").sql(this).sql(column).sql(" >= ").int(high),
        Prefix::Gt | Prefix::Sa => out.sql(" >= ").int(high),
        Prefix::Lt | Prefix::Eb => out.sql(" < ").int(low),
        Prefix::Ge => out.sql(" >= ").int(low),
        Prefix::Le => out.sql(" < ").int(high),
    };
    out.sql(")");
}
