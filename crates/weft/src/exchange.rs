//! A real telephone exchange, asked by HTTP: each order is a signed POST to one address, safe to send twice. What the exchange
//! tells comes in at `/telephony/signals` (docs/manual/telephony.md). Must not know anybody's number.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use care::telephony::signature::Key;
use care::telephony::{Order, Signal, Telephony, Unreachable};
use jiff::Timestamp;

use crate::clock::Clock;

/// How long the exchange may take to answer an order; a caller is waiting.
const PATIENCE: Duration = Duration::from_secs(3);

/// A real exchange.
pub(crate) struct Exchange {
    agent: ureq::Agent,
    address: String,
    key: Key,
    /// The real time or the house's: what is signed must be believed by the other side's clock.
    clock: Arc<Clock>,
}

impl Exchange {
    /// One that takes orders at an address. Only this machine itself is asked without TLS.
    pub(crate) fn at(address: &str, key: Key, clock: Arc<Clock>) -> anyhow::Result<Self> {
        let uri: ureq::http::Uri = address.parse().with_context(|| format!("the exchange's address {address}"))?;
        let here = matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
        let authority = uri.authority().map(ureq::http::uri::Authority::as_str).unwrap_or_default();
        let plain = uri.scheme_str() == Some("http") && here;
        if authority.contains('@') || !(uri.scheme_str() == Some("https") || plain) {
            bail!("the exchange's address begins with https:// and holds no password (http:// only on this machine)");
        }
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            .user_agent("weft")
            .build();
        Ok(Self { agent: config.new_agent(), address: address.to_owned(), key, clock })
    }
}

impl Telephony for Exchange {
    fn order(&self, order: &Order, _at: Timestamp) -> Result<(), Unreachable> {
        let body = serde_json::to_vec(order).map_err(|error| Unreachable(error.to_string()))?;
        let (time, signature) = self.key.sign(&body, self.clock.now());
        let request = self.agent.post(&self.address).header("content-type", "application/json");
        let sent = request.header("weft-time", time).header("weft-signature", signature).send(&body[..]);
        let answer = sent.map_err(|error| Unreachable(error.to_string()))?;
        match answer.status().as_u16() {
            200..=299 => Ok(()),
            // A ring that the exchange does not know (any more) is no longer rung: that is what was asked.
            404 | 410 if !matches!(order, Order::Ring { .. } | Order::Connect { .. }) => Ok(()),
            status => Err(Unreachable(format!("it answered {status}"))),
        }
    }

    fn signals(&self, _until: Timestamp) -> Vec<Signal> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests;
