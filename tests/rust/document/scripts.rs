//! Students whose names are written in the scripts of the world. Every name is invented.

use super::records::{self, institution, issue, text};
use super::transcript;
use registrary::document::{Document, Theme, paginate};

/// A script, a name in it, and the title of a course.
pub const NAMES: [(&str, &str, &str); 11] = [
    ("vietnamese", "Nguyễn Thị Ánh Tuyết", "Văn học Việt Nam hiện đại"),
    ("yoruba", "Ọláyẹmí Adégbọ́lá Ẹ̀yín-ọ̀rọ̀", "Ìtàn Ilẹ̀ Yorùbá"),
    ("hawaiian", "Kaʻiulani Kealohapauʻole", "ʻŌlelo Hawaiʻi"),
    ("greek", "Ἑλένη Παπαδοπούλου", "Εισαγωγή στη φιλοσοφία"),
    ("cyrillic", "Юлія Щербаківська", "История русской литературы"),
    ("arabic", "محمد بن عبد الله الحُسيني", "مقدمة في فلسفة الرياضيات"),
    ("persian", "علاءالدین خانلری‌زاده", "الإسلام والسلام والأدب"),
    ("mixed", "Layla ليلى Al-Sayed (السيد) Smith", "Reading ابن خلدون and कालिदास, 2nd part"),
    ("hebrew", "יְהוּדָה בֶּן־שָׁלוֹם", "מבוא לפילוסופיה של המתמטיקה"),
    ("devanagari", "कृष्णकुमारी श्रीवास्तव", "हिन्दी साहित्य का इतिहास"),
    ("thai", "กิตติศักดิ์ น้ำเพ็ชร", "ปรัชญาคณิตศาสตร์เบื้องต้น"),
];

pub fn named(name: &str, title: &str) -> Document<'static> {
    let mut record = records::long(2, 3);
    record.student.names.legal = records::name(name);
    record.terms[0].attempts[0].course.title = Some(text(title));
    transcript(&record, &Theme::new(institution()), &issue())
}

/// With REGISTRARY_LOOK=folder the documents are left there, for a person to look at.
#[test]
fn every_name_is_printed() {
    for (script, name, title) in NAMES {
        let document = named(name, title);
        let pages = paginate(&document).expect("it can be set");
        let bytes = registrary::pdf::render(&pages, &[]).unwrap_or_else(|error| panic!("{script}: {error}"));
        if let Some(folder) = std::env::var_os("REGISTRARY_LOOK") {
            let path = std::path::Path::new(&folder).join(format!("script-{script}.pdf"));
            std::fs::write(path, bytes).expect("the folder can be written");
        }
    }
}
