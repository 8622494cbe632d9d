//! What invented records are made of: syllables of names, and conditions, measurements and so on with their codes.
//! Codes are SNOMED CT and LOINC where given; medicines are told in words only.

/// Beginnings of family names.
pub(super) const BEGINNINGS: &[&str] = &[
    "Ald", "Ash", "Beck", "Bram", "Brook", "Cal", "Cold", "Dun", "Elm", "Ever", "Fair", "Fern", "Gold", "Grey", "Hart",
    "Hazel", "Hol", "Kel", "Lang", "Lin", "Marl", "Mill", "Nether", "Oak", "Pen", "Quarry", "Red", "Ros", "Stan",
    "Thorn", "Under", "Wath", "Wether", "Whit", "Yar",
];
/// Ends of family names.
pub(super) const ENDINGS: &[&str] = &[
    "bourne", "by", "combe", "croft", "den", "field", "ham", "ley", "royd", "shaw", "thwaite", "ton", "wick", "worth",
];
/// Given names of women.
pub(super) const WOMEN: &[&str] = &[
    "Adaeze", "Aisha", "Beatrice", "Carys", "Chipo", "Dorothy", "Elsie", "Farida", "Grace", "Hilda", "Imogen", "Jean",
    "Kavita", "Leila", "Mabel", "Nkechi", "Orla", "Parveen", "Rosalind", "Sunita", "Tamsin", "Winifred", "Yasmin",
    "Zofia",
];
/// Given names of men.
pub(super) const MEN: &[&str] = &[
    "Abdul", "Albert", "Bernard", "Callum", "Desmond", "Emeka", "Francis", "Gurpreet", "Harold", "Idris", "Jack",
    "Kwame", "Leonard", "Mateusz", "Neville", "Owen", "Piotr", "Ravi", "Samuel", "Tariq", "Vincent", "Walter", "Yusuf",
    "Zahid",
];

/// Problems: SNOMED CT and words.
pub(super) const PROBLEMS: &[(&str, &str)] = &[
    ("38341003", "Hypertensive disorder"),
    ("44054006", "Diabetes mellitus type 2"),
    ("195967001", "Asthma"),
    ("13645005", "Chronic obstructive pulmonary disease"),
    ("49436004", "Atrial fibrillation"),
    ("84114007", "Heart failure"),
    ("396275006", "Osteoarthritis"),
    ("35489007", "Depressive disorder"),
    ("40930008", "Hypothyroidism"),
    ("709044004", "Chronic kidney disease"),
    ("52448006", "Dementia"),
    ("230690007", "Cerebrovascular accident"),
];
/// Allergies: SNOMED CT and words.
pub(super) const ALLERGIES: &[(&str, &str)] = &[
    ("91936005", "Allergy to penicillin"),
    ("91935009", "Allergy to peanut"),
    ("293586001", "Allergy to aspirin"),
    ("300916003", "Allergy to latex"),
];
/// Medicines and how to take them.
pub(super) const MEDICINES: &[(&str, &str)] = &[
    ("Amlodipine 5 mg tablets", "One to be taken each day"),
    ("Atorvastatin 20 mg tablets", "One to be taken at night"),
    ("Metformin 500 mg tablets", "One to be taken twice a day with meals"),
    ("Salbutamol 100 micrograms/dose inhaler", "Two puffs when needed, up to four times a day"),
    ("Ramipril 2.5 mg capsules", "One to be taken each morning"),
    ("Bisoprolol 2.5 mg tablets", "One to be taken each morning"),
    ("Levothyroxine 50 microgram tablets", "One to be taken each morning before breakfast"),
    ("Sertraline 50 mg tablets", "One to be taken each day"),
    ("Apixaban 5 mg tablets", "One to be taken twice a day"),
    ("Paracetamol 500 mg tablets", "Two to be taken up to four times a day when needed"),
];
/// Measurements: LOINC, words, unit, lowest value in tenths, width of the range in tenths.
pub(super) const MEASUREMENTS: &[(&str, &str, &str, usize, usize)] = &[
    ("8480-6", "Systolic blood pressure", "mm[Hg]", 1_000, 800),
    ("8462-4", "Diastolic blood pressure", "mm[Hg]", 550, 450),
    ("8867-4", "Heart rate", "/min", 520, 520),
    ("29463-7", "Body weight", "kg", 480, 620),
    ("39156-5", "Body mass index", "kg/m2", 180, 190),
    ("4548-4", "Haemoglobin A1c", "%", 48, 50),
    ("2160-0", "Creatinine", "umol/L", 500, 1_200),
    ("2823-3", "Potassium", "mmol/L", 33, 22),
    ("2951-2", "Sodium", "mmol/L", 1_280, 170),
    ("718-7", "Haemoglobin", "g/L", 900, 800),
    ("33914-3", "Estimated glomerular filtration rate", "mL/min/{1.73_m2}", 200, 700),
];
/// Encounters: SNOMED CT, words and what was noted.
pub(super) const ENCOUNTERS: &[(&str, &str, &str)] = &[
    (
        "185345009",
        "Encounter for symptom",
        "Seen with a cough of two weeks; chest clear, asked to come back if it goes on.",
    ),
    ("390906007", "Follow-up encounter", "Reviewed at the agreed time; feels better, plan goes on unchanged."),
    ("185349003", "Encounter for check up", "Yearly review done with the practice nurse; blood taken, feet examined."),
];
/// Vaccinations: SNOMED CT and words.
pub(super) const VACCINATIONS: &[(&str, &str)] = &[
    ("86198006", "Influenza vaccination"),
    ("840534001", "SARS-CoV-2 vaccination"),
    ("12866006", "Pneumococcal vaccination"),
];
/// Titles of letters.
pub(super) const LETTERS: &[&str] = &[
    "Discharge summary, medical assessment unit",
    "Clinic letter, cardiology",
    "Clinic letter, memory service",
    "Community nursing, summary of visits",
];
/// Titles of plans.
pub(super) const PLANS: &[&str] =
    &["Diabetes care plan", "Care plan for long-term conditions", "Advance care plan", "Falls prevention plan"];
/// Who wrote it: roles, since no name is needed.
pub(super) const AUTHORS: &[&str] =
    &["Duty doctor", "Practice nurse", "Practice pharmacist", "Advanced practitioner", "Registrar", "Trainee doctor"];
