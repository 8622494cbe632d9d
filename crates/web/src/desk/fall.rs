//! One fall: since when somebody lies on the floor, what was asked before anybody was sent, who goes, why a full assessment is
//! needed, and what follows from it. Opening it opens the ask it belongs to. Must not show any figure of how likely a fall is:
//! NICE NG249 says not to use such tools, and nothing here keeps one.

mod deed;

use access::Action;
use axum::extract::{Path, Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response as Answer};
use care::ask::State as Stands;
use care::fall::{self, Act, Care, Refusal};
use care::views::fall::{Full, belongs, full};
use store::{Refused, Write};
use uuid::Uuid;

use super::Page;
use super::ask::form::{Form, written_down};
use super::ask::{Opened, open, words};
use super::crisis::{is_theirs, on_floor, steps};
use super::person::capital;
use super::record::nobody;
use crate::app::{State, Trouble};
use crate::components::{Colour, Tag};
use crate::pages::ask::decision::{self, Field};
use crate::pages::ask::{View, Way, render};
use crate::session::{Id, Sent, Who};
use crate::words::{uk_date, uk_datetime};
use deed::Deed;

/// What a page about one fall begins with.
struct One {
    id: Uuid,
    opened: Opened,
    full: Full,
}

/// Finds the fall an address names and opens the ask it belongs to.
async fn one(state: &State, who: &Who, id: Uuid, title: &str) -> Result<One, Trouble> {
    let Some(ask) = state.read(move |tx| belongs(tx, id)).await? else {
        return Err(nobody(state, who, Action::ReadRecord, id).await);
    };
    let opened = open(state, who, ask, title).await?;
    let permit = opened.permit.clone();
    let full = state.read(move |tx| full(tx, &permit, id)).await?.ok_or(Trouble::NotFound)?;
    Ok(One { id, opened, full })
}

/// While the ask is open, the team that has it says what happens; afterwards whoever works asks for the person.
fn may_say(one: &One, who: &Who) -> bool {
    let closed = one.opened.ask.state() == Stands::Closed;
    if closed { who.may(Action::WorkAsk) } else { is_theirs(&one.opened, who) }
}

fn tag(one: &One) -> Tag {
    let fall = &one.full.fall;
    if fall.is_on_floor() {
        return Tag::new("On the floor").coloured(Colour::Red);
    }
    match (fall.assessed(), fall.reasons().is_empty()) {
        (Some(_), _) => Tag::new("Assessed").coloured(Colour::Green),
        (None, false) => Tag::new("Assessment needed").coloured(Colour::Orange),
        (None, true) if fall.up().is_some() => Tag::new("Up").coloured(Colour::Blue),
        (None, true) => Tag::new("Reported").coloured(Colour::Yellow),
    }
}

/// What comes next.
fn next(one: &One) -> String {
    let fall = &one.full.fall;
    if let Err(refusal) = fall.may_be_visited()
        && fall.up().is_none()
    {
        return format!("Next, before anybody is sent: {refusal}.");
    }
    if fall.is_on_floor() {
        return "Next, somebody helps them up.".to_owned();
    }
    if fall.reasons().is_empty() {
        return "Next, say whether a full assessment is needed, and why.".to_owned();
    }
    if fall.assessed().is_none() {
        return "Next, the full assessment.".to_owned();
    }
    if fall.followed_up().is_none() {
        return "Next, in a year, how it is.".to_owned();
    }
    "It is followed up.".to_owned()
}

fn facts(one: &One) -> Vec<(String, String)> {
    let fall = &one.full.fall;
    let mut rows: Vec<(&str, String)> = Vec::new();
    rows.extend(fall.place().map(|place| ("Where they fell", place.to_string())));
    rows.extend(fall.since().map(|since| ("On the floor since", uk_datetime(since))));
    if let Some((at, care)) = fall.up() {
        rows.push(("Off the floor", uk_datetime(at)));
        rows.push(("How much was done", capital(care.said())));
    }
    rows.extend(fall.minutes_on_floor().map(|minutes| {
        let long = minutes > fall::LONG_LIE.as_mins();
        ("Time on the floor", format!("{minutes} minutes{}", if long { ": a long lie" } else { "" }))
    }));
    if let Some(screen) = fall.screen() {
        rows.extend(screen.answers().map(|(question, answer)| (question, capital(answer))));
        let flags = screen.red_flags();
        rows.push(("Red flags", if flags.is_empty() { "None".to_owned() } else { capital(&flags.join("; ")) }));
    }
    rows.extend(fall.route().map(|route| ("Who goes", capital(route.said()))));
    if !fall.reasons().is_empty() {
        let reasons: Vec<&str> = fall.reasons().iter().map(|reason| reason.said()).collect();
        rows.push(("A full assessment is needed because", capital(&reasons.join("; "))));
    }
    if let Some((at, findings)) = fall.assessed() {
        rows.push(("Fully assessed", uk_datetime(at)));
        for finding in findings {
            let action = finding.action.as_ref().map(|action| format!(". What is done: {action}")).unwrap_or_default();
            rows.push((finding.topic.said(), format!("{}{action}", finding.found)));
        }
    }
    rows.extend(fall.hazard_visit().map(|on| ("Home looked at by an occupational therapist", uk_date(on))));
    rows.extend(fall.strength().map(|(on, place)| ("Strength and balance", format!("From {}, {place}", uk_date(*on)))));
    rows.extend(fall.followed_up().map(|(at, words)| ("Followed up", format!("{}: {words}", uk_datetime(*at)))));
    let (before, after) = one.full.falls;
    rows.push(("Falls in the twelve months before", before.to_string()));
    rows.push(("Falls since, up to twelve months, this one included", after.to_string()));
    rows.into_iter().map(|(key, value)| (capital(key), value)).collect()
}

/// The page of one fall.
pub(crate) async fn page(
    Shared(state): Shared<State>,
    who: Who,
    Id(id): Id,
    Query(fields): Query<Vec<(String, String)>>,
) -> Page {
    let one = one(&state, &who, id, "A fall").await?;
    let fall = &one.full.fall;
    let theirs = may_say(&one, &who);
    let link = |text: &str, href: String| Way { text: text.to_owned(), href };
    let deeds = Deed::ALL.into_iter().filter(|deed| theirs && deed.is_open(fall));
    let crisis = one.opened.crisis.as_ref().map(|(id, _)| link("The crisis response", format!("/crisis/{id}")));
    let ask = link("The ask it belongs to", format!("/asks/{}", one.opened.id));
    let stands = match (fall.is_on_floor(), fall.up()) {
        (true, _) => on_floor(fall.since(), None, who.at),
        (false, Some((_, Care::ByOthers))) => "Others helped them up".to_owned(),
        (false, Some(_)) => "They are up".to_owned(),
        (false, None) => "Nobody has said that they lie on the floor".to_owned(),
    };
    let view = View {
        shell: one.opened.shell.clone(),
        back: ("Falls".to_owned(), "/board/falls".to_owned()),
        heading: "A fall".to_owned(),
        number: words::number(one.opened.id),
        described: one.opened.line.described.as_ref().map(|words| format!("Nobody in the record yet: {words}")),
        state: Some(tag(&one)),
        owner: format!("{stands}."),
        next: next(&one),
        done: written_down(fields),
        about: "About this fall".to_owned(),
        facts: facts(&one),
        ways: deeds
            .map(|deed| link(deed.said().1, format!("/falls/{id}/{}", deed.said().0)))
            .chain(crisis)
            .chain([ask])
            .collect(),
        steps: steps(&one.full.told, who.at),
        ..View::default()
    };
    Ok(Html(render(&view)))
}

/// The deed an address names, on a fall.
async fn named(state: &State, who: &Who, id: &str, word: &str) -> Result<(Deed, One), Trouble> {
    let deed = Deed::from_word(word).ok_or(Trouble::NotFound)?;
    let id: Uuid = id.parse().map_err(|_| Trouble::NotFound)?;
    Ok((deed, one(state, who, id, deed.said().2).await?))
}

fn question(one: &One, deed: Deed, fields: Vec<Field>, who: &Who) -> decision::View {
    let (_, _, heading, lead, button) = deed.said();
    let fall = &one.full.fall;
    let flags = fall.screen().map(|screen| screen.red_flags()).unwrap_or_default();
    let floor = fall.is_on_floor().then(|| on_floor(fall.since(), None, who.at));
    let flagged = (deed == Deed::Route && !flags.is_empty()).then(|| {
        format!("Red flag: {}. This is for 999, unless a named clinician has decided otherwise.", flags.join("; "))
    });
    decision::View {
        shell: one.opened.shell.clone(),
        back_text: Some("Back to the fall".to_owned()),
        back_href: format!("/falls/{}", one.id),
        heading: heading.to_owned(),
        lead: lead.to_owned(),
        facts: vec![("What happened".to_owned(), one.opened.line.happened.clone())],
        note: flagged.or(floor),
        action: format!("/falls/{}/{}", one.id, deed.said().0),
        hidden: Vec::new(),
        fields,
        button: button.to_owned(),
        error: None,
    }
}

/// The question of a deed.
pub(crate) async fn deed_page(
    Shared(state): Shared<State>,
    who: Who,
    Path((id, word)): Path<(String, String)>,
) -> Page {
    let (deed, one) = named(&state, &who, &id, &word).await?;
    let mut view = question(&one, deed, deed.fields(&one.full, who.at), &who);
    if !may_say(&one, &who) || !deed.is_open(&one.full.fall) {
        view.error = Some(format!("This cannot be done now. {}", next(&one)));
    }
    Ok(Html(decision::render(&view)))
}

/// The answer to it.
pub(crate) async fn press(
    Shared(state): Shared<State>,
    Path((id, word)): Path<(String, String)>,
    Sent { who, fields }: Sent,
) -> Result<Answer, Trouble> {
    let (deed, one) = named(&state, &who, &id, &word).await?;
    let mut form = Form::of(deed.fields(&one.full, who.at), &fields);
    let act = deed.read(&mut form, one.opened.ask.age(), who.at).filter(|_| !form.is_wrong());
    let again = |form: Form<'_>, error: Option<String>| {
        let view = decision::View { error, ..question(&one, deed, form.into_fields(), &who) };
        Ok(Html(decision::render(&view)).into_response())
    };
    let Some(act) = act else { return again(form, None) };
    match carry_out(&state, &who, &one, act).await? {
        Ok(()) => Ok(Redirect::to(&format!("/falls/{}?done=yes", one.id)).into_response()),
        Err(Refusal::NoReason) => {
            let words = "By what is written here, no reason for a full assessment holds: the guideline names people of 65 and over, and \
                of 50 to 64 with a long-term condition, who were hurt, fell twice in a year, live with frailty, could not get up, \
                lost consciousness, or walk or balance badly. Nothing was written down";
            again(form, Some(format!("{words}.")))
        }
        Err(refusal) => {
            let sentence = capital(&refusal.to_string());
            if matches!(refusal, Refusal::Time) {
                form.wrong("when", &sentence);
                if form.is_wrong() {
                    return again(form, None);
                }
            }
            if matches!(refusal, Refusal::RedFlag(_)) {
                form.wrong("despite", &sentence);
                if form.is_wrong() {
                    return again(form, None);
                }
            }
            again(form, Some(sentence))
        }
    }
}

/// Does it, with leave to work the ask. The inner error is the rules' own no, for whoever tried.
async fn carry_out(state: &State, who: &Who, one: &One, act: Act) -> Result<Result<(), Refusal>, Trouble> {
    let permit = state.parts().gate.work_ask(&who.asking(), one.opened.person).await?;
    let (id, at) = (one.id, who.at);
    let writing = move |write: &mut Write<'_>| fall::act(write, &permit, id, act.clone(), at).map(|_| ());
    match state.parts().store.write_async(writing).await {
        Ok(()) => Ok(Ok(())),
        Err(Refused::Rules(refusal)) => Ok(Err(refusal)),
        Err(Refused::Store(error)) => Err(error.into()),
    }
}
