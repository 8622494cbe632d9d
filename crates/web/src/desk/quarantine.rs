//! Quarantine: the list of what waits (for every role that sees feeds; it says nothing of the words), and one message with
//! its words, to mend and replay, for those who may.

use access::Action;
use axum::Form;
use axum::extract::{Path, Query, State as Shared};
use axum::response::Html;
use record::feed::RawMessage;
use record::ingest::{Arrival, Outcome, replay};
use record::message::Refusal;
use record::quarantine::{Opened, in_quarantine, open};
use store::Refused;
use uuid::Uuid;

use super::Page;
use super::feeds::thousands;
use super::person::feed_name;
use crate::app::{State, Trouble};
use crate::components::Pagination;
use crate::layout::Section;
use crate::pages::quarantine::{Line, List, Message, Replayed, Waiting, render_list, render_message};
use crate::session::{Fields, Who};
use crate::words::{ago, uk_datetime};

/// Messages on one page.
const PAGE: i64 = 25;
/// The most of a message that a page shows and a form can change; larger ones are replayed as they came.
const SHOWN: usize = 256 * 1024;

pub(crate) async fn list(Shared(state): Shared<State>, who: Who, Query(fields): Query<Vec<(String, String)>>) -> Page {
    let fields = Fields(fields);
    let feed = state.parts().feeds.get(fields.get("feed")).map(|reader| reader.feed().id.to_string()).unwrap_or_default();
    let current = fields.page();
    let tallies = state.tallies().await?;
    let wanted = feed.clone();
    let (rows, count) = state.read(move |tx| in_quarantine(tx, &wanted, PAGE, (i64::from(current) - 1) * PAGE)).await?;
    let place = &state.parts().place;
    let oldest = tallies.iter().filter(|tally| feed.is_empty() || tally.feed == feed).filter_map(|tally| tally.oldest_waiting).min();
    let waits = if count == 1 { "1 message waits".to_owned() } else { format!("{} messages wait", thousands(count)) };
    let view = List {
        shell: who.shell("Quarantine", Section::Quarantine),
        feeds: tallies
            .iter()
            .filter(|tally| tally.ever.quarantined > 0 || tally.feed == feed)
            .map(|tally| {
                let name = feed_name(place, &tally.feed);
                (tally.feed.clone(), format!("{name} ({})", thousands(tally.ever.quarantined)), tally.feed == feed)
            })
            .collect(),
        count: match oldest {
            Some(oldest) if count > 0 => format!("{waits}; the oldest came {}", ago(oldest, who.at)),
            _ => waits,
        },
        rows: rows
            .iter()
            .map(|row| Waiting {
                href: format!("/quarantine/{}", row.id),
                when: uk_datetime(row.received),
                feed: feed_name(place, &row.feed),
                kind: row.kind.clone(),
                reason: row.reason.sentence.clone(),
                location: location(&row.reason.location, row.line),
            })
            .collect(),
        pagination: Pagination::of(current, pages(count), |page| format!("/quarantine?feed={feed}&page={page}")),
    };
    Ok(Html(render_list(&view)))
}

fn pages(count: i64) -> u32 {
    u32::try_from((count + PAGE - 1) / PAGE).unwrap_or(u32::MAX).max(1)
}

fn location(location: &Option<String>, line: Option<i64>) -> String {
    let line = line.map(|line| format!("line {line} of its file"));
    [location.clone(), line].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Reads a message with its words; the look is written down first.
async fn opened(state: &State, who: &Who, action: Action, id: Uuid) -> Result<Opened, Trouble> {
    let people = state.read(move |tx| record::summary::people_of_message(tx, id)).await?;
    let permit = state.parts().gate.message(&who.asking(), action, id, people).await?;
    state.read(move |tx| open(tx, &permit)).await?.ok_or(Trouble::NotFound)
}

pub(crate) async fn message(Shared(state): Shared<State>, who: Who, Path(id): Path<Uuid>) -> Page {
    let opened = opened(&state, &who, Action::ReadMessage, id).await?;
    let mut view = page(&state, &who, &opened);
    // A link that was kept: what became of it meanwhile.
    match opened.outcome.as_str() {
        "applied" => view.replayed = Some(Replayed::Applied("It was taken in earlier.".to_owned())),
        "duplicate" => view.replayed = Some(Replayed::Duplicate),
        _ => {}
    }
    Ok(Html(render_message(&view)))
}

fn page(state: &State, who: &Who, opened: &Opened) -> Message {
    let waiting = &opened.waiting;
    let text = String::from_utf8_lossy(&opened.raw);
    let whole = opened.raw.len() <= SHOWN;
    let shown: String = if whole { text.into_owned() } else { text.chars().take(SHOWN / 4).collect() };
    // Carriage returns end the lines of HL7 v2; a form would turn them into line ends anyway.
    let shown = shown.replace("\r\n", "\n").replace('\r', "\n");
    let fault = waiting.reason.location.as_deref().and_then(|place| place.split(['-', '[', '.', ' ']).next()).unwrap_or_default();
    let segment = fault.len() == 3 && fault.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let lines = shown
        .lines()
        .enumerate()
        .map(|(index, line)| Line {
            number: index + 1,
            text: line.to_owned(),
            at_fault: segment && line.starts_with(fault),
        })
        .collect();
    let mut advice: Vec<String> = opened
        .notes
        .iter()
        .map(|(at, note)| format!("On {} somebody changed it: \u{201c}{note}\u{201d}.", uk_datetime(*at)))
        .collect();
    if !whole {
        advice.push("The message is too large to change here; leave the text empty to replay it as it is.".to_owned());
    }
    Message {
        shell: who.shell("A message in quarantine", Section::Quarantine),
        action: format!("/quarantine/{}", waiting.id),
        list_href: "/quarantine".to_owned(),
        feed: feed_name(&state.parts().place, &waiting.feed),
        kind: waiting.kind.clone(),
        when: uk_datetime(waiting.received),
        reason: waiting.reason.sentence.clone(),
        location: location(&waiting.reason.location, waiting.line),
        advice: (!advice.is_empty()).then(|| advice.join(" ")),
        lines,
        text: if whole { shown } else { String::new() },
        ..Message::default()
    }
}

pub(crate) async fn mend(
    Shared(state): Shared<State>,
    who: Who,
    Path(id): Path<Uuid>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Page {
    let fields = Fields(fields);
    who.check(&fields)?;
    let before = opened(&state, &who, Action::MendMessage, id).await?;
    let (text, note) = (fields.whole("text").to_owned(), fields.get("note").to_owned());
    let mut view = page(&state, &who, &before);
    view.note.clone_from(&note);
    if !text.trim().is_empty() {
        view.text.clone_from(&text);
    }
    if note.is_empty() {
        view.note_error = Some("Say in a few words what you changed, or why you replay it as it is".to_owned());
        return Ok(Html(render_message(&view)));
    }
    let Some(reader) = state.parts().feeds.get(&before.waiting.feed).cloned() else {
        view.text_error = Some("Its feed is no longer one of this place, so it cannot be replayed".to_owned());
        return Ok(Html(render_message(&view)));
    };
    let bytes = mended(&text, &before.raw);
    let arrival = Arrival::of(&reader, &RawMessage { bytes, line: None }, who.at);
    let (index, actor) = (state.parts().index.clone(), format!("{}:{}", who.subject.role.word(), who.subject.id));
    let outcome = state
        .parts()
        .store
        .write_async(move |write| replay(write, index.as_ref(), id, &arrival, &note, &actor))
        .await;
    match outcome {
        Ok(received) => match received.outcome {
            Outcome::Applied(brought) => {
                view.replayed = Some(Replayed::Applied(format!(
                    "{} new or newer entries, {} older ones kept in the history, {} known already.",
                    brought.current, brought.late, brought.same
                )));
            }
            Outcome::Duplicate(_) => view.replayed = Some(Replayed::Duplicate),
            Outcome::Quarantined(reason) => {
                view.location = location(&reason.location, before.waiting.line);
                view.reason.clone_from(&reason.sentence);
                view.text_error = Some(format!("Still not right: {}", reason.sentence));
                view.replayed = Some(Replayed::StillWaiting(reason.sentence));
            }
        },
        Err(Refused::Rules(Refusal::NotInQuarantine)) => {
            view.text_error = Some("This message is not in quarantine any more; somebody may have mended it a moment ago".to_owned());
        }
        Err(Refused::Rules(other)) => view.note_error = Some(other.to_string()),
        Err(Refused::Store(error)) => return Err(error.into()),
    }
    Ok(Html(render_message(&view)))
}

/// The bytes to replay. A form sends line ends of its own kind; what was not changed is replayed byte for byte.
fn mended(text: &str, before: &[u8]) -> Vec<u8> {
    let plain = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n");
    let sent = plain(text);
    if sent.trim().is_empty() || sent.trim_end() == plain(&String::from_utf8_lossy(before)).trim_end() {
        return before.to_vec();
    }
    sent.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_changed_is_replayed_byte_for_byte() {
        let raw = b"MSH|^~\\&|A\rPID|1\r";
        assert_eq!(mended("MSH|^~\\&|A\r\nPID|1\r\n", raw), raw);
        assert_eq!(mended("  \r\n", raw), raw);
        assert_eq!(mended("MSH|^~\\&|A\r\nPID|2\r\n", raw), b"MSH|^~\\&|A\nPID|2\n");
    }
}
