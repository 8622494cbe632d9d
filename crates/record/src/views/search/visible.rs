//! What a caller may see, as a condition on a resource in a statement: the policy's condition ([`access::Filter`]) written as
//! SQL. It is written for each class of entry apart, so that of every row only what its own class needs is asked, and the
//! cheapest first. Must not decide anything: that is the policy's; and what cannot be written finds nothing.

use access::{Class, Classes, Filter, Scope, Seal, Test, Tie};
use store::{Composed, Result, Tx};
use uuid::Uuid;

use super::{bit, feed, read};

/// What may be seen of the classes whose condition is the same.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    /// The classes, as one number.
    classes: i64,
    /// What has to hold of somebody's.
    somebodys: Filter,
    /// What has to hold of what is nobody's.
    nobodys: Filter,
}

/// The scope in the terms of the index.
#[derive(Debug, Clone)]
pub(crate) struct Visible {
    groups: Vec<Group>,
    holders: Vec<String>,
    own: Option<Uuid>,
    feeds: Vec<i64>,
    /// The moment, in microseconds since 1970.
    at: i64,
}

/// The most people whose resources are gone through one person after the other; of more, the type is walked.
const FEW_PEOPLE: usize = 256;
/// The most relationships that are looked through to find out.
const FEW_TIES: i64 = 512;

impl Visible {
    /// What somebody may read.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn of(tx: &mut dyn Tx, scope: &Scope) -> Result<Self> {
        // They may have been joined to another since they signed in.
        let own = scope.own().map(|own| crate::views::person::root(tx, own)).transpose()?;
        let known = |test: Test| match test {
            Test::Ours if scope.feeds().is_empty() => Some(false),
            Test::Tie(Tie::Own) if scope.own().is_none() => Some(false),
            _ => None,
        };
        let filter = scope.read().given(&known);
        let mut groups: Vec<Group> = Vec::new();
        for class in Class::ALL {
            let somebodys = filter.of_class(class);
            let nobodys = somebodys.of_nobody();
            if (&somebodys, &nobodys) == (&Filter::Never, &Filter::Never) {
                continue;
            }
            match groups.iter_mut().find(|group| (&group.somebodys, &group.nobodys) == (&somebodys, &nobodys)) {
                Some(group) => group.classes |= bit(class),
                None => groups.push(Group { classes: bit(class), somebodys, nobodys }),
            }
        }
        Ok(Self {
            groups,
            holders: scope.holders().to_vec(),
            own,
            feeds: scope.feeds().iter().map(|name| feed(name)).collect(),
            at: scope.at().as_microsecond(),
        })
    }

    /// True where every class that a resource can have may be seen, of anybody.
    pub(crate) fn is_everything(&self) -> bool {
        let all = Classes::of(Class::ALL.into_iter().filter(|class| !KEPT.contains(class))).number();
        let always = |group: &&Group| (&group.somebodys, &group.nobodys) == (&Filter::Always, &Filter::Always);
        self.groups.iter().filter(always).fold(0, |classes, group| classes | group.classes) & all == all
    }

    /// True where some of this class may be seen.
    pub(crate) fn sees(&self, class: Class) -> bool {
        self.groups.iter().any(|group| group.classes & bit(class) != 0)
    }

    /// True where of these classes only that of people with a tie may be seen, and nothing that is nobody's.
    fn is_tied(&self, classes: i64) -> bool {
        let groups = self.groups.iter().filter(|group| group.classes & classes != 0);
        let tied = |group: &Group| group.nobodys == Filter::Never && group.somebodys.of_strangers() == Filter::Never;
        groups.into_iter().all(tied)
    }

    /// Everybody of whom resources of this type may be seen, and perhaps a few more, by their roots; `None` where they are
    /// not few. What belongs to anybody else need then not be walked past.
    pub(crate) fn few(&self, tx: &mut dyn Tx, word: &str) -> Result<Option<Vec<Uuid>>> {
        if !self.is_tied(classes(word)) {
            return Ok(None);
        }
        let mut people: Vec<Uuid> = self.own.into_iter().collect();
        for holder in &self.holders {
            let mut statement = Composed::new();
            statement.sql("SELECT s.person FROM standing AS s WHERE s.holder = ").text_value(holder.as_str());
            statement.sql(" LIMIT ").int(FEW_TIES);
            let held = read::ids(tx, &statement)?;
            let many = i64::try_from(held.len()).is_ok_and(|held| held >= FEW_TIES);
            people.extend(held);
            people.sort_unstable();
            people.dedup();
            if many || people.len() > FEW_PEOPLE {
                return Ok(None);
            }
        }
        Ok(Some(people))
    }

    /// ` AND` what has to hold of the person of `r0`, where only ties open anything of this type: any of the reader's own.
    /// What else has to hold of the row is asked after.
    pub(crate) fn and_person(&self, out: &mut Composed, word: &str) {
        if !self.is_tied(classes(word)) {
            return;
        }
        out.sql(" AND EXISTS (SELECT 1 FROM person AS p WHERE p.id = r0.person AND (");
        match self.own {
            Some(own) => out.sql("p.root = ").uuid(own),
            None => out.sql("1 = 0"),
        };
        if !self.holders.is_empty() {
            out.sql(" OR EXISTS (SELECT 1 FROM standing AS s WHERE s.person = p.root AND s.holder IN (");
            self.theirs(out);
            out.sql("))");
        }
        out.sql("))");
    }

    /// ` AND` what makes the resource at this depth visible.
    pub(crate) fn and(&self, out: &mut Composed, depth: usize) {
        let row = super::clause::name(depth);
        super::withheld::and_no_relative(out, depth);
        if self.groups.is_empty() {
            out.sql(" AND 1 = 0");
            return;
        }
        out.sql(" AND (");
        for (index, group) in self.groups.iter().enumerate() {
            if index > 0 {
                out.sql(" OR ");
            }
            out.sql("((").sql(row).sql(".class & ").int(group.classes).sql(") <> 0");
            if group.somebodys != Filter::Always || group.nobodys != Filter::Always {
                out.sql(" AND (");
                self.group(out, row, group);
                out.sql(")");
            }
            out.sql(")");
        }
        out.sql(")");
    }

    fn group(&self, out: &mut Composed, row: &'static str, group: &Group) {
        if group.somebodys == group.nobodys {
            // No tie decides it, so it does not matter whose it is.
            self.test(out, row, &group.somebodys);
            return;
        }
        let somebodys = |out: &mut Composed| {
            // The root, once for all that is asked of the person. What is nobody's has none.
            out.sql("EXISTS (SELECT 1 FROM person AS p WHERE p.id = ").sql(row).sql(".person AND ");
            self.test(out, row, &group.somebodys);
            out.sql(")");
        };
        let nobodys = |out: &mut Composed| {
            out.sql("(").sql(row).sql(".person = ").uuid(Uuid::nil()).sql(" AND ");
            self.test(out, row, &group.nobodys);
            out.sql(")");
        };
        match (&group.somebodys, &group.nobodys) {
            (_, Filter::Never) => somebodys(out),
            (Filter::Never, _) => nobodys(out),
            _ => {
                nobodys(out);
                out.sql(" OR ");
                somebodys(out);
            }
        }
    }

    /// A condition as one test in brackets.
    fn test(&self, out: &mut Composed, row: &'static str, filter: &Filter) {
        match filter {
            Filter::Always => {
                out.sql("1 = 1");
            }
            Filter::Never => {
                out.sql("1 = 0");
            }
            Filter::Not(inner) => {
                out.sql("NOT (");
                self.test(out, row, inner);
                out.sql(")");
            }
            Filter::All(filters) => {
                let mut parts: Vec<&Filter> = filters.iter().collect();
                parts.sort_by_key(|part| price(part, true));
                joined(out, " AND ", "1 = 1", &parts, |out, part| self.test(out, row, part));
            }
            Filter::Any(filters) => {
                // All ties are looked for at once.
                let held = |filter: &&Filter| matches!(filter, Filter::Is(Test::Tie(tie)) if *tie != Tie::Own);
                let (ties, mut parts): (Vec<&Filter>, Vec<&Filter>) = filters.iter().partition(held);
                parts.sort_by_key(|part| price(part, false));
                let parts: Vec<Part<'_>> =
                    parts.into_iter().map(Part::One).chain((!ties.is_empty()).then_some(Part::Ties(ties))).collect();
                joined(out, " OR ", "1 = 0", &parts, |out, part| match part {
                    Part::One(filter) => self.test(out, row, filter),
                    Part::Ties(ties) => {
                        let words = ties.iter().filter_map(|tie| match tie {
                            Filter::Is(Test::Tie(tie)) => Some(tie.word()),
                            _ => None,
                        });
                        self.tied(out, row, &words.collect::<Vec<_>>());
                    }
                });
            }
            Filter::Is(test) => self.one(out, row, *test),
        }
    }

    fn one(&self, out: &mut Composed, row: &'static str, test: Test) {
        match test {
            Test::Class(class) => {
                out.sql("(").sql(row).sql(".class & ").int(bit(class)).sql(") <> 0");
            }
            Test::Tie(Tie::Own) => match self.own {
                Some(own) => {
                    out.sql("p.root = ").uuid(own);
                }
                None => {
                    out.sql("1 = 0");
                }
            },
            Test::Tie(tie) => self.tied(out, row, &[tie.word()]),
            Test::Ours if self.feeds.is_empty() => {
                out.sql("1 = 0");
            }
            Test::Ours => {
                out.sql(row).sql(".feed IN (").padded(&self.feeds).sql(")");
            }
            Test::Sensitive(least) => {
                out.sql(row).sql(".sensitivity >= ").int(least.number());
            }
            Test::Sealed(Seal::None) => {
                out.sql("1 = 1");
            }
            Test::Sealed(least) => self.sealed(out, row, least),
            Test::Harmful => harmful(out, row),
            Test::Objected => {
                out.sql("EXISTS (SELECT 1 FROM standing AS s WHERE s.person = p.root AND s.tie = 'objection'");
                self.now(out);
                out.sql(")");
            }
        }
    }

    /// A tie of the person to the reader, one of these, for the class of the row. The ties are asked in a way that no index
    /// is taken for: a person has few rows, and to look for each tie with each holder apart is dearer than to read them.
    fn tied(&self, out: &mut Composed, row: &'static str, words: &[&'static str]) {
        if self.holders.is_empty() || words.is_empty() {
            out.sql("1 = 0");
            return;
        }
        out.sql("EXISTS (SELECT 1 FROM standing AS s WHERE s.person = p.root AND s.holder IN (");
        self.theirs(out);
        out.sql(") AND (s.tie IN (");
        for (index, word) in words.iter().enumerate() {
            out.sql(if index > 0 { ", '" } else { "'" }).sql(word).sql("'");
        }
        out.sql(")) = (1 = 1)");
        self.now(out);
        out.sql(" AND (s.classes & ").sql(row).sql(".class) <> 0)");
    }

    fn theirs(&self, out: &mut Composed) {
        for (index, holder) in self.holders.iter().enumerate() {
            if index > 0 {
                out.sql(", ");
            }
            out.text_value(holder.as_str());
        }
    }

    fn now(&self, out: &mut Composed) {
        out.sql(" AND s.since <= ").int(self.at).sql(" AND s.until > ").int(self.at);
    }

    /// A seal that is not the reader's own, at least like this.
    fn sealed(&self, out: &mut Composed, row: &'static str, least: Seal) {
        out.sql("EXISTS (SELECT 1 FROM seal AS e WHERE e.half = ").sql(row).sql(".half AND e.level >= ");
        out.int(if least == Seal::Hidden { 2 } else { 1 });
        if !self.holders.is_empty() {
            out.sql(" AND e.holder NOT IN (");
            self.theirs(out);
            out.sql(")");
        }
        out.sql(")");
    }
}

fn harmful(out: &mut Composed, row: &'static str) {
    out.sql("EXISTS (SELECT 1 FROM seal AS e WHERE e.half = ").sql(row).sql(".half AND e.harmful <> 0)");
}

/// The classes that resources of a type can have, as one number.
fn classes(word: &str) -> i64 {
    let directory = bit(Class::Directory);
    if crate::search::class::is_directory(word) { directory } else { !directory }
}

/// Classes that no resource has.
const KEPT: [Class; 4] = [Class::Message, Class::Looks, Class::Booking, Class::Ask];

enum Part<'f> {
    One(&'f Filter),
    Ties(Vec<&'f Filter>),
}

fn joined<T>(
    out: &mut Composed,
    between: &'static str,
    none: &'static str,
    parts: &[T],
    mut each: impl FnMut(&mut Composed, &T),
) {
    if parts.is_empty() {
        out.sql(none);
        return;
    }
    out.sql("(");
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.sql(between);
        }
        each(out, part);
    }
    out.sql(")");
}

/// What a test costs, for what it settles: in "all" what often fails is asked early, in "any" what often holds. As a rule
/// nothing is sealed, sensitive or objected to, so a denial holds and a tie may not.
fn price(filter: &Filter, together: bool) -> u32 {
    let cost = cost(filter);
    let settles = rarely(filter) == together;
    if settles { cost } else { cost * 8 }
}

/// True for what does not hold as a rule.
fn rarely(filter: &Filter) -> bool {
    match filter {
        Filter::Always => false,
        Filter::Never | Filter::Is(_) => true,
        Filter::Not(inner) => !rarely(inner),
        Filter::All(filters) => filters.iter().any(rarely),
        Filter::Any(filters) => filters.iter().all(rarely),
    }
}

fn cost(filter: &Filter) -> u32 {
    match filter {
        Filter::Always | Filter::Never => 0,
        Filter::Not(inner) => cost(inner),
        Filter::All(filters) | Filter::Any(filters) => filters.iter().map(cost).sum::<u32>().min(1_000),
        Filter::Is(test) => match test {
            Test::Class(_) | Test::Ours | Test::Sensitive(_) | Test::Tie(Tie::Own) => 1,
            Test::Sealed(_) | Test::Harmful => 4,
            Test::Objected => 6,
            Test::Tie(_) => 10,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visible(filter: &Filter) -> Visible {
        let groups = Class::ALL.into_iter().map(|class| (class, filter.of_class(class)));
        let groups = groups.filter(|(_, somebodys)| *somebodys != Filter::Never).map(|(class, somebodys)| Group {
            classes: bit(class),
            nobodys: somebodys.of_nobody(),
            somebodys,
        });
        let (holders, feeds) = (vec!["organisation:a".to_owned()], vec![7]);
        Visible { groups: groups.collect(), holders, own: None, feeds, at: 0 }
    }

    #[test]
    fn a_condition_that_never_holds_finds_nothing() {
        let mut statement = Composed::new();
        visible(&Filter::Never).and(&mut statement, 0);
        assert!(statement.text().ends_with(" AND 1 = 0"), "{}", statement.text());
        assert!(!visible(&Filter::Never).sees(Class::Directory) && !visible(&Filter::Never).is_everything());
    }

    #[test]
    fn what_is_tied_is_found_by_people_and_what_is_not_is_not() {
        let tied = Filter::Is(Test::Tie(Tie::Caseload));
        let open = Filter::Any(vec![Filter::Is(Test::Class(Class::Alert)), tied.clone()]);
        assert!(visible(&tied).is_tied(classes("Observation")));
        assert!(!visible(&open).is_tied(classes("Observation")), "an alert may be anybody's");
        assert!(visible(&Filter::Always).is_everything() && !visible(&tied).is_everything());
    }
}
