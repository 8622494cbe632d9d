//! Letters, forms and messages.

use serde_json::Value;

use super::draft::{concept_at, concepts_at, displays_at, joined, words_at};
use super::{Fact, Kind};
use crate::resource::text;

pub(super) fn reference(value: &Value) -> Fact {
    let mut fact = Fact::coded(Kind::Document, value.get("type"), "Document with no title");
    let sort = value.get("type").and(Some(fact.title.clone()));
    if let Some(title) = text(value, "description").or_else(|| words_at(value, "content.attachment.title")) {
        fact.title = title.to_owned();
    }
    fact.when(value, &["date", "context.period.start", "content.attachment.creation"])
        .by(value, &["author", "authenticator"])
        .status(value, "status", &["current"])
        .detail([
            sort,
            concepts_at(value, "category"),
            displays_at(value, "custodian"),
            concept_at(value, "context.practiceSetting"),
        ])
}

pub(super) fn composition(value: &Value) -> Fact {
    let mut fact = Fact::coded(Kind::Document, value.get("type"), "Document with no title");
    let sort = value.get("type").and(Some(fact.title.clone()));
    if let Some(title) = text(value, "title") {
        fact.title = title.to_owned();
    }
    let sections = joined(
        super::draft::all_at(value, "section").into_iter().filter_map(|one| text(one, "title")).map(str::to_owned),
        ", ",
    );
    fact.when(value, &["date"]).by(value, &["author"]).status(value, "status", &[]).detail([
        sort,
        sections,
        displays_at(value, "custodian"),
    ])
}

pub(super) fn answers(value: &Value) -> Fact {
    // R4 names the form by address only; its title, where a sender gives one, stands in an extension of that address.
    let named = words_at(value, "_questionnaire.extension.valueString").map(str::to_owned);
    let asked = super::draft::all_at(value, "item").into_iter().filter_map(|item| {
        let question = text(item, "text")?;
        let answer = ["valueString", "valueDate", "valueDateTime"]
            .iter()
            .find_map(|key| words_at(item, &format!("answer.{key}")));
        let coded = || concept_at(item, "answer.valueCoding");
        let answer = answer.map(str::to_owned).or_else(coded)?;
        Some(format!("{question}: {answer}"))
    });
    let asked = joined(asked, "; ");
    Fact::titled(Kind::Document, named, "Answers to a form")
        .when(value, &["authored"])
        .by(value, &["author", "source"])
        .status(value, "status", &["in-progress"])
        .detail([asked])
}

pub(super) fn communication(value: &Value) -> Fact {
    let topic = value.get("topic").or_else(|| value.get("reasonCode").and_then(|reasons| reasons.get(0)));
    Fact::coded(Kind::Document, topic, "Message")
        .when(value, &["sent", "received"])
        .by(value, &["sender"])
        .status(value, "status", &["in-progress", "preparation", "on-hold"])
        .detail([words_at(value, "payload.contentString").map(str::to_owned), concepts_at(value, "category")])
}

pub(super) fn media(value: &Value) -> Fact {
    let title = words_at(value, "content.title").map(str::to_owned);
    let title = title.or_else(|| concept_at(value, "type")).or_else(|| concept_at(value, "modality"));
    Fact::titled(Kind::Document, title, "Picture or recording")
        .when(value, &["createdDateTime", "createdPeriod.start", "issued"])
        .by(value, &["operator"])
        .status(value, "status", &[])
        .detail([concept_at(value, "bodySite"), concepts_at(value, "reasonCode")])
}
