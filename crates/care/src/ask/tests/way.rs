//! The way of an ask, told through, and the places where it says no.

use super::*;

fn received() -> Vec<(Subject, Act)> {
    vec![(gp(), submit(request())), (coordinator(), Act::Receive)]
}

fn with(more: impl IntoIterator<Item = (Subject, Act)>) -> Ask {
    done(received().into_iter().chain(more))
}

#[test]
fn from_the_practice_to_the_responder_and_back_it_is_one_ask_with_one_owner_at_a_time() {
    let mut acts = vec![(gp(), submit(request()))];
    assert_eq!(done(acts.clone()).owner(), Some(&team(PRACTICE)), "whoever sends it has it");
    acts.push((coordinator(), Act::Receive));
    assert_eq!(done(acts.clone()).owner(), Some(&team(DOOR)));
    acts.extend([(triager(), Act::StartTriage), (triager(), decide(accepted())), (triager(), answer())]);
    let ask = done(acts.clone());
    assert_eq!((ask.state(), ask.owner()), (State::Decided, Some(&team(DOOR))), "until the responders take it");
    assert_eq!(ask.open_hop().unwrap().to, team(CRISIS));
    acts.push((responder(), Act::AcceptHop));
    let contact = Act::StartContact { when: at(5), contact: Contact::Visit };
    acts.extend([(responder(), contact), (responder(), outcome(Ending::HelpedAtHome))]);
    let ask = done(acts.clone());
    assert_eq!((ask.owner(), ask.answered()), (Some(&team(CRISIS)), Some(Answered::Sent)));
    acts.push((responder(), close(known(84))));
    let ask = done(acts);
    assert_eq!((ask.state(), ask.ending()), (State::Closed, Some(Ending::HelpedAtHome)));
    assert_eq!(refused(&ask, responder(), outcome(Ending::HelpedAtHome)), Refusal::NotNow(State::Closed));
    assert_eq!(ask.ties().len(), 3, "the practice, the door and the responders");
}

#[test]
fn who_is_not_of_the_team_cannot_take_it() {
    let sent = done([(gp(), submit(request()))]);
    assert_eq!(refused(&sent, responder(), Act::Receive), Refusal::NotOfferedToYou(team(DOOR)));
    assert_eq!(refused(&sent, gp(), Act::AcceptHop), Refusal::NotOfferedToYou(team(DOOR)), "nor who has sent it");
    let both = somebody("both", Role::Receptionist, &[DOOR]);
    assert!(matches!(refused(&sent, both, Act::Receive), Refusal::NotYourRole(_)));
    let unassured = Subject { assured: false, ..coordinator() };
    assert_eq!(refused(&sent, unassured, Act::Receive), Refusal::NotAssured);
    let ask = with([]);
    assert_eq!(refused(&ask, gp(), Act::TakeBackHop { because: words("late") }), Refusal::NotOffered);
    assert_eq!(refused(&ask, gp(), Act::AskMore { question: words("who?") }), Refusal::NotYours(team(DOOR)));
}

#[test]
fn a_service_that_gives_it_back_puts_it_among_what_is_to_be_decided() {
    let back = Act::ReturnHop { because: words("Nobody is free before night") };
    let decided = [(triager(), Act::StartTriage), (triager(), decide(accepted())), (triager(), answer())];
    let ask = with(decided.into_iter().chain([(responder(), back)]));
    assert_eq!((ask.state(), ask.owner()), (State::Triaging, Some(&team(DOOR))));
    assert_eq!(ask.answered(), None, "what whoever asked was told is not so any more");
    assert!(!ask.ties().contains_key(&team(CRISIS)), "who never had it has no more to do with the person");
}

#[test]
fn a_coordinator_takes_it_in_and_hands_it_on_and_decides_nothing() {
    let ask = with([]);
    let hand_on = Act::OfferHop { to: team(CRISIS), note: words("She is on the line"), warm: true };
    assert_eq!(with([(coordinator(), hand_on)]).open_hop().unwrap().to, team(CRISIS));
    assert!(matches!(refused(&ask, coordinator(), Act::StartTriage), Refusal::NotYourRole(_)));
    let triaging = with([(triager(), Act::StartTriage)]);
    assert!(matches!(refused(&triaging, coordinator(), decide(accepted())), Refusal::NotYourRole(_)));
}

#[test]
fn what_was_chosen_against_the_order_on_the_screen_needs_a_reason() {
    let ask = with([(triager(), Act::StartTriage)]);
    let second = Decision::Accepted { service: team("service:falls"), level: Level::Home7Day };
    assert!(matches!(refused(&ask, triager(), decide(second.clone())), Refusal::NotDecided(_)));
    let with_reason = |codes: &[OverrideCode], said: Option<&str>| {
        let overridden = Some(Override { codes: codes.to_vec(), words: said.map(words) });
        Act::Decide { triage: Box::new(Triage { overridden, ..triage(second.clone()) }), warm: false }
    };
    assert!(matches!(refused(&ask, triager(), with_reason(&[], Some("because"))), Refusal::NotDecided(_)));
    assert!(matches!(refused(&ask, triager(), with_reason(&[OverrideCode::Other], None)), Refusal::NotDecided(_)));
    for codes in [vec![OverrideCode::PersonPrefers], vec![OverrideCode::Other, OverrideCode::Continuity]] {
        let ask = with([(triager(), Act::StartTriage), (triager(), with_reason(&codes, Some("She asked for them")))]);
        assert_eq!(ask.triage().unwrap().offers, triage(accepted()).offers, "what was on the screen is kept as it was");
    }
}

#[test]
fn a_decline_that_leads_nowhere_cannot_be_read_or_written() {
    let sound = serde_json::to_value(declined()).unwrap();
    assert_eq!(serde_json::from_value::<Decision>(sound.clone()).unwrap(), declined());
    for (part, inner) in [("alternative", "what"), ("alternative", "how"), ("owner", "name"), ("owner", "team")] {
        let mut spoilt = sound.clone();
        spoilt["declined"][part][inner] = serde_json::json!("  ");
        assert!(serde_json::from_value::<Decision>(spoilt).is_err(), "{part} {inner}");
        let mut spoilt = sound.clone();
        spoilt["declined"].as_object_mut().unwrap().remove(part);
        assert!(serde_json::from_value::<Decision>(spoilt).is_err(), "{part}");
    }
    let ask = with([(triager(), Act::StartTriage), (triager(), decide(declined()))]);
    assert!(ask.state().is_open(), "a decline is no end");
    assert_eq!(ask.open_hop().unwrap().to, team(CRISIS), "whoever sees to the alternative is asked to take it");
    assert_eq!(refused(&ask, triager(), close(known(84))), Refusal::NoOutcome);
}

#[test]
fn it_closes_with_an_outcome_and_an_answer_and_not_before() {
    let decided = [(triager(), Act::StartTriage), (triager(), decide(Decision::AdviceOnly { advice: words("Rest") }))];
    let ask = with(decided.clone());
    assert_eq!(refused(&ask, triager(), close(known(84))), Refusal::NoOutcome);
    let ask = with(decided.clone().into_iter().chain([(triager(), outcome(Ending::AdviceGiven))]));
    assert_eq!(refused(&ask, triager(), close(known(84))), Refusal::NoAnswer);
    for told in [answer(), Act::CannotAnswer { because: words("The number does not exist") }] {
        let rest = [(triager(), outcome(Ending::AdviceGiven)), (triager(), told), (triager(), close(known(84)))];
        assert_eq!(with(decided.clone().into_iter().chain(rest)).state(), State::Closed);
    }
}

#[test]
fn a_child_or_perhaps_a_child_meets_no_dead_end() {
    let ended = |age: Age| {
        let asked = Request { whom: Whom { age, ..request().whom }, ..request() };
        let rest = [
            (coordinator(), Act::Receive),
            (triager(), Act::StartTriage),
            (triager(), decide(Decision::AdviceOnly { advice: words("Rest") })),
            (triager(), outcome(Ending::AdviceGiven)),
            (triager(), answer()),
        ];
        done(std::iter::once((gp(), submit(asked))).chain(rest))
    };
    let guessed = |years| Age::Estimated { years, source: "the crew".to_owned() };
    for (asked, now) in [
        (known(17), known(17)),
        (known(17), Age::Unknown {}),
        (known(17), guessed(30)),
        (Age::Unknown {}, Age::Unknown {}),
        (Age::Unknown {}, guessed(19)),
        (guessed(12), Age::Unknown {}),
    ] {
        let ask = ended(asked.clone());
        assert_eq!(refused(&ask, triager(), close(now.clone())), Refusal::ChildWithoutTarget, "{asked:?} {now:?}");
        let onward = Act::Close { age: now, redirected: Some(destination(None)) };
        assert!(ask.decide(Command { by: triager(), act: onward }, at(99)).is_ok());
    }
    for (asked, now) in [(Age::Unknown {}, known(18)), (guessed(19), known(30)), (Age::Unknown {}, guessed(60))] {
        assert!(ended(asked).decide(Command { by: triager(), act: close(now) }, at(99)).is_ok());
    }
}

#[test]
fn the_same_ask_sent_twice_is_one_ask_and_another_one_under_its_id_is_refused() {
    let sent = done([(gp(), submit(request()))]);
    assert_eq!(sent.decide(Command { by: gp(), act: submit(request()) }, at(9)), Ok(Vec::new()));
    let other = Request { worries: words("And she is cold"), ..request() };
    assert_eq!(refused(&sent, gp(), submit(other)), Refusal::SentAlready);
    let of_another = Subject { id: "other".to_owned(), ..gp() };
    assert_eq!(refused(&sent, of_another, submit(request())), Refusal::SentAlready);
    assert_eq!(id_of("gp", "RND", "1"), id_of("gp", "RND", "1"));
    assert_ne!(id_of("gp", "RND", "1"), id_of("gp", "RN", "D1"));
}

#[test]
fn a_draft_is_its_authors_and_goes_with_the_sending() {
    let draft = |typed: &str| Act::Draft(Draft::of(None, [("happened".to_owned(), typed.to_owned())]));
    let begun = done([(gp(), draft("Found on")), (gp(), draft("Found on the floor"))]);
    assert_eq!(begun.draft().unwrap().field("happened"), "Found on the floor");
    assert_eq!(begun.decide(Command { by: gp(), act: draft("Found on the floor") }, at(9)), Ok(Vec::new()));
    for act in [draft("mine now"), Act::Discard, submit(request())] {
        let other = Subject { id: "other".to_owned(), ..gp() };
        assert_eq!(refused(&begun, other, act), Refusal::NotYourDraft);
    }
    assert_eq!(refused(&begun, gp(), draft(&"é".repeat(8_001))), Refusal::DraftTooLong("happened".to_owned()));
    let sent = done([(gp(), draft("Found on")), (gp(), submit(request()))]);
    assert_eq!(sent.draft(), None);
    assert_eq!(refused(&sent, gp(), draft("Found")), Refusal::SentAlready);
    assert_eq!(done([(gp(), draft("Found")), (gp(), Act::Discard)]).draft(), None);
    let nothing = Ask::default().decide(Command { by: gp(), act: Act::Draft(Draft::default()) }, at(0));
    assert_eq!(nothing, Ok(Vec::new()), "an empty form leaves no trace");
}

#[test]
fn whoever_has_no_team_here_leaves_it_with_the_door() {
    let ask = done([(citizen(), submit(from_home(request())))]);
    assert_eq!((ask.owner(), ask.open_hop()), (Some(&team(DOOR)), None));
    let ask = done([(citizen(), submit(from_home(request()))), (coordinator(), Act::Receive)]);
    assert_eq!(ask.state(), State::Received);
    let to_crisis = Request { asked_for: team(CRISIS), ..from_home(request()) };
    let ask = done([(citizen(), submit(to_crisis))]);
    assert_eq!((ask.owner(), &ask.open_hop().unwrap().to), (Some(&team(DOOR)), &team(CRISIS)));
    let in_a_name = Ask::default().decide(Command { by: citizen(), act: submit(request()) }, at(0));
    assert_eq!(in_a_name, Err(Refusal::NotYourTeam(team(PRACTICE))));
    // A home has what it has sent until the door takes it.
    let manager = somebody("manager", Role::CareHomeManager, &[HOME]);
    let asked_by = Asker { team: Some(team(HOME)), ..request().asked_by };
    let ask = done([(manager.clone(), submit(Request { asked_by, ..request() }))]);
    assert_eq!(ask.owner(), Some(&team(HOME)));
    let back = Act::TakeBackHop { because: words("The GP is here") };
    assert!(ask.decide(Command { by: manager, act: back }, at(3)).is_ok());
}

#[test]
fn somebody_unknown_gets_an_ask_and_becomes_known_under_the_same_id() {
    let whom = Whom {
        person: Uuid::from_u128(1),
        described: Some(words("A woman of about 80 in a blue coat, bus stop at Mersey Square")),
        age: Age::Estimated { years: 80, source: "the caller".to_owned() },
    };
    let sent = [(coordinator(), submit(Request { whom, ..from_home(request()) })), (coordinator(), Act::Receive)];
    let find = |person| Act::FindPerson { person, age: known(84), because: words("Her bus pass") };
    let ask = done(sent.clone());
    assert_eq!(refused(&ask, coordinator(), find(Uuid::from_u128(1))), Refusal::SamePerson);
    assert_eq!(refused(&ask, coordinator(), find(Uuid::nil())), Refusal::Nobody);
    let ask = done(sent.into_iter().chain([(coordinator(), find(person()))]));
    assert_eq!((ask.person(), ask.finds(), ask.age()), (person(), 1, &known(84)));
    assert_eq!(ask.decide(Command { by: coordinator(), act: find(person()) }, at(9)), Ok(Vec::new()));
    let nobody = Request { whom: Whom { person: Uuid::nil(), ..request().whom }, ..request() };
    assert_eq!(refused(&Ask::default(), gp(), submit(nobody)), Refusal::Nobody);
}

#[test]
fn a_time_out_of_order_is_refused_with_what_is_wrong_with_it() {
    let decided = [(triager(), Act::StartTriage), (triager(), decide(accepted())), (responder(), Act::AcceptHop)];
    let ask = with(decided.clone());
    let start = |minute| Act::StartContact { when: at(minute), contact: Contact::Visit };
    assert!(refused(&ask, responder(), start(-1)).to_string().contains("before the ask was sent"));
    assert!(refused(&ask, responder(), start(1_001)).to_string().contains("in the future"));
    let end = |minute| Act::EndContact { when: at(minute), goes_on: true };
    assert_eq!(refused(&ask, responder(), end(9)), Refusal::NotNow(State::Decided));
    let seen = with(decided.into_iter().chain([(responder(), start(4))]));
    assert!(refused(&seen, responder(), end(3)).to_string().contains("before its beginning"));
    let past = Act::Schedule { when: at(999), what: words("A visit") };
    assert!(refused(&ask, responder(), past).to_string().contains("in the past"));
    let lying = Visit { on_floor_since: Some(at(1_001)), ..Visit::default() };
    assert!(
        refused(&Ask::default(), gp(), submit(Request { visit: lying, ..request() })).to_string().contains("future")
    );
}

#[test]
fn what_ends_before_its_time_is_on_offer_no_longer_and_still_needs_an_end() {
    let sent = [(gp(), submit(request()))];
    let withdrawn = done(sent.clone().into_iter().chain([(gp(), Act::Withdraw { because: words("She is up again") })]));
    assert_eq!((withdrawn.state(), withdrawn.open_hop()), (State::Withdrawn, None));
    assert_eq!(refused(&withdrawn, gp(), close(known(84))), Refusal::NoOutcome);
    let by_the_person = Act::Withdraw { because: words("I do not want it") };
    assert_eq!(with([(citizen(), by_the_person.clone())]).state(), State::Withdrawn);
    assert_eq!(refused(&with([]), responder(), by_the_person), Refusal::NotYours(team(DOOR)));
    let died = with([(coordinator(), Act::NoteDeath { source: words("Her daughter") })]);
    assert_eq!(refused(&died, coordinator(), outcome(Ending::NoNeed)), Refusal::WrongEnding);
    assert!(died.decide(Command { by: coordinator(), act: outcome(Ending::Died) }, at(9)).is_ok());
    assert_eq!(
        refused(
            &with([(triager(), Act::StartTriage), (triager(), decide(declined()))]),
            triager(),
            outcome(Ending::Died)
        ),
        Refusal::OfferedAlready(team(CRISIS))
    );
}

#[test]
fn the_words_in_the_log_stay_as_they_are() {
    let ask = with([(triager(), Act::StartTriage)]);
    let events = ask.decide(Command { by: triager(), act: decide(accepted()) }, at(9)).unwrap();
    let said = serde_json::to_value(&events[0]).unwrap();
    let triage = &said["TriageDecided"]["triage"];
    assert_eq!(triage["decision"]["accepted"]["level"], "home-7-day");
    assert_eq!(triage["urgency"], "two-hours");
    assert_eq!(triage["offers"][0]["service"], CRISIS);
    assert_eq!(serde_json::from_value::<Event>(said).unwrap(), events[0]);
    let levels = Level::ALL.map(|level| serde_json::to_value(level).unwrap());
    assert_eq!(levels, Level::ALL.map(|level| serde_json::json!(level.word())));
    for kind in Kind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
        assert_eq!(Kind::from_word(kind.word()), Some(kind));
    }
    for ending in Ending::ALL {
        assert_eq!(serde_json::to_value(ending).unwrap(), ending.word());
        assert_eq!(Ending::from_word(ending.word()), Some(ending));
    }
    for urgency in Urgency::ALL {
        assert_eq!(serde_json::to_value(urgency).unwrap(), urgency.word());
        assert_eq!(Urgency::from_word(urgency.word()), Some(urgency));
    }
    for otherwise in Otherwise::ALL {
        assert_eq!(serde_json::to_value(otherwise).unwrap(), otherwise.word());
        assert_eq!(Otherwise::from_word(otherwise.word()), Some(otherwise));
    }
}

#[test]
fn by_when_is_by_the_clock_on_the_wall_here() {
    let asked: Timestamp = "2026-10-24T23:30:00Z".parse().unwrap();
    // The night the clocks go back: the twenty-fifth has twenty-five hours.
    assert_eq!(
        Urgency::SameDay.by(asked).unwrap().as_second(),
        "2026-10-25T23:59:59Z".parse::<Timestamp>().unwrap().as_second()
    );
    assert_eq!(Urgency::TwoHours.by(asked), Some("2026-10-25T01:30:00Z".parse().unwrap()));
    assert_eq!(Urgency::Routine.by(asked), None);
}

#[test]
fn the_borough_next_door_is_asked_by_name_and_day_and_the_ask_stays_here_meanwhile() {
    let next_door = |named: &str, by: i8| {
        Act::AskNeighbour(Box::new(crate::reciprocal::Reciprocal {
            neighbour: team("organisation:derbyshire-council"),
            named: words(named),
            contact: words("01632 960077"),
            by: jiff::civil::date(2026, 12, by),
            what: words("Care at home from Monday"),
        }))
    };
    let ask = with([(coordinator(), next_door("Ann Peel", 1))]);
    assert_eq!((ask.owner(), ask.state()), (Some(&team(DOOR)), State::Received), "it stays where it is");
    assert_eq!(ask.reciprocal().map(|asked| asked.named.as_str()), Some("Ann Peel"));
    let again = Command { by: coordinator(), act: next_door("Ann Peel", 1) };
    assert_eq!(ask.decide(again, at(9)), Ok(Vec::new()), "a double click");
    assert_eq!(refused(&ask, coordinator(), next_door("Bo Hill", 2)), Refusal::NeighbourAsked(words("Ann Peel")));
    assert!(matches!(refused(&ask, gp(), next_door("Bo Hill", 2)), Refusal::NotYours(_)));
    // It is not closed while they have not answered.
    let ended = [
        (triager(), Act::StartTriage),
        (triager(), decide(Decision::AdviceOnly { advice: words("Rest") })),
        (triager(), answer()),
        (triager(), outcome(Ending::AdviceGiven)),
    ];
    let ask = with([(coordinator(), next_door("Ann Peel", 1))].into_iter().chain(ended));
    assert_eq!(refused(&ask, triager(), close(known(84))), Refusal::NeighbourSilent(words("Ann Peel")));
    let no = crate::reciprocal::Reply::Refused {
        because: words("No carer is free"),
        escalated: Owner { team: team(DOOR), name: words("Sam Lee") },
    };
    let mut then = ask;
    for act in [Act::NeighbourReplied(no), close(known(84))] {
        for event in then.decide(Command { by: triager(), act }, at(1_000)).unwrap() {
            then.apply(&event);
        }
    }
    assert_eq!(then.state(), State::Closed);
}

#[test]
fn nobody_is_turned_away_for_being_another_boroughs() {
    let ask = with([(triager(), Act::StartTriage)]);
    let mut away = declined();
    if let Decision::Declined { reason, .. } = &mut away {
        *reason = words("Lives outside the borough");
    }
    assert_eq!(refused(&ask, triager(), decide(away)), Refusal::NotNotOurs);
    let sent = done([(gp(), submit(request()))]);
    let back = Act::ReturnHop { because: words("Out of area: not our patient") };
    assert_eq!(refused(&sent, coordinator(), back), Refusal::NotNotOurs);
}
