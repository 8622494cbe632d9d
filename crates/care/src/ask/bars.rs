//! A booking-and-referral message (NHS England's BaRS, `$process-message`, `servicerequest-request`) read as an ask. What it
//! cannot be read for is said field by field, so that its sender can mend it. Must not find the person, nor know HTTP.
//!
//! The shape is that of the published examples (NHSDigital/booking-and-referral-fhir-api, 1.4.0); what a message is about and
//! what it wants is [`mod@envelope`]'s, what is answered is [`mod@answer`]'s.

pub mod answer;
pub mod envelope;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use place::NhsNumber;
use serde_json::Value;
use uuid::Uuid;

use super::{Asker, Consent, Kind, Otherwise, Request, Urgency, Visit, Whom};
use crate::age::Age;
use crate::team::Team;
use crate::words::{MOST, Words};

const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";

/// One field that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}")]
pub struct NotRead {
    /// Where, as a FHIR path: `MessageHeader.eventCoding.code`.
    pub place: &'static str,
    /// What is wrong, and what would be right.
    pub why: String,
}

/// Who a message says the person is: what the index of people is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// A valid NHS number.
    pub nhs_number: Option<String>,
    /// A number came with it that is none: nobody is found by it, and nobody is turned away for a mistyped digit.
    pub number_wrong: bool,
    /// The family name.
    pub family: String,
    /// The given names.
    pub given: String,
    /// The birth date, where it is one.
    pub born: Option<Date>,
    /// The postcode as it was written.
    pub postcode: String,
}

impl Described {
    /// In a sentence, for whoever has to find out who it is.
    #[must_use]
    pub fn said(&self) -> String {
        let named = format!("{} {}", self.given, self.family);
        let born =
            self.born.map_or("birth date not said".to_owned(), |born| format!("born {}", born.strftime("%-d %B %Y")));
        let named = if named.trim().is_empty() { "somebody without a name" } else { named.trim() };
        let place = if self.postcode.is_empty() { String::new() } else { format!(", {}", self.postcode) };
        let number = if self.number_wrong { "; the NHS number sent for them is not valid" } else { "" };
        format!("{named}, {born}{place}{number}")
    }
}

/// A message as an ask, for somebody who is still to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// The sender's code in the national register.
    pub sender: String,
    /// How the sender calls the referral: the same for each message about it.
    pub identifier: String,
    /// Whom it is about.
    pub person: Described,
    urgency: Urgency,
    asked_by: Asker,
    happened: Words,
    worries: Words,
    consent: Consent,
    visit: Visit,
}

impl Referral {
    /// What an update says, as words to add to the ask that there is: all of it, because what was changed is not marked.
    #[must_use]
    pub fn added(&self) -> Words {
        let mut said = format!("A message of the sender changes the referral. What happened: {}.", self.happened);
        if self.worries != self.happened {
            said.push_str(&format!("\nWhat worries them: {}", self.worries));
        }
        said.push_str(&format!("\nHow soon: {}. Call back: {}", self.urgency.said(), self.asked_by.call_back));
        if let Some(place) = &self.visit.place {
            said.push_str(&format!("\nWhere they are: {place}"));
        }
        if let Some(hazards) = &self.visit.hazards {
            said.push_str(&format!("\nDangerous to whoever comes: {hazards}"));
        }
        cut(&said).unwrap_or_else(|| self.happened.clone())
    }

    /// The ask, for somebody who was found (`person` is their root), or who was not and has an id of their own; `asked_for` is
    /// the team whose door it came to. `team` is the team here that sent it, where it was one.
    #[must_use]
    pub fn request(self, person: Uuid, found: bool, age: Age, asked_for: Team, team: Option<Team>) -> Request {
        let described = if found { None } else { Words::try_from(self.person.said().as_str()).ok() };
        Request {
            whom: Whom { person, described, age },
            // What kind of help it is, the door decides: the message's category says only that it is a referral.
            kind: Kind::Other,
            asked_by: Asker { team, ..self.asked_by },
            asked_for,
            urgency: self.urgency,
            happened: self.happened,
            worries: self.worries,
            otherwise: Otherwise::Unsure,
            consent: self.consent,
            visit: self.visit,
        }
    }
}

/// A message, with what is wrong with it so far.
struct Reading<'m> {
    resources: BTreeMap<&'m str, &'m Value>,
    wrong: Vec<NotRead>,
}

fn at<'v>(value: &'v Value, path: &str) -> Option<&'v str> {
    value.pointer(path)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

impl<'m> Reading<'m> {
    fn wrong(&mut self, place: &'static str, why: impl Into<String>) {
        self.wrong.push(NotRead { place, why: why.into() });
    }

    /// The text at a path, or a complaint.
    fn needed(&mut self, of: &'m Value, path: &str, place: &'static str) -> Option<&'m str> {
        let found = at(of, path);
        if found.is_none() {
            self.wrong(place, "is missing");
        }
        found
    }

    /// The resource that a reference leads to, within the message.
    fn led(&mut self, of: &'m Value, path: &str, kind: &str, place: &'static str) -> Option<&'m Value> {
        let reference = self.needed(of, path, place)?;
        match self.resources.get(reference) {
            None => self.wrong(place, "leads to nothing in the message; send the resource with it"),
            Some(found) if found["resourceType"] != kind => self.wrong(place, format!("has to lead to a {kind}")),
            Some(found) => return Some(found),
        }
        None
    }

    fn of_kind(&self, kind: &str) -> impl Iterator<Item = &'m Value> {
        self.resources.values().copied().filter(move |one| one["resourceType"] == kind)
    }
}

/// The Patient whom a message is about, to be looked for.
#[must_use]
pub fn patient_of(message: &Value) -> Option<&Value> {
    let entries = message["entry"].as_array()?;
    let led = |of: &Value, path: &str| {
        let reference = at(of, path)?;
        entries.iter().find(|one| at(one, "/fullUrl") == Some(reference)).map(|one| &one["resource"])
    };
    let request = led(&entries.first()?["resource"], "/focus/0/reference")?;
    led(request, "/subject/reference").filter(|one| one["resourceType"] == "Patient")
}

/// Reads a message as an ask, as of a moment. Whether it is one to be read so, [`envelope::Envelope::wish`] says.
///
/// # Errors
/// Every field that cannot be used, each with where it is and what is wrong with it.
pub fn read(message: &Value, now: Timestamp) -> Result<Referral, Vec<NotRead>> {
    let mut reading = Reading { resources: BTreeMap::new(), wrong: Vec::new() };
    if message["resourceType"] != "Bundle" || message["type"] != "message" {
        reading.wrong("Bundle.type", "has to be a Bundle of type `message`");
        return Err(reading.wrong);
    }
    let entries = message["entry"].as_array().map_or(&[][..], Vec::as_slice);
    let resources = entries.iter().filter_map(|one| Some((at(one, "/fullUrl")?, &one["resource"])));
    reading.resources = resources.collect();
    let header = &entries.first().map_or(&Value::Null, |one| &one["resource"]);
    if header["resourceType"] != "MessageHeader" {
        reading.wrong("Bundle.entry[0]", "has to be the MessageHeader");
        return Err(reading.wrong);
    }
    let focus = reading.needed(header, "/focus/0/reference", "MessageHeader.focus").map(str::to_owned);
    let request = reading.led(header, "/focus/0/reference", "ServiceRequest", "MessageHeader.focus");
    let organisation = reading.led(header, "/sender/reference", "Organization", "MessageHeader.sender");
    let sender = organisation.and_then(|one| {
        reading.needed(one, "/identifier/0/value", "MessageHeader.sender (Organization.identifier.value)")
    });
    let asked_by = asker(&mut reading, header, request, organisation);
    let (person, urgency, happened) = match request {
        None => (None, None, None),
        Some(request) => {
            (patient(&mut reading, request), urgency(&mut reading, request, now), happened(&mut reading, request))
        }
    };
    let worries = worries(&reading).or_else(|| happened.clone());
    let (consent, visit) = (consent(&reading), visit(&reading, request));
    let read = || {
        let identifier = request.and_then(|request| at(request, "/identifier/0/value")).map(str::to_owned).or(focus);
        let (sender, identifier) = (sender?, identifier?);
        Some(Referral {
            sender: sender.to_owned(),
            identifier,
            person: person?,
            urgency: urgency?,
            asked_by: asked_by?,
            happened: happened?,
            worries: worries?,
            consent,
            visit,
        })
    };
    match read() {
        Some(referral) if reading.wrong.is_empty() => Ok(referral),
        Some(_) => Err(reading.wrong),
        None => {
            if reading.wrong.is_empty() {
                reading.wrong("Bundle", "cannot be read");
            }
            Err(reading.wrong)
        }
    }
}

/// Words of at most the length that is kept; where they go on, that is said, because the message keeps the rest.
fn cut(text: &str) -> Option<Words> {
    const REST: &str = " … (the message goes on)";
    if text.chars().count() <= MOST {
        return Words::try_from(text).ok();
    }
    let kept: String = text.chars().take(MOST - REST.chars().count()).collect();
    Words::try_from(format!("{kept}{REST}")).ok()
}

fn asker<'m>(
    reading: &mut Reading<'m>,
    header: &'m Value,
    request: Option<&'m Value>,
    organisation: Option<&'m Value>,
) -> Option<Asker> {
    let requester = request.and_then(|request| at(request, "/requester/reference"));
    let requester = requester.and_then(|reference| reading.resources.get(reference).copied());
    // A role leads on to who has it.
    let practitioner = requester.and_then(|one| {
        let led = at(one, "/practitioner/reference").and_then(|reference| reading.resources.get(reference).copied());
        led.or(Some(one))
    });
    let name = practitioner.and_then(|one| {
        let whole = [at(one, "/name/0/given/0"), at(one, "/name/0/family")];
        let parts: Vec<&str> = whole.into_iter().flatten().collect();
        if parts.is_empty() {
            at(one, "/name/0/text").or(at(one, "/name")).map(str::to_owned)
        } else {
            Some(parts.join(" "))
        }
    });
    let from = organisation.and_then(|one| at(one, "/name")).or(at(header, "/source/name"));
    let call_back = practitioner.and_then(|one| at(one, "/telecom/0/value")).or(at(header, "/source/contact/value"));
    if call_back.is_none() {
        reading.wrong(
            "MessageHeader.source.contact.value",
            "is missing, and so is a number of the requester: say how the answer reaches you",
        );
    }
    let name = name.or(from.map(str::to_owned));
    if name.is_none() {
        reading.wrong("ServiceRequest.requester", "leads to nobody with a name, and the sender has none either");
    }
    Some(Asker {
        name: cut(&name?)?,
        relation: cut(from.unwrap_or("another organisation"))?,
        call_back: cut(call_back?)?,
        team: None,
    })
}

fn patient<'m>(reading: &mut Reading<'m>, request: &'m Value) -> Option<Described> {
    let patient = reading.led(request, "/subject/reference", "Patient", "ServiceRequest.subject")?;
    let mut described = Described {
        family: at(patient, "/name/0/family").unwrap_or_default().to_owned(),
        given: at(patient, "/name/0/given/0").unwrap_or_default().to_owned(),
        postcode: at(patient, "/address/0/postalCode").unwrap_or_default().to_owned(),
        ..Described::default()
    };
    if described.family.is_empty() && described.given.is_empty() {
        // A name in one piece, or what somebody looks like: for whoever has to find them.
        described.given = at(patient, "/name/0/text").unwrap_or_default().chars().take(400).collect();
    }
    let identifiers = patient["identifier"].as_array().map_or(&[][..], Vec::as_slice);
    if let Some(number) = identifiers.iter().find(|one| one["system"] == NHS_NUMBER) {
        match NhsNumber::parse(at(number, "/value").unwrap_or_default()) {
            Ok(number) => described.nhs_number = Some(number.as_str().to_owned()),
            Err(_) => described.number_wrong = true,
        }
    }
    if let Some(born) = at(patient, "/birthDate") {
        match born.parse() {
            Ok(born) => described.born = Some(born),
            Err(_) => reading.wrong("Patient.birthDate", "is no date: write year-month-day"),
        }
    }
    Some(described)
}

fn urgency<'m>(reading: &mut Reading<'m>, request: &'m Value, now: Timestamp) -> Option<Urgency> {
    let said = match at(request, "/priority") {
        Some("stat" | "asap") => Some(Urgency::TwoHours),
        Some("urgent") => Some(Urgency::SameDay),
        Some("routine") => Some(Urgency::Routine),
        Some(other) => {
            reading.wrong("ServiceRequest.priority", format!("`{other}` is none: routine, urgent, asap or stat"));
            None
        }
        None => None,
    };
    let until = match at(request, "/occurrencePeriod/end").map(str::parse::<Timestamp>) {
        Some(Ok(end)) => {
            // Whatever has gone by is as soon as can be.
            let sooner = Urgency::ALL.into_iter().find(|urgency| urgency.by(now).is_some_and(|by| end <= by));
            Some(sooner.unwrap_or(Urgency::Routine))
        }
        Some(Err(_)) => {
            reading.wrong("ServiceRequest.occurrencePeriod.end", "is no moment: write it with its zone");
            None
        }
        None => None,
    };
    // A field that is there and wrong has been named already.
    let nothing = at(request, "/priority").is_none() && at(request, "/occurrencePeriod/end").is_none();
    if nothing {
        reading.wrong("ServiceRequest.priority", "is missing, and so is occurrencePeriod.end: say how soon");
    }
    said.into_iter().chain(until).min()
}

/// The codes and reasons of the request, of the plan it rests on and of what was observed, in their own words.
fn happened<'m>(reading: &mut Reading<'m>, request: &'m Value) -> Option<Words> {
    let mut said: Vec<&str> = Vec::new();
    let mut add = |concept: &'m Value| {
        let word = at(concept, "/text").filter(|text| text.len() <= 200).or(at(concept, "/coding/0/display"));
        if let Some(word) = word.filter(|word| !said.contains(word)) {
            said.push(word);
        }
    };
    let list = |value: &'m Value| value.as_array().map_or(&[][..], Vec::as_slice);
    list(&request["reasonCode"]).iter().for_each(&mut add);
    for plan in reading.of_kind("CarePlan") {
        list(&plan["activity"]).iter().flat_map(|one| list(&one["outcomeCodeableConcept"])).for_each(&mut add);
    }
    reading.of_kind("Observation").map(|one| &one["code"]).for_each(&mut add);
    if said.is_empty() {
        reading.wrong("ServiceRequest.reasonCode", "is missing: say in a line what happened");
        return None;
    }
    cut(&said.join("; "))
}

/// What the sender wrote at length.
fn worries(reading: &Reading<'_>) -> Option<Words> {
    let mut said: Vec<&str> = Vec::new();
    for plan in reading.of_kind("CarePlan") {
        for activity in plan["activity"].as_array().into_iter().flatten() {
            said.extend(
                activity["outcomeCodeableConcept"].as_array().into_iter().flatten().filter_map(|one| at(one, "/text")),
            );
        }
    }
    for request in reading.of_kind("ServiceRequest") {
        said.extend(request["note"].as_array().into_iter().flatten().filter_map(|one| at(one, "/text")));
    }
    cut(&said.join("\n"))
}

fn consent(reading: &Reading<'_>) -> Consent {
    let because = |words: &str| match Words::try_from(words) {
        Ok(because) => Consent::NotAsked { because },
        Err(_) => Consent::Agrees {},
    };
    let active = reading.of_kind("Consent").find(|one| one["status"] == "active");
    match active.and_then(|one| at(one, "/policyRule/coding/0/code")) {
        Some("OPTIN") => Consent::Agrees {},
        Some(rule) => because(&format!("the sender's message says of consent: {rule}")),
        None => because("the sender's message says nothing of consent"),
    }
}

fn visit(reading: &Reading<'_>, request: Option<&Value>) -> Visit {
    let place = request.and_then(|request| at(request, "/locationReference/0/reference"));
    let place = place.and_then(|reference| reading.resources.get(reference).copied()).and_then(|one| {
        let line =
            [at(one, "/name"), at(one, "/address/line/0"), at(one, "/address/city"), at(one, "/address/postalCode")];
        cut(&line.into_iter().flatten().collect::<Vec<_>>().join(", "))
    });
    let hazards: Vec<&str> = reading
        .of_kind("Flag")
        .filter(|flag| flag["status"] == "active")
        .filter_map(|flag| at(flag, "/code/text").or(at(flag, "/code/coding/0/display")))
        .collect();
    Visit { place, hazards: cut(&hazards.join("; ")), ..Visit::default() }
}

#[cfg(test)]
mod tests;
