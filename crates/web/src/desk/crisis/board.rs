//! The boards: who waits for the crisis team by the time that is left, and who lies on the floor by how long. A row is there for
//! whoever may read the ask it belongs to, and a look is written down for each.

use std::collections::BTreeMap;
use std::sync::Arc;

use access::WorklistPermit;
use axum::extract::State as Shared;
use axum::response::Html;
use care::clock::{Clocks, Moment, Span};
use care::crisis::{RESPONSE, STABILISE, Waiting, by_time_left};
use care::fall::{FOLLOW_UP, LONG_LIE};
use care::views::ask::described;
use care::views::{crisis, fall};
use jiff::{SignedDuration, Timestamp};
use record::identity::Identity;
use uuid::Uuid;

use super::{condition, on_floor, tag};
use crate::app::{State, Trouble};
use crate::desk::Page;
use crate::desk::ask::clocks::{gone, standing};
use crate::desk::ask::row::lasting;
use crate::desk::person::{full_name, practice};
use crate::layout::{Section, Shell};
use crate::live;
use crate::pages::ask::board::{Row, Rule, Sheet, View, render};
use crate::pages::ask::clock::Standing;
use crate::session::Who;
use crate::words::{age_years, london_date, uk_date, uk_datetime, uk_time};

/// The most rows of one board.
const MOST: i64 = 200;
/// How long after a fall somebody stands on the board of whom nobody has asked how they are.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(24 * 60);

/// Who somebody on a board is, as far as it may be shown.
struct People {
    identities: BTreeMap<Uuid, Identity>,
    described: BTreeMap<Uuid, String>,
}

impl People {
    /// Those of some rows, each with the ask it belongs to.
    async fn of(state: &State, permit: Arc<WorklistPermit>, rows: Vec<(Uuid, Option<Uuid>)>) -> Result<Self, Trouble> {
        let read = move |tx: &mut dyn store::Tx| {
            let people: Vec<Uuid> = rows.iter().map(|(person, _)| *person).collect();
            let identities = record::worklist::named(tx, &permit, &people)?;
            let mut told = BTreeMap::new();
            for (person, ask) in &rows {
                if let Some(ask) = ask.filter(|_| !identities.contains_key(person))
                    && let Some(words) = described(tx, &permit, ask)?
                {
                    told.insert(*person, words);
                }
            }
            Ok(Self { identities, described: told })
        };
        state.read(read).await
    }

    fn has_died(&self, person: Uuid) -> bool {
        self.identities.get(&person).is_some_and(|identity| identity.deceased)
    }

    fn row(&self, state: &State, person: Uuid, now: Timestamp) -> Row {
        let Some(identity) = self.identities.get(&person) else {
            let unknown = || "Somebody not in the record yet".to_owned();
            return Row { name: self.described.get(&person).cloned().unwrap_or_else(unknown), ..Row::default() };
        };
        let age = identity.birth_date.map(|birth| age_years(birth, london_date(now)).to_string());
        let (_, neighbourhood) = practice(&state.parts().place, identity);
        let home = neighbourhood.filter(|_| !identity.address_withheld);
        let parts: Vec<String> = age.into_iter().chain(home).collect();
        Row { name: full_name(identity), where_: parts.join(", "), ..Row::default() }
    }
}

/// The crisis board.
pub(crate) async fn page(Shared(state): Shared<State>, who: Who) -> Page {
    let live = live::address(&state, &who, live::Page::CrisisBoard).await;
    let desk = state.parts().gate.desk(&who.asking()).await?;
    let (open, on_the_floor) =
        state.read(move |tx| Ok((crisis::open(tx, &desk, MOST)?, fall::on_the_floor(tx, &desk, MOST)?))).await?;
    let people: Vec<Uuid> = open.people().collect();
    let permit = Arc::new(state.parts().gate.worklist(&who.asking(), people).await?);
    let (lines, falls) = (open.open(&permit).rows, on_the_floor.open(&permit).rows);
    let rows = lines.iter().map(|line| (line.person, Some(line.ask))).collect();
    let people = People::of(&state, permit, rows).await?;
    let floor: BTreeMap<Uuid, String> = falls
        .iter()
        .filter_map(|fall| fall.ask.map(|ask| (ask, on_floor(fall.since, Some(fall.reported), who.at))))
        .collect();
    let place = &state.parts().place;
    let clocks = Clocks::of(place).map_err(|error| Trouble::Broken(error.to_string()))?;
    let mut rules: Vec<Rule> = Vec::new();
    let (mut waiting, mut with_us) = (Vec::new(), Vec::new());
    for one in by_time_left(lines, &clocks, who.at) {
        if let Some(span) = &one.span {
            let rule = Rule { name: span.policy.to_string(), unverified: !span.caution.is_empty() };
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        let row = Row {
            href: format!("/crisis/{}", one.line.id),
            left: left(&one),
            standing: one.span.as_ref().map_or(Standing::Late, standing),
            gone: one.span.as_ref().map_or(100, gone),
            condition: condition(place, Some(&one.line.condition)).0,
            floor: floor.get(&one.line.ask).cloned(),
            state: Some(tag(one.line.stage)),
            responder: if one.line.responder.is_empty() { "Nobody yet".to_owned() } else { one.line.responder.clone() },
            ..people.row(&state, one.line.person, who.at)
        };
        if one.line.arrived.is_none() { waiting.push(row) } else { with_us.push(row) }
    }
    if rules.is_empty() {
        rules.extend([RESPONSE, STABILISE].iter().filter_map(|clock| {
            let rule = clocks.rule(clock, london_date(who.at))?;
            Some(Rule { name: rule.named().to_string(), unverified: rule.version.unverified.is_some() })
        }));
    }
    let view = View {
        shell: Shell { live, ..who.shell("Crisis board", Section::Asks) },
        heading: "Crisis board".to_owned(),
        now: uk_datetime(who.at),
        first: "Time left".to_owned(),
        rules,
        sheets: vec![
            Sheet {
                title: "Waiting for somebody to come".to_owned(),
                order: "least time left first".to_owned(),
                rows: waiting,
                empty: "Nobody waits. When the crisis team takes an ask, the person stands here with the minutes that are left."
                    .to_owned(),
            },
            Sheet {
                title: "With us now".to_owned(),
                order: "least time left first".to_owned(),
                rows: with_us,
                empty: "Nobody is with the crisis team. People stay here for up to 72 hours after somebody has arrived."
                    .to_owned(),
            },
        ],
        other: ("Falls".to_owned(), "/board/falls".to_owned()),
    };
    Ok(Html(render(&view)))
}

/// `12 min`, `8 min late`, `1 h 12 min`; of what cannot be counted, that.
fn left(one: &Waiting) -> String {
    let Some(minutes) = one.minutes_left() else { return "Not counted".to_owned() };
    let (whole, late) = (minutes.abs(), if minutes < 0 { " late" } else { "" });
    match whole {
        0..60 => format!("{whole} min{late}"),
        _ if whole % 60 == 0 => format!("{} h{late}", whole / 60),
        _ => format!("{} h {} min{late}", whole / 60, whole % 60),
    }
}

/// The falls after which it is time to ask how somebody is: the clock of the follow-up warns, or has run out.
fn due(state: &State, lines: Vec<fall::Line>, now: Timestamp) -> Result<Vec<(fall::Line, Span)>, Trouble> {
    let clocks = Clocks::of(&state.parts().place).map_err(|error| Trouble::Broken(error.to_string()))?;
    let mut due = Vec::new();
    for line in lines {
        let span = clocks.span(FOLLOW_UP, &[Moment::new(line.reported, "fall-reported")], now);
        let span = span.map_err(|error| Trouble::Broken(error.to_string()))?;
        due.extend(span.filter(|span| span.warns || span.breached).map(|span| (line, span)));
    }
    Ok(due)
}

/// The board of falls.
pub(crate) async fn falls(Shared(state): Shared<State>, who: Who) -> Page {
    let live = live::address(&state, &who, live::Page::CrisisBoard).await;
    let desk = state.parts().gate.desk(&who.asking()).await?;
    let since = who.at.checked_sub(FORGOTTEN).unwrap_or(Timestamp::MIN);
    let (on_the_floor, unassessed, to_ask) = state
        .read(move |tx| {
            let to_ask = fall::to_look_in(tx, &desk, since, MOST)?;
            Ok((fall::on_the_floor(tx, &desk, MOST)?, fall::unassessed(tx, &desk, MOST)?, to_ask))
        })
        .await?;
    let people: Vec<Uuid> = on_the_floor.people().chain(unassessed.people()).chain(to_ask.people()).collect();
    let permit = Arc::new(state.parts().gate.worklist(&who.asking(), people).await?);
    let (lying, wanting) = (on_the_floor.open(&permit).rows, unassessed.open(&permit).rows);
    let due = due(&state, to_ask.open(&permit).rows, who.at)?;
    let rows = lying.iter().chain(&wanting).chain(due.iter().map(|(line, _)| line));
    let rows = rows.map(|line| (line.person, line.ask)).collect();
    let people = People::of(&state, permit, rows).await?;
    let row = |line: &fall::Line| Row {
        href: line.ask.map(|_| format!("/falls/{}", line.id)).unwrap_or_default(),
        condition: line.place.clone(),
        ..people.row(&state, line.person, who.at)
    };
    let on_floor = |line: &fall::Line| {
        let lies = who.at.duration_since(line.since.unwrap_or(line.reported));
        let known = if line.since.is_some() { "Since" } else { "Nobody knows since when; reported at" };
        Row {
            left: format!("{} min", lies.as_mins().max(0)),
            standing: if lies > LONG_LIE { Standing::Late } else { Standing::Running },
            gone: u8::try_from((lies.as_mins().max(0) * 100 / LONG_LIE.as_mins()).min(100)).unwrap_or(100),
            floor: Some(format!("{known} {}", uk_time(line.since.unwrap_or(line.reported)))),
            responder: if lies > LONG_LIE { "A long lie".to_owned() } else { String::new() },
            ..row(line)
        }
    };
    let wants = |line: &fall::Line| {
        let booked: Vec<String> =
            [("Home looked at", &line.hazard_visit), ("Strength and balance from", &line.strength)]
                .iter()
                .filter(|(_, day)| !day.is_empty())
                .map(|(what, day)| format!("{what} {}", crate::words::fhir_date(day)))
                .collect();
        Row {
            left: lasting(who.at.duration_since(line.reported).as_secs().max(0)),
            standing: Standing::Void,
            gone: 100,
            floor: line.minutes.map(|minutes| format!("Lay {minutes} minutes on the floor")),
            responder: booked.join("; "),
            ..row(line)
        }
    };
    let to_ask = |(line, span): &(fall::Line, Span)| Row {
        left: if span.breached { format!("{} late", span.left) } else { format!("{} left", span.left) },
        standing: standing(span),
        gone: gone(span),
        floor: Some(format!("Fell on {}", uk_date(london_date(line.reported)))),
        responder: if line.assessed.is_some() { "Assessed".to_owned() } else { String::new() },
        ..row(line)
    };
    let view = View {
        shell: Shell { live, ..who.shell("Falls", Section::Asks) },
        heading: "Falls".to_owned(),
        now: uk_datetime(who.at),
        first: "How long".to_owned(),
        rules: Vec::new(),
        sheets: vec![
            Sheet {
                title: "On the floor now".to_owned(),
                order: "the longest first".to_owned(),
                rows: lying.iter().map(on_floor).collect(),
                empty: "Nobody lies on the floor, as far as anybody has said. Whoever does stands here until somebody has helped them up."
                    .to_owned(),
            },
            Sheet {
                title: "A full assessment is needed".to_owned(),
                order: "the longest waiting first".to_owned(),
                rows: wanting.iter().map(wants).collect(),
                empty: "Nobody waits for a full assessment after a fall.".to_owned(),
            },
            Sheet {
                title: "To be asked how they are, 30 days on".to_owned(),
                order: "least time left first".to_owned(),
                rows: due.iter().filter(|(line, _)| !people.has_died(line.person)).map(to_ask).collect(),
                empty: "Nobody is to be asked now. Whoever has fallen stands here from the 23rd day after the fall until somebody has asked."
                    .to_owned(),
            },
        ],
        other: ("Crisis board".to_owned(), "/board/crisis".to_owned()),
    };
    Ok(Html(render(&view)))
}
