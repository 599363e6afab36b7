//! Dropping the work at any point ends it, and leaves no half of anything.

use super::loopback::{Loopback, patiently, until};
use super::records::{Scripted, official, registrar, student};
use registrary::service::{Registrar, Request, Slot};
use registrary::sink::DirectorySink;
use registrary::verifier::HttpVerifier;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

#[test]
fn a_fetch_given_up_ends() {
    patiently(async {
        let source = Scripted::silent();
        let registrar = registrar(source.clone());
        let slot = Slot::current().unwrap();
        let work = tokio::spawn(async move { registrar.issue(&slot, &student("101"), &official()).await });
        until(|| source.open() == 1).await;
        work.abort();
        until(|| source.open() == 0).await;
        assert!(work.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn a_confirmation_given_up_ends() {
    patiently(async {
        let service = Loopback::silent().await;
        let verifier = HttpVerifier::new(&service.url).unwrap();
        let registrar = Registrar { verifier: Some(Arc::new(verifier)), ..registrar(Scripted::generous()) };
        let request = Request { verify: true, ..official() };
        let slot = Slot::current().unwrap();
        let work = tokio::spawn(async move { registrar.issue(&slot, &student("101"), &request).await });
        until(|| service.open() == 1).await;
        work.abort();
        until(|| service.open() == 0).await;
    });
}

/// Aborts at fifty different moments: whatever is in the folder afterwards is whole, and bears its final name.
#[test]
fn work_given_up_at_any_moment_leaves_whole_files_or_none() {
    patiently(async {
        let folder = TempDir::new().unwrap();
        let sink = Some(DirectorySink::new(folder.path()));
        let registrar = Arc::new(Registrar { sink, ..registrar(Scripted::generous()) });
        let request = Request { save: true, ..official() };
        let slot = Slot::current().unwrap();
        let whole = registrar.issue(&slot, &student("whole"), &request).await.unwrap();
        let usual = whole.timings.total();
        for moment in 0..50 {
            let (registrar, slot, request) = (Arc::clone(&registrar), Arc::clone(&slot), request.clone());
            let id = student(&format!("s{moment}"));
            let work = tokio::spawn(async move { registrar.issue(&slot, &id, &request).await });
            tokio::time::sleep(usual * moment / 40).await;
            work.abort();
        }
        until(|| temporary(folder.path()) == 0 && slot.cpu().running() == 0).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        for entry in fs::read_dir(folder.path()).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            assert!(bytes.starts_with(b"%PDF-") && bytes.trim_ascii_end().ends_with(b"%%EOF"));
        }
    });
}

fn temporary(folder: &Path) -> usize {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    names.filter(|name| name.to_str().unwrap().ends_with(".tmp")).count()
}
