//! The head of a transcript: letterhead, title, and the facts about student, programme and document.

use super::Composer;
use crate::document::content::{
    Block, Fact, FactGroup, Heading, HeadingStyle, Letterhead, Paragraph, ParagraphStyle, Part, Words,
};
use crate::domain::{Institution, TotalsAuthority};

impl<'t> Composer<'t> {
    pub(super) fn opening(&mut self) -> Part<'t> {
        let letterhead = Block::Letterhead(self.letterhead(false));
        let title = Heading { level: 1, style: HeadingStyle::Title, text: self.title().into(), aside: self.marks() };
        let groups = [self.student_facts(), self.program_facts(), self.document_facts()];
        let facts = groups.into_iter().filter(|group| !group.facts.is_empty()).collect();
        Part {
            heading: None,
            columns: 1,
            together: false,
            blocks: [Some(letterhead), Some(Block::Heading(title)), self.notice(), Some(Block::Facts(facts))]
                .into_iter()
                .flatten()
                .collect(),
        }
    }

    /// Name, then address, contact and codes; the places are those of whoever named the institution.
    pub(in crate::document) fn letterhead(&mut self, centred: bool) -> Letterhead<'t> {
        let institution = self.institution();
        let owner = if self.record.institution.is_some() { "institution" } else { "theme.institution" };
        let name = self.proof.read(institution.name.as_str(), || format!("{owner}.name")).into();
        let mut lines: Vec<Words> = Vec::new();
        for (index, line) in institution.address.iter().enumerate() {
            lines.push(self.proof.read(line.as_str(), || format!("{owner}.address[{index}]")).into());
        }
        lines.extend(self.contact(institution, owner).into_iter().map(Words::Owned));
        let logo = self.pictures().and_then(|pictures| pictures.logo.clone());
        Letterhead { name, lines, centred, logo }
    }

    fn contact(&mut self, institution: &Institution, owner: &str) -> Vec<String> {
        let Institution { phone, email, website, .. } = institution;
        let (mut reach, mut site) = (Vec::new(), Vec::new());
        for (field, value) in [("phone", phone), ("email", email), ("website", website)] {
            if let Some(value) = value {
                let line = if field == "website" { &mut site } else { &mut reach };
                line.push(self.proof.read(value.as_str(), || format!("{owner}.{field}")).to_owned());
            }
        }
        let mut codes = Vec::new();
        for (index, (system, code)) in institution.codes.iter().enumerate() {
            let pair = format!("{system} {code}");
            codes.push(self.proof.read(&pair, || format!("{owner}.codes[{index}]")).to_owned());
        }
        [reach, site, codes].into_iter().filter(|line| !line.is_empty()).map(|line| line.join(" · ")).collect()
    }

    /// What this issuing adds to the record.
    pub(in crate::document) fn document_facts(&mut self) -> FactGroup<'t> {
        let (labels, issue) = (self.labels(), self.issue);
        let mut facts = vec![Fact::new(&labels.date_issued, labels.date(issue.date))];
        let serial = self.proof.read(issue.serial.as_str(), || "issue.serial".into());
        facts.push(Fact::new(&labels.document_number, serial));
        if self.theme.shown.verification_code {
            facts.push(Fact::new(&labels.verification_code, self.code));
        }
        if let Some(recipient) = &issue.recipient {
            let recipient = self.proof.read(recipient.as_str(), || "issue.recipient".into());
            facts.push(Fact::new(&labels.issued_to, recipient));
        }
        if let Some(purpose) = &issue.purpose {
            facts.push(Fact::new(&labels.purpose, self.proof.read(purpose.as_str(), || "issue.purpose".into())));
        }
        FactGroup { heading: Heading::group(labels.this_document.as_ref()), facts }
    }

    /// What every reader has to know before anything else.
    fn marks(&self) -> Option<Words<'t>> {
        let (labels, record) = (self.labels(), self.record);
        let marks = [record.partial.then_some(&labels.partial_mark), record.sample.then_some(&labels.sample_mark)];
        let marks: Vec<&str> = marks.into_iter().flatten().map(AsRef::as_ref).collect();
        (!marks.is_empty()).then(|| marks.join(" · ").into())
    }

    /// What is missing, and what the numbers are of.
    fn notice(&self) -> Option<Block<'t>> {
        // Why a sender leaves something out, its own notes say.
        let ours = self.record.partial && self.record.totals == TotalsAuthority::Policy;
        let text = ours.then(|| self.labels().partial_notice.as_ref())?;
        Some(Paragraph::block(ParagraphStyle::Entry, text))
    }
}

impl<'t> Fact<'t> {
    pub(super) fn new(label: &'t str, value: impl Into<Words<'t>>) -> Fact<'t> {
        Fact { label: label.into(), value: value.into(), principal: false }
    }
}

impl<'t> Heading<'t> {
    /// A heading of second level over a group of facts.
    pub(in crate::document) fn group(text: impl Into<Words<'t>>) -> Heading<'t> {
        Heading { level: 2, style: HeadingStyle::Group, text: text.into(), aside: None }
    }
}
