//! Reads schemes of honours classification from their neutral tree.

use super::classification::{HonoursScheme, Method, Weigh};
use super::reader;
use crate::domain::{Credits, Decimal, Error, Text};
use crate::gpa::policy_node::{Node, Problems, Section};
use crate::gpa::rounding::Rounding;

const KEYS: &[&str] = &["name", "title", "module_marks", "classified", "printed", "methods", "classes"];
const METHOD_KEYS: &[&str] = &["weights", "weigh", "best_credits"];
const CLASS_KEYS: &[&str] = &["name", "from"];
const MOST: usize = 100;

impl HonoursScheme {
    /// Reads a scheme file. Every problem of its content is listed at once.
    pub fn from_toml(text: &str) -> Result<HonoursScheme, Error> {
        reader::whole(&Node::from_toml_text(text)?, read)
    }

    /// Reads a scheme of the same shape as a TOML file.
    pub fn from_json(value: &serde_json::Value) -> Result<HonoursScheme, Error> {
        reader::whole(&Node::from_json(value), read)
    }
}

fn read(problems: &mut Problems, root: &Node) -> Option<HonoursScheme> {
    let section = problems.section(root, "", KEYS)?;
    let name = section.get("name").map(|_| reader::words(problems, section, "name"));
    if section.get("title").is_some() {
        reader::words(problems, section, "title");
    }
    let module_marks = reader::rounding(problems, section, "module_marks");
    let classified = reader::rounding(problems, section, "classified");
    let printed = reader::rounding(problems, section, "printed");
    let methods = methods(problems, section);
    let classes = classes(problems, section);
    Some(HonoursScheme {
        name: name.flatten().map_or_else(|| "custom".to_owned(), |name| name.as_str().to_owned()),
        module_marks: module_marks?,
        classified: classified?,
        printed: printed?.unwrap_or(Rounding::BANNER),
        methods: methods?,
        classes: classes?,
    })
}

fn list<'a>(problems: &mut Problems, section: Section<'a>, key: &str) -> Option<&'a [Node]> {
    match section.get(key) {
        Some(Node::List(items)) if !items.is_empty() && items.len() <= MOST => Some(items),
        Some(_) => problems.note("not-a-list", section.place_of(key), "must be a list of 1 to 100 tables"),
        None => problems.note("missing-key", section.place(), format!("needs {key}")),
    }
}

fn methods(problems: &mut Problems, section: Section) -> Option<Vec<Method>> {
    let items = list(problems, section, "methods")?;
    let read = |(index, item): (usize, &Node)| {
        let place = format!("{}[{index}]", section.place_of("methods"));
        let section = problems.section(item, &place, METHOD_KEYS)?;
        method(problems, section)
    };
    let methods: Vec<Option<Method>> = items.iter().enumerate().map(read).collect();
    methods.into_iter().collect()
}

fn method(problems: &mut Problems, section: Section) -> Option<Method> {
    let weights = reader::weights(problems, section);
    if weights.as_ref().is_some_and(|weights| weights.iter().all(|(_, weight)| weight.is_zero())) {
        return problems.note("no-weights", section.place(), "needs weights: a table of levels, one of them above 0");
    }
    let weigh = match section.get("weigh") {
        None => Some(Weigh::Levels),
        Some(node) => match problems.text(node, &section.place_of("weigh"))? {
            "levels" => Some(Weigh::Levels),
            "credits" => Some(Weigh::Credits),
            _ => problems.note("unknown-word", section.place_of("weigh"), "must be levels or credits"),
        },
    };
    let best = reader::optional_number(problems, section, "best_credits")?;
    let best = match best.map(|credits| Credits::new(credits).filter(|credits| !credits.is_zero())) {
        Some(None) => return problems.note("bad-credits", section.place_of("best_credits"), "must be credits above 0"),
        Some(some) => some,
        None => None,
    };
    Some(Method { weights: weights?, weigh: weigh?, best_credits: best })
}

/// Best first: each takes less than the one before.
fn classes(problems: &mut Problems, section: Section) -> Option<Vec<(Text, Decimal)>> {
    let items = list(problems, section, "classes")?;
    let read = |(index, item): (usize, &Node)| {
        let place = format!("{}[{index}]", section.place_of("classes"));
        let section = problems.section(item, &place, CLASS_KEYS)?;
        let name = reader::words(problems, section, "name");
        let from = match section.get("from") {
            Some(node) => reader::number(problems, node, &section.place_of("from")),
            None => problems.note("missing-key", &place, "needs from: the least average of the class"),
        };
        Some((name?, from?))
    };
    let classes: Vec<Option<(Text, Decimal)>> = items.iter().enumerate().map(read).collect();
    let classes: Vec<(Text, Decimal)> = classes.into_iter().collect::<Option<_>>()?;
    if classes.windows(2).any(|pair| pair[0].1 <= pair[1].1) {
        let message = "must be in order, the best first, and no two begin at one average";
        return problems.note("classes-out-of-order", section.place_of("classes"), message);
    }
    Some(classes)
}
