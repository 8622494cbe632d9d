//! What the clocks hear of an ask: each thing that happened, as the word that rules are written in, at the time it happened. Must not
//! know any rule; which word starts or stops what is the policies' to say.

use jiff::Timestamp;

use super::event::Event;
use super::request::Urgency;
use crate::clock::Moment;

/// The moments of an ask, in the order in which they were told. `told` is when each was written down. Of several offers only the
/// last is heard: each is a clock of its own.
#[must_use]
pub fn moments<'e>(events: impl IntoIterator<Item = (Timestamp, &'e Event)>) -> Vec<Moment> {
    let (mut heard, mut offer) = (Vec::new(), Vec::new());
    let mut presses = false;
    for (told, event) in events {
        let now = |signal: &str| Moment::new(told, signal);
        match event {
            Event::AskSubmitted { request, .. } => presses = request.urgency == Urgency::TwoHours,
            Event::AskReceived { .. } => {
                heard.push(now("received"));
                // Somebody who can act has it: from now on two hours are counted.
                if presses {
                    heard.push(now("crisis-referral-received"));
                }
            }
            Event::TriageStarted { .. } => heard.push(now("triaged")),
            Event::MoreInfoAsked { .. } => heard.push(now("more-info-asked")),
            Event::MoreInfoGiven { .. } => heard.push(now("more-info-given")),
            Event::TriageDecided { .. } => heard.push(now("decided")),
            Event::HopOffered { .. } => offer = vec![now("hop-offered")],
            Event::HopAccepted { .. } => offer.push(now("hop-accepted")),
            Event::HopReturned { .. } => offer.push(now("hop-returned")),
            Event::HopTakenBack { .. } => offer.push(now("hop-taken-back")),
            Event::ContactStarted { when, .. } => heard.push(Moment::new(*when, "first-contact").told(told)),
            Event::AnswerSent { .. } => heard.push(now("answer-sent")),
            Event::AskWithdrawn { .. } => {
                heard.push(now("withdrawn"));
                heard.push(now("withdrawn-before-contact"));
            }
            Event::DeathNoted { .. } => heard.push(now("died")),
            Event::Drafted { .. }
            | Event::DraftDiscarded { .. }
            | Event::WordsAdded { .. }
            | Event::AskScheduled { .. }
            | Event::ContactEnded { .. }
            | Event::OutcomeRecorded { .. }
            | Event::AnswerNotSent { .. }
            | Event::AskClosed { .. }
            | Event::ContactFailed { .. }
            | Event::PersonFound { .. } => {}
        }
    }
    heard.extend(offer);
    heard
}

/// The clocks that a page about an ask shows, by their short names, in their order.
pub const CLOCKS: [&str; 4] = ["crisis-response", "triage", "hop-answer", "answer-to-referrer"];

#[cfg(test)]
mod tests {
    use access::{Role, Subject};
    use place::Place;

    use super::*;
    use crate::ask::Contact;
    use crate::clock::{Clocks, State};
    use crate::team::Team;
    use crate::words::Words;

    fn by() -> Subject {
        Subject {
            id: "nurse".to_owned(),
            name: "Nia".to_owned(),
            role: Role::DistrictNurse,
            organisation: String::new(),
            own: None,
            teams: Vec::new(),
            assured: true,
        }
    }

    fn at(time: &str) -> Timestamp {
        format!("2026-11-23T{time}:00Z").parse().unwrap()
    }

    fn team(word: &str) -> Team {
        Team::try_from(word.to_owned()).unwrap()
    }

    #[test]
    fn two_hours_are_counted_from_the_door_to_the_first_contact_at_the_time_it_happened() {
        let heard = vec![
            Moment::new(at("09:56"), "crisis-referral-received"),
            Moment::new(at("10:41"), "first-contact").told(at("11:20")),
        ];
        let events = [(at("11:20"), Event::ContactStarted { by: by(), when: at("10:41"), contact: Contact::Visit })];
        assert_eq!(moments(events.iter().map(|(at, event)| (*at, event))), heard[1..]);
        let clocks = Clocks::of(&Place::built_in().unwrap()).unwrap();
        let span = clocks.span("crisis-response", &heard, at("12:00")).unwrap().unwrap();
        assert_eq!((span.state, span.elapsed.minutes(), span.breached), (State::Stopped, Some(45), false));
    }

    #[test]
    fn of_several_offers_the_last_is_the_one_that_waits() {
        let words = Words::try_from("full").unwrap();
        let (door, crisis) = (Team::single_point_of_access(), team("service:crisis-response"));
        let offered = |to: &Team| Event::HopOffered {
            by: by(),
            from: door.clone(),
            to: to.clone(),
            note: words.clone(),
            warm: false,
        };
        let returned = Event::HopReturned { by: by(), from: door.clone(), to: crisis.clone(), because: words.clone() };
        let events = [
            (at("10:00"), offered(&crisis)),
            (at("10:05"), returned),
            (at("10:10"), offered(&team("neighbourhood:marple"))),
        ];
        let heard = moments(events.iter().map(|(at, event)| (*at, event)));
        assert_eq!(heard, [Moment::new(at("10:10"), "hop-offered")]);
    }

    #[test]
    fn every_clock_that_a_page_shows_is_one_of_the_place_and_hears_what_an_ask_says() {
        let place = Place::built_in().unwrap();
        let clocks = Clocks::of(&place).unwrap();
        for clock in CLOCKS {
            let rule = clocks.rules_of(clock).last().unwrap_or_else(|| panic!("{clock} is no clock of the place"));
            assert!(!rule.version.start.is_empty(), "{clock}");
        }
    }
}
