//! What the file says of itself: the Info dictionary and XMP. No date: the same pages, the same bytes.

use super::syntax;

const PRODUCER: &str = concat!("registrary ", env!("CARGO_PKG_VERSION"));

/// The Info dictionary.
pub fn info(out: &mut Vec<u8>, title: &str) {
    out.extend_from_slice(b"<</Title");
    syntax::text_string(out, title);
    out.extend_from_slice(b"/Producer");
    syntax::text_string(out, PRODUCER);
    out.extend_from_slice(b">>");
}

/// The XMP packet as a stream object; not packed, so that archives can read it without a PDF reader.
pub fn xmp(title: &str, language: &str) -> Vec<u8> {
    let (title, language) = (escaped(title), escaped(language));
    let packet = format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\n\
<dc:format>application/pdf</dc:format>\n\
<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\n\
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>\n\
<pdf:Producer>{PRODUCER}</pdf:Producer>\n\
</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"
    );
    format!("<</Type/Metadata/Subtype/XML/Length {}>>\nstream\n{packet}\nendstream", packet.len()).into_bytes()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // XML 1.0 has no way to write the other control characters.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
