//! TLS on the pages' own listener, where a certificate is given. A handshake takes place beside the others and has ten
//! seconds, so that whoever opens a connection and says nothing keeps nobody waiting.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How many connections may wait to be served once their handshake is done.
const WAITING: usize = 64;

/// Reads a certificate with its chain, and its key, from PEM files. TLS 1.2 and 1.3 with the sound suites of `rustls`.
///
/// # Errors
/// Which file cannot be used, and why.
pub(crate) fn configuration(certificate: &Path, key: &Path) -> anyhow::Result<Arc<ServerConfig>> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .with_context(|| format!("the certificate {} cannot be read as PEM", certificate.display()))?;
    anyhow::ensure!(!chain.is_empty(), "there is no certificate in {}", certificate.display());
    let key_der = PrivateKeyDer::from_pem_file(key)
        .with_context(|| format!("the key {} cannot be read as PEM", key.display()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .context("no sound version of TLS")?
        .with_no_client_auth()
        .with_single_cert(chain, key_der)
        .with_context(|| {
            format!("the certificate {} and the key {} do not go together", certificate.display(), key.display())
        })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// A listener whose connections have shaken hands.
pub(crate) struct Listener {
    address: SocketAddr,
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
}

impl Listener {
    /// Takes connections of `listener` until this is dropped.
    ///
    /// # Errors
    /// Where the address cannot be told.
    pub(crate) fn over(listener: TcpListener, config: Arc<ServerConfig>) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let (shaken, ready) = mpsc::channel(WAITING);
        let acceptor = TlsAcceptor::from(config);
        tokio::spawn(async move {
            while !shaken.is_closed() {
                let taken = tokio::select! {
                    taken = listener.accept() => taken,
                    () = shaken.closed() => return,
                };
                let Ok((stream, from)) = taken else {
                    // Too many open files, say: a moment's rest instead of a busy loop.
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                };
                drop(stream.set_nodelay(true));
                let (acceptor, shaken) = (acceptor.clone(), shaken.clone());
                tokio::spawn(async move {
                    match tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
                        Ok(Ok(stream)) => drop(shaken.send((stream, from)).await),
                        // Every scanner of the net does this; it is not worth more than a line for whoever looks.
                        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
                        Err(_) => tracing::debug!("a TLS handshake took too long"),
                    }
                });
            }
        });
        Ok(Self { address, ready })
    }
}

impl axum::serve::Listener for Listener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // The taker of connections has gone, which only stopping does.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        Ok(self.address)
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use axum::routing::get;
    use rustls::pki_types::ServerName;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    /// A certificate of a test's own, in files.
    struct Files {
        folder: tempfile::TempDir,
        root: CertificateDer<'static>,
    }

    impl Files {
        fn new() -> Self {
            let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("certificate.pem"), made.cert.pem()).unwrap();
            std::fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
            Self { folder, root: made.cert.der().clone() }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn configuration(&self) -> anyhow::Result<Arc<ServerConfig>> {
            configuration(&self.path("certificate.pem"), &self.path("key.pem"))
        }
    }

    fn client(files: &Files, versions: &[&'static rustls::SupportedProtocolVersion]) -> tokio_rustls::TlsConnector {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(files.root.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Arc::new(config).into()
    }

    async fn serving(files: &Files) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let listener = Listener::over(listener, files.configuration().unwrap()).unwrap();
        let address = listener.address;
        let app = axum::Router::new().route("/", get(|| async { "well" }));
        tokio::spawn(async move { axum::serve(listener, app).await });
        address
    }

    async fn asked(files: &Files, address: SocketAddr, version: &'static rustls::SupportedProtocolVersion) -> String {
        let stream = TcpStream::connect(address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let mut stream = client(files, &[version]).connect(name, stream).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        // A server may close without saying so; what it said is all that counts.
        drop(stream.read_to_string(&mut answer).await);
        answer
    }

    #[tokio::test]
    async fn pages_come_by_tls_though_somebody_else_never_shakes_hands() {
        let files = Files::new();
        let address = serving(&files).await;
        let _silent = TcpStream::connect(address).await.unwrap();
        let mut plain = TcpStream::connect(address).await.unwrap();
        plain.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
            assert!(asked(&files, address, version).await.ends_with("well"), "{version:?}");
        }
        let mut heard = Vec::new();
        drop(plain.read_to_end(&mut heard).await);
        assert!(!heard.windows(4).any(|part| part == b"well" || part == b"HTTP"), "nothing is said without TLS");
    }

    #[test]
    fn a_certificate_that_cannot_be_used_is_told_by_its_file() {
        let (files, other) = (Files::new(), Files::new());
        let told = |certificate: PathBuf, key: PathBuf| configuration(&certificate, &key).unwrap_err().to_string();
        let (certificate, key) = (files.path("certificate.pem"), files.path("key.pem"));
        assert!(told(files.path("none.pem"), key.clone()).contains("none.pem"));
        assert!(told(key.clone(), key.clone()).contains("no certificate in"));
        assert!(told(certificate.clone(), certificate.clone()).contains("cannot be read as PEM"));
        assert!(told(certificate, other.path("key.pem")).contains("do not go together"));
    }
}
