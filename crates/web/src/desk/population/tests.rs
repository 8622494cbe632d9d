//! The pages over an invented population: no small count, no identifier, and the question in the address.

use std::sync::OnceLock;

use population::bits::Bits;
use population::dispute::Disputes;
use population::everyone::Standing;
use population::invented::{self, Wanted};
use population::people::People;
use population::plan::Asked;

use population::day::Day;
use population::explore::Ground;
use population::library::{Among, Expected, Library};
use population::plan::Plan;

use super::address;
use super::view::{MIND, compared, explored, lived, read};
use crate::pages::population::Explorer;
use crate::session::Fields;

struct Place {
    people: People,
    plan: Plan,
    standing: Standing,
    as_of: Day,
}

/// 900 invented people, the invented registers, and registers of the mind beside them.
fn place() -> &'static Place {
    static PLACE: OnceLock<Place> = OnceLock::new();
    PLACE.get_or_init(|| {
        let as_of = Day::of(jiff::civil::date(2026, 11, 22)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let columns = folder.path().join("columns");
        let neighbourhoods = vec!["Heatons".into(), "Marple".into()];
        let wanted = Wanted { people: 900, events: 90_000, seed: 3, today: as_of, neighbourhoods };
        invented::build(&columns, &wanted, |_| ()).unwrap();
        let (people, events) = population::keep::load(&columns, 1).unwrap();
        let mut library = Library::default();
        for (file, text) in invented::rules() {
            library.add(&file, &text).unwrap();
        }
        let head = "version = \"1\"\nsource = \"s\"\nlicence = \"l\"\nkind = \"register\"\n";
        for (number, id) in MIND.iter().enumerate() {
            let text = format!("id = \"{id}\"\n{head}title = \"{id}\"\nwhen = {{ set = \"invented-{number:02}\" }}\n");
            library.add(&format!("{id}.toml"), &text).unwrap();
        }
        let parts = "[[parts]]\nid = \"p\"\npoints = 5\nwhen = { set = \"invented-00\" }\n";
        let score = "id = \"frail\"\nversion = \"0.1\"\nunverified = \"everything\"\ntitle = \"Frailty\"\nsource = \"s\"\nlicence = \"l\"\n\
             kind = \"score\"\nage_from = 75\nbands = [{ name = \"low\", below = 5 }, { name = \"high\", at_least = 5 }]\n";
        library.add("frail.toml", &format!("{score}{parts}")).unwrap();
        let ids: Vec<String> = library.sets().map(|set| set.id.clone()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let plan = Plan::of(&library, &ids, &events.codes, &events.units).unwrap();
        let frame = plan.on(Asked { as_of, has_days: true });
        let standing = plan.everyone(&events, &plan.gather(&events), &people, &frame, &Disputes::default());
        Place { people, plan, standing, as_of }
    })
}

fn fields(pairs: &[(&str, &str)]) -> Fields {
    Fields(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
}

fn explore(pairs: &[(&str, &str)]) -> Explorer {
    let place = place();
    let counted = Bits::all(place.people.len());
    let ground = Ground::of(&place.plan, &place.standing, &place.people, &counted, place.as_of);
    explored(&place.plan, &ground, &read(&fields(pairs)))
}

#[test]
fn the_address_of_a_question_holds_the_question_and_nothing_else() {
    let sent = [("among", "registered"), ("register-copd", ""), ("hfrs~high", "all"), ("x\"><script>", "any")];
    assert_eq!(address(&fields(&sent).0), "/population?among=registered&hfrs~high=all&xscript=any");
    assert_eq!(address(&fields(&[("among", "")]).0), "/population");
}

#[test]
fn a_question_is_answered_in_a_sentence_with_six_slices_of_which_each_has_a_chart_and_a_table() {
    let view = explore(&[("invented-00", "any"), ("invented-01", "any"), ("frail~low", "not")]);
    let html = view.to_string();
    let answer = view.answer.unwrap();
    assert!(answer.sentence.starts_with("About ") && answer.sentence.contains(" in 100."), "{}", answer.sentence);
    assert_eq!(answer.slices.len(), 6);
    for slice in &answer.slices {
        assert!(slice.chart.is_some() && !slice.parts.is_empty(), "{}", slice.heading);
    }
    assert_eq!(answer.unverified, ["frail@0.1: everything"]);
    assert!(
        html.contains("Not checked against its source") && html.contains("<svg") && html.contains("By deprivation")
    );
    assert!(!html.contains("<script>") && !html.contains("style="));
}

#[test]
fn no_count_on_the_page_is_small_or_finer_than_five() {
    let place = place();
    let mut small = 0;
    for register in 0..64 {
        let key = format!("invented-{register:02}");
        let Some(answer) = explore(&[(&key, "all"), ("frail~high", "any")]).answer else { panic!("{key}") };
        for part in answer.slices.iter().flat_map(|slice| &slice.parts) {
            for count in [&part.count, &part.of] {
                let told = count.replace(',', "").parse::<u64>();
                match told {
                    Ok(number) => assert!(number == 0 || number > 7 && number.is_multiple_of(5), "{key}: {count}"),
                    Err(_) => assert_eq!(count, "1 to 7"),
                }
            }
            if part.count == "1 to 7" {
                small += 1;
                assert_eq!(
                    (part.crude.as_str(), part.standardised.as_str(), part.ratio.as_str()),
                    ("Not shown", "Not shown", "Not shown")
                );
            }
        }
    }
    assert!(small > 0, "there was nothing to hide among {} people", place.people.len());
}

#[test]
fn mental_health_stands_first_in_the_explorer_and_on_the_equity_page() {
    let view = explore(&[]);
    assert_eq!(view.groups[0].heading, "Mental health, memory and learning");
    assert_eq!(view.groups[0].items.iter().map(|item| item.term.as_str()).collect::<Vec<_>>().len(), MIND.len());
    assert!(view.groups[0].open && view.answer.is_none());
    let place = place();
    let counted = Bits::all(place.people.len());
    let ground = Ground::of(&place.plan, &place.standing, &place.people, &counted, place.as_of);
    let expected = Expected {
        set: MIND[1].into(),
        share: 0.9,
        among: Among::Registered,
        age_from: 18,
        source: "A count elsewhere".into(),
    };
    let view = compared(&place.plan, &ground, std::slice::from_ref(&expected), MIND[0]).unwrap();
    let first = &view.groups[0];
    assert_eq!(first.heading, "Mental health, memory and learning");
    assert_eq!(first.lines.iter().map(|line| line.title.as_str()).collect::<Vec<_>>(), MIND);
    assert!(first.lines[1].expected.starts_with("About ") && first.lines[1].source == "A count elsewhere");
    assert!(view.answer.is_some() && view.to_string().contains("A count elsewhere"));
    assert!(compared(&place.plan, &ground, &[], "nobody").is_none());
}

#[test]
fn what_cannot_be_asked_is_told_and_nothing_is_counted() {
    for wrong in [
        vec![("nobody", "all")],
        vec![("invented-00", "some")],
        vec![("invented-00", "all"), ("among", "everybody")],
        vec![("invented-00", "all"); 9],
    ] {
        let view = explore(&wrong);
        assert!(view.wrong.is_some() && view.answer.is_none(), "{wrong:?}");
        assert!(view.to_string().contains("cannot be answered"));
    }
}

#[test]
fn the_pages_say_by_what_people_live_here_or_why_nobody_knows() {
    let without = lived(&place::Place::built_in().unwrap());
    assert!(
        without.starts_with("Deprivation is not known") && without.ends_with("the place has no list of postcodes.")
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("invented_postcodes.csv"), "postcode,area\nSK6 6XX,E01005743\n").unwrap();
    let more = place::Folder::open(folder.path()).unwrap();
    let files = place::Beside::of(&place::BuiltIn, more).unwrap();
    let with = lived(&place::Place::read(&files).unwrap());
    assert!(
        with.contains("Index of Multiple Deprivation 2025") && with.ends_with("of the demonstration are invented.")
    );
    let view = Explorer { lived: with.clone(), ..explore(&[("invented-00", "all")]) };
    assert!(view.to_string().contains("Index of Multiple Deprivation 2025"));
    let deprivation = view.answer.unwrap().slices.into_iter().find(|slice| slice.heading == "By deprivation").unwrap();
    let names: Vec<&str> = deprivation.parts.iter().map(|part| part.name.as_str()).collect();
    assert!(names.contains(&"1, most deprived") && names.contains(&"5, least deprived"), "{names:?}");
}

#[test]
fn a_band_of_a_score_is_shared_out_on_the_equity_page_like_a_register() {
    let place = place();
    let counted = Bits::all(place.people.len());
    let ground = Ground::of(&place.plan, &place.standing, &place.people, &counted, place.as_of);
    let view = compared(&place.plan, &ground, &[], "frail~high").unwrap();
    let bands = view.groups.iter().find(|group| group.heading == "Bands of scores").unwrap();
    assert_eq!(
        bands.lines.iter().map(|line| line.title.as_str()).collect::<Vec<_>>(),
        ["Frailty: low", "Frailty: high"]
    );
    assert!(!bands.expects, "nobody knows from elsewhere how many there should be");
    assert!(view.title == "Frailty: high" && view.answer.is_some());
    let html = view.to_string();
    assert!(html.contains("/population/equity?of=frail~low") && html.contains("Not checked against its source"));
}
