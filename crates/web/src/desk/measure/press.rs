//! What can be done with an indicator on its page: figures to report, and the next step of its life. Must not decide who may: the
//! policies do, and the aggregates the rest.

use access::Action;
use assurance::gate::month::Month;
use assurance::indicator::reading;
use assurance::indicator::{Command, Definition, Figures, Life, Report, Stage, Target, of_csv};
use assurance::views::indicator as kept;
use axum::extract::{Path, Query, State as Shared};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::{Read, definitions, read, shown};
use crate::app::{State, Trouble};
use crate::desk::deed::{act, line, lines, may};
use crate::pages::deed::{Came, Deed};
use crate::session::{Fields, Sent, Who};

const LISTED: [Stage; 3] = [Stage::Unlisted, Stage::LongListed, Stage::Adopted];

pub(super) fn deeds(read: &Read, who: &Who) -> Vec<Deed> {
    let mut deeds = Vec::new();
    let stage = read.life.stage;
    if may(Some(who), Action::KeepMeasures) {
        deeds.push(
            Deed::new(
                "report",
                "Report figures",
                "All of it is taken in, or nothing. A month that was reported otherwise before needs a reason; both are kept.",
                "Report",
            )
            .asking(vec![
                lines("figures", "Figures, as CSV with month, numerator, denominator, complete, and by and group for a group", 8)
                    .helped("For example: month,by,group,numerator,denominator,complete"),
                line("reason", "Why a month is another than before", ""),
            ]),
        );
        let fields = match stage {
            Stage::Unlisted | Stage::LongListed => {
                vec![line("body", "Which expert reference group?", ""), line("why", "Why?", "")]
            }
            Stage::Adopted => {
                vec![line("from", "First month of the baseline", ""), line("until", "Last month of the baseline", "")]
            }
            _ => Vec::new(),
        };
        if LISTED.contains(&stage) {
            let heading = match stage {
                Stage::Unlisted => "Put it on the long list",
                Stage::LongListed => "Put it on the short list",
                _ => "Take the baseline",
            };
            let lead = "The next step of its life, as it was decided. It cannot be taken back.";
            deeds.push(Deed::new("life", heading, lead, "Write it down").asking(fields));
        }
    }
    if may(Some(who), Action::Govern) {
        let body = || line("body", "Which body decided?", "");
        let lead = "It is written down with your name, and cannot be taken back.";
        match stage {
            Stage::ShortListed => deeds.push(Deed::new("life", "Adopt it", lead, "Adopt").asking(vec![body()])),
            Stage::Baselined | Stage::GoodAgreed if !(read.definition.national && stage == Stage::GoodAgreed) => {
                let fields = vec![line("value", "What good looks like, in its own unit", ""), body()];
                deeds.push(Deed::new("life", "Agree what good looks like", lead, "Agree").asking(fields));
            }
            _ => {}
        }
        if !matches!(stage, Stage::Unlisted | Stage::Retired) {
            let fields = vec![line("retired_by", "Which body decided?", ""), line("retired_why", "Why?", "")];
            deeds.push(Deed::new("retire", "Retire it", lead, "Retire").asking(fields));
        }
    }
    deeds
}

pub(crate) async fn press(
    Shared(state): Shared<State>,
    Path(id): Path<String>,
    Sent { who, fields }: Sent,
) -> Result<Response, Trouble> {
    let wanted: Vec<Definition> = definitions(&state.parts().place)?.into_iter().filter(|one| *one.id == *id).collect();
    let (read, _) = read(&state, wanted).await?;
    let read = read.first().ok_or(Trouble::NotFound)?;
    let definition = &read.definition;
    let outcome = match fields.get("do") {
        "report" => {
            let stream = kept::figures_stream(&definition.id, definition.edition);
            // Asked first, so that whoever may not do this hears that and not what is wrong with their table.
            match of_csv(fields.whole("figures")) {
                Err(why) if may(Some(&who), Action::KeepMeasures) => Err(why),
                parsed => {
                    let reason = Some(fields.get("reason").to_owned());
                    let (by, figures) = (who.subject.id.clone(), parsed.unwrap_or_default());
                    let report = Report { by, definition: definition.clone(), figures, reason };
                    act::<Figures>(&state, &who, Action::KeepMeasures, stream, report).await?
                }
            }
        }
        "life" | "retire" => {
            let (action, step) = step(read, &fields);
            let stream = kept::life_stream(&definition.id, definition.edition);
            match step {
                Err(why) if may(Some(&who), action) => Err(why),
                Err(_) => act::<Life>(&state, &who, action, stream, Command::Adopted { body: String::new() }).await?,
                Ok(step) => act::<Life>(&state, &who, action, stream, step).await?,
            }
        }
        _ => return Err(Trouble::BadRequest("The form does not say what is to be done.")),
    };
    match outcome {
        Ok(()) => {
            let done = if fields.get("do") == "report" { "report" } else { "life" };
            Ok(Redirect::to(&format!("/measures/{id}?done={done}")).into_response())
        }
        Err(why) => {
            let mut view = shown(&state, Some(&who), &id, &Query(Vec::new()), Some(&fields)).await?;
            view.came = Came { done: None, refused: Some(why) };
            Ok(Html(view.to_string()).into_response())
        }
    }
}

/// The step that a form asks for, and what it takes to do it.
fn step(read: &Read, fields: &Fields) -> (Action, Result<Command, String>) {
    let (body, why) = (fields.get("body").to_owned(), fields.get("why").to_owned());
    if fields.get("do") == "retire" {
        let (body, why) = (fields.get("retired_by").to_owned(), fields.get("retired_why").to_owned());
        return (Action::Govern, Ok(Command::Retired { body, why }));
    }
    let definition = &read.definition;
    match read.life.stage {
        Stage::Unlisted => {
            let (indicator, edition) = (definition.id.to_string(), definition.edition);
            let listed = Command::LongListed { indicator, edition, national: definition.national, group: body, why };
            (Action::KeepMeasures, Ok(listed))
        }
        Stage::LongListed => (Action::KeepMeasures, Ok(Command::ShortListed { group: body, why })),
        Stage::ShortListed => (Action::Govern, Ok(Command::Adopted { body })),
        Stage::Adopted => (Action::KeepMeasures, baseline(read, fields)),
        Stage::Baselined | Stage::GoodAgreed | Stage::Retired => {
            let value = fields.get("value").trim_end_matches('%').parse::<f64>();
            let target = value.map(|value| Target { value, by: None });
            let agreed = target.map(|target| Command::GoodAgreed { target, body });
            (Action::Govern, agreed.map_err(|_| "Give what good looks like as a number.".to_owned()))
        }
    }
}

/// The baseline over the months that were asked for, all of which must be there, with age allowed for as the definition asks.
fn baseline(read: &Read, fields: &Fields) -> Result<Command, String> {
    let month = |name: &str| fields.get(name).parse::<Month>().map_err(|error| error.to_string());
    let (from, until) = (month("from")?, month("until")?);
    let months: Vec<Month> = (0..=until.since(from)).map(|at| from.plus(at)).collect();
    let over = reading::over(&read.definition, &read.figures, &months).filter(|_| !months.is_empty());
    let over = over.ok_or("Figures of a month of the baseline are missing; report them first.")?;
    if let Some(why) = over.crude {
        return Err(format!(
            "The baseline is to allow for age, and cannot: {why}. Report the months by their bands of age."
        ));
    }
    Ok(Command::Baselined { from: from.first_day(), until: until.last_day(), value: over.value.value })
}
