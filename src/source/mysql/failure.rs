//! What went wrong on a MySQL server, without a value of the database, and whether to ask again.

use crate::source::servers::{Fault, untrusted};
use crate::source::unavailable;
use mysql_async::{DriverError, Error, IoError, TlsError};
use std::io::ErrorKind;

/// The fault behind a driver's error. The server's own message is not told: it may quote a value.
pub fn fault(error: &Error) -> Fault {
    let away = |words: &str| Fault::Away(unavailable(words.to_owned()));
    match error {
        Error::Server(answer) => answered(answer.code),
        Error::Io(IoError::Tls(TlsError::Tls(error))) => Fault::Final(untrusted(error)),
        Error::Io(IoError::Tls(_)) => {
            Fault::Final(unavailable("encryption needs a host name and certificates to trust"))
        }
        Error::Io(IoError::Io(io)) => {
            if let Some(error) = io.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                return Fault::Final(untrusted(error));
            }
            let broken = [
                ErrorKind::ConnectionReset,
                ErrorKind::ConnectionAborted,
                ErrorKind::BrokenPipe,
                ErrorKind::UnexpectedEof,
            ];
            if broken.contains(&io.kind()) {
                // Somebody had answered.
                return Fault::Lost(unavailable("the connection to the server was lost"));
            }
            away(match io.kind() {
                ErrorKind::ConnectionRefused => "the connection was refused",
                ErrorKind::TimedOut => "the server does not answer in time",
                _ => "the connection to the server was lost",
            })
        }
        _ if no_encryption(error) => {
            Fault::Final(unavailable("the server does not offer the encryption that sslmode asks for"))
        }
        Error::Driver(DriverError::ConnectionClosed) => {
            Fault::Lost(unavailable("the connection to the server was lost"))
        }
        Error::Driver(_) => away("the connection to the server failed"),
        Error::Other(_) | Error::Url(_) => Fault::Final(unavailable("the driver cannot use this server")),
    }
}

/// Whether the database lacks a table or column that was named.
pub fn lacking(error: &Error) -> bool {
    matches!(error, Error::Server(answer) if [1054, 1109, 1146].contains(&answer.code))
}

/// Whether the server cannot encrypt.
pub fn no_encryption(error: &Error) -> bool {
    matches!(error, Error::Driver(DriverError::NoClientSslFlagFromServer))
}

fn answered(code: u16) -> Fault {
    let says = |words: &str| unavailable(words.to_owned());
    match code {
        1045 | 1698 => Fault::Final(says("the server refuses the user name or password")),
        1044 | 1049 => Fault::Final(says("the server has no database of this name for this user")),
        1142 | 1143 => Fault::Final(says("the user has no permission to read a table of the schema")),
        1109 | 1146 => Fault::Final(says("the database lacks a table of the published schema")),
        1054 => Fault::Final(says("the database lacks a column of the published schema")),
        // A limit on time: MySQL's, MariaDB's.
        3024 | 1969 => Fault::Rows(says("the server ended a query that took longer than statement_timeout")),
        1040 | 1203 | 1226 => Fault::Lost(says("the server has no connection to spare")),
        1053 | 1077 | 1079 | 1080 | 1927 | 3169 => Fault::Lost(says("the server is not available now")),
        // Interrupted; a lock; a change of the tables since the snapshot.
        1317 | 1205 | 1213 | 1412 | 1243 => Fault::Lost(unavailable(format!("MySQL reports error {code}"))),
        // Values that a view cannot convert; a subquery that finds two rows where one is wanted.
        1242 | 1264 | 1292 | 1365 | 1366 | 1406 | 1690 => {
            Fault::Rows(unavailable(format!("MySQL reports error {code}")))
        }
        _ => Fault::Final(unavailable(format!("MySQL reports error {code}"))),
    }
}
