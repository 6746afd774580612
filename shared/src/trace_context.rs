//! One id from a phone's request to the last call that carries its lines.
//!
//! It comes as [W3C Trace Context] or as an X-Ray header, whose root is the same 128
//! bits in other clothes, and goes on as both. Where a client has an id of its own,
//! X-Ray's trace is another one; each line says that too.
//!
//! [W3C Trace Context]: https://www.w3.org/TR/trace-context/

use std::fmt;

use http::HeaderMap;
use lambda_runtime::Context;
use tracing::Instrument as _;

tokio::task_local! {
    static CURRENT: TraceId;
}

/// The header, and the message attribute, of W3C's form.
pub const TRACEPARENT: &str = "traceparent";
/// The header of X-Ray's form.
const XRAY: &str = "x-amzn-trace-id";

/// 128 bits, in 32 lower-case hexadecimal digits; never all zero.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TraceId(String);

/// A unit of work's place in a trace.
#[derive(Debug, Clone)]
pub struct TraceContext {
    id: TraceId,
    is_sampled: bool,
    xray: Option<String>,
    /// Lambda's, of the invocation; empty where there is none.
    request_id: String,
}

impl TraceId {
    /// That of a `traceparent`: `00-<32 digits>-<16 digits>-<2 digits>`. Of a later
    /// version's, what this one knows.
    pub fn of_traceparent(header: &str) -> Option<Self> {
        let mut parts = header.trim().split('-');
        let (version, id, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let is_whole = is_hex(version, 2) && is_id(parent, 16) && is_hex(flags, 2);
        let is_known = version != "ff" && (version != "00" || parts.next().is_none());
        (is_whole && is_known && is_id(id, 32)).then(|| Self(id.to_owned()))
    }

    /// That of an X-Ray header's `Root=1-<8 digits>-<24 digits>`.
    pub fn of_xray(header: &str) -> Option<Self> {
        let mut fields = header.split(';').map(str::trim);
        let root = fields.find_map(|field| field.strip_prefix("Root=1-"))?;
        let (time, unique) = root.split_once('-')?;
        let id = format!("{time}{unique}").to_ascii_lowercase();
        (time.len() == 8 && is_id(&id, 32)).then_some(Self(id))
    }

    /// The digits of that of the work that the running task does.
    pub fn current() -> Option<String> {
        CURRENT.try_with(|id| id.0.clone()).ok()
    }

    fn random() -> Self {
        Self(format!("{:032x}", fastrand::u128(1..)))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TraceContext {
    /// Of an HTTP request: the client's own, or that of whoever handed it on, or
    /// Lambda's, or a new one.
    pub fn of_request(headers: &HeaderMap, invocation: Option<&Context>) -> Self {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let traceparent = header(TRACEPARENT);
        let xray = header(XRAY);
        let lambdas = invocation.and_then(|invocation| invocation.xray_trace_id.as_deref());
        let id = traceparent.and_then(TraceId::of_traceparent);
        let is_sampled = match id {
            Some(_) => traceparent.is_some_and(has_sampled_flag),
            None => lambdas.or(xray).is_some_and(is_sampled_by_xray),
        };
        Self {
            id: id
                .or_else(|| xray.and_then(TraceId::of_xray))
                .or_else(|| lambdas.and_then(TraceId::of_xray))
                .unwrap_or_else(TraceId::random),
            is_sampled,
            // SQS refuses what is none.
            xray: lambdas
                .or(xray)
                .filter(|header| TraceId::of_xray(header).is_some())
                .map(ToOwned::to_owned),
            request_id: invocation
                .map(|invocation| invocation.request_id.clone())
                .unwrap_or_default(),
        }
    }

    /// Of work that nobody asked for: a new trace.
    pub fn begin() -> Self {
        Self::of_request(&HeaderMap::new(), None)
    }

    /// Of an invocation that no request made.
    pub fn of_invocation(invocation: &Context) -> Self {
        Self::of_request(&HeaderMap::new(), Some(invocation))
    }

    /// The id.
    pub fn id(&self) -> &TraceId {
        &self.id
    }

    /// The `traceparent` of what is done on behalf of this: the same trace, a span of
    /// its own.
    pub fn traceparent(&self) -> String {
        self.traceparent_of(&self.id)
    }

    /// The same of another trace's id, sampled as this one is.
    pub fn traceparent_of(&self, id: &TraceId) -> String {
        let (span, flags) = (fastrand::u64(1..), u8::from(self.is_sampled));
        format!("00-{id}-{span:016x}-{flags:02x}")
    }

    /// The X-Ray header to pass on, as it came.
    pub fn xray(&self) -> Option<&str> {
        self.xray.as_deref()
    }

    /// Does `work` in this trace: each line that it writes, of the log or of metrics,
    /// says so.
    pub async fn follow<F: Future>(&self, work: F) -> F::Output {
        let other = self
            .xray()
            .and_then(TraceId::of_xray)
            .filter(|xray| *xray != self.id);
        let xray_trace_id = other.as_ref().map(TraceId::as_str);
        let request_id = &*self.request_id;
        let span = tracing::info_span!("invocation", request_id, trace_id = %self.id, xray_trace_id);
        CURRENT.scope(self.id.clone(), work).instrument(span).await
    }
}

fn has_sampled_flag(traceparent: &str) -> bool {
    let flags = traceparent.trim().split('-').nth(3);
    flags.is_some_and(|flags| u8::from_str_radix(flags, 16).is_ok_and(|flags| flags & 1 == 1))
}

fn is_sampled_by_xray(header: &str) -> bool {
    header.split(';').any(|field| field.trim() == "Sampled=1")
}

fn is_id(text: &str, digits: usize) -> bool {
    is_hex(text, digits) && text.bytes().any(|digit| digit != b'0')
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const ROOT: &str = "Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=53995c3f42cd8ad8;Sampled=1";

    fn request(headers: &[(&'static str, &str)], lambdas: Option<&str>) -> TraceContext {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value")));
        let mut invocation = Context::default();
        invocation.xray_trace_id = lambdas.map(ToOwned::to_owned);
        TraceContext::of_request(&headers.collect(), Some(&invocation))
    }

    #[test]
    fn both_forms_name_the_same_id_and_nonsense_names_none() {
        let traceparent = format!("00-{ID}-00f067aa0ba902b7-01");
        assert_eq!(TraceId::of_traceparent(&traceparent).expect("good").as_str(), ID);
        assert_eq!(TraceId::of_xray(ROOT).expect("good").as_str(), ID);
        let later = format!("01-{ID}-00f067aa0ba902b7-01-more");
        assert!(TraceId::of_traceparent(&later).is_some());
        for wrong in [
            String::new(),
            traceparent.to_ascii_uppercase(),
            traceparent.replace("00-4", "ff-4"),
            traceparent.replace(ID, &"0".repeat(32)),
            traceparent.replace("00f067aa0ba902b7", &"0".repeat(16)),
            format!("{traceparent}-more"),
            ID.to_owned(),
        ] {
            assert_eq!(TraceId::of_traceparent(&wrong), None, "{wrong}");
        }
        for wrong in ["", "Root=1-4bf92f35", "Root=2-4bf92f35-77b34da6a3ce929d0e0e4736"] {
            assert_eq!(TraceId::of_xray(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_clients_own_id_comes_first_and_lambdas_header_goes_on_as_it_came() {
        let traceparent = "00-11111111111111111111111111111111-00f067aa0ba902b7-00";
        let both = request(&[(TRACEPARENT, traceparent), (XRAY, ROOT)], Some(ROOT));
        assert_eq!(both.id().as_str(), "1".repeat(32));
        assert_eq!(both.xray(), Some(ROOT));
        assert!(both.traceparent().ends_with("-00"));
        let broken = request(&[(TRACEPARENT, "nonsense"), (XRAY, ROOT)], None);
        assert_eq!((broken.id().as_str(), broken.xray()), (ID, Some(ROOT)));
        let lambdas = request(&[], Some(ROOT));
        assert_eq!(lambdas.id().as_str(), ID);
        assert!(lambdas.traceparent().ends_with("-01"));
    }

    #[test]
    fn where_nobody_says_one_each_request_gets_its_own() {
        let (one, other) = (request(&[], None), request(&[], None));
        assert_ne!(one.id(), other.id());
        let passed_on = TraceId::of_traceparent(&one.traceparent());
        assert_eq!(passed_on.as_ref(), Some(one.id()));
        assert_ne!(one.traceparent(), one.traceparent(), "a span of its own each");
    }
}
