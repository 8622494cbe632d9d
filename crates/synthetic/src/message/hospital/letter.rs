//! The letter that follows a stay: MDM^T02 with the text in lines. What it says was invented for no one in particular.

use jiff::civil::DateTime;

use crate::event::{Event, Injury, Reason};
use crate::message::calendar::{hl7, minutes, slashed};
use crate::message::coding;
use crate::message::hl7::{Hl7, text};
use crate::message::post::Post;
use crate::message::staff::Member;

use super::patient::Registration;
use super::{Notice, visit};

/// Sends the letter of a stay, some hours to two days after its end.
pub(super) fn write(
    post: &mut Post<'_>,
    registration: &Registration<'_>,
    event: &Event,
    until: DateTime,
    reason: Reason,
    author: Member,
) {
    let key = post.chance("letter").with(event.number);
    let at = minutes(until, key.and("minutes").between(60, 2800));
    let number = visit::number(event.number);
    let rest = |message: &mut Hl7| {
        message.segment("PV1", &[(1, "1"), (2, "I"), (19, &number)]);
        let who = author.hl7();
        message.segment(
            "TXA",
            &[
                (1, "1"),
                (2, "DS^Discharge summary"),
                (3, "TX"),
                (4, &hl7(until)),
                (5, &who),
                (6, &hl7(at)),
                (9, &who),
                (12, &format!("DOC-{number}")),
                (17, "AU"),
                (18, "U"),
                (19, "AV"),
            ],
        );
        for (line, words) in lines(registration, event, until, reason, author).iter().enumerate() {
            let place = (line + 1).to_string();
            message
                .segment("OBX", &[(1, &place), (2, "TX"), (3, "DS^Discharge summary"), (5, &text(words)), (11, "F")]);
        }
    };
    Notice { system: "EDMS", kind: "MDM^T02^MDM_T02", at, key, rest: &rest }.send(post, registration);
}

fn lines(
    registration: &Registration<'_>,
    event: &Event,
    until: DateTime,
    reason: Reason,
    author: Member,
) -> Vec<String> {
    let who = registration.identity.plain(until);
    let (_, why) = coding::reason(reason);
    let ask = match reason {
        Reason::Fall(Injury::Hip) => {
            "please check the kidneys and the blood count in a week, and think of bone protection."
        }
        Reason::Fall(_) => "please look at the medicines that make people unsteady.",
        Reason::Pneumonia => "please arrange a chest picture in six weeks.",
        Reason::Worsening(_) => "please see them within two weeks and look at the medicines.",
        Reason::SelfHarm => "please see them within a week; the mental health team knows.",
        Reason::Operation(_) => "clips or stitches come out on day ten.",
        _ => "nothing to do unless it comes back.",
    };
    vec![
        "Dear colleague".to_owned(),
        String::new(),
        format!("{who} was with us from {} to {}.", slashed(event.at.date()), slashed(until.date())),
        format!("Reason: {}.", why.to_lowercase()),
        format!("For the practice: {ask}"),
        String::new(),
        format!("Dr {}", author.plain()),
    ]
}
