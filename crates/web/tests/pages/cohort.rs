//! Kept cohorts by their pages: who keeps one, what everybody sees of it, that a count of one is a look like any other count, and a list
//! that is begun from one.

use axum::http::StatusCode;

use crate::finding::{LIST, first};
use crate::house::{House, Visitor};

/// Heart failure that COPD does not go with: Margaret has it.
const QUESTION: &str = "among=registered&register-heart-failure=all&register-copd=not";
const NAME: &str = "Heart failure without COPD";

/// Keeps a cohort; its address.
pub(crate) fn kept(by: &Visitor<'_>) -> String {
    let why = "They come to hospital when nobody weighs them";
    let sent = [("do", "keep"), ("name", NAME), ("why", why), ("question", QUESTION)];
    let kept = by.send("/population/cohorts", &sent);
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    kept.location().strip_suffix("?done=keep").unwrap().to_owned()
}

fn id(address: &str) -> &str {
    address.strip_prefix("/population/cohorts/").unwrap()
}

#[test]
fn an_analyst_keeps_what_was_asked_and_everybody_who_counts_sees_it_with_its_count_as_it_may_be_shown() {
    let house = House::open();
    let analyst = house.sign_in("analyst");
    let asked = analyst.get(&format!("/population?{QUESTION}"));
    assert!(asked.body.contains("Keep this cohort"), "{}", asked.body);
    assert!(asked.between("name=\"question\" value=\"", "\"").contains("register-heart-failure=all"));
    let cohort = kept(&analyst);
    let other = house.sign_in("commissioner");
    for address in ["/population/cohorts", &cohort, &format!("/population?cohort={}", id(&cohort))] {
        let before = house.happened();
        let page = other.get(address);
        assert_eq!((page.status, house.happened()), (StatusCode::OK, before + 1), "a count is a look: {address}");
        assert!(page.body.contains(NAME), "{address}");
        assert!(!page.body.contains("Margaret") && !page.body.contains("Ashworth"), "{address}");
    }
    let all = other.get("/population/cohorts").body;
    assert!(all.contains("They come to hospital when nobody weighs them") && all.contains("People now"), "{all}");
    assert!(all.contains("And not: COPD") && all.contains("1 to 7"), "{all}");
}

#[test]
fn a_cohort_opens_with_its_question_and_a_change_of_it_is_a_version_with_a_reason() {
    let house = House::open();
    let analyst = house.sign_in("analyst");
    let cohort = kept(&analyst);
    let opened = analyst.get(&format!("/population?cohort={}", id(&cohort)));
    assert!(opened.body.contains("Everybody has") && opened.body.contains("next version of"), "{}", opened.body);
    let question = "among=registered&register-heart-failure=all";
    let revise = |reason: &str, question: &str| {
        analyst.send(&cohort, &[("do", "revise"), ("question", question), ("reason", reason)])
    };
    let short = revise("no", question);
    assert!(short.body.contains("Say in at least 10 characters why it asks otherwise."), "{}", short.body);
    let same = revise("It is the same again", QUESTION);
    assert!(same.body.contains("This is what the cohort asks already"), "{}", same.body);
    let done = revise("COPD goes with it after all", question);
    assert_eq!(done.location(), format!("{cohort}?done=revise"));
    let page = analyst.get(&cohort);
    assert!(page.body.contains("Version 2, because: COPD goes with it after all"), "{}", page.body);
    assert!(page.body.contains("Version 1, called"), "the version before can be read");
    analyst.send(&cohort, &[("do", "rename"), ("name", "Heart failure, whatever else")]);
    assert!(analyst.get("/population/cohorts").body.contains("Heart failure, whatever else"));
    let gone = analyst.send(&cohort, &[("do", "withdraw"), ("because", "Nobody uses it any more")]);
    assert_eq!(gone.location(), "/population/cohorts?done=withdraw");
    assert!(analyst.get("/population/cohorts").body.contains("No cohort is kept yet."));
    assert!(analyst.get(&cohort).body.contains("Withdrawn by"));
    assert_eq!(analyst.get(&format!("/population?cohort={}", id(&cohort))).status, StatusCode::NOT_FOUND);
    let late = revise("It is the same again", question);
    assert!(late.body.contains("This cohort was withdrawn."), "{}", late.body);
}

#[test]
fn what_cannot_be_kept_is_sent_back_as_it_was_typed() {
    let house = House::open();
    let analyst = house.sign_in("analyst");
    let send = |name: &str, question: &str| {
        let why = "They come to hospital when nobody weighs them";
        analyst.send("/population/cohorts", &[("do", "keep"), ("name", name), ("why", why), ("question", question)])
    };
    let short = send("HF", QUESTION);
    assert!(short.body.contains("Say in at least 10 characters what the cohort is called."), "{}", short.body);
    assert!(short.body.contains("value=\"HF\"") && short.body.contains("Everybody has"), "{}", short.body);
    let nine = format!("{QUESTION}{}", "&register-depression=any".repeat(9));
    for (question, words) in [
        ("among=registered", "asks for one to 8 things"),
        ("among=registered&nobody=all", "no register, list, band or segment"),
        (nine.as_str(), "at most 8 parts"),
        ("among=everybody&register-copd=all", "nobody among whom people can be counted"),
        ("register-copd=some", "no way to ask for"),
    ] {
        assert!(send(NAME, question).body.contains(words), "{question}: {words}");
    }
    assert!(analyst.get("/population/cohorts").body.contains("No cohort is kept yet."));
    for nowhere in ["/population?cohort=nobody", "/population/cohorts/0198f0c2-77aa-7000-8000-000000000001"] {
        assert_eq!(analyst.get(nowhere).status, StatusCode::NOT_FOUND, "{nowhere}");
    }
}

#[test]
fn a_neighbourhoods_team_keeps_cohorts_and_sees_no_count() {
    let house = House::open();
    let nurse = house.sign_in("district-nurse");
    let put = nurse.get(&format!("/population?{QUESTION}"));
    assert!(put.body.contains("as you have put it together") && put.body.contains("Keep this cohort"), "{}", put.body);
    let cohort = kept(&nurse);
    let theirs = kept(&house.sign_in("analyst"));
    for address in
        ["/population", "/population/cohorts", &cohort, &theirs, &format!("/population?cohort={}", id(&theirs))]
    {
        let page = nurse.get(address);
        assert_eq!(page.status, StatusCode::OK, "{address}");
        assert!(!page.body.contains("People now") && !page.body.contains("1 to 7"), "{address}: {}", page.body);
    }
    assert_eq!(nurse.get("/population/equity").status, StatusCode::FORBIDDEN);
    let rename = [("do", "rename"), ("name", "Heart failure, whatever else")];
    assert!(nurse.send(&theirs, &rename).body.contains("Only those who keep a cohort change it"));
    assert_eq!(house.sign_in("therapist").send(&cohort, &rename).status, StatusCode::SEE_OTHER, "a colleague may");
}

#[test]
fn nobody_else_sees_or_keeps_a_cohort() {
    let house = House::open();
    let cohort = kept(&house.sign_in("analyst"));
    for persona in ["gp", "consultant", "privacy-officer", "citizen", "records-officer", "coordinator", "receptionist"]
    {
        let other = house.sign_in(persona);
        for address in ["/population/cohorts", &cohort] {
            let page = other.get(address);
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{persona} {address}");
            assert!(!page.body.contains(NAME), "{persona} {address}");
            let sent = other
                .send(address, &[("do", "withdraw"), ("because", "It is mine to withdraw"), ("question", QUESTION)]);
            assert_eq!(sent.status, StatusCode::FORBIDDEN, "{persona} {address}");
        }
    }
}

#[test]
fn a_list_from_a_cohort_says_why_by_what_was_asked_for_and_goes_on_as_it_was_begun() {
    let house = House::open();
    let cohort = kept(&house.sign_in("analyst"));
    let nurse = house.sign_in("district-nurse");
    let begins = format!("/finding?cohort={}", id(&cohort));
    assert!(nurse.get(&cohort).body.contains(&format!("href=\"{begins}\"")));
    let form = nurse.get(&begins);
    assert!(form.body.contains(&format!("value=\"cohort:{}\" checked", id(&cohort))), "{}", form.body);
    let rule = format!("cohort:{}", id(&cohort));
    let fields: Vec<(&str, &str)> =
        LIST.iter().map(|(name, value)| (*name, if *name == "rule" { rule.as_str() } else { *value })).collect();
    let begun = nurse.send("/finding", &fields);
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    let list = begun.location().to_owned();
    nurse.send(&list, &[("do", "look")]);
    let page = nurse.get(&list);
    let row = page.between("Margaret Ashworth</a>", "</tr>").to_lowercase();
    assert!(row.contains("heart failure"), "the reason stands beside the name: {row}");
    assert!(page.body.contains(&format!("{NAME}, version 1")) && page.body.contains("And not"), "{}", page.body);
    let case = nurse.get(&first(&list, &page));
    assert!(case.body.contains("/scores/register-heart-failure") && !case.body.contains("/scores/register-copd"));
    // What becomes of the cohort does not change the list, and is told.
    let analyst = house.sign_in("analyst");
    let reason = [("do", "revise"), ("question", "register-copd=all"), ("reason", "It is another cohort now")];
    assert_eq!(analyst.send(&cohort, &reason).status, StatusCode::SEE_OTHER);
    nurse.send(&list, &[("do", "look")]);
    let page = nurse.get(&list);
    assert!(page.body.contains("at version 2 now") && page.body.contains("Margaret Ashworth"), "{}", page.body);
    analyst.send(&cohort, &[("do", "withdraw"), ("because", "Nobody uses it any more")]);
    assert!(nurse.get(&list).body.contains("The cohort was withdrawn since."));
    assert!(nurse.send("/finding", &fields).body.contains("This cohort was withdrawn."));
}
