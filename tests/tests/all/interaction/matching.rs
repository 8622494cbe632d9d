//! `$match`: who may be meant, ranked, each once.

use record::interaction::{self, Grade};
use serde_json::Value;
use weft_tests::api::Api;
use weft_tests::people::{MARGARET, Said};
use weft_tests::samples::{INDEX, reader, take};
use weft_tests::{at, on_both};

use super::margaret;

#[test]
fn the_likeliest_comes_first_and_each_person_once() {
    on_both(|database| {
        let api = Api::of(database.open());
        let _ = take(&api.store, &reader("gp"), &MARGARET.message(), at(0));
        let _ = take(&api.store, &reader("community"), &MARGARET.message(), at(1));
        api.create(&margaret()).unwrap();
        let namesake = Said { id: "m2", number: Some("9990002371"), postcode: "M1 1AA", ..MARGARET };
        let _ = take(&api.store, &reader("gp"), &namesake.message(), at(2));
        let ask = |said: &Said, only_certain: bool| -> Vec<(u8, Grade)> {
            let patient: Value = said.patient();
            let all =
                api.look(|tx, scope| interaction::matching(tx, &*INDEX, scope, &patient, only_certain, 10)).unwrap();
            all.iter().map(|one| (one.score, one.grade)).collect()
        };
        assert_eq!(ask(&MARGARET, false), [(99, Grade::Certain)]);
        let unnumbered = Said { number: None, ..MARGARET };
        assert_eq!(ask(&unnumbered, false), [(90, Grade::Probable), (65, Grade::Possible)]);
        assert_eq!(ask(&unnumbered, true), []);
        let twin = Said { given: "Harold", ..MARGARET };
        assert_eq!(ask(&twin, false), [(80, Grade::Probable)]);
        let stranger = Said { number: None, family: "Nobody", ..MARGARET };
        assert_eq!(ask(&stranger, false), []);
    });
}
