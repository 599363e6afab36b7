//! Facts: groups of labelled values side by side; one below the other where they are too many for that.

use super::setter::{Setter, Site};
use super::spacing::{CELLS, GROUPS, PARTS};
use super::strip::{Strip, moved};
use super::voice::Speech;
use crate::document::content::{Fact, FactGroup};
use crate::document::length::Length;
use crate::document::page::{ElementId, Role};

/// Side by side up to this height: a third of a page.
const TALLEST: Length = Length::points(250);

impl<'d> Setter<'d> {
    pub(super) fn facts(&mut self, groups: &'d [FactGroup<'d>], site: Site) -> Vec<Strip<'d>> {
        let count = groups.len().max(1) as i32;
        let width = (site.width - GROUPS * (count - 1)).scaled(1, count);
        let before = self.elements.len();
        let stacks: Vec<Vec<Strip>> = groups.iter().map(|group| self.fact_group(group, width, site)).collect();
        let height = stacks.iter().map(|stack| height(stack)).max().unwrap_or_default();
        if height > TALLEST {
            self.elements.truncate(before);
            return groups.iter().flat_map(|group| self.fact_group(group, site.width, site)).collect();
        }
        let mut row = Strip { height: height + PARTS.scaled(1, 2), ..Strip::default() };
        for (index, stack) in stacks.into_iter().enumerate() {
            let x = (width + GROUPS) * index as i32;
            let mut y = Length::ZERO;
            for strip in stack {
                row.items.extend(strip.items.into_iter().map(|item| moved(item, x, y)));
                y += strip.height;
            }
        }
        vec![row]
    }

    fn fact_group(&mut self, group: &'d FactGroup<'d>, width: Length, site: Site) -> Vec<Strip<'d>> {
        let parent = self.element(Role::Section, site.parent);
        let site = Site { parent, width, carried: None };
        let label = self.voice(Speech::FactLabel);
        let labels = group.facts.iter().filter(|fact| !fact.principal).map(|fact| label.width(&fact.label));
        let label_width = labels.max().unwrap_or_default().min(width.scaled(2, 5));
        let mut strips = vec![self.heading(&group.heading, site)];
        for fact in &group.facts {
            let element = self.element(Role::Paragraph, parent);
            strips.push(self.fact(fact, width, label_width, element));
        }
        strips
    }

    /// The label left, the value right of it; the principal value needs no label beside its group's heading.
    fn fact(&self, fact: &'d Fact<'d>, width: Length, label_width: Length, element: ElementId) -> Strip<'d> {
        let label_voice = self.voice(Speech::FactLabel);
        let voice = self.voice(if fact.principal { Speech::Principal } else { Speech::FactValue });
        let x = if fact.principal { Length::ZERO } else { label_width + CELLS };
        let label: &'d str = if fact.principal { "" } else { &fact.label };
        let labels = self.lines(label, label_voice, label_width, Length::ZERO);
        let values = self.lines(&fact.value, voice, width - x, Length::ZERO);
        let height = (label_voice.leading * labels.len() as i32).max(voice.leading * values.len() as i32);
        let mut strip = Strip::of_height(height);
        for (index, line) in labels.iter().copied().enumerate() {
            let y = label_voice.leading * index as i32;
            let at = self.line(label_voice, Length::ZERO, y, Some(element));
            strip.text(at.running_on(labels.runs_on(index)), line);
        }
        for (index, line) in values.iter().copied().enumerate() {
            let at = self.line(voice, x, voice.leading * index as i32, Some(element));
            strip.text(at.running_on(values.runs_on(index)), line);
        }
        strip
    }
}

fn height(strips: &[Strip]) -> Length {
    strips.iter().map(|strip| strip.height).sum()
}
