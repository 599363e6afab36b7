//! The verification service over HTTP: `POST {base}/transcripts` and `POST {base}/degrees`, JSON both ways.

use super::answer::{judge, unavailable};
use super::{Claim, Confirmation, DegreeClaim, Verifier};
use crate::domain::Error;
use crate::http::{Http, Manners, Question, Trust};
use crate::seal::Digest;
use crate::source::{Pending, Resources};
use reqwest::Url;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};

/// No honest answer is longer.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Confirms over HTTP. How long an answer may take is the caller's business: dropping the future ends the request.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpVerifier {
    transcripts: Url,
    degrees: Url,
    manners: Manners,
    trust: Trust,
}

impl HttpVerifier {
    /// `base_url` is an http or https URL without user, password, query or fragment; the end points lie below its path.
    pub fn new(base_url: &str) -> Result<HttpVerifier, Error> {
        let base = Url::parse(base_url).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let base = base.filter(|url| url.query().is_none() && url.fragment().is_none());
        // As for a source: what stands in an address ends up in logs, and over http in the clear.
        let base = base.filter(|url| url.username().is_empty() && url.password().is_none());
        let wrong = "the verifier is given as an http or https URL without user name, password, query or fragment";
        let base = base.ok_or_else(|| Error::configuration(wrong))?;
        let (transcripts, degrees) = (below(&base, "transcripts"), below(&base, "degrees"));
        Ok(HttpVerifier { transcripts, degrees, manners: Manners::default(), trust: Trust::default() })
    }

    /// The same service, asked in another way.
    pub fn with_manners(self, manners: Manners) -> HttpVerifier {
        HttpVerifier { manners, ..self }
    }

    /// The same service, trusted by another authority than the machine's.
    pub fn with_trust(self, trust: Trust) -> HttpVerifier {
        HttpVerifier { trust, ..self }
    }

    /// Asked again where need be: the service knows a question by its key, which is the digest of what is asked.
    async fn ask(&self, http: &Http, url: &Url, key: Digest, question: Value) -> Result<Confirmation, Error> {
        let mut post = Question::post(url.clone(), question.to_string().into_bytes(), &self.manners, &self.trust);
        post.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        post.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Ok(key) = HeaderValue::from_str(&key.hex()) {
            post.headers.insert("idempotency-key", key);
            post.repeatable = true;
        }
        post.largest = LONGEST_ANSWER;
        let answer = http.ask(&post).await.map_err(|failure| unavailable(failure.to_string()))?;
        // A redirect may have turned the question into a GET that nobody asked: its answer means nothing.
        let place = |url: &Url| (url.origin(), url.path().to_owned());
        if place(&answer.url) != place(url) {
            return Err(unavailable("it redirects to another address"));
        }
        judge(answer.status.as_u16(), answer.content_type(), &answer.body)
    }
}

// The path may carry a token.
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
        Box::pin(self.ask(&resources.http, &self.transcripts, claim.digest, question))
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
        let key = Digest::of(question.to_string().as_bytes());
        Box::pin(self.ask(&resources.http, &self.degrees, key, question))
    }
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
    fn a_password_in_the_address_is_refused_and_not_shown() {
        for wrong in ["https://clerk:s3cret@r.example", "http://clerk:s3cret@r.example", "https://s3cret@r.example"] {
            let error = HttpVerifier::new(wrong).unwrap_err();
            assert_eq!(error.code(), "configuration");
            assert!(!error.to_string().contains("s3cret"));
        }
        let verifier = HttpVerifier::new("https://registry.example/s3cret").unwrap();
        assert_eq!(format!("{verifier:?}"), "HttpVerifier(registry.example)");
    }
}
