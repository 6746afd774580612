//! Whom the functions trust.

use std::sync::Arc;

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject as _},
};

use crate::config::{ConfigError, Env};

/// The name that the AWS CLI and SDKs give it.
const VARIABLE: &str = "AWS_CA_BUNDLE";

/// TLS with the roots of Mozilla's list, or those in the file of `AWS_CA_BUNDLE`
/// alone: a proxy's own authority, or a test's.
pub(super) fn config(env: &Env) -> Result<ClientConfig, ConfigError> {
    let roots = match ca_bundle(env)? {
        Some(pem) => roots(&pem).map_err(wrong)?,
        None => webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect(),
    };
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has both of TLS 1.2 and 1.3");
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// The PEM text of `AWS_CA_BUNDLE`, where it is set.
///
/// # Errors
/// When the file cannot be read.
pub fn ca_bundle(env: &Env) -> Result<Option<Vec<u8>>, ConfigError> {
    let read = |path| std::fs::read(path).map_err(|error| wrong(format!("the file cannot be read: {error}")));
    env.optional(VARIABLE).map(read).transpose()
}

fn wrong(problem: String) -> ConfigError {
    ConfigError {
        variable: VARIABLE.to_owned(),
        problem,
    }
}

fn roots(pem: &[u8]) -> Result<RootCertStore, String> {
    let certificates = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| format!("the file is not PEM: {error}"))?;
    let mut roots = RootCertStore::empty();
    // As everywhere: one certificate that is not understood spoils no other.
    match roots.add_parsable_certificates(certificates) {
        (0, _) => Err("the file holds no certificate".to_owned()),
        _ => Ok(roots),
    }
}
