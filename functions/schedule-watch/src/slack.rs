//! A Slack webhook. Its URL is all that one needs to write into the channel, so
//! it is a secret: in no log and in no error's text.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use aws_smithy_runtime_api::client::{
    http::HttpConnector as _,
    orchestrator::{HttpRequest, HttpResponse},
};
use aws_smithy_types::body::SdkBody;
use lessons::store::Channel;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use shared::{
    refusal::Refusal,
    transport::Transport,
    warmup::{Failed, Ping},
};
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
    transport: Transport,
    attempt: Duration,
}

impl Webhook {
    /// The webhook of this URL; one attempt may take `attempt`, TLS included.
    pub fn new(url: WebhookUrl, transport: Transport, attempt: Duration) -> Self {
        Self {
            url,
            cached: Mutex::default(),
            transport,
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
        let answer = self.send(request(&url, body)?).await.and_then(taken);
        if answer.as_ref().is_err_and(|refusal| refusal.permanent) {
            // The parameter may have a new one by the next wake.
            *self.cached.lock().await = None;
        }
        answer
    }

    /// Reads the URL, where it is in SSM, for the first message to have it: one
    /// `GetParameter`, of which an account has 40 a second, for each of at most five
    /// environments. Then asks the webhook's host for its front page: DNS and TLS,
    /// and no secret is sent.
    async fn ping_host(&self) -> Result<(), Failed> {
        let url = self.url().await?;
        self.send(front_page(&url)?).await?;
        Ok(())
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Refusal> {
        match timeout(self.attempt, self.transport.call(request)).await {
            Ok(Ok(answer)) => Ok(answer),
            // The connector's words may hold the URL.
            Ok(Err(error)) if error.is_timeout() => Err(Refusal::passing("TimedOut")),
            Ok(Err(_)) => Err(Refusal::passing("ConnectionFailed")),
            Err(_) => Err(Refusal::passing("TimedOut")),
        }
    }
}

fn taken(answer: HttpResponse) -> Result<(), Refusal> {
    match answer.status() {
        status if status.is_success() => Ok(()),
        status => Err(Refusal::of_status(status.as_u16(), None)),
    }
}

/// `GET /` of the server that `url` is on.
fn front_page(url: &SecretString) -> Result<HttpRequest, Refusal> {
    let url = url.expose_secret();
    let host = url.find("://").map_or(0, |scheme| scheme + "://".len());
    let end = url[host..].find(['/', '?']).map_or(url.len(), |path| host + path);
    let mut request = HttpRequest::new(SdkBody::empty());
    request
        .set_uri(format!("{}/", &url[..end]))
        .map_err(|_| Refusal::permanent("NotAUrl"))?;
    Ok(request)
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

    fn ping(&self) -> Ping<'_> {
        Ping::new("slack", || self.ping_host()).seldom()
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
