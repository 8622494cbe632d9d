//! What happened to an ask, told in words: who did it is said beside it. Must not say more than the event holds.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::event::{Contact, Event};
use crate::reciprocal::Reply;
use crate::team::Team;
use crate::triage::Decision;

impl Contact {
    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Visit => "a visit",
            Self::Attendance => "an attendance",
            Self::Telephone => "a telephone call",
            Self::Video => "a video call",
        }
    }
}

/// A moment as people here say it.
fn when(at: Timestamp) -> String {
    let here = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    at.to_zoned(here).strftime("%-d %B %Y at %H:%M").to_string()
}

/// A day as people say it.
fn day(date: jiff::civil::Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// What was decided, in a sentence, with teams by the names that `named` knows.
#[must_use]
pub fn decision_with(decision: &Decision, named: &dyn Fn(&Team) -> String) -> String {
    match decision {
        Decision::Accepted { service, level } => format!("accepted for {}, {}", named(service), level.said()),
        Decision::Redirected { to, why } => format!("redirected to {} ({}): {why}", to.name, to.contact),
        Decision::AdviceOnly { advice } => format!("advice: {advice}"),
        Decision::Declined { reason, alternative, owner } => format!(
            "declined: {reason}. Instead: {} ({}). {} of {} sees to it",
            alternative.what,
            alternative.how,
            owner.name,
            named(&owner.team)
        ),
    }
}

impl Event {
    /// What happened, in a sentence without who did it, with teams by the names that `named` knows.
    #[must_use]
    pub fn told_with(&self, named: &dyn Fn(&Team) -> String) -> String {
        match self {
            Self::Drafted { .. } => "wrote a draft".to_owned(),
            Self::DraftDiscarded { .. } => "threw the draft away".to_owned(),
            Self::AskSubmitted { request, .. } => {
                format!("asked {} for {}: {}", named(&request.asked_for), request.kind.said(), request.happened)
            }
            Self::AskReceived { .. } => "picked it up".to_owned(),
            Self::TriageStarted { .. } => "began to decide".to_owned(),
            Self::MoreInfoAsked { question, .. } => format!("asked: {question}"),
            Self::MoreInfoGiven { words, .. } => format!("answered: {words}"),
            Self::WordsAdded { words, .. } => format!("added: {words}"),
            Self::TriageDecided { triage, .. } => {
                format!("{}. Because: {}", decision_with(&triage.decision, named), triage.because)
            }
            Self::HopOffered { to, note, warm, .. } => {
                format!("offered it to {}{}: {note}", named(to), if *warm { ", on the line" } else { "" })
            }
            Self::HopAccepted { from, to, .. } => format!("took it from {} for {}", named(from), named(to)),
            Self::HopReturned { from, to, because, .. } => {
                format!("gave it back from {} to {}: {because}", named(to), named(from))
            }
            Self::HopTakenBack { to, because, .. } => format!("took the offer to {} back: {because}", named(to)),
            Self::AskScheduled { when: at, what, .. } => format!("arranged {what} for {}", when(*at)),
            Self::ContactStarted { when: at, contact, .. } => format!("{} began on {}", contact.said(), when(*at)),
            Self::ContactEnded { when: at, goes_on, .. } => {
                format!("the contact was over on {}{}", when(*at), if *goes_on { "; care goes on" } else { "" })
            }
            Self::OutcomeRecorded { ending, words, .. } => format!("outcome: {}. {words}", ending.said()),
            Self::AnswerSent { to, how, words, .. } => format!("told {to} ({how}): {words}"),
            Self::AnswerNotSent { because, .. } => format!("could not tell whoever asked: {because}"),
            Self::AskClosed { redirected, .. } => match redirected {
                Some(to) => format!("closed it; it goes on with {} ({})", to.name, to.contact),
                None => "closed it".to_owned(),
            },
            Self::AskWithdrawn { because, .. } => format!("took the ask back: {because}"),
            Self::ContactFailed { tried, .. } => format!("could not reach the person: {tried}"),
            Self::DeathNoted { source, .. } => format!("noted that the person has died, as said by {source}"),
            Self::ReciprocalAsked { reciprocal, .. } => format!(
                "asked {} of {} ({}) for {}, to be answered by {}",
                reciprocal.named,
                named(&reciprocal.neighbour),
                reciprocal.contact,
                reciprocal.what,
                day(reciprocal.by)
            ),
            Self::ReciprocalAnswered { reply: Reply::Accepted { who, starts }, .. } => {
                format!("wrote down that the neighbour borough says yes: {who}, from {}", day(*starts))
            }
            Self::ReciprocalAnswered { reply: Reply::Refused { because, escalated }, .. } => format!(
                "wrote down that the neighbour borough says no: {because}. {} of {} takes it further",
                escalated.name,
                named(&escalated.team)
            ),
            Self::PersonFound { because, .. } => format!("found out who the person is: {because}"),
        }
    }
}
