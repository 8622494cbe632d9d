//! Who calls the API: somebody with a session, known by a bearer token or, for reading only, by the cookie of a browser. A
//! page of another site can make a browser send a cookie, never a token; so what changes anything needs the token.

use axum::http::{HeaderMap, Method};

use super::answer::Refusal;
use crate::app::{State, Trouble};
use crate::session::{Who, token};

/// Whoever sent this, or 401.
pub(super) async fn caller(state: &State, method: &Method, headers: &HeaderMap) -> Result<Who, Refusal> {
    let trouble = |trouble: Trouble| match trouble {
        Trouble::Unavailable(error) => Refusal::from(error),
        _ => Refusal::broken("a session could not be read"),
    };
    if token(headers).is_some() {
        return state.sessions().bearer(headers, state).await.map_err(trouble)?.ok_or_else(|| {
            Refusal::unknown_caller(if state.parts().demo_sign_in {
                "The bearer token is not one of a session that lives: it is wrong, or was unused for half an hour, or is twelve hours old. Sign in again."
            } else {
                "Programs have no tokens here: only somebody signed in by their organisation's provider, in a browser, is known."
            })
        });
    }
    let known = state.sessions().who(headers, state).await.map_err(trouble)?;
    match known {
        Some(who) if matches!(*method, Method::GET | Method::HEAD) => Ok(who),
        Some(_) => Err(Refusal::unknown_caller(
            "The cookie of a browser is enough to read. To send anything, send the token of a program in the header Authorization: Bearer ...",
        )),
        None => Err(Refusal::unknown_caller(
            "Say who you are: send the token of a session in the header Authorization: Bearer ... In the demonstration, POST /sign-in with persona=gp and Accept: application/json gives one.",
        )),
    }
}
