//! The rules, one function for each file.

use super::Draft;
use crate::rows::{Row, Table};
use crate::{Era, Files, Format, PracticeStatus, Problems};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// Complains where `field` of a row names something that `table` does not have.
fn must_be_in<R, T>(table: &Table<T>, name: &str, from: (&str, &Row<R>, &str), problems: &mut Problems) {
    let (file, row, field) = from;
    if !table.knows(name) {
        let message = format!("{field}: \"{name}\" is not in {}; use one of {}", table.file, table.known());
        problems.add(file, row.line_of(field), message);
    }
}

/// Complains about coordinates that are nowhere on the globe or, as happens, the wrong way round.
fn must_be_near_britain<R>(lon: f64, lat: f64, file: &str, row: &Row<R>, problems: &mut Problems) {
    if !(-9.0..=3.0).contains(&lon) || !(49.0..=61.0).contains(&lat) {
        let message = format!(
            "lon {lon} and lat {lat} are not in Britain; lon is the small one, such as -2.13, lat such as 53.38"
        );
        problems.add(file, row.line_of("lon"), message);
    }
}

pub(super) fn about(draft: &Draft, problems: &mut Problems) {
    let Some(row) = &draft.about else { return };
    let about = &row.value;
    let file = "place.toml";
    for (field, text) in [("name", &about.name), ("introduction", &about.introduction)] {
        if text.trim().is_empty() {
            problems.add(file, row.line_of(field), format!("{field}: this is empty; fill it in"));
        }
    }
    let code = &about.local_authority;
    if code.len() != 9
        || !code.starts_with(|c: char| c.is_ascii_uppercase())
        || !code.bytes().skip(1).all(|b| b.is_ascii_digit())
    {
        let message = format!("local_authority: \"{code}\" is not an ONS code; write it as E08000007");
        problems.add(file, row.line_of("local_authority"), message);
    }
    if TimeZone::get(&about.time_zone).is_err() {
        let message = format!("time_zone: \"{}\" is not known; for England write Europe/London", about.time_zone);
        problems.add(file, row.line_of("time_zone"), message);
    }
}

pub(super) fn practices(draft: &Draft, problems: &mut Problems) {
    let file = draft.practices.file.as_str();
    for row in &draft.practices.rows {
        let practice = &row.value;
        must_be_in(&draft.neighbourhoods, &practice.neighbourhood, (file, row, "neighbourhood"), problems);
        must_be_near_britain(practice.lon, practice.lat, file, row, problems);
        if !(practice.aged_65_over <= practice.aged_18_over && practice.aged_18_over <= practice.list_size) {
            let message =
                "the ages do not fit: aged_65_over is part of aged_18_over, and that of list_size; check the three";
            problems.add(file, row.line_of("list_size"), message);
        }
        if (practice.status == PracticeStatus::Closed) != practice.closed.is_some() {
            let message =
                "status and closed disagree; a closed practice has the day on which it closed, another has none";
            problems.add(file, row.line_of("closed"), message);
        }
    }
}

pub(super) fn care_homes(draft: &Draft, problems: &mut Problems) {
    let file = draft.care_homes.file.as_str();
    for row in &draft.care_homes.rows {
        let home = &row.value;
        must_be_in(&draft.neighbourhoods, &home.neighbourhood, (file, row, "neighbourhood"), problems);
        must_be_near_britain(home.lon, home.lat, file, row, problems);
        must_be_in(&draft.practices, home.practice.as_str(), (file, row, "practice"), problems);
        let practice =
            draft.practices.rows.iter().map(|row| &row.value).find(|practice| practice.code == home.practice);
        if practice.is_some_and(|practice| !practice.is_active()) {
            let message = format!("practice: {} does not see people any more; name an active practice", home.practice);
            problems.add(file, row.line_of("practice"), message);
        }
    }
}

pub(super) fn organisations(draft: &Draft, problems: &mut Problems) {
    let file = draft.organisations.file.as_str();
    let mut codes = BTreeMap::new();
    let mut sites = BTreeMap::new();
    for row in &draft.organisations.rows {
        let organisation = &row.value;
        if let Some(successor) = &organisation.successor {
            must_be_in(&draft.organisations, successor, (file, row, "successor"), problems);
        }
        if let (Some(from), Some(until)) = (organisation.from, organisation.until)
            && until < from
        {
            problems.add(
                file,
                row.line_of("until"),
                format!("until: {until} is before its first day {from}; correct one"),
            );
        }
        let site_codes = organisation.sites.iter().filter_map(|site| site.ods.as_ref());
        for code in site_codes.chain(&organisation.ods) {
            if let Some(other) = codes.insert(code, &organisation.id) {
                let message = format!("ods: {code} stands already at \"{other}\"; a code belongs to one");
                problems.add(file, row.line_of("ods"), message);
            }
        }
        for site in &organisation.sites {
            if let Some(other) = sites.insert(&site.id, &organisation.id) {
                let message = format!("the site \"{}\" stands already at \"{other}\"; rename one", site.id);
                problems.add(file, row.line_of("id"), message);
            }
            match (site.lon, site.lat) {
                (Some(lon), Some(lat)) => must_be_near_britain(lon, lat, file, row, problems),
                (None, None) => {}
                _ => {
                    let message = format!("the site \"{}\" has one of lon and lat; give both or neither", site.id);
                    problems.add(file, row.line_of("id"), message);
                }
            }
        }
    }
}

pub(super) fn services(draft: &Draft, problems: &mut Problems) {
    let file = draft.services.file.as_str();
    for row in &draft.services.rows {
        let service = &row.value;
        must_be_in(&draft.organisations, &service.provider, (file, row, "provider"), problems);
        for condition in &service.conditions {
            must_be_in(&draft.conditions, condition, (file, row, "conditions"), problems);
        }
        match (service.era, &service.became) {
            (Era::Present, Some(_)) => {
                let message = "became: a present service has not become another; remove it, or call the service former";
                problems.add(file, row.line_of("became"), message);
            }
            (Era::Former, None) => {
                let message = "became: a former service names the present one that it became; add it";
                problems.add(file, row.line_of("id"), message);
            }
            (Era::Former, Some(became)) => {
                must_be_in(&draft.services, became, (file, row, "became"), problems);
                let target = draft.services.rows.iter().map(|row| &row.value).find(|other| other.id == *became);
                if target.is_some_and(|target| target.era == Era::Former) {
                    let message = format!("became: \"{became}\" is itself a former service; name the present one");
                    problems.add(file, row.line_of("became"), message);
                }
            }
            (Era::Present, None) => {}
        }
        if let (Some(from), Some(until)) = (service.from, service.until)
            && until < from
        {
            problems.add(
                file,
                row.line_of("until"),
                format!("until: {until} is before its first day {from}; correct one"),
            );
        }
    }
}

pub(super) fn areas(draft: &Draft, problems: &mut Problems) {
    let file = draft.areas.file.as_str();
    for row in &draft.areas.rows {
        let area = &row.value;
        must_be_in(&draft.neighbourhoods, &area.neighbourhood, (file, row, "neighbourhood"), problems);
        for (field, decile) in [("imd2025_decile", area.imd2025_decile), ("imd2019_decile", area.imd2019_decile)] {
            if !(1..=10).contains(&decile) {
                problems.add(file, row.line_of(field), format!("{field}: {decile} is not a decile; write 1 to 10"));
            }
        }
    }
}

pub(super) fn residences(draft: &Draft, problems: &mut Problems) {
    let file = draft.residences.file.as_str();
    for row in &draft.residences.rows {
        must_be_in(&draft.organisations, &row.value.council, (file, row, "council"), problems);
        let same = draft.residences.rows.iter().filter(|other| other.value.begins == row.value.begins).count();
        if same > 1 {
            let message = "begins: another line begins the same; keep the one that is right";
            problems.add(file, row.line_of("begins"), message);
        }
    }
}

pub(super) fn systems(draft: &Draft, problems: &mut Problems) {
    let file = draft.systems.file.as_str();
    let mut named: BTreeMap<&str, &str> = BTreeMap::new();
    for row in &draft.systems.rows {
        let system = &row.value;
        let practices = system.practices.iter().map(|code| (code.as_str(), "practices"));
        let feeds = system.feeds.iter().map(|feed| (&**feed, "feeds"));
        for (name, field) in practices.chain(feeds) {
            match field {
                "practices" => must_be_in(&draft.practices, name, (file, row, field), problems),
                _ => must_be_in(&draft.feeds, name, (file, row, field), problems),
            }
            if let Some(other) = named.insert(name, &system.id) {
                let message =
                    format!("{field}: {name} stands already at \"{other}\"; it records in one system, so remove one");
                problems.add(file, row.line_of(field), message);
            }
        }
    }
}

pub(super) fn feeds(draft: &Draft, files: &dyn Files, problems: &mut Problems) {
    let file = draft.feeds.file.as_str();
    for row in &draft.feeds.rows {
        let feed = &row.value;
        must_be_in(&draft.organisations, &feed.organisation, (file, row, "organisation"), problems);
        match (feed.format, &feed.mapping) {
            (Format::Csv, None) => {
                let message = "mapping: a csv feed names the file that says what its columns mean; add it";
                problems.add(file, row.line_of("format"), message);
            }
            (Format::Csv, Some(mapping)) if files.text(mapping).is_none() => {
                let message =
                    format!("mapping: there is no file \"{mapping}\" in the folder; add it or correct the name");
                problems.add(file, row.line_of("mapping"), message);
            }
            (Format::Fhir | Format::Hl7v2, Some(_)) => {
                problems.add(file, row.line_of("mapping"), "mapping: only a csv feed has one; remove it");
            }
            _ => {}
        }
        if feed.format != Format::Hl7v2 && !feed.senders.is_empty() {
            problems.add(file, row.line_of("senders"), "senders: only an hl7v2 feed has them; remove them");
        }
        if feed.promise_minutes == Some(0) {
            let message = "promise_minutes: nought would always be broken; leave it out to promise nothing";
            problems.add(file, row.line_of("promise_minutes"), message);
        }
    }
}

pub(super) fn holidays(draft: &Draft, problems: &mut Problems) {
    let file = draft.holidays.file.as_str();
    let Some(years) = &draft.years else { return };
    let range = years.value.range();
    if range.is_empty() {
        problems.add(file, years.line_of("last_year"), "last_year: it is before first_year; correct one");
    }
    for row in &draft.holidays.rows {
        let day = row.value.date;
        if !range.contains(&day.year()) {
            let message =
                format!("date: {day} is outside {} to {}; widen the years or remove it", range.start(), range.end());
            problems.add(file, row.line_of("date"), message);
        }
        if matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            let message = format!("date: {day} is on a weekend; give the substitute day on which work stops");
            problems.add(file, row.line_of("date"), message);
        }
    }
    // Years far apart are a slip of the finger, not a calendar; they are not worth a line each.
    for year in range.clone().take(200) {
        if !draft.holidays.rows.iter().any(|row| row.value.date.year() == year) {
            let message = format!("no bank holiday of {year} is listed; add them, or narrow the years");
            problems.add(file, years.line_of("last_year"), message);
        }
    }
}
