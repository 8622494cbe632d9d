//! One stream of server-sent events (WHATWG HTML, 9.2): a number at each change, a comment now and then so that nobody in between
//! closes it, and a last word when the session is over. It never queues: who reads slowly hears of the latest change alone, and who
//! does not read at all is let go.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, Query, State as Shared};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use care::notice::Topic;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::{Live, Page, Standing, catch_up};
use crate::app::{State, Trouble};
use crate::session::{Fields, Who};

/// How often a stream that has nothing to say shows that it is there, and looks whether its session is, and whether another
/// process has written.
const BEAT: Duration = Duration::from_secs(15);
/// How long a stream gathers changes into one before it tells them: a fraction of the second within which a page follows.
const GATHER: Duration = Duration::from_millis(100);
/// How long somebody may leave what was sent unread.
const PATIENCE: Duration = Duration::from_secs(30);
/// How soon a browser that has lost a stream asks for it again, in milliseconds.
const AGAIN: u32 = 2_000;

/// A stream for a page that the session was shown.
pub(crate) async fn follow(
    Shared(state): Shared<State>,
    who: Who,
    Path((word, proof)): Path<(String, String)>,
    Query(fields): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let live = state.live();
    let page = Page::from_word(&word).ok_or(Trouble::NotFound)?;
    let proved: String = live.proof(who.session, &word).iter().map(|byte| format!("{byte:02x}")).collect();
    // Compared by hash, so that the time it takes says nothing of how much agrees.
    if crate::session::hashed(&proof) != crate::session::hashed(&proved) {
        return Err(Trouble::NotFound);
    }
    if !live.admit(who.session) {
        return Ok((StatusCode::TOO_MANY_REQUESTS, "This session follows as many pages as it can.").into_response());
    }
    // What the browser heard last is later than what the page was made with.
    let heard = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let since = heard.map_or_else(|| Fields(fields).get("since").to_owned(), str::to_owned);
    let (lines, read) = channel(1);
    let topics = page.topics(&who.subject);
    let told = Following { state: state.clone(), headers, topics, since: Standing::read(&since), lines };
    let leaving = Leaving { state, session: who.session };
    tokio::spawn(async move {
        let _leaving = leaving;
        told.run().await;
    });
    let mut response = Response::new(Body::from_stream(Lines(read)));
    let head = response.headers_mut();
    head.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    // A proxy that gathers what it passes on would make a live page a late one.
    head.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

/// Gives the place of a stream back, however it ends.
struct Leaving {
    state: State,
    session: uuid::Uuid,
}

impl Drop for Leaving {
    fn drop(&mut self) {
        self.state.live().leave(self.session);
    }
}

/// What a browser reads of a stream.
struct Lines(Receiver<String>);

impl futures_core::Stream for Lines {
    type Item = Result<String, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|line| line.map(Ok))
    }
}

/// A stream under way.
struct Following {
    state: State,
    headers: HeaderMap,
    topics: Vec<Topic>,
    since: Option<Standing>,
    lines: Sender<String>,
}

/// Why a wait is over.
enum Woken {
    Changed,
    Beat,
    Over,
}

impl Following {
    fn live(&self) -> &Live {
        self.state.live()
    }

    async fn run(mut self) {
        let mut grown = self.live().grown.clone();
        let mut ended = self.live().ended.subscribe();
        let mut closing = self.live().closing.subscribe();
        let mut beat = Instant::now() + BEAT;
        // Without data nothing is heard by it, but a browser that has to ask again knows from where.
        let standing = self.live().standing(&self.topics);
        if !self.say(format!("retry: {AGAIN}\nid: {}\n\n", self.since.unwrap_or(standing).word())).await {
            return;
        }
        self.since.get_or_insert(standing);
        loop {
            let head = *grown.borrow_and_update();
            // Where the log cannot be read just now it is tried again at the next change or beat.
            if let Err(trouble) = catch_up(&self.state, head).await {
                tracing::warn!(?trouble, "a live page is behind");
            }
            let standing = self.live().standing(&self.topics);
            if self.since.is_none_or(|since| since != standing) {
                if !self.is_theirs().await {
                    return;
                }
                let line = format!("id: {}\ndata: {}\n\n", standing.word(), standing.number);
                if !self.say(line).await {
                    return;
                }
                self.since = Some(standing);
            }
            let woken = tokio::select! {
                changed = grown.changed() => if changed.is_ok() { Woken::Changed } else { Woken::Over },
                _ = ended.changed() => Woken::Beat,
                _ = closing.wait_for(|closing| *closing) => Woken::Over,
                () = self.lines.closed() => Woken::Over,
                () = sleep_until(beat) => Woken::Beat,
            };
            match woken {
                Woken::Over => return,
                Woken::Changed => sleep(GATHER).await,
                Woken::Beat => {
                    if !self.is_theirs().await || !self.say(":\n\n".to_owned()).await {
                        return;
                    }
                    self.behind_others().await;
                    beat = Instant::now() + BEAT;
                }
            }
        }
    }

    /// What another process has written is not told by this one's store: it is looked for at each beat.
    async fn behind_others(&self) {
        if let Ok(head) = self.state.read(|tx| store::log::head(tx)).await
            && let Err(trouble) = catch_up(&self.state, head.seq).await
        {
            tracing::warn!(?trouble, "a live page is behind");
        }
    }

    /// Whether the session is still there; if not, the page is told that this was all.
    async fn is_theirs(&self) -> bool {
        let theirs = matches!(self.state.sessions().still(&self.headers, &self.state).await, Ok(true));
        if !theirs {
            self.say("event: over\ndata: 0\n\n".to_owned()).await;
        }
        theirs
    }

    /// Whether it was taken: somebody who has gone, or does not read, is let go.
    async fn say(&self, line: String) -> bool {
        matches!(timeout(PATIENCE, self.lines.send(line)).await, Ok(Ok(())))
    }
}
