"""Invented students whose names and courses are written in the scripts of the world."""

from __future__ import annotations

from pathlib import Path
from typing import Any

# A script, a name in it, the title of a course.
SHIPPED: dict[str, tuple[str, str]] = {
    "vietnamese": ("Nguyễn Thị Ánh Tuyết", "Văn học Việt Nam hiện đại"),
    "yoruba": ("Ọláyẹmí Adégbọ́lá Ẹ̀yín-ọ̀rọ̀", "Ìtàn Ilẹ̀ Yorùbá"),
    "hawaiian": ("Kaʻiulani Kealohapauʻole", "ʻŌlelo Hawaiʻi"),
    "greek": ("Ἑλένη Παπαδοπούλου", "Εισαγωγή στη φιλοσοφία"),
    "cyrillic": ("Юлія Щербаківська", "История русской литературы"),
    "arabic": ("محمد بن عبد الله الحُسيني", "الإسلام والسلام والأدب"),
    "persian": ("علاءالدین خانلری‌زاده", "تاریخ ادبیات ایران"),
    "hebrew": ("יְהוּדָה בֶּן־שָׁלוֹם", "מבוא לפילוסופיה של המתמטיקה"),
    "devanagari": ("कृष्णकुमारी श्रीवास्तव", "हिन्दी साहित्य का इतिहास"),
    "thai": ("กิตติศักดิ์ น้ำเพ็ชร", "ปรัชญาคณิตศาสตร์เบื้องต้น"),
}
NAMED: dict[str, tuple[str, str]] = {
    "chinese": ("欧阳娜娜", "中国古代文学史"),
    "japanese": ("渡邉 さくら", "日本文学入門:平安時代から現代まで"),
    "korean": ("김철수", "한국 문학의 이해"),
}
# Debian's packages fonts-droid-fallback (TrueType outlines, no Hangul) and fonts-noto-cjk (CFF outlines).
DROID = Path("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf")
NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")


def record(name: str, title: str) -> dict[str, Any]:
    course = {"subject": "LIT", "number": "101", "title": title}
    attempt = {"course": course, "unit": "semester", "credits": "3", "grade": "A"}
    term = {"designator": "2025-09", "name": "Fall 2025", "level": "undergraduate", "attempts": [attempt]}
    student = {"id": "S-1", "names": {"legal": {"full": name}, "native": name}}
    return {"schema": "registrary/student-record/1", "student": student, "terms": [term]}
