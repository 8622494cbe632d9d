//! The fits against statsmodels, and against worlds of which the truth is known.

use std::path::Path;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::sheet::Sheet;

fn close(what: &str, got: f64, wanted: f64) {
    assert!((got - wanted).abs() <= 1e-8 * wanted.abs().max(1.0), "{what}: {got} is not {wanted}");
}

fn compare(what: &str, fit: &Fit, wanted: &Value) {
    let list = |name: &str| {
        wanted[name].as_array().map(|list| list.iter().map(|each| each.as_f64().unwrap()).collect::<Vec<_>>())
    };
    for (name, of) in [
        ("params", (|each: &Coefficient| each.estimate) as fn(&Coefficient) -> f64),
        ("bse", |each: &Coefficient| each.error),
        ("p", |each: &Coefficient| each.p),
    ] {
        let Some(wanted) = list(name) else { continue };
        assert_eq!(wanted.len(), fit.coefficients.len());
        for (coefficient, wanted) in fit.coefficients.iter().zip(wanted) {
            close(&format!("{what} {name} {}", coefficient.term), of(coefficient), wanted);
        }
    }
}

fn compare_folder(folder: &Path, trusts: usize) {
    let expected: Value =
        serde_json::from_slice(&std::fs::read(folder.join("statsmodels_0.15.0.json")).unwrap()).unwrap();
    let expected = expected.as_object().unwrap();
    assert_eq!(expected.len(), trusts);
    for (trust, wanted) in expected {
        let sheet = Sheet::read(trust, &std::fs::read(folder.join(format!("{trust}.csv"))).unwrap()).unwrap();
        let column = |name: &str| -> Vec<f64> {
            let column = sheet.need(&[name]).unwrap();
            sheet.rows().iter().map(|row| sheet.needed(row, column).unwrap()).collect()
        };
        let terms =
            ["step", "const", "trend_yr", "sin1", "cos1", "sin2", "cos2"].map(|name| (name.to_owned(), column(name)));
        let design = Design::of(column("log_y"), terms.to_vec()).unwrap();
        let ols = ordinary(&design).unwrap();
        compare(&format!("{trust} OLS"), &ols, &wanted["ols"]);
        close("Durbin-Watson", ols.durbin_watson.unwrap(), wanted["ols"]["dw"].as_f64().unwrap());
        for lags in [1, 3, 4, 6] {
            for (corrected, ending) in [(true, "_corrected"), (false, "")] {
                let fit = newey_west(&design, lags, corrected).unwrap();
                compare(&format!("{trust} HAC {lags}"), &fit, &wanted[format!("hac_bartlett_{lags}{ending}")]);
            }
        }
        let gls = autoregressive(&design).unwrap();
        compare(&format!("{trust} GLSAR"), &gls, &wanted["glsar1"]);
        close("rho", gls.rho.unwrap(), wanted["glsar1"]["rho"][0].as_f64().unwrap());
        let counts = column("admissions");
        compare(&format!("{trust} Poisson"), &poisson(&design, &counts, false).unwrap(), &wanted["poisson"]);
        let quasi = poisson(&design, &counts, true).unwrap();
        for (coefficient, wanted) in quasi.coefficients.iter().zip(wanted["quasipoisson_bse"].as_array().unwrap()) {
            close("quasi-Poisson", coefficient.error, wanted.as_f64().unwrap());
        }
        // The design made from the months is the one that came with them.
        let period = sheet.need(&["period"]).unwrap();
        let months: Vec<Month> = sheet
            .rows()
            .iter()
            .zip(&counts)
            .map(|(row, count)| Month { at: sheet.date(row, period).unwrap(), count: *count, comparators: Vec::new() })
            .collect();
        let made = super::design(&months, date(2018, 4, 1), false).unwrap();
        for (one, other) in made.columns().iter().flatten().zip(design.columns().iter().flatten()) {
            assert!((one - other).abs() < 1e-12);
        }
    }
}

#[test]
fn fits_are_those_of_statsmodels() {
    compare_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/its"), 2);
    let Some(shared) = std::env::var_os("WEFT_SHARED_DATA") else {
        eprintln!("NOT RUN: WEFT_SHARED_DATA names no folder, so only the series in the repository were fitted");
        return;
    };
    compare_folder(&Path::new(&shared).join("assurance/its_expected"), 4);
}

fn months(counts: &[f64]) -> Vec<Month> {
    let first = date(2014, 4, 1);
    let at = |month: usize| -> Date { first.checked_add(jiff::Span::new().months(month as i64)).unwrap() };
    counts
        .iter()
        .enumerate()
        .map(|(month, count)| Month { at: at(month), count: *count, comparators: Vec::new() })
        .collect()
}

#[test]
fn a_series_that_cannot_be_fitted_is_refused_with_its_month() {
    let whole = months(&[100.0; 36]);
    let at = date(2016, 4, 1);
    let refused = |change: &dyn Fn(&mut Vec<Month>)| {
        let mut months = whole.clone();
        change(&mut months);
        design(&months, at, false).unwrap_err()
    };
    let month = date(2014, 7, 1);
    assert_eq!(refused(&|months| months[3].count = 0.0), SeriesError::NotPositive { month, count: 0.0 });
    assert_eq!(refused(&|months| months[3].count = -4.0), SeriesError::NotPositive { month, count: -4.0 });
    assert_eq!(refused(&|months| drop(months.remove(2))), SeriesError::Gap { month });
    assert_eq!(refused(&|months| months[3].at = months[2].at), SeriesError::Gap { month: date(2014, 6, 1) });
    let early = refused(&|months| {
        months.iter_mut().for_each(|month| month.comparators = vec![Some(5.0)]);
        months[35].comparators = vec![None];
    });
    assert_eq!(early, SeriesError::Comparator { month: date(2017, 3, 1) });
    assert_eq!(design(&whole, date(2014, 4, 1), false), Err(SeriesError::Interruption { at: date(2014, 4, 1) }));
    assert_eq!(design(&whole, date(2030, 4, 1), false), Err(SeriesError::Interruption { at: date(2030, 4, 1) }));
}

proptest! {
    // A world whose truth is the model: the step is found to the last digits, whatever level and trend.
    #[test]
    fn a_step_without_noise_is_found(step in -0.4f64..0.4, level in 4.0f64..9.0, trend in -0.1f64..0.1, common in -0.2f64..0.2) {
        let mut world = months(&[1.0; 48]);
        for (place, month) in world.iter_mut().enumerate() {
            let year = place as f64 / 12.0;
            let shared = common * (place as f64 * 1.7).sin();
            month.count = (level + trend * year + shared + if place >= 36 { step } else { 0.0 }).exp();
            month.comparators = vec![Some((2.0 + shared).exp()), Some((5.0 + shared).exp())];
        }
        let fit = ordinary(&design(&world, date(2017, 4, 1), false).unwrap()).unwrap();
        prop_assert!((fit.coefficients[0].estimate - step).abs() < 1e-9, "comparators take the common part away");
        let with_slope = ordinary(&design(&world, date(2017, 4, 1), true).unwrap()).unwrap();
        prop_assert!((with_slope.coefficients[0].estimate - step).abs() < 1e-9);
        prop_assert!(with_slope.coefficients[7].estimate.abs() < 1e-8);
    }
}

#[test]
fn too_many_lags_and_counts_that_are_none_are_refused() {
    let design = design(&months(&[100.0; 36]), date(2016, 4, 1), false).unwrap();
    assert!(matches!(newey_west(&design, 36, false), Err(FitError::Lags { .. })));
    assert!(matches!(poisson(&design, &[-1.0; 36], false), Err(FitError::Count { .. })));
}
