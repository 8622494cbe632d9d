//! Glass banner: the reader has opened a record that is closed to them, and until when. On every page of that person while it
//! is open, with the way to close it now. Must not hold the reason: somebody may look over a shoulder.

use askama::Template;
use askama::filters::HtmlSafe;

/// That a closed record stands open.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/glass_banner.html")]
pub struct GlassBanner {
    /// `You opened this closed record at 10:14. It closes at 11:14.`
    pub sentence: String,
    /// Address that the form to close it is sent to.
    pub action: String,
    /// The session's cross-site token.
    pub token: String,
}

impl HtmlSafe for GlassBanner {}
