//! What is handed in for a decision about beds, by its page: taken in whole or refused in words, nothing lost; and a protocol that is
//! changed begins again.

use access::Action;
use assurance::gate::decision::Decision;
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::assurance::{deeds, gate, holds};
use crate::house::{House, Visitor};

fn decision(house: &House, address: &str) -> Decision {
    let id: uuid::Uuid = address.rsplit('/').next().unwrap().parse().unwrap();
    let entries = house.store.read(move |tx| store::log::stream(tx, id)).unwrap();
    store::aggregate::load::<Decision>(&entries).unwrap().0
}

/// Every series of the decision but some, in a month.
fn month(house: &House, address: &str, month: &str, but: &[&str]) -> String {
    let decision = decision(house, address);
    let mut series: Vec<&String> = decision.frozen().unwrap().protocol.series().collect();
    series.sort_unstable();
    series.dedup();
    let line = |series: &&String| {
        let count = if series.starts_with("stockport") { 2_000 } else { 2_500 };
        format!("{series},{month},{count},1000\n")
    };
    series.iter().filter(|one| !but.contains(&one.as_str())).map(line).collect()
}

fn report(who: &Visitor<'_>, address: &str, lines: &str, why: &str) -> crate::house::Answer {
    let figures = format!("series,month,count,complete\n{lines}");
    who.send(address, &[("do", "report"), ("figures", &figures), ("why", why)])
}

#[test]
fn figures_that_cannot_be_are_refused_whole_and_a_restated_month_is_kept_both_ways() {
    let house = House::with_measures();
    let address = gate(&house);
    let analyst = house.sign_in("analyst");
    let good = month(&house, &address, "2026-10", &[]);
    for persona in ["gp", "commissioner", "receptionist"] {
        assert_eq!(report(&house.sign_in(persona), &address, &good, "").status, StatusCode::FORBIDDEN, "{persona}");
        assert_eq!(report(&house.sign_in(persona), &address, "rubbish", "").status, StatusCode::FORBIDDEN, "{persona}");
    }
    let before = decision(&house, &address).lacking("2026-10".parse().unwrap()).len();
    for (wrong, why) in [
        ("stockport,2026-10,0,1000\n", "a count of 0 cannot be used"),
        ("stockport,2026-10,-4,1000\n", "a count of -4 cannot be used"),
        ("stockport,2026-10,4,1001\n", "1001 thousandths"),
        ("stockport,2026-11,4,1000\n", "is not over yet"),
        ("nowhere,2026-10,4,1000\n", "no such series"),
        ("stockport,2026-10,4,1000\nstockport,2026-10,5,1000\n", "given twice"),
        ("stockport,2026-10,many,1000\n", "Line 2 cannot be read"),
        ("stockport,2026-09,3,1000\n", "was reported before, now 3"),
    ] {
        let answer = report(&analyst, &address, &format!("{good}{wrong}"), "");
        let said = answer.body.replace("&#39;", "'");
        assert!(
            said.contains(why) || said.contains("given twice") || said.contains("cannot be read"),
            "{wrong}: {why}"
        );
        let alone = report(&analyst, &address, wrong, "");
        assert!(alone.body.contains(why), "{wrong}: {why}: {}", alone.body.split("<main").nth(1).unwrap());
    }
    assert_eq!(decision(&house, &address).lacking("2026-10".parse().unwrap()).len(), before, "nothing of it was kept");
    let head = house.head();
    assert_eq!(report(&analyst, &address, &good, "").location(), format!("{address}?done=report"));
    assert_eq!(deeds(&house, head), [Action::KeepMeasures]);
    let looks = decision(&house, &address).looks().len();
    let restated = report(&analyst, &address, "stockport,2026-09,2017,1000\n", "Two wards were left out");
    assert_eq!(restated.location(), format!("{address}?done=report"));
    assert_eq!(decision(&house, &address).looks().len(), looks, "each look is made again in its place");
    let page = analyst.get(&address);
    holds("gate_restated", &page);
    assert!(
        page.body.contains("Two wards were left out") && page.body.contains("Made again, because a month was restated")
    );
    assert!(page.body.contains("As it was known then"));
}

#[test]
fn a_comparator_that_ends_early_is_named_and_the_answer_is_no() {
    let house = House::with_measures();
    let address = gate(&house);
    let analyst = house.sign_in("analyst");
    let but_one = month(&house, &address, "2026-10", &["comparator03"]);
    assert_eq!(report(&analyst, &address, &but_one, "").status, StatusCode::SEE_OTHER);
    assert_eq!(analyst.send(&address, &[("do", "look"), ("month", "2026-10")]).status, StatusCode::SEE_OTHER);
    let page = analyst.get(&address).body;
    assert!(page.contains("May the beds be closed? <strong>No.</strong>"));
    assert!(
        page.contains("Series with something missing")
            && page.contains("comparator03")
            && page.contains("October 2026")
    );
    assert!(!page.contains("comparator04</th>"), "only what is missing is named");
}

#[test]
fn people_are_counted_once_and_what_else_is_handed_in_is_held_against_the_protocol() {
    let house = House::with_measures();
    let address = gate(&house);
    let analyst = house.sign_in("analyst");
    let posts = "person,role,employer,wte_hundredths,from,until,on_duty,from_hospital\n\
                 p1,community nurses,Trust,60,2025-01-01,,true,false\n\
                 p1,community nurses,Council,60,2025-01-01,,true,false\n\
                 p2,community nurses,Trust,100,2025-01-01,,true,true\n\
                 p3,therapists,Trust,100,2026-10-15,,true,false\n\
                 p4,gardeners,Trust,100,2025-01-01,,true,false\n";
    let count = [("do", "posts"), ("posts", posts), ("months", "2026-10")];
    assert_eq!(house.sign_in("commissioner").send(&address, &count).status, StatusCode::FORBIDDEN);
    assert_eq!(analyst.send(&address, &count).location(), format!("{address}?done=posts"));
    let found = decision(&house, &address);
    let of = &found.counts()[&"2026-10".parse().unwrap()];
    assert_eq!((of.lines[0].people, of.lines[0].wte_hundredths, of.lines[0].moved), (1, 120, 1));
    assert_eq!((of.lines[1].people, of.not_in_plan, of.not_on_duty), (0, 1, 1));
    let page = analyst.get(&address);
    assert!(page.body.contains("People in post, each counted once") && page.body.contains("Posts set aside"));
    assert!(!page.body.contains("p1,") && !page.body.contains("gardeners"), "who they are is not kept");
    let open = house.anybody().get(&format!("/public{address}")).body;
    assert!(open.contains("People in post, each counted once") && open.contains("Fewer than 7"));
    assert!(!open.contains("Posts set aside"));
    for (wrong, why) in [
        (("posts", "person\nx\n"), "from_hospital"),
        (("months", "2026-11"), "is not over yet"),
        (("months", ""), "for which months"),
    ] {
        let fields: Vec<_> = count.iter().map(|field| if field.0 == wrong.0 { wrong } else { *field }).collect();
        assert!(analyst.send(&address, &fields).body.contains(why), "{why}");
    }
    let name = "readmission within 30 days, per cent";
    let balance = |name: &str, worst: &str| {
        analyst.send(&address, &[("do", "balance"), ("name", name), ("of", "2026-10"), ("worst", worst)])
    };
    assert!(balance("falls", "1").body.contains("has no balancing measure"));
    assert!(balance(name, "a bit").body.contains("as a number"));
    assert_eq!(balance(name, "0.9").status, StatusCode::SEE_OTHER);
    let changed =
        [("do", "declare"), ("series", "stockport"), ("since", "2026-08"), ("what", "Same-day care is counted apart")];
    assert_eq!(analyst.send(&address, &changed).status, StatusCode::SEE_OTHER);
    assert!(
        analyst
            .send(&address, &[("do", "declare"), ("series", "nowhere"), ("since", "2026-08"), ("what", "x")])
            .body
            .contains("has no series")
    );
    let page = analyst.get(&address).body;
    assert!(
        page.contains("What must not get worse")
            && page.contains("0.9")
            && page.contains("Same-day care is counted apart")
    );
    let figures = month(&house, &address, "2026-10", &[]);
    assert_eq!(report(&analyst, &address, &figures, "").status, StatusCode::SEE_OTHER);
    assert_eq!(analyst.send(&address, &[("do", "look"), ("month", "2026-10")]).status, StatusCode::SEE_OTHER);
    let page = analyst.get(&address).body;
    for words in ["may have got worse by 0.9", "what is recorded changed in 2026-08", "community nurses"] {
        assert!(page.contains(words), "{words}");
    }
}

/// The decision's protocol as it would be with a later start and one matrix to calibrate.
fn later(house: &House, address: &str) -> Value {
    let mut protocol = serde_json::to_value(&decision(house, address).frozen().unwrap().protocol).unwrap();
    protocol["start"] = json!("2027-01");
    protocol["baseline"] = json!("2022-01");
    protocol["grid"] = json!([{"phi": 0.0, "lambda": 1.0, "kappa": 0.5}]);
    protocol
}

#[test]
fn a_protocol_that_is_changed_begins_a_new_clock_and_only_before_its_first_month() {
    let house = House::with_measures();
    let address = gate(&house);
    let (board, analyst) = (house.sign_in("commissioner"), house.sign_in("analyst"));
    let amended = later(&house, &address);
    let amend = |who: &Visitor<'_>, protocol: &Value, reason: &str| {
        who.send(&address, &[("do", "amend"), ("protocol", &protocol.to_string()), ("reason", reason)])
    };
    assert_eq!(amend(&analyst, &amended, "Later").status, StatusCode::FORBIDDEN);
    let looks = decision(&house, &address).looks().len();
    for (field, value, why) in [
        ("start", json!("2026-09"), "has begun"),
        ("title", json!("Other beds"), "Another title is another decision"),
        ("placebos", json!(["area01"]), "at least 39 other areas"),
        ("beds", json!("many"), "This is no protocol"),
        ("surprise", json!(1), "This is no protocol"),
    ] {
        let mut wrong = amended.clone();
        wrong[field] = value;
        let answer = amend(&board, &wrong, "Later");
        assert!(answer.body.contains(why), "{field}: {}", answer.body.split("<main").nth(1).unwrap());
    }
    assert!(amend(&board, &amended, " ").body.contains("Say why in a few words"));
    assert_eq!(decision(&house, &address).looks().len(), looks);
    let head = house.head();
    assert_eq!(amend(&board, &amended, "The staff come in January").location(), format!("{address}?done=amend"));
    assert_eq!(deeds(&house, head), [Action::Govern]);
    let page = board.get(&address);
    holds("gate_amended", &page);
    assert!(page.body.contains("number 2: each amendment began a new one"));
    assert!(page.body.contains("May the beds be closed? <strong>No.</strong>"));
    assert_eq!(decision(&house, &address).looks().len(), 0, "no look of before counts");
    assert!(page.body.contains("Every look, as it was made"), "and none is lost");
}

#[test]
fn a_protocol_is_registered_by_a_page_and_frozen() {
    let house = House::with_measures();
    let mut protocol = later(&house, &gate(&house));
    protocol["title"] = json!("Six beds on ward C1");
    let text = protocol.to_string();
    let send =
        |persona: &str, text: &str| house.sign_in(persona).send("/gate", &[("do", "register"), ("protocol", text)]);
    assert_eq!(send("analyst", &text).status, StatusCode::FORBIDDEN);
    assert!(send("councillor", "{").body.contains("This is no protocol"));
    let made = send("councillor", &text);
    assert!(made.location().ends_with("?done=register"), "{}", made.body);
    let page = house.sign_in("councillor").get(made.location());
    holds("gate_registered", &page);
    assert!(page.body.contains("Six beds on ward C1") && page.body.contains("Frozen as"));
    assert!(send("councillor", &text).body.contains("is registered already"));
    assert!(house.anybody().get("/public/gate").body.contains("Six beds on ward C1"));
}

#[test]
fn after_beds_have_gone_harm_is_looked_for_from_figures_that_come_by_the_page() {
    let house = House::with_measures();
    let address = gate(&house);
    for persona in ["commissioner", "councillor", "hospital-director", "community-director"] {
        assert_eq!(house.sign_in(persona).send(&address, &[("do", "sign")]).status, StatusCode::SEE_OTHER, "{persona}");
    }
    let release = [("do", "release"), ("beds", "20")];
    assert_eq!(house.sign_in("hospital-director").send(&address, &release).status, StatusCode::SEE_OTHER);
    house.pass(SignedDuration::from_hours(24 * 140));
    let analyst = house.sign_in("analyst");
    let mut lines = String::new();
    for of in ["2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03"] {
        lines.push_str(&month(&house, &address, of, &[]));
    }
    // The need comes back, and more.
    let lines = lines.replace("stockport,2026-12,2000", "stockport,2026-12,3400");
    let lines = ["2027-01", "2027-02", "2027-03"]
        .iter()
        .fold(lines, |lines, of| lines.replace(&format!("stockport,{of},2000"), &format!("stockport,{of},3400")));
    assert_eq!(report(&analyst, &address, &lines, "").status, StatusCode::SEE_OTHER);
    let harm = analyst.send(&address, &[("do", "harm"), ("month", "2027-03")]);
    assert_eq!(harm.location(), format!("{address}?done=harm"));
    let page = house.anybody().get(&format!("/public{address}"));
    holds("gate_harm", &page);
    assert!(
        page.body.contains("The watch over harm") && page.body.contains("the beds are opened again"),
        "{}",
        page.body
    );
}

#[test]
fn the_evidence_is_drawn_look_by_look_and_without_signing_in_only_what_is_public() {
    let house = House::with_measures();
    let address = gate(&house);
    let analyst = house.sign_in("analyst");
    let page = analyst.get(&address);
    assert!(
        page.body.contains("The evidence, look by look") && page.body.contains("Evidence that the need has fallen")
    );
    let lines = |answer: crate::house::Answer| answer.body.lines().count();
    let open = lines(house.anybody().get(&format!("/public{address}/evidence.csv")));
    assert!(open >= 2);
    let figures = month(&house, &address, "2026-10", &[]);
    assert_eq!(report(&analyst, &address, &figures, "").status, StatusCode::SEE_OTHER);
    assert_eq!(analyst.send(&address, &[("do", "look"), ("month", "2026-10")]).status, StatusCode::SEE_OTHER);
    assert_eq!(
        lines(house.anybody().get(&format!("/public{address}/evidence.csv"))),
        open,
        "a look that is not public"
    );
    assert_eq!(lines(analyst.get(&format!("{address}/evidence.csv"))), 6, "one line a look, and the header");
}
