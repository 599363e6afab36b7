//! Whom a connection trusts, and as whom it shows itself. That certificates are verified cannot be switched off.

use super::secret::Secret;
use crate::domain::Error;
use reqwest::{Certificate, ClientBuilder, Identity};
use std::sync::Arc;

/// The machine's certificate authorities, or an institution's own instead of them; and a client certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    authorities: Option<Arc<[u8]>>,
    identity: Option<Arc<Secret>>,
}

impl Trust {
    /// Trusts the authorities of this PEM bundle and no others.
    pub fn only(self, pem: &[u8]) -> Result<Trust, Error> {
        let certificates = Certificate::from_pem_bundle(pem).unwrap_or_default();
        if certificates.is_empty() {
            return Err(Error::configuration("the file of certificate authorities holds no PEM certificate"));
        }
        Ok(Trust { authorities: Some(pem.into()), ..self })
    }

    /// Shows the client certificate of this PEM text, which holds the certificate, its chain and the private key.
    pub fn showing(self, pem: Secret) -> Result<Trust, Error> {
        Identity::from_pem(pem.reveal().as_bytes())
            .map_err(|_| Error::configuration("the client certificate is no PEM file of a certificate and its key"))?;
        Ok(Trust { identity: Some(Arc::new(pem)), ..self })
    }

    /// Both were read once before: here they only fail where the memory does.
    pub(super) fn applied(&self, mut builder: ClientBuilder) -> Result<ClientBuilder, reqwest::Error> {
        if let Some(pem) = &self.authorities {
            builder = builder.tls_certs_only(Certificate::from_pem_bundle(pem)?);
        }
        if let Some(pem) = &self.identity {
            builder = builder.identity(Identity::from_pem(pem.reveal().as_bytes())?);
        }
        Ok(builder)
    }

    /// Whether the machine's own authorities are the trusted ones.
    pub(super) fn is_machines(&self) -> bool {
        self.authorities.is_none()
    }
}
