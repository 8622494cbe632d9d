//! What other servers have told: a value that a caller may not see, guessed one letter or one bit at a time by what a search
//! does with it. Here every guess, right or wrong, is answered alike.

use access::{Role, Tie};
use fhir::entry::{parameter, term};
use fhir::query::{By, Comparison, Filter, Include, Prefix, Query, Sort, Text};
use weft_tests::on_both;

use super::Reader;
use super::invented::{Facts, Invented, World};
use super::leak::said;

/// A Patient and an Encounter whom the reader may see, and an Observation about both that is sealed out of their sight.
fn world(database: &weft_tests::Database) -> World {
    let plain = |kind: usize| Invented {
        kind,
        person: 0,
        terms: vec![1],
        texts: vec![(0, 1)],
        dates: vec![(0, 1, 1)],
        numbers: Vec::new(),
        links: Vec::new(),
        present: 0,
        label: 0,
    };
    let hidden = Invented {
        terms: vec![4],
        texts: vec![(0, 2)],
        dates: vec![(0, 7, 1)],
        numbers: vec![(0, 9, 1)],
        links: vec![(0, 0), (1, 1)],
        ..plain(1)
    };
    let pointing = Invented { links: vec![(0, 2)], ..plain(2) };
    let all = [plain(0), pointing, hidden];
    let held = vec![(0, Tie::Ask, 0, -1, 0, i64::from(u32::MAX))];
    let facts = Facts { held, objecting: Vec::new(), seals: vec![(2, 1, 2, false)] };
    World::standing(database, &all, &facts).filled(&all)
}

fn has(filter: Filter) -> Filter {
    let (kind, parameter) = ("Observation".to_owned(), parameter("Observation", "one"));
    Filter::Has { kind, parameter, filter: Box::new(filter) }
}

fn chain(filter: Filter) -> Filter {
    let parameter = parameter("Encounter", "one");
    Filter::Chain { parameter, kind: "Observation".to_owned(), filter: Box::new(filter) }
}

#[test]
fn a_hidden_value_is_not_guessed_letter_by_letter_or_bit_by_bit() {
    on_both(|database| {
        let world = world(database);
        let gp = Reader::of(Role::Gp);
        let seen = Query { kind: "Patient".to_owned(), ..Query::default() };
        assert_eq!(gp.search(&world.store, &seen).unwrap().resources.len(), 1, "the reader sees the Patient");
        // Each list holds a guess that is right and one that is not.
        let of = |code: &str| parameter("Observation", code);
        let at_least = |low| Comparison { prefix: Prefix::Ge, low, high: low + 1 };
        let guesses: [Vec<Filter>; 5] = [
            [4, 5]
                .map(|code| Filter::Terms { any: vec![term("Observation", "", "t", &code.to_string())], not: false })
                .into(),
            ["a", "ash", "ashw", "b"]
                .map(|start| Filter::Text { parameter: of("one"), any: vec![Text::Starts(start.to_owned())] })
                .into(),
            ["worth", "zzz"]
                .map(|part| Filter::Text { parameter: of("one"), any: vec![Text::Contains(part.to_owned())] })
                .into(),
            [2, 30].map(|low| Filter::Date { parameter: of("one"), any: vec![at_least(low)] }).into(),
            [2, 30].map(|low| Filter::Number { any: vec![(of("one"), at_least(low))] }).into(),
        ];
        for guesses in guesses {
            for (kind, through) in
                [("Patient", has as fn(Filter) -> Filter), ("Encounter", chain), ("Observation", |own| own)]
            {
                let answers: Vec<String> = guesses
                    .iter()
                    .map(|guess| {
                        let filters = vec![through(guess.clone())];
                        said(&gp, &world, &Query { kind: kind.to_owned(), filters, total: true, ..Query::default() })
                    })
                    .collect();
                assert!(answers.iter().all(|answer| *answer == answers[0]), "{kind} {answers:?}");
                assert!(answers[0].contains("Some(0)"), "nothing is found: {answers:?}");
            }
        }
    });
}

#[test]
fn a_hidden_value_is_neither_sorted_by_nor_counted_nor_brought_along() {
    on_both(|database| {
        let world = world(database);
        let gp = Reader::of(Role::Gp);
        let hidden = world.resources[2].id.to_string();
        let include = |kind: &str, code: &str| {
            vec![Include { kind: kind.to_owned(), code: code.to_owned(), target: None, iterate: true }]
        };
        let one = parameter("Observation", "one");
        let mut asked = Vec::new();
        for by in [By::Text(one), By::Date(one), By::Number(one), By::Updated, By::Id] {
            for descending in [false, true] {
                let sort = vec![Sort { by: by.clone(), descending }];
                asked.push(Query { kind: "Observation".to_owned(), sort, total: true, ..Query::default() });
            }
        }
        for kind in ["Patient", "Encounter"] {
            asked.push(Query {
                kind: kind.to_owned(),
                include: include("Encounter", "one"),
                revinclude: [include("Observation", "one"), include("Observation", "two")].concat(),
                total: true,
                ..Query::default()
            });
        }
        for query in asked {
            let answer = said(&gp, &world, &query);
            assert!(!answer.contains(&hidden), "{query:?} {answer}");
            let total = if query.kind == "Observation" { "Some(0)" } else { "Some(1)" };
            assert!(answer.contains(total), "{query:?} {answer}");
        }
    });
}
