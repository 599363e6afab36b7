//! PESC's code words as the domain's own, or as words that a page can print.

use crate::domain::{Level, ProgramKind, RepeatTreatment, SummarySpan, Text, TransferKind};

/// A code's camel case as a phrase: "CollegeSophomore" is "College sophomore", "ProbationGPA" "Probation GPA".
pub(super) fn phrase(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    let mut words = String::new();
    for (index, &letter) in letters.iter().enumerate() {
        let after_lower = index > 0 && letters[index - 1].is_lowercase();
        let before_lower = letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        let starts = letter.is_uppercase() && index > 0 && (after_lower || before_lower);
        if starts {
            words.push(' ');
        }
        if starts && !letters.get(index + 1).is_some_and(|next| next.is_uppercase()) {
            words.extend(letter.to_lowercase());
        } else {
            words.push(letter);
        }
    }
    words
}

/// A note of our own words and the document's; `None` when the document's part is no clean text.
pub(super) fn note(words: &str) -> Option<Text> {
    Text::new(words).ok()
}

/// The level that a code of CourseCreditLevel, AcademicSummaryLevel or StudentLevelCode stands for; what is neither
/// undergraduate, graduate nor professional keeps the code's own words.
pub(super) fn level(code: &str) -> Option<Level> {
    let word = match code {
        "Undergraduate" | "LowerDivision" | "UpperDivision" => "undergraduate",
        "CollegeFirstYear" | "CollegeFirstYearAttendedBefore" | "CollegeSophomore" | "CollegeJunior" => "undergraduate",
        "CollegeSenior" | "CollegeFifthYear" | "PostsecondaryBachelorPreliminaryYear" => "undergraduate",
        "Graduate" | "GraduateNonDegree" | "GraduateFirstYear" | "GraduateSecondYear" => "graduate",
        "GraduateThirdYear" | "GraduateBeyondThirdYear" | "MastersQualifying" | "Masters" | "Doctoral" => "graduate",
        "Professional" | "GraduateProfessional" | "ProfessionalFirstYear" => "professional",
        "ProfessionalSecondYear" | "ProfessionalThirdYear" | "ProfessionalBeyondThirdYear" => "professional",
        other => return Level::new(&phrase(other).to_lowercase().replace(' ', "-")).ok(),
    };
    Level::new(word).ok()
}

/// StudentLevelCodes that say no more than that it is a college.
pub(super) fn says_nothing(student_level: &str) -> bool {
    matches!(student_level, "Postsecondary" | "Ungraded")
}

/// An AcademicAwardLevel: what it is called, and the level of study it belongs to where that is plain.
pub(super) fn award_level(code: &str) -> Option<(&'static str, Option<&'static str>)> {
    const UNDERGRADUATE: Option<&str> = Some("undergraduate");
    const GRADUATE: Option<&str> = Some("graduate");
    const PROFESSIONAL: Option<&str> = Some("professional");
    Some(match code {
        "1.1" => ("Certificate of completion", None),
        "1.2" => ("Certificate of proficiency", None),
        "1.3" => ("Statement of participation", None),
        "1.4" => ("Statement of completion", None),
        "1.5" => ("Statement of achievement", None),
        "2.0" | "2" => ("Certificate", None),
        "2.1" | "1" => ("Postsecondary certificate or diploma (less than one year)", UNDERGRADUATE),
        "2.2" => ("Postsecondary certificate or diploma (one year or more but less than four years)", UNDERGRADUATE),
        "2.3" | "3" => ("Associate degree", UNDERGRADUATE),
        "2.4" | "5" => ("Baccalaureate degree", UNDERGRADUATE),
        "2.5" => ("Baccalaureate (honours) degree", UNDERGRADUATE),
        "2.6" => ("Postsecondary certificate or diploma (one year or more but less than two years)", UNDERGRADUATE),
        "2.7" => ("Postsecondary certificate or diploma (two years or more but less than four years)", UNDERGRADUATE),
        "4" => {
            ("Postsecondary award, certificate or diploma (two years or more but less than four years)", UNDERGRADUATE)
        }
        "2.8" => ("Undergraduate non-degree", UNDERGRADUATE),
        "3.1" | "10" => ("First professional degree", PROFESSIONAL),
        "3.2" => ("Post-professional degree", PROFESSIONAL),
        "3.3" => ("Graduate professional", PROFESSIONAL),
        "11" => ("First professional certificate (post-degree)", PROFESSIONAL),
        "4.0" => ("Graduate non-degree", GRADUATE),
        "4.1" => ("Graduate certificate", GRADUATE),
        "6" => ("Postbaccalaureate certificate", GRADUATE),
        "4.2" | "7" => ("Master's degree", GRADUATE),
        "8" => ("Post-master's certificate", GRADUATE),
        "4.3" => ("Intermediate graduate degree", GRADUATE),
        "4.4" | "9" | "17" | "18" | "19" => ("Doctoral degree", GRADUATE),
        "4.5" => ("Post-doctoral award", GRADUATE),
        _ => return None,
    })
}

/// An academic standing [Delinquencies]; `None` for the codes that tell nothing.
pub(super) fn standing(code: &str) -> Option<Text> {
    let words = match code {
        "Unknown" | "Other" => return None,
        "ProbationGPA" => "Academic probation (GPA)",
        "ProbationHours" => "Academic probation (credit hours)",
        "ProbationDiscipline" => "Disciplinary probation",
        "SuspensionGPA" => "Academic suspension (GPA)",
        "SuspensionHours" => "Academic suspension (credit hours)",
        "SuspensionDiscipline" => "Disciplinary suspension",
        "ExclusionAcademic" => "Academic exclusion",
        "ExclusionDiscipline" => "Disciplinary exclusion",
        other => return note(&phrase(other)),
    };
    note(words)
}

/// What an AcademicSummaryType spans, and the words for a type that the domain has no span of its own for.
pub(super) fn span(code: &str) -> (SummarySpan, Option<Text>) {
    match (code, SummarySpan::from_pesc(code)) {
        (_, Some(span)) => (span, None),
        ("AllNotRepeated", _) => (SummarySpan::Other, note("All, repeats left out")),
        ("SenderNotRepeated", _) => (SummarySpan::Other, note("Institution, repeats left out")),
        ("TransferNotRepeated", _) => (SummarySpan::Other, note("Transfer, repeats left out")),
        (other, _) => (SummarySpan::Other, note(&phrase(other))),
    }
}

/// What a CourseRepeatCode does to the attempt, or the words for one that is no treatment of a repeat here.
pub(super) fn repeat(code: &str) -> Result<RepeatTreatment, Option<Text>> {
    match code {
        "RepeatCounted" | "ReplacementCounted" => Ok(RepeatTreatment::Included),
        "RepeatNotCounted" | "ReplacedNotCounted" => Ok(RepeatTreatment::Excluded),
        "RepeatOtherInstitution" => Err(note("Repeated at another institution")),
        "NotCountedOther" => Err(note("Not counted")),
        other => Err(note(&format!("Repeat: {}", phrase(other)))),
    }
}

/// Where a transferred course's credit comes from, by its CourseCreditBasis.
pub(super) fn transfer_kind(basis: &str) -> TransferKind {
    match basis {
        "AdvancedPlacement" | "InternationalBaccalaureate" | "CreditByExam" => TransferKind::Examination,
        "Military" => TransferKind::Military,
        "LifeExperience" => TransferKind::PriorLearning,
        _ => TransferKind::Institution,
    }
}

/// The kind of an AcademicProgramType.
pub(super) fn program_kind(code: Option<&str>) -> ProgramKind {
    match code {
        None => ProgramKind::Program,
        Some("Focus") => ProgramKind::Concentration,
        Some(code) => ProgramKind::from_pesc(code).unwrap_or(ProgramKind::Program),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_become_phrases() {
        for (code, words) in [
            ("CollegeSophomore", "College sophomore"),
            ("ProbationGPA", "Probation GPA"),
            ("GPARange", "GPA range"),
            ("Semester", "Semester"),
            ("CEGEP", "CEGEP"),
            ("", ""),
        ] {
            assert_eq!(phrase(code), words);
        }
    }

    #[test]
    fn levels_are_the_domains_words_or_the_codes_own() {
        for (code, word) in [
            ("UpperDivision", "undergraduate"),
            ("Masters", "graduate"),
            ("GraduateProfessional", "professional"),
            ("TechnicalPreparatory", "technical-preparatory"),
        ] {
            assert_eq!(level(code).map(|level| level.to_string()).as_deref(), Some(word));
        }
        assert_eq!(level("élite"), None);
    }
}
