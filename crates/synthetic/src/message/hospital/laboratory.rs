//! Results of the hospital's laboratory: one ORU^R01 for what was taken at one time, with an order for each result.

use std::collections::BTreeMap;

use jiff::civil::DateTime;

use crate::event::{Event, Test, What};
use crate::message::calendar::{hl7, minutes};
use crate::message::coding;
use crate::message::hl7::Hl7;
use crate::message::post::Post;

use super::patient::Registration;
use super::{Notice, visit};

/// Sends the results that were taken since the recent past.
pub(super) fn write(post: &mut Post<'_>, registration: &Registration<'_>, events: &[Event]) {
    let mut together: BTreeMap<DateTime, Vec<&Event>> = BTreeMap::new();
    let recent = post.services.recent();
    for event in events.iter().filter(|event| event.at >= recent) {
        if matches!(event.what, What::Result { in_hospital: true, .. }) {
            together.entry(event.at).or_default().push(event);
        }
    }
    for (taken, results) in together {
        let Some(first) = results.first() else { continue };
        let key = post.chance("laboratory").with(first.number);
        let order = format!("L{:X}", first.number);
        let stay = events.iter().find(|event| match event.what {
            What::Stay { until, .. } | What::Attendance { until, .. } => event.at <= taken && taken <= until,
            _ => false,
        });
        let at = minutes(taken, key.and("minutes").between(50, 260));
        let rest = |message: &mut Hl7| {
            if let Some(stay) = stay {
                message.segment("PV1", &[(1, "1"), (2, "I"), (19, &visit::number(stay.number))]);
            }
            let panel = results.iter().filter_map(|result| match result.what {
                What::Result { test, value, second, .. } => Some((test, value, second)),
                _ => None,
            });
            let what = if results.iter().any(|result| is_blood(result)) { "Blood tests" } else { "Observations" };
            message.segment(
                "OBR",
                &[
                    (1, "1"),
                    (3, &order),
                    (4, &format!("WEFT-PANEL^{what}^L")),
                    (7, &hl7(taken)),
                    (22, &hl7(at)),
                    (25, "F"),
                ],
            );
            let mut line = 0;
            for (test, value, second) in panel {
                let measured = coding::measurement(test);
                match (test, second) {
                    (Test::BloodPressure, Some(second)) => {
                        result(message, &mut line, ("8480-6", "Systolic blood pressure"), measured, value);
                        result(message, &mut line, ("8462-4", "Diastolic blood pressure"), measured, second);
                    }
                    _ => result(message, &mut line, (measured.loinc, measured.words), measured, value),
                }
            }
        };
        Notice { system: "LIMS", kind: "ORU^R01^ORU_R01", at, key, rest: &rest }.send(post, registration);
    }
}

fn is_blood(event: &Event) -> bool {
    !matches!(event.what, What::Result { test: Test::BloodPressure | Test::Weight | Test::BodyMassIndex, .. })
}

fn result(message: &mut Hl7, line: &mut usize, code: (&str, &str), measured: coding::Measurement, value: f64) {
    *line += 1;
    let digits = measured.digits;
    let (range, flag) = match measured.usual {
        Some((low, high)) => {
            let flag = if value < low {
                "L"
            } else if value > high {
                "H"
            } else {
                "N"
            };
            (format!("{low:.digits$}-{high:.digits$}"), flag)
        }
        None => (String::new(), ""),
    };
    message.segment(
        "OBX",
        &[
            (1, &line.to_string()),
            (2, "NM"),
            (3, &format!("{}^{}^LN", code.0, code.1)),
            (5, &format!("{value:.digits$}")),
            (6, &format!("{}^^UCUM", measured.ucum)),
            (7, &range),
            (8, flag),
            (11, "F"),
        ],
    );
}
