//! The content of a stream: plain or deflated, as every tool writes structure and attachments; another filter is not read.

use super::budget::Budget;
use flate2::read::ZlibDecoder;
use std::io::Read;

/// How a stream is packed.
#[derive(Default)]
pub struct Packing {
    pub deflated: bool,
    pub predictor: Option<Predictor>,
}

/// Rows of which each begins with a byte that tells how it was told from its neighbours (ISO 15948, 9.2).
pub struct Predictor {
    pub colours: usize,
    pub bits: usize,
    pub columns: usize,
}

/// The content, where it has no more than `most` bytes and the budget covers it.
pub fn unpacked(packed: &[u8], packing: &Packing, most: usize, budget: &Budget) -> Option<Vec<u8>> {
    // What is packed is looked at, even where nothing comes out.
    budget.spend(packed.len())?;
    let most = most.min(budget.rest());
    let mut content = Vec::new();
    let whole = if packing.deflated {
        ZlibDecoder::new(packed).take(most as u64 + 1).read_to_end(&mut content).is_ok()
    } else {
        content.extend_from_slice(packed.get(..packed.len().min(most.saturating_add(1)))?);
        true
    };
    budget.spend(content.len())?;
    if !whole || content.len() > most {
        return None;
    }
    match &packing.predictor {
        Some(predictor) => rows(content, predictor),
        None => Some(content),
    }
}

fn rows(content: Vec<u8>, predictor: &Predictor) -> Option<Vec<u8>> {
    let &Predictor { colours, bits, columns } = predictor;
    if !(1..=4).contains(&colours) || ![1, 2, 4, 8, 16].contains(&bits) {
        return None;
    }
    let width = columns.checked_mul(colours * bits)?.div_ceil(8);
    // No buffer is larger than what there is to fill it.
    if width == 0 || width >= content.len().max(1) {
        return content.is_empty().then_some(content);
    }
    let step = (colours * bits).div_ceil(8);
    let mut plain: Vec<u8> = Vec::with_capacity(content.len());
    let mut above = vec![0_u8; width];
    for row in content.chunks(width + 1) {
        let (kind, row) = row.split_first()?;
        let mut row = row.to_vec();
        undo(*kind, &mut row, &above, step)?;
        plain.extend_from_slice(&row);
        row.resize(width, 0);
        above = row;
    }
    Some(plain)
}

fn undo(kind: u8, row: &mut [u8], above: &[u8], step: usize) -> Option<()> {
    for index in 0..row.len() {
        let back = index.checked_sub(step);
        let left = back.and_then(|at| row.get(at)).copied().unwrap_or(0);
        let up = above.get(index).copied().unwrap_or(0);
        let corner = back.and_then(|at| above.get(at)).copied().unwrap_or(0);
        let guess = match kind {
            0 => 0,
            1 => left,
            2 => up,
            3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
            4 => nearest(left, up, corner),
            _ => return None,
        };
        let byte = row.get_mut(index)?;
        *byte = byte.wrapping_add(guess);
    }
    Some(())
}

/// Paeth's choice.
fn nearest(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let [to_left, to_up, to_corner] = [left, up, corner].map(|byte| (guess - i16::from(byte)).abs());
    if to_left <= to_up && to_left <= to_corner {
        left
    } else if to_up <= to_corner {
        up
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_row_is_told_from_its_neighbours() {
        let predictor = Predictor { colours: 1, bits: 8, columns: 3 };
        let packed = [[0, 10, 20, 30], [1, 1, 1, 1], [2, 5, 5, 5], [3, 1, 1, 1], [4, 1, 0, 0]].concat();
        let plain = [[10, 20, 30], [1, 2, 3], [6, 7, 8], [4, 6, 8], [5, 6, 8]].concat();
        assert_eq!(rows(packed, &predictor), Some(plain));
        assert_eq!(rows(vec![5, 0, 0, 0], &predictor), None);
    }
}
