//! Whose somebody is, as the pages of an ask say it: who answers for their health care and for their social care, and why; and that
//! being another borough's is a reason to ask there, never to turn anybody away. Must not decide it: that is the place's.

use jiff::Timestamp;
use place::{Care, Home, Lives, OdsCode, Place, Postcode, Who};
use record::identity::Identity;

use crate::words::london_date;

/// Where somebody belongs, as far as their identity says.
pub(super) fn lives(identity: &Identity) -> Lives {
    Lives {
        practice: identity.practice.as_deref().and_then(|code| OdsCode::parse(code).ok()),
        postcode: identity.postcode.as_deref().and_then(|text| Postcode::parse(text).ok()),
    }
}

fn homes<'p>(place: &'p Place, lives: &Lives, now: Timestamp) -> [(&'static str, Home<'p>); 2] {
    let day = london_date(now);
    [("Health care", place.home(lives, Care::Health, day)), ("Social care", place.home(lives, Care::Social, day))]
}

/// Whether they are, or might be, another borough's in anything.
pub(super) fn may_be_away(place: &Place, lives: &Lives, now: Timestamp) -> bool {
    homes(place, lives, now).iter().any(|(_, home)| home.is_away() || home.who == Who::Unknown)
}

/// Who answers for what, and why.
pub(super) fn rows(place: &Place, lives: &Lives, now: Timestamp) -> Vec<(String, String)> {
    let each = homes(place, lives, now).map(|(care, home)| {
        let who = match home.who {
            Who::Neighbourhood(one) => format!("{} neighbourhood team", one.name),
            Who::Council(one) | Who::Neighbour(one) => one.name.clone(),
            Who::Elsewhere => "The team of another place".to_owned(),
            Who::Unknown => "Not known".to_owned(),
        };
        let then = if home.is_away() { ". Help now, and ask them by name and by a date" } else { "" };
        (care.to_owned(), format!("{who}: {}{then}", home.because))
    });
    each.into()
}
