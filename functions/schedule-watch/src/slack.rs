//! A Slack webhook. Its URL is all that one needs to write into the channel, so
//! it is a secret: in no log and in no error's text.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use aws_smithy_http_client::{
    Connector,
    tls::{self, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{http::HttpConnector, orchestrator::HttpRequest};
use aws_smithy_types::body::SdkBody;
use lessons::store::Channel;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use shared::refusal::Refusal;
use tokio::{sync::Mutex, time::timeout};

use crate::{config::is_url, message::Message, parameter::Parameter, persist::persist, tell::Messenger};

/// Where the webhook's URL is.
#[derive(Debug, Clone)]
pub enum WebhookUrl {
    /// Here.
    Given(SecretString),
    /// In SSM, from where it is read at the first message.
    Stored(Parameter),
}

/// A webhook.
pub struct Webhook {
    url: WebhookUrl,
    cached: Mutex<Option<SecretString>>,
    // The SDK's own client without the SDK: no further HTTP or TLS stack.
    connector: Connector,
    attempt: Duration,
}

impl Webhook {
    /// The webhook of this URL; one attempt may take `attempt`, TLS included.
    pub fn new(url: WebhookUrl, attempt: Duration) -> Self {
        let tls = tls::Provider::Rustls(CryptoMode::Ring);
        Self {
            url,
            cached: Mutex::default(),
            connector: Connector::builder().tls_provider(tls).build(),
            attempt,
        }
    }

    async fn url(&self) -> Result<SecretString, Refusal> {
        let parameter = match &self.url {
            WebhookUrl::Given(url) => return Ok(url.clone()),
            WebhookUrl::Stored(parameter) => parameter,
        };
        let mut cached = self.cached.lock().await;
        if let Some(url) = &*cached {
            return Ok(url.clone());
        }
        let url = parameter.read().await?;
        match is_url(url.expose_secret()) {
            true => Ok(cached.insert(url).clone()),
            false => Err(Refusal::permanent("NotAUrl")),
        }
    }

    async fn post(&self, body: &str) -> Result<(), Refusal> {
        let url = self.url().await?;
        let answer = self.send(request(&url, body)).await;
        if answer.as_ref().is_err_and(|refusal| refusal.permanent) {
            // The parameter may have a new one by the next wake.
            *self.cached.lock().await = None;
        }
        answer
    }

    async fn send(&self, request: Result<HttpRequest, Refusal>) -> Result<(), Refusal> {
        let call = self.connector.call(request?);
        let answer = match timeout(self.attempt, call).await {
            Ok(Ok(answer)) => answer,
            // The connector's words may hold the URL.
            Ok(Err(error)) if error.is_timeout() => return Err(Refusal::passing("TimedOut")),
            Ok(Err(_)) => return Err(Refusal::passing("ConnectionFailed")),
            Err(_) => return Err(Refusal::passing("TimedOut")),
        };
        match answer.status() {
            status if status.is_success() => Ok(()),
            status => Err(Refusal::of_status(status.as_u16(), None)),
        }
    }
}

fn request(url: &SecretString, body: &str) -> Result<HttpRequest, Refusal> {
    let mut request = HttpRequest::new(SdkBody::from(body));
    request
        .set_uri(url.expose_secret())
        .map_err(|_| Refusal::permanent("NotAUrl"))?;
    request
        .set_method("POST")
        .map_err(|_| Refusal::permanent("NotConstructed"))?;
    request.headers_mut().insert("content-type", "application/json");
    Ok(request)
}

/// Slack's own escapes: without them `<` begins a link.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[async_trait]
impl Messenger for Webhook {
    fn channel(&self) -> Channel {
        Channel::Slack
    }

    async fn tell(&self, message: &Message) -> Result<(), Refusal> {
        let body = json!({"text": escaped(&message.text)}).to_string();
        persist(|| self.post(&body)).await
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Webhook")
    }
}
