//! The adapter against a local double: an exchange of a few lines that believes nothing unsigned.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};

use care::telephony::Extension;
use uuid::Uuid;

use super::*;

fn key() -> Key {
    Key::new(vec![3; 32]).unwrap()
}

/// What the double was sent: the two headers, and the body.
type Heard = (String, String, Vec<u8>);

/// Answers one request after another with these statuses.
fn double(statuses: Vec<u16>) -> (SocketAddr, Receiver<Heard>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for status in statuses {
            let (mut stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut time, mut signature, mut length) = (String::new(), String::new(), 0);
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                let Some((name, value)) = line.trim().split_once(": ") else {
                    if line.trim().is_empty() {
                        break;
                    }
                    continue;
                };
                match name.to_ascii_lowercase().as_str() {
                    "weft-time" => time = value.to_owned(),
                    "weft-signature" => signature = value.to_owned(),
                    "content-length" => length = value.parse().unwrap(),
                    _ => {}
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
            sender.send((time, signature, body)).unwrap();
        }
    });
    (address, receiver)
}

fn ring() -> Order {
    let extension = Extension { specialty: "endocrinology".to_owned(), reader: "persona|consultant".to_owned() };
    Order::Ring { call: Uuid::from_u128(1), ring: 1, extension, caller: "persona|gp".to_owned() }
}

fn exchange(address: SocketAddr, clock: &Arc<Clock>) -> Exchange {
    Exchange::at(&format!("http://{address}/orders"), key(), clock.clone()).unwrap()
}

#[test]
fn an_order_is_signed_and_says_whom_by_their_place_and_never_by_a_number() {
    let clock = Arc::new(Clock::default());
    let (address, heard) = double(vec![202]);
    exchange(address, &clock).order(&ring(), clock.now()).unwrap();
    let (time, signature, body) = heard.recv().unwrap();
    assert_eq!(key().check(&time, &signature, &body, clock.now()), Ok(()));
    let other = Key::new(vec![4; 32]).unwrap();
    assert!(other.check(&time, &signature, &body, clock.now()).is_err());
    let words = String::from_utf8(body).unwrap();
    let expected = r#"{"order":"ring","call":"00000000-0000-0000-0000-000000000001","ring":1,"extension":{"specialty":"endocrinology","reader":"persona|consultant"},"caller":"persona|gp"}"#;
    assert_eq!(words, expected);
}

#[test]
fn an_order_that_was_not_taken_is_told_and_one_for_a_ring_that_is_gone_is_done() {
    let clock = Arc::new(Clock::default());
    let (address, _heard) = double(vec![500, 404, 404, 302]);
    let exchange = exchange(address, &clock);
    let cancel = Order::Cancel { call: Uuid::from_u128(1), ring: 1 };
    assert_eq!(exchange.order(&ring(), clock.now()), Err(Unreachable("it answered 500".to_owned())));
    assert_eq!(exchange.order(&ring(), clock.now()), Err(Unreachable("it answered 404".to_owned())));
    assert_eq!(exchange.order(&cancel, clock.now()), Ok(()));
    assert!(exchange.order(&cancel, clock.now()).is_err(), "no redirect is followed");
    assert!(exchange.order(&ring(), clock.now()).is_err(), "nobody listens any more");
}

#[test]
fn only_tls_is_asked_and_this_machine_without() {
    let at = |address: &str| Exchange::at(address, key(), Arc::new(Clock::default())).is_ok();
    assert!(at("https://exchange.example/orders") && at("http://127.0.0.1:9/orders") && at("http://[::1]:9/"));
    for wrong in ["http://exchange.example/", "ftp://127.0.0.1/", "https://me:secret@exchange.example/", "", "x"] {
        assert!(!at(wrong), "{wrong}");
    }
}
