//! Sessions as the web sees them: a cookie (or a program's token) with 256 random bits, whose SHA-256 finds the session that
//! `access` keeps in the store. What was looked up is remembered here for speed, and forgotten when a session ends; what was
//! typed into a search stays here alone.
//!
//! The cookie is `SameSite=Strict`: nothing of another site ever arrives with somebody's session. A provider sends the browser
//! back from another site, so the cookie of a sign-in on its way is `Lax` (`desk::sign_in`), and the page that ends it leads on
//! by itself: a step from our own page, with which the strict cookie goes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use access::session::{self, Beginning, How, USED_EVERY, WHOLE, Why};
use access::views::session as kept;
use access::{Action, Asking, Purpose, Role, Subject};
use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use uuid::Uuid;

use crate::app::{State, Trouble};
use crate::desk::privacy::sought::Sought;
use crate::layout::{Section, Shell, SignedIn};

/// The cookie's name. `__Host-` makes the browser hold us to it: secure, for this host alone, for all of it.
const SECURE: &str = "__Host-weft-session";
/// Its name on this machine without TLS, where no browser takes the other.
const PLAIN: &str = "weft-session";
/// The header by which a page's own script says that nobody pressed anything.
pub(crate) const BY_ITSELF: &str = "weft-by-itself";
/// More than are signed in at once; beyond it everything remembered is looked up again.
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
    id: Uuid,
    subject: Subject,
    how: How,
    provider: Option<String>,
    since: Timestamp,
    used: Timestamp,
    /// When its use was last written down.
    written: Timestamp,
    search: Option<Typed>,
    looks: Option<Sought>,
}

/// Who is signed in, as far as it has been asked.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<Remembered>);

#[derive(Default)]
struct Remembered {
    all: HashMap<[u8; 32], Session>,
    /// Raised with every end, so that a session that was read before its end is not remembered after it.
    ends: u64,
}

/// A way in that has been proved.
pub(crate) struct Proved {
    pub(crate) subject: Subject,
    pub(crate) how: How,
    pub(crate) provider: Option<String>,
    pub(crate) sid: Option<String>,
}

impl Sessions {
    fn remembered(&self) -> std::sync::MutexGuard<'_, Remembered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Signs somebody in: the secret of the session, for [`set_cookie`] or as a bearer token. The session of the same browser
    /// ends, so that nobody can have prepared the new one.
    pub(crate) async fn begin(&self, proved: Proved, headers: &HeaderMap, state: &State) -> Result<String, Trouble> {
        let (now, idle) = (state.now(), state.parts().door.idle);
        let secret = random(state);
        let beginning = Beginning {
            by: proved.subject,
            how: proved.how,
            provider: proved.provider,
            sid: proved.sid,
            secret: hashed(&secret),
        };
        let replaces = cookie(headers, state).map(hashed).filter(|_| beginning.how != How::Program);
        let writing = move |write: &mut store::Write<'_>| session::begin(write, &beginning, replaces, idle, now);
        let (_, ended) = state.parts().store.write_async(writing).await?;
        self.forget(&ended);
        Ok(secret)
    }

    /// Forgets sessions that ended.
    fn forget(&self, ended: &[Uuid]) {
        let mut remembered = self.remembered();
        remembered.ends += 1;
        remembered.all.retain(|_, session| !ended.contains(&session.id));
    }

    /// Ends sessions everywhere, at once and for good.
    pub(crate) async fn end(&self, ids: Vec<Uuid>, why: Why, actor: String, state: &State) -> Result<(), Trouble> {
        let now = state.now();
        self.forget(&ids);
        let gone = ids.clone();
        let writing = move |write: &mut store::Write<'_>| {
            gone.iter().try_for_each(|id| session::end(write, *id, why, &actor, now))
        };
        state.parts().store.write_async(writing).await?;
        // Again: somebody may have looked one up before its end was on the disk.
        self.forget(&ids);
        state.live().session_ended();
        Ok(())
    }

    pub(crate) fn remember_search(&self, who: &Who, search: Typed) {
        if let Some(session) = self.remembered().all.get_mut(&who.key) {
            session.search = Some(search);
        }
    }

    pub(crate) fn remember_looks(&self, who: &Who, looks: Sought) {
        if let Some(session) = self.remembered().all.get_mut(&who.key) {
            session.looks = Some(looks);
        }
    }

    /// Whoever sent this request from a browser.
    pub(crate) async fn who(&self, headers: &HeaderMap, state: &State) -> Result<Option<Who>, Trouble> {
        // What a page does by itself is no sign that anybody is there: it keeps no session alive.
        let uses = !headers.contains_key(BY_ITSELF) && !headers.contains_key("last-event-id");
        match cookie(headers, state) {
            Some(secret) => Ok(self.known(secret, uses, state).await?.filter(|who| who.how != How::Program)),
            None => Ok(None),
        }
    }

    /// Whether the session of a request from a browser still lives. Asking is no use of it.
    pub(crate) async fn still(&self, headers: &HeaderMap, state: &State) -> Result<bool, Trouble> {
        match cookie(headers, state) {
            Some(secret) => Ok(self.known(secret, false, state).await?.is_some()),
            None => Ok(false),
        }
    }

    /// Whoever sent this request with a bearer token, as programs do. `None` where there is no token or its session ended; the
    /// secret of a browser's session is no token.
    pub(crate) async fn bearer(&self, headers: &HeaderMap, state: &State) -> Result<Option<Who>, Trouble> {
        match token(headers) {
            Some(secret) => Ok(self.known(secret, true, state).await?.filter(|who| who.how == How::Program)),
            None => Ok(None),
        }
    }

    async fn known(&self, secret: &str, uses: bool, state: &State) -> Result<Option<Who>, Trouble> {
        let (key, now) = (hashed(secret), state.now());
        let remembered = self.remembered().all.get(&key).cloned();
        let mut session = match remembered {
            Some(session) => session,
            None => {
                let ends = self.remembered().ends;
                let found = match state.ask(true, move |tx| kept::of_secret(tx, &key)).await {
                    Ok(found) => found?,
                    Err(_) => return Err(Trouble::Broken("a session could not be read".to_owned())),
                };
                let Some(row) = found else { return Ok(None) };
                let session = Session {
                    id: row.id,
                    subject: row.by,
                    how: row.how,
                    provider: row.provider,
                    since: row.since,
                    used: row.used,
                    written: row.used,
                    search: None,
                    looks: None,
                };
                let mut remembered = self.remembered();
                if remembered.ends == ends {
                    if remembered.all.len() >= MOST {
                        remembered.all.clear();
                    }
                    remembered.all.insert(key, session.clone());
                }
                session
            }
        };
        let actor = session.subject.actor();
        if let Some(why) = session.over(now, state) {
            self.end(vec![session.id], why, actor, state).await?;
            return Ok(None);
        }
        let due = uses && now.duration_since(session.written) >= USED_EVERY;
        if let Some(kept) = self.remembered().all.get_mut(&key) {
            if uses {
                kept.used = kept.used.max(now);
            }
            if due {
                kept.written = now;
            }
            session.search = kept.search.clone();
            session.looks = kept.looks.clone();
        }
        if due {
            // Nobody waits for it: if it cannot be written down, the session ends early after a restart, which harms nobody.
            let id = session.id;
            drop(state.parts().store.submit(move |write| session::used(write, id, &actor, now)));
        }
        Ok(Some(Who {
            key,
            session: session.id,
            since: session.since,
            how: session.how,
            provider: session.provider,
            subject: session.subject,
            token: form_token(secret),
            search: session.search,
            looks: session.looks,
            at: now,
        }))
    }
}

impl Session {
    /// Why it is over, if it is.
    fn over(&self, now: Timestamp, state: &State) -> Option<Why> {
        if now.duration_since(self.since) >= WHOLE {
            return Some(Why::Absolute);
        }
        (now.duration_since(self.used) >= state.parts().door.idle).then_some(Why::Idle)
    }
}

/// 256 random bits as text.
pub(crate) fn random(state: &State) -> String {
    let mut bytes = [0; 32];
    (state.parts().randomness)(&mut bytes);
    hex(&bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn hashed(secret: &str) -> [u8; 32] {
    store::blob::sha256(secret.as_bytes())
}

/// The token of a session's forms: follows from its secret, and the secret cannot be had back from it.
fn form_token(secret: &str) -> String {
    hex(&store::blob::sha256(format!("weft form of {secret}").as_bytes()))
}

/// The cookie that keeps a session's secret in a browser.
pub(crate) fn set_cookie(secret: &str, state: &State) -> String {
    let (name, secure) = if state.parts().door.secure { (SECURE, "; Secure") } else { (PLAIN, "") };
    format!("{name}={secret}; Path=/; HttpOnly; SameSite=Strict{secure}")
}

/// The cookie that takes a session's away.
pub(crate) fn unset_cookie(state: &State) -> String {
    format!("{}; Max-Age=0", set_cookie("", state))
}

/// The bearer token of a request, if it has one.
pub(crate) fn token(headers: &HeaderMap) -> Option<&str> {
    let words = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = words.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The value of a cookie.
pub(crate) fn cookie_named<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
}

fn cookie<'h>(headers: &'h HeaderMap, state: &State) -> Option<&'h str> {
    cookie_named(headers, if state.parts().door.secure { SECURE } else { PLAIN })
}

/// Whoever sent this request.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    key: [u8; 32],
    pub(crate) session: Uuid,
    /// When they proved who they are.
    pub(crate) since: Timestamp,
    how: How,
    pub(crate) provider: Option<String>,
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
            Role::RecordsOfficer | Role::IdentitySteward => Purpose::DataQuality,
            Role::PrivacyOfficer => Purpose::Privacy,
            Role::Citizen => Purpose::OwnRecord,
            Role::Analyst | Role::Commissioner | Role::Provider => Purpose::Planning,
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
        self.subject.actor()
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
            asks: self.may(Action::MakeAsk),
            finds_cases: crate::desk::finding::has(self),
            reviews_looks: self.may(Action::ReviewLooks),
            assures: matches!(self.subject.role, Role::Analyst | Role::Commissioner | Role::Provider),
            counts: access::may_assure(&self.subject, Action::CountPeople),
            judges_identity: crate::desk::identity::has(self),
            citizen: self.subject.role == Role::Citizen,
            has_record: self.subject.own.is_some(),
        };
        Shell { signed_in: Some(signed_in), token: self.token.clone(), ..Shell::new(title, section) }
    }

    /// A form of theirs must carry their token.
    pub(crate) fn check(&self, fields: &Fields) -> Result<(), Trouble> {
        let sent = fields.get(crate::layout::TOKEN_FIELD);
        // Compared by hash, so that the time it takes says nothing of how much agrees.
        if hashed(sent) == hashed(&self.token) {
            return Ok(());
        }
        Err(Trouble::BadRequest("The form was not one of this session. Open the page again and send it once more."))
    }
}

impl FromRequestParts<State> for Who {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Trouble> {
        let mut who = state.sessions().who(&parts.headers, state).await?.ok_or(Trouble::SignedOut)?;
        // A citizen's record may have been found to be one with another since they signed in: it is theirs as it stands now.
        if let Some(own) = who.subject.own {
            who.subject.own = state.read(move |tx| record::summary::root(tx, own)).await?;
        }
        Ok(who)
    }
}

/// True where a browser sends a session's cookie: of a session that has ended, if it is not known.
pub(crate) fn has_cookie(headers: &HeaderMap, state: &State) -> bool {
    cookie(headers, state).is_some()
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

/// A form that somebody signed in has sent from a page of their own session: its token is checked before any handler sees it.
pub(crate) struct Sent {
    pub(crate) who: Who,
    pub(crate) fields: Fields,
}

impl FromRequest<State> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, state: &State) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let who = Who::from_request_parts(&mut parts, state).await.map_err(IntoResponse::into_response)?;
        let form = Form::from_request(Request::from_parts(parts, body), state).await;
        let Form(fields) = form.map_err(IntoResponse::into_response)?;
        let fields = Fields(fields);
        who.check(&fields).map_err(IntoResponse::into_response)?;
        Ok(Self { who, fields })
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
