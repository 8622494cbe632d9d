//! A wire between the store and the server that can be cut at a chosen moment.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What happens to the next COMMIT.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cut {
    /// It never arrives.
    Before,
    /// It is done; its answer never arrives.
    After,
    /// The line to the client is cut at once, but the server hears it only so much later.
    Late(Duration),
}

/// The wire.
pub(crate) struct Proxy {
    pub(crate) url: String,
    cuts: Arc<Mutex<VecDeque<Cut>>>,
}

impl Proxy {
    pub(crate) fn before(url: &str) -> Self {
        let (scheme, rest) = url.split_once("://").unwrap();
        let (authority, database) = rest.split_once('/').unwrap();
        let (user, server) = authority.rsplit_once('@').unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let cuts: Arc<Mutex<VecDeque<Cut>>> = Arc::default();
        let (server, shared) = (server.to_owned(), cuts.clone());
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let server = TcpStream::connect(&server).unwrap();
                join(client, server, shared.clone());
            }
        });
        Self { url: format!("{scheme}://{user}@127.0.0.1:{port}/{database}"), cuts }
    }

    pub(crate) fn arm(&self, cut: Cut) {
        self.cuts.lock().unwrap().push_back(cut);
    }

    /// True once every cut has been made.
    pub(crate) fn is_spent(&self) -> bool {
        self.cuts.lock().unwrap().is_empty()
    }
}

fn join(client: TcpStream, server: TcpStream, cuts: Arc<Mutex<VecDeque<Cut>>>) {
    client.set_nodelay(true).unwrap();
    server.set_nodelay(true).unwrap();
    let (mut down, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    std::thread::spawn(move || {
        let mut buffer = [0; 16_384];
        while let Ok(length) = down.read(&mut buffer) {
            if length == 0 || to_client.write_all(&buffer[..length]).is_err() {
                break;
            }
        }
        drop(to_client.shutdown(Shutdown::Both));
    });
    std::thread::spawn(move || {
        let (mut client, mut server) = (client, server);
        let mut buffer = [0; 16_384];
        while let Ok(length) = client.read(&mut buffer) {
            if length == 0 {
                break;
            }
            let words = &buffer[..length];
            let cut =
                words.windows(7).any(|part| part == b"COMMIT\0").then(|| cuts.lock().unwrap().pop_front()).flatten();
            if let Some(cut) = cut {
                // Nothing reaches the client any more.
                client.shutdown(Shutdown::Both).unwrap();
                if let Cut::Late(pause) = cut {
                    weft_tests::pause(pause);
                }
                if !matches!(cut, Cut::Before) {
                    server.write_all(words).unwrap();
                    weft_tests::pause(Duration::from_millis(100));
                }
                break;
            }
            if server.write_all(words).is_err() {
                break;
            }
        }
        drop(server.shutdown(Shutdown::Both));
    });
}
