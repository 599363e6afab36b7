//! What a database of the published schema holds, asked in SQL that all servers understand.

/// The answers to the three questions.
pub struct Holdings {
    pub counts: Vec<i64>,
    /// Each level and its students.
    pub levels: Vec<(String, i64)>,
    /// Each level and a grade in use there, most frequent first.
    pub grades: Vec<(String, String)>,
}

/// More grades than this of a level are not told.
const MOST_GRADES: usize = 40;

impl Holdings {
    /// One row.
    pub const COUNTS: &str = "SELECT (SELECT count(*) FROM students), \
        (SELECT count(*) FROM attempts WHERE block_kind = 'term'), (SELECT count(*) FROM terms), \
        (SELECT count(*) FROM transfer_blocks), (SELECT count(*) FROM balances), (SELECT count(*) FROM awards), \
        (SELECT count(*) FROM holds WHERE blocks_transcript)";
    pub const LEVELS: &str = "SELECT level, count(DISTINCT student) FROM terms GROUP BY level ORDER BY 2 DESC, 1";
    pub const GRADES: &str = "SELECT terms.level, attempts.grade FROM terms JOIN attempts \
        ON attempts.student = terms.student AND attempts.block_kind = 'term' AND attempts.block = terms.seq \
        WHERE attempts.grade IS NOT NULL GROUP BY terms.level, attempts.grade ORDER BY count(*) DESC, attempts.grade";

    /// As a person reads them.
    pub fn lines(&self) -> Vec<String> {
        let count = |index: usize| self.counts.get(index).copied().unwrap_or_default();
        let mut lines = vec![
            format!("{} students", count(0)),
            format!("{} attempts in {} terms", count(1), count(2)),
            format!("{} transfer blocks, {} balances", count(3), count(4)),
            format!("{} awards", count(5)),
            format!("{} holds that keep transcripts back", count(6)),
        ];
        for (level, students) in &self.levels {
            let used = self.grades.iter().filter(|(of, _)| of == level).map(|(_, grade)| grade.as_str());
            let used: Vec<_> = used.take(MOST_GRADES).collect();
            lines.push(format!("{level}: {students} students, grades {}", used.join(" ")));
        }
        lines
    }
}
