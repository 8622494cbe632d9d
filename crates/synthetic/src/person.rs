//! One invented person: the truth about them, whatever their services have written down.

use jiff::civil::Date;
use place::{NhsNumber, OdsCode, Slug};

/// Sex as registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// Where somebody lives.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    /// House and street, or the care home's own line.
    pub line: String,
    /// `Marple`.
    pub town: String,
    /// The postcode's sector is the area's; its last two letters are never in use.
    pub postcode: String,
    /// The small area (LSOA 2021) it lies in.
    pub area: String,
    /// Its index of multiple deprivation decile (2019), 1 the most deprived.
    pub imd_decile: u8,
    /// The neighbourhood it lies in.
    pub neighbourhood: Slug,
    /// The care home, where it is one.
    pub care_home: Option<Slug>,
}

/// The long-term conditions that are calibrated, and the few states that case finding looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Condition {
    /// Hypertension.
    Hypertension,
    /// Diabetes mellitus.
    Diabetes,
    /// Coronary heart disease.
    CoronaryHeartDisease,
    /// Atrial fibrillation.
    AtrialFibrillation,
    /// Heart failure.
    HeartFailure,
    /// Stroke or transient ischaemic attack.
    Stroke,
    /// Peripheral arterial disease.
    PeripheralArterialDisease,
    /// Asthma.
    Asthma,
    /// Chronic obstructive pulmonary disease.
    Copd,
    /// Chronic kidney disease.
    ChronicKidneyDisease,
    /// Dementia.
    Dementia,
    /// Depression.
    Depression,
    /// Severe mental illness.
    SevereMentalIllness,
    /// Learning disability.
    LearningDisability,
    /// Epilepsy.
    Epilepsy,
    /// Cancer.
    Cancer,
    /// Rheumatoid arthritis.
    RheumatoidArthritis,
    /// Osteoporosis.
    Osteoporosis,
    /// Obesity.
    Obesity,
    /// Under palliative care.
    PalliativeCare,
    /// Has fallen.
    Falls,
    /// Housebound.
    Housebound,
}

/// One condition of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which.
    pub condition: Condition,
    /// Since when, in truth.
    pub since: Date,
    /// Whether the practice has coded it.
    pub coded: bool,
}

/// One invented person, as they are on the borough's first day.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Their number in the borough, from 0; everything about them follows from it and the seed.
    pub number: u32,
    /// Their NHS number, from the 999 test range; no two people share one.
    pub nhs_number: NhsNumber,
    /// Sex.
    pub sex: Sex,
    /// Birth date.
    pub born: Date,
    /// `Mrs`, or empty.
    pub title: &'static str,
    /// Given names, the first first.
    pub given: Vec<String>,
    /// Family name.
    pub family: String,
    /// A family name they had before, where they changed it.
    pub former_family: Option<String>,
    /// The household's number: people who share it share the address.
    pub household: u32,
    /// Whether nobody else lives there (never true in a care home).
    pub lives_alone: bool,
    /// Where.
    pub address: Address,
    /// Where they moved to, and when, within a year after or before the first day; feeds learn of it on different days.
    pub moves: Option<(Date, Address)>,
    /// Telephone, from the ranges kept for drama, or none.
    pub telephone: Option<String>,
    /// The practice they are registered with.
    pub practice: OdsCode,
    /// Its number of a twin born the same day with the same family name, where there is one.
    pub twin: Option<u32>,
    /// Ethnic category as the census writes it.
    pub ethnicity: &'static str,
    /// Conditions.
    pub problems: Vec<Problem>,
    /// Frailty, from 0 (fit) to 1.
    pub frailty: f64,
    /// Hours of unpaid care they give in a week; 0 for most.
    pub cares_hours: u8,
    /// Whether the practice has coded that they are a carer.
    pub carer_coded: bool,
    /// Whether the council pays for long-term support.
    pub social_care: bool,
    /// Whether a mental health service knows them.
    pub mental_health: bool,
    /// The day they die, in the history or later; nobody dies before the history begins.
    pub died: Option<Date>,
}
