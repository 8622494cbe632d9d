//! From one pseudonym to one's own patient. A pseudonym that is nobody's and one of somebody whose record is not the reader's to open
//! are answered in the same words and by the same work. Must not stand in an address: what is typed comes by a form alone.

use access::Action;
use axum::extract::State as Shared;
use axum::response::{Html, IntoResponse, Redirect, Response};
use record::pseudonym::back::one;

use crate::app::{State, Trouble};
use crate::desk::Page;
use crate::desk::deed::{line, lines};
use crate::desk::person::href;
use crate::layout::Section;
use crate::pages::back::Lead;
use crate::pages::deed::{Came, Deed};
use crate::rate::Turn;
use crate::session::{Sent, Who};

/// What is said where it leads nowhere, whyever.
const NOWHERE: &str = "This pseudonym leads you to nobody. It may be nobody\u{2019}s, or of somebody whose record your own work does \
                       not open. That you tried is written down.";
const MALFORMED: &str = "A pseudonym has 32 letters a to f and digits. Check what you typed.";

fn view(who: &Who, pseudonym: &str, reason: &str, refused: Option<&str>) -> Lead {
    let mut reason_field =
        lines("reason", "Why do you need to know whose it is?", 2).helped("The person can read this");
    reason_field.values = vec![reason.to_owned()];
    let fields = vec![line("pseudonym", "The pseudonym", pseudonym), reason_field];
    let deed = Deed::new("lead", "From a pseudonym to a person", "", "Go to the person").asking(fields);
    Lead {
        came: Came { done: None, refused: refused.map(str::to_owned) },
        form: Deed { action: "/back".to_owned(), token: who.token().to_owned(), ..deed },
        shell: who.shell("From a pseudonym to a person", Section::People),
    }
}

pub(crate) async fn page(Shared(state): Shared<State>, who: Who) -> Page {
    state.parts().gate.back(&who.asking(), Action::GoBack).await?;
    Ok(Html(view(&who, "", "", None).to_string()))
}

pub(crate) async fn ask(Shared(state): Shared<State>, Sent { who, fields }: Sent) -> Result<Response, Trouble> {
    let gate = &state.parts().gate;
    let permit = gate.back(&who.asking(), Action::GoBack).await?;
    state.take_turn(Turn::Search, who.key()).map_err(Trouble::TooFast)?;
    let (typed, reason) = (fields.get("pseudonym").to_owned(), fields.get("reason").to_owned());
    let refused = match access::back::pseudonym(&typed) {
        None => MALFORMED.to_owned(),
        Some(pseudonym) => {
            let key = state.parts().pseudonyms.clone();
            let found = state.read(move |tx| one(tx, &permit, &key, &pseudonym)).await?;
            match super::came(gate.go_back(&who.asking(), found, &reason).await)? {
                Ok(Some(person)) => return Ok(Redirect::to(&href(person)).into_response()),
                Ok(None) => NOWHERE.to_owned(),
                Err(why) => why,
            }
        }
    };
    Ok(Html(view(&who, &typed, &reason, Some(&refused)).to_string()).into_response())
}
