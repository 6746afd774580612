//! An authority, and a server's certificate by it.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    },
};

/// PEM texts.
#[derive(Debug)]
pub struct Certificates {
    /// Of the authority.
    pub ca: String,
    /// Of the server.
    pub certificate: String,
    /// The server's.
    pub key: String,
}

impl Certificates {
    /// For a server of these names.
    ///
    /// # Panics
    /// When a name is none.
    pub fn make(names: &[&str]) -> Self {
        let mut ca = CertificateParams::default();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.distinguished_name.push(DnType::CommonName, "Punctual's tests");
        let ca_key = KeyPair::generate().expect("a key");
        let ca = CertifiedIssuer::self_signed(ca, ca_key).expect("an authority");
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let key = KeyPair::generate().expect("a key");
        let server = CertificateParams::new(names).expect("names");
        let server = server.signed_by(&key, &ca).expect("a certificate");
        Self {
            ca: ca.pem(),
            certificate: server.pem(),
            key: key.serialize_pem(),
        }
    }

    /// What a server with this certificate takes connections with.
    ///
    /// # Panics
    /// Never, for what [`Certificates::make`] made.
    pub fn acceptor(&self) -> TlsAcceptor {
        let chain = CertificateDer::pem_slice_iter(self.certificate.as_bytes());
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes()).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has both of TLS 1.2 and 1.3")
            .with_no_client_auth()
            .with_single_cert(chain.collect::<Result<_, _>>().expect("PEM"), key)
            .expect("a certificate and its key");
        TlsAcceptor::from(Arc::new(config))
    }
}
