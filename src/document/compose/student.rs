//! Who the transcript is about, and what they study.

use super::Composer;
use crate::document::content::{Fact, FactGroup, Heading, Words};
use crate::document::theme::PrintedName;
use crate::domain::Program;

impl<'t> Composer<'t> {
    pub(in crate::document) fn student_facts(&mut self) -> FactGroup<'t> {
        let labels = self.labels();
        let student = &self.record.student;
        let mut facts = vec![Fact { principal: true, ..Fact::new(&labels.name, self.student_name()) }];
        facts.extend(self.other_names());
        let number = self.proof.read(student.id.as_str(), || "student.id".into());
        facts.push(Fact::new(&labels.student_number, number));
        if let Some(birth) = student.birth.and_then(|birth| labels.birth(birth, self.theme.birth_date)) {
            facts.push(Fact::new(&labels.birth_date, birth));
        }
        FactGroup { heading: Heading::group(labels.student.as_ref()), facts }
    }

    /// Chosen, former and native names beside the legal one. Where the chosen name is printed in its place,
    /// no other is: the theme chose not to tell them.
    fn other_names(&mut self) -> Vec<Fact<'t>> {
        let (labels, shown) = (self.labels(), self.theme.shown);
        let names = &self.record.student.names;
        if self.theme.printed_name == PrintedName::Chosen && names.chosen.is_some() {
            return Vec::new();
        }
        let mut facts = Vec::new();
        // Exception by design: a name in its own script is an addition, printed when the faces have all of it.
        let native = names.native.iter().filter(|native| self.theme.fonts.missing(native.as_str()).is_empty());
        facts.extend(native.filter(|_| shown.native_name).map(|name| Fact::new(&labels.native_name, name.as_str())));
        if let Some(chosen) = names.chosen.as_ref().filter(|_| shown.chosen_name) {
            let chosen = chosen.printed();
            self.proof.read(&chosen, || "student.names.chosen".into());
            facts.push(Fact::new(&labels.chosen_name, chosen));
        }
        for (index, former) in names.former.iter().enumerate().filter(|_| shown.former_names) {
            let former = former.printed();
            self.proof.read(&former, || format!("student.names.former[{index}]"));
            facts.push(Fact::new(&labels.former_name, former));
        }
        facts
    }

    pub(in crate::document) fn program_facts(&mut self) -> FactGroup<'t> {
        let mut facts = Vec::new();
        let record = self.record;
        for (index, program) in record.programs.iter().enumerate() {
            facts.extend(self.program(program, &format!("programs[{index}]")));
        }
        FactGroup { heading: Heading::group(self.labels().programs.as_ref()), facts }
    }

    /// The degree first, where the programme leads to one, then the programme under its kind.
    fn program(&mut self, program: &'t Program, place: &str) -> Vec<Fact<'t>> {
        let labels = self.labels();
        let mut facts = Vec::new();
        if let Some(degree) = &program.degree {
            facts.push(Fact::new(&labels.degree, self.proof.read(degree.as_str(), || format!("{place}.degree"))));
        }
        let mut name: Words = self.proof.read(program.name.as_str(), || format!("{place}.name")).into();
        if let Some(level) = program.level.as_ref().filter(|_| self.columns.several_levels) {
            name = format!("{name} ({})", self.theme.level_name(level)).into();
        }
        facts.push(Fact::new(labels.program(program.kind), name));
        if let Some(admitted) = program.admitted {
            facts.push(Fact::new(&labels.admitted, labels.date(admitted)));
        }
        for (index, note) in program.notes.iter().enumerate() {
            facts.push(Fact::new("", self.proof.read(note.as_str(), || format!("{place}.notes[{index}]"))));
        }
        facts
    }
}
