//! A charter on its form: what is to be reached by whom, and who gives the verdict. Must not judge it: the challenge does.

use access::Action;
use assurance::challenge::{Challenge, Charter, Command, Member};
use assurance::gate::protocol::day;
use assurance::views::challenge as kept;
use axum::extract::State as Shared;
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::listed;
use crate::app::{State, Trouble};
use crate::desk::deed::{act, line, lines, may, one_of};
use crate::desk::measure::titles;
use crate::pages::ask::decision::{Field, Kind, Offered};
use crate::pages::deed::{Came, Deed};
use crate::personas::{self, Persona, role_words};
use crate::session::{Fields, Sent, Who};

/// The people of the demonstration who may take part.
fn people() -> impl Iterator<Item = &'static Persona> {
    personas::ALL.iter().filter(|one| access::may_assure(&one.subject(None), Action::RunChallenge))
}

fn id(one: &Persona) -> String {
    format!("persona|{}", one.id)
}

/// The form, for whoever may take part in a challenge.
pub(super) fn deed(state: &State, who: &Who) -> Option<Deed> {
    if !may(Some(who), Action::RunChallenge) {
        return None;
    }
    let none = Offered { value: String::new(), text: "None".to_owned(), hint: None };
    let indicators = titles(&state.parts().place).into_iter().map(|(value, text)| Offered { value, text, hint: None });
    let (team, sponsor) = if state.parts().demo_sign_in {
        let offered = |one: &Persona| Offered {
            value: id(one),
            text: format!("{}, {}", one.name, role_words(one.role)),
            hint: None,
        };
        let nobody = Offered { value: String::new(), text: "Choose somebody".to_owned(), hint: None };
        (
            Field::new("team", "Who is of the team? Two or more", Kind::Checks(people().map(offered).collect())),
            Field::new(
                "sponsor",
                "Who gives the verdict on day 100? Somebody who is not of the team",
                Kind::Select(std::iter::once(nobody).chain(people().map(offered)).collect()),
            ),
        )
    } else {
        let help = "The id they sign in with; their name; what they bring. Parted by semicolons, a line each";
        (
            lines("team", "Who is of the team? Two or more", 4).helped(help),
            line("sponsor", "Who gives the verdict on day 100? Somebody who is not of the team", "").helped(help),
        )
    };
    let fields = vec![
        line("title", "In a few words", ""),
        line("aim", "Aim: by how much, by when?", "")
            .helped("As: 70 of 100 calls for advice answered within five minutes, by day 100"),
        lines("reason", "Why?", 2),
        line("measure", "What is counted every week?", ""),
        line("unit", "Its unit", "").helped("As % or minutes; a count has none"),
        one_of("better", "Which way is better?", &[("more", "More"), ("less", "Less")]),
        line("target", "The aim as a number, if it is one", ""),
        one_of("counts", "Is a week\u{2019}s value a number of people?", &[("yes", "Yes"), ("no", "No")])
            .helped("Fewer than seven people are then shown to nobody without signing in"),
        Field::new(
            "indicator",
            "Which measure of the borough is it to move in the end?",
            Kind::Select(std::iter::once(none).chain(indicators).collect()),
        ),
        line("start", "Day 0", &day(who.at).to_string()).helped("As 2026-06-08"),
        team,
        sponsor,
    ];
    let lead = "A charter is agreed before anything is tried, and stays as it is: another aim is another challenge.";
    Some(Deed::new("charter", "Begin a challenge with its charter", lead, "Agree on it").asking(fields))
}

/// Somebody, as the form names them.
fn member(state: &State, said: &str) -> Result<Member, String> {
    if state.parts().demo_sign_in {
        let found = people().find(|one| id(one) == said.trim());
        let found = found.ok_or_else(|| "Choose who is of the team, and who gives the verdict.".to_owned())?;
        return Ok(Member {
            id: id(found),
            name: found.name.to_owned(),
            part: format!("{}, {}", role_words(found.role), found.organisation),
        });
    }
    let parts: Vec<&str> = said.split(';').map(str::trim).collect();
    match parts.as_slice() {
        [id, name, part] if !id.is_empty() && !name.is_empty() => {
            Ok(Member { id: (*id).to_owned(), name: (*name).to_owned(), part: (*part).to_owned() })
        }
        _ => Err(format!(
            "\u{201c}{said}\u{201d} names nobody. Give the id, the name and what they bring, parted by semicolons."
        )),
    }
}

fn read(state: &State, fields: &Fields) -> Result<Charter, String> {
    let owned = |name: &str| fields.get(name).to_owned();
    let team: Vec<String> = if state.parts().demo_sign_in {
        fields.all("team").map(str::to_owned).collect()
    } else {
        fields.whole("team").lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
    };
    let yes = |name: &str, yes: &str, no: &str, why: &str| match fields.get(name) {
        word if word == yes => Ok(true),
        word if word == no => Ok(false),
        _ => Err(why.to_owned()),
    };
    let target = match fields.get("target").trim_end_matches('%') {
        "" => None,
        number => Some(number.trim().parse().map_err(|_| "Give the aim as a number, or leave it empty.".to_owned())?),
    };
    let known = titles(&state.parts().place);
    let indicator = Some(owned("indicator")).filter(|id| known.iter().any(|(known, _)| known == id));
    Ok(Charter {
        title: owned("title"),
        aim: owned("aim"),
        why: owned("reason"),
        measure: owned("measure"),
        unit: owned("unit"),
        more_is_better: yes("better", "more", "less", "Say which way is better.")?,
        target,
        people: yes("counts", "yes", "no", "Say whether people are counted.")?,
        indicator,
        start: fields.get("start").parse().map_err(|_| "Give day 0 as a day, as 2026-06-08.".to_owned())?,
        team: team.iter().map(|said| member(state, said)).collect::<Result<_, _>>()?,
        sponsor: member(state, fields.get("sponsor"))?,
    })
}

/// Agrees on a charter, or says what is missing in it.
pub(crate) async fn charter(Shared(state): Shared<State>, Sent { who, fields }: Sent) -> Result<Response, Trouble> {
    let by = who.subject.id.clone();
    let (stream, outcome) = match read(&state, &fields) {
        Err(why) if may(Some(&who), Action::RunChallenge) => (None, Err(why)),
        Err(_) => {
            // Whoever may not do this hears that, whatever was typed.
            let nothing = Command::Pause { by, words: String::new() };
            (None, act::<Challenge>(&state, &who, Action::RunChallenge, kept::stream(""), nothing).await?)
        }
        Ok(charter) => {
            let id = kept::stream(charter.title.trim());
            let command = Command::Charter { by, charter: Box::new(charter) };
            (Some(id), act::<Challenge>(&state, &who, Action::RunChallenge, id, command).await?)
        }
    };
    match (outcome, stream) {
        (Ok(()), Some(id)) => Ok(Redirect::to(&format!("/challenges/{id}?done=charter")).into_response()),
        (outcome, _) => {
            let mut view = listed(&state, Some(&who), Some(&fields)).await?;
            view.came = Came { done: None, refused: outcome.err() };
            Ok(Html(view.to_string()).into_response())
        }
    }
}
