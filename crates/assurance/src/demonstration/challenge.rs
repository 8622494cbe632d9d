//! Two invented challenges: one at its mid-point, one that is over.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use store::Write;

use super::{INVENTED, SEED, tell};
use crate::challenge::{Challenge, Charter, Command, Member, Verdict};
use crate::gate::draw::Draw;
use crate::gate::protocol::day;
use crate::views::challenge::stream;

const GP: (&str, &str, &str) = ("persona|gp", "Dr Priya Nair", "GP, Marple Bridge");
const CONSULTANT: (&str, &str, &str) = ("persona|consultant", "Dr Ewan Tarrant", "consultant, Stepping Hill");
const COORDINATOR: (&str, &str, &str) = ("persona|coordinator", "Yasmin Pell", "single point of access");
const NURSE: (&str, &str, &str) = ("persona|district-nurse", "Ruth Oyelaran", "district nurse, Marple");
const SPONSOR: (&str, &str, &str) = ("persona|commissioner", "Alison Reddish", "commissioner");

fn member((id, name, part): (&str, &str, &str)) -> Member {
    Member { id: id.to_owned(), name: name.to_owned(), part: part.to_owned() }
}

pub(super) fn begin(write: &mut Write<'_>, now: Timestamp) -> store::Result<()> {
    let over = Told {
        title: "Home by lunch",
        aim: "60 of 100 people who can go home leave the ward before one o\u{2019}clock, by day 100",
        why: "People wait for hours on the ward, and others wait for their bed.",
        measure: "Left before one o\u{2019}clock, of those who could go home",
        team: [NURSE, CONSULTANT],
        change: "Medicines to take home are asked for the evening before, on one ward",
        prediction: "From 34 to 50 of 100 within three weeks",
        result: "48 of 100 in the third week; 51 in the fourth",
        learnt: "It works where the ward pharmacist is there in the evening, and not where not.",
        from: 36.0,
        to: 57.0,
        target: 60.0,
    };
    let half = Told {
        title: "Advice within minutes",
        aim: "70 of 100 calls for advice answered within five minutes, by day 100",
        why: "Half of outpatient referrals could be settled by a call.",
        measure: "Calls for advice that were answered within five minutes",
        team: [GP, COORDINATOR],
        change: "One consultant a day is free for calls from two practices of Marple",
        prediction: "Half of calls are answered within five minutes in the first two weeks",
        result: "38 of 100 in the first two weeks",
        learnt: "Practices did not know who was free; the rota has to stand where they call from.",
        from: 31.0,
        to: 58.0,
        target: 70.0,
    };
    told(write, &over, 150, now)?;
    told(write, &half, 59, now)
}

struct Told {
    title: &'static str,
    aim: &'static str,
    why: &'static str,
    measure: &'static str,
    team: [(&'static str, &'static str, &'static str); 2],
    change: &'static str,
    prediction: &'static str,
    result: &'static str,
    learnt: &'static str,
    from: f64,
    to: f64,
    target: f64,
}

/// One challenge that began about so many days ago, on a Monday.
fn told(write: &mut Write<'_>, it: &Told, ago: i64, now: Timestamp) -> store::Result<()> {
    let about = day(now).checked_sub(Span::new().days(ago)).unwrap_or(day(now));
    let start = about.nth_weekday(-1, Weekday::Monday).unwrap_or(about);
    let title = format!("{} {INVENTED}", it.title);
    let id = stream(&title);
    let charter = Charter {
        title,
        aim: it.aim.to_owned(),
        why: it.why.to_owned(),
        measure: it.measure.to_owned(),
        unit: "%".to_owned(),
        more_is_better: true,
        target: Some(it.target),
        people: false,
        indicator: None,
        start,
        team: it.team.map(member).to_vec(),
        sponsor: member(SPONSOR),
    };
    let today = charter.number(day(now));
    let on = |number: i32, hour: i8| {
        let at = charter.on(number).at(hour, 0, 0, 0).to_zoned(TimeZone::UTC);
        at.map_or(now, |at| at.timestamp())
    };
    let (first, second, sponsor) = (it.team[0].0.to_owned(), it.team[1].0.to_owned(), SPONSOR.0.to_owned());
    let mut steps: Vec<(i32, Timestamp, Command)> = vec![
        (-4, on(-4, 9), Command::Charter { by: sponsor.clone(), charter: Box::new(charter.clone()) }),
        (3, on(3, 10), Command::Predict { by: first.clone(), change: it.change.to_owned(), prediction: it.prediction.to_owned() }),
        (
            24,
            on(24, 10),
            Command::Find {
                by: second.clone(),
                test: 0,
                result: it.result.to_owned(),
                as_predicted: false,
                learnt: it.learnt.to_owned(),
                next: Verdict::Adapt,
            },
        ),
        (
            30,
            on(30, 10),
            Command::Predict {
                by: second.clone(),
                change: format!("The same on every working day, where {}", it.learnt.to_lowercase().trim_end_matches('.')),
                prediction: format!("{} of 100 by day 60", it.to - 4.0),
            },
        ),
        (
            52,
            on(52, 15),
            Command::Pause {
                by: first.clone(),
                words: "The second test goes on as it is. Nothing else is begun before its result.".to_owned(),
            },
        ),
        (
            84,
            on(84, 10),
            Command::Find {
                by: first.clone(),
                test: 1,
                result: format!("{} of 100 in the last four weeks", it.to),
                as_predicted: true,
                learnt: "It holds without extra people, once everybody knows of it.".to_owned(),
                next: Verdict::Adopt,
            },
        ),
        (
            100,
            on(100, 15),
            Command::Judge {
                by: sponsor,
                verdict: Verdict::Adopt,
                words: "The weekly figure has been above its mean for seven weeks and more, and the second prediction came true. \
                        Others need to know first who is there in the evening."
                    .to_owned(),
            },
        ),
    ];
    let mut draw = Draw::new(SEED, 13, u64::try_from(ago).unwrap_or_default());
    for week in 0..14 {
        let number = week * 7;
        let level = if number < 28 { it.from } else { it.to };
        let value = ((level + 2.0 * draw.normal()) * 10.0).round() / 10.0;
        let measured = Command::Measure { by: first.clone(), week: charter.on(number), value, reason: None };
        steps.push((number + 8, on(number + 8, 11), measured));
    }
    steps.sort_by_key(|(number, at, _)| (*number, *at));
    for (_, at, command) in steps.into_iter().filter(|(number, ..)| *number < today) {
        tell::<Challenge>(write, id, command, at)?;
    }
    Ok(())
}
