//! HTTP/1.1 over one kept connection, no more of it than a measurement needs: so little that the reader hardly shows in
//! the processor time beside the server.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::Context;

/// A kept connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    host: String,
    cookie: String,
    token: String,
    buffer: Vec<u8>,
}

/// An answer: its status, and where its body stands in the connection's buffer.
#[derive(Debug)]
pub(crate) struct Answer<'c> {
    pub(crate) status: u16,
    head: &'c str,
    pub(crate) body: &'c [u8],
}

impl Answer<'_> {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(self.head, name)
    }

    /// The body as text; empty where it is none.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(self.body).unwrap_or_default()
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

impl Connection {
    /// Connects to `host:port`.
    pub(crate) fn open(host: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(host).with_context(|| format!("cannot connect to {host}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self {
            stream,
            host: host.to_owned(),
            cookie: String::new(),
            token: String::new(),
            buffer: Vec::with_capacity(128 * 1024),
        })
    }

    /// Signs in as one of the demonstration's people; what is asked after is asked as them.
    pub(crate) fn sign_in(&mut self, persona: &str) -> anyhow::Result<()> {
        let form = format!("persona={persona}");
        let request = format!(
            "POST /sign-in HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.host,
            form.len()
        );
        let answer = self.ask(&request)?;
        let cookie = answer.header("set-cookie").and_then(|value| value.split(';').next()).map(str::to_owned);
        let status = answer.status;
        self.cookie = cookie.with_context(|| format!("signing in as {persona} was answered with {status}"))?;
        Ok(())
    }

    /// The session that signing in began.
    pub(crate) fn session(&self) -> &str {
        &self.cookie
    }

    /// Goes on with a session that was begun before.
    pub(crate) fn resume(&mut self, session: &str) {
        session.clone_into(&mut self.cookie);
    }

    /// Gets a page.
    pub(crate) fn get(&mut self, path: &str) -> anyhow::Result<Answer<'_>> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAccept: text/html\r\nCookie: {}\r\n\r\n",
            self.host, self.cookie
        );
        self.ask(&request)
    }

    /// Takes a token as one of the demonstration's people, as programs do.
    pub(crate) fn take_token(&mut self, persona: &str) -> anyhow::Result<()> {
        let form = format!("persona={persona}");
        let request = format!(
            "POST /sign-in HTTP/1.1\r\nHost: {}\r\nAccept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.host,
            form.len()
        );
        let answer = self.ask(&request)?;
        let token = answer
            .text()
            .split("\"access_token\":\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .map(str::to_owned);
        self.token = token.with_context(|| format!("there was no token for {persona}"))?;
        Ok(())
    }

    /// Gets JSON.
    pub(crate) fn get_json(&mut self, path: &str) -> anyhow::Result<Answer<'_>> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAccept: application/fhir+json\r\nAuthorization: Bearer {}\r\n\r\n",
            self.host, self.token
        );
        self.ask(&request)
    }

    /// Sends a body.
    pub(crate) fn send(&mut self, method: &str, path: &str, kind: &str, body: &str) -> anyhow::Result<Answer<'_>> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAccept: application/fhir+json\r\nAuthorization: Bearer {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
            self.host,
            self.token,
            body.len()
        );
        self.ask(&request)
    }

    fn ask(&mut self, request: &str) -> anyhow::Result<Answer<'_>> {
        self.stream.write_all(request.as_bytes())?;
        self.buffer.clear();
        let mut chunk = [0; 32 * 1024];
        let (mut ends, mut head_length) = (None, 0);
        loop {
            if ends.is_none()
                && let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n")
            {
                head_length = end + 4;
                let head = std::str::from_utf8(self.buffer.get(..head_length).unwrap_or_default())?;
                let length = header(head, "content-length").context("an answer came without its length")?;
                let length: usize = length.parse().context("an answer came with a length that is no number")?;
                ends = Some(head_length + length);
            }
            if ends.is_some_and(|end| self.buffer.len() >= end) {
                break;
            }
            let count = self.stream.read(&mut chunk)?;
            anyhow::ensure!(count > 0, "the server closed the connection in the middle of an answer");
            self.buffer.extend_from_slice(chunk.get(..count).unwrap_or_default());
        }
        let (head, body) = self.buffer.split_at_checked(head_length).unwrap_or_default();
        let head = std::str::from_utf8(head)?;
        let status =
            head.split(' ').nth(1).and_then(|status| status.parse().ok()).context("an answer without a status")?;
        Ok(Answer { status, head, body })
    }
}
