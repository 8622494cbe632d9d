//! Measures, the bed gate and challenges by their pages: who reads, who does what, what is refused in words, what everybody sees
//! without signing in, and that each deed is written down.

use std::path::Path;
use std::sync::atomic::Ordering;

use access::Action;
use access::look::Event;
use axum::http::{StatusCode, header};
use jiff::SignedDuration;

use crate::house::{Answer, House, STAFF};

fn days(many: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * many)
}

/// Written where the other pages' previews are, to look at in a browser.
fn preview(name: &str, answer: &Answer) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/previews");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.html")), &answer.body).unwrap();
}

/// What must hold of a page of this part.
pub(crate) fn holds(name: &str, answer: &Answer) {
    let page = &answer.body;
    assert_eq!(answer.status, StatusCode::OK, "{name}");
    assert_eq!(page.matches("<h1").count(), 1, "{name}");
    assert!(!page.contains(" style="), "{name}");
    let mut ids = std::collections::BTreeSet::new();
    for id in page.split(" id=\"").skip(1).filter_map(|after| after.split('"').next()) {
        assert!(ids.insert(id), "{name}: the id {id} stands twice");
    }
    for labelled in page.split(" aria-labelledby=\"").skip(1).filter_map(|after| after.split('"').next()) {
        assert!(labelled.split(' ').all(|id| ids.contains(id)), "{name}: {labelled}");
    }
    for address in page.split("href=\"").chain(page.split("action=\"")).filter_map(|after| after.split('"').next()) {
        let digits = address.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
        assert!(digits < 10, "{name}: ten digits in the address {address}");
    }
    preview(name, answer);
}

pub(crate) fn gate(house: &House) -> String {
    format!("/gate/{}", house.anybody().get("/public/gate").between("href=\"/public/gate/", "\""))
}

pub(crate) fn challenge(house: &House, which: usize) -> String {
    let list = house.anybody().get("/public/challenges").body;
    let id = list.split("href=\"/public/challenges/").nth(which + 1).unwrap().split('"').next().unwrap().to_owned();
    format!("/challenges/{id}")
}

/// The deeds that were allowed since an entry of the log.
pub(crate) fn deeds(house: &House, since: i64) -> Vec<Action> {
    let mut found = Vec::new();
    house
        .store
        .read(|tx| {
            store::log::walk(tx, since + 1, &mut |_, entry| {
                if let Some(Event::Looked { action, people, .. }) = access::look::of(&entry)? {
                    assert!(people.is_empty(), "it is about nobody");
                    found.push(action);
                }
                Ok(())
            })
        })
        .unwrap();
    found
}

#[test]
fn everybody_who_works_here_reads_and_no_page_is_a_look() {
    let house = House::with_measures();
    let (gate, half, over) = (gate(&house), challenge(&house, 1), challenge(&house, 0));
    let head = house.head();
    for persona in STAFF {
        let visitor = house.sign_in(persona);
        for address in ["/measures", "/measures/emergency-admissions-65-and-over", "/gate", &gate, "/challenges", &half]
        {
            assert_eq!(visitor.get(address).status, StatusCode::OK, "{persona} {address}");
        }
        assert_eq!(visitor.get("/measures/nothing").status, StatusCode::NOT_FOUND);
        assert_eq!(visitor.get(&format!("{gate}?look=999")).status, StatusCode::NOT_FOUND);
    }
    assert_eq!(deeds(&house, head), []);
    let analyst = house.sign_in("analyst");
    holds("measures", &analyst.get("/measures"));
    holds("measure", &analyst.get("/measures/emergency-admissions-65-and-over"));
    holds("measure_homes", &house.sign_in("gp").get("/measures/admissions-from-care-homes"));
    holds("measure_commissioner", &house.sign_in("commissioner").get("/measures/four-hours"));
    holds("gates", &analyst.get("/gate"));
    holds("gate", &house.sign_in("councillor").get(&gate));
    let past = analyst.get(&gate).body;
    let first = past.rsplit("?look=").next().unwrap().split('"').next().unwrap();
    let first = analyst.get(&format!("{gate}?look={first}"));
    holds("gate_past", &first);
    assert!(
        first.body.contains("As the look of") && first.body.contains("May the beds be closed? <strong>No.</strong>")
    );
    assert!(!first.body.contains("<form action=\"/gate/"), "a look of the past takes no deed");
    holds("challenges", &analyst.get("/challenges"));
    holds("challenge", &house.sign_in("gp").get(&half));
    holds("challenge_over", &analyst.get(&over));
    let list = analyst.get("/measures").body;
    for words in
        ["locked: set by the nation", "Claims made in public", "Cannot be told yet", "Agreed what good looks like"]
    {
        assert!(list.contains(words), "{words}");
    }
}

#[test]
fn figures_are_reported_and_restated_with_a_reason_and_shown_as_then_and_as_now() {
    let house = House::with_measures();
    let (analyst, address) = (house.sign_in("analyst"), "/measures/hospital-work-for-others");
    let send = |figures: &str, reason: &str| {
        analyst.send(address, &[("do", "report"), ("figures", figures), ("reason", reason)])
    };
    let head = house.head();
    let first = "month,numerator,denominator\n2026-08,4100,16000\n2026-09,4000,16000\n";
    assert_eq!(send(first, "").location(), "/measures/hospital-work-for-others?done=report");
    assert_eq!(deeds(&house, head), [Action::KeepMeasures]);
    assert!(analyst.get(address).body.contains("September 2026: 25% (24.3 to 25.7)"));
    for (wrong, why) in [
        ("month,numerator,denominator\n2026-11,1,2\n", "the month is not over yet"),
        ("month,numerator,denominator\n2026-07,5,4\n", "more than all"),
        ("month,numerator,denominator\n2026-05,3,4\n", "2026-06 is missing"),
        ("month,numerator\n2026-13,3\n", "Line 2 of the figures"),
        ("month,numerator,denominator\n2026-09,4800,16000\n", "4000 of 16000 was reported before, now 4800 of 16000"),
    ] {
        let answer = send(wrong, "");
        assert!(answer.body.contains(why), "{wrong}");
        holds("measure_refused", &answer);
    }
    house.pass(days(3));
    let analyst = house.sign_in("analyst");
    let restated = "month,numerator,denominator\n2026-09,4800,16000\n";
    let fields = [("do", "report"), ("figures", restated), ("reason", "Two wards were left out")];
    assert_eq!(analyst.send(address, &fields).status, StatusCode::SEE_OTHER);
    let page = analyst.get(address);
    assert!(page.body.contains("September 2026: 30%") && page.body.contains("Two wards were left out"));
    assert!(page.body.contains("25%, 100% complete") && page.body.contains("30%, 100% complete"));
    let then = analyst.get(&format!("{address}?known=2026-11-23"));
    assert!(then.body.contains("As it was known on 23 November 2026") && then.body.contains("The last is 25%"));
    assert!(analyst.get(&format!("{address}?known=2026-11-01")).body.contains("No figures have been reported yet"));
    assert!(analyst.get(&format!("{address}?known=never")).body.contains("The last is 30%"));
}

#[test]
fn a_life_goes_step_by_step_and_each_step_by_the_right_people() {
    let house = House::with_measures();
    let address = "/measures/hospital-work-for-others";
    let (analyst, board, gp) = (house.sign_in("analyst"), house.sign_in("commissioner"), house.sign_in("gp"));
    let baseline = [("do", "life"), ("from", "2025-09"), ("until", "2026-08")];
    assert!(analyst.send(address, &baseline).body.contains("Figures of a month of the baseline are missing"));
    let mut figures = "month,numerator,denominator\n".to_owned();
    for (year, months) in [(2025, 9..=12), (2026, 1..=9)] {
        figures.extend(months.map(|month| format!("{year}-{month:02},4000,16000\n")));
    }
    assert_eq!(analyst.send(address, &[("do", "report"), ("figures", &figures)]).status, StatusCode::SEE_OTHER);
    for visitor in [&gp, &board] {
        assert_eq!(visitor.send(address, &baseline).status, StatusCode::FORBIDDEN);
        assert_eq!(visitor.send(address, &[("do", "report"), ("figures", "nonsense")]).status, StatusCode::FORBIDDEN);
    }
    assert_eq!(analyst.send(address, &baseline).location(), "/measures/hospital-work-for-others?done=life");
    assert!(board.get(address).body.contains("Baseline of 1 September 2025 to 31 August 2026: 25%"));
    // Its claim: at least 22.5 of 100.
    assert!(board.get(address).body.contains("The claim holds."));
    let agree = [("do", "life"), ("value", "25"), ("body", "Integrated commissioning board")];
    assert_eq!(analyst.send(address, &agree).status, StatusCode::FORBIDDEN);
    assert!(board.send(address, &[("do", "life"), ("value", "a lot")]).body.contains("as a number"));
    assert!(board.send(address, &[("do", "life"), ("value", "25"), ("body", " ")]).body.contains("Say who decided"));
    assert_eq!(board.send(address, &agree).status, StatusCode::SEE_OTHER);
    assert!(board.get(address).body.contains("(written down by Alison Reddish)"));
    let national = board.send("/measures/four-hours", &[("do", "life"), ("value", "80"), ("body", "Us")]);
    assert!(national.body.contains("The target is national"), "locked");
    let retire = [("do", "retire"), ("retired_by", "Board"), ("retired_why", "Nobody uses it")];
    assert_eq!(board.send(address, &retire).status, StatusCode::SEE_OTHER);
    assert!(board.get(address).body.contains("Retired: Nobody uses it"));
    assert_eq!(board.send(address, &[("do", "dance")]).status, StatusCode::BAD_REQUEST);
}

#[test]
fn beds_go_only_when_both_sides_have_signed_and_then_harm_is_looked_for() {
    let house = House::with_measures();
    let gate = gate(&house);
    let press = |persona: &str, word: &str| house.sign_in(persona).send(&gate, &[("do", word), ("beds", "20")]);
    let answer = |words: &str| {
        let page = house.sign_in("councillor").get(&gate).body;
        assert!(
            page.contains(words),
            "{words} in {}",
            page.split("weft-answer").nth(1).unwrap().split("</section>").next().unwrap()
        );
    };
    answer("May the beds be closed? <strong>No.</strong>");
    answer("0 of at least 2 commissioners and 0 of at least 2 providers have signed");
    for persona in ["analyst", "gp", "receptionist"] {
        assert_eq!(press(persona, "sign").status, StatusCode::FORBIDDEN, "{persona}");
        assert_eq!(press(persona, "release").status, StatusCode::FORBIDDEN, "{persona}");
    }
    assert_eq!(press("commissioner", "look").status, StatusCode::FORBIDDEN);
    assert!(press("commissioner", "release").body.contains("have signed"), "refused in words");
    let head = house.head();
    assert_eq!(press("commissioner", "sign").location(), format!("{gate}?done=sign"));
    assert_eq!(deeds(&house, head), [Action::Govern]);
    assert!(press("commissioner", "sign").body.contains("has signed this look already"));
    assert_eq!(press("councillor", "sign").status, StatusCode::SEE_OTHER);
    answer("0 of at least 2 providers");
    for director in ["hospital-director", "community-director"] {
        assert!(press(director, "release").body.contains("have signed"), "one side is not enough");
        assert_eq!(press(director, "sign").status, StatusCode::SEE_OTHER);
    }
    answer("May the beds be closed? <strong>Yes.</strong>");
    assert!(
        house
            .sign_in("hospital-director")
            .send(&gate, &[("do", "release"), ("beds", "400")])
            .body
            .contains("400 beds are more than")
    );
    assert_eq!(press("hospital-director", "release").status, StatusCode::SEE_OTHER);
    answer("<strong>They have gone.</strong>");
    assert!(press("councillor", "sign").body.contains("Beds have gone already"));
    let harm = house.sign_in("analyst").send(&gate, &[("do", "harm"), ("month", "2026-10")]);
    assert!(harm.body.contains("Figures are missing") || harm.body.contains("comparison cannot be made"), "in words");
    holds("gate_released", &house.anybody().get(&gate.replace("/gate", "/public/gate")));
}

#[test]
fn without_signing_in_only_what_is_public_is_shown_and_no_small_count() {
    let house = House::with_measures();
    let (gate, over) = (gate(&house), challenge(&house, 0));
    let public = |address: &str| format!("/public{address}");
    for address in ["", "/measures", "/measures/admissions-from-care-homes", "/gate", &gate, "/challenges", &over] {
        let answer = house.anybody().get(&public(address));
        holds(&format!("public{}", address.split('/').take(2).collect::<Vec<_>>().join("_")), &answer);
        assert!(answer.headers.get(header::SET_COOKIE).is_none(), "{address}");
        assert!(!answer.body.contains("<form") && !answer.body.contains("persona|"), "{address}");
    }
    // The eighth neighbourhood has hardly any.
    let analyst = house.sign_in("analyst").get("/measures/admissions-from-care-homes").body;
    let everybody = house.anybody().get("/public/measures/admissions-from-care-homes").body;
    assert!(everybody.contains("Fewer than 7") && everybody.contains("Not shown") && !analyst.contains("Fewer than 7"));
    assert!(everybody.contains("Counts under seven are not shown"));
    // A look that is not public is not told; the one before it is.
    let analyst = house.sign_in("analyst");
    let before = house.anybody().get(&public(&gate)).body;
    assert_eq!(analyst.send(&gate, &[("do", "look"), ("month", "2026-10")]).status, StatusCode::SEE_OTHER);
    let after = house.anybody().get(&public(&gate)).body;
    assert!(analyst.get(&gate).body.contains("October 2026, month") && !after.contains("October 2026, month"));
    let conditions = |page: &str| {
        page.split("weft-conditions").nth(1).unwrap().split("</ol>").next().unwrap().matches("<li").count()
    };
    assert_eq!((conditions(&before), conditions(&after)), (10, 10));
    assert!(house.anybody().get("/public/gate").body.contains("has not been made public yet"));
    assert_eq!(analyst.send(&gate, &[("do", "publish")]).status, StatusCode::SEE_OTHER);
    assert!(house.anybody().get(&public(&gate)).body.contains("October 2026, month"));
}

#[test]
fn a_challenge_is_its_teams_and_its_verdict_its_sponsors() {
    let house = House::with_measures();
    let half = challenge(&house, 1);
    let predict =
        [("do", "predict"), ("change", "A card beside the telephone"), ("prediction", "Two of three know it")];
    assert_eq!(house.sign_in("receptionist").send(&half, &predict).status, StatusCode::FORBIDDEN);
    assert!(house.sign_in("therapist").send(&half, &predict).body.contains("Only the team and its sponsor do this"));
    let head = house.head();
    assert_eq!(house.sign_in("gp").send(&half, &predict).location(), format!("{half}?done=predict"));
    assert_eq!(deeds(&house, head), [Action::RunChallenge]);
    let find = |test: &'static str| {
        [
            ("do", "find"),
            ("test", test),
            ("result", "All of them"),
            ("as_predicted", "no"),
            ("learnt", "Cards work"),
            ("next", "adopt"),
        ]
    };
    let coordinator = house.sign_in("coordinator");
    assert!(coordinator.send(&half, &find("7")).body.contains("There is no such test of change"));
    for wrong in [("as_predicted", "perhaps"), ("next", "celebrate")] {
        let mut fields = find("1").to_vec();
        fields.retain(|(name, _)| *name != wrong.0);
        fields.push(wrong);
        assert!(coordinator.send(&half, &fields).body.contains("Say w"), "{wrong:?}");
    }
    house.pass(SignedDuration::from_hours(1));
    let coordinator = house.sign_in("coordinator");
    assert_eq!(coordinator.send(&half, &find("1")).status, StatusCode::SEE_OTHER);
    assert_eq!(coordinator.send(&half, &find("2")).status, StatusCode::SEE_OTHER);
    assert!(coordinator.get(&half).body.contains("Not as predicted"));
    let judge = [("do", "judge"), ("verdict", "adapt"), ("evidence", "Nine weeks; the rota matters most")];
    assert!(house.sign_in("commissioner").send(&half, &judge).body.contains("The verdict is given on day 100"));
    house.pass(days(60));
    assert!(house.sign_in("gp").send(&half, &judge).body.contains("The verdict is the sponsor"));
    assert_eq!(house.sign_in("commissioner").send(&half, &judge).status, StatusCode::SEE_OTHER);
    let pack = house.anybody().get(&format!("/public{half}"));
    assert!(pack.body.contains("The verdict: Adapt") && pack.body.contains("the rota matters most"));
    assert!(house.sign_in("gp").send(&half, &predict).body.contains("The challenge is over"));
    assert_eq!(
        house.sign_in("gp").send("/challenges/0198f0c2-77aa-7000-8000-000000000001", &predict).status,
        StatusCode::NOT_FOUND
    );
}

#[test]
fn what_cannot_be_written_down_is_not_done() {
    let house = House::with_measures();
    let (gate, half) = (gate(&house), challenge(&house, 1));
    for (persona, address, fields) in [
        ("commissioner", gate.as_str(), vec![("do", "sign")]),
        (
            "analyst",
            "/measures/four-hours",
            vec![("do", "report"), ("figures", "month,numerator,denominator\n2026-09,1,2")],
        ),
        ("gp", half.as_str(), vec![("do", "predict"), ("change", "a"), ("prediction", "b")]),
    ] {
        let visitor = house.sign_in(persona);
        let token = visitor.token();
        let head = house.head();
        house.full.store(true, Ordering::Relaxed);
        let mut all = vec![("token", token.as_str())];
        all.extend(fields);
        let answer = visitor.post(address, &all);
        house.full.store(false, Ordering::Relaxed);
        assert_eq!((answer.status, house.head()), (StatusCode::SERVICE_UNAVAILABLE, head), "{persona}");
    }
}

#[test]
fn the_public_pages_are_as_they_were() {
    let house = House::with_measures();
    let gate = gate(&house).replace("/gate", "/public/gate");
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\.[0-9a-f]{12}\.", ".HASH.");
    settings.add_filter(r#" (d|points)="[^"]+""#, r#" $1="…""#);
    settings.add_filter(r#" (x|y|x1|x2|y1|y2|width|height)="[0-9.]+""#, r#" $1="…""#);
    settings.set_omit_expression(true);
    let guard = settings.bind_to_scope();
    for (name, address) in [
        ("public_gate", gate),
        ("public_challenge", format!("/public{}", challenge(&house, 0))),
        ("public_measure", "/public/measures/admissions-from-care-homes".to_owned()),
        ("public_measures", "/public/measures".to_owned()),
    ] {
        let page = house.anybody().get(&address).body;
        let main = page.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
        insta::assert_snapshot!(name, main.replace("><", ">\n<"));
    }
    drop(guard);
}
