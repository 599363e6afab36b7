//! Pages of many records and themes hold to the rules of layout.

use super::boxes::{TextBox, row_of, text_boxes};
use super::records::{self, institution, issue};
use super::{alumna, french_a4, stated_transcript, transcript, undergraduate};
use registrary::document::content::{Align, Block, Table, TableKind};
use registrary::document::{Columns, Document, Face, Item, Length, Pages, Paper, Role, Theme, paginate};
use registrary::domain::{Error, Institution, StudentRecord};
use std::collections::BTreeMap;

fn documents() -> Vec<Document<'static>> {
    let letter = Theme::new(institution());
    let mut documents = vec![
        transcript(&undergraduate::undergraduate(), &letter, &issue()),
        transcript(&alumna::alumna(), &french_a4(), &issue()),
        stated_transcript(&letter),
    ];
    for (terms, courses) in [(1, 1), (3, 2), (7, 13), (40, 5), (2, 150), (90, 1)] {
        for (paper, columns) in [(Paper::Letter, Columns::Two), (Paper::A4, Columns::One)] {
            let theme = Theme { paper, columns, ..letter.clone() };
            documents.push(transcript(&records::long(terms, courses), &theme, &issue()));
        }
    }
    documents.push(transcript(&unruly(), &letter, &issue()));
    documents
}

/// Texts as long as they may be, without a space to break at.
fn unruly() -> StudentRecord {
    let endless = "W".repeat(1000);
    let mut record = undergraduate::undergraduate();
    record.student.names.legal = records::name(&endless);
    record.student.names.former = vec![records::name(&endless); 3];
    record.institution = Some(Institution { name: records::text(&endless[..200]), ..institution() });
    record.terms[0].name = records::text(&endless[..200]);
    record.terms[1].attempts[1].course.title = Some(records::text(&endless[..150]));
    record.terms[1].attempts[2].course.number = Some(records::text(&endless[..60]));
    record.terms[2].attempts[0].credits = records::credits("99999.999999");
    record.terms[2].attempts[0].notes = vec![records::text(&endless)];
    record.terms[2].programs = vec![records::text(&endless); 2];
    record.awards[0].thesis_title = Some(records::text(&endless));
    record
}

fn tables<'a>(blocks: &'a [Block<'a>]) -> Vec<&'a Table<'a>> {
    let mut found = Vec::new();
    for block in blocks {
        match block {
            Block::Table(table) => found.push(table),
            Block::Section(section) => found.extend(tables(&section.blocks)),
            _ => {}
        }
    }
    found
}

/// All cells of the document's tables, in order, without their spaces.
fn cells(document: &Document) -> Vec<String> {
    let tables = document.parts.iter().flat_map(|part| tables(&part.blocks));
    let rows = tables.flat_map(|table| &table.rows);
    rows.flat_map(|row| &row.cells).map(|cell| squeezed(&(cell.text.clone() + cell.notes.concat().as_str()))).collect()
}

fn squeezed(text: &str) -> String {
    text.replace(' ', "")
}

#[test]
fn every_word_is_on_the_page_once() {
    for document in documents() {
        let pages = paginate(&document).expect("it can be set");
        let mut said: BTreeMap<u32, String> = BTreeMap::new();
        for line in text_boxes(&pages) {
            if let Some(element) = line.element {
                said.entry(element.0).or_default().push_str(&squeezed(&line.text));
            }
        }
        let on_pages = pages.elements.iter().enumerate().filter(|(_, element)| element.role == Role::Cell);
        let on_pages: Vec<String> =
            on_pages.map(|(id, _)| said.get(&(id as u32)).cloned().unwrap_or_default()).collect();
        assert_eq!(on_pages, cells(&document));
    }
}

#[test]
fn no_row_is_divided() {
    // The last one's numbers are too long for two columns: its rows run over the middle of the page.
    let mut documents = documents();
    documents.pop();
    for document in documents {
        let pages = paginate(&document).expect("it can be set");
        let half = pages.width.scaled(1, 2);
        let columns = document.parts.iter().map(|part| part.columns).max();
        let mut places: BTreeMap<usize, (usize, bool)> = BTreeMap::new();
        for line in text_boxes(&pages) {
            let Some(element) = line.element else { continue };
            let row = row_of(&pages, element);
            if pages.elements[row].role != Role::Row || columns == Some(3) && line.page + 1 == pages.pages.len() {
                continue;
            }
            let place = (line.page, document.parts[1].columns == 2 && line.left >= half);
            assert_eq!(*places.entry(row).or_insert(place), place, "row {row}: {}", line.text);
        }
    }
}

#[test]
fn nothing_overlaps_and_nothing_leaves_the_margins() {
    let margin = Length::points(30);
    for document in documents() {
        let pages = paginate(&document).expect("it can be set");
        let mut by_page: BTreeMap<usize, Vec<TextBox>> = BTreeMap::new();
        for line in text_boxes(&pages) {
            assert!(line.left >= margin && line.right <= pages.width - margin, "{line:?}");
            assert!(line.top >= margin && line.bottom <= pages.height - margin.scaled(1, 2), "{line:?}");
            by_page.entry(line.page).or_default().push(line);
        }
        for lines in by_page.values() {
            for (index, line) in lines.iter().enumerate() {
                let other = lines[index + 1..].iter().find(|other| line.overlaps(other));
                assert!(other.is_none(), "{line:?} {other:?}");
            }
        }
    }
}

#[test]
fn a_heading_stays_with_its_first_rows_and_is_repeated_where_its_term_is_carried_over() {
    let theme = Theme::new(institution());
    let document = transcript(&records::long(7, 40), &theme, &issue());
    let pages = paginate(&document).expect("it can be set");
    let half = pages.width.scaled(1, 2);
    let mut columns: BTreeMap<(usize, bool), Vec<TextBox>> = BTreeMap::new();
    for line in text_boxes(&pages) {
        columns.entry((line.page, line.left >= half)).or_default().push(line);
    }
    let mut carried = 0;
    for lines in columns.values() {
        carried += lines.iter().filter(|line| line.text.ends_with("(continued)")).count();
        for (at, heading) in lines.iter().enumerate().filter(|(_, line)| is_term_heading(&pages, line)) {
            let rows = lines[at..].iter().filter(|line| line.text.starts_with("LONG")).count();
            assert!(rows >= 2, "{heading:?} stands with {rows} rows");
        }
    }
    // 280 courses and more take more columns than there are terms.
    assert!(carried >= 2, "{carried} headings are repeated");
}

fn is_term_heading(pages: &Pages, line: &TextBox) -> bool {
    let role = line.element.map(|element| pages.elements[element.0 as usize].role);
    matches!(role, Some(Role::Heading(_))) && line.text.starts_with("Term ")
}

#[test]
fn pages_grow_with_courses_and_say_their_number() {
    let theme = Theme::new(institution());
    let count = |terms| {
        let document = transcript(&records::long(terms, 8), &theme, &issue());
        let pages = paginate(&document).expect("it can be set");
        let last = pages.pages.len();
        let said = text_boxes(&pages).iter().filter(|line| line.text == format!("Page {last} of {last}")).count();
        assert_eq!(said, 1);
        last
    };
    let (some, twice) = (count(60), count(120));
    assert!(some > 4 && twice <= some * 2 + 1, "{some} then {twice} pages");
}

#[test]
fn four_thousand_courses_are_set() {
    let document = transcript(&records::long(500, 8), &Theme::new(institution()), &issue());
    let pages = paginate(&document).expect("it can be set");
    let rows = |document: &Document| {
        let tables = document.parts.iter().flat_map(|part| tables(&part.blocks));
        tables.filter(|table| table.kind == TableKind::Courses).map(|table| table.rows.len()).sum::<usize>()
    };
    assert_eq!(rows(&document), 4_000);
    assert!(pages.pages.len() > 40, "{} pages", pages.pages.len());
}

#[test]
fn later_pages_name_the_student_and_every_page_the_document() {
    let theme = Theme::new(institution());
    let document = transcript(&records::long(30, 6), &theme, &issue());
    let pages = paginate(&document).expect("it can be set");
    let lines = text_boxes(&pages);
    for page in 0..pages.pages.len() {
        let has = |text: &str| lines.iter().any(|line| line.page == page && line.text.contains(text));
        assert!(has("Longinus Ceaseless") && has("Larkspur State University"), "page {page}");
        assert!(has("T-2026-000101") && has(super::CODE), "page {page}");
    }
}

#[test]
fn a_row_taller_than_a_page_is_refused() {
    let mut record = undergraduate::undergraduate();
    record.terms[1].attempts[2].course.number = Some(records::text(&"W".repeat(1000)));
    let document = transcript(&record, &Theme::new(institution()), &issue());
    let Err(Error::Render(problems)) = paginate(&document) else { panic!("refused") };
    assert_eq!(problems[0].code, "too-tall");
}

#[test]
fn a_title_takes_the_room_that_its_row_leaves() {
    let mut record = undergraduate::undergraduate();
    let on_one_line = |record: &StudentRecord, text: &str| {
        let document = transcript(record, &Theme::new(institution()), &issue());
        let pages = paginate(&document).expect("it can be set").to_text();
        pages.lines().any(|line| line.starts_with("text ") && line.ends_with(text))
    };
    // Elsewhere in the record are credits in parentheses, and a state wider than any grade.
    for text in ["General Physics II with Laboratory", " (2.00)", " In prog."] {
        assert!(on_one_line(&record, text), "{text}");
    }
    record.terms[2].attempts[2].credits = records::credits("1000");
    assert!(!on_one_line(&record, "General Physics II with Laboratory"), "its own row leaves less");
}

/// The texts of all cells on the right.
fn numbers(document: &Document) -> Vec<String> {
    let mut numbers = Vec::new();
    for table in document.parts.iter().flat_map(|part| tables(&part.blocks)) {
        for (index, _) in table.columns.iter().enumerate().filter(|(_, column)| column.align == Align::Right) {
            numbers.extend(table.rows.iter().filter_map(|row| row.cells.get(index)).map(|cell| cell.text.to_string()));
        }
    }
    numbers.retain(|text| !text.is_empty());
    numbers
}

#[test]
fn a_number_is_never_divided() {
    let mut record = undergraduate::undergraduate();
    for term in &mut record.terms {
        for attempt in &mut term.attempts {
            attempt.credits = records::credits("120.000000");
            attempt.mark = records::decimal("100.123456");
        }
    }
    let more = transcript(&record, &Theme::new(institution()), &issue());
    for document in documents().into_iter().chain([more]) {
        let pages = paginate(&document).expect("it can be set");
        let lines: Vec<String> = text_boxes(&pages).into_iter().map(|line| line.text).collect();
        let divided: Vec<_> = numbers(&document).into_iter().filter(|number| !lines.contains(number)).collect();
        assert!(divided.is_empty(), "{divided:?}");
    }
}

#[test]
fn numbers_too_long_for_the_page_are_refused() {
    fn first<'b>(blocks: &'b mut [Block<'static>]) -> Option<&'b mut Table<'static>> {
        blocks.iter_mut().find_map(|block| match block {
            Block::Table(table) => Some(table),
            Block::Section(section) => first(&mut section.blocks),
            _ => None,
        })
    }
    let mut document = transcript(&undergraduate::undergraduate(), &Theme::new(institution()), &issue());
    let table = document.parts.iter_mut().find_map(|part| first(&mut part.blocks)).expect("a table");
    let at = table.columns.iter().position(|column| column.align == Align::Right).expect("a number");
    table.rows[0].cells[at].text = "9".repeat(200).into();
    let Err(Error::Render(problems)) = paginate(&document) else { panic!("refused") };
    assert_eq!(problems[0].code, "too-wide");
}

/// Whether each page has something beside running lines and headings.
fn full(pages: &Pages) -> bool {
    let lines = text_boxes(pages);
    let says = |line: &TextBox| {
        let role = line.element.map(|element| pages.elements[element.0 as usize].role);
        role.is_some_and(|role| !matches!(role, Role::Heading(_)))
    };
    (0..pages.pages.len()).all(|page| lines.iter().any(|line| line.page == page && says(line)))
}

#[test]
fn what_is_longer_than_a_page_leaves_none_blank() {
    let statement = records::text(&"What every reader of this transcript ought to know about it. ".repeat(12));
    for columns in [Columns::One, Columns::Two] {
        for statements in [1, 20, 40, 60, 100] {
            let theme = Theme { columns, statements: vec![statement.clone(); statements], ..Theme::new(institution()) };
            let document = transcript(&undergraduate::undergraduate(), &theme, &issue());
            assert!(full(&paginate(&document).expect("it can be set")), "{statements} statements");
        }
    }
    let mut record = undergraduate::undergraduate();
    record.awards[0].honors = (0..90).map(|number| records::text(&format!("Honour {number}"))).collect();
    let document = super::certificate(&record, &Theme::new(institution()));
    let pages = paginate(&document).expect("it can be set");
    assert!(pages.pages.len() > 1 && full(&pages));
}

#[test]
fn pages_and_all_that_is_on_them_grow_as_the_courses_do() {
    let theme = Theme { columns: Columns::One, paper: Paper::A4, ..Theme::new(institution()) };
    let set = |terms| {
        let document = transcript(&records::long(terms, 8), &theme, &issue());
        let pages = paginate(&document).expect("it can be set");
        let items = pages.pages.iter().map(|page| page.items.len()).sum::<usize>();
        let bytes = registrary::pdf::render(&pages, &[]).expect("it can be written").len();
        [pages.pages.len(), pages.elements.len(), items, bytes]
    };
    // 2,000 and 4,000 courses: twice the courses, twice of everything, within a twentieth.
    let (some, twice) = (set(250), set(500));
    assert!((100..=250).contains(&twice[0]), "{} pages", twice[0]);
    for (some, twice) in some.into_iter().zip(twice) {
        assert!(twice.abs_diff(some * 2) * 20 <= some, "{some}, then {twice}");
    }
}

#[test]
fn digits_are_as_wide_as_each_other() {
    // So that the digits of a column stand one below another.
    for face in Face::ALL {
        for before in [None, Some('1'), Some('7')] {
            let steps: Vec<i32> = ('0'..='9').map(|digit| face.step(before, digit)).collect();
            assert!(steps.iter().all(|step| *step == steps[0]), "{face:?} {steps:?}");
        }
    }
}

#[test]
fn a_word_that_is_divided_reads_as_one() {
    let document = transcript(&unruly(), &Theme::new(institution()), &issue());
    let pages = paginate(&document).expect("it can be set");
    let texts = pages.pages.iter().flat_map(|page| &page.items).filter_map(|item| match item {
        Item::Text { text, runs_on, element: Some(_), .. } => Some((text, *runs_on)),
        _ => None,
    });
    // Of a thousand letters without a space, every line but the last goes on.
    let endless: Vec<bool> = texts.filter(|(text, _)| text.bytes().all(|b| b == b'W')).map(|(_, on)| on).collect();
    assert!(endless.iter().filter(|on| **on).count() > endless.len() / 2, "{endless:?}");
}
