//! The crisis team by its pages: from an ask that it takes to somebody by name who has the person, and who is told nothing.

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};

use crate::ask::{asked, asked_on_floor};
use crate::house::{Answer, House, Visitor};

/// Lets time pass until a whole minute of the day on which a house begins, if that has not come.
fn until(house: &House, time: &str) {
    let then: Timestamp = format!("2026-11-22T{time}:00Z").parse().unwrap();
    house.pass(then.duration_since(house.now()).max(SignedDuration::ZERO));
}

/// An ask for Margaret, decided for the crisis team and taken by it: the ask, the response, the fall.
pub(crate) fn taken(house: &House) -> (String, String, String) {
    until(house, "09:31");
    let (gp, desk, nurse) = (house.sign_in("gp"), house.sign_in("coordinator"), house.sign_in("triage-nurse"));
    let margaret = gp.person("Margaret Ashworth").to_string();
    let ask = asked(&gp, &margaret);
    assert_eq!(desk.send(&format!("{ask}/accept"), &[]).status, StatusCode::SEE_OTHER);
    decided(&nurse, &ask);
    house.pass(SignedDuration::from_mins(4));
    let joel = house.sign_in("crisis-responder");
    assert!(joel.get("/board/crisis").body.contains("Nobody waits."), "offered is not taken");
    assert_eq!(joel.send(&format!("{ask}/accept"), &[]).status, StatusCode::SEE_OTHER);
    // Pressed twice: one response.
    joel.send(&format!("{ask}/accept"), &[]);
    let page = joel.get(&ask);
    let crisis = format!("/crisis/{}", page.between("href=\"/crisis/", "\""));
    let fall = format!("/falls/{}", page.between("href=\"/falls/", "\""));
    (ask, crisis, fall)
}

/// Decided for the crisis team, by a clinician of the door.
fn decided(nurse: &Visitor<'_>, ask: &str) {
    sent(&nurse.send(&format!("{ask}/start"), &[]));
    let offers = nurse.get(&format!("{ask}/triage"));
    let seen = offers.between("name=\"seen\" value=\"", "\"").to_owned();
    let fields = [("service", "crisis-response"), ("seen", &seen), ("level", "home"), ("reason", "clinical-judgement")];
    sent(&nurse.send(&format!("{ask}/triage"), &fields));
}

const CLEAR: [(&str, &str); 5] =
    [("lost_consciousness", "no"), ("head", "no"), ("blood_thinner", "no"), ("injury", "none"), ("can_get_up", "no")];

fn sent(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

fn refused(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("There is a problem") && answer.body.contains(words), "{words}: {}", answer.body);
}

fn everywhere(joel: &Visitor<'_>, pages: &[&str]) -> String {
    pages.iter().map(|page| joel.get(page).body).collect()
}

#[test]
fn somebody_on_the_floor_is_reached_helped_up_and_handed_on_and_the_ask_closes_with_it() {
    let house = House::open();
    let (ask, crisis, fall) = taken(&house);
    let joel = house.sign_in("crisis-responder");
    let board = joel.get("/board/crisis").body;
    assert!(board.contains("1 h 56 min") && board.contains("Margaret Ashworth"), "{board}");
    assert!(board.contains("On the floor since 06:20, 195 minutes: a long lie"), "{board}");
    assert!(board.contains("crisis-response@2026-1") && board.contains("Not checked against its source"));
    assert!(board.contains("Nobody yet") && board.contains("A fall, without serious injury"));
    assert!(joel.get("/board/falls").body.contains("195 min"));
    // Nobody is sent before the five questions, and what was typed stays.
    let goes = [("responder", "T. Shah, nurse"), ("equipment", "raiser")];
    let early = joel.send(&format!("{crisis}/assign"), &goes);
    refused(&early, "Ask first: consciousness");
    assert!(early.body.contains("value=\"T. Shah, nurse\""));
    refused(&joel.send(&format!("{fall}/questions"), &CLEAR[..3]), "Choose what is hurt");
    sent(&joel.send(&format!("{fall}/questions"), &CLEAR));
    // Out of order, in words.
    refused(&joel.send(&format!("{crisis}/arrived"), &[("when", "09:30")]), "Say first who goes");
    sent(&joel.send(&format!("{crisis}/assign"), &goes));
    sent(&joel.send(&format!("{crisis}/assign"), &goes));
    house.pass(SignedDuration::from_mins(50));
    let joel = house.sign_in("crisis-responder");
    sent(&joel.send(&format!("{crisis}/en-route"), &[("when", "09:40")]));
    refused(&joel.send(&format!("{crisis}/arrived"), &[("when", "23:00")]), "That time does not fit");
    refused(
        &joel.send(&format!("{crisis}/stabilise"), &[("words", "Plan"), ("when", "09:50")]),
        "Nobody has arrived yet",
    );
    sent(&joel.send(&format!("{crisis}/arrived"), &[("when", "10:16")]));
    sent(&joel.send(&format!("{crisis}/arrived"), &[("when", "10:16")]));
    let board = joel.get("/board/crisis").body;
    assert!(
        board.contains("Nobody waits.") && board.contains("71 h 51 min") && board.contains("crisis-stabilise@2026-1")
    );
    let page = joel.get(&crisis).body;
    assert!(page.contains("Done after 45 minutes"), "{page}");
    refused(&joel.send(&format!("{crisis}/measured"), &[("news2", "21"), ("when", "10:20")]), "between 0 and 20");
    refused(&joel.send(&format!("{crisis}/measured"), &[("when", "10:20")]), "Write down at least one figure");
    let figures = [("news2", "1"), ("four-at", "0"), ("standing-drop", "22"), ("when", "10:20")];
    sent(&joel.send(&format!("{crisis}/measured"), &figures));
    sent(&joel.send(&format!("{crisis}/stabilise"), &[("words", "Hazard visit, class"), ("when", "10:22")]));
    let hand = [
        ("onward", "down"),
        ("team", "neighbourhood:werneth"),
        ("name", "J. Ward"),
        ("when", "10:23"),
        ("without", "hospital"),
        ("told", "On the line"),
    ];
    refused(&joel.send(&format!("{crisis}/hand-on"), &hand), "still on the floor");
    sent(&joel.send(&format!("{fall}/up"), &[("when", "10:17"), ("care", "assessed")]));
    let need = [("falls", "1"), ("frailty", "no"), ("gait", "no"), ("condition", "no")];
    sent(&joel.send(&format!("{fall}/need"), &need));
    assert!(joel.get("/board/falls").body.contains("Lay 237 minutes on the floor"));
    refused(&joel.send(&format!("{fall}/assessment"), &[("when", "10:20")]), "Write down what was looked at");
    let looked = [
        ("when", "10:20"),
        ("standing-blood-pressure", "A drop of 22"),
        ("standing-blood-pressure-action", "GP to see"),
    ];
    sent(&joel.send(&format!("{fall}/assessment"), &looked));
    refused(&joel.send(&format!("{fall}/hazard-visit"), &[("on", "soon")]), "Write a day");
    sent(&joel.send(&format!("{fall}/hazard-visit"), &[("on", "26 11 2026")]));
    sent(&joel.send(&format!("{fall}/strength"), &[("on", "4 12 2026"), ("place", "The baths")]));
    let page = joel.get(&fall).body;
    for words in
        ["They could not get up", "237 minutes: a long lie", "26 November 2026", "From 4 December 2026, The baths"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    // What the ask itself would say, the crisis page says; and with a team that is no neighbourhood's it is not handed down.
    refused(&joel.send(&format!("{ask}/outcome"), &[("ending", "no-need"), ("words", "Well")]), "crisis page");
    assert!(!joel.get(&ask).body.contains(&format!("{ask}/outcome")));
    let wrong: Vec<_> =
        hand.iter().map(|(name, value)| (*name, if *name == "team" { "ods:P88002" } else { value })).collect();
    refused(&joel.send(&format!("{crisis}/hand-on"), &wrong), "Whoever steps down is handed to a neighbourhood");
    refused(&joel.send(&format!("{crisis}/hand-on"), &hand[..5]), "Write a few words");
    sent(&joel.send(&format!("{crisis}/hand-on"), &hand));
    sent(&joel.send(&format!("{crisis}/hand-on"), &hand));
    assert!(joel.get("/board/crisis").body.contains("Nobody is with the crisis team."));
    let ended = house.sign_in("gp").get(&ask).body;
    assert!(ended.contains("It is closed: with the neighbourhood team."), "{ended}");
    assert!(ended.contains("J. Ward of Werneth neighbourhood team has them now"), "{ended}");
    let page = joel.get(&crisis).body;
    assert!(page.contains("It is closed: J. Ward of Werneth neighbourhood team has them."), "{page}");
    assert!(page.contains("J. Ward of Werneth neighbourhood team has them now. Without this team"), "{page}");
    // No page of a fall or a crisis has a word of a score.
    let all = everywhere(&joel, &["/board/crisis", "/board/falls", &crisis, &fall, &format!("{fall}/need")]);
    for word in ["score", "likelihood", "probability", "risk of fall", "points"] {
        assert!(!all.to_lowercase().contains(word), "{word}");
    }
}

#[test]
fn each_step_of_a_response_and_of_a_fall_names_who_did_it_to_whom_the_ask_is_shown() {
    let house = House::open();
    let (_, crisis, fall) = taken(&house);
    let joel = house.sign_in("crisis-responder");
    sent(&joel.send(&format!("{fall}/questions"), &CLEAR));
    sent(&joel.send(&format!("{crisis}/assign"), &[("responder", "T. Shah, nurse")]));
    let steps = |page: &str| page.split("id=\"steps\"").nth(1).unwrap_or_default().to_owned();
    // As the thread of the ask names them: to the team that has it, to who asked, and to the person.
    for persona in ["crisis-responder", "gp", "citizen"] {
        let somebody = house.sign_in(persona);
        for address in [&crisis, &fall] {
            let page = somebody.get(address);
            assert_eq!(page.status, StatusCode::OK, "{persona} at {address}");
            let told = steps(&page.body);
            assert!(told.contains("Joel Harding, Occupational therapist, crisis response"), "{persona}: {told}");
        }
    }
    // To whom the ask is not shown, neither is any of it.
    for persona in ["receptionist", "recovery-therapist", "analyst", "carer"] {
        let other = house.sign_in(persona);
        for address in [&crisis, &fall] {
            let page = other.get(address);
            assert!(page.status != StatusCode::OK && !page.body.contains("Joel"), "{persona} at {address}");
        }
    }
}

#[test]
fn a_month_after_a_fall_somebody_asks_how_they_are() {
    let house = House::open();
    let (_, crisis, fall) = taken(&house);
    let joel = house.sign_in("crisis-responder");
    let how = format!("{fall}/how-they-are");
    let words = [("again", "no"), ("words", "Walks to the shop with her frame")];
    let typed = |when: &'static str| [&words[..], &[("when", when)]].concat();
    refused(&joel.send(&how, &typed("09:34")), "still on the floor");
    sent(&joel.send(&format!("{fall}/questions"), &CLEAR));
    sent(&joel.send(&format!("{crisis}/assign"), &[("responder", "T. Shah, nurse")]));
    sent(&joel.send(&format!("{fall}/up"), &[("when", "09:33"), ("care", "assessed")]));
    let section = |page: &str| page.split_once("To be asked how they are, 30 days on").unwrap().1.to_owned();
    let early = joel.get(&fall).body;
    assert!(early.contains("Asked how they are, 30 days after a fall") && early.contains("30 days left"), "{early}");
    assert!(!early.contains(&how), "not before it is time");
    assert!(section(&joel.get("/board/falls").body).contains("Nobody is to be asked now."));
    house.pass(SignedDuration::from_hours(24 * 22));
    assert!(
        section(&house.sign_in("crisis-responder").get("/board/falls").body).contains("Nobody is to be asked now.")
    );
    house.pass(SignedDuration::from_hours(24));
    let joel = house.sign_in("crisis-responder");
    let board = section(&joel.get("/board/falls").body);
    assert!(board.contains("Margaret Ashworth") && board.contains("7 days left"), "{board}");
    assert!(board.contains("Fell on 22 November 2026"), "{board}");
    let page = joel.get(&fall).body;
    assert!(page.contains(&how) && page.contains("fall-follow-up@2026-1"), "{page}");
    house.pass(SignedDuration::from_hours(24 * 8));
    let joel = house.sign_in("crisis-responder");
    assert!(section(&joel.get("/board/falls").body).contains("1 day late"), "late is not lost");
    // Nobody who has no part in it hears of it, or says anything.
    let other = house.sign_in("receptionist");
    assert!(!other.get("/board/falls").body.contains("Ashworth"));
    assert_ne!(other.send(&how, &typed("22 12 2026 10:00")).status, StatusCode::SEE_OTHER);
    refused(&joel.send(&how, &[("when", "22 12 2026 10:00"), ("words", "Well")]), "Choose an answer");
    refused(&joel.send(&how, &typed("22 11 2026 06:00")), "That time does not fit");
    sent(&joel.send(&how, &typed("22 12 2026 10:00")));
    sent(&joel.send(&how, &typed("22 12 2026 10:00")));
    assert!(section(&joel.get("/board/falls").body).contains("Nobody is to be asked now."));
    let page = joel.get(&fall).body;
    assert!(page.contains("they have not fallen again. Walks to the shop with her frame"), "{page}");
    assert_eq!(page.matches("Somebody asked how they are at").count(), 1, "pressed twice, written once: {page}");
    // Told a day late, it counts on the day on which somebody asked.
    assert!(page.contains("Done after 30 days") && !page.contains("too late"), "{page}");
    for word in ["score", "likelihood", "probability", "risk of fall", "points"] {
        assert!(!page.to_lowercase().contains(word), "{word}");
    }
}

#[test]
fn story_s2_on_the_floor_has_the_times_of_the_reference() {
    let house = House::open();
    // 09:52: the call. The handler takes what is not in the record, and hands it to a clinician on the line at 09:56.
    until(&house, "09:56");
    let (handler, nurse, joel) =
        (house.sign_in("coordinator"), house.sign_in("triage-nurse"), house.sign_in("crisis-responder"));
    let margaret = house.sign_in("gp").person("Margaret Ashworth").to_string();
    let ask = asked_on_floor(&handler, &margaret, "09:20");
    sent(&nurse.send(&format!("{ask}/receive"), &[]));
    decided(&nurse, &ask);
    let told = [("to", "The lifting service"), ("how", "On the line"), ("words", "Somebody comes within two hours")];
    sent(&nurse.send(&format!("{ask}/answer"), &told));
    house.pass(SignedDuration::from_mins(2));
    sent(&joel.send(&format!("{ask}/accept"), &[]));
    let page = joel.get(&ask);
    let crisis = format!("/crisis/{}", page.between("href=\"/crisis/", "\""));
    let fall = format!("/falls/{}", page.between("href=\"/falls/", "\""));
    let board = joel.get("/board/crisis").body;
    assert!(board.contains("1 h 58 min") && board.contains("On the floor since 09:20, 38 minutes"), "{board}");
    sent(&joel.send(&format!("{fall}/questions"), &CLEAR));
    sent(&joel.send(&format!("{crisis}/assign"), &[("responder", "T. Shah, nurse"), ("equipment", "Raiser")]));
    // 10:41: there; no signal in the house, and told at 11:30.
    house.pass(SignedDuration::from_mins(92));
    let joel = house.sign_in("crisis-responder");
    sent(&joel.send(&format!("{crisis}/arrived"), &[("when", "10:41")]));
    sent(&joel.send(&format!("{fall}/up"), &[("when", "10:41"), ("care", "assessed")]));
    let figures = [("four-at", "0"), ("news2", "1"), ("standing-drop", "24"), ("when", "10:50")];
    sent(&joel.send(&format!("{crisis}/measured"), &figures));
    sent(
        &joel.send(&format!("{fall}/need"), &[("falls", "1"), ("frailty", "no"), ("gait", "no"), ("condition", "no")]),
    );
    sent(&joel.send(&format!("{fall}/hazard-visit"), &[("on", "27 11 2026")]));
    sent(&joel.send(&format!("{fall}/strength"), &[("on", "6 12 2026"), ("place", "Werneth class")]));
    let page = joel.get(&crisis).body;
    assert!(page.contains("Done after 45 minutes") && page.contains("crisis-response@2026-1"), "{page}");
    let page = joel.get(&fall).body;
    for words in ["81 minutes: a long lie", "They could not get up", "Falls in the twelve months before"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    // Whoever asked was told before they hung up, so nobody is asked to tell them again.
    assert!(!joel.get(&format!("{crisis}/hand-on")).body.contains("How was whoever asked told?"));
    // A copy of the case at 07:56: the rule of each year, by itself.
    let clocks = care::clock::Clocks::of(&place::Place::built_in().unwrap()).unwrap();
    let moments = [("07:56", "crisis-referral-received"), ("08:41", "first-contact")]
        .map(|(time, word)| care::clock::Moment::new(format!("2026-11-24T{time}:00Z").parse().unwrap(), word));
    let now = "2026-11-24T12:00:00Z".parse().unwrap();
    let minutes =
        |rules| clocks.rule_in(care::crisis::RESPONSE, rules).unwrap().span(&moments, now).unwrap().elapsed.minutes();
    assert_eq!((minutes("2016"), minutes("2026")), (Some(41), Some(45)), "open from eight; and always");
}

#[test]
fn a_red_flag_is_for_999_unless_a_named_clinician_has_decided_otherwise() {
    let house = House::open();
    let (_, crisis, fall) = taken(&house);
    let joel = house.sign_in("crisis-responder");
    let flagged: Vec<_> =
        CLEAR.iter().map(|(name, _)| (*name, if *name == "injury" { "serious" } else { "yes" })).collect();
    sent(&joel.send(&format!("{fall}/questions"), &flagged));
    refused(&joel.send(&format!("{crisis}/assign"), &[("responder", "T. Shah")]), "this is for 999");
    let visit = [("route", "visit"), ("because", "A paramedic is there")];
    let again = joel.send(&format!("{fall}/who-goes"), &visit);
    refused(&again, "a serious injury is apparent");
    sent(&joel.send(&format!("{fall}/who-goes"), &[visit[0], visit[1], ("despite", "Dr Okafor has seen her")]));
    sent(&joel.send(&format!("{crisis}/assign"), &[("responder", "T. Shah")]));
}

#[test]
fn nobody_goes_leaves_the_ask_with_the_team_until_it_is_handed_on_or_answered() {
    let house = House::open();
    let (ask, crisis, _) = taken(&house);
    let joel = house.sign_in("crisis-responder");
    let page = joel.send(&format!("{crisis}/nobody-goes"), &[("why", "inappropriate"), ("because", "It is a stroke")]);
    assert_eq!(page.location(), format!("{ask}?done=yes"));
    assert!(joel.get("/board/crisis").body.contains("Nobody waits."));
    let stays = joel.get(&ask).body;
    assert!(stays.contains("Crisis response has it now.") && stays.contains(&format!("{ask}/hand-on")), "{stays}");
    refused(&joel.send(&format!("{crisis}/assign"), &[("responder", "T. Shah")]), "Ask first");
}

#[test]
fn whoever_may_not_open_the_ask_is_not_told_that_there_is_a_response_or_a_fall() {
    let house = House::open();
    let (_, crisis, fall) = taken(&house);
    for persona in ["receptionist", "records-officer", "privacy-officer", "analyst", "carer", "care-home-manager"] {
        let other = house.sign_in(persona);
        for address in ["/board/crisis", "/board/falls"] {
            assert!(!other.get(address).body.contains("Ashworth</a>"), "{persona} at {address}");
        }
        for address in [crisis.clone(), fall.clone(), format!("{crisis}/assign"), format!("{fall}/questions")] {
            let seen = other.get(&address);
            let nothing =
                other.get(&address.replace(address.split('/').nth(2).unwrap(), "0198f0c2-77aa-7000-8000-000000000001"));
            assert_ne!(seen.status, StatusCode::OK, "{persona} at {address}");
            assert_eq!(seen.status, nothing.status, "{persona} at {address}");
            assert!(!seen.body.contains("kitchen"), "{persona} at {address}");
        }
        let tried = other.send(&format!("{crisis}/assign"), &[("responder", "Me")]);
        assert_ne!(tried.status, StatusCode::SEE_OTHER, "{persona}");
    }
    // Who asked can follow it, and say nothing in the team's name.
    let gp = house.sign_in("gp");
    let page = gp.get(&crisis);
    assert!(page.status == StatusCode::OK && !page.body.contains(&format!("{crisis}/assign")));
    sent(&house.sign_in("crisis-responder").send(&format!("{fall}/questions"), &CLEAR));
    refused(&gp.send(&format!("{crisis}/assign"), &[("responder", "Me")]), "only somebody of that team");
}
