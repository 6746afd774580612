//! An authority, and a server's certificate by it.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

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
}
