//! Pages: every match once, while others write; and a cursor that is nobody else's.

use access::Role;
use fhir::entry::{parameter, term};
use fhir::query::{By, Filter, Query, Sort};
use record::search::{Limits, Trouble};
use uuid::Uuid;
use weft_tests::on_both;

use super::invented::{Invented, World};
use super::{Reader, every_page};

fn observation(terms: &[i64], text: usize) -> Invented {
    Invented {
        kind: 1,
        person: 0,
        terms: terms.to_vec(),
        texts: vec![(0, text)],
        dates: Vec::new(),
        numbers: Vec::new(),
        links: Vec::new(),
        present: 0,
        label: 0,
    }
}

fn with_term(wanted: i64) -> Query {
    Query {
        kind: "Observation".to_owned(),
        filters: vec![Filter::Terms { any: vec![term("Observation", "", "t", &wanted.to_string())], not: false }],
        count: Some(4),
        ..Query::default()
    }
}

#[test]
fn each_match_is_met_once_while_others_write() {
    on_both(|database| {
        let mut world = World::empty(database);
        let all: Vec<Invented> = (0..60).map(|at| observation(&[at % 3], at as usize % 6)).collect();
        for at in 0..30 {
            world.put(all[at].resource(at, &all, &world.people, "gp"));
        }
        let gp = Reader::of(Role::Gp);
        let by_text = vec![Sort { by: By::Text(parameter("Observation", "one")), descending: false }];
        for sort in [Vec::new(), by_text] {
            let before: Vec<Uuid> =
                every_page(&gp, &world.store, &Query { sort: sort.clone(), ..with_term(1) }).unwrap();
            let mut query = Query { sort, ..with_term(1) };
            let mut seen: Vec<Uuid> = Vec::new();
            loop {
                let found = gp.search(&world.store, &query).unwrap();
                seen.extend(found.resources.iter().map(|resource| resource.id));
                // Between any two pages, two more arrive.
                for _ in 0..2 {
                    let at = world.resources.len();
                    if at < all.len() {
                        world.put(all[at].resource(at, &all, &world.people, "gp"));
                    }
                }
                match found.next {
                    Some(next) => query.cursor = Some(next),
                    None => break,
                }
            }
            let mut once = seen.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), seen.len(), "nothing twice");
            assert!(before.iter().all(|id| seen.contains(id)), "nothing left out");
            assert!(before.len() >= 10);
        }
    });
}

#[test]
fn a_cursor_of_another_search_reader_or_program_is_refused_in_words() {
    on_both(|database| {
        let mut world = World::empty(database);
        let all: Vec<Invented> = (0..12).map(|at| observation(&[at % 2], 1)).collect();
        for at in 0..12 {
            world.put(all[at].resource(at, &all, &world.people, "gp"));
        }
        let gp = Reader::of(Role::Gp);
        let cursor = gp.search(&world.store, &with_term(1)).unwrap().next.unwrap();
        let on = |query: Query| Query { cursor: Some(cursor.clone()), ..query };
        assert_eq!(gp.search(&world.store, &on(with_term(1))).unwrap().resources.len(), 2);
        let refused = |found: Result<record::search::Found, Trouble>| match found {
            Err(Trouble::Refused(issue)) => issue.words,
            other => panic!("{other:?}"),
        };
        let other_key = Limits { key: [7; 32], ..Limits::default() };
        let nurse = Reader::of(Role::SocialWorker);
        for found in [
            gp.search(&world.store, &on(with_term(0))),
            nurse.search(&world.store, &on(with_term(1))),
            gp.search_within(&world.store, &on(with_term(1)), &other_key),
            gp.search(&world.store, &Query { cursor: Some("20".to_owned()), ..with_term(1) }),
        ] {
            assert!(refused(found).contains("search again"));
        }
    });
}

#[test]
fn limits_are_told_in_words() {
    on_both(|database| {
        let mut world = World::crowded(database);
        let mut all: Vec<Invented> = (0..12).map(|at| observation(&[at % 2], 1)).collect();
        for pointing in all.iter_mut().skip(1) {
            pointing.links = vec![(0, 0)];
        }
        for at in 0..12 {
            world.put(all[at].resource(at, &all, &world.people, "gp"));
        }
        let gp = Reader::of(Role::Gp);
        let words = |query: &Query, limits: Limits| match gp.search_within(&world.store, query, &limits) {
            Err(Trouble::Refused(issue)) => issue.words.clone(),
            other => panic!("{other:?}"),
        };
        let sort = vec![Sort { by: By::Id, descending: true }];
        let sorted = Query { sort, ..with_term(1) };
        assert!(words(&sorted, Limits { sorted: 5, ..Limits::default() }).contains("put in order"));
        assert!(gp.search_within(&world.store, &sorted, &Limits { sorted: 6, ..Limits::default() }).is_ok());
        let back = fhir::query::Include {
            kind: "Observation".to_owned(),
            code: "one".to_owned(),
            target: None,
            iterate: false,
        };
        let revinclude = Query { revinclude: vec![back], count: Some(1), ..with_term(0) };
        assert!(words(&revinclude, Limits { included: 10, ..Limits::default() }).contains("brought along"));
        let found = gp.search_within(&world.store, &revinclude, &Limits { included: 11, ..Limits::default() }).unwrap();
        assert_eq!((found.resources.len(), found.included.len()), (1, 11));
        let mut filter = with_term(1).filters.remove(0);
        for _ in 0..8 {
            let parameter = parameter("Observation", "one");
            filter = Filter::Chain { parameter, kind: "Observation".to_owned(), filter: Box::new(filter) };
        }
        assert!(words(&Query { filters: vec![filter], ..with_term(1) }, Limits::default()).contains("steps"));
        let counted = Query { total: true, ..with_term(1) };
        assert!(words(&counted, Limits { counted: 5, ..Limits::default() }).contains("counted"));
        assert_eq!(gp.search(&world.store, &counted).unwrap().total, Some(6));
        let many = Query { count: Some(1_000_000), ..with_term(1) };
        let page = Limits { largest_page: 5, ..Limits::default() };
        assert_eq!(gp.search_within(&world.store, &many, &page).unwrap().resources.len(), 5);
    });
}
