//! The few codes that the services write, with words of our own beside them. What of them was checked and what is from
//! memory stands in the crate's SOURCES.md; no terminology's own terms are copied.

use super::chance::Chance;
use crate::event::{Injury, Operation, Reason, Team, Test};
use crate::person::Condition;

/// A condition as the practice and the hospital code it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coded {
    /// SNOMED CT.
    pub(super) snomed: &'static str,
    /// ICD-10, without the point.
    pub(super) icd10: &'static str,
    /// Our words.
    pub(super) words: &'static str,
    /// What is put on repeat for it: the medicine and how it is taken.
    pub(super) medicines: &'static [(&'static str, &'static str)],
}

const MORNING: &str = "one tablet in the morning";
const TWICE: &str = "one tablet twice a day";
const NIGHT: &str = "one tablet at night";

/// How a condition is coded.
pub(super) const fn condition(condition: Condition) -> Coded {
    let (snomed, icd10, words, medicines): (_, _, _, &'static [(&'static str, &'static str)]) = match condition {
        Condition::Hypertension => (
            "38341003",
            "I10",
            "High blood pressure",
            &[("Amlodipine 5mg tablets", MORNING), ("Ramipril 5mg capsules", "one capsule in the morning")],
        ),
        Condition::Diabetes => (
            "44054006",
            "E119",
            "Type 2 diabetes",
            &[("Metformin 500mg tablets", "one tablet twice a day with food"), ("Gliclazide 80mg tablets", MORNING)],
        ),
        Condition::CoronaryHeartDisease => (
            "53741008",
            "I251",
            "Coronary heart disease",
            &[("Atorvastatin 80mg tablets", NIGHT), ("Aspirin 75mg dispersible tablets", MORNING)],
        ),
        Condition::AtrialFibrillation => (
            "49436004",
            "I489",
            "Atrial fibrillation",
            &[("Apixaban 5mg tablets", TWICE), ("Bisoprolol 2.5mg tablets", MORNING)],
        ),
        Condition::HeartFailure => (
            "84114007",
            "I500",
            "Heart failure",
            &[("Furosemide 40mg tablets", MORNING), ("Bisoprolol 1.25mg tablets", MORNING)],
        ),
        Condition::Stroke => (
            "230690007",
            "I639",
            "Stroke",
            &[("Clopidogrel 75mg tablets", MORNING), ("Atorvastatin 40mg tablets", NIGHT)],
        ),
        Condition::PeripheralArterialDisease => {
            ("399957001", "I739", "Narrowed arteries of the legs", &[("Clopidogrel 75mg tablets", MORNING)])
        }
        Condition::Asthma => (
            "195967001",
            "J459",
            "Asthma",
            &[
                ("Salbutamol 100micrograms/dose inhaler", "two puffs when breathless"),
                ("Beclometasone 100micrograms/dose inhaler", "two puffs twice a day"),
            ],
        ),
        Condition::Copd => (
            "13645005",
            "J449",
            "Chronic obstructive lung disease",
            &[
                ("Tiotropium 18microgram inhalation powder capsules", "one capsule inhaled once a day"),
                ("Salbutamol 100micrograms/dose inhaler", "two puffs when breathless"),
            ],
        ),
        Condition::ChronicKidneyDisease => ("709044004", "N189", "Chronic kidney disease", &[]),
        Condition::Dementia => ("52448006", "F03X", "Dementia", &[("Donepezil 10mg tablets", NIGHT)]),
        Condition::Depression => (
            "35489007",
            "F329",
            "Depression",
            &[("Sertraline 50mg tablets", MORNING), ("Citalopram 20mg tablets", MORNING)],
        ),
        Condition::SevereMentalIllness => (
            "58214004",
            "F209",
            "Severe mental illness",
            &[("Olanzapine 10mg tablets", NIGHT), ("Quetiapine 200mg tablets", TWICE)],
        ),
        Condition::LearningDisability => ("110359009", "F799", "Learning disability", &[]),
        Condition::Epilepsy => ("84757009", "G409", "Epilepsy", &[("Levetiracetam 500mg tablets", TWICE)]),
        Condition::Cancer => ("363346000", "C809", "Cancer", &[]),
        Condition::RheumatoidArthritis => {
            ("69896004", "M069", "Rheumatoid arthritis", &[("Methotrexate 2.5mg tablets", "six tablets once a week")])
        }
        Condition::Osteoporosis => (
            "64859006",
            "M819",
            "Osteoporosis",
            &[("Alendronic acid 70mg tablets", "one tablet once a week, sitting up")],
        ),
        Condition::Obesity => ("414916001", "E669", "Obesity", &[]),
        Condition::PalliativeCare => (
            "103735009",
            "Z515",
            "Under palliative care",
            &[("Morphine 10mg/5ml oral solution", "2.5 ml when in pain or breathless")],
        ),
        Condition::Falls => ("161898004", "R296", "Has fallen", &[]),
        Condition::Housebound => ("160689007", "Z740", "Does not leave the house", &[]),
    };
    Coded { snomed, icd10, words, medicines }
}

/// That somebody gives unpaid care (SNOMED CT).
pub(super) const CARER: &str = "224484003";

/// That somebody has no home of their own (SNOMED CT).
pub(super) const HOMELESS: &str = "32911000";

/// An allergy, for one person in eleven: SNOMED CT, and our words. The same draw gives the same to whoever asks.
pub(super) fn allergy(draw: Chance) -> Option<(&'static str, &'static str)> {
    draw.happens(0.09).then(|| {
        draw.and("which").pick(&[
            ("91936005", "Penicillin allergy"),
            ("91936005", "Penicillin allergy"),
            ("293586001", "Aspirin allergy"),
            ("300916003", "Latex allergy"),
        ])
    })
}

/// Why somebody came to hospital: ICD-10 without the point, and our words.
pub(super) const fn reason(reason: Reason) -> (&'static str, &'static str) {
    match reason {
        Reason::Fall(Injury::Hip) => ("S720", "Broken hip after a fall"),
        Reason::Fall(Injury::Wrist) => ("S525", "Broken wrist after a fall"),
        Reason::Fall(Injury::Head) => ("S099", "Head injury after a fall"),
        Reason::Fall(Injury::Bruise) => ("T140", "Bruises after a fall"),
        Reason::Worsening(condition_of) => {
            let coded = condition(condition_of);
            (coded.icd10, coded.words)
        }
        Reason::Pneumonia => ("J189", "Pneumonia"),
        Reason::UrinaryInfection => ("N390", "Urinary tract infection"),
        Reason::ChestPain => ("R074", "Chest pain"),
        Reason::AbdominalPain => ("R104", "Abdominal pain"),
        Reason::SelfHarm => ("X849", "Harmed themselves"),
        Reason::MinorInjury => ("T149", "Minor injury"),
        Reason::FeverOfAChild => ("R509", "Fever"),
        Reason::Operation(Operation::Cataract) => ("H269", "Cataract"),
        Reason::Operation(Operation::HipReplacement) => ("M169", "Worn hip joint"),
        Reason::Operation(Operation::KneeReplacement) => ("M179", "Worn knee joint"),
        Reason::Operation(Operation::Hernia) => ("K409", "Hernia of the groin"),
        Reason::Operation(Operation::Endoscopy) => ("Z099", "Looked inside the stomach or bowel"),
        Reason::Birth => ("O809", "Giving birth"),
        Reason::Other => ("R69X", "Unwell, cause not yet known"),
    }
}

/// An operation: OPCS-4 without the point, and our words.
pub(super) const fn operation(operation: Operation) -> (&'static str, &'static str) {
    match operation {
        Operation::Cataract => ("C751", "Cataract taken out, lens put in"),
        Operation::HipReplacement => ("W371", "Hip replaced"),
        Operation::KneeReplacement => ("W401", "Knee replaced"),
        Operation::Hernia => ("T209", "Hernia of the groin mended"),
        Operation::Endoscopy => ("G459", "Endoscopy"),
    }
}

/// A measurement: LOINC, our words, unit as written, unit in UCUM, and the usual range for the laboratory's message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measurement {
    pub(super) loinc: &'static str,
    pub(super) words: &'static str,
    pub(super) unit: &'static str,
    pub(super) ucum: &'static str,
    /// Low and high ends of what is usual, where it means something.
    pub(super) usual: Option<(f64, f64)>,
    /// Digits after the point.
    pub(super) digits: usize,
}

/// How a measurement is coded.
pub(super) const fn measurement(test: Test) -> Measurement {
    let (loinc, words, unit, ucum, usual, digits) = match test {
        Test::BloodPressure => ("85354-9", "Blood pressure", "mmHg", "mm[Hg]", None, 0),
        Test::Weight => ("29463-7", "Weight", "kg", "kg", None, 1),
        Test::BodyMassIndex => ("39156-5", "Body mass index", "kg/m2", "kg/m2", None, 1),
        Test::Hba1c => ("59261-8", "HbA1c", "mmol/mol", "mmol/mol", Some((20.0, 41.0)), 0),
        Test::Haemoglobin => ("718-7", "Haemoglobin", "g/L", "g/L", Some((115.0, 165.0)), 0),
        Test::Creatinine => ("14682-9", "Creatinine", "umol/L", "umol/L", Some((45.0, 104.0)), 0),
        Test::Egfr => ("69405-9", "Estimated GFR", "mL/min/1.73m2", "mL/min/{1.73_m2}", None, 0),
        Test::CReactiveProtein => ("1988-5", "C-reactive protein", "mg/L", "mg/L", Some((0.0, 5.0)), 0),
        Test::Cholesterol => ("14647-2", "Cholesterol", "mmol/L", "mmol/L", None, 1),
    };
    Measurement { loinc, words, unit, ucum, usual, digits }
}

/// A community team: its service, its discipline, how its people are called.
pub(super) const fn team(team: Team) -> (&'static str, &'static str) {
    match team {
        Team::DistrictNursing => ("District nursing", "Community nurse"),
        Team::Therapy => ("Community therapy", "Therapist"),
        Team::HeartFailure => ("Heart failure nursing", "Specialist nurse"),
        Team::Respiratory => ("Respiratory nursing", "Specialist nurse"),
        Team::Podiatry => ("Podiatry", "Podiatrist"),
        Team::HealthVisiting => ("Health visiting", "Health visitor"),
        Team::Falls => ("Falls service", "Falls practitioner"),
    }
}
