//! Which certificates make a server's own certificate trusted.

use crate::domain::Error;
use crate::source::unavailable;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::path::Path;

/// The certificates of a PEM file, or of the system's store where none is named. None at all is an error: no server
/// could be trusted.
pub fn certificates(file: Option<&Path>) -> Result<Vec<CertificateDer<'static>>, Error> {
    let Some(file) = file else {
        let mut trusted = rustls_native_certs::load_native_certs().certs;
        // Those of the store that cannot be read are left out: they make no server trusted.
        trusted.retain(|certificate| RootCertStore::empty().add(certificate.clone()).is_ok());
        return Ok(trusted);
    };
    let text = std::fs::read(file).map_err(|_| unavailable("the file named by sslrootcert cannot be read"))?;
    let read = CertificateDer::pem_slice_iter(&text).collect::<Result<Vec<_>, _>>();
    let wrong = || unavailable("the file named by sslrootcert holds no certificate in PEM form");
    read.ok().filter(|all| !all.is_empty()).ok_or_else(wrong)
}

/// The certificates as rustls wants them.
pub fn store(certificates: Vec<CertificateDer<'static>>) -> RootCertStore {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(certificates);
    store
}

/// That a file named for its certificates holds some: told when the server is named, not when it is first called.
pub fn check(file: Option<&Path>) -> Result<(), Error> {
    match file {
        Some(_) => {
            let wrong =
                "the file named by sslrootcert in the address cannot be read, or holds no certificate in PEM form";
            certificates(file).map(drop).map_err(|_| Error::configuration(wrong))
        }
        None => Ok(()),
    }
}
