//! Others' records: what somebody who was let in sees of whoever let them in. Opens with the same permit as any record, which
//! covers only what was agreed, and is written down like any look. Nobody is shown here what the person has chosen about sharing,
//! nor who looked: whoever makes somebody show their record would learn from it, and would notice if it were gone.

use access::consent::said;
use access::views::sharing::{ProxyRow, let_in};
use axum::extract::State as Shared;
use axum::response::{Html, IntoResponse, Response};
use record::summary::{class, record, root};
use uuid::Uuid;

use super::Page;
use super::me::SECTIONS;
use super::person::{banner, full_name};
use super::record::group;
use super::sharing::{code_of, last_day};
use crate::app::{State, Trouble};
use crate::layout::{Section, Shell};
use crate::pages::proxy::{List, Person, View, render, render_list};
use crate::session::{Id, Who};

/// Who has let the reader in, with the person as known now.
async fn rows(state: &State, who: &Who) -> Result<Vec<(ProxyRow, Uuid)>, Trouble> {
    if who.subject.role != access::Role::Citizen {
        return Err(Trouble::Forbidden("these pages are for people whom somebody has let see their record"));
    }
    let (subject, at) = (who.subject.clone(), who.at);
    state
        .read(move |tx| {
            let mut found = Vec::new();
            for row in let_in(tx, &subject, at)? {
                // They may have been found to be one with another since.
                let Some(person) = root(tx, row.person)? else { continue };
                found.push((row, person));
            }
            Ok(found)
        })
        .await
}

pub(crate) async fn list(Shared(state): Shared<State>, who: Who) -> Page {
    let rows = rows(&state, &who).await?;
    let people = rows.iter().map(|(row, person)| Person {
        href: format!("/me/proxy/{person}"),
        name: row.whose.clone(),
        until: format!("You may see this until {}.", last_day(row.until)),
        sees: said(row.classes).into_iter().map(str::to_owned).collect(),
    });
    let view = List {
        shell: who.shell("Others’ records", Section::Proxy),
        people: people.collect(),
        code: (!state.parts().demo_sign_in).then(|| code_of(&who.subject.id)),
    };
    Ok(Html(render_list(&view)))
}

pub(crate) async fn page(Shared(state): Shared<State>, who: Who, Id(id): Id) -> Result<Response, Trouble> {
    let agreed = rows(&state, &who).await?.into_iter().find(|(_, person)| *person == id);
    // Asked for in any case: whoever was not let in is refused, and that is written down.
    let permit = state.parts().gate.record(&who.asking(), id).await?;
    let Some((row, _)) = agreed else {
        return Err(Trouble::Forbidden("this person has not let you see their record"));
    };
    let found = state.read(move |tx| record(tx, &permit)).await?;
    let mut record = found.ok_or(Trouble::NotFound)?;
    // The permit covers no more than was agreed; held against the agreement once more before anything is shown.
    record.lines.retain(|line| row.classes.has(class(line.fact.kind)));
    record.withheld.clear();
    record.disagreements.clear();
    // Whoever was let in seals nothing and lifts nothing.
    let marks = super::record::Marks::new();
    let groups = SECTIONS
        .iter()
        .filter(|(kind, ..)| row.classes.has(class(*kind)))
        .filter_map(|(kind, _, _)| {
            let shown = group(&state, &who, (&record, &marks), *kind, usize::MAX, "")?;
            let needed = !shown.entries.is_empty();
            needed.then_some(crate::pages::record::Group { more: None, ..shown })
        })
        .collect();
    let name = full_name(&record.identity);
    let view = View {
        why: format!(
            "This is the record of {name}, not yours. {name} has let you see part of it. They can see that you opened it."
        ),
        groups,
        shell: Shell {
            person: Some(crate::components::PersonBanner {
                href: format!("/me/proxy/{id}"),
                ..banner(&state, &record, who.at)
            }),
            ..who.shell("Somebody else’s record", Section::Proxy)
        },
    };
    Ok(Html(render(&view)).into_response())
}
