//! The structure tree as its packed stream. Documents of one shape have the same tree: one that was met twice is kept, and known
//! again by all that it is made from. What is kept and what is made anew is the same to the byte.

use super::Step;
use super::content::PageContent;
use super::deflate::{self, Kind};
use super::file::File;
use super::frame::Frame;
use super::pack::Pack;
use super::tags;
use crate::document::{ElementId, Pages, Role};
use std::cell::RefCell;

/// Trees that a thread keeps, of some 25 KB each.
const KEPT: usize = 64;
/// Shapes whose last sight it remembers.
const SEEN: usize = 256;

struct Tree {
    /// All that the tree is made from.
    key: Vec<u64>,
    hash: u64,
    /// The stream's dictionary entries, and what it holds.
    entries: Vec<u8>,
    packed: Vec<u8>,
}

struct Trees {
    /// The last used stands first.
    kept: Vec<Tree>,
    /// By its lowest bits, the hash of a shape met before.
    seen: [u64; SEEN],
    /// Of the document at hand.
    key: Vec<u64>,
}

thread_local! {
    // One for each thread: no lock between threads.
    static TREES: RefCell<Trees> = const { RefCell::new(Trees { kept: Vec::new(), seen: [0; SEEN], key: Vec::new() }) };
}

/// Writes the tree of elements numbered from `first` into streams numbered from `stream`; returns the next free number. `pack` is
/// room to work in.
pub fn write(
    (file, pack): (&mut File, &mut Pack),
    pages: &Pages,
    contents: &[PageContent],
    frame: &Frame,
    (first, stream): (u32, u32),
    enter: &mut dyn FnMut(Step),
) -> u32 {
    TREES.with_borrow_mut(|trees| {
        fill_key(&mut trees.key, pages, contents, frame, first);
        let hash = hash(&trees.key);
        if let Some(tree) = trees.find(hash) {
            let elements = first..first + pages.elements.len() as u32;
            let members = std::iter::once(frame.structure).chain(elements);
            file.object_stream(stream, &tree.entries, &tree.packed, members);
            return stream + 1;
        }
        pack.clear();
        tags::write(pack, pages, contents, frame, first);
        enter(Step::Deflate);
        let streams = pack.parts().len() as u32;
        let met = trees.meet(hash) && streams == 1;
        file.pack(stream, pack, |part, write| {
            deflate::text(Kind::Structure, part.text, part.advice, |packed| {
                write(packed);
                if met {
                    trees.keep(hash, part.entries(), packed.to_vec());
                }
            });
        });
        stream + streams
    })
}

impl Trees {
    fn find(&mut self, hash: u64) -> Option<&Tree> {
        let at = self.kept.iter().position(|tree| tree.hash == hash && tree.key == self.key)?;
        self.kept[..=at].rotate_right(1);
        self.kept.first()
    }

    /// Whether the shape was met before; it is now.
    fn meet(&mut self, hash: u64) -> bool {
        std::mem::replace(&mut self.seen[hash as usize % SEEN], hash) == hash
    }

    fn keep(&mut self, hash: u64, entries: Vec<u8>, packed: Vec<u8>) {
        self.kept.truncate(KEPT - 1);
        self.kept.insert(0, Tree { key: self.key.clone(), hash, entries, packed });
    }
}

/// Lists all that [`tags::write`] goes by.
fn fill_key(key: &mut Vec<u64>, pages: &Pages, contents: &[PageContent], frame: &Frame, first: u32) {
    key.clear();
    key.extend([pages.elements.len() as u64, u64::from(frame.structure), u64::from(first), contents.len() as u64]);
    key.extend(frame.pages.iter().map(|page| u64::from(*page)));
    let parent = |parent: Option<ElementId>| parent.map_or(u64::from(u32::MAX), |ElementId(id)| u64::from(id));
    key.extend(pages.elements.iter().map(|element| role(element.role) << 32 | parent(element.parent)));
    for content in contents {
        key.push(content.marked.len() as u64);
        key.extend(content.marked.iter().map(|ElementId(id)| u64::from(*id)));
    }
    for (index, element) in (0u32..).zip(&pages.elements) {
        if let Some(words) = &element.alternative {
            key.extend([u64::from(index), words.len() as u64]);
            key.extend(words.bytes().map(u64::from));
        }
        if element.role == Role::Figure {
            let edges = tags::on_page(pages, index);
            key.push(u64::from(edges.is_some()));
            key.extend(edges.into_iter().flatten().map(|edge| edge.in_millipoints() as u64));
        }
    }
}

fn role(role: Role) -> u64 {
    match role {
        Role::Document => 0,
        Role::Section => 1,
        Role::Paragraph => 2,
        Role::Table => 3,
        Role::TableHead => 4,
        Role::TableBody => 5,
        Role::Row => 6,
        Role::ColumnHeader => 7,
        Role::Cell => 8,
        Role::Figure => 9,
        Role::Heading(level) => 10 + u64::from(level),
    }
}

/// Only to look less often: two shapes are the same when their keys are.
fn hash(key: &[u64]) -> u64 {
    let mix = |hash: u64, word: &u64| (hash.rotate_left(5) ^ word).wrapping_mul(0x517C_C1B7_2722_0A95);
    let mixed = key.iter().fold(0, mix);
    // The highest bits are mixed best.
    mixed ^ mixed >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_kept_when_it_is_met_again_and_no_more_than_there_is_room_for() {
        let mut trees = Trees { kept: Vec::new(), seen: [0; SEEN], key: Vec::new() };
        for shape in 1..=100u64 {
            assert!(!trees.meet(shape) && trees.meet(shape));
            trees.key = vec![shape];
            assert!(trees.find(shape).is_none());
            trees.keep(shape, Vec::new(), vec![shape as u8]);
            assert_eq!(trees.find(shape).map(|tree| tree.packed.clone()), Some(vec![shape as u8]));
            assert!(trees.kept.len() <= KEPT);
        }
        // The same hash is not the same shape.
        trees.key = vec![7];
        assert!(trees.find(100).is_none());
        trees.key = vec![40];
        assert!(trees.find(40).is_some() && trees.kept[0].hash == 40);
        trees.key = vec![1];
        assert!(trees.find(1).is_none(), "the one used longest ago had to go");
    }
}
