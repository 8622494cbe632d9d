//! The policies as they are, for the privacy officer: whoever answers for the rules must be able to read them. No person data.

use access::policy::{self, Stated};
use axum::extract::State as Shared;
use axum::response::Html;

use super::Page;
use super::feeds::thousands;
use crate::app::State;
use crate::layout::Section;
use crate::pages::rules::{Rule, View, render};
use crate::session::Who;

/// A fingerprint in groups of eight, so that two can be compared by eye.
fn grouped(fingerprint: &str) -> String {
    let letters: Vec<char> = fingerprint.chars().collect();
    letters.chunks(8).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn rules(forbids: bool) -> Vec<Rule> {
    let rule = |stated: &Stated| Rule {
        name: stated.id.clone(),
        because: stated.because.clone(),
        at: format!("{}, line {}", stated.file, stated.line),
    };
    policy::stated().iter().filter(|stated| stated.forbids == forbids).map(rule).collect()
}

pub(crate) async fn page(Shared(state): Shared<State>, who: Who) -> Page {
    // Refused, and written down, for everybody who does not watch over looks.
    state.parts().gate.may_review(&who.asking()).await?;
    let told = |name: &str, text: String| (name.to_owned(), text);
    let alarms = i64::try_from(policy::alarms()).unwrap_or(i64::MAX);
    let files = std::iter::once(policy::SCHEMA).chain(policy::FILES);
    let view = View {
        shell: who.shell("The rules", Section::Privacy),
        facts: vec![
            told("Fingerprint", grouped(&policy::fingerprint())),
            told("Decisions that went wrong", format!("{} since the start, each denied", thousands(alarms))),
        ],
        opens: rules(false),
        closes: rules(true),
        files: files.map(|(name, text)| told(name, text.to_owned())).collect(),
    };
    Ok(Html(render(&view)))
}
