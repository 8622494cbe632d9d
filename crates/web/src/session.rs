//! Sessions: who is signed in, in which role, with the token that every form of theirs must carry. Kept in memory for the
//! demonstration; the cookie holds 256 random bits and memory only their hash. Sessions end when unused for half an hour and
//! after twelve hours in any case.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use access::{Action, Asking, Purpose, Role, Subject};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use jiff::{SignedDuration, Timestamp};

use crate::app::{State, Trouble};
use crate::desk::privacy::sought::Sought;
use crate::layout::{Section, Shell, SignedIn};

const COOKIE: &str = "weft-session";
/// How long a session lives unused.
pub(crate) const IDLE: SignedDuration = SignedDuration::from_mins(30);
const WHOLE: SignedDuration = SignedDuration::from_hours(12);
/// More than any demonstration needs; the one unused longest makes room.
const MOST: usize = 10_000;

/// What somebody typed into "find a person": kept here so that no name or number stands in an address.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed {
    pub(crate) name: String,
    pub(crate) day: String,
    pub(crate) month: String,
    pub(crate) year: String,
    pub(crate) nhs_number: String,
}

#[derive(Debug, Clone)]
struct Session {
    subject: Subject,
    token: String,
    since: Timestamp,
    used: Timestamp,
    search: Option<Typed>,
    looks: Option<Sought>,
}

/// Everybody who is signed in.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<HashMap<[u8; 32], Session>>);

impl Sessions {
    /// Signs somebody in; the secret of the session, for [`set_cookie`] or as a bearer token.
    pub(crate) fn begin(&self, subject: Subject, state: &State) -> String {
        let now = state.now();
        let (secret, token) = (random(state), random(state));
        let session = Session { subject, token, since: now, used: now, search: None, looks: None };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, session| session.lives(now));
        if all.len() >= MOST
            && let Some(oldest) = all.iter().min_by_key(|(_, session)| session.used).map(|(key, _)| *key)
        {
            all.remove(&oldest);
        }
        all.insert(store::blob::sha256(secret.as_bytes()), session);
        secret
    }

    /// Signs somebody out; the cookie that takes theirs away.
    pub(crate) fn end(&self, headers: &HeaderMap) -> String {
        if let Some(key) = key(headers) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
        }
        format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
    }

    pub(crate) fn remember_search(&self, who: &Who, search: Typed) {
        if let Some(session) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&who.key) {
            session.search = Some(search);
        }
    }

    pub(crate) fn remember_looks(&self, who: &Who, looks: Sought) {
        if let Some(session) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&who.key) {
            session.looks = Some(looks);
        }
    }

    pub(crate) fn who(&self, headers: &HeaderMap, now: Timestamp) -> Option<Who> {
        self.known(key(headers)?, now)
    }

    /// Whoever sent this request with a bearer token, as programs do. `None` where there is no token or its session ended.
    pub(crate) fn bearer(&self, headers: &HeaderMap, now: Timestamp) -> Option<Who> {
        self.known(store::blob::sha256(token(headers)?.as_bytes()), now)
    }

    fn known(&self, key: [u8; 32], now: Timestamp) -> Option<Who> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = all.get_mut(&key)?;
        if !session.lives(now) {
            all.remove(&key);
            return None;
        }
        session.used = now;
        Some(Who {
            key,
            subject: session.subject.clone(),
            token: session.token.clone(),
            search: session.search.clone(),
            looks: session.looks.clone(),
            at: now,
        })
    }
}

impl Session {
    fn lives(&self, now: Timestamp) -> bool {
        now.duration_since(self.used) < IDLE && now.duration_since(self.since) < WHOLE
    }
}

fn random(state: &State) -> String {
    let mut bytes = [0; 32];
    (state.parts().randomness)(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The cookie that keeps a session's secret in a browser.
pub(crate) fn set_cookie(secret: &str) -> String {
    format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict")
}

/// The bearer token of a request, if it has one.
pub(crate) fn token(headers: &HeaderMap) -> Option<&str> {
    let words = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = words.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn key(headers: &HeaderMap) -> Option<[u8; 32]> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(COOKIE)?.strip_prefix('='))
        .map(|secret| store::blob::sha256(secret.as_bytes()))
}

/// Whoever sent this request.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    key: [u8; 32],
    pub(crate) subject: Subject,
    token: String,
    pub(crate) search: Option<Typed>,
    /// What was asked of the looks.
    pub(crate) looks: Option<Sought>,
    pub(crate) at: Timestamp,
}

impl Who {
    /// The session, as the key of its turns: a hash, and no secret.
    pub(crate) fn key(&self) -> &[u8; 32] {
        &self.key
    }

    /// The purpose that goes with the role; in the demonstration each role has one.
    pub(crate) fn purpose(&self) -> Purpose {
        match self.subject.role {
            Role::Receptionist => Purpose::Administration,
            Role::RecordsOfficer => Purpose::DataQuality,
            Role::PrivacyOfficer => Purpose::Privacy,
            Role::Citizen => Purpose::OwnRecord,
            Role::Analyst => Purpose::Planning,
            _ => Purpose::DirectCare,
        }
    }

    /// Whether they may do this to anybody at all; for what is offered, not for what is shown of somebody.
    pub(crate) fn may(&self, action: Action) -> bool {
        access::may(&self.subject, action, self.purpose())
    }

    /// The token of their forms, for a form that is not the page's own.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// They, as the log names whoever did something.
    pub(crate) fn actor(&self) -> String {
        format!("{}:{}", self.subject.role.word(), self.subject.id)
    }

    pub(crate) fn asking(&self) -> Asking<'_> {
        Asking { subject: &self.subject, purpose: self.purpose(), at: self.at }
    }

    /// The shell of a page for them.
    pub(crate) fn shell(&self, title: &str, section: Section) -> Shell {
        let role = crate::personas::role_words(self.subject.role);
        let signed_in = SignedIn {
            name: self.subject.name.clone(),
            role: if self.subject.role == Role::Citizen {
                String::new()
            } else {
                format!("{role}, {}", self.subject.organisation)
            },
            finds_people: self.may(Action::FindPeople),
            reviews_looks: self.may(Action::ReviewLooks),
            citizen: self.subject.role == Role::Citizen,
            has_record: self.subject.own.is_some(),
        };
        Shell { signed_in: Some(signed_in), token: self.token.clone(), ..Shell::new(title, section) }
    }

    /// A form of theirs must carry their token.
    pub(crate) fn check(&self, fields: &Fields) -> Result<(), Trouble> {
        let sent = fields.get(crate::layout::TOKEN_FIELD);
        // Compared by hash, so that the time it takes says nothing of how much agrees.
        if store::blob::sha256(sent.as_bytes()) == store::blob::sha256(self.token.as_bytes()) {
            return Ok(());
        }
        Err(Trouble::BadRequest("The form was not one of this session. Open the page again and send it once more."))
    }
}

impl FromRequestParts<State> for Who {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Trouble> {
        let mut who = state.sessions().who(&parts.headers, state.now()).ok_or(Trouble::SignedOut)?;
        // A citizen's record may have been found to be one with another since they signed in: it is theirs as it stands now.
        if let Some(own) = who.subject.own {
            who.subject.own = state.read(move |tx| record::summary::root(tx, own)).await?;
        }
        Ok(who)
    }
}

/// True where a browser sends a session's cookie: of a session that has ended, if it is not known.
pub(crate) fn has_cookie(headers: &HeaderMap) -> bool {
    key(headers).is_some()
}

/// The id in an address. What is no id leads nowhere, as an id of nobody does.
pub(crate) struct Id(pub(crate) uuid::Uuid);

impl FromRequestParts<State> for Id {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Trouble> {
        let axum::extract::Path(id) =
            axum::extract::Path::from_request_parts(parts, state).await.map_err(|_| Trouble::NotFound)?;
        Ok(Self(id))
    }
}

/// The fields of a form or of an address, in order.
#[derive(Debug, Default)]
pub(crate) struct Fields(pub(crate) Vec<(String, String)>);

impl Fields {
    /// The first value of a name, without white space around it; empty where there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// Every value of a name.
    pub(crate) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value as it was sent, white space and all.
    pub(crate) fn whole(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// A page number from 1; anything else is the first page.
    pub(crate) fn page(&self) -> u32 {
        self.get("page").parse().ok().filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1)
    }
}

/// True where a request that changes something comes from our own pages, as the browser says. Old browsers say nothing;
/// the cookie (SameSite=Strict) and the token hold for them.
pub(crate) fn same_site(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .and_then(|value| value.to_str().ok())
        .is_none_or(|site| matches!(site, "same-origin" | "none"))
}
