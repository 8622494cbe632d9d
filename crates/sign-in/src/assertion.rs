//! Proving to a provider who we are with a private key (`private_key_jwt`): a short token that only we can sign.

use jiff::Timestamp;
use openidconnect::core::{CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey};
use openidconnect::{JsonWebKeyId, PrivateSigningKey as _};
use serde_json::json;

use crate::base64;

/// The key in a PEM file.
pub(crate) fn key(pem: &str, id: Option<&str>) -> Option<CoreRsaPrivateSigningKey> {
    CoreRsaPrivateSigningKey::from_pem(pem, id.map(|id| JsonWebKeyId::new(id.to_owned()))).ok()
}

/// What is sent to a token endpoint; good for a minute.
pub(crate) fn signed(pem: &str, id: Option<&str>, client: &str, to: &str, jti: &str, at: Timestamp) -> Option<String> {
    let now = at.as_second();
    let header = json!({ "alg": "RS512", "typ": "JWT", "kid": id });
    let claims = json!({ "iss": client, "sub": client, "aud": to, "jti": jti, "iat": now, "exp": now + 60 });
    let words =
        format!("{}.{}", base64::url(header.to_string().as_bytes()), base64::url(claims.to_string().as_bytes()));
    let signature = key(pem, id)?.sign(&CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512, words.as_bytes()).ok()?;
    Some(format!("{words}.{}", base64::url(&signature)))
}
