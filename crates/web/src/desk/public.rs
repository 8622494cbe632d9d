//! The way to what everybody may see without signing in. No cookie is set, and nobody is known.

use axum::response::Html;

use super::Page;
use crate::layout::{Section, Shell};
use crate::pages::public::View;

pub(crate) async fn page() -> Page {
    Ok(Html(View { shell: Shell::new("What the borough shows to everybody", Section::None) }.to_string()))
}
