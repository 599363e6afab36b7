//! Files inside the file: written, listed, taken out again; and files from anybody, which may be broken or hostile.

use crate::sheets::two_pages;
use flate2::{Compression, write::ZlibEncoder};
use lopdf::{Document, Object, ObjectId};
use proptest::prelude::*;
use registrary::domain::{Date, Error};
use registrary::pdf::{Attachment, Relationship, attachments, render};
use std::io::Write;

fn attachment(name: &str, content: &str) -> Attachment {
    Attachment {
        name: name.to_owned(),
        mime: "application/json".to_owned(),
        description: "What the pages show – in data".to_owned(),
        relationship: Relationship::Data,
        bytes: content.as_bytes().to_vec(),
        date: Date::new(2026, 6, 15),
    }
}

fn two() -> [Attachment; 2] {
    let notes = Attachment {
        mime: "text/plain".to_owned(),
        relationship: Relationship::Supplement,
        date: None,
        ..attachment("Ångström (2).txt", "")
    };
    [attachment("record.json", &"{\"grade\": \"A\"}\n".repeat(200)), notes]
}

fn file() -> Vec<u8> {
    render(&two_pages(), &two()).unwrap()
}

fn code(bytes: &[u8]) -> &'static str {
    match attachments(bytes) {
        Err(Error::MalformedRecord(problems)) => problems[0].code,
        other => panic!("expected a refusal, not {:?}", other.map(|files| files.len())),
    }
}

/// The file after a change, written again by lopdf.
fn changed(change: impl FnOnce(&mut Document, ObjectId)) -> Vec<u8> {
    let mut document = Document::load_mem(&file()).unwrap();
    let root = document.trailer.get(b"Root").and_then(Object::as_reference).unwrap();
    change(&mut document, root);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn what_goes_in_comes_out() {
    assert_eq!(attachments(&file()).unwrap(), two());
    assert_eq!(attachments(&render(&two_pages(), &[]).unwrap()).unwrap(), []);
    assert_eq!(file(), file());
    let other = [attachment("record.json", "{}")];
    assert_ne!(render(&two_pages(), &other).unwrap(), file());
}

#[test]
fn readers_find_them_by_name_and_as_associated_files() {
    let document = Document::load_mem(&file()).unwrap();
    let catalog = document.catalog().unwrap();
    assert_eq!(catalog.get(b"AF").and_then(Object::as_array).unwrap().len(), 2);
    let names = catalog.get(b"Names").and_then(Object::as_dict).unwrap().get(b"EmbeddedFiles").unwrap();
    let names = document.dereference(names).unwrap().1.as_dict().unwrap();
    assert_eq!(names.get(b"Names").and_then(Object::as_array).unwrap().len(), 4);
    // Either list is enough.
    for lost in [b"AF".as_slice(), b"Names"] {
        let bytes = changed(|document, root| {
            document.get_dictionary_mut(root).unwrap().remove(lost);
        });
        assert_eq!(attachments(&bytes).unwrap(), two());
    }
}

#[test]
fn names_are_file_names_and_differ() {
    let (one, path) = (attachment("a.json", ""), attachment("../a.json", ""));
    let refused = render(&two_pages(), &[one.clone(), one.clone(), path, attachment("", "")]);
    let Err(Error::Render(problems)) = refused else { panic!("expected a refusal") };
    let places: Vec<_> = problems.iter().map(|problem| (problem.code, problem.place.as_str())).collect();
    let expected = ["attachments[1].name", "attachments[2].name", "attachments[3].name"];
    assert_eq!(places, expected.map(|place| ("attachment-name", place)));
}

#[test]
fn what_is_no_sound_file_is_refused_by_a_word() {
    assert_eq!(code(b""), "not-a-pdf");
    assert_eq!(code(b"{\"schema\": \"registrary/student-record/1\"}"), "not-a-pdf");
    assert_eq!(code(&vec![b'%'; 33 * 1024 * 1024]), "too-large");
    let encrypted = changed(|document, root| document.trailer.set("Encrypt", root));
    assert!(["encrypted", "not-a-pdf"].contains(&code(&encrypted)));
    let no_catalog = changed(|document, _| document.trailer.set("Root", Object::Null));
    assert_eq!(code(&no_catalog), "not-a-pdf");
}

fn streams(document: &mut Document) -> impl Iterator<Item = &mut lopdf::Stream> {
    let streams = document.objects.values_mut().filter_map(|object| object.as_stream_mut().ok());
    streams
        .filter(|stream| stream.dict.get(b"Type").and_then(Object::as_name).is_ok_and(|kind| kind == b"EmbeddedFile"))
}

#[test]
fn an_attachment_that_would_unpack_without_end_is_refused() {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&vec![b' '; 64 * 1024 * 1024]).unwrap();
    let bomb = packer.finish().unwrap();
    assert!(bomb.len() < 100_000);
    let bytes = changed(|document, _| streams(document).for_each(|stream| stream.set_content(bomb.clone())));
    assert_eq!(code(&bytes), "damaged-attachment");
    let cut = changed(|document, _| {
        streams(document).for_each(|stream| stream.set_content(b"not deflated".to_vec()));
    });
    assert_eq!(code(&cut), "damaged-attachment");
}

#[test]
fn a_list_that_runs_in_a_ring_or_without_end_comes_to_an_end() {
    let ring = changed(|document, root| {
        let node = document.new_object_id();
        let kids = lopdf::dictionary! { "Kids" => vec![Object::Reference(node), Object::Reference(node)] };
        document.set_object(node, kids);
        let names = lopdf::dictionary! { "EmbeddedFiles" => node };
        document.get_dictionary_mut(root).unwrap().set("Names", names);
    });
    assert_eq!(attachments(&ring).unwrap(), two());
    let many = changed(|document, root| {
        let file = document.get_dictionary(root).unwrap().get(b"AF").and_then(Object::as_array).unwrap()[0].clone();
        let pairs = (0..5_000).flat_map(|_| [Object::string_literal("a"), file.clone()]).collect::<Vec<_>>();
        let names = lopdf::dictionary! { "EmbeddedFiles" => lopdf::dictionary! { "Names" => pairs } };
        document.get_dictionary_mut(root).unwrap().set("Names", names);
    });
    // The same file each time.
    assert_eq!(attachments(&many).unwrap().len(), 2);
}

/// A file of one object, which is also its catalog.
fn one_object(body: &str, size: &str) -> Vec<u8> {
    let start = format!("%PDF-1.7\n1 0 obj\n{body}\nendobj\n");
    let table = format!("xref\n0 {size}\n0000000000 65535 f \n0000000009 00000 n \n");
    format!("{start}{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{}\n%%EOF\n", start.len()).into_bytes()
}

#[test]
fn depth_and_sizes_that_a_file_claims_are_not_believed() {
    let nested = |open: &str, close: &str| format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
    for body in [nested("[", "]"), nested("<</A ", ">>"), nested("(", ")"), "1 0 R".to_owned()] {
        assert_eq!(code(&one_object(&body, "2")), "not-a-pdf");
    }
    for size in ["2", "4294967295"] {
        for body in ["<</Type/Catalog>>", "<</Length 99999999999>>\nstream\nabc\nendstream"] {
            assert!(attachments(&one_object(body, size)).is_ok_and(|files| files.is_empty()));
        }
    }
}

#[test]
fn a_file_cut_anywhere_is_refused_or_read() {
    let whole = file();
    for end in (0..whole.len()).step_by(whole.len() / 150) {
        assert!(attachments(&whole[..end]).is_err(), "cut at {end}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_spoilt_file_never_panics(spoilt in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40)) {
        let mut bytes = file();
        for (place, byte) in spoilt {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let _ = attachments(&bytes);
    }

    #[test]
    fn a_spoilt_plain_file_never_panics(spoilt in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40)) {
        // With its dictionaries in the open, where damage reaches the parser.
        let mut bytes = changed(|_, _| ());
        for (place, byte) in spoilt {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let _ = attachments(&bytes);
    }
}
