//! A whole undergraduate record: transfer, repeat, withdrawal, honours, a degree, and work in progress.

use super::records::*;
use registrary::domain::*;

pub fn undergraduate() -> StudentRecord {
    let level = Level::undergraduate();
    let mut record = record("101", "María Alejandra Fuentes-Okafor");
    record.student.names.chosen = Some(name("Alex Fuentes-Okafor"));
    record.programs = vec![
        program(ProgramKind::Major, "Computer Science", "Bachelor of Science"),
        program(ProgramKind::Minor, "Philosophy", ""),
    ];
    record.transfers = vec![TransferBlock {
        kind: TransferKind::Institution,
        institution: some("Pine Hollow Community College"),
        level: level.clone(),
        designator: None,
        term_name: some("Summer 2021"),
        attempts: vec![
            attempt("ENGL 101 | College Composition | 3 | CR"),
            attempt("HIST 110 | World History to 1500 | 3 | CR"),
        ],
        notes: Vec::new(),
    }];
    record.terms = terms(&level);
    record.terms[0].honors = vec![text("Dean’s List")];
    record.terms[2].standing = some("Academic warning");
    record.terms[3].standing = some("Good standing");
    record.terms[3].attempts[0].notes = vec![text("Repeat of MATH 203, Fall 2022")];
    record.terms[5].honors = vec![text("Dean’s List")];
    record.terms[7].notes = vec![text("Semester abroad at Universität Tübingen")];
    record.awards = vec![Award {
        title: text("Bachelor of Science"),
        level: Some(level),
        conferred: date("2025-05-17"),
        programs: vec![
            program(ProgramKind::Major, "Computer Science", ""),
            program(ProgramKind::Minor, "Philosophy", ""),
        ],
        honors: vec![text("magna cum laude")],
        thesis_title: some("Exact Arithmetic for People: Numbers that Registrars Can Trust"),
        notes: Vec::new(),
    }];
    record
}

fn terms(level: &Level) -> Vec<Term> {
    vec![
        term(
            "Fall 2021",
            "2021-08-30",
            "2021-12-17",
            level,
            &[
                "CS 141 | Computer Science I | 4 | A",
                "MATH 201 | Calculus I | 4 | A-",
                "PHIL 110 | Introduction to Philosophy | 3 | A",
                "BIOL 150 | Life on Earth | 4 | B+",
                "UNIV 100 | First-Year Seminar | 1 | P",
            ],
        ),
        term(
            "Spring 2022",
            "2022-01-18",
            "2022-05-13",
            level,
            &[
                "CS 142 | Computer Science II | 4 | A-",
                "MATH 202 | Calculus II | 4 | B",
                "PHYS 121 | General Physics I with Laboratory | 5 | B-",
                "ART 105 | Drawing from Observation: Line, Tone, and the Human Figure | 3 | B+",
            ],
        ),
        term(
            "Fall 2022",
            "2022-08-29",
            "2022-12-16",
            level,
            &[
                "CS 210 | Data Structures | 4 | B",
                "MATH 203 | Linear Algebra | 3 | F",
                "PHYS 122 | General Physics II with Laboratory | 5 | C+",
                "SPAN 201 | Intermediate Spanish I | 4 | W",
            ],
        ),
        term(
            "Spring 2023",
            "2023-01-17",
            "2023-05-12",
            level,
            &[
                "MATH 203 | Linear Algebra | 3 | B+",
                "CS 230 | Computer Organization and Assembly Language | 4 | B+",
                "CS 245 | Discrete Structures | 3 | A-",
                "PHIL 220 | Symbolic Logic | 3 | A",
            ],
        ),
        term(
            "Fall 2023",
            "2023-08-28",
            "2023-12-15",
            level,
            &[
                "CS 310 | Algorithms | 4 | A-",
                "CS 330 | Operating Systems | 4 | B+",
                "STAT 301 | Probability for Scientists | 3 | B",
                "PHIL 340 | Philosophy of Science | 3 | A",
                "MUS 120 | University Chorus | 0.5 | S",
            ],
        ),
        term(
            "Spring 2024",
            "2024-01-16",
            "2024-05-10",
            level,
            &[
                "CS 340 | Databases | 4 | A",
                "CS 360 | Programming Languages | 4 | A",
                "CS 395 | Undergraduate Research | 2 | A",
                "PHIL 350 | Ethics of Technology | 3 | A-",
            ],
        ),
        term(
            "Fall 2024",
            "2024-08-26",
            "2024-12-13",
            level,
            &[
                "CS 410 | Compilers | 4 | A-",
                "CS 450 | Distributed Systems | 4 | B+",
                "CS 490 | Senior Thesis I | 3 | A",
                "ENGL 312 | Technical Writing | 3 | A-",
            ],
        ),
        term(
            "Spring 2025",
            "2025-01-13",
            "2025-05-09",
            level,
            &[
                "CS 491 | Senior Thesis II | 3 | A",
                "CS 470 | Machine Learning | 4 | A-",
                "GERM 300 | Sprache und Gesellschaft | 6 | A",
            ],
        ),
        term("Summer 2026", "2026-06-08", "2026-08-07", level, &["CS 499 | Continuing Independent Study | 2 | "]),
    ]
}
