//! What goes wrong on the way, in the SDK's words.

use std::error::Error;

use aws_smithy_runtime_api::{box_error::BoxError, client::result::ConnectorError};
use hyper_util::client::legacy;

use super::dialer::ConnectTimedOut;
use crate::cause::causes;

/// Of a connection that was not opened.
pub(super) fn of_dialing(error: BoxError) -> ConnectorError {
    match find::<ConnectTimedOut>(&*error) {
        Some(_) => ConnectorError::timeout(error),
        None => ConnectorError::io(error),
    }
}

/// Of a request.
pub(super) fn of_client(error: legacy::Error) -> ConnectorError {
    let is_user = find::<hyper::Error>(&error).is_some_and(hyper::Error::is_user);
    match is_user {
        true => ConnectorError::user(error.into()),
        false => of_dialing(error.into()),
    }
}

/// Whether the connection was there and ended under the request.
pub(super) fn is_of_a_dead_connection(error: &legacy::Error) -> bool {
    let ended =
        |error: &hyper::Error| error.is_incomplete_message() || error.is_canceled() || error.is_closed();
    !error.is_connect()
        && (find::<hyper::Error>(error).is_some_and(ended) || find::<std::io::Error>(error).is_some())
}

fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    causes(error).find_map(|cause| cause.downcast_ref())
}
