//! The frame under every way of cutting a stream, and a conversation over loopback.

use std::sync::Mutex;

use proptest::prelude::*;

use super::*;

/// Junk is given whole only when a frame begins or the stream ends, so the findings can be compared as they are.
fn decode(pieces: &[&[u8]]) -> Vec<Found> {
    let mut decoder = Decoder::default();
    let mut found: Vec<Found> = pieces.iter().flat_map(|piece| decoder.push(piece)).collect();
    found.extend(decoder.finish());
    found
}

/// Bytes in which the marks are frequent.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![Just(START), Just(END), Just(CARRIAGE_RETURN), Just(b'M'), any::<u8>()];
    proptest::collection::vec(byte, 0..60)
}

proptest! {
    #[test]
    fn any_cutting_gives_the_same(bytes in stream(), cuts in proptest::collection::vec(0usize..60, 0..8)) {
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
        cuts.sort_unstable();
        let mut pieces = Vec::new();
        let mut from = 0;
        for cut in cuts {
            pieces.push(&bytes[from..cut]);
            from = cut;
        }
        pieces.push(&bytes[from..]);
        prop_assert_eq!(decode(&pieces), decode(&[&bytes]));
    }

    #[test]
    fn what_is_framed_comes_back(messages in proptest::collection::vec("[A-Z|^~\\r]{0,30}", 0..6)) {
        let bytes: Vec<u8> = messages.iter().flat_map(|message| encode(message.as_bytes())).collect();
        let expected: Vec<Found> = messages.into_iter().map(|message| Found::Message(message.into_bytes())).collect();
        prop_assert_eq!(decode(&[&bytes]), expected);
    }
}

#[test]
fn reports_what_is_no_message() {
    let found = decode(&[b"hello\x0Bone\x0Btwo\x1C\r\r\nnoise\x0Bthree\x1C\x0Bfour"]);
    assert_eq!(
        found,
        [
            Found::Junk(b"hello".to_vec()),
            Found::Unfinished(b"one".to_vec()),
            Found::Message(b"two".to_vec()),
            Found::Junk(b"\r\nnoise".to_vec()),
            Found::Message(b"three".to_vec()),
            Found::Unfinished(b"four".to_vec()),
        ]
    );
}

#[test]
fn a_message_without_end_costs_no_more_than_the_cap() {
    let mut decoder = Decoder::default();
    decoder.push(b"\x0BMSH|^~\\&|A|B|C|D||S|ADT^A01|77|P|2.4\r");
    let chunk = vec![b'x'; 1024 * 1024];
    for _ in 0..20 {
        assert!(decoder.push(&chunk).is_empty());
        assert!(decoder.buffer.len() <= MAX_MESSAGE);
    }
    let found = decoder.push(&[END, CARRIAGE_RETURN]);
    let [Found::TooLong { head, bytes }] = found.as_slice() else { panic!("expected one finding that is too long") };
    assert!(*bytes > 20 * 1024 * 1024);
    let reply = String::from_utf8(acknowledge(head, Outcome::NotStored, None)).unwrap();
    assert!(reply.contains("\rMSA|AR|77|not-stored\r"), "{reply}");
    assert_eq!(decoder.push(&encode(b"next")), [Found::Message(b"next".to_vec())]);
}

#[test]
fn answers_over_a_connection_after_handling_and_stops_when_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let kept: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
    let handle: Arc<Handle> = {
        let kept = Arc::clone(&kept);
        Arc::new(move |message: &[u8]| {
            kept.lock().unwrap().push(message.to_vec());
            acknowledge(message, Outcome::Accepted, None)
        })
    };
    let server = {
        let stop = Arc::clone(&stop);
        thread::spawn(move || serve(&listener, CONNECTIONS, &stop, &handle))
    };

    let mut first = TcpStream::connect(address).unwrap();
    let mut second = TcpStream::connect(address).unwrap();
    for (on_first, control) in [(true, "1"), (false, "2"), (true, "3")] {
        let stream = if on_first { &mut first } else { &mut second };
        let message = format!("MSH|^~\\&|PAS|RWJ|WEFT|B|20260105||ADT^A01|{control}|P|2.4\rPID|1||S1\r");
        let reply = String::from_utf8(send(stream, message.as_bytes()).unwrap()).unwrap();
        assert!(reply.contains(&format!("\rMSA|AA|{control}\r")), "{reply}");
        assert_eq!(kept.lock().unwrap().last().unwrap(), message.as_bytes());
    }
    // Two at once, junk before them, in one write: two answers, in order.
    let two =
        [b"junk".to_vec(), encode(b"MSH|^~\\&|||||||ADT^A01|8\r"), encode(b"MSH|^~\\&|||||||ADT^A01|9\r")].concat();
    second.write_all(&two).unwrap();
    let mut decoder = Decoder::default();
    let mut replies = Vec::new();
    let mut buffer = [0; 512];
    while replies.len() < 2 {
        let count = second.read(&mut buffer).unwrap();
        replies.extend(decoder.push(&buffer[..count]));
    }
    assert!(replies.iter().zip(["|AA|8", "|AA|9"]).all(|(reply, wanted)| {
        matches!(reply, Found::Message(bytes) if String::from_utf8_lossy(bytes).contains(wanted))
    }));

    stop.store(true, Ordering::Relaxed);
    server.join().unwrap().unwrap();
    assert_eq!(kept.lock().unwrap().len(), 5);
}

#[test]
fn one_connection_too_many_is_closed() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let handle: Arc<Handle> = Arc::new(|_: &[u8]| b"ok".to_vec());
    let server = {
        let stop = Arc::clone(&stop);
        thread::spawn(move || serve(&listener, CONNECTIONS, &stop, &handle))
    };
    let mut open: Vec<TcpStream> = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut stream = TcpStream::connect(address).unwrap();
        send(&mut stream, b"here").unwrap();
        open.push(stream);
    }
    let mut late = TcpStream::connect(address).unwrap();
    assert!(send(&mut late, b"me too").is_err());
    stop.store(true, Ordering::Relaxed);
    server.join().unwrap().unwrap();
}
