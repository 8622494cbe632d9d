//! Stays, same-day places and free places by their pages: taken with the ask, worked by whoever has them, and nobody else's.

use axum::http::StatusCode;
use jiff::SignedDuration;

use crate::ask::asked;
use crate::house::{Answer, House, Visitor};

/// Somebody of the beds has taken an ask for Margaret that was decided for them: the ask, and the stay that came of it.
pub(crate) fn taken(house: &House) -> (String, String) {
    let ask = triaged(house);
    let nurse = house.sign_in("triage-nurse");
    choose(&nurse, &ask, "active-recovery-beds");
    let beds = house.sign_in("recovery-therapist");
    let answer = beds.send(&format!("{ask}/accept"), &[]);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let stay = format!("/stays/{}", beds.get(&ask).between("href=\"/stays/", "\""));
    (ask, stay)
}

/// An ask for Margaret that a clinician of the single point of access is deciding.
pub(crate) fn triaged(house: &House) -> String {
    let gp = house.sign_in("gp");
    let margaret = gp.person("Margaret Ashworth").to_string();
    let ask = asked(&gp, &margaret);
    let nurse = house.sign_in("triage-nurse");
    for deed in ["accept", "start"] {
        assert_eq!(nurse.send(&format!("{ask}/{deed}"), &[]).status, StatusCode::SEE_OTHER, "{deed}");
    }
    ask
}

fn choose(nurse: &Visitor<'_>, ask: &str, service: &str) {
    let page = nurse.get(&format!("{ask}/triage?level=intermediate"));
    let seen = page.between("name=\"seen\" value=\"", "\"").to_owned();
    let fields = [("service", service), ("seen", &seen), ("level", "intermediate"), ("reason", "continuity")];
    let chosen = nurse.send(&format!("{ask}/triage"), &fields);
    assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{}", chosen.body);
}

fn done(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

#[test]
fn whoever_works_in_a_service_says_how_much_room_it_has_and_triage_sees_it_with_its_age() {
    let house = House::open();
    let beds = house.sign_in("recovery-therapist");
    let page = beds.get("/services/active-recovery-beds");
    assert!(page.body.contains("Nobody has said how much room there is."), "{}", page.body);
    let tell = |visitor: &Visitor<'_>, free: &str, of: &str, when: &str| {
        visitor.send("/services/active-recovery-beds", &[("free", free), ("of", of), ("when", when)])
    };
    for (free, of, when, wrong) in [
        ("-1", "60", "", "as a whole number: 0 or more"),
        ("61", "60", "", "61 free of 60 cannot be"),
        ("3", "60", "23:50", "a time that has not come"),
        ("many", "60", "", "as a whole number: 0 or more"),
    ] {
        let refused = tell(&beds, free, of, when);
        assert!(refused.status == StatusCode::OK && refused.body.contains(wrong), "{free}: {}", refused.body);
        assert!(refused.body.contains(&format!("value=\"{free}\"")), "what was typed stays");
    }
    let before = house.happened();
    for persona in ["crisis-responder", "coordinator", "receptionist", "citizen", "analyst"] {
        let other = house.sign_in(persona);
        assert!(!other.get("/services/active-recovery-beds").body.contains("name=\"free\""), "{persona}");
        assert_eq!(tell(&other, "1", "60", "").status, StatusCode::FORBIDDEN, "{persona}");
    }
    assert_eq!(house.happened(), before, "nothing was written");
    done(&tell(&beds, "7", "60", ""));
    house.pass(SignedDuration::from_mins(12));
    let ask = triaged(&house);
    let nurse = house.sign_in("triage-nurse");
    assert!(nurse.get("/services").body.contains("7 of 60 beds, seen 12 minutes ago"));
    assert!(nurse.get(&format!("{ask}/triage?level=intermediate")).body.contains("7 beds, seen 12 minutes ago"));
    house.pass(SignedDuration::from_hours(5));
    let nurse = house.sign_in("triage-nurse");
    let old = nurse.get("/services/active-recovery-beds").body;
    assert!(old.contains("Old") && old.contains("Siobhan Keogh, active recovery beds"), "{old}");
    let former = nurse.get("/services/interim-placements").body;
    assert!(former.contains("one of before") && former.contains("href=\"/services/active-recovery-beds\""));
    assert_eq!(nurse.get("/services/nothing").status, StatusCode::NOT_FOUND);
}

#[test]
fn a_stay_goes_from_the_ask_to_two_peoples_answers() {
    let house = House::open();
    let (ask, stay) = taken(&house);
    let beds = house.sign_in("recovery-therapist");
    let list = beds.get("/stays").body;
    assert!(list.contains("Margaret Ashworth") && list.contains("Expected") && list.contains(&stay), "{list}");
    // Without a goal nobody is admitted.
    let goalless = beds.send(&format!("{stay}/admit"), &[("step", "up"), ("goals", " ")]);
    assert!(goalless.body.contains("Write at least one"), "{}", goalless.body);
    done(&beds.send(&format!("{stay}/admit"), &[("step", "up"), ("goals", "Walk to the shop\nMake her own tea")]));
    let page = beds.get(&stay).body;
    assert!(
        page.contains("Day 1, step-up") && page.contains("Walk to the shop") && page.contains("intermediate-stay@")
    );
    assert!(beds.get(&ask).body.contains("In care"), "the ask has heard of it: {}", beds.get(&ask).body);
    done(&beds.send(&format!("{stay}/review"), &[("words", "Two sticks, ten steps")]));
    done(&beds.send(&format!("{stay}/reached"), &[("goal", "1"), ("reached", "yes")]));
    // Six weeks and a day later its length is over, and it stands first.
    house.pass(SignedDuration::from_hours(24 * 43));
    let beds = house.sign_in("recovery-therapist");
    let list = beds.get("/stays").body;
    let (over, expected) = (list.find("id=\"over\"").unwrap(), list.find("id=\"expected\"").unwrap());
    assert!(over < list.find("Margaret Ashworth").unwrap() && list.find("Margaret Ashworth").unwrap() < expected);
    assert!(list.contains("1 day over") && list.contains("Over its length"), "{list}");
    let end = |who: &str, by: &str| {
        let both = [("professional", "hospital"), ("answer", "nothing"), ("who", who), ("by", by)];
        let goals = [("goal-0", "partly"), ("goal-1", "yes"), ("outcome", "home-with-support")];
        beds.send(&format!("{stay}/end"), &[both.as_slice(), goals.as_slice()].concat())
    };
    assert!(end("said", "").body.contains("Its length ended on"), "{}", end("said", "").body);
    let because = [("until", "8 1 2027"), ("because", "The stairs are not safe yet")];
    done(&beds.send(&format!("{stay}/extend"), &because));
    let same = end("said-for", "Siobhan Keogh").body;
    assert!(same.contains("Two different people answer"), "{same}");
    done(&end("said-for", "Ruth Ashworth, daughter"));
    let page = beds.get(&stay).body;
    assert!(page.contains("A stay in hospital") && page.contains("None of these, as Ruth Ashworth, daughter says"));
    // The ask is closed along its own way.
    assert!(beds.get(&ask).body.contains("what came of it is written down"));
    done(&beds.send(&format!("{ask}/outcome"), &[("ending", "helped-at-home"), ("words", "Home with a stick")]));
}

#[test]
fn nobody_but_the_service_works_a_stay_and_whoever_has_no_part_is_told_nothing() {
    let house = House::open();
    let (_, stay) = taken(&house);
    let head = |persona: &str| house.sign_in(persona).get(&stay);
    assert_eq!(head("gp").status, StatusCode::OK, "her GP may read it");
    assert!(!head("gp").body.contains("Admit them"));
    for persona in ["crisis-responder", "ambulatory-nurse", "receptionist", "analyst", "records-officer", "carer"] {
        let other = house.sign_in(persona);
        let looked = other.get(&stay);
        assert!(!looked.status.is_success() && !looked.body.contains("Margaret"), "{persona}: {}", looked.status);
        assert!(!other.get("/stays").body.contains("Margaret"), "{persona}");
    }
    for persona in ["gp", "triage-nurse", "crisis-responder", "coordinator", "citizen"] {
        let tried = house.sign_in(persona).send(&format!("{stay}/admit"), &[("step", "up"), ("goals", "Walk")]);
        assert!(!tried.status.is_redirection(), "{persona}: {}", tried.status);
    }
    let beds = house.sign_in("recovery-therapist");
    assert!(beds.get(&stay).body.contains("Expected"), "nobody admitted her");
    assert_eq!(beds.get("/stays/0198f0c2-0000-7000-8000-000000000000").status, StatusCode::NOT_FOUND);
    assert_eq!(beds.get(&format!("{stay}/nothing")).status, StatusCode::NOT_FOUND);
}

#[test]
fn a_stay_that_is_expected_goes_with_the_ask() {
    let house = House::open();
    let (ask, stay) = taken(&house);
    let beds = house.sign_in("recovery-therapist");
    let hand_on = [("team", "service:crisis-response"), ("note", "Needs somebody today"), ("warm", "no")];
    done(&beds.send(&format!("{ask}/hand-on"), &hand_on));
    assert!(beds.get(&stay).body.contains("Expected"), "on offer it is still theirs");
    done(&house.sign_in("crisis-responder").send(&format!("{ask}/accept"), &[]));
    let page = beds.get(&stay).body;
    assert!(page.contains("It was let go before they came"), "{page}");
    assert!(!beds.get("/stays").body.contains("Margaret Ashworth"));
}

/// The unit publishes today's places from three o'clock; the ids of those that can be booked.
pub(crate) fn published(house: &House, ask: &str) -> Vec<String> {
    let unit = house.sign_in("ambulatory-nurse");
    let places =
        [("day", "22 11 2026"), ("from", "15:00"), ("until", "16:00"), ("places", "Chair 1"), ("places", "Chair 2")];
    let answer = unit.send("/slots/new", &places);
    done(&answer);
    let nurse = house.sign_in("triage-nurse");
    let page = nurse.get(&format!("{ask}/slots")).body;
    page.split("name=\"slot\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn of_two_browsers_one_has_the_place_and_the_other_is_offered_three() {
    let house = House::open();
    let (ask, other) = (triaged(&house), {
        let gp = house.sign_in("gp");
        let somebody = gp.person("Margaret Ashworth").to_string();
        let ask = asked(&gp, &somebody);
        for deed in ["accept", "start"] {
            done(&house.sign_in("triage-nurse").send(&format!("{ask}/{deed}"), &[]));
        }
        ask
    });
    let slots = published(&house, &ask);
    assert_eq!(slots.len(), 4);
    let (one, two) = (house.sign_in("triage-nurse"), house.sign_in("triage-nurse"));
    done(&one.send(&format!("{ask}/slots"), &[("slot", &slots[0])]));
    done(&one.send(&format!("{ask}/slots"), &[("slot", &slots[0])]));
    let lost = two.send(&format!("{other}/slots"), &[("slot", &slots[0])]);
    assert_eq!(lost.status, StatusCode::OK);
    assert!(lost.body.contains("This was just taken. Nothing was booked."), "{}", lost.body);
    let instead = lost.between("id=\"instead\"", "</section>");
    assert_eq!(instead.matches("name=\"slot\"").count(), 3);
    assert!(!lost.body.contains(&slots[0]), "what was taken is not offered");
    // Nothing of the lost one was left: the ask is where it was, and books another.
    assert!(two.get(&other).body.contains("A clinician is deciding."));
    done(&two.send(&format!("{other}/slots"), &[("slot", &slots[1])]));
    assert!(two.send(&format!("{other}/slots"), &[("slot", &slots[2])]).body.contains("booked for this ask already"));
}

#[test]
fn a_visit_goes_from_the_booking_to_a_senior_decision() {
    let house = House::open();
    let ask = triaged(&house);
    let slots = published(&house, &ask);
    let nurse = house.sign_in("triage-nurse");
    done(&nurse.send(&format!("{ask}/slots"), &[("slot", &slots[0])]));
    assert!(nurse.get(&ask).body.contains("Ambulatory care was asked to take it"), "{}", nurse.get(&ask).body);
    let unit = house.sign_in("ambulatory-nurse");
    done(&unit.send(&format!("{ask}/accept"), &[]));
    assert!(
        unit.get(&ask).body.contains("Somebody sees the person today at 3:00pm")
            || unit.get(&ask).body.contains("15:00")
    );
    let board = unit.get("/slots").body;
    assert!(board.contains("Margaret Ashworth") && board.contains("3 places are free"), "{board}");
    assert!(!nurse.get("/slots").body.contains("Margaret"), "who has it is the unit's own");
    let visit = format!("/slots/{}", slots[0]);
    assert!(unit.send(&format!("{visit}/senior"), &[]).body.contains("They have not come yet"));
    assert!(unit.send(&format!("{visit}/not-attended"), &[]).body.contains("Their time has not come yet"));
    house.pass(SignedDuration::from_hours(5) + SignedDuration::from_mins(20));
    let unit = house.sign_in("ambulatory-nurse");
    done(&unit.send(&format!("{visit}/arrive"), &[]));
    house.pass(SignedDuration::from_mins(10));
    done(&unit.send(&format!("{visit}/first"), &[]));
    let page = unit.get(&visit).body;
    assert!(page.contains("ambulatory-initial@") && page.contains("Done after 10"), "{page}");
    assert!(
        unit.send(&format!("{visit}/decided"), &[("disposition", "home")]).body.contains("senior clinician has to see")
    );
    done(&unit.send(&format!("{visit}/senior"), &[]));
    assert!(unit.send(&format!("{visit}/give-back"), &[("because", "changed")]).body.contains("There is a problem"));
    done(&unit.send(&format!("{visit}/decided"), &[("disposition", "home")]));
    assert!(unit.get(&visit).body.contains("It was decided: home"));
    assert!(unit.get(&ask).body.contains("Seen"));
    for persona in ["crisis-responder", "receptionist", "analyst", "recovery-therapist"] {
        let other = house.sign_in(persona).get(&visit);
        assert!(!other.status.is_success() && !other.body.contains("Margaret"), "{persona}");
    }
}

#[test]
fn a_place_that_is_given_back_is_free_and_one_that_was_not_attended_is_not() {
    let house = House::open();
    let ask = triaged(&house);
    let slots = published(&house, &ask);
    let nurse = house.sign_in("triage-nurse");
    let book = |slot: &str| done(&nurse.send(&format!("{ask}/slots"), &[("slot", slot)]));
    book(&slots[0]);
    done(&nurse.send(&format!("/slots/{}/give-back", slots[0]), &[("because", "She would rather stay at home")]));
    assert!(nurse.get("/slots").body.contains("4 places are free"));
    // Taken back from the clinic, the place goes with it.
    done(&nurse.send(&format!("{ask}/take-back"), &[("because", "Another way")]));
    book(&slots[1]);
    done(&nurse.send(&format!("{ask}/take-back"), &[("because", "Another way")]));
    assert!(nurse.get("/slots").body.contains("4 places are free"));
    let unit = house.sign_in("ambulatory-nurse");
    done(&unit.send(&format!("/slots/{}/withdraw", slots[3]), &[("because", "The chair is broken")]));
    assert!(nurse.get("/slots").body.contains("3 places are free"));
    assert!(!nurse.send(&format!("/slots/{}/withdraw", slots[2]), &[("because", "x")]).status.is_redirection());
    assert_eq!(nurse.send("/slots/new", &[("day", "23 11 2026")]).status, StatusCode::FORBIDDEN);
    let again =
        unit.send("/slots/new", &[("day", "22 11 2026"), ("from", "15:00"), ("until", "16:00"), ("places", "Chair 1")]);
    assert!(again.location().ends_with("new=0&there=2"), "{}", again.location());
}

/// An ask for somebody that a clinician of the single point of access is deciding, by the rules alone.
fn deciding(house: &House, person: uuid::Uuid) -> String {
    use care::ask::{Act, Asker, Command, Consent, Kind, Otherwise, Request, Urgency, Visit, Whom};
    use care::{Team, Words};
    let words = |text: &str| Words::try_from(text).unwrap();
    let nurse = access::Subject {
        id: "nurse".to_owned(),
        name: "A nurse".to_owned(),
        role: access::Role::DistrictNurse,
        organisation: "The door".to_owned(),
        own: None,
        teams: vec![Team::single_point_of_access().word().to_owned()],
        assured: true,
    };
    let request = Request {
        whom: Whom {
            person,
            described: None,
            age: care::age::Age::Known { years: 84, source: "the record".to_owned() },
        },
        kind: Kind::Other,
        asked_by: Asker {
            name: words("A nurse"),
            relation: words("Nurse"),
            call_back: words("01632 960000"),
            team: Some(Team::single_point_of_access()),
        },
        asked_for: Team::single_point_of_access(),
        urgency: Urgency::SameDay,
        happened: words("Short of breath"),
        worries: words("Worse since yesterday"),
        otherwise: Otherwise::Wait,
        consent: Consent::Agrees {},
        visit: Visit::default(),
    };
    let (id, at) = (
        uuid::Uuid::from_u128(0x0198_f0c2_77aa_7000_8000_0000_0000_0000 + u128::from(house.head().unsigned_abs())),
        house.now(),
    );
    for act in [Act::Submit(Box::new(request)), Act::Receive, Act::StartTriage] {
        let command = Command { by: nurse.clone(), act };
        house.store.write(move |write| care::ask::carry(write, id, command.clone(), at)).unwrap();
    }
    format!("/asks/{id}")
}

#[test]
fn of_a_hundred_desks_that_book_one_place_at_once_one_has_it_and_each_other_is_offered_three() {
    let house = House::open();
    let first = triaged(&house);
    let slots = published(&house, &first);
    let margaret = house.sign_in("gp").person("Margaret Ashworth");
    let asks: Vec<String> = (0..100).map(|_| deciding(&house, margaret)).collect();
    let nurse = house.sign_in("triage-nurse");
    let token = nurse.token();
    let pressed: Vec<_> = asks
        .iter()
        .map(|ask| {
            let request = nurse.request("POST", &format!("{ask}/slots"));
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            request.body(format!("token={token}&slot={}", slots[0]).into()).unwrap()
        })
        .collect();
    let answers = house.at_once(pressed);
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == StatusCode::SEE_OTHER);
    assert_eq!((won.len(), lost.len()), (1, 99));
    for answer in lost {
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.body.contains("This was just taken. Nothing was booked."), "{}", answer.body);
        let instead = answer.between("id=\"instead\"", "</section>");
        assert_eq!(instead.matches("name=\"slot\"").count(), 3, "{instead}");
        assert!(!instead.contains(&slots[0]));
    }
    assert!(house.store.verify(None).unwrap().findings.is_empty());
}
