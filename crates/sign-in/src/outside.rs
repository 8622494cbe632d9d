//! Asking a provider by HTTP: five seconds, a megabyte, TLS, and no redirect followed, whatever the provider says. Only the
//! machine itself is asked without TLS, and only for a provider that the configuration calls a test.

use std::io::Read as _;
use std::time::Duration;

use openidconnect::url::{Host, Url};

use crate::refusal::Refusal;

/// The most that an answer may hold.
const MOST: u64 = 1_000_000;
/// How long an answer may take, from the first packet to the last.
const PATIENCE: Duration = Duration::from_secs(5);

/// An answer: its status and its words.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status of HTTP.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// Whatever takes questions to a provider. Tests answer them themselves.
pub trait Outside: Send + Sync {
    /// Fetches a document; with a bearer token, where one is given.
    ///
    /// # Errors
    /// [`Refusal::Unreachable`].
    fn get(&self, address: &Url, bearer: Option<&str>) -> Result<Answer, Refusal>;

    /// Sends a form; with a header of authorization, where one is given.
    ///
    /// # Errors
    /// [`Refusal::Unreachable`].
    fn post(&self, address: &Url, authorization: Option<&str>, form: &[(&str, &str)]) -> Result<Answer, Refusal>;
}

/// True where an address may be asked: TLS, or this machine itself for a test.
pub(crate) fn may_be_asked(address: &Url, test: bool) -> bool {
    let plain_words = address.username().is_empty() && address.password().is_none();
    let loopback = match address.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    plain_words && (address.scheme() == "https" || (test && address.scheme() == "http" && loopback))
}

/// The network.
pub struct Web {
    agent: ureq::Agent,
}

impl Default for Web {
    fn default() -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            // What the environment says of proxies is for others; whoever needs one here says so to the network.
            .proxy(None)
            .max_idle_connections(0)
            .user_agent("weft")
            .build();
        Self { agent: config.new_agent() }
    }
}

impl Web {
    fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Answer, Refusal> {
        let mut answer = answer.map_err(|error| unreachable(&error.to_string()))?;
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        let read = answer.body_mut().as_reader().take(MOST + 1).read_to_end(&mut body);
        read.map_err(|error| unreachable(&error.to_string()))?;
        if body.len() as u64 > MOST {
            return Err(unreachable("an answer of more than a megabyte"));
        }
        Ok(Answer { status, body })
    }
}

fn unreachable(why: &str) -> Refusal {
    tracing::warn!(why, "a sign-in provider could not be asked");
    Refusal::Unreachable
}

impl Outside for Web {
    fn get(&self, address: &Url, bearer: Option<&str>) -> Result<Answer, Refusal> {
        let mut request = self.agent.get(address.as_str()).header("accept", "application/json");
        if let Some(token) = bearer {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        Self::read(request.call())
    }

    fn post(&self, address: &Url, authorization: Option<&str>, form: &[(&str, &str)]) -> Result<Answer, Refusal> {
        let mut request = self.agent.post(address.as_str()).header("accept", "application/json");
        if let Some(words) = authorization {
            request = request.header("authorization", words);
        }
        Self::read(request.send_form(form.iter().copied()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tls_is_asked_and_for_a_test_this_machine() {
        let may = |address: &str, test| may_be_asked(&Url::parse(address).unwrap(), test);
        assert!(may("https://sign-in.example/", false));
        for test in [false, true] {
            for wrong in [
                "http://sign-in.example/",
                "http://127.0.0.1.example/",
                "http://localhost.example/",
                "ftp://127.0.0.1/",
                "https://somebody@sign-in.example/",
                "file:///etc/passwd",
            ] {
                assert!(!may(wrong, test), "{wrong} {test}");
            }
        }
        for local in ["http://127.0.0.1:9000/", "http://localhost:9000/x", "http://[::1]/"] {
            assert!(may(local, true) && !may(local, false), "{local}");
        }
    }
}
