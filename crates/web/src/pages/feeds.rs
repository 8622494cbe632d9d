//! Feeds: is each source still speaking, and was everything it said dealt with. Received is always applied plus
//! duplicates plus quarantined; the page shows the sum, and says so if it does not hold.

use crate::components::{Cell, Column, Html, Link, NotificationBanner, Table, Tag};
use crate::layout::Shell;
use askama::Template;

/// One feed. Numbers are ready to show, with separators: `12,480`.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Name.
    pub name: String,
    /// Who sends it.
    pub organisation: String,
    /// Last message: `12 minutes ago`; `never`.
    pub ago: String,
    /// The day, if it was not today.
    pub at: String,
    /// Messages received.
    pub received: String,
    /// Of these applied.
    pub applied: String,
    /// Of these already known.
    pub duplicates: String,
    /// Of these waiting in quarantine.
    pub quarantined: String,
    /// How often it promised to speak: `promised every 15 minutes`; empty if it promised nothing.
    pub promise: String,
    /// `Up to date`, `Late`, `Down`, `Nothing yet`.
    pub state: Tag,
    /// Its quarantine, if something waits there.
    pub quarantine_href: Option<String>,
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "feeds/page.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
    /// When the numbers were counted: `Tuesday 3 March 2026 at 10:14`.
    pub as_at: String,
    /// The feeds: those that need somebody first.
    pub rows: Vec<Row>,
    /// All feeds together; only the numbers are shown.
    pub total: Row,
    /// The sum in words: "12,480 received = 12,300 applied + 150 duplicates + 30 in quarantine".
    pub equation: String,
    /// False if the sum does not hold: then the page says so in red.
    pub balanced: bool,
}

impl View {
    fn table(&self) -> Table {
        let mut rows: Vec<Vec<Cell>> = self.rows.iter().map(row).collect();
        let total = &self.total;
        rows.push(vec![
            "All feeds".into(),
            blank(),
            blank(),
            total.received.as_str().into(),
            total.applied.as_str().into(),
            total.duplicates.as_str().into(),
            total.quarantined.as_str().into(),
        ]);
        let columns = vec![
            Column::new("Feed"),
            Column::new("State"),
            Column::new("Last message"),
            Column::numeric("Received"),
            Column::numeric("Applied"),
            Column::numeric("Duplicates"),
            Column::numeric("In quarantine"),
        ];
        Table::new("Every source, and what became of its messages", columns, rows)
    }

    fn warning(&self) -> NotificationBanner {
        NotificationBanner::important(
            "Received is not applied plus duplicates plus quarantined. A message may be lost: stop the feeds and run “weft verify”.",
        )
    }
}

/// A cell with nothing to say; left out on a phone.
fn blank() -> Cell {
    Cell { classes: "weft-blank".to_owned(), ..Cell::default() }
}

/// How a feed stands, and beneath it against what.
#[derive(Template)]
#[template(
    source = r#"<span>{{ self.0.state }}<br><span class="weft-small weft-quiet">{{ self.0.promise }}</span></span>"#,
    ext = "html"
)]
struct Promised<'a>(&'a Row);

impl askama::filters::HtmlSafe for Promised<'_> {}

fn row(feed: &Row) -> Vec<Cell> {
    let last = if feed.at.is_empty() { Html::from(feed.ago.as_str()) } else { Html::with_small(&feed.ago, &feed.at) };
    let waiting = match &feed.quarantine_href {
        Some(href) => Html::of(&Link::new(&feed.quarantined, href)),
        None => feed.quarantined.as_str().into(),
    };
    let state = if feed.promise.is_empty() { Html::of(&feed.state) } else { Html::of(&Promised(feed)) };
    vec![
        Cell::holding(Html::with_small(&feed.name, &feed.organisation)),
        Cell::holding(state),
        Cell::holding(last),
        feed.received.as_str().into(),
        feed.applied.as_str().into(),
        feed.duplicates.as_str().into(),
        Cell::holding(waiting),
    ]
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
