//! `weft measure`: one CSV file in, one out. Reads and writes files; what is worked out is `assurance`'s. Touches no data folder.

mod arguments;

use std::path::Path;

use anyhow::Context;
use assurance::measure::Confidence;
use assurance::measure::inequality;
use assurance::sheet::{self, Sheet};
use assurance::spc;

pub(crate) use arguments::Measure;
use arguments::{Common, FunnelKind, Improvement, Scale, What};

use crate::terminal::remark;

pub(crate) fn run(task: &Measure) -> anyhow::Result<()> {
    match &task.what {
        What::Spc(task) => {
            let ask = spc::Asked {
                improvement: match task.improvement {
                    Improvement::Increase => spc::Improvement::Increase,
                    Improvement::Decrease => spc::Improvement::Decrease,
                    Improvement::Neutral => spc::Improvement::Neutral,
                },
                fix_after: task.fix_after,
                rebase: task.rebase.clone(),
                screening: !task.no_screening,
                target: task.target,
                allow_gaps: task.allow_gaps,
            };
            let (chart, table) = sheet::spc::spc(&read(&task.files.input)?, &ask)?;
            write(&task.files, &table)?;
            remark(format!("variation: {} ({})", chart.variation.name(), chart.variation.words()));
            if let Some(assurance) = chart.assurance {
                remark(format!("assurance: {} ({})", assurance.name(), assurance.words()));
            }
            if chart.points.iter().any(|point| point.short_group) {
                remark("a group has fewer than 13 points: its limits are on trial, and change with each point");
            }
        }
        What::Its(task) => {
            let ask = sheet::its::Asked { interruption: task.interruption, lags: task.lags.clone(), slope: task.slope };
            write(&task.files, &sheet::its::estimates(&read(&task.files.input)?, &ask)?)?;
            remark(assurance::its::LABEL);
        }
        What::Rate(task) => rates(task, sheet::rate::Kind::Rate)?,
        What::Proportion(task) => rates(task, sheet::rate::Kind::Proportion)?,
        What::Mean(task) => {
            let confidences = confidences(&task.common)?;
            write(&task.files, &sheet::rate::means(&read(&task.files.input)?, &task.common.by, &confidences)?)?;
        }
        What::Dsr(task) => {
            let ask = standard(&task.common, task.multiplier, task.standard.clone())?;
            write(&task.files, &sheet::standard::direct(&read(&task.files.input)?, &ask)?)?;
        }
        What::YearsLost(task) => {
            let ask = standard(&task.common, task.multiplier, task.standard.clone())?;
            write(&task.files, &sheet::standard::years_lost(&read(&task.files.input)?, &ask, task.to_age)?)?;
        }
        What::Isr(task) => {
            let reference = task.reference.as_deref().map(read).transpose()?;
            let (form, multiplier) = match (task.ratio, task.multiplier) {
                (true, multiplier) => (sheet::standard::Form::Ratio, multiplier.unwrap_or(100.0)),
                (false, multiplier) => (sheet::standard::Form::Rate, multiplier.unwrap_or(100_000.0)),
            };
            let ask = standard(&task.common, multiplier, None)?;
            write(&task.files, &sheet::standard::indirect(&read(&task.files.input)?, reference.as_ref(), form, &ask)?)?;
        }
        What::Sii(task) => {
            let ask = inequality::Asked {
                scale: match task.scale {
                    Scale::Other => inequality::Scale::Other,
                    Scale::Rate => inequality::Scale::Rate,
                    Scale::Proportion => inequality::Scale::Proportion,
                },
                transform: task.transform,
                multiplier: task.multiplier,
                repetitions: task.repetitions,
                seed: task.seed,
                confidences: confidences(&task.common)?,
            };
            write(&task.files, &sheet::inequality::indices(&read(&task.files.input)?, &ask, &task.common.by)?)?;
        }
        What::Funnel(task) => {
            let ask = sheet::funnel::Asked {
                kind: match task.of {
                    FunnelKind::Proportion => sheet::funnel::Kind::Proportion,
                    FunnelKind::Count => sheet::funnel::Kind::RatioCount,
                    FunnelKind::Isr => sheet::funnel::Kind::RatioStandardised,
                    FunnelKind::Crude => sheet::funnel::Kind::CrudeRate,
                    FunnelKind::Dsr => sheet::funnel::Kind::StandardisedRate,
                },
                multiplier: task.multiplier.unwrap_or(match task.of {
                    FunnelKind::Crude | FunnelKind::Dsr => 100_000.0,
                    FunnelKind::Proportion | FunnelKind::Count | FunnelKind::Isr => 100.0,
                }),
                years: f64::from(task.years),
            };
            let input = read(&task.files.input)?;
            let table = if task.limits {
                sheet::funnel::limit_table(&input, &ask)
            } else {
                sheet::funnel::points(&input, &ask)
            };
            write(&task.files, &table?)?;
        }
        What::LifeExpectancy(task) => {
            let confidences = confidences(&task.common)?;
            let input = read(&task.files.input)?;
            write(&task.files, &sheet::life::expectations(&input, &task.common.by, &task.age, &confidences)?)?;
        }
    }
    Ok(())
}

fn rates(task: &arguments::Rate, kind: sheet::rate::Kind) -> anyhow::Result<()> {
    let ask = sheet::rate::Asked {
        kind,
        multiplier: task.multiplier,
        confidences: confidences(&task.common)?,
        by: task.common.by.clone(),
    };
    write(&task.files, &sheet::rate::rates(&read(&task.files.input)?, &ask)?)
}

fn standard(common: &Common, multiplier: f64, standard: Option<String>) -> anyhow::Result<sheet::standard::Asked> {
    Ok(sheet::standard::Asked { multiplier, confidences: confidences(common)?, by: common.by.clone(), standard })
}

/// What was asked for, or 95% and 99.8%.
fn confidences(common: &Common) -> anyhow::Result<Vec<Confidence>> {
    if common.confidence.is_empty() {
        return Ok(vec![Confidence::NINETY_FIVE, Confidence::NINETY_NINE_POINT_EIGHT]);
    }
    common.confidence.iter().map(|level| Ok(Confidence::new(*level)?)).collect()
}

fn read(path: &Path) -> anyhow::Result<Sheet> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Sheet::read(&path.display().to_string(), &bytes)?)
}

/// The whole table at once, so that a failure leaves nothing half written.
fn write(files: &arguments::Files, table: &Sheet) -> anyhow::Result<()> {
    match &files.output {
        Some(path) => std::fs::write(path, table.to_csv()).with_context(|| format!("cannot write {}", path.display())),
        None => {
            crate::terminal::say(table.to_csv().trim_end_matches('\n'));
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests;
