//! The one door: find the person, say four sentences, send. What was typed is kept as a draft when asked, and comes back when
//! something is wrong. The id of the ask is decided when the form opens, so that sending twice is one ask.

use access::{Action, Role};
use axum::extract::State as Shared;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use care::Team;
use care::ask::{self, Act};
use care::draft::Draft;
use care::views::draft;
use record::fact::Kind as Fact;
use record::find::identities;
use record::identity::Identity;
use store::{Refused, Write};
use uuid::Uuid;

use super::carry_out;
use super::form::Form;
use super::home;
use super::request::{For, Groups, groups, read};
use crate::app::{State, Trouble};
use crate::desk::Page;
use crate::desk::person::{capital, identity_banner};
use crate::layout::{Section, Shell};
use crate::pages::ask::decision::Field;
use crate::pages::ask::intake::{self, Door, View, render};
use crate::personas::role_words;
use crate::session::{Fields, Id, Sent, Who};
use crate::words::{age_years, london_date, uk_datetime, uk_time};

/// The most drafts that are offered to go on with.
const DRAFTS: usize = 10;

/// What stands beneath the search of the one door: the way for somebody who is not found, and what was not finished.
pub(in crate::desk) async fn beneath(state: &State, who: &Who) -> Result<Door, Trouble> {
    let permit = state.parts().gate.draft(&who.asking()).await?;
    let kept = state.read(move |tx| draft::of(tx, &permit, DRAFTS)).await?;
    let drafts = kept.into_iter().map(|kept| intake::Draft {
        text: format!("Draft kept {}", super::words::when(kept.at, who.at)),
        href: format!("/asks/draft/{}", kept.ask),
    });
    Ok(Door { unknown_href: "/asks/new/unknown".to_owned(), drafts: drafts.collect() })
}

fn new_id(state: &State, who: &Who) -> Uuid {
    let mut random = [0; 10];
    (state.parts().randomness)(&mut random);
    store::aggregate::uuid_v7(who.at, random)
}

/// For whom: somebody of the record with who they are, or somebody who was not found.
struct Whom {
    whom: For,
    identity: Option<Identity>,
}

/// Finds out who the form is for, with leave to ask for them: written down before anything of them is shown.
async fn whom(state: &State, who: &Who, person: Uuid) -> Result<(Whom, access::AskPermit), Trouble> {
    let root = state.read(move |tx| record::summary::root(tx, person)).await?;
    let permit = state.parts().gate.make_ask(&who.asking(), root.unwrap_or(person)).await?;
    let Some(root) = root else {
        return Ok((Whom { whom: For { person, found: false, years: None }, identity: None }, permit));
    };
    let identity = if who.subject.role == Role::Citizen {
        None
    } else {
        let list = state.parts().gate.list(&who.asking(), vec![root]).await?;
        state.read(move |tx| identities(tx, &list)).await?.into_iter().next()
    };
    let birth = identity.as_ref().and_then(|identity| identity.birth_date);
    let years = birth.and_then(|birth| u8::try_from(age_years(birth, london_date(who.at))).ok());
    Ok((Whom { whom: For { person: root, found: true, years }, identity }, permit))
}

/// What the record says to whoever takes a call, so that nobody is asked again. Only the desk of the single point of access opens
/// the record for it: whoever else asks has read it already, or has no relationship yet.
async fn known(state: &State, who: &Who, whom: &For) -> Result<Vec<(String, String)>, Trouble> {
    if !whom.found || who.subject.role != Role::Coordinator {
        return Ok(Vec::new());
    }
    let permit = state.parts().gate.record(&who.asking(), whom.person).await?;
    let record = state.read(move |tx| record::summary::record(tx, &permit)).await?;
    let Some(record) = record else { return Ok(Vec::new()) };
    let titles = |kind: Fact| {
        let lines = record.lines.iter().filter(|line| line.fact.kind == kind && line.fact.active);
        let mut titles: Vec<String> = lines.map(|line| line.fact.title.clone()).collect();
        titles.dedup();
        titles.join("; ")
    };
    let rows = [("Alerts", Fact::Alert), ("Allergies", Fact::Allergy), ("Whom to call", Fact::Contact)];
    let mut said: Vec<(String, String)> = rows
        .map(|(name, kind)| (name.to_owned(), titles(kind)))
        .into_iter()
        .filter(|(_, words)| !words.is_empty())
        .collect();
    if let Some(phone) = record.identity.phone.clone().filter(|_| !record.identity.address_withheld) {
        said.push(("Telephone".to_owned(), phone));
    }
    Ok(said)
}

fn view(state: &State, who: &Who, id: Uuid, whom: &Whom, groups: Groups) -> View {
    View {
        shell: Shell {
            person: whom.identity.as_ref().map(|identity| identity_banner(state, identity, who.at)),
            ..who.shell("Ask for help", Section::Asks)
        },
        action: "/asks/new/form".to_owned(),
        id: id.to_string(),
        person: whom.whom.person.to_string(),
        begun: uk_time(who.at),
        note: (!whom.whom.found).then(|| {
            "Nobody was found, so the record says nothing. Look for allergies and alerts when their name is known."
                .to_owned()
        }),
        known: whom
            .identity
            .as_ref()
            .map(|identity| home::rows(&state.parts().place, &home::lives(identity), who.at))
            .unwrap_or_default(),
        who: groups.who,
        what: groups.what,
        asker: groups.asker,
        ..View::default()
    }
}

fn empty(who: &Who, whom: &For) -> Groups {
    let citizen = who.subject.role == Role::Citizen;
    let relation = if citizen { "The person themselves".to_owned() } else { role_words(who.subject.role).to_owned() };
    groups(whom, &who.subject.name, &relation)
}

/// The team in whose name somebody asks: the first they act for.
fn team(who: &Who) -> Option<Team> {
    who.subject.teams.iter().find_map(|word| Team::try_from(word.clone()).ok())
}

/// The form for somebody of the record.
pub(crate) async fn for_person(Shared(state): Shared<State>, who: Who, Id(person): Id) -> Page {
    if who.subject.role == Role::Citizen && who.subject.own != Some(person) {
        return Err(crate::desk::record::nobody(&state, &who, Action::MakeAsk, person).await);
    }
    let (whom, _) = whom(&state, &who, person).await?;
    if !whom.whom.found {
        return Err(Trouble::NotFound);
    }
    let view = view(&state, &who, new_id(&state, &who), &whom, empty(&who, &whom.whom));
    let view = View { known: known(&state, &who, &whom.whom).await?.into_iter().chain(view.known).collect(), ..view };
    Ok(Html(render(&view)))
}

/// The form for somebody whom nobody has found.
pub(crate) async fn for_nobody(Shared(state): Shared<State>, who: Who) -> Page {
    state.parts().gate.draft(&who.asking()).await?;
    if who.subject.role == Role::Citizen {
        return Err(Trouble::Forbidden("you ask for yourself here; ring 999 for somebody you do not know"));
    }
    let whom = Whom { whom: For { person: new_id(&state, &who), found: false, years: None }, identity: None };
    let groups = empty(&who, &whom.whom);
    Ok(Html(render(&view(&state, &who, new_id(&state, &who), &whom, groups))))
}

/// A draft of one's own, to go on with.
pub(crate) async fn draft_page(Shared(state): Shared<State>, who: Who, Id(id): Id) -> Page {
    let permit = state.parts().gate.draft(&who.asking()).await?;
    let kept = state.read(move |tx| draft::one(tx, &permit, id)).await?.ok_or(Trouble::NotFound)?;
    let person = kept.draft.person.unwrap_or_else(|| new_id(&state, &who));
    let (whom, _) = whom(&state, &who, person).await?;
    let typed = Fields(kept.draft.fields.into_iter().collect());
    let groups = filled(empty(&who, &whom.whom), &typed);
    let view = view(&state, &who, id, &whom, groups);
    let view = View {
        kept: Some(format!("This draft was kept on {}.", uk_datetime(kept.at))),
        known: known(&state, &who, &whom.whom).await?.into_iter().chain(view.known).collect(),
        ..view
    };
    Ok(Html(render(&view)))
}

/// Keeps a draft as it is being typed, without showing anything of anybody: when it was kept, or why it was not, for the page's
/// script. The form stays where it is, with what was typed in it.
pub(crate) async fn keep_draft(
    Shared(state): Shared<State>,
    Id(id): Id,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    // For somebody who has no id yet the form carries a new one; another form than ours carries none, and keeps nothing.
    let Ok(person) = fields.get("person").parse::<Uuid>() else { return Err(UNREADABLE) };
    if fields.get("id").parse::<Uuid>() != Ok(id) {
        return Err(UNREADABLE);
    }
    let (status, told) = match keep(&state, &who, id, person, &fields).await? {
        Ok(()) => (StatusCode::OK, serde_json::json!({ "kept": uk_time(who.at) })),
        Err(sentence) => (StatusCode::CONFLICT, serde_json::json!({ "problem": sentence })),
    };
    Ok((status, [(header::CONTENT_TYPE, "application/json")], told.to_string()).into_response())
}

fn filled(groups: Groups, typed: &Fields) -> Groups {
    let fill = |fields: Vec<Field>| Form::of(fields, typed).into_fields();
    Groups { who: fill(groups.who), what: fill(groups.what), asker: fill(groups.asker) }
}

/// Sends the form, or keeps it.
pub(crate) async fn send(Shared(state): Shared<State>, Sent { who, fields }: Sent) -> Result<Response, Trouble> {
    let ids = (fields.get("id").parse::<Uuid>(), fields.get("person").parse::<Uuid>());
    let (Ok(id), Ok(person)) = ids else { return Err(UNREADABLE) };
    let (whom, permit) = whom(&state, &who, person).await?;
    let again = |groups: Groups, kept: Option<String>, error: Option<String>| {
        let view = View { kept, error, ..view(&state, &who, id, &whom, groups) };
        Ok(Html(render(&view)).into_response())
    };
    if fields.get("do") == "keep" {
        let kept = keep(&state, &who, id, whom.whom.person, &fields).await?;
        let groups = filled(empty(&who, &whom.whom), &fields);
        return match kept {
            Ok(()) => again(groups, Some(format!("Your draft was kept at {}.", uk_time(who.at))), None),
            Err(sentence) => again(groups, None, Some(sentence)),
        };
    }
    let request = match read(empty(&who, &whom.whom), &whom.whom, team(&who), &fields, who.at) {
        Ok(request) => request,
        Err(groups) => return again(groups, None, None),
    };
    match carry_out(&state, &who, permit, id, Act::Submit(request)).await? {
        Ok(()) => Ok(Redirect::to(&format!("/asks/{id}?done=sent")).into_response()),
        Err(refusal) => {
            let sentence = super::team::refused(&state.parts().place, &refusal, refusal.team());
            again(filled(empty(&who, &whom.whom), &fields), None, Some(sentence))
        }
    }
}

/// Keeps what was typed. The inner error is a sentence for whoever typed.
async fn keep(
    state: &State,
    who: &Who,
    id: Uuid,
    person: Uuid,
    fields: &Fields,
) -> Result<Result<(), String>, Trouble> {
    let permit = state.parts().gate.draft(&who.asking()).await?;
    let ours = [crate::layout::TOKEN_FIELD, "id", "person", "do"];
    let typed = fields.0.iter().filter(|(name, _)| !ours.contains(&name.as_str())).cloned();
    let (draft, by, at) = (Draft::of(Some(person), typed), who.subject.clone(), who.at);
    let outcome = state
        .parts()
        .store
        .write_async(move |write: &mut Write<'_>| {
            ask::keep(write, &permit, &by, id, Some(draft.clone()), at).map(|_| ())
        })
        .await;
    match outcome {
        Ok(()) => Ok(Ok(())),
        Err(Refused::Rules(refusal)) => Ok(Err(capital(&refusal.to_string()))),
        Err(Refused::Store(error)) => Err(error.into()),
    }
}

const UNREADABLE: Trouble =
    Trouble::BadRequest("The form did not say which ask it is. Go back, open it again and paste what you typed.");
