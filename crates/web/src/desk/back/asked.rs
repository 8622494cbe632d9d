//! An analyst's requests: asked here, taken back here, and what became of each, with counts that tell nobody. Must not show a person,
//! nor say of a pseudonym whether it is anybody's.

use access::back::{MOST, Stage};
use access::views::back::{self as rows, Request};
use access::{Action, Purpose, Wanted};
use axum::extract::{Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};
use uuid::Uuid;

use super::{day, hood, line, pseudonyms};
use crate::app::{State, Trouble};
use crate::desk::Page;
use crate::desk::deed::{came, lines, one_of, ready};
use crate::layout::Section;
use crate::pages::ask::decision::{Field, Kind, Offered};
use crate::pages::back::Asked;
use crate::pages::deed::{Came, Deed};
use crate::session::{Fields, Sent, Who};

/// Requests on the page.
const SHOWN: i64 = 50;

const SAID: [(&str, &str); 2] = [
    ("ask", "Your request waits for a privacy officer. What becomes of it stands below."),
    ("withdraw", "Your request is taken back. Nobody is told of anybody by it."),
];

pub(crate) async fn page(Shared(state): Shared<State>, who: Who, fields: Query<Vec<(String, String)>>) -> Page {
    let mut view = shown(&state, &who, None).await?;
    view.came = came(&fields, &SAID);
    Ok(Html(view.to_string()))
}

async fn shown(state: &State, who: &Who, sent: Option<&Fields>) -> Result<Asked, Trouble> {
    let permit = state.parts().gate.back(&who.asking(), Action::AskBack).await?;
    let own = state.read(move |tx| rows::own(tx, &permit, SHOWN)).await?;
    let row = |request: &Request| {
        let about = format!("{}, {}", hood(state, &request.neighbourhood), pseudonyms(request.count));
        line(request, who, String::new(), about)
    };
    let mut deeds = vec![asking(state)];
    let back: Vec<Offered> = own
        .iter()
        .filter(|request| matches!(request.stage(who.at), Stage::Waiting | Stage::Allowed))
        .map(|request| Offered {
            value: request.id.to_string(),
            text: format!(
                "Asked on {}, {}: {}",
                day(request.asked),
                hood(state, &request.neighbourhood),
                request.offer
            ),
            hint: None,
        })
        .collect();
    if !back.is_empty() {
        let lead = "As long as the team has not opened it, nobody has been told of anybody.";
        let which = Field::new("request", "Which one?", Kind::Radios(back));
        deeds.push(Deed::new("withdraw", "Take a request back", lead, "Take it back").asking(vec![which]));
    }
    Ok(Asked {
        came: Came::default(),
        lines: own.iter().map(row).collect(),
        deeds: ready(deeds, "/pseudonyms/requests", who, sent),
        shell: who.shell("Ask that people be offered help", Section::None),
    })
}

fn asking(state: &State) -> Deed {
    let place = &state.parts().place;
    let hoods: Vec<(&str, &str)> =
        place.neighbourhoods().iter().map(|one| (one.id.as_str(), one.name.as_str())).collect();
    let purposes = [
        ("direct-care", "For these people\u{2019}s own care: somebody will offer them something"),
        ("planning", "To plan services, to research, or for anything else"),
    ];
    let lead = "What you write is read by the privacy officer and the team. What is offered is read by the people, too: name no \
                illness in it that they may not want to see written.";
    Deed::new("ask", "Ask that a team be told", lead, "Ask").asking(vec![
        lines("pseudonyms", "Which pseudonyms?", 6)
            .helped(&format!("One on each line, from the first column of the file; at most {MOST}")),
        one_of("purpose", "What is it for?", &purposes),
        one_of("neighbourhood", "Which neighbourhood\u{2019}s team is to be told?", &hoods),
        lines("offer", "What will the team offer them?", 2).helped("Agree it with the team before you ask"),
        lines("reason", "Why these people, and why does their team have to know?", 3),
    ])
}

pub(crate) async fn press(Shared(state): Shared<State>, Sent { who, fields }: Sent) -> Result<Response, Trouble> {
    let gate = &state.parts().gate;
    let outcome = match fields.get("do") {
        "ask" => {
            let hood = fields.get("neighbourhood");
            let known = state.parts().place.neighbourhood(hood).map(|one| one.id.to_string());
            let wanted = Wanted {
                pseudonyms: fields.get("pseudonyms").lines().map(str::to_owned).collect(),
                purpose: match fields.get("purpose") {
                    "direct-care" => Some(Purpose::DirectCare),
                    "planning" => Some(Purpose::Planning),
                    _ => None,
                },
                neighbourhood: known.unwrap_or_default(),
                offer: fields.get("offer").to_owned(),
                reason: fields.get("reason").to_owned(),
            };
            super::came(gate.ask_back(&who.asking(), wanted).await)?.map(|_| ())
        }
        "withdraw" => match fields.get("request").parse::<Uuid>() {
            Ok(id) => super::came(gate.withdraw_back(&who.asking(), id).await)?,
            Err(_) => Err("Choose which request you take back.".to_owned()),
        },
        _ => Err("The form does not say what is to be done.".to_owned()),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/pseudonyms/requests?done={}", fields.get("do"))).into_response()),
        Err(why) => {
            let mut view = shown(&state, &who, Some(&fields)).await?;
            view.came = Came { done: None, refused: Some(why) };
            Ok(Html(view.to_string()).into_response())
        }
    }
}
