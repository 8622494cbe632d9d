//! The form of the one door: its fields, and the request that follows from what was typed. Four sentences about the person, and
//! whom to ring back; what the record knows is not asked.

use care::Team;
use care::age::Age;
use care::ask::{Asker, Consent, Kind as Help, Otherwise, Request, Urgency, Visit, Whom};
use jiff::Timestamp;
use uuid::Uuid;

use super::form::{Form, offered};
use crate::desk::person::capital;
use crate::pages::ask::decision::{Field, Kind};
use crate::session::Fields;

/// For whom an ask is, as far as the form has to know.
#[derive(Debug, Clone)]
pub(super) struct For {
    /// The person's root, or a fresh id for somebody who was not found.
    pub(super) person: Uuid,
    /// They were found.
    pub(super) found: bool,
    /// Their age by the record, where it has one.
    pub(super) years: Option<u8>,
}

/// The fields in their three groups: who it is for (nobody was found), what is needed, who asks.
#[derive(Debug, Clone)]
pub(super) struct Groups {
    pub(super) who: Vec<Field>,
    pub(super) what: Vec<Field>,
    pub(super) asker: Vec<Field>,
}

fn with(value: &str, field: Field) -> Field {
    Field { values: vec![value.to_owned()], ..field }
}

/// The empty form. `name` and `relation` are of whoever is signed in; whoever takes a call writes the caller's over them.
pub(super) fn groups(whom: &For, name: &str, relation: &str) -> Groups {
    let kinds = Help::ALL.map(|one| (one.word(), capital(one.said())));
    let urgencies = Urgency::ALL.map(|one| (one.word(), capital(one.said())));
    let otherwise = Otherwise::ALL.map(|one| (one.word(), capital(one.said())));
    let who = vec![
        Field::new("described", "Who is it?", Kind::Lines(2))
            .helped("What they look like, what they are called, so that whoever goes there finds the right person"),
        Field::new("years", "About how old?", Kind::Line).helped("In years. Leave it empty if nobody can say"),
    ];
    let what = vec![
        Field::new("kind", "What kind of help?", Kind::Select(offered(kinds))),
        Field::new("happened", "What happened?", Kind::Line).helped("In one line"),
        Field::new("worries", "What worries you?", Kind::Line),
        Field::new("otherwise", "What would happen without help?", Kind::Radios(offered(otherwise))),
        Field::new("urgency", "How soon?", Kind::Radios(offered(urgencies))),
        Field::new(
            "consent",
            "Do they know, and agree?",
            Kind::Radios(offered([
                ("agrees", "Yes, they know and agree".to_owned()),
                ("best-interests", "They cannot decide this now; it is in their best interests".to_owned()),
                ("not-asked", "They have not been asked".to_owned()),
            ])),
        ),
        Field::new("consent_because", "If not: why?", Kind::Line),
        Field::new(
            "alone",
            "Are they alone now?",
            Kind::Radios(offered([
                ("yes", "Yes".to_owned()),
                ("no", "No".to_owned()),
                ("unknown", "Not known".to_owned()),
            ])),
        ),
        Field::new("floor", "If on the floor: since when?", Kind::Line).helped("For example 09:20"),
        Field::new("door", "How does one get in?", Kind::Line).helped("A key safe, a neighbour. Not the code"),
        Field::new("hazards", "Anything dangerous to whoever comes?", Kind::Line),
        Field::new("place", "Where are they?", Kind::Line).helped("Only if not at the address in the record"),
    ];
    let asker = vec![
        with(name, Field::new("name", "Who asks?", Kind::Line)),
        with(relation, Field::new("relation", "What are they to the person?", Kind::Line))
            .helped("Daughter, GP, paramedic, the person themselves"),
        Field::new("call_back", "Where does the answer go?", Kind::Telephone).helped("A number, best of all"),
    ];
    Groups { who: if whom.found { Vec::new() } else { who }, what, asker }
}

/// The request that follows, or the fields with what is wrong with them.
pub(super) fn read(
    groups: Groups,
    whom: &For,
    team: Option<Team>,
    typed: &Fields,
    now: Timestamp,
) -> Result<Box<Request>, Groups> {
    let counts = (groups.who.len(), groups.what.len());
    let all = [groups.who, groups.what, groups.asker].concat();
    let mut form = Form::of(all, typed);
    let request = if form.too_long() { None } else { request(&mut form, whom, team, now) };
    if let Some(request) = request.filter(|_| !form.is_wrong()) {
        return Ok(Box::new(request));
    }
    let mut what = form.into_fields();
    let mut who = what;
    what = who.split_off(counts.0);
    let asker = what.split_off(counts.1);
    Err(Groups { who, what, asker })
}

fn request(form: &mut Form<'_>, whom: &For, team: Option<Team>, now: Timestamp) -> Option<Request> {
    // All are read before any is missed, so that everything that is wrong is said at once.
    let described = if whom.found { Some(None) } else { form.words("described").map(Some) };
    let age = if whom.found { Some(of_record(whom.years)) } else { estimated(form) };
    let kind = form.chosen("kind", Help::from_word, "Choose what kind of help");
    let (happened, worries) = (form.words("happened"), form.words("worries"));
    let otherwise = form.chosen("otherwise", Otherwise::from_word, "Choose what would happen without help");
    let urgency = form.chosen("urgency", Urgency::from_word, "Choose how soon");
    let consent = consent(form);
    let alone = form.chosen("alone", alone_of, "Choose whether they are alone");
    let floor = form.maybe_moment("floor", now);
    if floor.flatten().is_some_and(|since| since > now) {
        form.wrong("floor", "That is still to come: write when they came to lie on the floor");
        return None;
    }
    let (door, hazards, place) = (form.maybe("door"), form.maybe("hazards"), form.maybe("place"));
    let (name, relation, call_back) = (form.words("name"), form.words("relation"), form.words("call_back"));
    Some(Request {
        whom: Whom { person: whom.person, described: described?, age: age? },
        kind: kind?,
        asked_by: Asker { name: name?, relation: relation?, call_back: call_back?, team },
        asked_for: Team::single_point_of_access(),
        urgency: urgency?,
        happened: happened?,
        worries: worries?,
        otherwise: otherwise?,
        consent: consent?,
        visit: Visit { alone: alone?, door: door?, hazards: hazards?, place: place?, on_floor_since: floor? },
    })
}

fn of_record(years: Option<u8>) -> Age {
    years.map_or(Age::Unknown {}, |years| Age::Known { years, source: "the record".to_owned() })
}

fn estimated(form: &mut Form<'_>) -> Option<Age> {
    let typed = form.maybe("years")?;
    let Some(typed) = typed else { return Some(Age::Unknown {}) };
    let years = typed.as_str().parse::<u8>().ok().filter(|years| *years <= 120);
    if years.is_none() {
        form.wrong("years", "Write a number of years, or leave it empty");
    }
    years.map(|years| Age::Estimated { years, source: "whoever asked".to_owned() })
}

fn consent(form: &mut Form<'_>) -> Option<Consent> {
    let chosen =
        form.chosen("consent", |word| (!word.is_empty()).then(|| word.to_owned()), "Choose whether they agree")?;
    match chosen.as_str() {
        "agrees" => Some(Consent::Agrees {}),
        "best-interests" => Some(Consent::BestInterests { because: form.words("consent_because")? }),
        "not-asked" => Some(Consent::NotAsked { because: form.words("consent_because")? }),
        _ => {
            form.wrong("consent", "Choose whether they agree");
            None
        }
    }
}

fn alone_of(word: &str) -> Option<Option<bool>> {
    match word {
        "yes" => Some(Some(true)),
        "no" => Some(Some(false)),
        "unknown" => Some(None),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(but: &[(&str, &str)]) -> Fields {
        let good = [
            ("described", "A man in a grey coat"),
            ("kind", "fall"),
            ("happened", "Fell in the kitchen"),
            ("worries", "Alone"),
            ("otherwise", "ambulance"),
            ("urgency", "two-hours"),
            ("consent", "agrees"),
            ("alone", "unknown"),
            ("name", "Pat"),
            ("relation", "Neighbour"),
            ("call_back", "01632 960000"),
        ];
        let each = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Fields(but.iter().chain(&good).map(each).collect())
    }

    fn found(found: bool) -> For {
        For { person: Uuid::from_u128(1), found, years: Some(88) }
    }

    fn read_as(whom: &For, fields: &Fields) -> Result<Box<Request>, Groups> {
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        read(groups(whom, "Ada", "GP"), whom, None, fields, now)
    }

    #[test]
    fn a_whole_form_is_a_request_and_an_unknown_name_needs_a_description_alone() {
        let request = read_as(&found(true), &typed(&[("floor", "09:20")])).unwrap();
        assert_eq!(request.whom.age, Age::Known { years: 88, source: "the record".to_owned() });
        assert!(request.whom.described.is_none() && request.visit.on_floor_since.is_some());
        let unknown = read_as(&found(false), &typed(&[])).unwrap();
        assert!(unknown.is_described() && unknown.whom.age == Age::Unknown {});
        let wrong = read_as(&found(false), &typed(&[("described", ""), ("years", "old")])).unwrap_err();
        assert_eq!(wrong.who.iter().filter(|field| field.error.is_some()).count(), 2);
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once_and_nothing_typed_is_lost() {
        let fields = typed(&[("happened", ""), ("urgency", "soon"), ("consent", "not-asked"), ("floor", "23:00")]);
        let wrong = read_as(&found(true), &fields).unwrap_err();
        let names: Vec<&str> =
            wrong.what.iter().filter(|field| field.error.is_some()).map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["happened", "urgency", "consent_because", "floor"]);
        let worries = wrong.what.iter().find(|field| field.name == "worries").unwrap();
        assert_eq!(worries.values, ["Alone"]);
        assert_eq!(wrong.asker[0].values, ["Pat"]);
    }
}
