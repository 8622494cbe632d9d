//! One fall: since when somebody lies on the floor, what was asked before anybody was sent, who goes, why a full assessment is
//! needed, and what follows from it. Opening it opens the ask it belongs to. Must not show any figure of how likely a fall is:
//! NICE NG249 says not to use such tools, and nothing here keeps one.

mod deed;

use access::Action;
use axum::extract::{Query, State as Shared};
use axum::response::{Html, Response as Answer};
use care::ask::State as Stands;
use care::clock::{Clocks, Moment};
use care::fall::{self, Act, Care, Known, Refusal};
use care::views::fall::{Full, belongs, full};
use jiff::Timestamp;
use place::Place;
use store::{Refused, Write};
use uuid::Uuid;

use super::Page;
use super::ask::beside::{self, Address, Beside, Came};
use super::ask::form::{Form, written_down};
use super::ask::team::refused;
use super::ask::{Opened, clocks, open, words};
use super::crisis::{is_theirs, on_floor, told};
use super::person::capital;
use super::record::nobody;
use crate::app::{State, Trouble};
use crate::components::{Colour, Tag};
use crate::layout::Shell;
use crate::live;
use crate::pages::ask::decision::Field;
use crate::pages::ask::{View, Way, render};
use crate::session::{Id, Sent, Who};
use crate::words::{uk_date, uk_datetime};
use deed::Deed;

/// What a page about one fall begins with.
struct One {
    id: Uuid,
    opened: Opened,
    full: Full,
    /// Whether it is time to ask how they are: the clock of the follow-up warns, or has run out.
    is_time: bool,
    /// Where the page follows what it shows.
    live: String,
}

/// Finds the fall an address names and opens the ask it belongs to.
async fn one(state: &State, who: &Who, id: Uuid, title: &str) -> Result<One, Trouble> {
    let Some(ask) = state.read(move |tx| belongs(tx, id)).await? else {
        return Err(nobody(state, who, Action::ReadRecord, id).await);
    };
    let live = live::address(state, who, live::Page::Ask(ask)).await;
    let opened = open(state, who, ask, title).await?;
    let permit = opened.permit.clone();
    let full = state.read(move |tx| full(tx, &permit, id)).await?.ok_or(Trouble::NotFound)?;
    let mut one = One { id, opened, full, is_time: false, live };
    let clocks = Clocks::of(&state.parts().place).map_err(|error| Trouble::Broken(error.to_string()))?;
    let span = clocks.span(fall::FOLLOW_UP, &one.moments(who.at), who.at);
    let span = span.map_err(|error| Trouble::Broken(error.to_string()))?;
    one.is_time = span.is_some_and(|span| span.warns || span.breached);
    Ok(one)
}

impl One {
    /// What the clock of the follow-up hears. Of somebody who has died nobody asks any more.
    fn moments(&self, now: Timestamp) -> Vec<Moment> {
        let died = self.opened.shell.person.as_ref().is_some_and(|person| person.died.is_some());
        self.full.moments.iter().cloned().chain(died.then(|| Moment::new(now, "died"))).collect()
    }
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
    if fall.looked_in().is_none() {
        return "Next, 30 days after the fall, somebody asks how they are and whether they have fallen again."
            .to_owned();
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
    rows.extend(fall.looked_in().map(|(at, again, words)| {
        let again = match again {
            Known::Yes => "they have fallen again",
            Known::No => "they have not fallen again",
            Known::Unknown => "whether they have fallen again is not known",
        };
        ("Asked how they are, 30 days on", format!("{}: {again}. {words}", uk_datetime(*at)))
    }));
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
    let link = |text: &str, href: String| Way { text: text.to_owned(), href };
    let crisis = one.opened.crisis.as_ref().map(|(id, _)| link("The crisis response", format!("/crisis/{id}")));
    let ask = link("The ask it belongs to", format!("/asks/{}", one.opened.id));
    let stands = match (fall.is_on_floor(), fall.up()) {
        (true, _) => on_floor(fall.since(), None, who.at),
        (false, Some((_, Care::ByOthers))) => "Others helped them up".to_owned(),
        (false, Some(_)) => "They are up".to_owned(),
        (false, None) => "Nobody has said that they lie on the floor".to_owned(),
    };
    let view = View {
        shell: Shell { live: one.live.clone(), ..one.opened.shell.clone() },
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
        clocks: clocks::of(&state.parts().place, &[fall::FOLLOW_UP], &one.moments(who.at), who.at)?,
        ways: beside::ways(&one, &who).into_iter().chain(crisis).chain([ask]).collect(),
        steps: told(&one.full.steps, who.at),
        ..View::default()
    };
    Ok(Html(render(&view)))
}

impl Beside for One {
    type Deed = Deed;
    type Act = Act;
    const FOLDER: &'static str = "/falls";
    const BACK: &'static str = "Back to the fall";

    async fn open(state: &State, who: &Who, id: Uuid, title: &str) -> Result<Self, Trouble> {
        one(state, who, id, title).await
    }

    fn id(&self) -> Uuid {
        self.id
    }

    fn opened(&self) -> &Opened {
        &self.opened
    }

    fn offers(&self, deed: Deed, who: &Who) -> bool {
        may_say(self, who) && deed.is_open(&self.full.fall) && (deed != Deed::LookIn || self.is_time)
    }

    fn next(&self, _: &Place) -> String {
        next(self)
    }

    fn before(&self, deed: Deed, _: &Place, now: Timestamp) -> (Vec<(String, String)>, Option<String>) {
        let fall = &self.full.fall;
        let flags = fall.screen().map(|screen| screen.red_flags()).unwrap_or_default();
        let floor = fall.is_on_floor().then(|| on_floor(fall.since(), None, now));
        let flagged = (deed == Deed::Route && !flags.is_empty()).then(|| {
            format!("Red flag: {}. This is for 999, unless a named clinician has decided otherwise.", flags.join("; "))
        });
        (vec![("What happened".to_owned(), self.opened.line.happened.clone())], flagged.or(floor))
    }

    fn fields(&self, deed: Deed, _: &Place, now: Timestamp) -> Vec<Field> {
        deed.fields(&self.full, now)
    }

    fn read(&self, deed: Deed, form: &mut Form<'_>, now: Timestamp) -> Option<Act> {
        deed.read(form, self.opened.ask.age(), now)
    }

    async fn act(&self, state: &State, who: &Who, act: Act) -> Result<Came, Trouble> {
        let permit = state.parts().gate.work_ask(&who.asking(), self.opened.person).await?;
        let (id, at) = (self.id, who.at);
        let writing = move |write: &mut Write<'_>| fall::act(write, &permit, id, act.clone(), at).map(|_| ());
        match state.parts().store.write_async(writing).await {
            Ok(()) => Ok(Ok(format!("/falls/{}?done=yes", self.id))),
            Err(Refused::Rules(Refusal::NoReason)) => Ok(Err((NO_REASON.to_owned(), None))),
            Err(Refused::Rules(refusal)) => {
                let field = match &refusal {
                    Refusal::Time => Some("when"),
                    Refusal::RedFlag(_) => Some("despite"),
                    _ => None,
                };
                Ok(Err((refused(&state.parts().place, &refusal, refusal.team()), field)))
            }
            Err(Refused::Store(error)) => Err(error.into()),
        }
    }
}

/// What somebody is told by whose answers no full assessment is needed.
const NO_REASON: &str = "By what is written here, no reason for a full assessment holds: the guideline names people of 65 and over, and \
    of 50 to 64 with a long-term condition, who were hurt, fell twice in a year, live with frailty, could not get up, lost consciousness, \
    or walk or balance badly. Nothing was written down.";

/// The question of a deed.
pub(crate) async fn question(Shared(state): Shared<State>, who: Who, address: Address) -> Page {
    beside::question::<One>(state, who, address).await
}

/// The answer to it.
pub(crate) async fn answer(Shared(state): Shared<State>, address: Address, sent: Sent) -> Result<Answer, Trouble> {
    beside::answer::<One>(state, address, sent).await
}
