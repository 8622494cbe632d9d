//! The one door: a sign-in begun, its answer taken, a sign-out heard of. Holds what is on its way and what is known of each
//! provider; who is signed in is kept elsewhere.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use openidconnect::core::CoreJsonWebKeySet;
use openidconnect::url::Url;
use openidconnect::{PkceCodeChallenge, PkceCodeVerifier};
use place::Place;
use serde::Deserialize;
use serde_json::Value;

use crate::claims::{Arrived, arrived};
use crate::discovery::{Description, Known};
use crate::outside::Outside;
use crate::pending::{PATIENCE, Pending, Pendings, hashed};
use crate::provider::{Credential, Kind, Provider};
use crate::refusal::Refusal;
use crate::roles::RoleMap;
use crate::token::{self, Doubt};
use crate::{assertion, base64};

/// A sign-in that was begun.
#[derive(Debug)]
pub struct Begun {
    /// Where the browser goes.
    pub address: String,
    /// What it keeps meanwhile, and must show when it comes back.
    pub secret: String,
}

/// What a browser brought back.
#[derive(Debug, Default, Clone)]
pub struct Returned {
    /// Every parameter of the address, as it came.
    pub fields: Vec<(String, String)>,
    /// The secret that it kept.
    pub secret: String,
}

/// Whom a provider has signed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// Its issuer.
    pub issuer: String,
    /// Its own session, where it says one: only what began with that ends.
    pub sid: Option<String>,
    /// Who they are to it.
    pub sub: Option<String>,
}

/// Where a browser goes to be signed out at its provider, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Farewell {
    /// The provider, as the button names it.
    pub name: String,
    /// The address.
    pub address: String,
}

/// Draws random bytes.
type Draw<'a> = &'a dyn Fn(&mut [u8]);

struct One {
    provider: Provider,
    description: Description,
}

/// Every provider of a deployment.
pub struct Providers {
    all: Vec<One>,
    map: RoleMap,
    place: Arc<Place>,
    web: Box<dyn Outside>,
    /// Where browsers find this service: `https://record.example`.
    address: String,
    pendings: Pendings,
    /// The logout tokens that have been heard, until they are too old to be believed.
    heard: Mutex<HashMap<[u8; 32], Timestamp>>,
}

/// Why the providers cannot be used together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Clash {
    /// Two of them are called the same.
    #[error("two [[sign-in]] have the id {0}; give each its own")]
    SameId(String),
    /// Two of them have one issuer and one client id: nobody could tell their answers apart.
    #[error("two [[sign-in]] have the issuer and client id of {0}")]
    SameIssuer(String),
}

impl Providers {
    /// Takes the providers together.
    ///
    /// # Errors
    /// [`Clash`].
    pub fn new(
        providers: Vec<Provider>,
        map: RoleMap,
        place: Arc<Place>,
        web: Box<dyn Outside>,
        address: &str,
    ) -> Result<Self, Clash> {
        for (number, one) in providers.iter().enumerate() {
            for other in providers.iter().skip(number + 1) {
                if one.written.id == other.written.id {
                    return Err(Clash::SameId(one.written.id.clone()));
                }
                if one.written.issuer == other.written.issuer && one.written.client_id == other.written.client_id {
                    return Err(Clash::SameIssuer(one.written.id.clone()));
                }
            }
        }
        let all = providers.into_iter().map(|provider| One { provider, description: Description::default() }).collect();
        Ok(Self {
            all,
            map,
            place,
            web,
            address: address.trim_end_matches('/').to_owned(),
            pendings: Pendings::default(),
            heard: Mutex::default(),
        })
    }

    /// The word and name of each, in the order of the configuration.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all.iter().map(|one| (one.provider.written.id.as_str(), one.provider.written.name.as_str()))
    }

    fn one(&self, id: &str) -> Result<(usize, &One), Refusal> {
        self.all.iter().enumerate().find(|(_, one)| one.provider.written.id == id).ok_or(Refusal::NoProvider)
    }

    fn back(&self, provider: &Provider) -> String {
        format!("{}/sign-in/{}/return", self.address, provider.written.id)
    }

    /// Begins a sign-in.
    ///
    /// # Errors
    /// [`Refusal`] where there is no such provider or it cannot be asked.
    pub fn begin(&self, id: &str, at: Timestamp, draw: Draw<'_>) -> Result<Begun, Refusal> {
        let (number, one) = self.one(id)?;
        let (provider, written) = (&one.provider, &one.provider.written);
        let known = one.description.known(provider, self.web.as_ref(), at)?;
        let [state, nonce, verifier, secret] = std::array::from_fn(|_| random(draw));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier.clone()));
        let mut address = known.metadata.authorization_endpoint.clone();
        {
            let mut query = address.query_pairs_mut();
            query
                .append_pair("response_type", "code")
                .append_pair("client_id", &written.client_id)
                .append_pair("redirect_uri", &self.back(provider))
                .append_pair("scope", &provider.scope())
                .append_pair("state", &state)
                .append_pair("nonce", &nonce)
                .append_pair("code_challenge", challenge.as_str())
                .append_pair("code_challenge_method", "S256");
            let levels = match (written.kind, provider.assurance()) {
                _ if !written.acr_values.is_empty() => written.acr_values.join(" "),
                (Kind::Staff, 3) => "AAL3_ANY".to_owned(),
                (Kind::Staff, _) => "AAL2_OR_AAL3_ANY".to_owned(),
                _ => String::new(),
            };
            if !levels.is_empty() {
                query.append_pair("acr_values", &levels);
            }
            if !written.vtr.is_empty() {
                query.append_pair("vtr", &Value::from(written.vtr.clone()).to_string());
            }
            if let Some(minutes) = written.max_age {
                query.append_pair("max_age", &(u64::from(minutes) * 60).to_string());
            }
        }
        self.pendings.put(&state, Pending { provider: number, nonce, verifier, browser: hashed(&secret), at });
        Ok(Begun { address: address.into(), secret })
    }

    /// Takes the answer of a sign-in. `true` beside a refusal: it was one that this browser had begun, so that it is worth an
    /// entry in the log; strangers cannot write there as often as they like.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn finish(
        &self,
        id: &str,
        returned: &Returned,
        at: Timestamp,
        draw: Draw<'_>,
    ) -> Result<Arrived, (Refusal, bool)> {
        let (number, one) = self.one(id).map_err(|refusal| (refusal, false))?;
        let state = returned.only("state").ok_or((Refusal::Unasked, false))?;
        let pending = self.pendings.take(state, &returned.secret, at).ok_or((Refusal::Unasked, false))?;
        self.answered(number, one, &pending, returned, at, draw).map_err(|refusal| (refusal, true))
    }

    fn answered(
        &self,
        number: usize,
        one: &One,
        pending: &Pending,
        returned: &Returned,
        at: Timestamp,
        draw: Draw<'_>,
    ) -> Result<Arrived, Refusal> {
        let (provider, web) = (&one.provider, self.web.as_ref());
        if pending.provider != number {
            return Err(Refusal::MixedUp);
        }
        let mut known = one.description.known(provider, web, at)?;
        match (returned.count("iss"), returned.only("iss")) {
            (0, _) if !known.metadata.authorization_response_iss_parameter_supported => {}
            (1, Some(issuer)) if *issuer == provider.written.issuer => {}
            _ => return Err(Refusal::MixedUp),
        }
        if returned.count("error") > 0 {
            return Err(Refusal::Declined);
        }
        let code = returned.only("code").ok_or(Refusal::Unasked)?;
        let given = self.exchange(provider, &known, code, &pending.verifier, at, draw)?;
        let access = given.access_token.as_deref();
        let read =
            |keys: &CoreJsonWebKeySet| token::identity(provider, keys, &given.id_token, &pending.nonce, access, at);
        let mut claims = match read(&known.keys) {
            Err(Doubt::Key) => {
                known = one.description.rotated(provider, web, at, true)?;
                read(&known.keys)
            }
            other => other,
        }
        .map_err(|doubt| match doubt {
            Doubt::Refused(refusal) => refusal,
            Doubt::Key => {
                tracing::warn!("a token was signed with a key that its provider does not publish");
                Refusal::Token
            }
        })?;
        if let (Some(address), Some(access)) = (&known.metadata.userinfo_endpoint, access) {
            self.more(&mut claims, address, access)?;
        }
        arrived(provider, &self.map, &self.place, &claims)
    }

    /// The code for tokens.
    fn exchange(
        &self,
        provider: &Provider,
        known: &Known,
        code: &str,
        verifier: &str,
        at: Timestamp,
        draw: Draw<'_>,
    ) -> Result<Given, Refusal> {
        let (written, address) = (&provider.written, &known.metadata.token_endpoint);
        let back = self.back(provider);
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &back),
            ("code_verifier", verifier),
            ("client_id", &written.client_id),
        ];
        let posted = known.metadata.token_endpoint_auth_methods_supported.iter().any(|way| way == "client_secret_post");
        let (assertion, header);
        let authorization = match &provider.credential {
            Credential::Key(pem, id) => {
                let jti = random(draw);
                assertion = assertion::signed(pem, id.as_deref(), &written.client_id, address.as_str(), &jti, at)
                    .ok_or(Refusal::Exchange)?;
                form.push(("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
                form.push(("client_assertion", &assertion));
                None
            }
            Credential::Secret(secret) if posted => {
                form.push(("client_secret", secret));
                None
            }
            Credential::Secret(secret) => {
                header = basic(&written.client_id, secret);
                Some(header.as_str())
            }
        };
        let answer = self.web.post(address, authorization, &form)?;
        if answer.status != 200 {
            tracing::warn!(provider = written.id, status = answer.status, "a sign-in provider gave no token");
            return Err(Refusal::Exchange);
        }
        serde_json::from_slice(&answer.body).map_err(|_| Refusal::Exchange)
    }

    /// What the provider says of them beside the token; the token's own words win.
    fn more(&self, claims: &mut Value, address: &Url, access: &str) -> Result<(), Refusal> {
        let answer = self.web.get(address, Some(access))?;
        let said: Value = match answer.status {
            200 => serde_json::from_slice(&answer.body).map_err(|_| Refusal::Token)?,
            _ => return Err(Refusal::Token),
        };
        if said.get("sub").is_none() || said.get("sub") != claims.get("sub") {
            tracing::warn!("a sign-in provider told of somebody else than its token");
            return Err(Refusal::Token);
        }
        // Only who they are and what they do is taken from there, never what proves it.
        const PROOF: [&str; 12] =
            ["iss", "aud", "azp", "exp", "iat", "nbf", "nonce", "acr", "amr", "auth_time", "vot", "sid"];
        if let (Value::Object(claims), Value::Object(said)) = (claims, said) {
            for (name, value) in said {
                if !PROOF.contains(&name.as_str()) && !claims.contains_key(&name) {
                    claims.insert(name, value);
                }
            }
        }
        Ok(())
    }

    /// Hears a logout token.
    ///
    /// # Errors
    /// [`Refusal`] where it is none, is not for us, or was heard before.
    pub fn logout(&self, id: &str, text: &str, at: Timestamp) -> Result<Gone, Refusal> {
        let (_, one) = self.one(id)?;
        let (provider, web) = (&one.provider, self.web.as_ref());
        let known = one.description.known(provider, web, at)?;
        let said = match token::logout(provider, &known.keys, text, at) {
            Err(Doubt::Key) => {
                let newer = one.description.rotated(provider, web, at, false)?;
                token::logout(provider, &newer.keys, text, at)
            }
            other => other,
        };
        let said = said.map_err(|_| Refusal::Logout)?;
        let key = hashed(&format!("{}|{}", provider.written.issuer, said.jti));
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        // A token is believed for five minutes from when it was issued; what is older is refused for that.
        heard.retain(|_, when| at.duration_since(*when) < PATIENCE + SignedDuration::from_mins(1));
        if heard.insert(key, at).is_some() {
            return Err(Refusal::Logout);
        }
        Ok(Gone { issuer: provider.written.issuer.clone(), sid: said.session, sub: said.subject })
    }

    /// Where to be signed out at the provider as well, if it has such a place. Asks nobody: what is not known is left out. The
    /// address names nobody; a provider that wants to know asks its own cookie.
    #[must_use]
    pub fn farewell(&self, id: &str) -> Option<Farewell> {
        let (_, one) = self.one(id).ok()?;
        let mut address = one.description.kept()?.metadata.end_session_endpoint.clone()?;
        address
            .query_pairs_mut()
            .append_pair("client_id", &one.provider.written.client_id)
            .append_pair("post_logout_redirect_uri", &format!("{}/signed-out", self.address));
        Some(Farewell { name: one.provider.written.name.clone(), address: address.into() })
    }
}

#[derive(Deserialize)]
struct Given {
    id_token: String,
    access_token: Option<String>,
}

impl Returned {
    fn count(&self, name: &str) -> usize {
        self.fields.iter().filter(|(key, _)| key == name).count()
    }

    /// The value of a parameter that came once.
    fn only(&self, name: &str) -> Option<&String> {
        let mut found = self.fields.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        found.next().filter(|value| !value.is_empty() && value.len() < 4096 && self.count(name) == 1)
    }
}

fn random(draw: Draw<'_>) -> String {
    let mut bytes = [0; 32];
    draw(&mut bytes);
    base64::url(&bytes)
}

/// HTTP's Basic, of a name and a secret escaped as in a form.
fn basic(name: &str, secret: &str) -> String {
    let escaped = |text: &str| {
        let mut url = Url::parse("x:/").ok()?;
        url.query_pairs_mut().append_pair("", text);
        url.query().map(|query| query.trim_start_matches('=').to_owned())
    };
    let words = format!("{}:{}", escaped(name).unwrap_or_default(), escaped(secret).unwrap_or_default());
    format!("Basic {}", base64::padded(words.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_secret_are_escaped_in_basic() {
        assert_eq!(basic("weft", "a:b c+"), format!("Basic {}", base64::padded(b"weft:a%3Ab+c%2B")));
        assert_eq!(basic("weft", "=x"), format!("Basic {}", base64::padded(b"weft:%3Dx")));
    }

    #[test]
    fn a_parameter_that_came_twice_is_none() {
        let of = |fields: &[(&str, &str)]| Returned {
            fields: fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            secret: String::new(),
        };
        assert_eq!(of(&[("code", "a")]).only("code").map(String::as_str), Some("a"));
        assert_eq!(of(&[("code", "a"), ("code", "a")]).only("code"), None);
        assert_eq!(of(&[("code", "")]).only("code"), None);
    }
}
