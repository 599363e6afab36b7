//! One question to a service: where, with what headers, under which manners.

use super::manners::Manners;
use super::trust::Trust;
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderValue};

/// A GET, or a POST where it has a body to send.
pub struct Question<'a> {
    pub url: Url,
    /// Values that are secret are marked as sensitive.
    pub headers: HeaderMap<HeaderValue>,
    pub post: Option<Vec<u8>>,
    /// Whether asking twice is as good as asking once. A GET's is; a POST's only where the service was given a key
    /// by which it knows the question again.
    pub repeatable: bool,
    /// The largest answer read, unpacked; at most that of the manners.
    pub largest: usize,
    pub manners: &'a Manners,
    pub trust: &'a Trust,
}

impl<'a> Question<'a> {
    pub fn get(url: Url, manners: &'a Manners, trust: &'a Trust) -> Question<'a> {
        let largest = manners.largest_body;
        Question { url, headers: HeaderMap::new(), post: None, repeatable: true, largest, manners, trust }
    }

    pub fn post(url: Url, body: Vec<u8>, manners: &'a Manners, trust: &'a Trust) -> Question<'a> {
        Question { post: Some(body), repeatable: false, ..Question::get(url, manners, trust) }
    }
}
