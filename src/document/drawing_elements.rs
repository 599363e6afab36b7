//! What an SVG may be made of: known elements, plain style rules, and no more of anything than can be read at once.

use quick_xml::Reader;
use quick_xml::events::Event;
use usvg::roxmltree::{Document, Node};

const SVG: &str = "http://www.w3.org/2000/svg";
/// All that plain paths can show, and what says nothing on the page. Anything else would vanish, bring in what lies outside the
/// file, or draw one thing so often that memory ends: a path of a megabyte, used by a hundred thousand.
const KNOWN: [&str; 18] = [
    "svg",
    "g",
    "a",
    "defs",
    "title",
    "desc",
    "metadata",
    "style",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "linearGradient",
    "radialGradient",
    "stop",
];
/// Attributes of an element; each is compared with all the others.
const ATTRIBUTES: usize = 200;
/// Names that stand for namespaces, in the whole file.
const NAMESPACES: usize = 64;
/// Bytes of style rules, times the elements that each is tried on.
const STYLING: usize = 64 * 1024 * 1024;

/// Refuses what would take the reader beyond all measure, before it reads.
pub(super) fn check_attributes(text: &str) -> Result<(), String> {
    let mut reader = Reader::from_str(text);
    let mut namespaces = 0;
    loop {
        let element = match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => element,
            // What is no XML at all, the reader itself says.
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => continue,
        };
        let mut count = 0;
        for attribute in element.attributes().with_checks(false).flatten() {
            count += 1;
            namespaces += usize::from(attribute.key.as_ref().starts_with("xmlns"));
        }
        if count > ATTRIBUTES || namespaces > NAMESPACES {
            return Err("an SVG with too many attributes or namespaces".into());
        }
    }
}

/// Refuses elements that are not known here, and style rules that are more than names.
pub(super) fn check(xml: &Document) -> Result<(), String> {
    let (mut elements, mut style) = (0, 0);
    for node in xml.descendants().filter(Node::is_element) {
        elements += 1;
        let name = node.tag_name();
        // What an editor keeps for itself under another namespace, nobody draws.
        if name.namespace() != Some(SVG) {
            continue;
        }
        let name = name.name();
        if !KNOWN.contains(&name) {
            return Err(format!(
                "an SVG with <{}>: only plain paths and shapes are printed; turn text into outlines",
                shown(name)
            ));
        }
        if name == "style" {
            let text: String = node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
            style += text.len();
            if !is_plain(&text) {
                return Err(
                    "an SVG with <style> rules for other than single elements, classes or ids; set attributes".into()
                );
            }
        }
    }
    if style.saturating_mul(elements) > STYLING {
        return Err("an SVG with too many style rules for its elements".into());
    }
    Ok(())
}

/// A name is the file's own word: only a plain one is repeated.
fn shown(name: &str) -> &str {
    let plain = name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plain { name } else { "an unknown element" }
}

/// Whether all selectors are one name, class or id: of more parts, each is tried on all ancestors of all elements.
fn is_plain(style: &str) -> bool {
    let mut rest = String::with_capacity(style.len());
    for (index, part) in style.split("/*").enumerate() {
        match part.split_once("*/") {
            Some((_, after)) if index > 0 => rest.push_str(after),
            _ if index > 0 => return false,
            _ => rest.push_str(part),
        }
    }
    let mut rules: Vec<&str> = rest.split('}').collect();
    let after = rules.pop().unwrap_or_default();
    let single = |selector: &str| {
        let selector = selector.trim();
        let name = selector.strip_prefix(['.', '#']).unwrap_or(selector);
        selector == "*"
            || (!name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'))
    };
    after.trim().is_empty()
        && rules.into_iter().all(|rule| {
            rule.split_once('{')
                .is_some_and(|(selectors, body)| !body.contains('{') && selectors.split(',').all(single))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_for_single_names_are_plain() {
        for plain in ["", " .a { fill: red } #b,g{stroke:none}", "*{fill:red}", "/* a b */.st0{fill:#FFF;}"] {
            assert!(is_plain(plain), "{plain}");
        }
        for other in [
            "g g{fill:red}",
            "g>g{fill:red}",
            "g+g{}",
            ".a.b{}",
            "g:first-child{}",
            "[id]{}",
            "@import 'x';",
            "@media all{g{fill:red}}",
            "g{fill:red",
            "/* g",
            "z/**/g{}g g{}",
        ] {
            assert!(!is_plain(other), "{other}");
        }
    }
}
