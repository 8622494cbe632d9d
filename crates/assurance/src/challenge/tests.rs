//! A challenge from its charter to its verdict, and what it refuses on the way.

use jiff::civil::date;

use super::*;

fn member(id: &str) -> Member {
    Member { id: id.to_owned(), name: id.to_owned(), part: "nurse".to_owned() }
}

fn charter() -> Charter {
    Charter {
        title: "Advice in minutes".to_owned(),
        aim: "70 of 100 questions answered within five minutes by day 100".to_owned(),
        why: "People wait weeks for what a call would settle.".to_owned(),
        measure: "Questions answered within five minutes".to_owned(),
        unit: "%".to_owned(),
        more_is_better: true,
        target: Some(70.0),
        people: false,
        indicator: None,
        start: date(2026, 6, 8),
        team: vec![member("ann"), member("ben")],
        sponsor: member("sue"),
    }
}

fn at(number: i32) -> Timestamp {
    let day = charter().on(number);
    format!("{day}T12:00:00Z").parse().unwrap()
}

fn tell(challenge: &mut Challenge, command: Command, at: Timestamp) -> Result<(), Refusal> {
    for event in challenge.decide(command, at)? {
        challenge.apply(&event);
    }
    Ok(())
}

fn begun() -> Challenge {
    let mut challenge = Challenge::default();
    tell(&mut challenge, Command::Charter { by: "sue".to_owned(), charter: Box::new(charter()) }, at(-3)).unwrap();
    challenge
}

fn predict() -> Command {
    let (change, prediction) = ("A rota of one consultant a day".to_owned(), "half are answered at once".to_owned());
    Command::Predict { by: "ann".to_owned(), change, prediction }
}

fn find(test: u32) -> Command {
    Command::Find {
        by: "ben".to_owned(),
        test,
        result: "a third were".to_owned(),
        as_predicted: false,
        learnt: "the rota has to be known in practices".to_owned(),
        next: Verdict::Adapt,
    }
}

fn week(number: i32, value: f64) -> Command {
    Command::Measure { by: "ann".to_owned(), week: charter().on(number * 7), value, reason: None }
}

fn judge(by: &str) -> Command {
    Command::Judge {
        by: by.to_owned(),
        verdict: Verdict::Adopt,
        words: "Fourteen weeks; others need a rota.".to_owned(),
    }
}

fn pause() -> Command {
    Command::Pause { by: "ann".to_owned(), words: "Goes on.".to_owned() }
}

#[test]
fn a_challenge_is_told_from_its_charter_to_its_verdict() {
    let mut challenge = begun();
    tell(&mut challenge, predict(), at(2)).unwrap();
    tell(&mut challenge, find(0), at(9)).unwrap();
    for number in 0..13 {
        tell(&mut challenge, week(number, 40.0 + f64::from(number)), at(number * 7 + 7)).unwrap();
    }
    assert_eq!(challenge.stands(at(55)), "Day 55 of 100; the mid-point is due.");
    tell(&mut challenge, pause(), at(55)).unwrap();
    assert_eq!(challenge.stands(at(101)), "Day 100 has passed, and the verdict is due.");
    tell(&mut challenge, judge("sue"), at(100)).unwrap();
    assert_eq!(challenge.stands(at(101)), "Over: adopt.");
    assert_eq!(challenge.weeks().len(), 13);
    assert!(challenge.chart(false).unwrap().alternative.contains("13 points"));
    assert!(challenge.chart(true).unwrap().alternative.contains("13 points"), "per cent are no people");
    assert_eq!(tell(&mut challenge, predict(), at(102)), Err(Refusal::Over));
}

#[test]
fn a_prediction_comes_before_its_result_and_neither_is_changed() {
    let mut challenge = begun();
    assert_eq!(tell(&mut challenge, find(0), at(3)), Err(Refusal::NoSuchTest));
    tell(&mut challenge, predict(), at(3)).unwrap();
    assert_eq!(tell(&mut challenge, find(0), at(3)), Err(Refusal::NotBefore));
    tell(&mut challenge, find(0), at(4)).unwrap();
    assert_eq!(tell(&mut challenge, find(0), at(5)), Err(Refusal::HasResult));
    let silent = Command::Predict { by: "ann".to_owned(), change: "x".to_owned(), prediction: " ".to_owned() };
    assert!(tell(&mut challenge, silent, at(5)).unwrap_err().to_string().contains("before you try it"));
    assert_eq!(tell(&mut challenge, predict(), at(101)), Err(Refusal::TooLate));
}

#[test]
fn the_verdict_waits_for_day_100_the_mid_point_and_every_result_and_is_the_sponsors() {
    let mut challenge = begun();
    assert_eq!(tell(&mut challenge, pause(), at(49)), Err(Refusal::NotHalf(charter().on(50))));
    assert_eq!(tell(&mut challenge, judge("sue"), at(99)), Err(Refusal::NotOver(charter().end())));
    assert_eq!(tell(&mut challenge, judge("sue"), at(100)), Err(Refusal::NoMiddle));
    tell(&mut challenge, pause(), at(60)).unwrap();
    assert_eq!(tell(&mut challenge, pause(), at(61)), Err(Refusal::Held));
    assert_eq!(tell(&mut challenge, judge("sue"), at(100)), Err(Refusal::NothingTried));
    tell(&mut challenge, predict(), at(61)).unwrap();
    assert_eq!(tell(&mut challenge, judge("sue"), at(100)), Err(Refusal::Unfinished(1)));
    tell(&mut challenge, find(0), at(62)).unwrap();
    assert_eq!(tell(&mut challenge, judge("ann"), at(100)), Err(Refusal::NotTheSponsor));
    assert_eq!(tell(&mut challenge, judge("zoe"), at(100)), Err(Refusal::NotOfTheTeam));
    tell(&mut challenge, judge("sue"), at(100)).unwrap();
}

#[test]
fn a_week_is_a_monday_that_is_over_without_a_gap_and_changes_with_a_reason() {
    let mut challenge = begun();
    assert_eq!(tell(&mut challenge, predict(), at(-1)), Err(Refusal::NotBegun(charter().start)));
    assert_eq!(tell(&mut challenge, week(0, 40.0), at(6)), Err(Refusal::NotAWeek), "not over");
    let tuesday = Command::Measure { by: "ann".to_owned(), week: charter().on(1), value: 1.0, reason: None };
    assert_eq!(tell(&mut challenge, tuesday, at(20)), Err(Refusal::NotAWeek));
    assert_eq!(tell(&mut challenge, week(15, 1.0), at(120)), Err(Refusal::NotAWeek), "after day 100");
    assert_eq!(tell(&mut challenge, week(0, f64::NAN), at(8)), Err(Refusal::NoNumber));
    tell(&mut challenge, week(0, 40.0), at(7)).unwrap();
    assert_eq!(tell(&mut challenge, week(2, 40.0), at(28)), Err(Refusal::Gap(charter().on(7))));
    assert_eq!(tell(&mut challenge, week(0, 40.0), at(8)), Err(Refusal::Same));
    let refused = tell(&mut challenge, week(0, 44.0), at(8)).unwrap_err();
    assert_eq!(refused, Refusal::Restatement { was: 40.0, is: 44.0 });
    let because = Command::Measure {
        by: "ann".to_owned(),
        week: charter().start,
        value: 44.0,
        reason: Some("two calls were counted twice".to_owned()),
    };
    tell(&mut challenge, because, at(9)).unwrap();
    assert_eq!(challenge.weeks()[&charter().start], 44.0);
    assert_eq!((challenge.restated()[0].was, challenge.restated()[0].is), (40.0, 44.0));
}

#[test]
fn a_charter_has_words_a_team_and_a_sponsor_outside_it() {
    let refused = |charter: Charter| {
        tell(&mut Challenge::default(), Command::Charter { by: "sue".to_owned(), charter: Box::new(charter) }, at(0))
    };
    assert!(refused(Charter { aim: String::new(), ..charter() }).unwrap_err().to_string().contains("by how much"));
    assert_eq!(refused(Charter { team: vec![member("ann")], ..charter() }), Err(Refusal::Team));
    assert_eq!(refused(Charter { sponsor: member("ann"), ..charter() }), Err(Refusal::Team));
    assert_eq!(refused(Charter { target: Some(f64::NAN), ..charter() }), Err(Refusal::NoNumber));
    let mut twice = begun();
    let again = Command::Charter { by: "sue".to_owned(), charter: Box::new(charter()) };
    assert_eq!(tell(&mut twice, again, at(0)), Err(Refusal::Chartered));
}
