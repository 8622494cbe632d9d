//! Find a person. What was typed is kept in the session and never in an address; who was found is written down before it is
//! shown.

use access::Action;
use axum::extract::State as Shared;
use axum::response::{Html, Redirect};
use jiff::civil::Date;
use place::NhsNumber;
use record::find::{MOST, Query, identities, search};
use record::identity::Identity;

use super::{Page, person};
use crate::app::{State, Trouble};
use crate::layout::Section;
use crate::pages::find::{Hit, Outcome, View, render};
use crate::rate::Turn;
use crate::session::{Fields, Sent, Typed, Who};

/// What somebody is sought for: their record, or to ask for help for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    Record,
    Ask,
}

pub(crate) async fn page(Shared(state): Shared<State>, who: Who) -> Page {
    sought(&state, &who, For::Record).await.map(|view| Html(render(&view)))
}

/// The same for whoever asks for help for somebody, with the ways that need nobody found.
pub(crate) async fn page_to_ask(Shared(state): Shared<State>, who: Who) -> Page {
    let door = super::ask::door::beneath(&state, &who).await?;
    let mut view = sought(&state, &who, For::Ask).await?;
    view.shell = who.shell("Ask for help", Section::Asks);
    view.door = Some(door);
    Ok(Html(render(&view)))
}

async fn sought(state: &State, who: &Who, wanted: For) -> Result<View, Trouble> {
    let mut view = form(who, &who.search.clone().unwrap_or_default());
    if let Some(typed) = &who.search {
        match query(typed) {
            Ok(query) => view.outcome = look(state, who, query, wanted).await?,
            Err(wrong) => wrong.tell(&mut view),
        }
    } else {
        // Said before anything is typed, so that nobody fills in a form that cannot help them.
        state.parts().gate.search(&who.asking()).await?;
    }
    Ok(view)
}

pub(crate) async fn ask(Shared(state): Shared<State>, Sent { who, fields }: Sent) -> Result<Redirect, Trouble> {
    keep(&state, &who, &fields).map(|()| Redirect::to("/people"))
}

pub(crate) async fn ask_to_ask(Shared(state): Shared<State>, Sent { who, fields }: Sent) -> Result<Redirect, Trouble> {
    keep(&state, &who, &fields).map(|()| Redirect::to("/asks/new"))
}

/// Keeps what was typed with the session, so that no name stands in an address.
fn keep(state: &State, who: &Who, fields: &Fields) -> Result<(), Trouble> {
    state.take_turn(Turn::Search, who.key()).map_err(Trouble::TooFast)?;
    let typed = |name: &str| fields.get(name).chars().take(200).collect::<String>();
    let search = Typed {
        name: typed("name"),
        day: typed("day"),
        month: typed("month"),
        year: typed("year"),
        nhs_number: typed("nhs_number"),
    };
    state.sessions().remember_search(who, search);
    Ok(())
}

fn form(who: &Who, typed: &Typed) -> View {
    let typed = typed.clone();
    View {
        shell: who.shell("Find a person", Section::People),
        name: typed.name,
        day: typed.day,
        month: typed.month,
        year: typed.year,
        nhs_number: typed.nhs_number,
        ..View::default()
    }
}

/// What is wrong with what was typed.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wrong {
    name: Option<String>,
    birth: Option<String>,
    number: Option<String>,
}

impl Wrong {
    fn tell(self, view: &mut View) {
        view.name_error = self.name;
        view.birth_error = self.birth;
        view.number_error = self.number;
    }
}

fn query(typed: &Typed) -> Result<Query, Wrong> {
    let mut wrong = Wrong::default();
    let nhs_number = match typed.nhs_number.as_str() {
        "" => None,
        text => {
            NhsNumber::parse(text).map_err(|error| wrong.number = Some(format!("Check the NHS number: {error}"))).ok()
        }
    };
    let birth_date = match birth(typed) {
        Ok(date) => date,
        Err(sentence) => {
            wrong.birth = Some(sentence.to_owned());
            None
        }
    };
    let letters = typed.name.chars().filter(|character| character.is_alphabetic()).count();
    if !typed.name.is_empty() && letters < 2 {
        wrong.name = Some("Type at least two letters of the name".to_owned());
    }
    if typed.name.is_empty() && birth_date.is_none() && nhs_number.is_none() && wrong == Wrong::default() {
        wrong.name = Some("Type a name, a date of birth or an NHS number".to_owned());
    }
    if wrong == Wrong::default() { Ok(Query { name: typed.name.clone(), birth_date, nhs_number }) } else { Err(wrong) }
}

fn birth(typed: &Typed) -> Result<Option<Date>, &'static str> {
    let parts = [&typed.day, &typed.month, &typed.year];
    if parts.iter().all(|part| part.is_empty()) {
        return Ok(None);
    }
    if parts.iter().any(|part| part.is_empty()) {
        return Err("Date of birth must have a day, a month and a year");
    }
    let number = |text: &str| text.parse::<i16>().ok();
    let (Some(day), Some(month), Some(year)) = (number(&typed.day), number(&typed.month), number(&typed.year)) else {
        return Err("Date of birth must be in numbers, for example 31 3 1980");
    };
    let whole = |value: i16| i8::try_from(value).unwrap_or_default();
    match Date::new(year, whole(month), whole(day)) {
        Ok(date) if year >= 1850 => Ok(Some(date)),
        _ => Err("Date of birth must be a real date, with all four digits of the year"),
    }
}

async fn look(state: &State, who: &Who, query: Query, wanted: For) -> Result<Outcome, Trouble> {
    let permit = state.parts().gate.search(&who.asking()).await?;
    let found = state.read(move |tx| search(tx, &permit, &query)).await?;
    if found.people.is_empty() {
        return Ok(Outcome::NoOne);
    }
    if found.more {
        return Ok(Outcome::TooMany(format!("More than {MOST} people fit. Add a date of birth or more of the name.")));
    }
    let permit = state.parts().gate.list(&who.asking(), found.people).await?;
    let mut people = state.read(move |tx| identities(tx, &permit)).await?;
    people.sort_by_key(|identity| (identity.family.to_lowercase(), identity.given.to_lowercase(), identity.birth_date));
    Ok(Outcome::Found(people.iter().map(|identity| hit(state, who, identity, wanted)).collect()))
}

fn hit(state: &State, who: &Who, identity: &Identity, wanted: For) -> Hit {
    let (practice, neighbourhood) = person::practice(&state.parts().place, identity);
    Hit {
        href: match person::href(identity.person) {
            record if wanted == For::Ask => format!("{record}/asks/new"),
            record if who.may(Action::ReadRecord) => record,
            // Whoever watches over looks goes to them, and to nothing else.
            record => format!("{record}/access"),
        },
        name: person::full_name(identity),
        born: person::born(identity, who.at),
        nhs_number: identity.nhs_number.map_or_else(|| "No NHS number".to_owned(), |number| number.to_string()),
        address: person::address(identity),
        practice: practice.unwrap_or_else(|| "Not known".to_owned()),
        neighbourhood: neighbourhood.unwrap_or_else(|| "Not known".to_owned()),
        died: person::died(identity),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(name: &str, date: [&str; 3], number: &str) -> Typed {
        let [day, month, year] = date.map(str::to_owned);
        Typed { name: name.into(), day, month, year, nhs_number: number.into() }
    }

    #[test]
    fn each_mistake_is_told_at_its_field() {
        assert!(query(&typed("", [""; 3], "")).unwrap_err().name.is_some());
        assert!(query(&typed("A", [""; 3], "")).unwrap_err().name.is_some());
        assert!(query(&typed("Ash", ["31", "2", "1980"], "")).unwrap_err().birth.is_some());
        assert!(query(&typed("Ash", ["1", "", "1980"], "")).unwrap_err().birth.is_some());
        assert!(query(&typed("Ash", ["1", "1", "80"], "")).unwrap_err().birth.is_some());
        let wrong = query(&typed("", [""; 3], "943 476 5918")).unwrap_err();
        assert!(wrong.number.unwrap().contains("last digit") && wrong.name.is_none());
        assert!(query(&typed("", ["14", "3", "1938"], "")).is_ok());
        assert!(query(&typed("Ash", [""; 3], "943 476 5919")).is_ok());
    }
}
