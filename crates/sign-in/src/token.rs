//! What a provider signs: the ID token of a sign-in and the logout token of a sign-out elsewhere. `openidconnect` verifies
//! signature, issuer, audience, expiry and nonce of the first; everything else that could be wrong with either is looked at
//! here. Nothing of a token is believed before its signature.

use std::str::FromStr as _;
use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{
    CoreGenderClaim, CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKey, CoreJsonWebKeySet, CoreJwsSigningAlgorithm,
};
use openidconnect::{
    AccessToken, AccessTokenHash, ClaimsVerificationError, ClientId, IdTokenClaims, IssuerUrl, JsonWebKey as _, Nonce,
    SignatureVerificationError,
};
use serde_json::Value;

use crate::base64;
use crate::provider::Provider;
use crate::refusal::Refusal;

/// How far clocks may differ.
const SKEW: SignedDuration = SignedDuration::from_secs(60);
/// An ID token is fresh from the provider; a logout token may have been sent again a few times.
const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// The algorithms by which a provider may sign. None of them is "none", none takes a secret for a key.
const ALGORITHMS: [(&str, CoreJwsSigningAlgorithm); 9] = [
    ("RS256", CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256),
    ("RS384", CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384),
    ("RS512", CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512),
    ("PS256", CoreJwsSigningAlgorithm::RsaSsaPssSha256),
    ("PS384", CoreJwsSigningAlgorithm::RsaSsaPssSha384),
    ("PS512", CoreJwsSigningAlgorithm::RsaSsaPssSha512),
    ("ES256", CoreJwsSigningAlgorithm::EcdsaP256Sha256),
    ("ES384", CoreJwsSigningAlgorithm::EcdsaP384Sha384),
    ("EdDSA", CoreJwsSigningAlgorithm::EdDsa),
];

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// It is signed with a key that is not known; there may be newer ones.
    Key,
    /// Anything else.
    Refused(Refusal),
}

impl From<Refusal> for Doubt {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

fn doubtful(why: &'static str) -> Doubt {
    tracing::warn!(why, "a token was not believed");
    Doubt::Refused(Refusal::Token)
}

fn keys(keys: &CoreJsonWebKeySet) -> CoreJsonWebKeySet {
    CoreJsonWebKeySet::new(keys.keys().clone())
}

/// The claims of an ID token, all checks passed.
pub(crate) fn identity(
    provider: &Provider,
    known: &CoreJsonWebKeySet,
    text: &str,
    nonce: &str,
    access: Option<&str>,
    at: Timestamp,
) -> Result<Value, Doubt> {
    let written = &provider.written;
    let token = CoreIdToken::from_str(text).map_err(|_| doubtful("it is not a token of OpenID Connect"))?;
    let issuer = IssuerUrl::new(written.issuer.clone()).map_err(|_| doubtful("the issuer is no address"))?;
    // Without our secret: no token signed with a shared one is ever right, whatever it says of itself.
    let verifier =
        CoreIdTokenVerifier::new_public_client(ClientId::new(written.client_id.clone()), issuer, keys(known))
            .set_allowed_algs(ALGORITHMS.map(|(_, algorithm)| algorithm))
            .set_time_fn(move || system(at - SKEW).into());
    let claims: Result<&IdTokenClaims<_, CoreGenderClaim>, _> = token.claims(&verifier, &Nonce::new(nonce.to_owned()));
    let claims = claims.map_err(|error| match error {
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => Doubt::Key,
        ClaimsVerificationError::SignatureVerification(_) => doubtful("its signature or algorithm"),
        ClaimsVerificationError::InvalidIssuer(_) => doubtful("its issuer"),
        ClaimsVerificationError::InvalidAudience(_) => doubtful("its audience"),
        ClaimsVerificationError::InvalidNonce(_) => doubtful("its nonce"),
        ClaimsVerificationError::Expired(_) => doubtful("it has expired"),
        _ => doubtful("something else"),
    })?;
    if let (Some(promised), Some(access)) = (claims.access_token_hash(), access) {
        let algorithm = token.signing_alg().map_err(|_| doubtful("its algorithm"))?;
        let key = token.signing_key(&verifier).map_err(|_| doubtful("its key"))?;
        let found = AccessTokenHash::from_token(&AccessToken::new(access.to_owned()), algorithm, key);
        if found.ok().as_ref() != Some(promised) {
            return Err(doubtful("the access token beside it is another"));
        }
    }
    let claims = payload(text).ok_or_else(|| doubtful("its claims"))?;
    times(&claims, at)?;
    let several = claims.get("aud").and_then(Value::as_array).is_some_and(|all| all.len() > 1);
    match claims.get("azp") {
        None if !several => {}
        Some(Value::String(party)) if *party == written.client_id => {}
        _ => return Err(doubtful("its authorized party")),
    }
    proof(provider, &claims, at)?;
    Ok(claims)
}

/// Not before its time, and not long after.
fn times(claims: &Value, at: Timestamp) -> Result<(), Doubt> {
    if second(claims, "nbf").is_some_and(|from| from > at + SKEW) {
        return Err(doubtful("it is not valid yet"));
    }
    match second(claims, "iat") {
        Some(issued) if issued <= at + SKEW && issued >= at - FRESH - SKEW => Ok(()),
        _ => Err(doubtful("when it was issued")),
    }
}

/// The proof is as strong as the one asked for, and as fresh.
fn proof(provider: &Provider, claims: &Value, at: Timestamp) -> Result<(), Refusal> {
    let written = &provider.written;
    if let Some(minutes) = written.max_age {
        let oldest = at - SignedDuration::from_mins(minutes.into()) - SKEW;
        if second(claims, "auth_time").is_none_or(|proved| proved < oldest || proved > at + SKEW) {
            return Err(Refusal::TooLongAgo);
        }
    }
    let strong = match written.kind {
        crate::Kind::Citizen => {
            let vector = claims.get("vot").and_then(Value::as_str).unwrap_or_default();
            let level = claims.get("identity_proofing_level").and_then(Value::as_str);
            let by_vector =
                vector.starts_with("P9.") && (written.vtr.is_empty() || written.vtr.iter().any(|one| one == vector));
            by_vector && level.is_none_or(|level| level == "P9")
        }
        _ => {
            let two = claims.get("amr").and_then(Value::as_array).is_some_and(|methods| {
                methods
                    .iter()
                    .any(|one| one.as_str().is_some_and(|one| written.two_factors.iter().any(|word| word == one)))
            });
            level(claims).is_some_and(|level| level >= provider.assurance()) || (two && provider.assurance() == 2)
        }
    };
    if strong { Ok(()) } else { Err(Refusal::Assurance) }
}

/// The authenticator assurance level: `AAL3_ANY` is 3; `AAL2_OR_AAL3_ANY` promises no more than 2.
fn level(claims: &Value) -> Option<u8> {
    let reference = claims.get("acr")?.as_str()?;
    let levels = reference.split("AAL").skip(1).map(|rest| match rest.as_bytes().first() {
        Some(digit @ b'1'..=b'3') => digit - b'0',
        _ => 0,
    });
    levels.min()
}

/// What a logout token says of whom to sign out.
#[derive(Debug)]
pub(crate) struct Logout {
    pub(crate) subject: Option<String>,
    pub(crate) session: Option<String>,
    pub(crate) jti: String,
}

const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A logout token, all checks passed but that of its `jti`.
pub(crate) fn logout(
    provider: &Provider,
    known: &CoreJsonWebKeySet,
    text: &str,
    at: Timestamp,
) -> Result<Logout, Doubt> {
    let no = || Doubt::Refused(Refusal::Logout);
    let mut parts = text.split('.');
    let (Some(header), Some(claims), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(no());
    };
    let json = |part: &str| serde_json::from_slice::<Value>(&base64::bytes(part)?).ok();
    let (said, signature) = (json(header).ok_or_else(no)?, base64::bytes(signature).ok_or_else(no)?);
    let word = said.get("alg").and_then(Value::as_str).unwrap_or_default();
    let algorithm = ALGORITHMS.into_iter().find(|(name, _)| *name == word).ok_or_else(no)?.1;
    let kind = said.get("typ").and_then(Value::as_str).map(str::to_ascii_lowercase);
    let is_ours = kind.is_none_or(|kind| matches!(kind.trim_start_matches("application/"), "logout+jwt" | "jwt"));
    if !is_ours || said.get("crit").is_some() {
        return Err(no());
    }
    let id = said.get("kid").and_then(Value::as_str);
    let fits = |key: &&CoreJsonWebKey| id.is_none() || key.key_id().map(|id| id.as_str()) == id;
    let all = known.keys();
    let eligible: Vec<_> = all.iter().filter(fits).collect();
    if eligible.is_empty() {
        return Err(Doubt::Key);
    }
    let words = &text.as_bytes()[..header.len() + 1 + claims.len()];
    if !eligible.iter().any(|key| key.verify_signature(&algorithm, words, &signature).is_ok()) {
        return Err(no());
    }
    let claims = json(claims).ok_or_else(no)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    let audience = match claims.get("aud") {
        Some(Value::String(one)) => *one == provider.written.client_id,
        Some(Value::Array(all)) => all.iter().any(|one| one.as_str() == Some(&provider.written.client_id)),
        _ => false,
    };
    let expired = second(&claims, "exp").is_some_and(|end| end <= at - SKEW);
    let event = claims.get("events").and_then(|events| events.get(LOGOUT_EVENT)).is_some_and(Value::is_object);
    let (subject, session) = (text("sub"), text("sid"));
    let sound = text("iss").as_ref() == Some(&provider.written.issuer)
        && audience
        && !expired
        && times(&claims, at).is_ok()
        && event
        && claims.get("nonce").is_none()
        && (subject.is_some() || session.is_some());
    match text("jti") {
        Some(jti) if sound && !jti.is_empty() => Ok(Logout { subject, session, jti }),
        _ => Err(no()),
    }
}

fn payload(token: &str) -> Option<Value> {
    serde_json::from_slice(&base64::bytes(token.split('.').nth(1)?)?).ok()
}

fn second(claims: &Value, name: &str) -> Option<Timestamp> {
    let value = claims.get(name)?;
    #[expect(clippy::cast_possible_truncation, reason = "a fraction of a second is nobody's")]
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64))?;
    Timestamp::from_second(seconds).ok()
}

fn system(at: Timestamp) -> SystemTime {
    let micros = u64::try_from(at.as_microsecond()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_micros(micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_no_more_than_what_is_promised() {
        for (word, found) in [
            ("AAL3_ANY", Some(3)),
            ("AAL2_OR_AAL3_ANY", Some(2)),
            ("AAL1_USERPASS", Some(1)),
            ("AAL9", Some(0)),
            ("urn:mace:incommon:iap:silver", None),
            ("", None),
        ] {
            assert_eq!(level(&serde_json::json!({ "acr": word })), found, "{word}");
        }
        assert_eq!(level(&serde_json::json!({})), None);
    }
}
