//! Connections that are there, or on their way, before the request that uses them.

use lambda_runtime::tracing::Level;
use shared::{
    config::Env,
    transport::{only_beginning, only_connecting},
};
use testkit::{Certificates, Peer, WallClock, logged, says};

use super::{LONG, call, patient, transport, trusting};

#[tokio::test]
async fn a_connection_that_was_opened_ahead_is_used_and_none_beside_it() {
    let peer = Peer::plain().await;
    let transport = transport();
    let (sent, opened) = only_connecting(call(&transport, &peer.url())).await;
    assert!(sent.is_err() && opened);
    assert_eq!(call(&transport, &peer.url()).await.expect("an answer"), 400);
    assert_eq!(peer.seen(), (1, 1));
}

#[tokio::test]
async fn a_connection_that_was_opened_ahead_of_a_freeze_is_not_used() {
    let peer = Peer::plain().await;
    let clock = WallClock::default();
    let transport = patient(&clock, &Env::of([]), LONG);
    let (_, opened) = only_connecting(call(&transport, &peer.url())).await;
    assert!(opened);
    peer.fall_silent();
    clock.leap();
    call(&transport, &peer.url()).await.expect("an answer");
    assert_eq!(peer.seen(), (2, 1));
}

#[tokio::test]
async fn a_request_takes_up_a_connection_that_was_only_begun() {
    let peer = Peer::plain().await;
    let transport = transport();
    let (sent, begun) = only_beginning(call(&transport, &peer.url())).await;
    assert!(sent.is_err() && begun);
    // Nobody has accepted it yet.
    assert_eq!(peer.seen(), (0, 0));
    assert_eq!(call(&transport, &peer.url()).await.expect("an answer"), 400);
    assert_eq!(peer.seen(), (1, 1));
}

#[tokio::test]
async fn one_that_cannot_be_opened_is_told_of_and_the_request_opens_its_own() {
    let certificates = Certificates::make(&["localhost"]);
    let peer = Peer::with_tls(&certificates).await;
    peer.refuse(1);
    let transport = trusting(&certificates, &WallClock::default(), LONG);
    let lines = logged(Level::WARN, async {
        let (sent, _) = only_beginning(call(&transport, &peer.url())).await;
        assert!(sent.is_err());
        assert_eq!(call(&transport, &peer.url()).await.expect("an answer"), 400);
    });
    let lines = lines.await;
    assert_eq!(peer.seen(), (2, 1));
    let words = [
        "could not be opened ahead",
        "server=\"https://localhost:",
        "detail=\"",
    ];
    assert!(says(&lines, &words), "{lines:?}");
}
