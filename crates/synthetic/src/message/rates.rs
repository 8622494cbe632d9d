//! How much goes wrong, in one place: every kind of mistake that the services make, and how often. Whoever changes a number
//! changes the table in the manual's page on the synthetic borough too.

/// What one feed gets wrong about people.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// People without an NHS number.
    pub no_number: f64,
    /// People with a wrong one: of these a third another person's, a third with two digits swapped, a third mistyped.
    pub wrong_number: f64,
    /// People whose name is written in another way: a former name, a short form, a slip of the keys.
    pub other_name: f64,
    /// People whose day and month of birth are swapped, of those where both can be a month.
    pub swapped_birth: f64,
    /// Days until a new address is known, at least and at most.
    pub learns: (i64, i64),
}

/// The practices.
pub const PRACTICE: Rates =
    Rates { no_number: 0.0, wrong_number: 0.0, other_name: 0.0, swapped_birth: 0.0, learns: (2, 14) };
/// The hospital.
pub const HOSPITAL: Rates =
    Rates { no_number: 0.02, wrong_number: 0.005, other_name: 0.01, swapped_birth: 0.003, learns: (10, 120) };
/// Community services.
pub const COMMUNITY: Rates =
    Rates { no_number: 0.05, wrong_number: 0.01, other_name: 0.03, swapped_birth: 0.01, learns: (14, 90) };
/// Mental health services.
pub const MENTAL_HEALTH: Rates =
    Rates { no_number: 0.10, wrong_number: 0.01, other_name: 0.04, swapped_birth: 0.01, learns: (30, 180) };
/// The council.
pub const SOCIAL_CARE: Rates =
    Rates { no_number: 0.15, wrong_number: 0.02, other_name: 0.05, swapped_birth: 0.015, learns: (30, 200) };
/// The hospice.
pub const HOSPICE: Rates =
    Rates { no_number: 0.10, wrong_number: 0.01, other_name: 0.04, swapped_birth: 0.01, learns: (3, 30) };

/// Days until the community teams hear of a death and take the person off their caseloads, at least and at most.
pub const COMMUNITY_DEATH: (i64, i64) = (1, 6);
/// Days until the council hears of a death and closes its services, at least and at most.
pub const SOCIAL_CARE_DEATH: (i64, i64) = (3, 30);
/// Of the caseload entries and the council's events that are open when somebody dies, those that nobody ever closes.
pub const LEFT_OPEN: f64 = 0.04;
/// Visits and clinics of the community that are planned ahead; the others come up on the day.
pub const PLANNED: f64 = 0.9;

/// Twins who stand under each other's NHS number, of those who have a twin; not at the practices.
pub const TWIN_CONFUSED: f64 = 0.08;
/// People whom the hospital has registered twice.
pub const REGISTERED_TWICE: f64 = 0.015;
/// Of these, how many the hospital finds and merges (ADT^A40).
pub const MERGED: f64 = 0.6;
/// Messages that come again as they were.
pub const REPEATED: f64 = 0.01;
/// Messages that come one to six days late.
pub const LATE: f64 = 0.02;
/// Messages that come broken.
pub const BROKEN: f64 = 0.003;
/// Of these, how many are sent again whole a day or two later.
pub const MENDED: f64 = 0.5;
