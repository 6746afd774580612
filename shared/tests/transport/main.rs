//! Wire-level: connections that are opened ahead, die, or are not to be trusted.

mod ahead;
mod warm_up;

use std::time::{Duration, Instant};

use aws_smithy_runtime_api::client::{
    http::HttpConnector as _, orchestrator::HttpRequest, result::ConnectorError,
};
use aws_smithy_types::{body::SdkBody, byte_stream::ByteStream};
use futures::future::join_all;
use shared::{
    aws::CallTimeouts,
    config::Env,
    transport::{Transport, only_connecting},
};
use testkit::{Certificates, Peer, WallClock};

fn transport() -> Transport {
    Transport::from_env(&Env::of([]), CallTimeouts::default()).expect("no bundle is named")
}

async fn call(transport: &Transport, url: &str) -> Result<u16, ConnectorError> {
    let mut request = HttpRequest::new(SdkBody::from("{}"));
    request.set_uri(url).expect("a URL");
    request.set_method("POST").expect("a method");
    let answer = transport.call(request).await?;
    let status = answer.status().as_u16();
    // Until it is read its connection is in use.
    ByteStream::new(answer.into_body())
        .collect()
        .await
        .expect("a body");
    Ok(status)
}

/// Fills the pool with as many connections, all served.
async fn fill(transport: &Transport, peer: &Peer, connections: usize) {
    let url = peer.url();
    join_all((0..connections).map(|_| only_connecting(call(transport, &url)))).await;
    let answers = join_all((0..connections).map(|_| call(transport, &url))).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(peer.seen(), (connections, connections));
}

#[tokio::test]
async fn connections_that_the_server_ended_cost_the_next_request_nothing() {
    let peer = Peer::plain().await;
    let transport = transport();
    fill(&transport, &peer, 4).await;
    peer.hang_up();
    for _ in 0..4 {
        call(&transport, &peer.url()).await.expect("an answer");
    }
    assert_eq!(peer.seen(), (5, 8));
}

/// A client that is patient for so long after a rest.
fn patient(clock: &WallClock, env: &Env, patience: Duration) -> Transport {
    let timeouts = CallTimeouts {
        patience,
        ..CallTimeouts::default()
    };
    Transport::with_clock(env, timeouts, clock.now()).expect("no bundle, or a good one")
}

/// The same, and it trusts these certificates alone.
fn trusting(certificates: &Certificates, clock: &WallClock, patience: Duration) -> Transport {
    let bundle = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(&bundle, &certificates.ca).expect("written");
    let env = Env::of([("AWS_CA_BUNDLE", bundle.path().to_str().expect("UTF-8"))]);
    patient(clock, &env, patience)
}

/// Long enough that only what hangs takes it.
const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(50);

/// As after a freeze: a client that is patient for so long, and whose four connections
/// fell silent while it rested.
async fn thawed(peer: &Peer, patience: Duration) -> Transport {
    let clock = WallClock::default();
    let transport = patient(&clock, &Env::of([]), patience);
    fill(&transport, peer, 4).await;
    peer.fall_silent();
    clock.leap();
    transport
}

#[tokio::test]
async fn after_a_rest_silence_is_not_waited_for_and_other_old_connections_are_not_tried() {
    let peer = Peer::plain().await;
    let transport = thawed(&peer, SHORT).await;
    let began = Instant::now();
    call(&transport, &peer.url()).await.expect("an answer");
    assert!(began.elapsed() < LONG);
    assert_eq!(peer.seen(), (5, 5));
}

#[tokio::test]
async fn requests_that_find_the_pool_dead_together_fill_one_new_pool() {
    let peer = Peer::plain().await;
    let transport = thawed(&peer, SHORT).await;
    let url = peer.url();
    for round in 1..=3 {
        // Each keeps its connection for itself until all are there.
        peer.answer_together(4 * round, 4);
        let answers = join_all((0..4).map(|_| call(&transport, &url))).await;
        assert!(answers.iter().all(Result::is_ok), "{answers:?}");
        assert_eq!(peer.seen(), (8, 4 + 4 * round), "{round}");
    }
}

#[tokio::test]
async fn a_request_that_is_given_up_after_a_rest_takes_the_old_connections_with_it() {
    let peer = Peer::plain().await;
    let transport = thawed(&peer, LONG).await;
    let url = peer.url();
    let attempt = tokio::time::timeout(SHORT, call(&transport, &url));
    assert!(attempt.await.is_err());
    call(&transport, &peer.url()).await.expect("an answer");
    assert_eq!(peer.seen(), (5, 5));
}

/// Sends one request that is answered only when a second one is there, much later
/// than patience ends.
async fn wait_for_an_answer(transport: &Transport, peer: &Peer) {
    let (_, before) = peer.seen();
    peer.answer_together(before, 2);
    let url = peer.url();
    let slow = call(transport, &url);
    let other = async {
        peer.until_seen((0, before + 1)).await;
        tokio::time::sleep(SHORT).await;
        call(transport, &url).await
    };
    let (slow, other) = futures::join!(slow, other);
    assert!(slow.is_ok() && other.is_ok());
    assert_eq!(peer.seen().1, before + 2, "each was sent once");
}

/// What no rest explains may be the service's own time.
#[tokio::test]
async fn without_a_rest_an_answer_is_waited_for() {
    let peer = Peer::plain().await;
    let transport = patient(&WallClock::default(), &Env::of([]), Duration::from_millis(1));
    fill(&transport, &peer, 1).await;
    wait_for_an_answer(&transport, &peer).await;
}

#[tokio::test]
async fn after_a_rest_an_answer_is_waited_for_on_a_connection_that_is_new() {
    let peer = Peer::plain().await;
    let clock = WallClock::default();
    let transport = patient(&clock, &Env::of([]), Duration::from_millis(1));
    fill(&transport, &peer, 1).await;
    clock.leap();
    peer.hang_up();
    // So that the client has seen it.
    tokio::time::sleep(SHORT).await;
    wait_for_an_answer(&transport, &peer).await;
}

#[tokio::test]
async fn a_server_that_always_hangs_up_is_asked_twice_and_no_more() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let hanging_up = tokio::spawn(async move {
        for _ in 0..2 {
            let (mut connection, _) = listener.accept().await.expect("a connection");
            let mut some = [0; 16];
            tokio::io::AsyncReadExt::read_exact(&mut connection, &mut some)
                .await
                .expect("a request");
        }
        listener
    });
    let error = call(&transport(), &url).await.expect_err("no answer");
    assert!(error.is_io(), "{error:?}");
    let both = tokio::time::timeout(LONG, hanging_up).await;
    both.expect("two connections").expect("and no panic");
}

#[tokio::test]
async fn whom_to_trust_is_the_bundle_s_to_say() {
    let certificates = Certificates::make(&["localhost"]);
    let peer = Peer::with_tls(&certificates).await;
    let error = call(&transport(), &peer.url()).await.expect_err("not Mozilla's");
    let causes = std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source());
    let last = causes.last().expect("itself").to_string();
    assert!(last.contains("invalid peer certificate"), "{last}");

    let transport = trusting(&certificates, &WallClock::default(), LONG);
    assert_eq!(call(&transport, &peer.url()).await.expect("an answer"), 400);
}

#[test]
fn a_bundle_that_is_none_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "").expect("written");
    for path in [empty.to_str().expect("UTF-8"), "/no/such/file"] {
        let env = Env::of([("AWS_CA_BUNDLE", path)]);
        let error = Transport::from_env(&env, CallTimeouts::default()).expect_err(path);
        assert_eq!(error.variable, "AWS_CA_BUNDLE");
    }
}
