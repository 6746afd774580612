//! A secret in SSM's parameter store.

use aws_sdk_ssm::Client;
use secrecy::SecretString;
use shared::refusal::Refusal;

/// A parameter, encrypted or not.
#[derive(Debug, Clone)]
pub struct Parameter {
    client: Client,
    name: String,
}

impl Parameter {
    /// The parameter of this name or ARN.
    pub fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }

    /// Its value now, in one attempt.
    ///
    /// # Errors
    /// The service's code, with `Ssm` before it.
    pub async fn read(&self) -> Result<SecretString, Refusal> {
        let call = self.client.get_parameter().name(&self.name).with_decryption(true);
        let answer = call.send().await.map_err(|error| {
            let refusal = Refusal::of_sdk(&error);
            Refusal {
                code: format!("Ssm{}", refusal.code),
                ..refusal
            }
        })?;
        let value = answer.parameter.and_then(|parameter| parameter.value);
        value
            .filter(|value| !value.trim().is_empty())
            .map(|value| SecretString::from(value.trim()))
            .ok_or_else(|| Refusal::permanent("SsmEmptyParameter"))
    }
}
