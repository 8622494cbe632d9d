//! What remains of a condition when part of the answer is known already: that an entry is of one class, that it is nobody's,
//! that the reader has no feed of their own. A remainder is as short as it can easily be made, because a database is asked it
//! of every row. It never holds where the whole would not.

use crate::filter::{Filter, Test};
use crate::item::{Seal, Sensitivity};
use crate::role::Class;

impl Filter {
    /// What remains where the answers to some tests are known.
    #[must_use]
    pub fn given(&self, known: &dyn Fn(Test) -> Option<bool>) -> Self {
        match self {
            Self::Always => Self::Always,
            Self::Never => Self::Never,
            Self::Is(test) => match known(*test).or_else(|| certain(*test)) {
                Some(true) => Self::Always,
                Some(false) => Self::Never,
                None => Self::Is(*test),
            },
            Self::Not(filter) => match filter.given(known) {
                Self::Always => Self::Never,
                Self::Never => Self::Always,
                Self::Not(inner) => *inner,
                other => Self::Not(Box::new(other)),
            },
            Self::All(filters) => every(filters.iter().map(|filter| filter.given(known)).collect()),
            Self::Any(filters) => either(filters.iter().map(|filter| filter.given(known)).collect()),
        }
    }

    /// What remains for entries of one class.
    #[must_use]
    pub fn of_class(&self, class: Class) -> Self {
        self.given(&|test| if let Test::Class(other) = test { Some(other == class) } else { None })
    }

    /// What remains for entries of people to whom the reader has no tie at all.
    #[must_use]
    pub fn of_strangers(&self) -> Self {
        self.given(&|test| if let Test::Tie(_) = test { Some(false) } else { None })
    }

    /// What remains for entries that are nobody's: no ties, and nobody who could object.
    #[must_use]
    pub fn of_nobody(&self) -> Self {
        self.given(&|test| if let Test::Tie(_) | Test::Objected = test { Some(false) } else { None })
    }
}

/// Every entry is at least ordinary, and at least not sealed.
fn certain(test: Test) -> Option<bool> {
    matches!(test, Test::Sensitive(Sensitivity::Ordinary) | Test::Sealed(Seal::None)).then_some(true)
}

/// What the answer to one test says of another.
fn implied(test: Test, holds: bool, other: Test) -> Option<bool> {
    let follows = match (test, other) {
        (Test::Sensitive(known), Test::Sensitive(asked)) if holds => asked <= known,
        (Test::Sensitive(known), Test::Sensitive(asked)) => asked >= known,
        (Test::Sealed(known), Test::Sealed(asked)) if holds => asked <= known,
        (Test::Sealed(known), Test::Sealed(asked)) => asked >= known,
        _ => test == other,
    };
    follows.then_some(holds)
}

/// The one test that a condition is, and what it has to say.
fn literal(filter: &Filter) -> Option<(Test, bool)> {
    match filter {
        Filter::Is(test) => Some((*test, true)),
        Filter::Not(inner) => match **inner {
            Filter::Is(test) => Some((test, false)),
            _ => None,
        },
        _ => None,
    }
}

fn every(filters: Vec<Filter>) -> Filter {
    joined(filters, true)
}

fn either(filters: Vec<Filter>) -> Filter {
    joined(filters, false)
}

/// `together`: all of them; otherwise any. Flat, each once, and what one of them settles is left out of the others.
fn joined(filters: Vec<Filter>, together: bool) -> Filter {
    let (neutral, settled) = if together { (Filter::Always, Filter::Never) } else { (Filter::Never, Filter::Always) };
    let mut flat: Vec<Filter> = Vec::with_capacity(filters.len());
    let mut waiting: Vec<Filter> = filters.into_iter().rev().collect();
    while let Some(filter) = waiting.pop() {
        match filter {
            Filter::All(inner) if together => waiting.extend(inner.into_iter().rev()),
            Filter::Any(inner) if !together => waiting.extend(inner.into_iter().rev()),
            other if other == settled => return settled,
            other if other == neutral || flat.contains(&other) => {}
            other => flat.push(other),
        }
    }
    // Within "all", every other part may take the test for answered as it must be; within "any", as it must not.
    for at in 0..flat.len() {
        let Some((test, wanted)) = flat.get(at).and_then(literal) else { continue };
        let holds = wanted == together;
        let shorter: Vec<Filter> = flat
            .iter()
            .enumerate()
            .map(
                |(other, filter)| {
                    if other == at { filter.clone() } else { filter.given(&|asked| implied(test, holds, asked)) }
                },
            )
            .collect();
        if shorter != flat {
            return joined(shorter, together);
        }
    }
    if !together && let Some(short) = factored(&flat) {
        return short;
    }
    match flat.pop() {
        None => neutral,
        Some(only) if flat.is_empty() => only,
        Some(last) => {
            flat.push(last);
            if together { Filter::All(flat) } else { Filter::Any(flat) }
        }
    }
}

/// Any of several, each of which asks for the same besides: that once, and any of what is left.
fn factored(filters: &[Filter]) -> Option<Filter> {
    let parts = |filter: &Filter| if let Filter::All(parts) = filter { Some(parts.clone()) } else { None };
    let each: Vec<Vec<Filter>> = filters.iter().map(parts).collect::<Option<_>>()?;
    let (first, others) = each.split_first()?;
    let common: Vec<Filter> =
        first.iter().filter(|part| others.iter().all(|other| other.contains(part))).cloned().collect();
    if others.is_empty() || common.is_empty() {
        return None;
    }
    let left = each.into_iter().map(|parts| every(parts.into_iter().filter(|part| !common.contains(part)).collect()));
    let left = either(left.collect());
    Some(every(common.into_iter().chain(std::iter::once(left)).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::Item;
    use crate::relationship::{Classes, Tie, Ties};
    use proptest::prelude::*;

    fn test() -> impl Strategy<Value = Test> {
        prop_oneof![
            prop::sample::select(Class::ALL[..4].to_vec()).prop_map(Test::Class),
            prop::sample::select(Tie::ALL[..4].to_vec()).prop_map(Test::Tie),
            Just(Test::Ours),
            prop::sample::select(Sensitivity::ALL.to_vec()).prop_map(Test::Sensitive),
            prop::sample::select(Seal::ALL.to_vec()).prop_map(Test::Sealed),
            Just(Test::Harmful),
            Just(Test::Objected),
        ]
    }

    fn filter() -> impl Strategy<Value = Filter> {
        let leaf = prop_oneof![8 => test().prop_map(Filter::Is), 1 => Just(Filter::Always), 1 => Just(Filter::Never)];
        leaf.prop_recursive(4, 48, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Filter::All),
                prop::collection::vec(inner.clone(), 0..4).prop_map(Filter::Any),
                inner.prop_map(|filter| Filter::Not(Box::new(filter))),
            ]
        })
    }

    fn item() -> impl Strategy<Value = Item> {
        let class = prop::sample::select(Class::ALL[..4].to_vec());
        let sensitivity = prop::sample::select(Sensitivity::ALL.to_vec());
        let seal = prop::sample::select(Seal::ALL.to_vec());
        (class, any::<bool>(), sensitivity, seal, any::<bool>())
            .prop_map(|(class, ours, sensitivity, seal, harmful)| Item { class, ours, sensitivity, seal, harmful })
    }

    fn ties() -> impl Strategy<Value = Ties> {
        let held = prop::collection::vec((prop::sample::select(Tie::ALL[..4].to_vec()), 0..16_i64), 0..4);
        (held, any::<bool>()).prop_map(|(held, objected)| {
            let ties = held.into_iter().fold(Ties::none(), |ties, (tie, of)| ties.with(tie, Classes::from_number(of)));
            if objected { ties.objecting() } else { ties }
        })
    }

    fn length(filter: &Filter) -> usize {
        match filter {
            Filter::All(inner) | Filter::Any(inner) => inner.iter().map(length).sum(),
            Filter::Not(inner) => length(inner),
            _ => 1,
        }
    }

    proptest! {
        #[test]
        fn what_remains_for_a_class_holds_exactly_where_the_whole_does(
            filter in filter(), item in item(), ties in ties(),
        ) {
            let remainder = filter.of_class(item.class);
            prop_assert_eq!(remainder.holds(&item, &ties), filter.holds(&item, &ties), "{:?} {:?}", filter, remainder);
            prop_assert!(length(&remainder) <= length(&filter).max(1), "{:?} {:?}", filter, remainder);
            let strange = if ties.objected { Ties::none().objecting() } else { Ties::none() };
            prop_assert_eq!(remainder.of_strangers().holds(&item, &strange), filter.holds(&item, &strange));
            prop_assert_eq!(remainder.of_nobody().holds(&item, &Ties::none()), filter.holds(&item, &Ties::none()));
        }
    }

    #[test]
    fn what_is_asked_twice_is_asked_once() {
        let (registered, glass) = (Filter::Is(Test::Tie(Tie::Registration)), Filter::Is(Test::Tie(Tie::Glass)));
        let ours = Filter::Is(Test::Ours);
        let sealed = |least| Filter::Is(Test::Sealed(least));
        let both = |one: &Filter, other: &Filter| Filter::All(vec![one.clone(), other.clone()]);
        let whole = Filter::Any(vec![both(&registered, &ours), both(&registered, &glass)]);
        let short = whole.given(&|_| None);
        assert_eq!(short, both(&registered, &Filter::Any(vec![ours.clone(), glass])));
        let whole = Filter::Any(vec![ours.clone(), both(&ours, &registered)]);
        assert_eq!(whole.given(&|_| None), ours);
        let whole = both(&sealed(Seal::Hidden), &sealed(Seal::Shown));
        assert_eq!(whole.given(&|_| None), sealed(Seal::Hidden));
    }
}
