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

impl Sex {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Female, Self::Male];

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Female => Self::Male,
            Self::Male => Self::Female,
        }
    }
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

impl Condition {
    /// All of them, in order.
    pub const ALL: [Self; 22] = [
        Self::Hypertension,
        Self::Diabetes,
        Self::CoronaryHeartDisease,
        Self::AtrialFibrillation,
        Self::HeartFailure,
        Self::Stroke,
        Self::PeripheralArterialDisease,
        Self::Asthma,
        Self::Copd,
        Self::ChronicKidneyDisease,
        Self::Dementia,
        Self::Depression,
        Self::SevereMentalIllness,
        Self::LearningDisability,
        Self::Epilepsy,
        Self::Cancer,
        Self::RheumatoidArthritis,
        Self::Osteoporosis,
        Self::Obesity,
        Self::PalliativeCare,
        Self::Falls,
        Self::Housebound,
    ];

    /// Its short name: `heart-failure`.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Hypertension => "hypertension",
            Self::Diabetes => "diabetes",
            Self::CoronaryHeartDisease => "coronary-heart-disease",
            Self::AtrialFibrillation => "atrial-fibrillation",
            Self::HeartFailure => "heart-failure",
            Self::Stroke => "stroke",
            Self::PeripheralArterialDisease => "peripheral-arterial-disease",
            Self::Asthma => "asthma",
            Self::Copd => "copd",
            Self::ChronicKidneyDisease => "chronic-kidney-disease",
            Self::Dementia => "dementia",
            Self::Depression => "depression",
            Self::SevereMentalIllness => "severe-mental-illness",
            Self::LearningDisability => "learning-disability",
            Self::Epilepsy => "epilepsy",
            Self::Cancer => "cancer",
            Self::RheumatoidArthritis => "rheumatoid-arthritis",
            Self::Osteoporosis => "osteoporosis",
            Self::Obesity => "obesity",
            Self::PalliativeCare => "palliative-care",
            Self::Falls => "falls",
            Self::Housebound => "housebound",
        }
    }

    /// Whether it counts as a long-term condition; the others are states that case finding looks for.
    #[must_use]
    pub fn is_long_term(self) -> bool {
        !matches!(self, Self::PalliativeCare | Self::Falls | Self::Housebound)
    }

    /// Whether it is one of the eight of which two or more are counted as multimorbidity. The published figure does not
    /// name its eight; these are our reading.
    #[must_use]
    pub fn is_key(self) -> bool {
        use Condition as C;
        matches!(
            self,
            C::Hypertension
                | C::Diabetes
                | C::CoronaryHeartDisease
                | C::AtrialFibrillation
                | C::Stroke
                | C::Asthma
                | C::Copd
                | C::Cancer
        )
    }

    /// Its bit in a set.
    pub(crate) fn bit(self) -> u32 {
        1 << self as u32
    }
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
    /// The day on which `family` took the place of `former_family`; services learn of it at different times.
    pub renamed: Option<Date>,
    /// The household's number: people who share it share the address.
    pub household: u32,
    /// Whether nobody else lives there (never true in a care home).
    pub lives_alone: bool,
    /// Where they live until they move; see [`Person::address_on`].
    pub address: Address,
    /// Where they move to, and on which day, within a year before or after the borough's first day; the whole household
    /// moves together. Feeds learn of it on different days.
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
    /// Since when their practice has had it written down that they have no home of their own: most such people stay somewhere, and have
    /// an address.
    pub homeless: Option<Date>,
    /// Whether the council pays for long-term support.
    pub social_care: bool,
    /// Whether a mental health service knows them.
    pub mental_health: bool,
    /// The day they die, in the history or later; nobody dies before the history begins.
    pub died: Option<Date>,
}

impl Person {
    /// Age in whole years on a day; 0 before birth.
    #[must_use]
    pub fn age_on(&self, day: Date) -> u8 {
        let mut years = i32::from(day.year()) - i32::from(self.born.year());
        if (day.month(), day.day()) < (self.born.month(), self.born.day()) {
            years -= 1;
        }
        u8::try_from(years.max(0)).unwrap_or(u8::MAX)
    }

    /// Whether they are born and not dead at the end of a day.
    #[must_use]
    pub fn lives_on(&self, day: Date) -> bool {
        self.born <= day && self.died.is_none_or(|died| died > day)
    }

    /// Where they live on a day.
    #[must_use]
    pub fn address_on(&self, day: Date) -> &Address {
        match &self.moves {
            Some((moved, to)) if *moved <= day => to,
            _ => &self.address,
        }
    }

    /// The family name they go by on a day.
    #[must_use]
    pub fn family_on(&self, day: Date) -> &str {
        match (&self.former_family, self.renamed) {
            (Some(former), Some(renamed)) if day < renamed => former,
            _ => &self.family,
        }
    }

    /// The problem, where they have the condition.
    #[must_use]
    pub fn problem(&self, condition: Condition) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.condition == condition)
    }

    /// Whether they have the condition, coded or not.
    #[must_use]
    pub fn has(&self, condition: Condition) -> bool {
        self.problem(condition).is_some()
    }
}
