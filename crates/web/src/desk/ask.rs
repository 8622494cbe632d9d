//! Asks for help, as their pages show them: one thread, a desk's lists, a person's own. What can be done with one is in the modules
//! beneath. Opening an ask opens a record: it takes the same permit, and the look is written down first.

pub(crate) mod door;
pub(crate) mod work;

pub(super) mod beside;
pub(super) mod clocks;
mod deed;
pub(super) mod form;
mod home;
mod request;
pub(super) mod row;
pub(super) mod team;
pub(crate) mod triage;
pub(super) mod words;

use std::sync::Arc;

use access::{Action, AskPermit, Permit, Role};
use axum::extract::{Query, State as Shared};
use axum::response::Html;
use care::advice::{Advice, may_ask};
use care::ask::{Act, Refusal};
use care::clock::Moment;
use care::crisis::{Response, Stage};
use care::views::ask::{Shown, of_person, person_of};
use care::views::crisis::{full as full_crisis, of_ask};
use care::views::step::{Step, Thread, thread as told};
use care::worklist::{self, List};
use care::{Ask, Team};
use place::{Lives, Place, Postcode};
use record::fact::Kind;
use record::summary::{Record, record};
use store::{Refused, Write};
use uuid::Uuid;

use super::Page;
use super::person::{banner, href};
use super::record::{closed, nobody, unseen};
use crate::app::{State, Trouble};
use crate::components::PersonBanner;
use crate::layout::{Section, Shell};
use crate::live;
use crate::pages::ask::list::{self, Sheet};
use crate::pages::ask::{View, Way, render};
use crate::session::{Fields, Id, Who};
use crate::words::uk_datetime;
use deed::Deed;

/// The most lines of a list on a desk's page.
const MOST: usize = 50;

/// What every page about one ask begins with.
pub(super) struct Opened {
    pub(super) id: Uuid,
    pub(super) person: Uuid,
    pub(super) ask: Ask,
    pub(super) line: Shown,
    pub(super) steps: Vec<Step>,
    /// What it began or has booked: stays, a place.
    pub(super) hangs: Vec<Way>,
    /// Whether a place is booked for it.
    pub(super) booked: bool,
    /// What its clocks have heard.
    pub(super) moments: Vec<Moment>,
    /// The questions to consultants that belong to it.
    pub(super) questions: Vec<(Uuid, Advice)>,
    /// What the crisis team does about it, where it has taken it.
    pub(super) crisis: Option<(Uuid, Response)>,
    /// The fall that belongs to it.
    pub(super) fall: Option<Uuid>,
    /// Leave to read what belongs to it.
    pub(super) permit: Arc<Permit>,
    /// What the record says that bears on it, as far as the reader may see: key, value.
    pub(super) known: Vec<(String, String)>,
    /// Where the person lives, unless that is withheld.
    pub(super) postcode: Option<Postcode>,
    pub(super) neighbourhood: Option<String>,
    /// Where they belong, as far as the reader may know.
    pub(super) lives: Lives,
    pub(super) shell: Shell,
}

/// Finds the ask an address names, asks for the permit of the person it is for, and reads.
pub(super) async fn open(state: &State, who: &Who, id: Uuid, title: &str) -> Result<Opened, Trouble> {
    let Some(person) = state.read(move |tx| person_of(tx, id)).await? else {
        return Err(nobody(state, who, Action::ReadRecord, id).await);
    };
    let permit = state.parts().gate.record(&who.asking(), person).await.map_err(unseen)?;
    let permit = Arc::new(permit);
    let (reads, named) = (permit.clone(), state.parts().place.clone());
    let found = state.read(move |tx| read(tx, &reads, id, &named)).await?;
    let (Thread { ask, line, steps, moments }, record, beside) = found.ok_or(Trouble::NotFound)?;
    let banner: Option<PersonBanner> = record.as_ref().map(|record| banner(state, record, who.at));
    let shell = Shell { person: banner, ..who.shell(title, Section::Asks) };
    let known = record.as_ref().map(known).unwrap_or_default();
    let place = &state.parts().place;
    let identity = record.as_ref().map(|record| &record.identity).filter(|identity| !identity.address_withheld);
    let postcode = identity.and_then(|identity| Postcode::parse(identity.postcode.as_deref()?).ok());
    let lives = identity.map(home::lives).unwrap_or_default();
    let neighbourhood =
        lives.practice.as_ref().and_then(|code| place.neighbourhood_of_practice(code)).map(|one| one.id.to_string());
    let Beside { questions, crisis, fall, stays, slot } = beside;
    let booked = slot.as_ref().is_some_and(|slot| slot.ended.is_none());
    let hangs = words::hangs(place, stays, slot, who.at);
    Ok(Opened {
        id,
        person,
        ask,
        line,
        steps,
        hangs,
        booked,
        moments,
        questions,
        crisis,
        fall,
        permit,
        shell,
        known,
        postcode,
        neighbourhood,
        lives,
    })
}

impl Opened {
    /// Whether the crisis team is at it, so that its own page says what comes of it.
    fn with_crisis_team(&self) -> bool {
        self.crisis.as_ref().is_some_and(|(_, response)| response.stage() != Stage::Closed)
    }

    /// Whether a page offers this now.
    fn offers(&self, deed: Deed, who: &Who, place: &place::Place) -> bool {
        !(self.with_crisis_team() && deed.is_said_by_crisis_team(&self.ask, place, who.at))
            && deed.is_open(&self.ask, &who.subject, place, who.at)
    }
}

/// What belongs to an ask and has a page of its own.
struct Beside {
    questions: Vec<(Uuid, Advice)>,
    crisis: Option<(Uuid, Response)>,
    fall: Option<Uuid>,
    stays: Vec<care::views::episode::OfAsk>,
    slot: Option<care::views::slot::OfAsk>,
}

/// What is in force of the record and bears on where somebody can be cared for.
fn known(record: &Record) -> Vec<(String, String)> {
    let sorts = [
        ("Alerts", Kind::Alert),
        ("Allergies", Kind::Allergy),
        ("Problems", Kind::Problem),
        ("Plans", Kind::Plan),
        ("Whom to call", Kind::Contact),
    ];
    let titles = |kind: Kind| {
        let lines = record.lines.iter().filter(|line| line.fact.kind == kind && line.fact.active);
        let mut titles: Vec<String> = lines.map(|line| line.fact.title.clone()).collect();
        titles.dedup();
        titles.truncate(8);
        titles.join("; ")
    };
    let rows = sorts.map(|(name, kind)| (name.to_owned(), titles(kind)));
    rows.into_iter().filter(|(_, words)| !words.is_empty()).collect()
}

type Found = (Thread, Option<Record>, Beside);

fn read(tx: &mut dyn store::Tx, permit: &Permit, id: Uuid, place: &Place) -> store::Result<Option<Found>> {
    let named = |team: &Team| team.named(place);
    let Some(thread) = told(tx, permit, id, &named)? else { return Ok(None) };
    let crisis = match of_ask(tx, id)? {
        Some(response) => full_crisis(tx, permit, response, &named)?.map(|(stands, _)| (response, stands)),
        None => None,
    };
    let known_as = record::views::person::leaves(tx, permit.person())?;
    let questions = care::views::advice::of_journey(tx, permit, &known_as, id)?;
    let beside = Beside {
        questions,
        crisis,
        fall: care::views::fall::of_ask(tx, id)?,
        stays: care::views::episode::of_ask(tx, id)?,
        slot: care::views::slot::of_ask(tx, id)?,
    };
    Ok(Some((thread, record(tx, permit)?, beside)))
}

/// Does something to an ask, with leave. The inner error is the ask's own no, for whoever tried.
async fn carry_out(
    state: &State,
    who: &Who,
    permit: AskPermit,
    id: Uuid,
    act: Act,
) -> Result<Result<(), Refusal>, Trouble> {
    let (at, place) = (who.at, state.parts().place.clone());
    let writing =
        move |write: &mut Write<'_>| care::carry::act(write, &permit, &place, id, act.clone(), at).map(|_| ());
    match state.parts().store.write_async(writing).await {
        Ok(()) => Ok(Ok(())),
        Err(Refused::Rules(refusal)) => Ok(Err(refusal)),
        Err(Refused::Store(error)) => Err(error.into()),
    }
}

/// The page of one ask.
pub(crate) async fn page(
    Shared(state): Shared<State>,
    who: Who,
    Id(id): Id,
    Query(fields): Query<Vec<(String, String)>>,
) -> Page {
    let live = live::address(&state, &who, live::Page::Ask(id)).await;
    let mut opened = open(&state, &who, id, "An ask for help").await?;
    opened.shell.live = live;
    let mut view = thread(&state, &who, &opened);
    view.clocks = match &opened.crisis {
        Some((_, response)) => clocks::of_crisis(&state.parts().place, response.moments(), who.at)?,
        None => Vec::new(),
    };
    view.clocks.extend(clocks::lines(&state.parts().place, &opened.moments, who.at)?);
    view.done = words::done(Fields(fields).get("done"), &opened);
    Ok(Html(render(&view)))
}

/// The thread as its page shows it.
fn thread(state: &State, who: &Who, opened: &Opened) -> View {
    let place = &state.parts().place;
    let request = opened.ask.request();
    let away = home::may_be_away(place, &opened.lives, who.at);
    let ways = Deed::ALL
        .into_iter()
        .filter(|deed| away || *deed != Deed::AskNeighbour)
        .filter(|deed| opened.offers(*deed, who, place));
    let crisis = opened.crisis.as_ref().map(|(id, _)| ("Open the crisis response", format!("/crisis/{id}")));
    let fall = opened.fall.map(|id| ("Open the fall", format!("/falls/{id}")));
    let pages = crisis.into_iter().chain(fall).filter(|_| who.subject.role != Role::Citizen);
    let citizen = who.subject.role == Role::Citizen;
    View {
        shell: opened.shell.clone(),
        back: if citizen {
            ("Asks for you".to_owned(), "/me/asks".to_owned())
        } else {
            ("Asks".to_owned(), "/asks".to_owned())
        },
        heading: super::person::capital(opened.line.kind.said()),
        number: words::number(opened.id),
        described: opened.line.described.as_ref().map(|words| format!("Nobody in the record yet: {words}")),
        state: Some(words::tag(&opened.line)),
        owner: words::owner(place, &opened.line),
        next: words::next(place, &opened.line, who.at),
        alarm: words::alarm(place, &opened.line, who.at),
        said: request.map(words::said).unwrap_or_default(),
        facts: request
            .map(|request| words::facts(place, request, &opened.line))
            .unwrap_or_default()
            .into_iter()
            .chain(home::rows(place, &opened.lives, who.at))
            .collect(),
        ways: pages
            .map(|(text, href)| Way { text: text.to_owned(), href })
            .chain(
                opened.offers(Deed::Advise, who, place).then(|| Way {
                    text: "Find the right care".to_owned(),
                    href: format!("/asks/{}/triage", opened.id),
                }),
            )
            .chain(
                ways.map(|deed| Way {
                    text: deed.link().to_owned(),
                    href: format!("/asks/{}/{}", opened.id, deed.word()),
                }),
            )
            .chain(
                may_book(opened, &who.subject).then(|| Way {
                    text: "Book a same-day place".to_owned(),
                    href: format!("/asks/{}/slots", opened.id),
                }),
            )
            .chain((may_ask(&who.subject) && opened.ask.state().is_open() && opened.line.described.is_none()).then(
                || Way {
                    text: "Ask a consultant about it".to_owned(),
                    href: format!("{}/advice?journey={}", href(opened.person), opened.id),
                },
            ))
            .chain(opened.hangs.iter().filter(|_| !citizen).cloned())
            .collect(),
        files: files(who, opened),
        steps: opened.steps.iter().rev().map(|step| words::step(step, who.at)).collect(),
        ..View::default()
    }
}

/// What came with the questions to consultants that belong to an ask, for the ends of those questions.
fn files(who: &Who, opened: &Opened) -> Vec<(String, String)> {
    let theirs = |advice: &Advice| advice.is_asker(&who.subject) || advice.is_specialist(&who.subject);
    let questions = opened.questions.iter().filter(|(_, advice)| theirs(advice));
    questions.flat_map(|(id, advice)| super::advice::written::files(*id, advice)).collect()
}

/// Whether a place could be booked for it: somebody's whose team has it, while care is still to be found or goes on.
pub(super) fn may_book(opened: &Opened, by: &access::Subject) -> bool {
    use care::ask::State as Where;
    let mine = opened.ask.owner().is_some_and(|owner| by.is_of(owner.word()));
    let open = opened.ask.state().is_open()
        && !matches!(opened.ask.state(), Where::OutcomeRecorded | Where::Withdrawn | Where::Died | Where::Submitted);
    mine && open
        && !opened.with_crisis_team()
        && opened.ask.open_hop().is_none()
        && !opened.booked
        && by.role != Role::CareHomeManager
}

/// The lists of a desk: what is offered, what is late, what is one's own and one's team's, what waits for others.
pub(crate) async fn lists(Shared(state): Shared<State>, who: Who) -> Page {
    let desk = state.parts().gate.desk(&who.asking()).await?;
    let live = live::address(&state, &who, live::Page::Asks).await;
    let (by, now) = (who.subject.clone(), who.at);
    let asked = state
        .read(move |tx| {
            let each = |list| worklist::ask(tx, &desk, &by, list, now, MOST).map(|asked| (list, asked));
            words::LISTS.map(|(list, ..)| list).into_iter().map(each).collect::<store::Result<Vec<(List, _)>>>()
        })
        .await?;
    let people: Vec<Uuid> = asked.iter().flat_map(|(_, asked)| asked.people()).collect();
    let permit = state.parts().gate.worklist(&who.asking(), people.clone()).await?;
    // The permit shows lines after the read as well, so it comes back with the names.
    let permit = Arc::new(permit);
    let shown = permit.clone();
    let identities = state.read(move |tx| record::worklist::named(tx, &shown, &people)).await?;
    let place = &state.parts().place;
    let mut sheets = Vec::new();
    for (list, asked) in asked {
        let total = asked.total;
        let lines = worklist::open(&permit, asked);
        let rows = lines.iter().map(|line| row::of_desk(place, line, identities.get(&line.person), now)).collect();
        sheets.push(sheet(list, total, rows));
    }
    let view = list::View {
        shell: Shell { live, ..who.shell("Asks", Section::Asks) },
        heading: "Asks for help".to_owned(),
        lead: format!("{} · {}", words::teams(place, &who.subject), uk_datetime(who.at)),
        begin: who.may(Action::MakeAsk).then(|| ("Ask for help for somebody".to_owned(), "/asks/new".to_owned())),
        also: super::crisis::boards()
            .into_iter()
            .filter(|_| who.may(Action::WorkAsk))
            .chain(words::ALSO.map(|(text, href)| (text.to_owned(), href.to_owned())))
            .collect(),
        sheets,
        ..list::View::default()
    };
    Ok(Html(list::render(&view)))
}

fn sheet(list: List, total: i64, rows: Vec<list::Row>) -> Sheet {
    let (title, empty) = words::list(list);
    Sheet {
        id: list.word().to_owned(),
        title: title.to_owned(),
        count: if total > 0 { super::feeds::thousands(total) } else { String::new() },
        rows,
        empty: empty.to_owned(),
    }
}

/// The asks for one person, for whoever may open their record.
pub(crate) async fn of_somebody(Shared(state): Shared<State>, who: Who, Id(person): Id) -> Page {
    let Some(root) = state.read(move |tx| record::summary::root(tx, person)).await? else {
        return Err(nobody(&state, &who, Action::ReadRecord, person).await);
    };
    if root != person {
        return Err(Trouble::NotFound);
    }
    let back = (String::from("Record"), href(person));
    let begin = who.may(Action::MakeAsk).then(|| ("Ask for help".to_owned(), format!("{}/asks/new", href(person))));
    let lead = "Each time somebody asked for help for this person, and where it is now.";
    own(&state, &who, person, ("Asks for this person", lead), back, begin).await
}

/// The asks for whoever is signed in for their own record.
pub(crate) async fn mine(Shared(state): Shared<State>, who: Who) -> Page {
    let person = super::me::own(&who)?;
    let back = ("My record".to_owned(), "/me".to_owned());
    let begin = Some(("Ask for help".to_owned(), format!("{}/asks/new", href(person))));
    let lead = "Each time somebody asked for help for you, and where it is now.";
    own(&state, &who, person, ("Asks for you", lead), back, begin).await
}

async fn own(
    state: &State,
    who: &Who,
    person: Uuid,
    (heading, lead): (&str, &str),
    back: (String, String),
    begin: Option<(String, String)>,
) -> Page {
    let permit = state.parts().gate.record(&who.asking(), person).await.map_err(|no| closed(who, person, no))?;
    let live = live::address(state, who, live::Page::AsksFor(person)).await;
    let (lines, record) = state.read(move |tx| Ok((of_person(tx, &permit, MOST)?, record(tx, &permit)?))).await?;
    let place = &state.parts().place;
    let (open, ended): (Vec<_>, Vec<_>) =
        lines.iter().partition(|line| line.shown.as_ref().is_none_or(|shown| shown.place.closed.is_none()));
    let rows = |lines: Vec<&care::views::ask::Line>| -> Vec<list::Row> {
        lines.into_iter().map(|line| row::of_person(place, line, who.at)).collect()
    };
    let sheet = |id: &str, title: &str, empty: &str, rows: Vec<list::Row>| Sheet {
        id: id.to_owned(),
        title: title.to_owned(),
        count: if rows.is_empty() { String::new() } else { rows.len().to_string() },
        rows,
        empty: empty.to_owned(),
    };
    let nothing =
        "Nothing is on its way. When somebody asks for help, it stands here until it is finished and answered.";
    let view = list::View {
        shell: Shell {
            person: record.as_ref().map(|record| banner(state, record, who.at)),
            live,
            ..who.shell(heading, Section::Asks)
        },
        back: Some(back),
        heading: heading.to_owned(),
        lead: lead.to_owned(),
        begin,
        sheets: vec![
            sheet("open", "On their way", nothing, rows(open)),
            sheet("ended", "Finished", "Nothing is finished yet.", rows(ended)),
        ],
        ..list::View::default()
    };
    Ok(Html(list::render(&view)))
}
