//! Same-day places: a clinic's day, the places that can be booked for an ask, and one visit with its times. Must not say who took a
//! place to anybody who is not of the clinic.

use super::ask::clock::ClockLine;
use super::ask::decision::{Field, summary};
use super::ask::{Step, Way};
use crate::components::{
    ActionLink, BackLink, Button, Cell, Column, Details, ErrorSummary, Html, Link, NotificationBanner, SummaryList,
    SummaryRow, Table, Tag,
};
use crate::layout::Shell;
use askama::Template;
use askama::filters::HtmlSafe;

/// One place on a clinic's day.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// `10:00 to 10:30`.
    pub time: String,
    /// `Chair 2`.
    pub place: String,
    /// How it stands.
    pub state: Option<Tag>,
    /// Who has it, for the clinic's own people: name and page.
    pub who: Option<Link>,
    /// What can be done with it where nobody has it: words and address.
    pub way: Option<Link>,
    /// Whether its time has begun.
    pub past: bool,
}

impl Row {
    /// How it stands, and whose it is or what can be done with it.
    fn cell(&self) -> Html {
        let link = self.who.as_ref().or(self.way.as_ref());
        Html::join(&[self.state.as_ref().map(Html::of), link.map(Html::of)].into_iter().flatten().collect::<Vec<_>>())
    }
}

/// A clinic's day.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "slot/board.html")]
pub struct Board {
    /// Shell.
    pub shell: Shell,
    /// The clinic.
    pub clinic: String,
    /// Where it is and what it does.
    pub lead: String,
    /// The day: `Sunday 22 November 2026`.
    pub day: String,
    /// The day before and the day after: words, address.
    pub days: Vec<(String, String)>,
    /// How many are free, as a sentence.
    pub free: String,
    /// Something done just now.
    pub done: Option<String>,
    /// Where places are published, for the clinic's own people.
    pub publish: Option<String>,
    /// The places, in order of time.
    pub rows: Vec<Row>,
    /// How sure the entry is.
    pub caution: String,
}

impl Board {
    fn done_banner(&self) -> Option<NotificationBanner> {
        self.done.as_deref().map(NotificationBanner::success)
    }

    fn publish_link(&self) -> Option<ActionLink> {
        self.publish.as_ref().map(|href| ActionLink::new("Publish places", href))
    }

    /// The places side by side, a line for each time: what is free at ten is one look.
    fn table(&self, caption: &str, past: bool) -> Option<Table> {
        let rows: Vec<&Row> = self.rows.iter().filter(|row| row.past == past).collect();
        let mut places: Vec<&str> = rows.iter().map(|row| row.place.as_str()).collect();
        places.sort_unstable();
        places.dedup();
        let mut times: Vec<&str> = rows.iter().map(|row| row.time.as_str()).collect();
        times.dedup();
        let line = |time: &&str| {
            let at = |place: &&str| rows.iter().find(|row| row.time == *time && row.place == *place);
            let cells = places.iter().map(|place| Cell::holding(at(place).map(|row| row.cell()).unwrap_or_default()));
            std::iter::once(Cell::from(*time)).chain(cells).collect::<Vec<Cell>>()
        };
        let lines: Vec<Vec<Cell>> = times.iter().map(line).collect();
        let columns = std::iter::once("Time").chain(places.iter().copied()).map(Column::new).collect();
        (!lines.is_empty()).then(|| Table { first_cell_is_header: true, ..Table::new(caption, columns, lines) })
    }

    fn to_come(&self) -> Option<Table> {
        self.table("Places", false)
    }

    fn earlier(&self) -> Option<Details> {
        self.table("Earlier", true).map(|table| Details::new("Earlier that day", Html::of(&table)))
    }
}

/// One place that can be booked.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "slot/offer.html")]
pub struct Offer {
    /// The word that is sent.
    pub slot: String,
    /// `10:00 to 10:30, Chair 2`.
    pub text: String,
    /// Where it is sent.
    pub action: String,
    /// The session's token.
    pub token: String,
}

impl HtmlSafe for Offer {}

impl Offer {
    fn book(&self) -> Button {
        Button { small: true, prevent_double_click: Some(true), ..Button::secondary(&format!("Book {}", self.text)) }
    }
}

/// The places that can be booked for an ask.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "slot/offers.html")]
pub struct Offers {
    /// Shell, with the banner of the person.
    pub shell: Shell,
    /// Back to the ask.
    pub back_href: String,
    /// The clinic, and where it is.
    pub clinic: String,
    /// What follows from booking.
    pub lead: String,
    /// What went wrong, as a sentence: it was just taken.
    pub error: Option<String>,
    /// The nearest that are free instead.
    pub instead: Vec<Offer>,
    /// All that are free, by day: day, places.
    pub days: Vec<(String, Vec<Offer>)>,
}

impl Offers {
    fn back(&self) -> BackLink {
        BackLink::to("Back to the ask", &self.back_href)
    }

    fn problems(&self) -> Option<ErrorSummary> {
        summary(&[], self.error.as_ref())
    }
}

/// The form by which a clinic publishes places.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "slot/publish.html")]
pub struct Publish {
    /// Shell.
    pub shell: Shell,
    /// The clinic.
    pub clinic: String,
    /// What follows.
    pub lead: String,
    /// Where it is sent.
    pub action: String,
    /// The fields.
    pub fields: Vec<Field>,
    /// What is wrong, where no single field is.
    pub error: Option<String>,
}

impl Publish {
    fn back(&self) -> BackLink {
        BackLink::to("Same-day places", "/slots")
    }

    fn problems(&self) -> Option<ErrorSummary> {
        summary(&self.fields, self.error.as_ref())
    }

    fn submit(&self) -> Button {
        Button { prevent_double_click: Some(true), ..Button::submit("Publish them") }
    }
}

/// One visit.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "slot/visit.html")]
pub struct Visit {
    /// Shell, with the banner of the person.
    pub shell: Shell,
    /// The clinic.
    pub heading: String,
    /// How it stands.
    pub state: Option<Tag>,
    /// When and where, and what comes next.
    pub lead: String,
    /// Something done just now.
    pub done: Option<String>,
    /// The clocks of the visit.
    pub clocks: Vec<ClockLine>,
    /// What is known of it: key, value.
    pub facts: Vec<(String, String)>,
    /// What the reader can do next.
    pub ways: Vec<Way>,
    /// Its times, the latest first.
    pub steps: Vec<Step>,
}

impl Visit {
    fn back(&self) -> BackLink {
        BackLink::to("Same-day places", "/slots")
    }

    fn done_banner(&self) -> Option<NotificationBanner> {
        self.done.as_deref().map(NotificationBanner::success)
    }

    fn facts_list(&self) -> SummaryList {
        SummaryList::new(self.facts.iter().map(|(key, value)| SummaryRow::new(key, value)).collect())
    }

    fn links(&self) -> Vec<ActionLink> {
        self.ways.iter().map(|way| ActionLink::new(&way.text, &way.href)).collect()
    }
}
