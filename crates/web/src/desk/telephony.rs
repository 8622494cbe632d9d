//! What a telephone exchange tells: signed signals about calls, by HTTP POST. Each is heard once, however often it is told; what is
//! not signed, too old or about no call of ours is refused in words. Must not say anything about a call but that it was heard.

use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use care::call::{Command, act, drive::EXCHANGE};
use care::telephony::Signal;
use care::telephony::signature::NotBelieved;
use serde_json::{Value, json};
use store::{Refused, Write};

use crate::app::State;

/// The most signals of one message.
const MOST: usize = 100;

/// An answer to a program.
fn told(status: StatusCode, words: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], words.to_string()).into_response()
}

fn refused(status: StatusCode, why: &str) -> Response {
    tracing::warn!(why, "a message to the telephone exchange's door was refused");
    told(status, &json!({ "error": why }))
}

/// The signals of a message: `{"signals": [{"id", "call", "ring", "what", "at"}]}`.
fn signals(body: &[u8]) -> Result<Vec<Signal>, String> {
    let mut message: Value = serde_json::from_slice(body).map_err(|error| format!("the body is no JSON: {error}"))?;
    let Some(Value::Array(written)) = message.get_mut("signals").map(Value::take) else {
        return Err("the body has to hold `signals`, a list".to_owned());
    };
    if written.is_empty() || written.len() > MOST {
        return Err(format!("a message holds from 1 to {MOST} signals"));
    }
    let read = |(number, one): (usize, Value)| {
        serde_json::from_value(one).map_err(|error| format!("signal {}: {error}", number + 1))
    };
    written.into_iter().enumerate().map(read).collect()
}

/// Hears what the exchange tells. Answers when all of it is on the disk; where it could not be stored, the exchange is told to
/// tell it again.
pub(crate) async fn hear(Shared(state): Shared<State>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(key) = &state.parts().advice.exchange else {
        return refused(StatusCode::NOT_FOUND, "no telephone exchange is set up here");
    };
    let now = state.now();
    let word = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Err(why) = key.check(word("weft-time"), word("weft-signature"), &body, now) {
        let status = if why == NotBelieved::Unsigned { StatusCode::BAD_REQUEST } else { StatusCode::UNAUTHORIZED };
        return refused(status, &why.to_string());
    }
    let signals = match signals(&body) {
        Ok(signals) => signals,
        Err(why) => return refused(StatusCode::BAD_REQUEST, &why),
    };
    let (mut heard, mut set_aside) = (0, Vec::new());
    for signal in signals {
        let id = signal.id.clone();
        let hearing = move |write: &mut Write<'_>| {
            let call = signal.call;
            act::ask(write, call, Command::Heard(signal.clone()), EXCHANGE, now).map(|_| ())
        };
        match state.parts().store.write_async(hearing).await {
            Ok(()) => heard += 1,
            Err(Refused::Rules(refusal)) => {
                tracing::warn!(%refusal, "the exchange told something that was set aside");
                set_aside.push(json!({ "id": id, "why": refusal.to_string() }));
            }
            Err(Refused::Store(error)) => {
                tracing::warn!(%error, "what the exchange told could not be kept");
                let why = "it could not be stored; tell all of it again, with the same ids";
                return told(StatusCode::SERVICE_UNAVAILABLE, &json!({ "error": why }));
            }
        }
    }
    told(StatusCode::OK, &json!({ "heard": heard, "refused": set_aside }))
}
