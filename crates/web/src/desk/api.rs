//! The page about the FHIR API, for the people who write programs for it. No person data, and no session needed.

use axum::response::Html;

use super::Page;
use crate::app::{State, Trouble};
use crate::layout::{Section, Shell};
use crate::pages::api;
use crate::personas::{self, role_words};
use crate::session::Who;

pub(crate) fn page(state: &State, who: Result<Who, Trouble>, base: String) -> Page {
    let demo = state.parts().demo_sign_in;
    let token = format!(
        "curl -s {}/sign-in -H 'Accept: application/json' -d persona=gp",
        base.strip_suffix("/fhir").unwrap_or(&base)
    );
    let people = personas::ALL
        .iter()
        .map(|persona| (persona.id.to_owned(), role_words(persona.role).to_owned(), persona.sees.to_owned()));
    let bearer = "-H \"Authorization: Bearer $TOKEN\"";
    let examples = [
        (
            "Find people by name, the name kept out of the address",
            format!("curl -s {base}/Patient/_search {bearer} -d family=Ashworth"),
        ),
        (
            "Their newest ten observations, with who took them",
            format!(
                "curl -s '{base}/Observation?patient=ID&_sort=-date&_count=10&_include=Observation:performer' {bearer}"
            ),
        ),
        ("Everything about one person", format!("curl -s '{base}/Patient/ID/$everything' {bearer}")),
        (
            "Write an observation",
            format!(
                "curl -s {base}/Observation {bearer} -H 'Content-Type: application/fhir+json' -d '{{\n  \"resourceType\": \"Observation\", \"status\": \"final\",\n  \"code\": {{ \"text\": \"Pulse\" }}, \"subject\": {{ \"reference\": \"Patient/ID\" }},\n  \"valueQuantity\": {{ \"value\": 72, \"unit\": \"/min\" }}\n}}'"
            ),
        ),
        (
            "Is this resource sound?",
            format!(
                "curl -s '{base}/Patient/$validate' {bearer} -H 'Content-Type: application/fhir+json' -d @patient.json"
            ),
        ),
    ];
    let title = "FHIR API";
    let view = api::View {
        shell: who.map_or_else(|_| Shell::new(title, Section::None), |who| who.shell(title, Section::None)),
        base,
        demo,
        token,
        people: people.filter(|_| demo).collect(),
        examples: examples.map(|(what, call)| (what.to_owned(), call)).to_vec(),
    };
    Ok(Html(api::render(&view)))
}
