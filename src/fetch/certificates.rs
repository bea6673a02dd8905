use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::domain::Instant;
use crate::fetch::FetchError;

/// A certificate that an outlet showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// For whom it is.
    pub subject: String,
    /// Who vouches for that.
    pub issuer: String,
    /// It holds until then.
    pub expires: Option<Instant>,
}

/// Mozilla's roots, which are built in so that a container needs none, and the system's, among which an operator may have put
/// another. Read once: there are hundreds.
static ROOTS: LazyLock<RootCertStore> = LazyLock::new(|| {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
});

/// The certificates of a PEM file.
///
/// # Errors
/// What is wrong with it, in words.
pub fn read_pem(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let all = all.map_err(|error| error.to_string())?;
    for certificate in &all {
        RootCertStore::empty().add(certificate.clone()).map_err(|error| error.to_string())?;
    }
    if all.is_empty() { Err("there is no certificate in it".into()) } else { Ok(all) }
}

/// Whom to trust: the usual roots and what completes a chain. Nothing here ever switches verification off.
pub fn trust(extra_ca: Option<&[u8]>, witness: Option<&Arc<Witness>>) -> Result<ClientConfig, FetchError> {
    let failed = |error: String| FetchError::Client(error);
    let mut roots = ROOTS.clone();
    let extra = extra_ca.map(read_pem).transpose().map_err(failed)?.unwrap_or_default();
    roots.add_parsable_certificates(extra.iter().cloned());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| failed(error.to_string()))?;
    if extra.is_empty() && witness.is_none() {
        return Ok(builder.with_root_certificates(roots).with_no_client_auth());
    }
    let usual = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
    let usual = usual.map_err(|error| failed(error.to_string()))?;
    let verifier = Verifier { usual, own: extra, witness: witness.cloned() };
    Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
}

/// Remembers which certificates each host showed, whether they were trusted or not.
#[derive(Debug, Default)]
pub struct Witness {
    shown: Mutex<HashMap<String, Vec<Certificate>>>,
}

impl Witness {
    /// What that host showed, its own certificate first.
    pub fn shown_by(&self, host: &str) -> Vec<Certificate> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).get(host).cloned().unwrap_or_default()
    }
}

/// The usual verifier, watched; beside what it accepts it takes a certificate that the operator named himself, which an outlet signed on
/// its own: for its name and its time only.
#[derive(Debug)]
struct Verifier {
    usual: Arc<WebPkiServerVerifier>,
    own: Vec<CertificateDer<'static>>,
    witness: Option<Arc<Witness>>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if let Some(witness) = &self.witness {
            let shown = std::iter::once(end_entity).chain(intermediates).filter_map(describe).collect();
            let mut all = witness.shown.lock().unwrap_or_else(PoisonError::into_inner);
            all.insert(server_name.to_str().into_owned(), shown);
        }
        if self.own.iter().any(|own| own == end_entity) {
            verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
            return in_its_time(end_entity, now).map(|()| ServerCertVerified::assertion());
        }
        self.usual.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.usual.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.usual.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}

fn in_its_time(certificate: &CertificateDer<'_>, now: UnixTime) -> Result<(), rustls::Error> {
    let (_, read) = X509Certificate::from_der(certificate).map_err(|_| CertificateError::BadEncoding)?;
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let (begin, end) = (read.validity().not_before.timestamp(), read.validity().not_after.timestamp());
    if now < begin {
        return Err(CertificateError::NotValidYet.into());
    }
    if now > end {
        return Err(CertificateError::Expired.into());
    }
    Ok(())
}

fn describe(certificate: &CertificateDer<'_>) -> Option<Certificate> {
    let (_, read) = X509Certificate::from_der(certificate).ok()?;
    Some(Certificate {
        subject: read.subject().to_string(),
        issuer: read.issuer().to_string(),
        expires: Instant::from_timestamp(read.validity().not_after.timestamp(), 0),
    })
}
