//! What happens to a person: the truth, before any service writes it down. Which event of which day follows from the
//! settings, the person and the day alone, so a window of days can be made without those before it.

use jiff::civil::{Date, DateTime};

use crate::person::Condition;

/// Why somebody came to hospital.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A fall, with the injury.
    Fall(Injury),
    /// A worsening of a long-term condition.
    Worsening(Condition),
    /// Pneumonia.
    Pneumonia,
    /// Urinary tract infection.
    UrinaryInfection,
    /// Chest pain.
    ChestPain,
    /// Abdominal pain.
    AbdominalPain,
    /// Self-harm.
    SelfHarm,
    /// A minor injury.
    MinorInjury,
    /// Fever of a child.
    FeverOfAChild,
    /// A planned operation.
    Operation(Operation),
    /// Giving birth.
    Birth,
    /// Something else.
    Other,
}

/// What a fall did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Injury {
    /// Broken hip.
    Hip,
    /// Broken wrist.
    Wrist,
    /// Head injury.
    Head,
    /// Bruises.
    Bruise,
}

/// A planned operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Cataract.
    Cataract,
    /// Hip replacement.
    HipReplacement,
    /// Knee replacement.
    KneeReplacement,
    /// Hernia repair.
    Hernia,
    /// Endoscopy.
    Endoscopy,
}

/// How somebody came to be admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Admission {
    /// As an emergency.
    Emergency,
    /// From the waiting list.
    Planned,
    /// To give birth.
    Maternity,
}

/// A service of the community.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Team {
    /// District nursing.
    DistrictNursing,
    /// Community therapy.
    Therapy,
    /// Heart failure nursing.
    HeartFailure,
    /// Respiratory team.
    Respiratory,
    /// Podiatry.
    Podiatry,
    /// Health visiting.
    HealthVisiting,
    /// Falls service.
    Falls,
}

/// How a contact was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Medium {
    /// At the person's home.
    Home,
    /// In a clinic.
    Clinic,
    /// By telephone.
    Telephone,
    /// By video.
    Video,
}

/// What a contact came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Held {
    /// It was held.
    Seen,
    /// Nobody opened, or they did not come.
    Missed,
    /// It was called off.
    Cancelled,
}

/// A result of a laboratory or a measurement at the practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Test {
    /// Blood pressure, systolic over diastolic.
    BloodPressure,
    /// Weight in kilograms.
    Weight,
    /// Body mass index.
    BodyMassIndex,
    /// Haemoglobin A1c in mmol/mol.
    Hba1c,
    /// Haemoglobin in g/L.
    Haemoglobin,
    /// Creatinine in micromol/L.
    Creatinine,
    /// Estimated glomerular filtration rate.
    Egfr,
    /// C-reactive protein in mg/L.
    CReactiveProtein,
    /// Cholesterol in mmol/L.
    Cholesterol,
}

/// One thing the council does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Support {
    /// Somebody asked for help.
    Request,
    /// An assessment.
    Assessment,
    /// A service: home care.
    HomeCare,
    /// A service: day care.
    DayCare,
    /// A service: a direct payment.
    DirectPayment,
    /// A service: a place in a care home.
    CareHome,
    /// A review.
    Review,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Came to the emergency department. `stay` names the admission that followed, by its number.
    Attendance { until: DateTime, reason: Reason, stay: Option<u64> },
    /// Was in hospital. `until` is the planned or actual end; `avoidable` marks conditions that good community care keeps out.
    Stay { how: Admission, until: DateTime, reason: Reason, avoidable: bool },
    /// Outpatient clinic of a specialty (NHS main specialty name, our words).
    Outpatient { specialty: &'static str, held: Held },
    /// A visit or call of a community team.
    Contact { team: Team, minutes: u16, medium: Medium, held: Held },
    /// Taken on by a community team; `until` is the end where it has one.
    Caseload { team: Team, until: Option<Date> },
    /// A contact of the mental health service. `first` opens the referral.
    MentalHealth { first: bool, medium: Medium, held: Held },
    /// Something the council does. `until` where it ends.
    SocialCare { support: Support, until: Option<Date> },
    /// A measurement or laboratory result; two values for blood pressure.
    Result { test: Test, value: f64, second: Option<f64>, in_hospital: bool },
    /// A medicine put on repeat; index into the writer's table of the condition's medicines.
    Medicine { condition: Condition, choice: u8 },
    /// An immunisation (season's influenza, pneumococcal, ...), in our words.
    Immunisation { vaccine: &'static str },
    /// A problem found in this window (those older are in `Person::problems` only).
    Diagnosis { condition: Condition },
    /// Put on the hospice's register.
    Hospice,
    /// Moved house (see `Person::moves`).
    Move,
    /// Died.
    Death,
}

/// One thing that happened to one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its number, unique within the borough and the same in every run: services build their ids from it.
    pub number: u64,
    /// When, in local time.
    pub at: DateTime,
    /// What.
    pub what: What,
}
