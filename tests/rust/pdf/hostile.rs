//! Files made to cost more than they weigh: each is refused or read within its budget, and names no more than it unpacks.

use crate::sheets::two_pages;
use flate2::{Compression, write::ZlibEncoder};
use registrary::domain::{Date, Error};
use registrary::pdf::{Attachment, Relationship, attachments, find_attachment, render};
use std::io::Write;

fn code(bytes: &[u8]) -> &'static str {
    match attachments(bytes) {
        Err(Error::MalformedRecord(problems)) => problems[0].code,
        other => panic!("expected a refusal, not {:?}", other.map(|files| files.len())),
    }
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
    packer.write_all(content).unwrap();
    packer.finish().unwrap()
}

/// A file whose cross-reference stream has these entries and content, after these objects, each with its number.
fn with_stream(objects: &[Vec<u8>], entries: &str, content: &[u8]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    objects.iter().for_each(|object| file.extend_from_slice(object));
    let start = file.len();
    let head = format!("9 0 obj\n<</Type/XRef/Root 1 0 R{entries}/Length {}>>\nstream\n", content.len());
    file.extend_from_slice(head.as_bytes());
    file.extend_from_slice(content);
    file.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes());
    file
}

fn stream(number: usize, entries: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("{number} 0 obj\n<<{entries}/Length {}>>\nstream\n", content.len());
    [head.as_bytes(), content, b"\nendstream\nendobj\n"].concat()
}

#[test]
fn a_table_that_claims_more_than_it_has_is_not_believed() {
    // Each of these ended the process, or kept it busy for good.
    for entries in [
        "/Size 10/W[4611686018427387904 1 1]",
        "/Size 10/W[1 4611686018427387904 4611686018427387904]",
        "/Size 10/W[0 0 0]/Index[0 4294967295]",
        "/Size 10/W[1 2 1]/Index[0 4294967295]",
        "/Size 4294967295/W[1 2 1]",
        "/Size 10/W[-1 1 1]",
    ] {
        assert_eq!(code(&with_stream(&[], entries, b"1234")), "not-a-pdf", "{entries}");
    }
    let predicted = |parameters: &str| {
        let entries = format!("/Size 10/W[1 2 1]/Filter/FlateDecode/DecodeParms<<{parameters}>>");
        code(&with_stream(&[], &entries, &packed(&[0; 64])))
    };
    assert_eq!(predicted("/Predictor 12/Columns 3000000000"), "not-a-pdf");
    assert_eq!(predicted("/Predictor 12/Columns 9223372036854775807/Colors 4/BitsPerComponent 16"), "not-a-pdf");
    assert_eq!(predicted("/Predictor 12/Columns 0"), "not-a-pdf");
}

#[test]
fn a_stream_that_many_objects_name_is_unpacked_within_one_budget() {
    // 4,000 numbers of 100 files, each in an object stream of 8 MiB that stands in the file once.
    let bomb = stream(2, "/Type/ObjStm/N 1/First 4/Filter/FlateDecode", &packed(&vec![b' '; 8 * 1024 * 1024]));
    let place = b"%PDF-1.7\n".len() as u16;
    let references: String = (1_000..1_100).map(|number| format!("{number} 0 R ")).collect();
    let catalog = format!("1 0 obj\n<</Type/Catalog/AF[{references}]>>\nendobj\n").into_bytes();
    let second = place + bomb.len() as u16;
    let mut rows = Vec::new();
    let mut row = |kind: u8, field: u16| rows.extend([kind, (field >> 8) as u8, field as u8, 0]);
    row(1, second);
    (2..4_000).for_each(|number| row(1 + number as u8 % 2, if number % 2 == 0 { place } else { number - 1 }));
    let file = with_stream(&[bomb, catalog], "/Size 4000/Index[1 3999]/W[1 2 1]/Filter/FlateDecode", &packed(&rows));
    assert!(file.len() < 20_000);
    assert_eq!(attachments(&file), Ok(vec![]));
}

#[test]
fn an_object_stream_that_needs_itself_is_not_waited_for() {
    for entries in ["/N 1/First 4/Length 3 0 R", "/N 3 0 R/First 4/Length 8", "/N 1/First 3 0 R/Length 8"] {
        let own = format!("2 0 obj\n<</Type/ObjStm{entries}>>\nstream\n3 0 <<>>\nendstream\nendobj\n").into_bytes();
        let catalog = b"1 0 obj\n<</Type/Catalog/AF 3 0 R>>\nendobj\n".to_vec();
        let (at, then) = (9_u8, 9 + own.len() as u8);
        let rows = [[1, then, 0], [1, at, 0], [2, 2, 0]].concat();
        let file = with_stream(&[own, catalog], "/Size 4/Index[1 3]/W[1 1 1]", &rows);
        assert_eq!(attachments(&file), Ok(vec![]), "{entries}");
    }
}

#[test]
fn sections_in_a_ring_and_without_end_are_refused() {
    let table = "xref\n0 1\n0000000000 65535 f \ntrailer\n";
    let ring = format!("%PDF-1.7\n{table}<</Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF\n");
    assert_eq!(code(ring.as_bytes()), "not-a-pdf");
    let mut chain = b"%PDF-1.7\n".to_vec();
    let mut last = 0;
    for _ in 0..100 {
        let here = chain.len();
        let prev = if last == 0 { String::new() } else { format!("/Prev {last}") };
        chain.extend_from_slice(format!("{table}<</Root 1 0 R{prev}>>\n").as_bytes());
        last = here;
    }
    chain.extend_from_slice(format!("startxref\n{last}\n%%EOF\n").as_bytes());
    assert_eq!(code(&chain), "not-a-pdf");
}

fn named(name: String, bytes: Vec<u8>) -> Attachment {
    let (mime, relationship) = ("text/plain".to_owned(), Relationship::Data);
    Attachment { name, mime, description: String::new(), relationship, bytes, date: Date::new(2026, 6, 15) }
}

#[test]
fn one_of_many_is_taken_out_without_the_others() {
    let full = vec![b' '; 7 * 1024 * 1024];
    let mut all: Vec<_> = (0..40).map(|number| named(format!("a{number:02}"), full.clone())).collect();
    all.push(named("record".to_owned(), b"wanted".to_vec()));
    let file = render(&two_pages(), &all).unwrap();
    // All together are more than one file may unpack to.
    assert_eq!(code(&file), "damaged-attachment");
    let found = find_attachment(&file, |one| one.name == "record").unwrap();
    assert_eq!(found, all.pop());
    assert_eq!(find_attachment(&file, |one| one.name == "other"), Ok(None));
}
