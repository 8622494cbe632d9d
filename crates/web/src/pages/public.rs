//! The way to what everybody may see without signing in. Must not set a cookie nor know who reads.

use crate::layout::Shell;
use askama::Template;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "public/page.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
}
