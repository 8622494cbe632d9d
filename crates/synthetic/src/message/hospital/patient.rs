//! Who the hospital says its patient is: PID, PD1 and known allergies. Which of two registrations it uses is settled here.

use std::rc::Rc;

use jiff::civil::DateTime;

use crate::message::calendar::{hl7, hl7_date};
use crate::message::hl7::{Hl7, text};
use crate::message::identity::Identity;
use crate::message::post::Post;
use crate::message::{Held, coding};

/// How the hospital knows somebody.
pub(super) struct Registration<'a> {
    pub(super) identity: Rc<Identity<'a>>,
    /// A second registration of the same person.
    pub(super) second: Option<Second>,
    practice: String,
    allergy: Option<(&'static str, &'static str)>,
}

/// A registration that should not be.
pub(super) struct Second {
    pub(super) local: String,
    /// From when on it is used.
    pub(super) from: DateTime,
    /// When it is merged into the first.
    pub(super) merged: Option<DateTime>,
}

impl<'a> Registration<'a> {
    pub(super) fn of(post: &Post<'a>, identity: &Rc<Identity<'a>>) -> Self {
        let second = super::second_begins(post).map(|(from, merged)| Second {
            local: format!("S{:08}", 90_000_000 + post.person.number),
            from,
            merged,
        });
        let practice = post.services.practice_name(&post.person.practice).to_uppercase();
        // The hospital asks for itself: it misses some allergies that the practice knows, and finds a few of its own.
        let asked = post.chance("hospital-allergy");
        let allergy = match coding::allergy(post.chance("allergy")) {
            Some(known) => asked.happens(0.6).then_some(known),
            None => asked.happens(0.004).then_some(("91936005", "Penicillin allergy")),
        };
        Self { identity: identity.clone(), second, practice, allergy }
    }

    /// The second registration, at a time when the desks use it.
    fn used(&self, at: DateTime) -> Option<&Second> {
        let second = self.second.as_ref()?;
        let over = second.merged.is_some_and(|merged| at >= merged);
        (at >= second.from && !over).then_some(second)
    }

    /// PID and PD1 as they stand at a time.
    pub(super) fn write(&self, message: &mut Hl7, at: DateTime) {
        let identity = &self.identity;
        let person = identity.person;
        let second = self.used(at);
        let local = second.map_or(&identity.local, |second| &second.local);
        let numbered = second.is_none() && identity.held != Held::Missing;
        let ids = if numbered {
            format!("{local}^^^RWJ^MR~{}^^^NHS^NH", identity.number)
        } else {
            format!("{local}^^^RWJ^MR")
        };
        let further: Vec<&str> = identity.given.iter().skip(1).map(String::as_str).collect();
        let name = format!(
            "{}^{}^{}^^{}^^L",
            text(identity.family(at)),
            text(identity.first()),
            text(&further.join(" ")),
            person.title
        );
        let home = identity.address(at);
        let address = format!("{}^^{}^Greater Manchester^{}^GBR^H", text(&home.line), text(&home.town), home.postcode);
        let telephone = person.telephone.as_ref().map(|number| {
            let kind = if number.starts_with("07") { "PRS^CP" } else { "PRN^PH" };
            format!("{number}^{kind}")
        });
        let died = identity.died(at).map(hl7_date).unwrap_or_default();
        let traced = match identity.held {
            _ if !numbered => "NSTS07",
            Held::Right => "NSTS01",
            _ => "NSTS02",
        };
        message.segment(
            "PID",
            &[
                (1, "1"),
                (3, &ids),
                (5, &name),
                (7, &hl7_date(identity.born)),
                (8, identity.sex("F", "M")),
                (11, &address),
                (13, telephone.as_deref().unwrap_or_default()),
                (29, &died),
                (30, if died.is_empty() { "" } else { "Y" }),
                (32, traced),
            ],
        );
        message.segment("PD1", &[(3, &format!("{}^L^{}", text(&self.practice), person.practice))]);
    }

    /// AL1, where an allergy is known.
    pub(super) fn allergies(&self, message: &mut Hl7) {
        if let Some((code, words)) = self.allergy {
            message.segment("AL1", &[(1, "1"), (2, "DA"), (3, &format!("{code}^{words}^SCT"))]);
        }
    }

    /// DG1.
    pub(super) fn diagnosis(message: &mut Hl7, coded: (&str, &str), at: DateTime, kind: &str) {
        let code = format!("{}^{}^I10", coded.0, text(coded.1));
        message.segment("DG1", &[(1, "1"), (3, &code), (5, &hl7(at)), (6, kind)]);
    }
}
