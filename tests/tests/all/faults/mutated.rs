//! Messages gone wrong in every way that is cheap to make: none stops the program, and each that cannot be taken in says
//! why in a sentence.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use record::feeds::Reader;
use weft_tests::Seeded;
use weft_tests::samples::samples;

/// The seeds of the mutations: small messages of every format, evenly.
fn seeds() -> Vec<Vec<(Arc<Reader>, Vec<u8>)>> {
    let mut by_feed = std::collections::BTreeMap::<String, Vec<(Arc<Reader>, Vec<u8>)>>::new();
    for sample in samples() {
        let feed = by_feed.entry(sample.reader.feed().id.to_string()).or_default();
        if *sample.reader.feed().id == *"gp" {
            feed.extend(small_bundles(&sample.raw.bytes).into_iter().map(|bytes| (sample.reader.clone(), bytes)));
        } else if sample.raw.bytes.len() < 6_000 {
            feed.push((sample.reader.clone(), sample.raw.bytes));
        }
    }
    by_feed.into_values().collect()
}

/// A large Bundle cut into small ones: its first three entries (the patient among them) with two others each.
fn small_bundles(bytes: &[u8]) -> Vec<Vec<u8>> {
    let Ok(whole) = serde_json::from_slice::<serde_json::Value>(bytes) else { return vec![bytes.to_vec()] };
    let Some(entries) = whole["entry"].as_array() else { return vec![bytes.to_vec()] };
    let patient: Vec<_> =
        entries.iter().filter(|entry| entry["resource"]["resourceType"] == "Patient").cloned().collect();
    let mut kinds = std::collections::BTreeMap::<String, Vec<serde_json::Value>>::new();
    for entry in entries {
        let kind = entry["resource"]["resourceType"].as_str().unwrap_or_default().to_owned();
        let some = kinds.entry(kind).or_default();
        // Large attachments only slow the mutations down.
        if some.len() < 4 && entry.to_string().len() < 2_000 {
            some.push(entry.clone());
        }
    }
    let few: Vec<serde_json::Value> = kinds.into_values().flatten().collect();
    few.chunks(2)
        .map(|pair| {
            let mut bundle = whole.clone();
            bundle["entry"] = patient.iter().chain(pair).cloned().collect();
            bundle.to_string().into_bytes()
        })
        .collect()
}

const SPECIAL: &[&[u8]] = &[
    b"\0",
    b"\r",
    b"\n",
    b"\"",
    b",",
    b"|",
    b"^",
    b"~",
    b"&",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b"null",
    b"-1",
    b"1e999",
    b"\xff",
    b"\xc3",
    b"\xef\xbb\xbf",
    b"\\u0000",
    b"\\ud800",
    b"99999999999999999999",
    b"0000-00-00",
    b"9999-12-31",
    b"20261332",
    b"\\X0D\\",
    b"\\X00\\",
    b"\\.br\\",
    b"MSH|",
    b"PID|1|",
    b"''",
    b"\xe2\x80\xae",
    b"T24:61:61",
    b"+9999",
];

fn mutate(seeded: &mut Seeded, bytes: &mut Vec<u8>, other: &[u8]) {
    let (from, to) = {
        let from = seeded.below(bytes.len().max(1));
        (from, (from + 1 + seeded.below(40)).min(bytes.len()))
    };
    match seeded.below(10) {
        0 => {
            if let Some(byte) = bytes.get_mut(from) {
                *byte ^= 1 << seeded.below(8);
            }
        }
        1 => bytes.truncate(from),
        2 => drop(bytes.drain(from..to)),
        3 => {
            let part = bytes[from..to].to_vec();
            bytes.splice(from..from, part);
        }
        4 | 5 => {
            let special = SPECIAL[seeded.below(SPECIAL.len())];
            let end = if seeded.below(2) == 0 { from } else { to };
            bytes.splice(from..end, special.iter().copied());
        }
        6 => {
            let begin = seeded.below(other.len().max(1));
            let part = &other[begin..(begin + 30).min(other.len())];
            bytes.splice(from..to, part.iter().copied());
        }
        7 => swap_parts(seeded, bytes, b"\r\n"),
        8 => swap_parts(seeded, bytes, b"|,:"),
        _ => {
            // A digit becomes another: dates, numbers, lengths.
            let digits: Vec<usize> = (0..bytes.len()).filter(|index| bytes[*index].is_ascii_digit()).collect();
            if let Some(index) = digits.get(seeded.below(digits.len())) {
                bytes[*index] = b'0' + seeded.below(10) as u8;
            }
        }
    }
}

/// Two lines, segments or fields change places.
fn swap_parts(seeded: &mut Seeded, bytes: &mut Vec<u8>, ends: &[u8]) {
    let mut parts: Vec<&[u8]> = bytes.split_inclusive(|byte| ends.contains(byte)).collect();
    let (one, other) = (seeded.below(parts.len()), seeded.below(parts.len()));
    if !parts.is_empty() {
        parts.swap(one, other);
    }
    *bytes = parts.concat();
}

/// Reads one message as far as it goes before the store: the mapping, and what the views derive from it.
fn read(reader: &Reader, bytes: &[u8]) -> Result<(), record::feed::Reason> {
    for resource in reader.map(bytes)?.resources {
        if resource.resource_type == "Patient" {
            let _ = record::patient::Demographics::from_patient(&resource.value);
        }
        if record::fact::derive(&resource.resource_type, &resource.value).is_none() {
            let _ = record::fact::reference_name(&resource.resource_type, &resource.value);
        }
    }
    Ok(())
}

#[test]
fn no_mutation_of_any_message_stops_the_program() {
    let all = if std::env::var_os("WEFT_FULL_FAULTS").is_some() { 1_000_000 } else { 60_000 };
    let seeds = seeds();
    assert_eq!(seeds.len(), 9, "every feed has seeds");
    let started = std::time::Instant::now();
    let counts: Vec<(u64, u64)> = std::thread::scope(|scope| {
        let threads: Vec<_> = [1_u64, 2]
            .into_iter()
            .map(|thread| {
                let seeds = &seeds;
                scope.spawn(move || run(seeds, thread, all / 2))
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let (taken, waiting) = counts.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let mut out = std::io::stdout();
    std::io::Write::write_all(
        &mut out,
        format!(
            "{all} mutations in {:.1} s: {taken} understood, {waiting} put aside\n",
            started.elapsed().as_secs_f64()
        )
        .as_bytes(),
    )
    .unwrap();
    assert!(taken > all / 20 && waiting > all / 20, "both ways are trodden: {taken} and {waiting}");
}

fn run(seeds: &[Vec<(Arc<Reader>, Vec<u8>)>], seed: u64, number: u64) -> (u64, u64) {
    let mut seeded = Seeded::new(seed);
    let (mut taken, mut waiting) = (0, 0);
    for _ in 0..number {
        let feed = &seeds[seeded.below(seeds.len())];
        let (reader, original) = &feed[seeded.below(feed.len())];
        let (_, other) = &feed[seeded.below(feed.len())];
        let mut bytes = original.clone();
        for _ in 0..=seeded.below(3) {
            mutate(&mut seeded, &mut bytes, other);
        }
        match catch_unwind(AssertUnwindSafe(|| read(reader, &bytes))) {
            Ok(Ok(())) => taken += 1,
            Ok(Err(reason)) => {
                assert!(!reason.code.is_empty() && reason.sentence.len() > 10, "{reason:?}");
                waiting += 1;
            }
            Err(_) => panic!("it stopped on this message of {}:\n{}", reader.feed().id, bytes.escape_ascii()),
        }
    }
    (taken, waiting)
}
