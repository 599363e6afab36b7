//! The verification service over HTTP: `POST {base}/transcripts` and `POST {base}/degrees`, JSON both ways.

use super::answer::{judge, unavailable};
use super::{Claim, Confirmation, DegreeClaim, Verifier};
use crate::domain::Error;
use crate::source::{Pending, Resources};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Response, Url};
use serde_json::json;

/// No honest answer is longer.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Confirms over HTTP. How long an answer may take is the caller's business: dropping the future ends the request.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpVerifier {
    transcripts: Url,
    degrees: Url,
}

impl HttpVerifier {
    /// `base_url` is an http or https URL without query or fragment; the end points lie below its path.
    pub fn new(base_url: &str) -> Result<HttpVerifier, Error> {
        let base = Url::parse(base_url).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let base = base.filter(|url| url.query().is_none() && url.fragment().is_none());
        let base = base.ok_or_else(|| {
            Error::configuration("the verifier is given as an http or https URL without query or fragment")
        })?;
        Ok(HttpVerifier { transcripts: below(&base, "transcripts"), degrees: below(&base, "degrees") })
    }
}

// The URL may carry a password.
impl std::fmt::Debug for HttpVerifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HttpVerifier({})", self.transcripts.host_str().unwrap_or_default())
    }
}

fn below(base: &Url, segment: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{segment}", base.path().trim_end_matches('/')));
    url
}

impl Verifier for HttpVerifier {
    fn confirm<'a>(&'a self, resources: &'a Resources, claim: &'a Claim) -> Pending<'a, Result<Confirmation, Error>> {
        let question = json!({
            "serial": claim.serial.as_str(),
            "code": claim.code.to_string(),
            "digest": claim.digest.hex(),
            "issued": claim.date.to_string(),
        });
        Box::pin(ask(&resources.http, &self.transcripts, question))
    }

    fn confirm_degree<'a>(
        &'a self,
        resources: &'a Resources,
        claim: &'a DegreeClaim,
    ) -> Pending<'a, Result<Confirmation, Error>> {
        let question = json!({
            "student_id": claim.student_id.as_str(),
            "title": claim.title.as_str(),
            "conferred": claim.conferred.to_string(),
        });
        Box::pin(ask(&resources.http, &self.degrees, question))
    }
}

async fn ask(http: &reqwest::Client, url: &Url, question: serde_json::Value) -> Result<Confirmation, Error> {
    let request = http.post(url.clone()).header(CONTENT_TYPE, "application/json").header(ACCEPT, "application/json");
    let mut response = request.body(question.to_string()).send().await.map_err(|error| unreachable(&error))?;
    // A redirect may have turned the question into a GET that nobody asked: its answer means nothing.
    let place = |url: &Url| (url.origin(), url.path().to_owned());
    if place(response.url()) != place(url) {
        return Err(unavailable("it redirects to another address"));
    }
    let body = bounded(&mut response).await?;
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    judge(response.status().as_u16(), content_type, &body)
}

/// The whole body, unpacked, or a refusal as soon as it passes the limit.
async fn bounded(response: &mut Response) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(&error))? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err(unavailable("an answer longer than 64 KiB"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What went wrong on the way, in the operating system's general words; never the URL.
fn unreachable(error: &reqwest::Error) -> Error {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        let told = inner.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        if let Some(kind) = told.filter(|kind| *kind != std::io::ErrorKind::Other) {
            return unavailable(kind.to_string());
        }
        cause = inner.source();
    }
    unavailable(if error.is_connect() { "no connection" } else { "the connection broke off" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn end_points_lie_below_the_base() {
        for base in ["https://registry.example/v1", "https://registry.example/v1/"] {
            let verifier = HttpVerifier::new(base).unwrap();
            assert_eq!(verifier.transcripts.as_str(), "https://registry.example/v1/transcripts");
            assert_eq!(verifier.degrees.as_str(), "https://registry.example/v1/degrees");
        }
        let bare = HttpVerifier::new("http://127.0.0.1:8080").unwrap();
        assert_eq!(bare.transcripts.as_str(), "http://127.0.0.1:8080/transcripts");
    }

    #[test]
    fn other_addresses_are_refused() {
        for wrong in
            ["", "registry.example", "ftp://registry.example", "https://r.example/?a=1", "https://r.example/#a"]
        {
            assert_eq!(HttpVerifier::new(wrong).unwrap_err().code(), "configuration", "{wrong}");
        }
    }

    #[test]
    fn a_password_in_the_address_is_not_shown() {
        let verifier = HttpVerifier::new("https://clerk:secret@registry.example").unwrap();
        assert_eq!(format!("{verifier:?}"), "HttpVerifier(registry.example)");
    }
}
