//! What a provider says of itself, and its keys: fetched from the issuer that the configuration names, from nowhere else, and
//! believed only where it says that it is that issuer.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use openidconnect::core::CoreJsonWebKeySet;
use openidconnect::url::Url;
use serde::Deserialize;

use crate::outside::{Outside, may_be_asked};
use crate::provider::Provider;
use crate::refusal::Refusal;

/// How long a description and keys are used before they are fetched anew.
const KEEP: SignedDuration = SignedDuration::from_hours(1);
/// Keys are not fetched anew more often than this because of what strangers send.
const PAUSE: SignedDuration = SignedDuration::from_mins(1);

/// What a provider says of itself.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Metadata {
    issuer: String,
    pub(crate) authorization_endpoint: Url,
    pub(crate) token_endpoint: Url,
    jwks_uri: Url,
    pub(crate) userinfo_endpoint: Option<Url>,
    pub(crate) end_session_endpoint: Option<Url>,
    #[serde(default)]
    pub(crate) authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    pub(crate) token_endpoint_auth_methods_supported: Vec<String>,
}

/// A provider's description and keys as last fetched.
pub(crate) struct Known {
    pub(crate) metadata: Metadata,
    pub(crate) keys: CoreJsonWebKeySet,
    at: Timestamp,
}

/// Keeps what is known of one provider.
#[derive(Default)]
pub(crate) struct Description(Mutex<Option<Arc<Known>>>);

impl Description {
    /// What is known, fetched where nothing is known or it is old.
    pub(crate) fn known(&self, provider: &Provider, web: &dyn Outside, at: Timestamp) -> Result<Arc<Known>, Refusal> {
        if let Some(known) = self.kept()
            && at.duration_since(known.at).abs() < KEEP
        {
            return Ok(known);
        }
        self.fetch(provider, web, at)
    }

    /// What is known, without asking anybody.
    pub(crate) fn kept(&self) -> Option<Arc<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The same with keys fetched anew, because a token is signed with one that is not known. `trusted`: somebody came with a
    /// code that the provider took; otherwise anybody could make us ask it as often as they like.
    pub(crate) fn rotated(
        &self,
        provider: &Provider,
        web: &dyn Outside,
        at: Timestamp,
        trusted: bool,
    ) -> Result<Arc<Known>, Refusal> {
        if let Some(known) = self.kept().filter(|known| !trusted && at.duration_since(known.at).abs() < PAUSE) {
            return Ok(known);
        }
        self.fetch(provider, web, at)
    }

    fn fetch(&self, provider: &Provider, web: &dyn Outside, at: Timestamp) -> Result<Arc<Known>, Refusal> {
        let written = &provider.written;
        let address = format!("{}/.well-known/openid-configuration", written.issuer.trim_end_matches('/'));
        let metadata: Metadata = document(web, &Url::parse(&address).map_err(|_| Refusal::Discovery)?)?;
        let sound = {
            let endpoints = [&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri];
            let others = [&metadata.userinfo_endpoint, &metadata.end_session_endpoint];
            let mut all = endpoints.into_iter().chain(others.into_iter().flatten());
            metadata.issuer == written.issuer && all.all(|address| may_be_asked(address, written.test))
        };
        if !sound {
            tracing::warn!(provider = written.id, "a sign-in provider describes itself as another or without TLS");
            return Err(Refusal::Discovery);
        }
        let keys = document(web, &metadata.jwks_uri)?;
        let known = Arc::new(Known { metadata, keys, at });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(known.clone());
        Ok(known)
    }
}

fn document<T: serde::de::DeserializeOwned>(web: &dyn Outside, address: &Url) -> Result<T, Refusal> {
    let answer = web.get(address, None)?;
    if answer.status != 200 {
        tracing::warn!(status = answer.status, "a sign-in provider did not answer with its description");
        return Err(Refusal::Unreachable);
    }
    serde_json::from_slice(&answer.body).map_err(|_| Refusal::Discovery)
}
