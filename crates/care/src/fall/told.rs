//! What is said after a fall, in words. Must not say how likely anything is.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::event::{Care, Event, Injury, Known, Route, Screen, Topic};

impl Known {
    /// Every answer.
    pub const ALL: [Self; 3] = [Self::Yes, Self::No, Self::Unknown];

    /// The word in forms.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }

    /// The answer of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "not known",
        }
    }
}

impl Injury {
    /// Every answer.
    pub const ALL: [Self; 4] = [Self::None, Self::Minor, Self::Serious, Self::Unknown];

    /// The word in forms.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Minor => "minor",
            Self::Serious => "serious",
            Self::Unknown => "unknown",
        }
    }

    /// The answer of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::None => "nothing",
            Self::Minor => "something small",
            Self::Serious => "something serious, or it looks so",
            Self::Unknown => "not known",
        }
    }
}

impl Route {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Ambulance, Self::Visit, Self::Advice];

    /// The word in forms.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ambulance => "ambulance",
            Self::Visit => "visit",
            Self::Advice => "advice",
        }
    }

    /// The way of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Ambulance => "an ambulance, by 999",
            Self::Visit => "the crisis team",
            Self::Advice => "nobody: advice is enough",
        }
    }
}

impl Care {
    /// Every level.
    pub const ALL: [Self; 3] = [Self::HelpedUp, Self::Assessed, Self::ByOthers];

    /// The word in forms.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::HelpedUp => "helped-up",
            Self::Assessed => "assessed",
            Self::ByOthers => "by-others",
        }
    }

    /// The level of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::HelpedUp => "level 1: helped up, no or minor injury",
            Self::Assessed => "level 2: helped up and assessed",
            Self::ByOthers => "by others: helped up, or taken to hospital",
        }
    }
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 10] = [
        Self::Medicines,
        Self::StandingBloodPressure,
        Self::GaitAndBalance,
        Self::Vision,
        Self::Feet,
        Self::HomeHazards,
        Self::FearOfFalling,
        Self::BoneHealth,
        Self::Memory,
        Self::Continence,
    ];

    /// The word in forms.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Medicines => "medicines",
            Self::StandingBloodPressure => "standing-blood-pressure",
            Self::GaitAndBalance => "gait-and-balance",
            Self::Vision => "vision",
            Self::Feet => "feet",
            Self::HomeHazards => "home-hazards",
            Self::FearOfFalling => "fear-of-falling",
            Self::BoneHealth => "bone-health",
            Self::Memory => "memory",
            Self::Continence => "continence",
        }
    }

    /// As people say it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Medicines => "medicines that make drowsy or lower the blood pressure",
            Self::StandingBloodPressure => "blood pressure lying and standing",
            Self::GaitAndBalance => "walking and balance",
            Self::Vision => "seeing",
            Self::Feet => "feet and shoes",
            Self::HomeHazards => "hazards at home",
            Self::FearOfFalling => "fear of falling",
            Self::BoneHealth => "bones",
            Self::Memory => "memory and thinking",
            Self::Continence => "bladder and bowel",
        }
    }
}

impl Screen {
    /// Each question with its answer.
    #[must_use]
    pub const fn answers(&self) -> [(&'static str, &'static str); 5] {
        [
            ("Lost consciousness", self.lost_consciousness.said()),
            ("Hit their head", self.head.said()),
            ("Takes something that thins the blood", self.blood_thinner.said()),
            ("What is hurt", self.injury.said()),
            ("Can get up", self.can_get_up.said()),
        ]
    }
}

/// `10:41 on 24 November 2026`, in London.
fn when(at: Timestamp) -> String {
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    at.to_zoned(zone).strftime("%H:%M on %-d %B %Y").to_string()
}

impl Event {
    /// What happened, in a sentence.
    #[must_use]
    pub fn told(&self) -> String {
        let day = |on: &jiff::civil::Date| on.strftime("%-d %B %Y").to_string();
        match self {
            Self::FallReported { on_floor_since: Some(since), .. } => {
                format!("A fall was reported: on the floor since {}", when(*since))
            }
            Self::FallReported { .. } => "A fall was reported".to_owned(),
            Self::FallScreened { screen } => {
                let flags = screen.red_flags();
                if flags.is_empty() {
                    "The five questions were answered: no red flag".to_owned()
                } else {
                    format!("The five questions were answered. Red flag: {}", flags.join("; "))
                }
            }
            Self::FallRouted { route, because, despite: Some(despite) } => {
                format!("Who goes: {}, although a red flag calls for 999: {despite}. {because}", route.said())
            }
            Self::FallRouted { route, because, despite: None } => format!("Who goes: {}. {because}", route.said()),
            Self::HelpedUp { at, care, minutes_on_floor: Some(minutes) } => {
                format!("Off the floor at {}, after {minutes} minutes; {}", when(*at), care.said())
            }
            Self::HelpedUp { at, care, minutes_on_floor: None } => {
                format!("Off the floor at {}; {}", when(*at), care.said())
            }
            Self::AssessmentAsked { reasons } => {
                let reasons: Vec<&str> = reasons.iter().map(|reason| reason.said()).collect();
                format!("A full assessment is needed, because {}", reasons.join("; "))
            }
            Self::FallAssessed { at, findings } => {
                let findings = findings.iter().map(|finding| match &finding.action {
                    Some(action) => format!("{}: {}, so {action}", finding.topic.said(), finding.found),
                    None => format!("{}: {}", finding.topic.said(), finding.found),
                });
                format!("Fully assessed at {}. {}", when(*at), findings.collect::<Vec<_>>().join(". "))
            }
            Self::HazardVisitBooked { on } => {
                format!("An occupational therapist looks at the home on {}", day(on))
            }
            Self::StrengthPlaceBooked { on, place } => {
                format!("A place in a class for strength and balance from {}, {place}", day(on))
            }
            Self::LookedInOn { at, again, words } => {
                let fallen = match again {
                    Known::Yes => "they have fallen again",
                    Known::No => "they have not fallen again",
                    Known::Unknown => "whether they have fallen again is not known",
                };
                format!("Somebody asked how they are at {}: {fallen}. {words}", when(*at))
            }
            Self::FollowedUp { at, words } => format!("Followed up at {}: {words}", when(*at)),
        }
    }
}
