//! A `StudentRecord` into rows: the reader's exact inverse. Used for the sample campus and for imports.

use super::failure;
use crate::domain::{
    Attempt, Award, Decimal, Error, Institution, Names, PersonName, Program, StatedSummary, StudentRecord, Term, Text,
    TotalsAuthority, TransferBlock,
};
use rusqlite::{Connection, ToSql, params};

/// Inserts the record. A student who is there already is refused, not replaced. Call it within a
/// transaction: a record is several rows.
pub fn write(connection: &Connection, record: &StudentRecord) -> Result<(), Error> {
    let rows = Rows { connection, student: record.student.id.as_str() };
    let institution = record.institution.as_ref().map(|it| institution_key(connection, it)).transpose()?;
    let totals = match record.totals {
        TotalsAuthority::Policy => "policy",
        TotalsAuthority::Stated => "stated",
    };
    let birth = record.student.birth.map(|birth| birth.to_string());
    let native = text(&record.student.names.native);
    rows.insert(
        "INSERT INTO students (id, birth, native_name, institution, totals, sample) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![rows.student, birth, native, institution, totals, record.sample],
    )?;
    rows.names(&record.student.names)?;
    rows.programs(0, &record.programs)?;
    numbered(&record.terms, |seq, term| rows.term(seq, term))?;
    numbered(&record.transfers, |seq, block| rows.transfer(seq, block))?;
    numbered(&record.awards, |seq, award| rows.award(seq, award))?;
    rows.plain(record)?;
    numbered(&record.stated, |seq, stated| rows.stated(0, seq, stated))
}

/// Calls `insert` with 1, 2, 3 … and each value.
fn numbered<T>(values: &[T], insert: impl Fn(i64, &T) -> Result<(), Error>) -> Result<(), Error> {
    (1..).zip(values).try_for_each(|(seq, value)| insert(seq, value))
}

fn text(value: &Option<Text>) -> Option<&str> {
    value.as_ref().map(Text::as_str)
}

fn shown<T: ToString>(value: &Option<T>) -> Option<String> {
    value.as_ref().map(T::to_string)
}

fn lines(values: &[Text]) -> Option<String> {
    (!values.is_empty()).then(|| values.iter().map(Text::as_str).collect::<Vec<_>>().join("\n"))
}

/// With every place that its value needs: a decimal may remember fewer.
fn exact(value: Decimal) -> String {
    value.with_places(value.places()).to_string()
}

/// The key of an institution: of an equal row, or of a new one.
fn institution_key(connection: &Connection, institution: &Institution) -> Result<i64, Error> {
    let codes: Vec<String> = institution.codes.iter().map(|(system, code)| format!("{system}\t{code}")).collect();
    let codes = (!codes.is_empty()).then(|| codes.join("\n"));
    let values = params![
        institution.name.as_str(),
        lines(&institution.address),
        text(&institution.phone),
        text(&institution.email),
        text(&institution.website),
        codes,
        text(&institution.accreditation),
        text(&institution.registrar_name),
        text(&institution.registrar_title)
    ];
    let known = "SELECT id FROM institution WHERE name = ?1 AND address IS ?2 AND phone IS ?3 AND email IS ?4 \
                 AND website IS ?5 AND codes IS ?6 AND accreditation IS ?7 AND registrar_name IS ?8 \
                 AND registrar_title IS ?9";
    let mut statement = connection.prepare_cached(known).map_err(failure)?;
    let mut found = statement.query(values).map_err(failure)?;
    if let Some(row) = found.next().map_err(failure)? {
        return row.get(0).map_err(failure);
    }
    let add = "INSERT INTO institution (name, address, phone, email, website, codes, accreditation, registrar_name, \
               registrar_title) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    connection.prepare_cached(add).and_then(|mut insert| insert.insert(values)).map_err(failure)
}

/// Rows of one student.
struct Rows<'a> {
    connection: &'a Connection,
    student: &'a str,
}

impl Rows<'_> {
    fn insert(&self, sql: &str, values: &[&dyn ToSql]) -> Result<(), Error> {
        self.connection.prepare_cached(sql).and_then(|mut insert| insert.execute(values)).map_err(failure)?;
        Ok(())
    }

    fn names(&self, names: &Names) -> Result<(), Error> {
        let legal = std::iter::once(("legal", &names.legal));
        let chosen = names.chosen.iter().map(|name| ("chosen", name));
        let former = names.former.iter().map(|name| ("former", name));
        (1..).zip(legal.chain(chosen).chain(former)).try_for_each(|(seq, (kind, name))| self.name(seq, kind, name))
    }

    fn name(&self, seq: i64, kind: &str, name: &PersonName) -> Result<(), Error> {
        let p = name.parts();
        let (prefix, given, middle) = (text(&p.prefix), text(&p.given), text(&p.middle));
        let (family, suffix, whole) = (text(&p.family), text(&p.suffix), text(&p.full));
        self.insert(
            "INSERT INTO names (student, seq, kind, prefix, given, middle, family, suffix, whole) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![self.student, seq, kind, prefix, given, middle, family, suffix, whole],
        )
    }

    fn programs(&self, award: i64, programs: &[Program]) -> Result<(), Error> {
        numbered(programs, |seq, program| {
            let (kind, name, level) = (program.kind.word(), program.name.as_str(), shown(&program.level));
            let (degree, admitted, notes) = (text(&program.degree), shown(&program.admitted), lines(&program.notes));
            self.insert(
                "INSERT INTO programs (student, award, seq, kind, name, level, degree, admitted, notes) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![self.student, award, seq, kind, name, level, degree, admitted, notes],
            )
        })
    }

    fn term(&self, seq: i64, term: &Term) -> Result<(), Error> {
        let (designator, name, level) = (term.designator.to_string(), term.name.as_str(), term.level.as_str());
        let (begins, ends, programs) = (shown(&term.begins), shown(&term.ends), lines(&term.programs));
        let (standing, honors, notes) = (text(&term.standing), lines(&term.honors), lines(&term.notes));
        let campus = text(&term.campus);
        self.insert(
            "INSERT INTO terms (student, seq, designator, name, begins, ends, level, campus, programs, standing, honors, \
             notes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![self.student, seq, designator, name, begins, ends, level, campus, programs, standing, honors, notes],
        )?;
        numbered(&term.attempts, |position, attempt| self.attempt("term", seq, position, attempt))?;
        numbered(&term.stated, |position, stated| self.stated(seq, position, stated))
    }

    fn transfer(&self, seq: i64, block: &TransferBlock) -> Result<(), Error> {
        let (kind, institution, level) = (block.kind.word(), text(&block.institution), block.level.as_str());
        let (designator, term_name, notes) = (shown(&block.designator), text(&block.term_name), lines(&block.notes));
        self.insert(
            "INSERT INTO transfer_blocks (student, seq, kind, institution, level, designator, term_name, notes) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![self.student, seq, kind, institution, level, designator, term_name, notes],
        )?;
        numbered(&block.attempts, |position, attempt| self.attempt("transfer", seq, position, attempt))
    }

    fn attempt(&self, kind: &str, block: i64, seq: i64, attempt: &Attempt) -> Result<(), Error> {
        let course = &attempt.course;
        let (subject, number, title) = (text(&course.subject), text(&course.number), text(&course.title));
        let (unit, credits) = (attempt.unit.word(), exact(attempt.credits.decimal()));
        let earned = attempt.credits_earned.map(|credits| exact(credits.decimal()));
        let grade = attempt.grade.as_ref().map(|grade| grade.as_str());
        let supplemental = attempt.supplemental_grade.as_ref().map(|grade| grade.as_str());
        let (mark, points) = (attempt.mark.map(exact), attempt.quality_points.map(exact));
        let (status, repeat) = (attempt.status.map(|s| s.word()), attempt.repeat.map(|r| r.word()));
        self.insert(
            "INSERT INTO attempts (student, block_kind, block, seq, subject, number, title, unit, credits, \
             credits_earned, grade, supplemental_grade, mark, status, repeat, quality_points, notes) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
            params![
                self.student,
                kind,
                block,
                seq,
                subject,
                number,
                title,
                unit,
                credits,
                earned,
                grade,
                supplemental,
                mark,
                status,
                repeat,
                points,
                lines(&attempt.notes)
            ],
        )
    }

    fn award(&self, seq: i64, award: &Award) -> Result<(), Error> {
        let (title, level, conferred) = (award.title.as_str(), shown(&award.level), shown(&award.conferred));
        let (honors, thesis, notes) = (lines(&award.honors), text(&award.thesis_title), lines(&award.notes));
        self.insert(
            "INSERT INTO awards (student, seq, title, level, conferred, honors, thesis_title, notes) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![self.student, seq, title, level, conferred, honors, thesis, notes],
        )?;
        self.programs(seq, &award.programs)
    }

    /// Balances, holds and notes.
    fn plain(&self, record: &StudentRecord) -> Result<(), Error> {
        numbered(&record.balances, |seq, balance| {
            let (origin, label, level) = (balance.origin.word(), balance.label.as_str(), balance.level.as_str());
            let [attempted, earned, gpa_hours] =
                [balance.credits_attempted, balance.credits_earned, balance.gpa_hours].map(|c| exact(c.decimal()));
            let (through, points) = (shown(&balance.through), exact(balance.quality_points));
            self.insert(
                "INSERT INTO balances (student, seq, origin, label, level, through, credits_attempted, \
                 credits_earned, gpa_hours, quality_points) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                params![self.student, seq, origin, label, level, through, attempted, earned, gpa_hours, points],
            )
        })?;
        numbered(&record.holds, |seq, hold| {
            let (code, reason, since) = (hold.code.as_str(), text(&hold.reason), shown(&hold.since));
            self.insert(
                "INSERT INTO holds (student, seq, code, reason, since, blocks_transcript) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![self.student, seq, code, reason, since, hold.blocks_transcript],
            )
        })?;
        numbered(&record.notes, |seq, note| {
            let sql = "INSERT INTO notes (student, seq, note) VALUES (?1, ?2, ?3)";
            self.insert(sql, params![self.student, seq, note.as_str()])
        })
    }

    fn stated(&self, term: i64, seq: i64, stated: &StatedSummary) -> Result<(), Error> {
        let (span, label, level) = (stated.span.word(), text(&stated.label), shown(&stated.level));
        let unit = stated.unit.map(|unit| unit.word());
        let [attempted, earned, hours, points, gpa] =
            [stated.credits_attempted, stated.credits_earned, stated.gpa_hours, stated.quality_points, stated.gpa]
                .map(|value| value.map(exact));
        let (standing, notes) = (text(&stated.standing), lines(&stated.notes));
        self.insert(
            "INSERT INTO stated_totals (student, term, seq, span, label, level, unit, credits_attempted, \
             credits_earned, gpa_hours, quality_points, gpa, standing, notes) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            params![
                self.student,
                term,
                seq,
                span,
                label,
                level,
                unit,
                attempted,
                earned,
                hours,
                points,
                gpa,
                standing,
                notes
            ],
        )
    }
}
