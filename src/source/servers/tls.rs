//! How much a connection is protected, in libpq's words, and the rustls settings for it.

use super::roots;
use crate::domain::Error;
use crate::source::unavailable;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, SignatureScheme};
use std::path::Path;
use std::sync::Arc;

/// libpq's `sslmode`; MySQL's words for the same are read too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsMode {
    /// Never encrypted.
    Disable,
    /// Encrypted where the server can, with whoever answers.
    Prefer,
    /// Encrypted, with whoever answers; where a root certificate is named, as `VerifyCa`.
    Require,
    /// Encrypted, with a server whose certificate is trusted.
    VerifyCa,
    /// Encrypted, with a server whose certificate is trusted and names the host that was asked for.
    VerifyFull,
}

impl TlsMode {
    pub fn read(word: &str) -> Option<TlsMode> {
        match word.to_ascii_lowercase().replace('_', "-").as_str() {
            "disable" | "disabled" => Some(TlsMode::Disable),
            "allow" | "prefer" | "preferred" => Some(TlsMode::Prefer),
            "require" | "required" => Some(TlsMode::Require),
            "verify-ca" => Some(TlsMode::VerifyCa),
            "verify-full" | "verify-identity" => Some(TlsMode::VerifyFull),
            _ => None,
        }
    }

    /// With a root certificate named, `require` verifies it, as libpq has it.
    pub fn with_roots(self, roots: Option<&Path>) -> TlsMode {
        if self == TlsMode::Require && roots.is_some() { TlsMode::VerifyCa } else { self }
    }
}

/// rustls' settings for a mode; none for [`TlsMode::Disable`].
pub fn security(mode: TlsMode, roots: Option<&Path>) -> Result<Option<ClientConfig>, Error> {
    let mode = mode.with_roots(roots);
    if mode == TlsMode::Disable {
        return Ok(None);
    }
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier::new(mode, roots, &provider)?;
    let internal = |_| Error::Internal { message: "the TLS settings do not fit together".into() };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(internal)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(Some(config))
}

/// Why encryption failed, in words for the user.
pub fn untrusted(error: &rustls::Error) -> Error {
    unavailable(match error {
        rustls::Error::InvalidCertificate(_) => {
            "the server's certificate is not trusted: it must be signed by one of the system's roots or of sslrootcert, \
             be valid now, and name the host"
        }
        _ => "the server and this program agree on no way to encrypt",
    })
}

/// Looks at the server's certificate as closely as the mode says; that the server holds its key is always proved.
#[derive(Debug)]
struct Verifier {
    mode: TlsMode,
    provider: Arc<CryptoProvider>,
    /// None where any certificate will do.
    chain: Option<Arc<WebPkiServerVerifier>>,
}

impl Verifier {
    fn new(mode: TlsMode, roots: Option<&Path>, provider: &Arc<CryptoProvider>) -> Result<Verifier, Error> {
        let chain = match mode {
            TlsMode::VerifyCa | TlsMode::VerifyFull => {
                let store = Arc::new(roots::store(roots::certificates(roots)?));
                let built = WebPkiServerVerifier::builder_with_provider(store, Arc::clone(provider)).build();
                let none = |_| unavailable("no certificate is there to trust: name one with sslrootcert");
                Some(built.map_err(none)?)
            }
            _ => None,
        };
        Ok(Verifier { mode, provider: Arc::clone(provider), chain })
    }
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
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        match chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.mode == TlsMode::VerifyCa => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(
            message,
            certificate,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(
            message,
            certificate,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
