//! An S3-compatible object store as the sink of a run: each document put by itself, with retries within limits.

use super::group::{GroupSink, Parcel, Saving};
use super::name::file_name;
use crate::domain::{Error, StudentId};
use crate::seal::Digest;
use futures_util::stream::{self, StreamExt};
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey, Checksum};
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, BackoffConfig, ClientOptions, Error as StoreError, ObjectStore, PutMode, PutOptions,
    PutPayload, RetryConfig,
};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Documents of one group on their way at once.
const AT_ONCE: usize = 32;
const CONNECT: Duration = Duration::from_secs(5);
const REQUEST: Duration = Duration::from_secs(30);
/// From the first try of one document to the last.
const RETRIES: Duration = Duration::from_secs(60);
const TRIES: usize = 6;

/// A bucket and a prefix in it. Nothing of how it is reached is ever shown.
pub struct ObjectSink {
    store: Arc<AmazonS3>,
    prefix: String,
    address: String,
    /// A name that holds the digest stands for these bytes alone: what is there already need not be put again.
    content_names: bool,
}

impl ObjectSink {
    /// `address` is `s3://bucket/prefix`. Options are those of the store: `aws_access_key_id`,
    /// `aws_secret_access_key`, `aws_region`, `aws_endpoint`, … A plain `http://` endpoint needs no further option.
    pub fn new(address: &str, options: &[(String, String)], content_names: bool) -> Result<ObjectSink, Error> {
        let (bucket, prefix) = parts(address)?;
        // The store's client takes the process's provider; somebody else may have installed theirs already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = AmazonS3Builder::new().with_bucket_name(bucket);
        let mut plain = false;
        for (name, value) in options {
            let key = AmazonS3ConfigKey::from_str(&name.to_ascii_lowercase());
            // Neither name nor value is shown: both may be a secret in the wrong place.
            let key = key.map_err(|_| Error::configuration("an option of the object store is unknown"))?;
            plain |= matches!(key, AmazonS3ConfigKey::Endpoint | AmazonS3ConfigKey::S3Endpoint)
                && value.starts_with("http://");
            builder = builder.with_config(key, value);
        }
        let limits = ClientOptions::new().with_connect_timeout(CONNECT).with_timeout(REQUEST).with_allow_http(plain);
        let backoff = BackoffConfig {
            init_backoff: Duration::from_millis(200),
            max_backoff: Duration::from_secs(20),
            ..BackoffConfig::default()
        };
        let retry = RetryConfig { backoff, max_retries: TRIES, retry_timeout: RETRIES };
        let builder = builder.with_client_options(limits).with_retry(retry).with_checksum_algorithm(Checksum::SHA256);
        let store = builder.build().map_err(|_| {
            Error::configuration("the object store's options do not fit together (credentials, region, endpoint)")
        })?;
        let address = format!("s3://{bucket}/{prefix}");
        Ok(ObjectSink { store: Arc::new(store), prefix: prefix.to_owned(), address, content_names })
    }

    /// The address as it is compared and shown, or why it is none.
    pub fn address_of(address: &str) -> Result<String, Error> {
        let (bucket, prefix) = parts(address)?;
        Ok(format!("s3://{bucket}/{prefix}"))
    }

    /// Puts one student's transcript under its usual name, in the place of an earlier one, and tells where.
    pub async fn put_transcript(&self, id: &StudentId, bytes: Arc<[u8]>, digest: Digest) -> Result<String, Error> {
        let name = file_name(id);
        let url = format!("{}/{name}", self.address.trim_end_matches('/'));
        self.put(Parcel { name, bytes, digest }).await?;
        Ok(url)
    }

    async fn put(&self, parcel: Parcel) -> Result<(), Error> {
        let joined = if self.prefix.is_empty() { parcel.name } else { format!("{}/{}", self.prefix, parcel.name) };
        let path = Path::parse(joined).map_err(|_| refused("a name is no key of an object"))?;
        let mode = if self.content_names { PutMode::Create } else { PutMode::Overwrite };
        let attributes = Attributes::from_iter([
            (Attribute::ContentType, "application/pdf".to_owned()),
            (Attribute::Metadata("sha256".into()), parcel.digest.hex()),
        ]);
        let options = PutOptions { mode, attributes, ..PutOptions::default() };
        let payload = PutPayload::from_bytes(bytes::Bytes::from_owner(parcel.bytes));
        match self.store.put_opts(&path, payload, options).await {
            Ok(_) | Err(StoreError::AlreadyExists { .. }) => Ok(()),
            Err(cause) => Err(told(&cause)),
        }
    }
}

impl GroupSink for ObjectSink {
    fn save(&self, group: Vec<Parcel>) -> Saving<'_> {
        let puts = group.into_iter().map(|parcel| self.put(parcel));
        Box::pin(stream::iter(puts).buffered(AT_ONCE).collect())
    }

    fn address(&self) -> String {
        self.address.clone()
    }
}

/// Bucket and prefix.
fn parts(address: &str) -> Result<(&str, &str), Error> {
    let wrong = || Error::configuration("an object store is written s3://bucket/prefix, with no ? or # in it");
    let rest = address.strip_prefix("s3://").ok_or_else(wrong)?;
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let named = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    let prefix = prefix.trim_end_matches('/');
    let empty = !prefix.is_empty() && prefix.split('/').any(|part| part.is_empty() || part == "." || part == "..");
    if !(3..=63).contains(&bucket.len()) || !bucket.chars().all(named) || prefix.contains(['?', '#']) || empty {
        return Err(wrong());
    }
    Ok((bucket, prefix))
}

fn refused(reason: &str) -> Error {
    Error::Sink { code: "save-failed", reason: reason.to_owned() }
}

/// The kind of failure alone: the store's own words hold names of files and addresses.
fn told(cause: &StoreError) -> Error {
    let (code, reason) = match cause {
        StoreError::PermissionDenied { .. } | StoreError::Unauthenticated { .. } => {
            ("store-refuses", "the object store refuses these credentials")
        }
        StoreError::NotFound { .. } => ("store-refuses", "the object store has no such bucket"),
        StoreError::Generic { .. } => ("store-unavailable", "the object store cannot be reached or answers an error"),
        _ => ("save-failed", "the object store does not take the document"),
    };
    Error::Sink { code, reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_bucket_and_a_prefix() {
        assert_eq!(parts("s3://transcripts"), Ok(("transcripts", "")));
        assert_eq!(parts("s3://transcripts/2026/spring/"), Ok(("transcripts", "2026/spring")));
        for wrong in ["s3://", "s3://a", "s3:///x", "s3://Up/x", "gs://bucket/x", "s3://b-u-c/a//b", "s3://b-u-c/../x"]
        {
            assert_eq!(parts(wrong).map_err(|error| error.code()), Err("configuration"), "{wrong}");
        }
        assert!(parts("s3://bucket/x?y=1").is_err());
    }

    #[test]
    fn what_is_wrong_is_told_without_secrets() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let option = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        let told =
            |options: Vec<_>| ObjectSink::new("s3://bucket", &options, false).map(|_| ()).unwrap_err().to_string();
        for told in
            [told(option("secret_sauce", "hunter2")), told(option("aws_virtual_hosted_style_request", "hunter2"))]
        {
            assert!(!told.contains("hunter2") && !told.contains("sauce"), "{told}");
        }
    }
}
