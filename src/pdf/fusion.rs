//! Glyphs put together from others of a TrueType font: a letter with its marks as one glyph has one code, and reads back whole.

use super::program::{Component, Fused, HORIZONTAL, MAXIMA, METRICS, Table, number};

/// Adds the fused glyphs to the others; returns the tables that count and measure them. `None` if the font is malformed, or
/// has too many glyphs.
pub fn fuse(
    glyphs: &mut Vec<Vec<u8>>,
    fused: &[Fused],
    [maxima, horizontal, metrics]: [&[u8]; 3],
) -> Option<[Table; 3]> {
    let mut metrics = whole_metrics(glyphs.len(), horizontal, metrics)?;
    let first = glyphs.len();
    for new in fused {
        let glyph = composite(&glyphs[..first], &new.components)?;
        let left = glyph.get(2..4).map_or([0, 0], |bytes| [bytes[0], bytes[1]]);
        metrics.extend_from_slice(&u16::try_from(new.advance).ok()?.to_be_bytes());
        metrics.extend_from_slice(&left);
        glyphs.push(glyph);
    }
    let count = u16::try_from(glyphs.len()).ok()?;
    let mut horizontal = horizontal.to_vec();
    put(&mut horizontal, 34, count)?;
    Some([(MAXIMA, whole_maxima(maxima, count, fused)?), (HORIZONTAL, horizontal), (METRICS, metrics)])
}

fn put(table: &mut [u8], at: usize, value: u16) -> Option<()> {
    table.get_mut(at..at + 2)?.copy_from_slice(&value.to_be_bytes());
    Some(())
}

fn signed(bytes: &[u8], at: usize) -> Option<i32> {
    number(bytes, at, 2).map(|value| i32::from(value as u16 as i16))
}

/// Advance and left edge of every glyph; the font may leave out advances that are the same to its end.
fn whole_metrics(count: usize, horizontal: &[u8], metrics: &[u8]) -> Option<Vec<u8>> {
    let full = number(horizontal, 34, 2)?;
    let mut whole = metrics.get(..full.min(count) * 4)?.to_vec();
    let last = metrics.get(full.checked_sub(1)? * 4..)?.get(..2)?;
    for index in full..count {
        let at = full * 4 + (index - full) * 2;
        whole.extend_from_slice(last);
        whole.extend_from_slice(metrics.get(at..at + 2)?);
    }
    Some(whole)
}

/// The largest numbers that a reader has to make room for.
fn whole_maxima(maxima: &[u8], count: u16, fused: &[Fused]) -> Option<Vec<u8>> {
    const COUNT: usize = 4;
    const SIMPLE: [usize; 2] = [6, 8];
    const COMPOSITE: [usize; 2] = [10, 12];
    const COMPONENTS: usize = 28;
    const DEPTH: usize = 30;
    let mut whole = maxima.to_vec();
    let components = fused.iter().map(|new| new.components.len()).max().unwrap_or(0);
    put(&mut whole, COUNT, count)?;
    for (simple, composite) in SIMPLE.into_iter().zip(COMPOSITE) {
        let one = number(&whole, simple, 2)?.max(number(&whole, composite, 2)?);
        put(&mut whole, composite, u16::try_from(one * components.max(1)).unwrap_or(u16::MAX))?;
    }
    let components = number(&whole, COMPONENTS, 2)?.max(components);
    put(&mut whole, COMPONENTS, u16::try_from(components).ok()?)?;
    let depth = number(&whole, DEPTH, 2)? + 1;
    put(&mut whole, DEPTH, u16::try_from(depth).ok()?)?;
    Some(whole)
}

/// A composite glyph (OpenType, `glyf`); empty where all its components are.
fn composite(glyphs: &[Vec<u8>], components: &[Component]) -> Option<Vec<u8>> {
    const WORDS: u16 = 0x1;
    const OFFSETS: u16 = 0x2;
    const MORE: u16 = 0x20;
    let drawn =
        |component: &&Component| glyphs.get(usize::from(component.glyph)).is_some_and(|glyph| !glyph.is_empty());
    let drawn: Vec<&Component> = components.iter().filter(drawn).collect();
    if drawn.is_empty() {
        return Some(Vec::new());
    }
    let [mut low_x, mut low_y, mut high_x, mut high_y] = [i32::MAX, i32::MAX, i32::MIN, i32::MIN];
    let mut parts = Vec::new();
    for (index, Component { glyph, x, y }) in drawn.iter().enumerate() {
        let outline = glyphs.get(usize::from(*glyph))?;
        let edge = |at: usize| signed(outline, at);
        (low_x, low_y) = (low_x.min(edge(2)?.checked_add(*x)?), low_y.min(edge(4)?.checked_add(*y)?));
        (high_x, high_y) = (high_x.max(edge(6)?.checked_add(*x)?), high_y.max(edge(8)?.checked_add(*y)?));
        let more = if index + 1 < drawn.len() { MORE } else { 0 };
        for value in [WORDS | OFFSETS | more, *glyph] {
            parts.extend_from_slice(&value.to_be_bytes());
        }
        for value in [x, y] {
            parts.extend_from_slice(&i16::try_from(*value).ok()?.to_be_bytes());
        }
    }
    let mut whole = (-1i16).to_be_bytes().to_vec();
    for edge in [low_x, low_y, high_x, high_y] {
        whole.extend_from_slice(&i16::try_from(edge).ok()?.to_be_bytes());
    }
    whole.extend_from_slice(&parts);
    Some(whole)
}
