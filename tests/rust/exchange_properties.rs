//! Any record survives being written and read; no damaged document makes a reader panic.

use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::{collection, string};
use registrary::domain::grade::{CreditUnit, GradeStatus, RepeatTreatment};
use registrary::domain::student::ProgramKind;
use registrary::domain::summary::SummarySpan;
use registrary::domain::term::{BalanceOrigin, TransferKind};
use registrary::domain::*;
use registrary::exchange::{in_order, pesc, record_json};

fn text() -> impl Strategy<Value = Text> {
    let any_line = string::string_regex("[\\PC\\n\\t\u{1F600}]{1,12}").expect("a pattern");
    any_line.prop_filter_map("no text", |raw| Text::new(&raw).ok())
}

fn texts() -> impl Strategy<Value = Vec<Text>> {
    collection::vec(text(), 0..3)
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (-999_999_999_999_999i64..=999_999_999_999_999, 0u8..=6)
        .prop_filter_map("no decimal", |(micro, places)| Some(Decimal::from_micro(micro, 6)?.with_places(places)))
}

fn credits() -> impl Strategy<Value = Credits> {
    (0i64..=999_999_000_000, 0u8..=6).prop_filter_map("no credits", |(micro, places)| {
        Credits::new(Decimal::from_micro(micro, 6)?.with_places(places))
    })
}

fn date() -> impl Strategy<Value = Date> {
    (1u16..=9999, 1u8..=12, 1u8..=31).prop_filter_map("no date", |(year, month, day)| Date::new(year, month, day))
}

fn year_month() -> impl Strategy<Value = YearMonth> {
    date().prop_map(Date::year_month)
}

fn grade() -> impl Strategy<Value = Grade> {
    text().prop_filter_map("no grade", |text| Grade::new(text.as_str()).ok())
}

fn level() -> impl Strategy<Value = Level> {
    select(vec!["undergraduate", "graduate", "law", "post-baccalaureate-2"])
        .prop_filter_map("no level", |word| Level::new(word).ok())
}

fn name() -> impl Strategy<Value = PersonName> {
    (of(text()), of(text()), of(text()), of(text()), of(text()), of(text())).prop_filter_map("no name", |parts| {
        let (prefix, given, middle, family, suffix, full) = parts;
        PersonName::new(NameParts { prefix, given, middle, family, suffix, full })
    })
}

fn student() -> impl Strategy<Value = Student> {
    let id = text().prop_filter_map("no id", |text| StudentId::new(text.as_str()).ok());
    let birth =
        prop_oneof![date().prop_map(BirthDate::Full), date().prop_map(|date| BirthDate::MonthDay(date.month_day())),];
    let names = (name(), of(name()), collection::vec(name(), 0..2), of(text()))
        .prop_map(|(legal, chosen, former, native)| Names { legal, chosen, former, native });
    (id, names, of(birth)).prop_map(|(id, names, birth)| Student { id, names, birth })
}

fn institution() -> impl Strategy<Value = Institution> {
    let codes = collection::vec((text(), text()), 0..2);
    let contacts = (of(text()), of(text()), of(text()));
    (text(), texts(), contacts, codes, (of(text()), of(text()), of(text()))).prop_map(
        |(name, address, (phone, email, website), codes, (accreditation, registrar_name, registrar_title))| {
            Institution { name, address, phone, email, website, codes, accreditation, registrar_name, registrar_title }
        },
    )
}

fn program() -> impl Strategy<Value = Program> {
    (select(ProgramKind::ALL), text(), of(level()), of(text()), of(date()), texts())
        .prop_map(|(kind, name, level, degree, admitted, notes)| Program { kind, name, level, degree, admitted, notes })
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let course = (of(text()), of(text()), text()).prop_map(|(subject, number, title)| Course {
        subject,
        number,
        title: Some(title),
    });
    let grades = (of(grade()), of(grade()), of(decimal()));
    let codes = (of(select(GradeStatus::ALL)), of(select(RepeatTreatment::ALL)), of(decimal()));
    (course, select(CreditUnit::ALL), credits(), of(credits()), grades, codes, texts()).prop_map(
        |(course, unit, credits, credits_earned, grades, (status, repeat, quality_points), notes)| {
            let (grade, supplemental_grade, mark) = grades;
            Attempt {
                course,
                unit,
                credits,
                credits_earned,
                grade,
                supplemental_grade,
                mark,
                status,
                repeat,
                quality_points,
                notes,
            }
        },
    )
}

fn summary() -> impl Strategy<Value = StatedSummary> {
    let credits = (of(decimal()), of(decimal()), of(decimal()));
    let points = (of(decimal()), of(decimal()));
    let codes = (select(SummarySpan::ALL), of(text()), of(level()), of(select(CreditUnit::ALL)));
    (codes, credits, points, of(text()), texts()).prop_map(|(codes, credits, points, standing, notes)| {
        let (span, label, level, unit) = codes;
        let (credits_attempted, credits_earned, gpa_hours) = credits;
        let (quality_points, gpa) = points;
        StatedSummary {
            span,
            label,
            level,
            unit,
            credits_attempted,
            credits_earned,
            gpa_hours,
            quality_points,
            gpa,
            standing,
            notes,
        }
    })
}

fn term() -> impl Strategy<Value = Term> {
    let span = (of(date()), of(date())).prop_map(|(a, b)| match (a, b) {
        (Some(a), Some(b)) => (Some(a.min(b)), Some(a.max(b))),
        other => other,
    });
    let lists = (texts(), collection::vec(attempt(), 0..3), texts(), texts(), collection::vec(summary(), 0..2));
    (year_month(), text(), span, level(), lists, of(text()), of(text())).prop_map(
        |(designator, name, (begins, ends), level, (programs, attempts, honors, notes, stated), standing, campus)| {
            Term { designator, name, begins, ends, level, campus, programs, attempts, standing, honors, notes, stated }
        },
    )
}

fn transfer() -> impl Strategy<Value = TransferBlock> {
    let attempts = collection::vec(attempt(), 0..2);
    (select(TransferKind::ALL), of(text()), level(), of(year_month()), of(text()), attempts, texts()).prop_map(
        |(kind, institution, level, designator, term_name, attempts, notes)| TransferBlock {
            kind,
            institution,
            level,
            designator,
            term_name,
            attempts,
            notes,
        },
    )
}

fn balance() -> impl Strategy<Value = Balance> {
    let numbers = (credits(), credits(), credits(), decimal());
    (select(BalanceOrigin::ALL), text(), level(), of(year_month()), numbers).prop_map(
        |(origin, label, level, through, (credits_attempted, credits_earned, gpa_hours, quality_points))| Balance {
            origin,
            label,
            level,
            through,
            credits_attempted,
            credits_earned,
            gpa_hours,
            quality_points,
        },
    )
}

fn award() -> impl Strategy<Value = Award> {
    let lists = (collection::vec(program(), 0..2), texts(), texts());
    (text(), of(level()), of(date()), lists, of(text())).prop_map(
        |(title, level, conferred, (programs, honors, notes), thesis_title)| Award {
            title,
            level,
            conferred,
            programs,
            honors,
            thesis_title,
            notes,
        },
    )
}

fn hold() -> impl Strategy<Value = Hold> {
    (text(), of(text()), of(date()), any::<bool>()).prop_map(|(code, reason, since, blocks_transcript)| Hold {
        code,
        reason,
        since,
        blocks_transcript,
    })
}

fn record() -> impl Strategy<Value = StudentRecord> {
    let who = (student(), of(institution()), collection::vec(program(), 0..2));
    let work = (collection::vec(term(), 0..4), collection::vec(transfer(), 0..2), collection::vec(balance(), 0..2));
    let rest = (collection::vec(award(), 0..2), collection::vec(hold(), 0..2), texts());
    let totals = (any::<bool>(), collection::vec(summary(), 0..2), (any::<bool>(), any::<bool>()));
    (who, work, rest, totals).prop_map(|(who, (terms, transfers, balances), rest, (policy, stated, marks))| {
        let (student, institution, programs) = who;
        let (awards, holds, notes) = rest;
        let (sample, partial) = marks;
        let totals = if policy { TotalsAuthority::Policy } else { TotalsAuthority::Stated };
        StudentRecord {
            student,
            institution,
            programs,
            terms: in_order(distinct(terms)),
            transfers,
            balances,
            awards,
            holds,
            notes,
            totals,
            stated,
            sample,
            partial,
        }
    })
}

/// Terms of different names: where the policy counts, none may be there twice.
fn distinct(mut terms: Vec<Term>) -> Vec<Term> {
    for (index, term) in terms.iter_mut().enumerate() {
        term.name = Text::new(&format!("{} {index}", term.name)).expect("a text");
    }
    terms
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back_and_written_again_alike(record in record()) {
        let written = record_json::write(&record);
        let read = record_json::read(written.as_bytes());
        prop_assert!(read.as_ref() == Ok(&record), "another record came back");
        prop_assert_eq!(record_json::write(&record), written);
    }

    #[test]
    fn damaged_documents_never_panic(
        damage in collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let documents: [&[u8]; 3] = [
            include_bytes!("../pesc/release-1-8.xml"),
            include_bytes!("../pesc/malformed.xml"),
            include_bytes!("../record/full.json"),
        ];
        for document in documents {
            let mut bytes = document.to_vec();
            for (index, byte) in &damage {
                let index = index.index(bytes.len());
                bytes[index] = *byte;
            }
            // Both readers, whole and cut short: only their not panicking matters here.
            for bytes in [&bytes[..], &bytes[..cut.index(bytes.len())]] {
                let refused = pesc::read(bytes).is_err() || record_json::read(bytes).is_err();
                prop_assert!(refused, "a document was both XML and JSON");
            }
        }
    }
}
