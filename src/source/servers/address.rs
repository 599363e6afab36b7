//! The URL of a database server, read without ever quoting it: it may hold a password.

use super::TlsMode;
use crate::domain::Error;
use percent_encoding::percent_decode_str;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Where a database is and who asks. No `Debug`: the password stays here.
#[derive(Clone)]
pub struct Address {
    pub host: String,
    pub port: u16,
    pub user: Option<String>,
    pub password: Option<String>,
    pub database: Option<String>,
    pub tls: TlsMode,
    /// The file with the certificates to trust instead of the system's.
    pub roots: Option<PathBuf>,
    /// The longest that the server works on one query before it gives up itself.
    pub statement_limit: Duration,
    /// What else the URL says, for the driver.
    pub rest: Vec<Parameter>,
}

/// A parameter of the URL: its name in lower case with `_`, and its value.
pub type Parameter = (String, String);

/// What one kind of server calls things in its URLs.
pub struct Customs {
    pub port: u16,
    /// Parameters that the driver knows beside those that all servers have.
    pub parameters: &'static [&'static str],
}

/// The parameters that all servers have, as the two kinds of client libraries spell them.
const TLS_MODE: [&str; 2] = ["sslmode", "ssl_mode"];
const ROOTS: [&str; 2] = ["sslrootcert", "ssl_ca"];
const STATEMENT_LIMIT: &str = "statement_timeout";

/// The server ends a query by itself after this, should nobody be left to cancel it.
const DEFAULT_STATEMENT_LIMIT: Duration = Duration::from_secs(60);

impl Address {
    /// Reads `scheme://user:password@host:port/database?parameter=value`; every part but the host may be absent.
    pub fn read(url: &str, customs: &Customs) -> Result<Address, Error> {
        // Parsed as a web address, for the sake of one rule for hosts, ports and user names.
        let rest = url.split_once("://").map_or("", |(_, rest)| rest);
        let rest =
            if rest.is_empty() || rest.starts_with(['/', '?']) { format!("localhost{rest}") } else { rest.into() };
        let wrong = || {
            Error::configuration(
                "the address of the database server is no URL; write scheme://user:password@host:port/database, with %40 for @ and %2F for / in a password",
            )
        };
        let url = reqwest::Url::parse(&format!("ftp://{rest}")).map_err(|_| wrong())?;
        if url.fragment().is_some() {
            return Err(wrong());
        }
        let host = url.host_str().ok_or_else(wrong)?.trim_matches(['[', ']']).to_owned();
        // 21 is what a web address of this scheme leaves out.
        let written = url.port().or_else(|| rest_names_port_21(&rest).then_some(21));
        let database = decoded(url.path().trim_start_matches('/'))?;
        let mut address = Address {
            port: written.unwrap_or(customs.port),
            user: decoded(url.username())?,
            password: url.password().map(decoded).transpose()?.flatten(),
            database,
            tls: if is_local(&host) { TlsMode::Prefer } else { TlsMode::VerifyFull },
            host,
            roots: None,
            statement_limit: DEFAULT_STATEMENT_LIMIT,
            rest: Vec::new(),
        };
        for (name, value) in url.query_pairs() {
            address.parameter(name.to_ascii_lowercase().replace('-', "_"), value.into_owned(), customs)?;
        }
        Ok(address)
    }

    fn parameter(&mut self, name: String, value: String, customs: &Customs) -> Result<(), Error> {
        if TLS_MODE.contains(&name.as_str()) {
            self.tls = TlsMode::read(&value).ok_or_else(|| {
                Error::configuration(
                    "sslmode in the address is one of disable, prefer, require, verify-ca, verify-full",
                )
            })?;
        } else if ROOTS.contains(&name.as_str()) {
            self.roots = (value != "system").then(|| PathBuf::from(value));
        } else if name == STATEMENT_LIMIT {
            let limit = value.parse().ok().filter(|limit| (1..=86_400_000).contains(limit));
            let wrong =
                || Error::configuration("statement_timeout in the address is a number of milliseconds, at most a day");
            self.statement_limit = Duration::from_millis(limit.ok_or_else(wrong)?);
        } else if customs.parameters.contains(&name.as_str()) {
            self.rest.push((name, value));
        } else {
            let known = ["sslmode", "sslrootcert", STATEMENT_LIMIT];
            let known: Vec<_> = known.iter().chain(customs.parameters).copied().collect();
            let known = known.join(", ");
            return Err(Error::configuration(format!(
                "the address has a parameter that is not known; known are {known}"
            )));
        }
        Ok(())
    }

    /// Where the database is, without who asks.
    pub fn title(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        format!("{host}:{}/{}", self.port, self.database.as_deref().unwrap_or_default())
    }
}

/// Nobody listens between a program and its own machine.
fn is_local(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn rest_names_port_21(rest: &str) -> bool {
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    authority.ends_with(":21")
}

fn decoded(text: &str) -> Result<Option<String>, Error> {
    let read = percent_decode_str(text).decode_utf8();
    let read = read.map_err(|_| Error::configuration("the address of the database server is not UTF-8"))?;
    Ok((!read.is_empty()).then(|| read.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CUSTOMS: Customs = Customs { port: 5432, parameters: &["application_name"] };

    fn read(url: &str) -> Address {
        Address::read(url, &CUSTOMS).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn every_part_is_read() {
        let all = read(
            "postgresql://re%40d:p%2Fw%3A@db.example.edu:6000/campus?sslmode=require&application-name=x&statement_timeout=5000",
        );
        assert_eq!((all.host.as_str(), all.port), ("db.example.edu", 6000));
        assert_eq!((all.user.as_deref(), all.password.as_deref()), (Some("re@d"), Some("p/w:")));
        assert_eq!((all.database.as_deref(), all.tls), (Some("campus"), TlsMode::Require));
        assert_eq!(all.statement_limit, Duration::from_secs(5));
        assert_eq!(all.rest, [("application_name".to_owned(), "x".to_owned())]);
        assert_eq!(all.title(), "db.example.edu:6000/campus");
        assert_eq!(read("x://h:21/d").port, 21);
        assert_eq!(read("x://h:2121/d").port, 2121);
        assert_eq!(read("x://[::1]/d").title(), "[::1]:5432/d");
        assert_eq!((read("x:///d").host.as_str(), read("x:///d").user), ("localhost", None));
    }

    #[test]
    fn only_the_own_machine_is_asked_in_the_clear() {
        for local in ["localhost", "127.0.0.1", "127.8.9.1", "[::1]"] {
            assert_eq!(read(&format!("x://{local}/d")).tls, TlsMode::Prefer, "{local}");
        }
        for remote in ["db", "10.0.0.1", "127.0.0.1.example.edu", "localhost.example.edu"] {
            assert_eq!(read(&format!("x://{remote}/d")).tls, TlsMode::VerifyFull, "{remote}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_without_the_secret() {
        for wrong in [
            "x://u:s3cret@h:99999/d",
            "x://u:s3cret@h/d?sslmode=s3cret",
            "x://u:s3cret@h/d?password=s3cret",
            "x://u:s3cret@h/d?statement_timeout=s3cret",
            "x://u:s3cret%FF@h/d",
            "x://u:s3cret@ho st/d",
            "x://u:p#s3cret@h/d",
        ] {
            let told = Address::read(wrong, &CUSTOMS).err().map(|error| error.to_string());
            assert!(told.as_ref().is_some_and(|told| !told.contains("s3cret")), "{told:?}");
        }
    }
}
