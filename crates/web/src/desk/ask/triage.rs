//! Triage: the services that could help somebody, in order of fit, with what is known of their room and how old that is. What was on
//! the screen is what is recorded: where a figure has changed since the page was opened, nothing is decided and the page is shown anew.

use axum::extract::{Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use care::age::Age;
use care::ask::{Act, Kind as Help};
use care::clock::Clocks;
use care::service::{self, Need, Step, whereabouts};
use care::triage::{Decision, Level, Offer, Override, OverrideCode, Triage};
use care::words::Words;
use care::{Team, views};

use super::{Opened, carry_out, open, row, team, words};
use crate::app::{State, Trouble};
use crate::desk::Page;
use crate::desk::person::capital;
use crate::pages::ask::decision::{Field, Kind, Offered};
use crate::pages::ask::triage::{self as shown, View, render};
use crate::session::{Fields, Id, Sent, Who};
use crate::words::ago;

/// The levels that services are offered at, with the word in addresses and as the programme words them.
const LEVELS: [(place::Level, Level, &str, &str); 3] = [
    (place::Level::Home, Level::Home7Day, "home", "Care at home, seven days a week"),
    (
        place::Level::Intermediate,
        Level::IntermediateNearby,
        "intermediate",
        "Care nearby day and night, with less medical support",
    ),
    (place::Level::Hospital, Level::Hospital, "hospital", "A hospital, day and night"),
];

type At = (place::Level, Level, &'static str, &'static str);

fn level_of(word: &str) -> At {
    LEVELS.into_iter().find(|(.., one, _)| *one == word).unwrap_or(LEVELS[0])
}

/// What was ranked for one ask.
struct Ranked {
    level: At,
    offers: Vec<service::Offer>,
}

async fn ranked(state: &State, who: &Who, opened: &Opened, level: At) -> Result<Ranked, Trouble> {
    let place = state.parts().place.clone();
    let figures = state.read(views::capacity::figures).await?;
    let clocks = Clocks::of(&place).map_err(|error| Trouble::Broken(error.to_string()))?;
    let age = match opened.ask.age() {
        Age::Known { years, .. } | Age::Estimated { years, .. } => Some(*years),
        Age::Unknown {} => None,
    };
    let need = Need {
        level: level.0,
        step: if opened.line.kind == Help::LeavingHospital { Step::Down } else { Step::Up },
        age,
        condition: (opened.line.kind == Help::Fall).then(|| "fall".to_owned()),
        spot: whereabouts(&place, opened.postcode.as_ref(), opened.neighbourhood.as_deref()),
        due: opened.line.place.due,
    };
    let offers = service::rank(&place, clocks.zone(), &need, &figures, who.at);
    Ok(Ranked { level, offers })
}

impl Ranked {
    /// A number of what stands on the screen: the order, and every figure with its moment. Minutes that pass do not change it.
    fn seen(&self) -> String {
        let each = self.offers.iter().map(|offer| {
            format!(
                "{} {} {:?} {:?} {}",
                offer.service, offer.takes, offer.room.free, offer.room.observed_at, offer.open
            )
        });
        let all = each.collect::<Vec<_>>().join("\n");
        let bytes = store::blob::sha256(all.as_bytes());
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The same as the ask keeps it.
    fn kept(&self) -> Vec<Offer> {
        let each = |offer: &service::Offer| {
            let service = Team::try_from(format!("service:{}", offer.service)).ok()?;
            let level = LEVELS.iter().find(|(level, ..)| *level == offer.level).map(|(_, level, ..)| *level)?;
            Some(Offer {
                service,
                level,
                fit: offer.reasons.join(" "),
                free: offer.room.free,
                observed_at: offer.room.observed_at,
                travel_minutes: offer.travel_minutes,
                clock_left: offer.minutes_left.and_then(|minutes| i32::try_from(minutes).ok()),
            })
        };
        self.offers.iter().filter_map(each).collect()
    }
}

fn free(offer: &service::Offer, now: jiff::Timestamp) -> String {
    match (offer.room.free, offer.room.observed_at) {
        (Some(free), Some(at)) => format!("{free} {}, seen {}", offer.room.unit, ago(at, now)),
        _ => "Nobody has said how much room there is".to_owned(),
    }
}

/// What is wrong with a choice: of which service, a sentence, the reason that was chosen.
type Wrong<'a> = (&'a str, &'a str, &'a str);

fn view(state: &State, who: &Who, opened: &Opened, ranked: &Ranked, wrong: Option<Wrong<'_>>) -> View {
    let seen = ranked.seen();
    let action = format!("/asks/{}/triage", opened.id);
    let reasons: Vec<(String, String)> =
        OverrideCode::ALL.iter().map(|code| (code.word().to_owned(), capital(code.said()))).collect();
    let offers = ranked.offers.iter().enumerate().map(|(index, offer)| {
        let error = wrong.filter(|(service, ..)| *service == offer.service);
        shown::Offer {
            rank: index + 1,
            service: offer.service.clone(),
            name: offer.name.clone(),
            level: level_name(offer.level).to_owned(),
            free: free(offer, who.at),
            stale: offer.room.stale || offer.room.free.is_none(),
            old: offer.room.stale,
            travel: offer
                .travel_minutes
                .map_or_else(String::new, |minutes| format!("About {minutes} minutes (straight line)")),
            clock: offer.minutes_left.map_or_else(String::new, |minutes| {
                if minutes < 0 {
                    format!("{} late", row::lasting(-minutes * 60))
                } else {
                    format!("{} left", row::lasting(minutes * 60))
                }
            }),
            why: offer.reasons.clone(),
            closed: !offer.takes,
            action: action.clone(),
            token: opened.shell.token.clone(),
            seen: seen.clone(),
            at_level: ranked.level.2.to_owned(),
            reasons: if index == 0 { Vec::new() } else { reasons.clone() },
            error: error.map(|(_, sentence, _)| sentence.to_owned()),
            reason: error.map(|(.., reason)| reason.to_owned()).unwrap_or_default(),
        }
    });
    let levels = LEVELS.map(|(.., word, text)| Offered { value: word.to_owned(), text: text.to_owned(), hint: None });
    let level = Field::new("level", "Level of need", Kind::Radios(levels.to_vec()));
    let request = opened.ask.request();
    View {
        notice: None,
        shell: opened.shell.clone(),
        back_href: format!("/asks/{}", opened.id),
        said: request.map(words::said).unwrap_or_default(),
        known: opened.known.clone(),
        clock: None,
        level: Field { values: vec![ranked.level.2.to_owned()], ..level },
        level_action: action.clone(),
        offers: offers.collect(),
        other: super::may_book(opened, &who.subject)
            .then_some(("Book a same-day place", "slots"))
            .iter()
            .chain(&words::OTHER_WAYS)
            .map(|(text, word)| ((*text).to_owned(), format!("/asks/{}/{word}", opened.id)))
            .collect(),
        method: format!(
            "In this order: who can take the person; the level that is needed; who is made for this; who is open and in time; room, with \
             fresh figures before old ones; travel. Services and their figures are invented for the demonstration. Place: {}.",
            state.parts().place.about().name
        ),
    }
}

fn level_name(level: place::Level) -> &'static str {
    LEVELS.iter().find(|(one, ..)| *one == level).map_or("", |(.., name)| name)
}

/// The services that could help, for whoever decides.
pub(crate) async fn page(
    Shared(state): Shared<State>,
    who: Who,
    Id(id): Id,
    Query(fields): Query<Vec<(String, String)>>,
) -> Page {
    let opened = open(&state, &who, id, "Find the right care").await?;
    let ranked = ranked(&state, &who, &opened, level_of(Fields(fields).get("level"))).await?;
    Ok(Html(render(&view(&state, &who, &opened, &ranked, None))))
}

/// The choice of one of them.
pub(crate) async fn choose(
    Shared(state): Shared<State>,
    Id(id): Id,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let opened = open(&state, &who, id, "Find the right care").await?;
    let ranked = ranked(&state, &who, &opened, level_of(fields.get("level"))).await?;
    let again = |wrong: Option<Wrong<'_>>, notice: Option<String>| {
        let view = View { notice, ..view(&state, &who, &opened, &ranked, wrong) };
        Ok(Html(render(&view)).into_response())
    };
    if fields.get("seen") != ranked.seen() {
        return again(
            None,
            Some("What is free has changed since this page was opened. Nothing was decided: look again.".to_owned()),
        );
    }
    let (chosen, reason) = (fields.get("service").to_owned(), fields.get("reason").to_owned());
    let offers = ranked.kept();
    let team = Team::try_from(format!("service:{chosen}")).ok();
    let Some((index, offer)) = offers.iter().enumerate().find(|(_, offer)| Some(&offer.service) == team.as_ref())
    else {
        return again(
            None,
            Some("That service is not offered any more. Nothing was decided: choose again.".to_owned()),
        );
    };
    let code = OverrideCode::from_word(&reason);
    let in_words = Words::try_from(fields.get("because")).ok();
    let overridden = match (index, code) {
        (0, _) => None,
        (_, Some(code)) => Some(Override { codes: vec![code], words: in_words.clone() }),
        (_, None) => return again(Some((&chosen, "Say why this one and not the first", &reason)), None),
    };
    let because = overridden.as_ref().map_or_else(
        || format!("It stood first: {}", offer.fit),
        |why| {
            format!(
                "Chosen over the first: {}",
                why.codes.iter().map(|code| code.said()).collect::<Vec<_>>().join(", ")
            )
        },
    );
    let because = in_words.map_or_else(|| Words::try_from(because.as_str()), Ok);
    let Ok(because) = because else { return Err(Trouble::Broken("a reason without words".to_owned())) };
    let triage = Triage {
        decision: Decision::Accepted { service: offer.service.clone(), level: offer.level },
        urgency: opened.line.urgency,
        because,
        offers: offers.clone(),
        overridden,
    };
    let permit = state.parts().gate.work_ask(&who.asking(), opened.person).await?;
    let act = Act::Decide { triage: Box::new(triage), warm: false };
    match carry_out(&state, &who, permit, id, act).await? {
        Ok(()) => Ok(Redirect::to(&format!("/asks/{id}?done=yes")).into_response()),
        Err(refusal) => {
            let sentence = team::refused(&state.parts().place, &refusal, refusal.team());
            if index > 0 { again(Some((&chosen, &sentence, &reason)), None) } else { again(None, Some(sentence)) }
        }
    }
}
