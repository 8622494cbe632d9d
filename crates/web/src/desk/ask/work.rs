//! Doing something with an ask: a page with one question, and what follows from its answer. The ask decides; a page that has grown
//! old is told so, with what was typed still in it.

use axum::extract::{Path, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use care::ask::Refusal;
use uuid::Uuid;

use super::deed::Deed;
use super::form::Form;
use super::{Opened, carry_out, open, team, words};
use crate::app::{State, Trouble};
use crate::desk::Page;
use crate::desk::person::capital;
use crate::pages::ask::decision::{Field, View, render};
use crate::session::{Sent, Who};

/// The deed an address names, on an ask.
async fn named(state: &State, who: &Who, id: &str, word: &str) -> Result<(Deed, Opened), Trouble> {
    let deed = Deed::from_word(word).ok_or(Trouble::NotFound)?;
    let id: Uuid = id.parse().map_err(|_| Trouble::NotFound)?;
    Ok((deed, open(state, who, id, deed.heading()).await?))
}

fn view(state: &State, opened: &Opened, deed: Deed, fields: Vec<Field>) -> View {
    let place = &state.parts().place;
    let facts = vec![
        ("Where it is".to_owned(), capital(opened.line.place.state.said())),
        ("Who has it".to_owned(), team::name(place, &opened.line.place.owner)),
        ("What happened".to_owned(), opened.line.happened.clone()),
    ];
    View {
        shell: opened.shell.clone(),
        back_text: None,
        back_href: format!("/asks/{}", opened.id),
        heading: deed.heading().to_owned(),
        lead: deed.lead().to_owned(),
        facts,
        note: opened.line.described.as_ref().map(|words| format!("Nobody in the record yet: {words}")),
        action: format!("/asks/{}/{}", opened.id, deed.word()),
        hidden: Vec::new(),
        fields,
        button: deed.button().to_owned(),
        error: None,
    }
}

/// The question.
pub(crate) async fn page(Shared(state): Shared<State>, who: Who, Path((id, word)): Path<(String, String)>) -> Page {
    let (deed, opened) = named(&state, &who, &id, &word).await?;
    let mut view = view(&state, &opened, deed, deed.fields(&state.parts().place));
    if !opened.offers(deed, &who, &state.parts().place) {
        view.error =
            Some(format!("This cannot be done now. {}", words::next(&state.parts().place, &opened.line, who.at)));
    }
    Ok(Html(render(&view)))
}

/// The answer.
pub(crate) async fn act(
    Shared(state): Shared<State>,
    Path((id, word)): Path<(String, String)>,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let (deed, opened) = named(&state, &who, &id, &word).await?;
    let mut form = Form::of(deed.fields(&state.parts().place), &fields);
    let act = deed.read(&mut form, &opened.ask, who.at).filter(|_| !form.is_wrong());
    let again = |form: Form<'_>, error: Option<String>| {
        let view = View { error, ..view(&state, &opened, deed, form.into_fields()) };
        Ok(Html(render(&view)).into_response())
    };
    let Some(act) = act else { return again(form, None) };
    let gate = &state.parts().gate;
    let permit = if matches!(deed, Deed::GiveInfo | Deed::AddWords | Deed::Withdraw) {
        gate.make_ask(&who.asking(), opened.person).await?
    } else {
        gate.work_ask(&who.asking(), opened.person).await?
    };
    let ask_id = opened.id;
    match carry_out(&state, &who, permit, ask_id, act).await? {
        Ok(()) => Ok(Redirect::to(&format!("/asks/{ask_id}?done=yes")).into_response()),
        Err(refusal) => {
            let sentence = team::refused(&state.parts().place, &refusal, refusal.team());
            let sentence = form.wrong_at(at_field(&refusal), sentence);
            again(form, sentence)
        }
    }
}

/// The field that a refusal is about, where it is about one.
fn at_field(refusal: &Refusal) -> Option<&'static str> {
    match refusal {
        Refusal::OutOfOrder { what, .. } if what.starts_with("the day") => Some("day"),
        Refusal::OutOfOrder { .. } => Some("when"),
        Refusal::NotNotOurs => Some("because"),
        Refusal::NotANeighbour(_) => Some("neighbour"),
        Refusal::ChildWithoutTarget => Some("name"),
        Refusal::WrongEnding => Some("ending"),
        Refusal::TheirsAlready(_) => Some("team"),
        _ => None,
    }
}
