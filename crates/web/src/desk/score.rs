//! A person's scores: which rules find something, one of them taken apart, and saying that a deficit is wrong. Made of the entries
//! that the reader may see and of no others. Shown to those who give care, never to the person as a verdict. Must not add up
//! anything itself.

use std::collections::HashMap;

use access::{Action, Class, Level, Role};
use axum::extract::{FromRequestParts, State as Shared};
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Redirect, Response};
use finding::coded::UNDATED;
use finding::dispute::{Command, Dispute};
use jiff::Timestamp;
use population::day::Day;
use population::instrument::{Evidence, Explained, Found};
use population::rule::{Kind as Rules, RuleSet};
use record::fact::{Fact, Kind};
use record::summary::Record;
use store::{Refused, Write};
use uuid::Uuid;

use super::deed::{came, lines, one_of, ready};
use super::person::{capital, href, short_name};
use super::record::{Opened, nobody, open};
use crate::app::{State, Trouble};
use crate::pages::deed::{Came, Deed};
use crate::pages::score::{Behind, Deficit, List, Row, View};
use crate::session::{Fields, Id, Sent, Who};
use crate::words::{london_date, uk_date};

/// Those who give care to whom a score says something.
const READERS: [Role; 5] = [Role::Gp, Role::Consultant, Role::DistrictNurse, Role::Therapist, Role::SocialWorker];

/// Whether scores are offered to somebody.
pub(crate) fn reads(who: &Who) -> bool {
    READERS.contains(&who.subject.role)
}

/// The day of a moment as the columns have it.
pub(crate) fn day(at: Timestamp) -> Day {
    Day::of(london_date(at)).unwrap_or_default()
}

/// The person and the instrument in an address.
pub(crate) struct Ids(Uuid, String);

impl FromRequestParts<State> for Ids {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Trouble> {
        let axum::extract::Path((person, instrument)) =
            axum::extract::Path::from_request_parts(parts, state).await.map_err(|_| Trouble::NotFound)?;
        Ok(Self(person, instrument))
    }
}

async fn opened(
    state: &State,
    who: &Who,
    id: Uuid,
    title: &str,
    rest: &str,
) -> Result<Opened, Result<Response, Trouble>> {
    if !reads(who) {
        let not = if who.may(Action::ReadRecord) {
            Trouble::NotFound
        } else {
            nobody(state, who, Action::ReadRecord, id).await
        };
        return Err(Err(not));
    }
    open(state, who, id, title, rest).await
}

/// What a reader may see of the entries behind a score: each of them in the source's words.
#[derive(Debug, Clone, Default)]
struct Seen {
    words: HashMap<Uuid, String>,
    done_here: bool,
}

impl Seen {
    fn of(record: &Record) -> Self {
        let words = record.lines.iter().map(|line| (line.id, worded(&line.fact))).collect();
        Self { words, done_here: record.level(Class::Ask) == Level::Full }
    }

    fn has(&self, record: Uuid, source: &str) -> bool {
        self.words.contains_key(&record) || source == finding::SOURCE && self.done_here
    }
}

/// An entry in the source's words. What its source calls over still counts as recorded: whoever reads of it is told so.
fn worded(fact: &Fact) -> String {
    match &fact.status {
        Some(status) if fact.kind == Kind::Problem && !fact.active => {
            format!("{} (its source says: {status})", fact.title)
        }
        _ => fact.title.clone(),
    }
}

/// What rules say of a person, with the rule; `None` while the population is being built.
async fn explained(
    state: &State,
    (person, instrument): (Uuid, Option<String>),
    as_of: Day,
    seen: Seen,
) -> Result<Option<Vec<(RuleSet, Explained)>>, Trouble> {
    let asked = state.population(move |held| {
        // A segment is a way to count people, and says nothing of one of them.
        let sets = held.plan.sets().filter(|set| set.kind != Rules::Segments);
        let sets: Vec<&RuleSet> =
            sets.filter(|set| instrument.as_ref().is_none_or(|instrument| set.id == *instrument)).collect();
        let ids: Vec<&str> = sets.iter().map(|set| set.id.as_str()).collect();
        let explained = held.explain(person, &ids, as_of, |record, source| seen.has(record, source))?;
        Ok::<_, finding::NotHeld>(sets.into_iter().cloned().zip(explained).collect())
    });
    match asked.await? {
        None => Ok(None),
        Some(Ok(all)) => Ok(Some(all)),
        Some(Err(error)) => Err(Trouble::Broken(error.to_string())),
    }
}

/// What a rule comes to for a person, in a sentence.
fn comes_to(set: &RuleSet, explained: &Explained) -> String {
    if explained.applies == Some(false) {
        let from = set.age_from.unwrap_or_default();
        return format!("Nothing: this rule is for people of {from} and over.");
    }
    match (set.kind, &explained.value, &explained.band) {
        (Rules::Register, Some(value), _) if value == "1" => "On this register.".to_owned(),
        (Rules::Register, ..) => "Not on this register.".to_owned(),
        (_, None, _) => "Nothing: something that it needs is not known.".to_owned(),
        (_, Some(value), None) => value.clone(),
        (_, Some(value), Some(band)) => format!("{value}, {band}"),
    }
}

pub(crate) async fn list(Shared(state): Shared<State>, who: Who, Id(id): Id) -> Result<Response, Trouble> {
    let opened = match opened(&state, &who, id, "Scores", "/scores").await {
        Ok(opened) => opened,
        Err(other) => return other,
    };
    let person = opened.record.identity.person;
    let found = explained(&state, (person, None), day(who.at), Seen::of(&opened.record)).await?;
    let row = |(set, one): &(RuleSet, Explained)| Row {
        href: format!("{}/scores/{}", href(person), set.id),
        title: set.title.clone(),
        rests: one.parts.iter().map(|part| label(set, part)).collect::<Vec<_>>().join(", "),
        number: comes_to(set, one),
    };
    let view = List {
        record_href: href(person),
        building: found.is_none(),
        withheld: !opened.record.withheld.is_empty() || opened.record.objected,
        rows: found.iter().flatten().filter(|(_, one)| !one.parts.is_empty()).map(row).collect(),
        shell: opened.shell,
    };
    Ok(Html(view.to_string()).into_response())
}

/// A register has one part, which is the register.
fn label(set: &RuleSet, part: &Found) -> String {
    if set.kind == Rules::Register { format!("{} entries", part.evidence.len()) } else { part.label.clone() }
}

/// What is said after a deed.
const SAID: [(&str, &str); 2] = [
    (
        "dispute",
        "It is written down, and does not count any more. Tell the source as well: only they can mend their record.",
    ),
    ("withdraw", "The dispute is taken back, and the deficit counts again."),
];

pub(crate) async fn page(
    Shared(state): Shared<State>,
    who: Who,
    Ids(id, instrument): Ids,
    fields: axum::extract::Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let rest = format!("/scores/{instrument}");
    let opened = match opened(&state, &who, id, "A score taken apart", &rest).await {
        Ok(opened) => opened,
        Err(other) => return other,
    };
    let mut view = shown(&state, &who, opened, &instrument, None).await?;
    view.came = came(&fields, &SAID);
    Ok(Html(view.to_string()).into_response())
}

async fn shown(
    state: &State,
    who: &Who,
    opened: Opened,
    instrument: &str,
    sent: Option<&Fields>,
) -> Result<View, Trouble> {
    let (record, person) = (&opened.record, opened.record.identity.person);
    let seen = Seen::of(record);
    let asked = explained(state, (person, Some(instrument.to_owned())), day(who.at), seen.clone()).await?;
    let Some(all) = asked else { return Err(Trouble::Unavailable(store::Error::Unavailable(BUILDING.to_owned()))) };
    let (set, one) = all.into_iter().next().ok_or(Trouble::NotFound)?;
    let disputed = disputed(state, person, instrument).await?;
    let address = format!("{}/scores/{instrument}", href(person));
    let deeds = deeds(who, &set, &one, &disputed);
    let place = &state.parts().place;
    let behind = |evidence: &Evidence| Behind {
        words: seen.words.get(&Uuid::from_u128(evidence.record)).cloned().unwrap_or_else(|| DONE_HERE.to_owned()),
        code: evidence.code.clone(),
        when: if evidence.day == UNDATED {
            "no date".to_owned()
        } else {
            evidence.day.date().map(uk_date).unwrap_or_default()
        },
        value: evidence.value.clone(),
        source: if evidence.source == finding::SOURCE {
            "written down here".to_owned()
        } else {
            short_name(place, &evidence.source)
        },
        entry: (evidence.source != finding::SOURCE).then(|| {
            let entry = Uuid::from_u128(evidence.record);
            format!("{}/timeline?entry={entry}#entry-{entry}", href(person))
        }),
    };
    let deficit = |part: &Found| Deficit {
        label: if set.kind == Rules::Register { set.title.clone() } else { part.label.clone() },
        adds: if set.kind == Rules::Register { String::new() } else { format!("adds {}", part.points) },
        counts: part.counts,
        disputed: part.disputed.as_ref().map(|words| format!("{}.", capital(words))),
        behind: part.evidence.iter().map(behind).collect(),
    };
    let row = |key: &str, value: String| (key.to_owned(), value);
    Ok(View {
        came: Came::default(),
        back: format!("{}/scores", href(person)),
        title: set.title.clone(),
        comes_to: comes_to(&set, &one),
        deficits: one.parts.iter().map(deficit).collect(),
        missing: one.missing.iter().map(|words| capital(words)).collect(),
        not_for: one.not_for.clone(),
        made: vec![
            row("Rule", one.instrument.clone()),
            row("Source", set.source.clone()),
            row("Fingerprint of the rule", short(&one.rules_hash)),
            row("Fingerprint of its lists of codes", short(&one.lists_hash)),
            row("As of", one.as_of.date().map(uk_date).unwrap_or_default()),
            row("How far back it looks", one.look_back.clone()),
        ],
        withheld: !record.withheld.is_empty() || record.objected,
        deeds: ready(deeds, &address, who, sent),
        shell: opened.shell,
    })
}

const BUILDING: &str = "the population is being built from the record";
const DONE_HERE: &str = "Written down here";

/// The first digits of a hash, enough to compare by eye.
fn short(hash: &str) -> String {
    format!("{}… (SHA-256)", hash.get(..16).unwrap_or(hash))
}

/// The disputes that stand about a person's score: which, and about which deficit.
async fn disputed(state: &State, person: Uuid, instrument: &str) -> Result<Vec<(Uuid, String)>, Trouble> {
    let instrument = instrument.to_owned();
    Ok(state.population(move |held| held.disputed(person, &instrument)).await?.unwrap_or_default())
}

fn deeds(who: &Who, set: &RuleSet, one: &Explained, disputed: &[(Uuid, String)]) -> Vec<Deed> {
    let mut deeds = Vec::new();
    if !who.may(Action::WriteRecord) {
        return deeds;
    }
    let named = |part: &str| {
        let found = set.parts.iter().find(|known| known.id == part);
        if set.kind == Rules::Register {
            set.title.clone()
        } else {
            found.map_or_else(String::new, |part| part.label.clone())
        }
    };
    let is_disputed = |part: &Found| disputed.iter().any(|(_, known)| *known == part.part);
    let open: Vec<(String, String)> =
        one.parts.iter().filter(|part| !is_disputed(part)).map(|part| (part.part.clone(), named(&part.part))).collect();
    if !open.is_empty() {
        let parts: Vec<(&str, &str)> = open.iter().map(|(part, label)| (part.as_str(), label.as_str())).collect();
        let grounds = [
            ("wrong-person", "The record is of somebody else"),
            ("resolved", "It is no longer so"),
            ("miscoded", "The code does not say what was meant"),
        ];
        let fields = vec![
            one_of("part", "Which of them?", &parts),
            one_of("ground", "What is wrong?", &grounds),
            lines("reason", "How do you know?", 3),
        ];
        let lead = "From now on it is not counted, whoever looks, and the page says so with your name and your reason. The entry itself stays in the record.";
        deeds.push(Deed::new("dispute", "This is wrong", lead, "Write it down").asking(fields));
    }
    let standing: Vec<(String, String)> = disputed.iter().map(|(id, part)| (id.to_string(), named(part))).collect();
    if !standing.is_empty() {
        let standing: Vec<(&str, &str)> = standing.iter().map(|(id, label)| (id.as_str(), label.as_str())).collect();
        let fields = vec![one_of("dispute", "Which dispute?", &standing), lines("why", "Why is it taken back?", 2)];
        deeds.push(Deed::new("withdraw", "Take a dispute back", "It counts again.", "Take it back").asking(fields));
    }
    deeds
}

pub(crate) async fn press(
    Shared(state): Shared<State>,
    Ids(id, instrument): Ids,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let rest = format!("/scores/{instrument}");
    let opened = match opened(&state, &who, id, "A score taken apart", &rest).await {
        Ok(opened) => opened,
        Err(other) => return other,
    };
    if !who.may(Action::WriteRecord) {
        return Err(Trouble::Forbidden("your role does not write into records"));
    }
    let person = opened.record.identity.person;
    let asked = explained(&state, (person, Some(instrument.clone())), day(who.at), Seen::of(&opened.record)).await?;
    let found = asked.into_iter().flatten().next();
    let standing = disputed(&state, person, &instrument).await?;
    let outcome = match wanted(&who, (person, &instrument), found.as_ref(), &standing, &fields) {
        Err(why) => Err(why.to_owned()),
        Ok((id, command)) => written(&state, &who, id, command).await?,
    };
    match outcome {
        Ok(()) => {
            let address = format!("{}/scores/{instrument}?done={}", href(person), fields.get("do"));
            Ok(Redirect::to(&address).into_response())
        }
        Err(why) => {
            let mut view = shown(&state, &who, opened, &instrument, Some(&fields)).await?;
            view.came = Came { done: None, refused: Some(why) };
            Ok(Html(view.to_string()).into_response())
        }
    }
}

/// What was asked for, of what the reader can see: a new dispute, or one that is taken back by its id.
fn wanted(
    who: &Who,
    (person, instrument): (Uuid, &str),
    found: Option<&(RuleSet, Explained)>,
    standing: &[(Uuid, String)],
    fields: &Fields,
) -> Result<(Option<Uuid>, Command), &'static str> {
    let by = who.subject.clone();
    match fields.get("do") {
        "dispute" => {
            let part = fields.get("part");
            let (_, one) = found.ok_or("There is nothing to dispute.")?;
            if !one.parts.iter().any(|known| known.part == part) {
                return Err("Choose which of them is wrong.");
            }
            if standing.iter().any(|(_, known)| known == part) {
                return Err("Somebody has said so already.");
            }
            let (part, ground) = (part.to_owned(), fields.get("ground").to_owned());
            let (instrument, reason) = (instrument.to_owned(), fields.get("reason").to_owned());
            Ok((None, Command::Say { by, person, instrument, part, ground, reason }))
        }
        "withdraw" => {
            let id = standing.iter().map(|(id, _)| *id).find(|id| fields.get("dispute") == id.to_string());
            let id = id.ok_or("Choose which dispute is taken back.")?;
            Ok((Some(id), Command::Withdraw { by, reason: fields.get("why").to_owned() }))
        }
        _ => Err("The form does not say what is to be done."),
    }
}

async fn written(state: &State, who: &Who, id: Option<Uuid>, command: Command) -> Result<Result<(), String>, Trouble> {
    let (actor, at) = (who.subject.actor(), who.at);
    let writing = move |write: &mut Write<'_>| {
        let id = id.unwrap_or_else(|| write.new_id(at));
        write.execute::<Dispute>(id, command.clone(), &actor, at).map(|_| ())
    };
    match state.parts().store.write_async(writing).await {
        Ok(()) => Ok(Ok(())),
        Err(Refused::Rules(refusal)) => Ok(Err(format!("{}.", capital(&refusal.to_string())))),
        Err(Refused::Store(error)) => Err(error.into()),
    }
}
