//! `weft person`: a record on the terminal, through the same gate as any page. Who looked is written down as the command
//! line of this machine, in the role it was given.

use access::{Asking, Denied, Purpose, Role, Subject};
use anyhow::Context;
use record::fact::Kind;
use record::find::{Query, identities, search};
use record::identity::Identity;
use record::summary::{Record, record, root};
use uuid::Uuid;

use crate::arguments;
use crate::house::House;
use crate::settings::Settings;
use crate::terminal::say;

pub(crate) fn run(settings: &Settings, task: &arguments::Person) -> anyhow::Result<()> {
    let role = Role::from_word(&task.role).with_context(|| {
        let words: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
        format!("there is no role {}; there are {}", task.role, words.join(", "))
    })?;
    let house = House::open(settings)?;
    let subject = Subject {
        id: "command-line".to_owned(),
        name: "The command line".to_owned(),
        role,
        organisation: "Whoever runs this Weft".to_owned(),
        own: None,
        teams: task.team.iter().map(|team| holder(team)).collect(),
        assured: true,
    };
    let purpose = if role == Role::Receptionist { Purpose::Administration } else { Purpose::DirectCare };
    let asking = Asking { subject: &subject, purpose, at: house.clock.now() };
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let id = match task.id {
        Some(id) => id,
        None => {
            let query = Query { name: task.name.clone().unwrap_or_default(), birth_date: task.born, nhs_number: None };
            let permit = runtime.block_on(house.gate.search(&asking))?;
            let found = house.store.read(|tx| search(tx, &permit, &query))?;
            match found.people.as_slice() {
                [] => anyhow::bail!("nobody here answers to that; try less of the name, or the birth date alone"),
                [one] => *one,
                several => {
                    let permit = runtime.block_on(house.gate.list(&asking, several.to_vec()))?;
                    for identity in house.store.read(|tx| identities(tx, &permit))? {
                        say(format!("{}  {}", identity.person, line(&identity)));
                    }
                    say("Several people answer to that. Say which with --id.");
                    return Ok(());
                }
            }
        }
    };
    let person = house.store.read(|tx| root(tx, id))?.with_context(|| format!("there is nobody with the id {id}"))?;
    let permit = runtime.block_on(house.gate.record(&asking, person)).map_err(|denied| match denied {
        Denied::Closed(_) => {
            anyhow::Error::new(denied).context("the record is closed; say for which team you look with --team")
        }
        denied => denied.into(),
    })?;
    let found = house.store.read(|tx| record(tx, &permit))?.context("no source has said who this is")?;
    print(&found, person);
    Ok(())
}

/// What relationships are held by: a code alone is a practice's.
fn holder(team: &str) -> String {
    if team.contains(':') { team.to_owned() } else { format!("ods:{team}") }
}

fn line(identity: &Identity) -> String {
    let born = identity
        .birth_date
        .map_or_else(|| "birth date not known".to_owned(), |date| format!("born {}", web::words::uk_date(date)));
    format!("{}, {}, {born}", identity.family.to_uppercase(), identity.given)
}

fn print(record: &Record, person: Uuid) {
    let identity = &record.identity;
    say(line(identity));
    say(identity.nhs_number.map_or_else(|| "No NHS number".to_owned(), |number| format!("NHS number {number}")));
    say(identity.address.as_deref().unwrap_or(if identity.address_withheld {
        "Address withheld"
    } else {
        "Address not known"
    }));
    say(format!("Id {person}"));
    if record.objected {
        say("! The person has chosen not to share their record: only what your own service has written is shown.");
    }
    for dispute in &record.disputes {
        say(format!("! {dispute}"));
    }
    for one in &record.disagreements {
        say(format!("Sources differ on {}:", one.about));
        for side in &one.sides {
            say(format!("    {}: {}", side.source, side.says));
        }
    }
    for kind in Kind::ALL {
        let lines: Vec<_> = record.lines.iter().filter(|line| line.fact.kind == kind).collect();
        if !lines.is_empty() {
            say(format!("\n{}", kind.label()));
        }
        for line in lines {
            let fact = &line.fact;
            let when = fact.when.as_deref().map_or_else(|| "no date".to_owned(), web::words::fhir_date);
            let value = fact.value.as_ref().map(|value| format!(": {value}")).unwrap_or_default();
            say(format!("    {}{value} ({when}; {})", fact.title, line.feed));
        }
    }
    for (kind, count) in &record.withheld {
        say(format!("\n{}: {count} not shown to this role", kind.label()));
    }
}
