//! About, and whether it is well. For anybody, signed in or not; no person data.

use axum::extract::State as Shared;
use axum::response::Html;

use super::Page;
use super::feeds::thousands;
use super::person::FeedState;
use crate::app::{Heads, State, Trouble};
use crate::components::{Colour, Tag};
use crate::layout::{Section, Shell};
use crate::pages::status::Check;
use crate::pages::{about, status};
use crate::session::Who;
use crate::words::{ago, uk_datetime};

fn shell(who: &Result<Who, Trouble>, title: &str) -> Shell {
    who.as_ref().map_or_else(|_| Shell::new(title, Section::None), |who| who.shell(title, Section::None))
}

pub(crate) async fn page(who: Result<Who, Trouble>) -> Page {
    let data = [
        ("NHS Organisation Data Service: practices and organisations", "Open Government Licence v3.0"),
        ("House of Commons Library: practice lists and disease registers", "Open Parliament Licence"),
        ("Care Quality Commission: care homes and practice sites", "Open Government Licence v3.0"),
        (
            "Ministry of Housing, Communities and Local Government: Indices of Deprivation",
            "Open Government Licence v3.0",
        ),
        (
            "NHS England: Artificial Data Pilot (Hospital Episode Statistics, artificial)",
            "Open Government Licence v3.0",
        ),
        ("Synthea: synthetic patients", "Apache License 2.0"),
        ("Microsoft FHIR Converter: sample HL7 v2 messages", "MIT Licence"),
    ];
    let view = about::View {
        shell: shell(&who, "About Weft"),
        version: format!("Weft {}", env!("CARGO_PKG_VERSION")),
        data: data.map(|(name, licence)| (name.to_owned(), licence.to_owned())).to_vec(),
    };
    Ok(Html(about::render(&view)))
}

/// How the heads of the log are kept, in a sentence: that it is well, or the alarm.
pub(super) fn heads(state: &State) -> Result<String, String> {
    match (state.parts().heads)() {
        Heads::Kept { seq, at } => Ok(format!(
            "Kept in a second place; the last one covers {} entries and was checked {}.",
            thousands(seq),
            ago(at, state.now())
        )),
        Heads::Nowhere => Err("They are kept nowhere else, so a log that was cut short or written anew may not show. \
             Whoever runs Weft can name a second place."
            .to_owned()),
        Heads::Failing { since, why } => {
            Err(format!("They could not be kept in the second place since {}. {why}", uk_datetime(since)))
        }
        Heads::Disagree { what } => Err(format!("The log is not the one whose heads were kept: {what}.")),
    }
}

pub(crate) async fn status(Shared(state): Shared<State>, who: Result<Who, Trouble>) -> Page {
    let now = state.now();
    let check = |name: &str, (word, colour): (&str, Colour), sentence: String| Check {
        name: name.to_owned(),
        state: Tag::new(word).coloured(colour),
        sentence,
    };
    let (well, look, not_well) = (("Well", Colour::Green), ("Look at it", Colour::Yellow), ("Not well", Colour::Red));
    let mut checks = Vec::new();
    match state.read(|tx| store::log::head(tx)).await {
        Ok(head) => {
            checks.push(check("Database", well, format!("Answers. {} entries are in the log.", thousands(head.seq))));
        }
        Err(_) => checks.push(check("Database", not_well, "Does not answer.".to_owned())),
    }
    checks.push(match heads(&state) {
        Ok(sentence) => check("Heads of the log", well, sentence),
        Err(sentence) => check("Heads of the log", not_well, sentence),
    });
    let (undecided, unseen) = (access::policy::alarms(), record::sight::disagreements());
    checks.push(match undecided {
        0 => check("Rules", well, "Every decision could be made.".to_owned()),
        _ => check(
            "Rules",
            not_well,
            format!("{undecided} decisions could not be made since the start; each was denied."),
        ),
    });
    checks.push(match unseen {
        0 => check("Searches", well, "None has found what its reader may not see.".to_owned()),
        _ => check(
            "Searches",
            not_well,
            format!("{unseen} times since the start one found what its reader may not see; nothing of it was shown."),
        ),
    });
    if let Ok(tallies) = state.tallies().await {
        let place = &state.parts().place;
        let down = place
            .feeds()
            .iter()
            .filter(|feed| {
                let tally = tallies.iter().find(|tally| tally.feed == *feed.id);
                FeedState::of(feed, tally, now) == FeedState::Down
            })
            .count();
        checks.push(match down {
            0 => check("Feeds", well, "None is down.".to_owned()),
            1 => check("Feeds", look, "1 is down.".to_owned()),
            _ => check("Feeds", look, format!("{down} are down.")),
        });
        let waiting: i64 = tallies.iter().map(|tally| tally.ever.quarantined).sum();
        checks.push(match waiting {
            0 => check("Quarantine", well, "Nothing waits.".to_owned()),
            1 => check("Quarantine", look, "1 message waits.".to_owned()),
            _ => check("Quarantine", look, format!("{} messages wait.", thousands(waiting))),
        });
    }
    let all_well = checks.iter().all(|check| check.state.colour == Some(Colour::Green));
    let view = status::View {
        shell: shell(&who, "Is it well?"),
        answer: if all_well { "All is well.".to_owned() } else { "Something needs a look.".to_owned() },
        as_at: uk_datetime(now),
        checks,
    };
    Ok(Html(status::render(&view)))
}
