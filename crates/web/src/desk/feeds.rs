//! How each feed stands: received = applied + duplicates + quarantined, with its age and its promise. No person data.

use axum::extract::State as Shared;
use axum::response::Html;
use record::views::message::{Counts, Tally};

use super::Page;
use super::person::FeedState;
use crate::app::State;
use crate::layout::Section;
use crate::pages::feeds::{Row, View, render};
use crate::session::Who;
use crate::words::{ago, london_date, uk_date, uk_datetime};

pub(crate) async fn page(Shared(state): Shared<State>, who: Who) -> Page {
    let tallies = state.tallies().await?;
    let place = &state.parts().place;
    let mut rows: Vec<(FeedState, bool, Row)> = place
        .feeds()
        .iter()
        .map(|feed| {
            let tally = tallies.iter().find(|tally| tally.feed == *feed.id);
            let stands = FeedState::of(feed, tally, who.at);
            let organisation = place.organisation(&feed.organisation).map(|organisation| organisation.name.clone());
            let mut row =
                row(feed.name.clone(), organisation.unwrap_or_else(|| feed.organisation.to_string()), tally, &who);
            row.promise =
                feed.promise_minutes.map_or_else(String::new, |minutes| format!("promised {}", promise(minutes)));
            row.state = stands.tag();
            (stands, tally.is_none_or(|tally| tally.ever.quarantined == 0), row)
        })
        .collect();
    // What needs somebody comes first: down, then late, then with something in quarantine; what never spoke stands last.
    rows.sort_by_key(|(stands, clear, _)| {
        let urgent = matches!(stands, FeedState::Down | FeedState::Late).then_some(*stands);
        (urgent.is_none(), urgent, *clear, *stands == FeedState::NothingYet)
    });
    let total = tallies.iter().fold(Counts::default(), |sum, tally| Counts {
        received: sum.received + tally.ever.received,
        applied: sum.applied + tally.ever.applied,
        duplicates: sum.duplicates + tally.ever.duplicates,
        quarantined: sum.quarantined + tally.ever.quarantined,
    });
    let view = View {
        shell: who.shell("Feeds", Section::Feeds),
        as_at: uk_datetime(who.at),
        rows: rows.into_iter().map(|(_, _, row)| row).collect(),
        total: counted(&total),
        equation: format!(
            "{} received = {} applied + {} duplicates + {} in quarantine",
            thousands(total.received),
            thousands(total.applied),
            thousands(total.duplicates),
            thousands(total.quarantined)
        ),
        balanced: tallies
            .iter()
            .all(|tally| tally.ever.received == tally.ever.applied + tally.ever.duplicates + tally.ever.quarantined),
    };
    Ok(Html(render(&view)))
}

fn row(name: String, organisation: String, tally: Option<&Tally>, who: &Who) -> Row {
    let counts = tally.map(|tally| tally.ever).unwrap_or_default();
    Row {
        name,
        organisation,
        ago: tally.map_or_else(|| "never".to_owned(), |tally| ago(tally.last_received, who.at)),
        at: tally
            .filter(|tally| london_date(tally.last_received) != london_date(who.at))
            .map(|tally| uk_date(london_date(tally.last_received)))
            .unwrap_or_default(),
        quarantine_href: tally
            .filter(|tally| tally.ever.quarantined > 0)
            .map(|tally| format!("/quarantine?feed={}", tally.feed)),
        ..counted(&counts)
    }
}

fn counted(counts: &Counts) -> Row {
    Row {
        received: thousands(counts.received),
        applied: thousands(counts.applied),
        duplicates: thousands(counts.duplicates),
        quarantined: thousands(counts.quarantined),
        ..Row::default()
    }
}

fn promise(minutes: u32) -> String {
    match minutes {
        m if m.is_multiple_of(1440) && m > 1440 => format!("every {} days", m / 1440),
        1440 => "every day".to_owned(),
        m if m.is_multiple_of(60) && m > 60 => format!("every {} hours", m / 60),
        60 => "every hour".to_owned(),
        m => format!("every {m} minutes"),
    }
}

/// `12,480`.
pub(crate) fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if number < 0 { format!("-{grouped}") } else { grouped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_promises_read_as_people_say_them() {
        assert_eq!([0, 999, 1000, 1_234_567, -4200].map(thousands), ["0", "999", "1,000", "1,234,567", "-4,200"]);
        assert_eq!(
            [15, 60, 120, 1440, 2880].map(promise),
            ["every 15 minutes", "every hour", "every 2 hours", "every day", "every 2 days"]
        );
    }
}
