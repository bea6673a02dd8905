use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::*;

/// A maker of certificates that nobody knows, an intermediate one of its making, and what that made for a host.
struct Chain {
    root: String,
    intermediate: (String, CertificateDer<'static>),
    leaf: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params
}

fn chain(host: &str, last_year: i32) -> Chain {
    let (root_key, middle_key, key) =
        (KeyPair::generate().unwrap(), KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let root = authority("Akar Uji").self_signed(&root_key).unwrap();
    let root_issuer = Issuer::new(authority("Akar Uji"), &root_key);
    let middle = authority("Perantara Uji").signed_by(&middle_key, &root_issuer).unwrap();
    let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, host);
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(last_year, 1, 1);
    let leaf = params.signed_by(&key, &Issuer::new(authority("Perantara Uji"), &middle_key)).unwrap();
    Chain {
        root: root.pem(),
        intermediate: (middle.pem(), middle.der().clone()),
        leaf: leaf.der().clone(),
        key: PrivateKeyDer::Pkcs8(key.serialize_der().into()),
    }
}

/// Serves a document over TLS with these certificates; its port.
async fn serve(certificates: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(certificates, key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<rss/>").await;
            });
        }
    });
    port
}

/// Asks `host` at that port; what came of it.
async fn ask(host: &str, port: u16, extra_ca: Option<&str>) -> &'static str {
    let here = |_: &str| vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    let guard = Guard { is_public: |_| true, look_up: Some(Arc::new(here)) };
    let fetcher =
        Fetcher::guarded_by(guard, Limits { host_gap: Duration::ZERO, ..Limits::default() }, "kliping").unwrap();
    let url = Url::parse(&format!("https://{host}:{port}/")).unwrap();
    let extra_ca = extra_ca.map(|pem| Arc::from(pem.as_bytes()));
    match fetcher.ask(&Request { extra_ca, ..Request::plain(url) }).await {
        Ok(_) => "ok",
        Err(error) => {
            assert!(!error.hint().is_empty());
            error.kind()
        }
    }
}

#[tokio::test]
async fn trouble_with_certificates_is_told_apart_and_a_chain_is_completed_by_the_operator() {
    let good = chain("outlet.example", 2040);
    let port = serve(vec![good.leaf.clone(), good.intermediate.1.clone()], good.key.clone_key()).await;
    assert_eq!(ask("outlet.example", port, None).await, "tls-chain");
    assert_eq!(ask("outlet.example", port, Some(&good.root)).await, "ok");
    assert_eq!(ask("other.example", port, Some(&good.root)).await, "tls-name");
    // The server leaves out the intermediate: the root alone does not help, the intermediate does.
    let port = serve(vec![good.leaf.clone()], good.key.clone_key()).await;
    assert_eq!(ask("outlet.example", port, Some(&good.root)).await, "tls-chain");
    assert_eq!(ask("outlet.example", port, Some(&good.intermediate.0)).await, "ok");
    let old = chain("outlet.example", 2021);
    let port = serve(vec![old.leaf, old.intermediate.1], old.key).await;
    assert_eq!(ask("outlet.example", port, Some(&old.root)).await, "tls-expired");
}

#[tokio::test]
async fn a_certificate_that_an_outlet_signed_itself_is_trusted_when_the_operator_names_it() {
    let own = |last_year: i32| {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["outlet.example".to_owned()]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(last_year, 1, 1);
        (params.self_signed(&key).unwrap(), PrivateKeyDer::Pkcs8(key.serialize_der().into()))
    };
    let (certificate, key) = own(2040);
    let port = serve(vec![certificate.der().clone()], key).await;
    assert_eq!(ask("outlet.example", port, None).await, "tls-chain");
    assert_eq!(ask("outlet.example", port, Some(&own(2040).0.pem())).await, "tls-chain");
    assert_eq!(ask("outlet.example", port, Some(&certificate.pem())).await, "ok");
    assert_eq!(ask("other.example", port, Some(&certificate.pem())).await, "tls-name");
    let (certificate, key) = own(2021);
    let port = serve(vec![certificate.der().clone()], key).await;
    assert_eq!(ask("outlet.example", port, Some(&certificate.pem())).await, "tls-expired");
}

#[tokio::test]
async fn what_one_source_trusts_no_other_does() {
    let good = chain("outlet.example", 2040);
    let port = serve(vec![good.leaf, good.intermediate.1], good.key).await;
    let here = |_: &str| vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    let guard = Guard { is_public: |_| true, look_up: Some(Arc::new(here)) };
    let fetcher =
        Fetcher::guarded_by(guard, Limits { host_gap: Duration::ZERO, ..Limits::default() }, "kliping").unwrap();
    let plain = Request::plain(Url::parse(&format!("https://outlet.example:{port}/")).unwrap());
    let trusting = Request { extra_ca: Some(Arc::from(good.root.as_bytes())), ..plain.clone() };
    assert!(fetcher.ask(&trusting).await.is_ok());
    assert_eq!(fetcher.ask(&plain).await.unwrap_err().kind(), "tls-chain");
}

#[test]
fn a_file_of_certificates_is_read_or_told_what_it_is() {
    let good = chain("outlet.example", 2040);
    assert_eq!(read_pem(format!("{}{}", good.root, good.intermediate.0).as_bytes()).unwrap().len(), 2);
    for wrong in ["", "bukan sertifikat", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        assert!(read_pem(wrong.as_bytes()).is_err(), "{wrong}");
    }
}
