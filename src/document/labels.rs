//! The words a document itself brings, in English, French or a language the user supplies: one table.

use super::coverage;
use super::fonts::Fonts;
use crate::domain::{
    BalanceOrigin, CreditUnit, GradeStatus, Level, Problem, ProgramKind, RepeatTreatment, SummarySpan, TransferKind,
};
use std::borrow::Cow;

/// Declares the table: one key a line, then the word in each built-in language.
macro_rules! labels {
    ($($key:ident = $english:literal, $french:literal;)*) => {
        /// Every word of a document that is not the record's or the institution's.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Labels { $(pub(super) $key: Cow<'static, str>,)* }

        impl Labels {
            /// All keys, in the table's order.
            pub const KEYS: &'static [&'static str] = &[$(stringify!($key),)*];

            pub const fn english() -> Labels {
                Labels { $($key: Cow::Borrowed($english),)* }
            }
            pub const fn french() -> Labels {
                Labels { $($key: Cow::Borrowed($french),)* }
            }
            /// The label of a key.
            pub fn get(&self, key: &str) -> Option<&str> {
                match key { $(stringify!($key) => Some(&self.$key),)* _ => None }
            }
            fn slot(&mut self, key: &str) -> Option<&mut Cow<'static, str>> {
                match key { $(stringify!($key) => Some(&mut self.$key),)* _ => None }
            }
        }
    };
}

labels! {
    language = "en", "fr";
    official_title = "Official Academic Transcript", "Relevé de notes officiel";
    unofficial_title = "Unofficial Academic Transcript", "Relevé de notes non officiel";
    official = "Official", "Officiel";
    unofficial = "Unofficial", "Non officiel";
    sample = "Sample", "Spécimen";
    official_mark = "OFFICIAL", "OFFICIEL";
    unofficial_mark = "UNOFFICIAL", "NON OFFICIEL";
    partial = "Partial", "Partiel";
    partial_mark = "PARTIAL", "PARTIEL";
    partial_notice = "This is a partial transcript. Terms with unpaid charges are left out. Totals and GPAs are of the terms shown, and of no others.", "Ce relevé est partiel. Les trimestres dont les frais sont impayés n’y figurent pas. Les totaux et les moyennes portent sur les seuls trimestres présentés.";
    sample_mark = "SAMPLE", "SPÉCIMEN";
    document_number = "Document", "Document";
    verification_code = "Verification code", "Code de vérification";
    date_issued = "Issued", "Délivré le";
    issued_to = "Issued to", "Destinataire";
    purpose = "Purpose", "Objet";
    page_of = "Page {page} of {pages}", "Page {page} de {pages}";
    continued = "(continued)", "(suite)";
    student = "Student", "Étudiant";
    name = "Name", "Nom";
    student_number = "Student number", "Matricule";
    birth_date = "Date of birth", "Date de naissance";
    chosen_name = "Chosen name", "Nom choisi";
    former_name = "Former name", "Nom antérieur";
    native_name = "Name in own script", "Nom en écriture d’origine";
    programs = "Program of study", "Programme d’études";
    this_document = "This document", "Ce document";
    degree = "Degree", "Grade postulé";
    admitted = "Admitted", "Admission";
    awards = "Degrees and awards", "Diplômes et distinctions";
    conferred = "Conferred", "Décerné le";
    not_conferred = "Not yet conferred", "Non encore décerné";
    honors = "Honors", "Mention";
    thesis = "Thesis", "Mémoire ou thèse";
    transfer_credit = "Transfer credit", "Crédits transférés";
    examination_credit = "Credit by examination", "Crédits par examen";
    military_credit = "Military credit", "Crédits militaires";
    prior_learning_credit = "Credit for prior learning", "Reconnaissance des acquis";
    balance = "Balance brought forward", "Solde reporté";
    balance_institution = "Institution", "Établissement";
    balance_transfer = "Transfer", "Transfert";
    through = "through", "jusqu’à";
    academic_record = "Academic record", "Dossier universitaire";
    enrolled_in = "Program", "Programme";
    standing = "Standing", "Situation";
    course = "Course", "Cours";
    course_title = "Title", "Titre";
    credit_unit = "Unit", "Unité";
    credits = "Cred", "Créd";
    attempted = "Att", "Tent";
    earned = "Ern", "Obt";
    passed = "Pas", "Réu";
    mark = "Mark", "Note";
    grade = "Grade", "Cote";
    supplemental = "Suppl", "Suppl";
    points = "Points", "Points";
    repeat = "R", "R";
    totals = "Totals", "Totaux";
    gpa_hours = "GPA hrs", "Créd MPC";
    gpa = "GPA", "Moyenne";
    no_gpa = "—", "—";
    term_total = "Term", "Trimestre";
    cumulative_total = "Cumulative", "Cumulatif";
    institution_total = "Institution", "Établissement";
    transfer_total = "Transfer", "Transfert";
    overall_total = "Overall", "Ensemble";
    annual_total = "Annual", "Annuel";
    other_total = "Total", "Total";
    level_totals = "Totals", "Totaux";
    stated_totals = "Totals as stated by the issuer", "Totaux indiqués par l’émetteur";
    remarks = "Remarks", "Remarques";
    end_of_record = "End of transcript", "Fin du relevé de notes";
    legend = "Key to this transcript", "Légende";
    legend_grade = "Grade", "Cote";
    legend_points = "Points", "Points";
    legend_marks = "Marks", "Notes";
    legend_meaning = "Meaning", "Signification";
    legend_columns = "Att: credits attempted. Ern: credits earned. GPA hrs: credits counted in the GPA. Points: quality points, credits times the grade’s points. GPA: points divided by GPA hours; — where there are none.",
        "Tent : crédits tentés. Obt : crédits obtenus. Créd MPC : crédits comptés dans la moyenne. Points : crédits multipliés par la valeur de la cote. Moyenne : points divisés par les crédits comptés ; — s’il n’y en a aucun.";
    legend_passed = "Pas: credits passed.", "Réu : crédits réussis.";
    legend_converted = "Totals are counted in one unit: {factors}.", "Les totaux sont comptés en une unité : {factors}.";
    legend_stated = "Grades, credits and totals are printed as the issuing institution states them; none is computed here. Cred: credits of the course. Ern: credits earned. Suppl: supplemental grade.",
        "Les cotes, crédits et totaux sont ceux que l’établissement émetteur indique ; aucun n’est calculé ici. Créd : crédits du cours. Obt : crédits obtenus. Suppl : cote supplémentaire.";
    legend_uncounted = "Credits in parentheses are carried by the course but not counted as attempted.",
        "Les crédits entre parenthèses sont ceux du cours, non comptés comme tentés.";
    legend_pending = "A course without a grade shows its state in the grade column and counts in no total.",
        "Un cours sans cote montre son état dans la colonne des cotes et ne compte dans aucun total.";
    legend_repeat_excluded = "Repeat E: excluded from the GPA.", "Reprise E : exclue de la moyenne.";
    legend_repeat_included = "Repeat I: included in the GPA.", "Reprise I : incluse dans la moyenne.";
    legend_repeat_averaged = "Repeat A: averaged in the GPA.", "Reprise A : comptée en moyenne.";
    legend_unit = "Unit of credit: {unit}.", "Unité de crédit : {unit}.";
    legend_rounded_terms = "A cumulative GPA is the mean of the terms’ printed GPAs, weighted by GPA hours.",
        "La moyenne cumulative est celle des moyennes imprimées des sessions, pondérées par leurs crédits.";
    legend_lowest_best = "Fewer points are better.", "Moins il y a de points, meilleur est le résultat.";
    legend_truncated = "GPAs are cut to {places} places, not rounded.", "Les moyennes sont tronquées à {places} décimales.";
    legend_half_up = "GPAs are rounded half up to {places} places.", "Les moyennes sont arrondies à {places} décimales (demi vers le haut).";
    legend_half_even = "GPAs are rounded half to even to {places} places.", "Les moyennes sont arrondies à {places} décimales (demi vers le pair).";
    legend_truncated_then = "GPAs are cut to {first} places, then rounded to {places}, halves down.",
        "Les moyennes sont tronquées à {first} décimales, puis arrondies à {places} (demi vers le bas).";
    from_term = "from", "depuis";
    meaning_earned = "Earned, not in the GPA", "Obtenu, hors moyenne";
    meaning_not_earned = "Not earned, not in the GPA", "Non obtenu, hors moyenne";
    accreditation = "Accreditation", "Agrément";
    unit_semester = "semester hour", "heure-semestre";
    unit_quarter = "quarter hour", "heure-trimestre";
    unit_units = "unit", "unité";
    unit_ects = "ECTS credit", "crédit ECTS";
    unit_clock_hours = "clock hour", "heure d’horloge";
    unit_carnegie_units = "Carnegie unit", "unité Carnegie";
    unit_continuing_education_units = "continuing education unit", "unité d’éducation permanente";
    unit_no_credit = "no credit", "sans crédit";
    unit_other = "the institution’s own", "celle de l’établissement";
    unit_unreported = "not reported", "non indiquée";
    short_semester = "sem", "sem";
    short_quarter = "qtr", "trim";
    short_units = "unit", "unité";
    short_ects = "ECTS", "ECTS";
    short_clock_hours = "clock", "horl";
    short_carnegie_units = "Carn", "Carn";
    short_continuing_education_units = "CEU", "UEP";
    short_no_credit = "none", "sans";
    short_other = "other", "autre";
    short_unreported = "—", "—";
    status_completed = "Complete", "Terminé";
    status_in_progress = "In prog.", "En cours";
    status_not_yet_reported = "Not rep.", "À venir";
    status_incomplete = "Incompl.", "Incompl.";
    status_incomplete_not_resolved_fail = "Incompl. (fail)", "Incompl. (échec)";
    status_audited = "Audit", "Auditeur";
    status_withdrew = "Withdrew", "Abandon";
    status_withdrew_passing = "Withdrew (pass)", "Abandon (réussite)";
    status_withdrew_failing = "Withdrew (fail)", "Abandon (échec)";
    status_withdrew_no_penalty = "Withdrew", "Abandon";
    status_pass_fail_pass = "Pass", "Réussite";
    status_pass_fail_fail = "Fail", "Échec";
    status_other_pass = "Pass", "Réussite";
    status_other_fail = "Fail", "Échec";
    status_honors_grade = "Honors", "Mention";
    status_transfer_no_grade = "Transfer", "Transfert";
    status_planning_to_take = "Planned", "Prévu";
    program_program = "Program", "Programme";
    program_major = "Major", "Majeure";
    program_second_major = "Second major", "Seconde majeure";
    program_minor = "Minor", "Mineure";
    program_second_minor = "Second minor", "Seconde mineure";
    program_concentration = "Concentration", "Concentration";
    program_specialization = "Specialization", "Spécialisation";
    level_undergraduate = "Undergraduate", "Premier cycle";
    level_graduate = "Graduate", "Cycles supérieurs";
    level_doctoral = "Doctoral", "Doctorat";
    level_law = "Law", "Droit";
    level_medicine = "Medicine", "Médecine";
    level_professional = "Professional", "Professionnel";
    level_continuing_education = "Continuing education", "Éducation permanente";
    months = "January February March April May June July August September October November December",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre";
    date_full = "{month} {day}, {year}", "{day} {month} {year}";
    date_month_day = "{month} {day}", "{day} {month}";
    date_year_month = "{month} {year}", "{month} {year}";
    certificate_title = "Certificate of Degree", "Attestation de diplôme";
    certificate_opening = "This is to certify that", "La présente atteste que";
    certificate_awarded = "was awarded the degree of", "a obtenu le diplôme de";
    certificate_conferred = "conferred on {date}", "décerné le {date}";
    certificate_number = "student number {number}", "matricule {number}";
    certificate_confirmed = "Confirmed by the verification service under reference {reference}.",
        "Confirmé par le service de vérification sous la référence {reference}.";
    enrollment_title = "Enrollment Verification", "Attestation d’inscription";
    enrollment_now = "{institution} certifies that the student named here is enrolled on {date}, and was enrolled in the terms listed.",
        "{institution} atteste que la personne nommée est inscrite le {date} et l’a été aux trimestres indiqués.";
    enrollment_past = "{institution} certifies that the student named here was enrolled in the terms listed, and is not enrolled on {date}.",
        "{institution} atteste que la personne nommée a été inscrite aux trimestres indiqués et ne l’est pas le {date}.";
    enrollment_listed = "{institution} certifies that the student named here was enrolled in the terms listed, as recorded on {date}.",
        "{institution} atteste que la personne nommée a été inscrite aux trimestres indiqués, selon le dossier au {date}.";
    enrollment_term = "Term", "Trimestre";
    enrollment_dates = "Dates", "Dates";
    enrollment_load = "Enrolled", "Inscription";
    enrollment_full_time = "Full time", "Temps plein";
    enrollment_half_time = "Half time", "Mi-temps";
    enrollment_less_than_half_time = "Less than half time", "Moins du mi-temps";
    enrollment_withdrew = "Withdrew", "Abandon";
    enrollment_note = "Credits are those of the courses enrolled in, without withdrawals and audits.",
        "Les crédits sont ceux des cours suivis, sans les abandons ni les auditeurs libres.";
    record_attached = "The record that these pages show, as data", "Le dossier que montrent ces pages, en données";
    certificate_issued = "Issued on {date}", "Délivré le {date}";
}

impl Labels {
    /// The built-in table of a language tag, by its first part ("fr-CA" is French).
    pub fn built_in(language: &str) -> Option<Labels> {
        match language.split('-').next() {
            Some("en") => Some(Labels::english()),
            Some("fr") => Some(Labels::french()),
            _ => None,
        }
    }

    /// Replaces one label. Refused: an unknown key, an empty label, a character the built-in faces lack, and other
    /// placeholders than the built-in label has: a page without its number, a date without its year.
    pub fn set(&mut self, key: &str, label: &str, fonts: &Fonts) -> Result<(), Problem> {
        let place = || format!("labels.{key}");
        if label.trim().is_empty() {
            return Err(Problem::new("empty-label", place(), "is empty"));
        }
        if let Some(missing) = fonts.missing(label).first() {
            return Err(coverage::problem(place(), *missing));
        }
        if key == "months" && label.split_whitespace().count() != 12 {
            return Err(Problem::new("months", place(), "does not name twelve months, divided by spaces"));
        }
        let wanted = self.get(key).map(placeholders).unwrap_or_default();
        if self.get(key).is_some() && placeholders(label) != wanted {
            let wanted = if wanted.is_empty() { "none".to_owned() } else { wanted.join(", ") };
            return Err(Problem::new(
                "placeholders",
                place(),
                format!("must hold exactly these placeholders: {wanted}"),
            ));
        }
        let slot = self.slot(key).ok_or_else(|| Problem::new("unknown-label", place(), "is no label's key"))?;
        *slot = Cow::Owned(label.to_owned());
        Ok(())
    }

    /// The label of one of a family, such as `program_` and the word of a kind.
    fn of(&self, family: &str, word: &str) -> Option<&str> {
        self.get(&format!("{family}_{}", word.replace('-', "_")))
    }

    /// Families are complete (a test says so); the stable word stands in for what a future variant forgets.
    fn member(&self, family: &str, word: &'static str) -> &str {
        self.of(family, word).unwrap_or(word)
    }

    pub(super) fn unit(&self, unit: CreditUnit) -> &str {
        self.member("unit", unit.word())
    }
    pub(super) fn short_unit(&self, unit: CreditUnit) -> &str {
        self.member("short", unit.word())
    }
    pub(super) fn status(&self, status: GradeStatus) -> &str {
        self.member("status", status.word())
    }
    pub(super) fn program(&self, kind: ProgramKind) -> &str {
        self.member("program", kind.word())
    }

    /// An unknown level's own word, with a capital: `school-of-design` is "School of design".
    pub(super) fn level(&self, level: &Level) -> String {
        if let Some(label) = self.of("level", level.as_str()) {
            return label.to_owned();
        }
        let words = level.as_str().replace('-', " ");
        let mut characters = words.chars();
        characters.next().map(|first| first.to_ascii_uppercase().to_string() + characters.as_str()).unwrap_or_default()
    }

    pub(super) fn span(&self, span: SummarySpan) -> &str {
        match span {
            SummarySpan::Term => &self.term_total,
            SummarySpan::Annual => &self.annual_total,
            SummarySpan::Cumulative => &self.cumulative_total,
            SummarySpan::Institution => &self.institution_total,
            SummarySpan::Transfer => &self.transfer_total,
            SummarySpan::Overall => &self.overall_total,
            SummarySpan::Other => &self.other_total,
        }
    }

    pub(super) fn transfer(&self, kind: TransferKind) -> &str {
        match kind {
            TransferKind::Institution => &self.transfer_credit,
            TransferKind::Examination => &self.examination_credit,
            TransferKind::Military => &self.military_credit,
            TransferKind::PriorLearning => &self.prior_learning_credit,
        }
    }

    pub(super) fn balance(&self, origin: BalanceOrigin) -> &str {
        match origin {
            BalanceOrigin::Institution => &self.balance_institution,
            BalanceOrigin::Transfer => &self.balance_transfer,
        }
    }

    pub(super) fn repeat_meaning(&self, repeat: RepeatTreatment) -> &str {
        match repeat {
            RepeatTreatment::Excluded => &self.legend_repeat_excluded,
            RepeatTreatment::Included => &self.legend_repeat_included,
            RepeatTreatment::Averaged => &self.legend_repeat_averaged,
        }
    }
}

/// The places of a label that are filled in, such as `{page}`: each once, in alphabetical order.
fn placeholders(label: &str) -> Vec<&str> {
    let starts = label.match_indices('{').map(|(start, _)| &label[start..]);
    let mut found: Vec<&str> = starts.filter_map(|rest| rest.find('}').map(|end| &rest[..=end])).collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_is_complete_and_every_label_can_be_printed() {
        for labels in [Labels::english(), Labels::french()] {
            let all = |family: &str, words: Vec<&str>| words.iter().all(|word| labels.of(family, word).is_some());
            assert!(all("unit", CreditUnit::ALL.iter().map(|u| u.word()).collect()));
            assert!(all("short", CreditUnit::ALL.iter().map(|u| u.word()).collect()));
            assert!(all("status", GradeStatus::ALL.iter().map(|s| s.word()).collect()));
            assert!(all("program", ProgramKind::ALL.iter().map(|p| p.word()).collect()));
            for key in Labels::KEYS {
                let label = labels.get(key).expect("a listed key has a label");
                assert!(Fonts::default().missing(label).is_empty(), "{key}");
                labels.clone().set(key, label, &Fonts::default()).expect("a built-in label is a good label");
            }
        }
    }

    #[test]
    fn a_bad_label_is_refused_by_place() {
        let (mut labels, fonts) = (Labels::english(), Fonts::default());
        assert_eq!(labels.set("no_such", "x", &fonts).unwrap_err().code, "unknown-label");
        assert_eq!(labels.set("months", "one two", &fonts).unwrap_err().place, "labels.months");
        assert_eq!(labels.set("gpa", "平均", &fonts).unwrap_err().code, "character-not-covered");
        for label in ["Seite {page}", "Seite {page} von {pages} {total}", "Seite"] {
            assert_eq!(labels.set("page_of", label, &fonts).unwrap_err().code, "placeholders");
        }
        labels.set("page_of", "{pages}/{page}", &fonts).unwrap();
        labels.set("gpa", "Media", &fonts).unwrap();
        assert_eq!(labels.get("gpa"), Some("Media"));
        assert_eq!(labels.level(&Level::new("school-of-design").unwrap()), "School of design");
    }
}
