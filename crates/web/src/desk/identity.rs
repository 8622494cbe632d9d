//! The identity steward's desk: what waits, one pair, the decision. Whoever is shown is looked at: the permit comes first, and
//! stands in the log before anything of them is read.

mod household;

use access::Action;
use assurance::measure::Confidence;
use assurance::measure::proportion::wilson;
use axum::extract::{Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use record::identity::Identity;
use record::person::Weights;
use record::person::pair::{Refusal, Verdict, Why};
use record::review::{self, Band, Household, Opened, Outcome, Side, Waiting};
use store::Refused;
use uuid::Uuid;

use super::Page;
use super::feeds::thousands;
use super::person::{born, full_name, short_name};
use crate::app::{State, Trouble};
use crate::components::Pagination;
use crate::layout::Section;
use crate::pages::identity::waterfall::{Step, Waterfall};
use crate::pages::identity::{Band as BandView, Line, List, Pair, Part, Past, Row, marked, render_list, render_pair};
use crate::session::{Fields, Id, Sent, Who};
use crate::words::{uk_date, uk_datetime};

/// Pairs on one page.
const PAGE: usize = 20;
/// Decisions shown beneath.
const DECIDED: i64 = 10;

pub(crate) async fn list(
    Shared(state): Shared<State>,
    who: Who,
    Query(fields): Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    // Leave to judge at all comes before anything is read.
    state.parts().gate.pairs(&who.asking(), Vec::new()).await?;
    let fields = Fields(fields);
    if let Ok(pair) = fields.get("after").parse::<Uuid>() {
        let next = state.read(move |tx| review::after(tx, pair)).await?;
        let address = next.map_or_else(|| "/identity".to_owned(), |next| format!("/identity/{next}"));
        return Ok(Redirect::to(&address).into_response());
    }
    let (learnt, waiting, decided, bands) = state
        .read(|tx| {
            Ok((
                record::linkage::has_learnt(tx)?,
                review::waiting(tx)?,
                review::decided(tx, DECIDED)?,
                review::bands(tx)?,
            ))
        })
        .await?;
    let pages = waiting.len().div_ceil(PAGE).max(1);
    let current = usize::try_from(fields.page()).unwrap_or(1).clamp(1, pages);
    let shown: Vec<Waiting> = waiting.iter().skip((current - 1) * PAGE).take(PAGE).cloned().collect();
    let mut people: Vec<Uuid> = shown.iter().flat_map(|pair| pair.people).collect();
    people.sort_unstable();
    people.dedup();
    let named = if people.is_empty() {
        Vec::new()
    } else {
        let permit = state.parts().gate.pairs(&who.asking(), people).await?;
        state.read(move |tx| review::identities(tx, &permit)).await?
    };
    let name = |person: Uuid| named.iter().find(|one| one.person == person);
    let rows = shown.iter().map(|pair| row(pair, pair.people.map(name)));
    let view = List {
        shell: who.shell("Records that may be one person", Section::Identity),
        learnt,
        count: match waiting.len() {
            1 => "1 pair waits".to_owned(),
            count => format!("{} pairs wait", thousands(i64::try_from(count).unwrap_or(i64::MAX))),
        },
        rows: rows.collect(),
        pagination: Pagination::of(u32::try_from(current).unwrap_or(1), u32::try_from(pages).unwrap_or(1), |page| {
            format!("/identity?page={page}")
        }),
        decided: decided.iter().map(past).collect(),
        bands: bands.iter().map(band).collect(),
        done: match fields.get("done") {
            "same" => Some("The two are one person from now on.".to_owned()),
            "not-same" => Some("The two are kept apart from now on.".to_owned()),
            "not-sure" => Some("The pair is set aside until more is known.".to_owned()),
            "another" => {
                Some("It is written down. Another steward has to say the same before they are joined.".to_owned())
            }
            "undo" => Some("The decision is taken back.".to_owned()),
            _ => None,
        },
    };
    Ok(Html(render_list(&view)).into_response())
}

fn row(pair: &Waiting, people: [Option<&Identity>; 2]) -> Row {
    let name = |one: Option<&Identity>| one.map_or_else(|| "Somebody".to_owned(), full_name);
    let birth =
        |one: Option<&Identity>| one.and_then(|one| one.birth_date).map_or_else(|| "not given".to_owned(), uk_date);
    let (one, other) = (birth(people[0]), birth(people[1]));
    Row {
        href: format!("/identity/{}", pair.id),
        who: format!("{} and {}", name(people[0]), name(people[1])),
        born: if one == other { one } else { format!("{one}; {other}") },
        why: if pair.proposed {
            format!("{}. A second steward has to agree", why(pair.why))
        } else {
            why(pair.why).to_owned()
        },
        change: moved(pair.moves, pair.warnings),
        likely: likely(&pair.weights),
    }
}

const fn why(why: Why) -> &'static str {
    match why {
        Why::Numbers => "The NHS numbers speak against what else is said",
        Why::Torn => "One of the records could as well be somebody else's",
        Why::Near => "Alike, but not enough to be joined unseen",
    }
}

fn moved(entries: i64, warnings: i64) -> String {
    let entries = match entries {
        0 => "nothing but who they are".to_owned(),
        1 => "1 entry".to_owned(),
        count => format!("{} entries", thousands(count)),
    };
    match warnings {
        0 => entries,
        1 => format!("{entries}, 1 of them an allergy or alert"),
        count => format!("{entries}, {count} of them allergies or alerts"),
    }
}

fn likely(weights: &Weights) -> String {
    if weights.ruling.is_some() {
        return "ruled by the NHS numbers".to_owned();
    }
    let probability = weights.probability();
    if probability >= 0.999 {
        "over 999 in 1,000".to_owned()
    } else if probability >= 0.99 {
        format!("{:.0} in 1,000", probability * 1_000.0)
    } else {
        format!("{:.0} in 100", probability * 100.0)
    }
}

fn past(past: &review::Past) -> Past {
    let what = match past.verdict {
        Verdict::Same => "One person",
        Verdict::NotSame => "Two people",
        Verdict::NotSure => "Not sure",
    };
    let by = if past.by.len() > 1 { "two stewards" } else { "one steward" };
    Past {
        href: format!("/identity/{}", past.id),
        what: what.to_owned(),
        when: uk_datetime(past.at),
        by: by.to_owned(),
    }
}

fn band(band: &Band) -> BandView {
    let decided = band.same + band.not_same;
    let count = |number: i64| f64::from(i32::try_from(number).unwrap_or(i32::MAX));
    let limits = wilson(count(band.same), count(decided), Confidence::NINETY_FIVE).ok();
    let share = match limits.and_then(|limits| Some((limits.lower?, limits.upper?))) {
        Some((lower, upper)) if decided > 0 => format!(
            "{:.0}% ({:.0}% to {:.0}%)",
            count(band.same) / count(decided) * 100.0,
            lower * 100.0,
            upper * 100.0
        ),
        _ => "none decided yet".to_owned(),
    };
    BandView { said: band.said.to_owned(), decided, same: band.same, share }
}

/// A pair as it was opened: the two, and their homes with whoever of them may be told.
struct Shown {
    opened: Opened,
    homes: Vec<Household>,
    named: Vec<Identity>,
}

/// Opens a pair: both people and whoever is named beside them are looked at, or nothing is shown.
async fn shown(state: &State, who: &Who, id: Uuid) -> Result<Shown, Trouble> {
    state.parts().gate.pairs(&who.asking(), Vec::new()).await?;
    let (people, homes) = state.read(move |tx| Ok((review::people_of(tx, id)?, review::households(tx, id)?))).await?;
    let mut people = people.ok_or(Trouble::NotFound)?.to_vec();
    people.extend(homes.iter().flat_map(|home| &home.people));
    people.sort_unstable();
    people.dedup();
    let permit = state.parts().gate.pairs(&who.asking(), people).await?;
    let index = state.parts().index.clone();
    let read = state.read(move |tx| {
        // As they stand now: a home that has been withheld meanwhile is told no more.
        let homes = review::households(tx, id)?;
        Ok((review::open(tx, index.as_ref(), &permit, id)?, homes, review::identities(tx, &permit)?))
    });
    let (opened, homes, named) = read.await?;
    Ok(Shown { opened: opened.ok_or(Trouble::NotFound)?, homes, named })
}

pub(crate) async fn pair(Shared(state): Shared<State>, who: Who, Id(id): Id) -> Page {
    let shown = shown(&state, &who, id).await?;
    Ok(Html(render_pair(&page(&state, &who, &shown))))
}

fn page(state: &State, who: &Who, shown: &Shown) -> Pair {
    let Shown { opened, homes, named } = shown;
    let decided = opened.verdict.filter(|verdict| *verdict != Verdict::NotSure);
    let first = opened.first.as_deref() == Some(who.actor().as_str());
    Pair {
        shell: who.shell("Are these one person?", Section::Identity),
        action: format!("/identity/{}", opened.id),
        next: format!("/identity?after={}", opened.id),
        why: format!("{}.", why(opened.why)),
        standing: standing(opened, first),
        lines: lines(state, who, &opened.sides),
        sentence: sentence(&opened.weights),
        waterfall: waterfall(&opened.weights),
        homes: homes.iter().map(|home| household::home(who, opened, home, named)).collect(),
        changes: changes(&opened.sides, opened.joined),
        risks: opened.risks.iter().map(|risk| risk.said().to_owned()).collect(),
        open: decided.is_none(),
        undoes: opened.verdict.is_some() || opened.proposed,
        ..Pair::default()
    }
}

fn standing(opened: &Opened, first: bool) -> Option<String> {
    let note = opened.note.as_deref().unwrap_or_default();
    let said = match (opened.verdict, opened.proposed) {
        (Some(Verdict::Same), _) => "A steward has decided that they are one person",
        (Some(Verdict::NotSame), _) => "A steward has decided that they are two people",
        (Some(Verdict::NotSure), _) => "A steward could not tell",
        (None, true) if first => "You have said that they are one person; somebody else has to say so too",
        (None, true) => "Another steward has said that they are one person; if you say so too, they are joined",
        (None, false) if opened.joined => "They have been joined meanwhile, by what came in since",
        (None, false) => return None,
    };
    Some(if note.is_empty() { format!("{said}.") } else { format!("{said}: \u{201c}{note}\u{201d}") })
}

fn lines(state: &State, who: &Who, sides: &[Side; 2]) -> Vec<Line> {
    let text = |of: &dyn Fn(&Identity) -> Option<String>| {
        sides.each_ref().map(|side| side.identity.as_ref().and_then(of).unwrap_or_default())
    };
    let withheld = |identity: &Identity, value: Option<String>| {
        if identity.address_withheld { Some("withheld".to_owned()) } else { value }
    };
    let feeds = sides.each_ref().map(|side| {
        let mut names: Vec<String> =
            side.sources.iter().map(|source| short_name(&state.parts().place, &source.feed)).collect();
        names.sort();
        names.dedup();
        names.join(", ")
    });
    // By the list of what each says: the first is what the banner shows.
    let rows = [
        ("Given names", text(&|one| Some(one.given.clone()))),
        ("Surname", text(&|one| Some(one.family.clone()))),
        ("Born", text(&|one| one.birth_date.map(|_| born(one, who.at)))),
        ("NHS number", text(&|one| one.nhs_number.map(|number| number.to_string()))),
        ("Sex", text(&|one| one.sex.clone())),
        ("Address", text(&|one| withheld(one, one.address.clone()))),
        ("Practice", text(&|one| withheld(one, one.practice_name.clone().or_else(|| one.practice.clone())))),
        ("Telephone", text(&|one| withheld(one, one.phone.clone()))),
        (
            "Has died",
            text(&|one| Some(if one.deceased { "yes, by some source" } else { "no source says so" }.to_owned())),
        ),
    ];
    let line = |name: &str, cells: [Vec<Part>; 2]| Line { name: name.to_owned(), cells };
    // Who told is no property of the person: that two sources differ says nothing.
    let told = line("Told by", feeds.map(|names| vec![Part { text: names, differs: false }]));
    rows.into_iter().map(|(name, [one, other])| line(name, marked(&one, &other))).chain([told]).collect()
}

fn sentence(weights: &Weights) -> String {
    if let Some(ruling) = &weights.ruling {
        return format!("What the NHS numbers say outranks every weight: {ruling}.");
    }
    format!("By what was learnt here (learning {}), {} such pairs are one person.", weights.model, likely(weights))
}

fn waterfall(weights: &Weights) -> Waterfall {
    let step = |name: &str, level: &str, weight: i32, after: i32| Step {
        name: name.to_owned(),
        level: level.to_owned(),
        weight,
        after,
    };
    let mut sum = weights.before;
    let mut steps = vec![step("Before anything", "two records drawn at random", weights.before, sum)];
    for bar in &weights.bars {
        sum += bar.weight;
        let mut name = bar.field.clone();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        steps.push(step(&name, &bar.level, bar.weight, sum));
    }
    if weights.household != 0 {
        sum += weights.household;
        steps.push(step("Household", "two of one home share so much, too", weights.household, sum));
    }
    let (name, level) = match &weights.ruling {
        Some(ruling) => ("Ruled", ruling.as_str()),
        None => ("Together", "the sum"),
    };
    let odds = if weights.ruling.is_some() { weights.odds } else { sum };
    steps.push(step(name, level, odds, odds));
    Waterfall { steps }
}

fn changes(sides: &[Side; 2], joined: bool) -> Vec<String> {
    if joined {
        return vec![
            "They stand as one person now, under the id that was theirs first.".to_owned(),
            "Taken back, each goes by its own earlier id again, and every entry goes back to the record it came with."
                .to_owned(),
        ];
    }
    let [one, other] = sides;
    vec![
        format!("The first record has {}.", moved(one.entries, one.warnings)),
        format!("The second record has {}.", moved(other.entries, other.warnings)),
        "Joined, all of it stands on one page, for everybody who may see it, under the id that was theirs first. Addresses with \
         the other id lead there."
            .to_owned(),
        "It can be taken back: then each goes by its own id again, and every entry goes back to the record it came with."
            .to_owned(),
    ]
}

pub(crate) async fn decide(
    Shared(state): Shared<State>,
    Id(id): Id,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let before = shown(&state, &who, id).await?;
    let verdict = fields.get("verdict").to_owned();
    let undo = verdict == "undo";
    let field = if undo { "undo" } else { "note" };
    let note = fields.get(field).to_owned();
    let (index, actor, at) = (state.parts().index.clone(), who.actor(), who.at);
    let text = note.clone();
    let outcome: Result<&'static str, Refused<Refusal>> = match Verdict::from_word(&verdict) {
        Some(verdict) => {
            let done = state
                .parts()
                .store
                .write_async(move |write| review::decide(write, index.as_ref(), id, verdict, (&actor, &text), at))
                .await;
            done.map(|outcome| match outcome {
                Outcome::Done => verdict.word(),
                Outcome::WantsAnother => "another",
            })
        }
        None if undo => state
            .parts()
            .store
            .write_async(move |write| review::undo(write, index.as_ref(), id, (&actor, &text), at))
            .await
            .map(|()| "undo"),
        None => return Err(Trouble::BadRequest("Choose whether they are one person.")),
    };
    match outcome {
        Ok(word) => Ok(Redirect::to(&format!("/identity?done={word}")).into_response()),
        Err(Refused::Store(error)) => Err(error.into()),
        Err(Refused::Rules(refusal)) => {
            let mut said = refusal.to_string();
            if let Some(first) = said.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            let view = Pair { note, error: Some((field, said)), ..page(&state, &who, &before) };
            Ok(Html(render_pair(&view)).into_response())
        }
    }
}

/// Whether somebody has this desk.
pub(crate) fn has(who: &Who) -> bool {
    who.may(Action::JudgeIdentity)
}
