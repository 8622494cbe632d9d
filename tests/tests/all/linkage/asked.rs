//! Who a claim may be of that nobody takes in: a program's `$match`, and an ask from a program that describes somebody.

use access::Role;
use record::find::{Described, described};
use record::interaction::{self, Grade};
use record::patient::Demographics;
use record::person::candidate::Candidate;
use weft_tests::api::Api;

use super::*;

fn margaret(number: &str) -> Row {
    Row { number: number.to_owned(), practice: "P88002".to_owned(), ..row("m", "Margaret", "1938-03-14") }
}

#[test]
fn a_slip_is_forgiven_and_where_a_second_comes_near_nobody_is_certain() {
    on_both(|database| {
        let api = Api::of(database.open());
        let index = weighed(&api.store, at(0));
        let first = hear(&api.store, &index, "gp", &margaret("9990001006"), at(1));
        let ask = |row: &Row, only_certain: bool| -> Vec<(Uuid, Grade)> {
            let patient = row.patient();
            let found =
                api.look(|tx, scope| interaction::matching(tx, &*index, scope, &patient, only_certain, 10)).unwrap();
            assert!(found.iter().all(|one| (1..=99).contains(&one.score)));
            found.iter().map(|one| (one.resource.person, one.grade)).collect()
        };
        let means = |row: &Row| {
            let patient = row.patient();
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let subject = crate::ask::somebody("gp", Role::Gp, &["ods:P88002"]);
            let permit = runtime.block_on(api.gate.search(&crate::ask::asking(&subject, 1))).unwrap();
            match api.store.read(|tx| described(tx, &*index, &permit, &patient)).unwrap() {
                Described::One(person, _) => Some(person),
                Described::Nobody => None,
            }
        };
        let slipped = Row { given: "Margret".to_owned(), ..margaret("") };
        assert_eq!(ask(&margaret("9990001006"), true), [(first, Grade::Certain)]);
        assert_eq!(ask(&slipped, false), [(first, Grade::Probable)], "without the number it is not certain");
        assert_eq!(ask(&slipped, true), []);
        assert_eq!(means(&slipped), Some(first));
        // Two numbers are two people, however alike the rest is.
        let twice = hear(&api.store, &index, "gp", &Row { id: "t".to_owned(), ..margaret("9990002371") }, at(2));
        assert_ne!(root(&api.store, twice), first);
        assert_eq!(ask(&margaret("9990001006"), false), [(first, Grade::Certain)]);
        // Without a number two come equally near: a program is told of both, and an ask is for neither.
        let both = ask(&margaret(""), false);
        assert_eq!(both.len(), 2);
        assert!(both.iter().all(|(_, grade)| *grade < Grade::Certain), "{both:?}");
        assert_eq!(means(&margaret("")), None);
        assert_eq!(means(&margaret("9990002371")), Some(twice));
        let stranger = Row {
            family: "Nobody".to_owned(),
            line: String::new(),
            postcode: String::new(),
            ..row("s", "Quentin", "1901-02-03")
        };
        assert_eq!((ask(&stranger, false), means(&stranger)), (vec![], None));
    });
}

/// Of the people whose address is withheld whoever comes near a claim, and how.
fn of_withheld(store: &Store, index: &Arc<Weighed>, asked: &Row, hidden: &BTreeSet<Uuid>) -> Vec<Candidate> {
    let claimed = Demographics::from_patient(&asked.patient());
    let found = store.read(|tx| index.candidates(tx, &claimed)).unwrap().unwrap();
    let mut records: Vec<Candidate> = found.records.into_iter().filter(|one| hidden.contains(&one.root)).collect();
    records.sort_by_key(|one| one.leaf);
    records
}

#[test]
fn no_address_that_is_asked_for_changes_whether_or_how_somebody_withheld_is_found() {
    property_on_both(8, &(any::<u64>(), 2usize..8), |database, (seed, count)| {
        let mut said = some_rows(seed, count);
        said[0].restricted = true;
        let (store, index, leaves) = one_by_one(database, &said);
        let hidden: BTreeSet<Uuid> =
            said.iter().filter(|row| row.restricted).map(|row| root(&store, leaves[&row.id])).collect();
        let mut met = 0;
        for asked in some_rows(seed ^ 5, 4).into_iter().chain([Row { restricted: false, ..said[0].clone() }]) {
            let at = |line: &str, postcode: &str| Row { line: line.into(), postcode: postcode.into(), ..asked.clone() };
            let without = of_withheld(&store, &index, &at("", ""), &hidden);
            met += without.len();
            for (line, postcode) in
                [("12 Cotton Road", "SK6 1AA"), ("3 Mill Lane", "M20 2BB"), ("9 Far Street", "SK1 9ZZ")]
            {
                prop_assert_eq!(&of_withheld(&store, &index, &at(line, postcode), &hidden), &without);
            }
        }
        prop_assert!(met > 0 || said[0].birth.is_empty(), "whoever is asked for by their own words is found");
        Ok(())
    });
}
