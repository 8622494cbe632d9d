//! Conditions made short, so that they are short as SQL: what can never hold or always holds goes, what several parts have in
//! common is said once, and classes and ties stand together. Must not change what a condition says.

use crate::filter::{Filter, Test};
use crate::relationship::Tie;
use crate::role::Class;

/// Every class, as a set.
const ALL: u32 = (1 << Class::ALL.len()) - 1;

/// A condition on the way: classes are sets, and only a test is ever denied.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    Classes(u32),
    Is(Test),
    Not(Test),
    All(Vec<Form>),
    Any(Vec<Form>),
}

const ALWAYS: Form = Form::Classes(ALL);
const NEVER: Form = Form::Classes(0);

/// The same condition, shorter.
pub(super) fn simplified(filter: &Filter) -> Filter {
    written(form(filter, true))
}

fn form(filter: &Filter, holds: bool) -> Form {
    let each = |filters: &[Filter]| filters.iter().map(|filter| form(filter, holds)).collect();
    match (filter, holds) {
        (Filter::Always, true) | (Filter::Never, false) => ALWAYS,
        (Filter::Never, true) | (Filter::Always, false) => NEVER,
        (Filter::Not(filter), _) => form(filter, !holds),
        (Filter::Is(Test::Class(class)), true) => Form::Classes(1 << class.number()),
        (Filter::Is(Test::Class(class)), false) => Form::Classes(ALL & !(1 << class.number())),
        (Filter::Is(test), true) => Form::Is(*test),
        (Filter::Is(test), false) => Form::Not(*test),
        (Filter::All(filters), true) | (Filter::Any(filters), false) => joined(each(filters), Join::All),
        (Filter::Any(filters), true) | (Filter::All(filters), false) => joined(each(filters), Join::Any),
    }
}

/// The two ways of joining parts; each is the other upside down.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Join {
    All,
    Any,
}

impl Join {
    const fn other(self) -> Self {
        match self {
            Self::All => Self::Any,
            Self::Any => Self::All,
        }
    }

    const fn of(self, parts: Vec<Form>) -> Form {
        match self {
            Self::All => Form::All(parts),
            Self::Any => Form::Any(parts),
        }
    }

    /// The parts of a form that is joined in this way.
    fn parts(self, form: &Form) -> Option<&[Form]> {
        match (self, form) {
            (Self::All, Form::All(parts)) | (Self::Any, Form::Any(parts)) => Some(parts),
            _ => None,
        }
    }

    /// What makes no difference, and what decides alone.
    const fn nothing_and_enough(self) -> (Form, Form) {
        match self {
            Self::All => (ALWAYS, NEVER),
            Self::Any => (NEVER, ALWAYS),
        }
    }
}

/// Parts joined, shorter where they can be.
fn joined(parts: Vec<Form>, join: Join) -> Form {
    let (nothing, enough) = join.nothing_and_enough();
    let mut classes = if join == Join::All { ALL } else { 0 };
    let mut rest: Vec<Form> = Vec::new();
    let mut left: Vec<Form> = parts.into_iter().rev().collect();
    while let Some(part) = left.pop() {
        match part {
            Form::Classes(set) if join == Join::All => classes &= set,
            Form::Classes(set) => classes |= set,
            _ => match join.parts(&part) {
                Some(inner) => left.extend(inner.iter().rev().cloned()),
                None if !rest.contains(&part) => rest.push(part),
                None => {}
            },
        }
    }
    if Form::Classes(classes) == enough || rest.iter().any(|part| denied(part).is_some_and(|not| rest.contains(&not))) {
        return enough;
    }
    // The parts matter only for the classes that the others leave open.
    let open = match join {
        Join::All => rest.iter().fold(classes, |open, part| open & possible(part)),
        Join::Any => ALL & !classes,
    };
    let narrowed: Vec<Form> = rest.iter().map(|part| within(part, open)).collect();
    if narrowed != rest {
        // What narrowing took out of the parts stays said once.
        let classes = if join == Join::All { open } else { classes };
        return joined(narrowed.into_iter().chain([Form::Classes(classes)]).collect(), join);
    }
    // A part that another part has in it says nothing new: a and (a or b) is a.
    let absorbed =
        |part: &Form| join.other().parts(part).is_some_and(|inner| inner.iter().any(|one| rest.contains(one)));
    let mut rest: Vec<Form> = rest.iter().filter(|part| !absorbed(part)).cloned().collect();
    if let Some(together) = factored(&rest, join) {
        return joined(together.into_iter().chain([Form::Classes(classes)]).collect(), join);
    }
    // Classes that the other parts keep to by themselves need no saying.
    let kept = join == Join::All && rest.iter().fold(ALL, |set, part| set & possible(part)) & !classes == 0;
    if Form::Classes(classes) != nothing && !kept {
        rest.insert(0, Form::Classes(classes));
    }
    match rest.len() {
        0 => nothing,
        1 => rest.pop().unwrap_or(NEVER),
        _ => join.of(rest),
    }
}

fn denied(form: &Form) -> Option<Form> {
    match form {
        Form::Is(test) => Some(Form::Not(*test)),
        Form::Not(test) => Some(Form::Is(*test)),
        _ => None,
    }
}

/// The classes of the entries for which it can hold at all.
fn possible(form: &Form) -> u32 {
    match form {
        Form::Classes(set) => *set,
        Form::Is(_) | Form::Not(_) => ALL,
        Form::All(parts) => parts.iter().fold(ALL, |set, part| set & possible(part)),
        Form::Any(parts) => parts.iter().fold(0, |set, part| set | possible(part)),
    }
}

/// What a condition comes to for entries of these classes only.
fn within(form: &Form, open: u32) -> Form {
    match form {
        Form::Classes(set) if set & open == open => ALWAYS,
        Form::Classes(set) => Form::Classes(set & open),
        Form::Is(_) | Form::Not(_) => form.clone(),
        Form::All(parts) => joined(parts.iter().map(|part| within(part, open)).collect(), Join::All),
        Form::Any(parts) => joined(parts.iter().map(|part| within(part, open)).collect(), Join::Any),
    }
}

/// What most of the parts have in common, said once: (a or b) and (a or c) is a or (b and c). `None` where nothing is.
fn factored(parts: &[Form], join: Join) -> Option<Vec<Form>> {
    let inner = |part: &Form| join.other().parts(part).map(<[Form]>::to_vec).unwrap_or_default();
    let candidates: Vec<Form> = parts.iter().flat_map(inner).collect();
    let times = |one: &Form| parts.iter().filter(|part| inner(part).contains(one)).count();
    // The first of those that are there most often.
    let mut best: Option<(usize, Form)> = None;
    for one in candidates {
        let times = times(&one);
        if times > best.as_ref().map_or(1, |(most, _)| *most) {
            best = Some((times, one));
        }
    }
    let (_, common) = best?;
    let (with, without): (Vec<Form>, Vec<Form>) = parts.iter().cloned().partition(|part| inner(part).contains(&common));
    let rest = |part| joined(inner(part).into_iter().filter(|one| *one != common).collect(), join.other());
    let rests = joined(with.iter().map(rest).collect(), join);
    let together = joined(vec![common, rests], join.other());
    Some(without.into_iter().chain([together]).collect())
}

fn written(form: Form) -> Filter {
    match form {
        Form::Classes(ALL) => Filter::Always,
        Form::Classes(0) => Filter::Never,
        Form::Classes(set) => {
            let mut classes: Vec<Filter> = of_set(set).collect();
            if classes.len() == 1 { classes.pop().unwrap_or(Filter::Never) } else { Filter::Any(classes) }
        }
        Form::Is(test) => Filter::Is(test),
        Form::Not(test) => Filter::Not(Box::new(Filter::Is(test))),
        Form::All(parts) => Filter::All(ordered(parts).into_iter().map(written).collect()),
        Form::Any(parts) => Filter::Any(
            ordered(parts)
                .into_iter()
                .flat_map(|part| match part {
                    // Classes among alternatives are alternatives themselves.
                    Form::Classes(set) => of_set(set).collect(),
                    other => vec![written(other)],
                })
                .collect(),
        ),
    }
}

fn of_set(set: u32) -> impl Iterator<Item = Filter> {
    Class::ALL
        .into_iter()
        .filter(move |class| set & (1 << class.number()) != 0)
        .map(|class| Filter::Is(Test::Class(class)))
}

/// Classes first, then ties, then what is asked of the entry itself, then what is joined.
fn ordered(mut parts: Vec<Form>) -> Vec<Form> {
    parts.sort_by_key(|part| match part {
        Form::Classes(_) => (0, 0),
        Form::Is(Test::Tie(tie)) => (1, place(*tie)),
        Form::Is(_) | Form::Not(_) => (2, 0),
        Form::All(_) | Form::Any(_) => (3, 0),
    });
    parts
}

fn place(tie: Tie) -> usize {
    Tie::ALL.iter().position(|one| *one == tie).unwrap_or_default()
}
