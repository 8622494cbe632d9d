//! What a decision needs beside the ask: an order that was followed or a reason, and figures that have an age.

use super::*;

fn offer(service: &str, level: Level) -> Offer {
    Offer {
        service: Team::try_from(service.to_owned()).unwrap(),
        level,
        fit: String::new(),
        free: None,
        observed_at: None,
        travel_minutes: None,
        clock_left: None,
    }
}

fn triage(decision: Decision, offers: Vec<Offer>) -> Triage {
    let because = Words::try_from("because").unwrap();
    Triage { decision, urgency: Urgency::SameDay, because, offers, overridden: None }
}

#[test]
fn another_level_of_the_service_that_stood_first_is_another_choice() {
    let first = offer("service:falls", Level::Home7Day);
    let service = first.service.clone();
    let of = |level| triage(Decision::Accepted { service: service.clone(), level }, vec![first.clone()]);
    assert_eq!(of(Level::Home7Day).check(Timestamp::UNIX_EPOCH), Ok(()));
    let other = of(Level::Hospital).check(Timestamp::UNIX_EPOCH).unwrap_err().to_string();
    assert!(other.contains("in hospital") && other.contains("at home"), "{other}");
}

#[test]
fn a_figure_without_its_age_is_no_figure() {
    let shown = Offer { free: Some(3), ..offer("service:falls", Level::Home7Day) };
    let advice = Decision::AdviceOnly { advice: Words::try_from("rest").unwrap() };
    let check = |offer| triage(advice.clone(), vec![offer]).check(Timestamp::UNIX_EPOCH);
    assert_eq!(check(shown.clone()), Err(NotDecided::WithoutAge("service:falls".to_owned())));
    let later = Timestamp::from_second(1).unwrap();
    let from_then = Offer { observed_at: Some(later), ..shown.clone() };
    assert_eq!(check(from_then), Err(NotDecided::SeenInTheFuture("service:falls".to_owned())));
    assert_eq!(check(Offer { observed_at: Some(Timestamp::UNIX_EPOCH), ..shown }), Ok(()));
}

#[test]
fn a_reason_to_override_has_one_word_in_the_log_and_in_forms() {
    for code in OverrideCode::ALL {
        assert_eq!(serde_json::to_value(code).unwrap(), code.word());
        assert_eq!(OverrideCode::from_word(code.word()), Some(code));
    }
    assert_eq!(OverrideCode::from_word("because"), None);
}
