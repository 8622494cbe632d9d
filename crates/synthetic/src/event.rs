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
    /// Came to the emergency department.
    Attendance {
        /// When they left it, for home or for a bed.
        until: DateTime,
        /// Why they came.
        reason: Reason,
        /// The number of the stay that followed, if they were admitted; the stay begins at `until`.
        stay: Option<u64>,
    },
    /// Was in hospital.
    Stay {
        /// How they came in.
        how: Admission,
        /// The end; after the window where the stay goes on. Nobody's stay outlasts the day they die.
        until: DateTime,
        /// Why.
        reason: Reason,
        /// Whether good care outside hospital could have kept it out.
        avoidable: bool,
    },
    /// An appointment in an outpatient clinic.
    Outpatient {
        /// The specialty, in the words of NHS main specialties.
        specialty: &'static str,
        /// Whether it was kept.
        held: Held,
    },
    /// An appointment at the practice; what it is for is not said.
    Appointment {
        /// How long, planned or in fact.
        minutes: u16,
        /// Whether it is with a nurse.
        nurse: bool,
        /// Whether it was kept.
        held: Held,
    },
    /// A visit or call of a community team.
    Contact {
        /// Whose.
        team: Team,
        /// How long, planned or in fact.
        minutes: u16,
        /// Where or how.
        medium: Medium,
        /// Whether it was held.
        held: Held,
    },
    /// Taken on by a community team. Those taken on before the history are told on its first day.
    Caseload {
        /// Which.
        team: Team,
        /// The end, where it has one.
        until: Option<Date>,
    },
    /// A contact of the mental health service.
    MentalHealth {
        /// Whether it opens the referral; the first contact of a person is.
        first: bool,
        /// Where or how.
        medium: Medium,
        /// Whether it was held.
        held: Held,
    },
    /// Something the council does.
    SocialCare {
        /// What.
        support: Support,
        /// Where it ends.
        until: Option<Date>,
    },
    /// A measurement or laboratory result, in the unit that [`Test`] names.
    Result {
        /// Of what.
        test: Test,
        /// The value; systolic for blood pressure.
        value: f64,
        /// The diastolic value of a blood pressure.
        second: Option<f64>,
        /// Whether the hospital's laboratory did it, for somebody in a bed.
        in_hospital: bool,
    },
    /// A medicine put on repeat, or changed.
    Medicine {
        /// For what.
        condition: Condition,
        /// Below 6: the writer takes it as an index, modulo its length, into its table of the condition's medicines.
        choice: u8,
    },
    /// An immunisation.
    Immunisation {
        /// Against what, in our words.
        vaccine: &'static str,
    },
    /// A problem found and coded in this window (those older are in `Person::problems` only).
    Diagnosis {
        /// Which.
        condition: Condition,
    },
    /// Put on the hospice's register. Those put on it before the history are told on its first day.
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
