//! What goes back to a sender.

use super::*;
use crate::feed::hl7v2::{Outcome, acknowledge};

fn answer(raw: &[u8], outcome: Outcome<'_>) -> String {
    String::from_utf8(acknowledge(raw, outcome, Some("2026-01-05T09:30:02Z".parse().unwrap()))).unwrap()
}

#[test]
fn an_answer_names_the_message_and_turns_the_addresses_round() {
    let raw = lines(&["MSH|^~\\&|PAS|RWJ|WEFT|B|20260105093000||ADT^A01^ADT_A01|C1|T|2.4", "PID|1||S1||Secret^Name"]);
    assert_eq!(
        answer(&raw, Outcome::Accepted),
        "MSH|^~\\&|WEFT|B|PAS|RWJ|20260105093002+0000||ACK^A01|AC1|T|2.4\rMSA|AA|C1\r"
    );
    assert_eq!(
        answer(&raw, Outcome::Quarantined("bad-date")).split_once('\r').unwrap().1,
        "MSA|AE|C1|bad-date\rERR|||102^^HL70357|E|||bad-date\r"
    );
    assert!(answer(&raw, Outcome::NotStored).contains("\rMSA|AR|C1|not-stored\r"));
    assert!(!answer(&raw, Outcome::Quarantined("bad-date")).contains("Secret"));
}

#[test]
fn even_a_broken_message_is_answered() {
    for (raw, control) in [
        (b"".as_slice(), ""),
        (b"garbage", ""),
        (b"\xFF\xFE\x00", ""),
        (b"noise MSH|^~\\&|PAS|RWJ|WEFT|B|2026||ADT^A01|C9|P|2.4\rPID|1||S1||Secret", "C9"),
        (b"MSH", ""),
        (b"MSH|", ""),
    ] {
        let reply = answer(raw, Outcome::Quarantined("not-hl7"));
        assert!(reply.starts_with("MSH|^~\\&|") && !reply.contains("Secret"), "{reply}");
        assert!(reply.contains(&format!("\rMSA|AE|{control}|not-hl7\r")), "{reply}");
    }
}
