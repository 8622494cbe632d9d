//! Quarantine: the list of what waits (for every role that sees feeds; it says nothing of the words), and one message with
//! its words, to mend and replay, for those who may.

use access::{Action, Role};
use axum::extract::{Query, State as Shared};
use axum::response::Html;
use record::feed::RawMessage;
use record::ingest::{Arrival, Outcome, replay};
use record::message::Refusal;
use record::quarantine::{Opened, in_quarantine, open};
use store::Refused;
use uuid::Uuid;

use super::Page;
use super::feeds::thousands;
use super::person::{feed_name, short_name};
use crate::app::{State, Trouble};
use crate::components::Pagination;
use crate::layout::Section;
use crate::pages::quarantine::{Line, List, Message, Replayed, Waiting, render_list, render_message};
use crate::session::{Fields, Id, Sent, Who};
use crate::words::{ago, uk_datetime};

/// Messages on one page.
const PAGE: i64 = 25;
/// What stands in the place of the words of a message that holds what the law restricts.
const SEALED: &str = "What this message says is shown to nobody here, and it cannot be changed by hand. Once its source has sent \
                      it again, or what it waits for has come, try it again as it came.";
/// The most of a message that a page shows and a form can change; larger ones are replayed as they came.
const SHOWN: usize = 256 * 1024;

pub(crate) async fn list(Shared(state): Shared<State>, who: Who, Query(fields): Query<Vec<(String, String)>>) -> Page {
    if who.subject.role == Role::Citizen {
        return Err(Trouble::Forbidden("this page is for those who mind the feeds"));
    }
    let fields = Fields(fields);
    let feed =
        state.parts().feeds.get(fields.get("feed")).map(|reader| reader.feed().id.to_string()).unwrap_or_default();
    let current = fields.page();
    let tallies = state.tallies().await?;
    let wanted = feed.clone();
    let (rows, count) = state.read(move |tx| in_quarantine(tx, &wanted, PAGE, (i64::from(current) - 1) * PAGE)).await?;
    let place = &state.parts().place;
    let oldest = tallies
        .iter()
        .filter(|tally| feed.is_empty() || tally.feed == feed)
        .filter_map(|tally| tally.oldest_waiting)
        .min();
    let waits = if count == 1 { "1 message waits".to_owned() } else { format!("{} messages wait", thousands(count)) };
    let view = List {
        shell: who.shell("Quarantine", Section::Quarantine),
        feeds: tallies
            .iter()
            .filter(|tally| tally.ever.quarantined > 0 || tally.feed == feed)
            .map(|tally| {
                let name = short_name(place, &tally.feed);
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
                href: who.may(Action::ReadMessage).then(|| format!("/quarantine/{}", row.id)),
                when: uk_datetime(row.received),
                feed: short_name(place, &row.feed),
                kind: understood(&row.kind),
                reason: marked(&without_values(&row.reason.sentence)),
                location: location(&row.reason.location, row.line),
            })
            .collect(),
        pagination: Pagination::of(current, pages(count), |page| format!("/quarantine?feed={feed}&page={page}")),
    };
    Ok(Html(render_list(&view)))
}

/// What a message is, where that could be told.
fn understood(kind: &str) -> String {
    if kind == "not understood" { String::new() } else { kind.to_owned() }
}

/// A reason without what stood in the message: the list is for everybody who minds feeds, and the words of a message may be
/// a name or a number. The names of columns (in backticks) and of mappings stay.
fn without_values(sentence: &str) -> String {
    let mut shown = String::new();
    for (index, part) in sentence.split('"').enumerate() {
        let value = index % 2 == 1;
        if !value {
            shown.push_str(part);
        } else if shown.ends_with("mapping ") {
            shown.push_str(&format!("\u{201c}{part}\u{201d}"));
        } else {
            shown.push_str("\u{201c}\u{2026}\u{201d}");
        }
    }
    shown.replace(" (\u{201c}\u{2026}\u{201d})", "")
}

/// A reason as a page shows it: what stands in backticks or straight marks stands in quotation marks.
fn marked(sentence: &str) -> String {
    let mut open = false;
    let mark = |letter: char| match letter {
        '`' | '"' => {
            open = !open;
            if open { '\u{201c}' } else { '\u{201d}' }
        }
        other => other,
    };
    sentence.chars().map(mark).collect()
}

/// Why a message waits, as its page says it: of one whose words nobody may read, without the values in it.
fn reason(opened: &Opened, sentence: &str) -> String {
    if opened.withheld { marked(&without_values(sentence)) } else { marked(sentence) }
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

pub(crate) async fn message(Shared(state): Shared<State>, who: Who, Id(id): Id) -> Page {
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
    let fault = waiting
        .reason
        .location
        .as_deref()
        .and_then(|place| place.split(['-', '[', '.', ' ']).next())
        .unwrap_or_default();
    let segment = fault.len() == 3 && fault.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let column = waiting.reason.location.as_deref().and_then(|place| place.strip_prefix("column ")).unwrap_or_default();
    let lines = shown
        .lines()
        .enumerate()
        .map(|(index, line)| Line {
            number: index + 1,
            text: line.to_owned(),
            at_fault: (segment && line.starts_with(fault)) || (!column.is_empty() && index == 1),
        })
        .collect();
    let csv = state.parts().place.feed(&waiting.feed).is_some_and(|feed| feed.format == place::Format::Csv);
    let columns = if csv && whole { record::feed::csv::columns(&opened.raw).unwrap_or_default() } else { Vec::new() };
    // The value that is wrong stands first; columns that say nothing are left out of this reading of the row.
    let mut columns: Vec<(String, String, bool)> = columns
        .into_iter()
        .filter(|(name, value)| !value.is_empty() || name == column)
        .map(|(name, value)| (name == column, name, value))
        .map(|(wrong, name, value)| (name, value, wrong))
        .collect();
    columns.sort_by_key(|(_, _, wrong)| !wrong);
    let mut advice: Vec<String> = opened
        .notes
        .iter()
        .map(|(at, note)| format!("On {} somebody changed it: \u{201c}{note}\u{201d}.", uk_datetime(*at)))
        .collect();
    if opened.is_sealed() {
        advice.push(SEALED.to_owned());
    }
    if !whole {
        advice.push("The message is too large to change here; leave the text empty to replay it as it is.".to_owned());
    }
    Message {
        shell: who.shell("A message in quarantine", Section::Quarantine),
        action: format!("/quarantine/{}", waiting.id),
        list_href: "/quarantine".to_owned(),
        feed: feed_name(&state.parts().place, &waiting.feed),
        kind: understood(&waiting.kind),
        columns,
        when: uk_datetime(waiting.received),
        reason: reason(opened, &waiting.reason.sentence),
        location: location(&waiting.reason.location, waiting.line),
        sealed: opened.is_sealed(),
        advice: (!advice.is_empty()).then(|| advice.join(" ")),
        lines,
        text: if whole { shown } else { String::new() },
        ..Message::default()
    }
}

pub(crate) async fn mend(Shared(state): Shared<State>, Id(id): Id, Sent { who, fields }: Sent) -> Page {
    let before = opened(&state, &who, Action::MendMessage, id).await?;
    let (text, note) = (fields.whole("text").to_owned(), fields.get("note").to_owned());
    let mut view = page(&state, &who, &before);
    view.note.clone_from(&note);
    if !text.trim().is_empty() && !before.is_sealed() {
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
    let bytes = if before.is_sealed() { before.as_it_stands().to_vec() } else { mended(&text, &before.raw) };
    let arrival = Arrival::of(&reader, &RawMessage { bytes, line: None }, who.at);
    let (index, actor) = (state.parts().index.clone(), who.subject.actor());
    let outcome =
        state.parts().store.write_async(move |write| replay(write, index.as_ref(), id, &arrival, &note, &actor)).await;
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
                view.reason = self::reason(&before, &reason.sentence);
                // There is no field for the text of a sealed one to which an error could point.
                if !before.is_sealed() {
                    view.text_error = Some(format!("Still not right: {}", view.reason));
                }
                view.replayed = Some(Replayed::StillWaiting(view.reason.clone()));
            }
        },
        Err(Refused::Rules(Refusal::NotInQuarantine)) => {
            view.text_error =
                Some("This message is not in quarantine any more; somebody may have mended it a moment ago".to_owned());
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
    // Empty lines at either end are slips of the key; in a row of a CSV they would count as rows.
    format!("{}\n", sent.trim_matches('\n')).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_shows_no_words_of_a_message() {
        let shown = |sentence: &str| marked(&without_values(sentence));
        assert_eq!(shown("`NHS Number` (\"999 123 4567\") is wrong."), "\u{201c}NHS Number\u{201d} is wrong.");
        assert_eq!(
            shown("`Name` says \"Ada\", which the mapping \"Events\" does not know."),
            "\u{201c}Name\u{201d} says \u{201c}\u{2026}\u{201d}, which the mapping \u{201c}Events\u{201d} does not know."
        );
        assert!(!shown("an odd mark: \"Ada Sample").contains("Ada"), "unclosed");
    }

    #[test]
    fn what_was_not_changed_is_replayed_byte_for_byte() {
        let raw = b"MSH|^~\\&|A\rPID|1\r";
        assert_eq!(mended("MSH|^~\\&|A\r\nPID|1\r\n", raw), raw);
        assert_eq!(mended("  \r\n", raw), raw);
        assert_eq!(mended("\r\na,b\r\n1,3\r\n\r\n", b"a,b\n1,2\n"), b"a,b\n1,3\n");
        assert_eq!(mended("MSH|^~\\&|A\r\nPID|2\r\n", raw), b"MSH|^~\\&|A\nPID|2\n");
    }
}
