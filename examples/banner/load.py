"""Fills a Banner-like database with the sample campus: `python load.py banner.db`."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from campus_rows import Campus, Row, Target, initials, numbered  # noqa: E402

LEVELS = {"undergraduate": "UG", "graduate": "GR", "law": "LW", "medicine": "MD"}
COLLEGES = {
    "Graduate School": "GS",
    "School of Law": "LW",
    "School of Medicine": "MD",
    "College of Letters and Social Sciences": "LS",
    "College of Natural Sciences": "NS",
}
STANDINGS = {"Good standing": "GS", "Academic probation": "AP", "Dean's list": "DL"}
SEASONS = {"Spring": "10", "Summer": "30", "Fall": "40"}
TYPES = {"institution": "C", "examination": "E", "military": "M", "prior-learning": "P"}
REPEATS = {"excluded": "E", "included": "I", "averaged": "A", None: None}
FIELDS = {
    "major": ("MAJOR", 1),
    "second-major": ("MAJOR", 2),
    "minor": ("MINOR", 1),
    "second-minor": ("MINOR", 2),
    "concentration": ("CONCENTRATION", 1),
}


def term_code(name: str) -> str:
    """`202440` of `Fall 2024`; the terms of the old quarter calendar end in 5."""
    season, year = name.split()[:2]
    code = SEASONS[season]
    return year + (code[0] + "5" if "quarter" in name else code)


def main(path: str) -> None:
    """Makes the database anew."""
    Path(path).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(path)) as connection:
        campus = Campus(Path(folder))
        connection.executescript((HERE / "schema.sql").read_text(encoding="utf-8"))
        target = Target(connection)
        persons(campus, target)
        calendar(campus, target)
        study(campus, target)
        courses(campus, target)
        transfers(campus, target)
        degrees(campus, target)
        connection.commit()
        campus.close()


def persons(campus: Campus, target: Target) -> None:
    """Names, births, holds, remarks and balances."""
    names = campus.rows("names")
    chosen = {row["student"]: row["given"] for row in names if row["kind"] == "chosen"}
    legal = {row["student"]: row for row in names if row["kind"] == "legal"}
    target.insert(
        "spriden",
        "pidm id last_name first_name mi change_ind seqno",
        (
            # A last name must be there: one name alone is the last.
            (numbered(r["student"]), r["student"], r["family"] or r["whole"], r["given"], r["middle"], indicator, r["seq"])
            for r in names
            for indicator in [{"legal": None, "former": "N"}.get(r["kind"], "")]
            if indicator != ""
        ),
    )
    births = {r["id"]: r["birth"] for r in campus.rows("students", "id")}
    target.insert(
        "spbpers",
        "pidm birth_date name_prefix name_suffix pref_first_name legal_name",
        (
            # A date needs its year.
            (numbered(s), b if b and len(b) == 10 else None, n["prefix"], n["suffix"], chosen.get(s), n["whole"])
            for s, b in births.items()
            for n in [legal[s]]
        ),
    )
    natives = [(r["id"], r["native_name"]) for r in campus.rows("students", "id") if r["native_name"]]
    added = [("SPRIDEN", "NATIVE_NAME", str(numbered(student)), name) for student, name in natives]
    target.insert("gorsdav", "table_name attr_name pk_parenttab value", added)
    holds = campus.rows("holds")
    blocks = {r["code"]: "Y" if r["blocks_transcript"] else None for r in holds}
    target.insert("stvhldd", "code trans_hold_ind", blocks.items())
    target.insert(
        "sprhold",
        "pidm seqno hldd_code reason from_date to_date",
        ((numbered(r["student"]), r["seq"], r["code"], r["reason"], r["since"], "2099-12-31") for r in holds),
    )
    target.insert(
        "sprcmnt",
        "pidm seqno cmtt_code text",
        ((numbered(r["student"]), r["seq"], "TRN", r["note"]) for r in campus.rows("notes")),
    )
    target.insert(
        "shrpcmp",
        "pidm seq_no levl_code gpa_type_ind desc last_date hours_attempted hours_earned gpa_hours quality_points",
        (
            (numbered(r["student"]), r["seq"], LEVELS[r["level"]], {"institution": "I", "transfer": "T"}[r["origin"]])
            + (r["label"], r["through"] + "-31", r["credits_attempted"], r["credits_earned"])
            + (r["gpa_hours"], r["quality_points"])
            for r in campus.rows("balances")
        ),
    )


def calendar(campus: Campus, target: Target) -> None:
    """Terms, colleges and standings."""
    terms = {r["name"]: (r["begins"], r["ends"]) for r in campus.rows("terms")}
    for block in campus.rows("transfer_blocks"):
        terms.setdefault(block["term_name"], (block["designator"] + "-19", None))
    target.insert(
        "stvterm",
        "code desc start_date end_date trmt_code",
        ((term_code(name), name, first, last, "Q" if "quarter" in name else "S") for name, (first, last) in terms.items()),
    )
    target.insert("stvcoll", "code desc", ((code, name) for name, code in COLLEGES.items()))
    target.insert("stvastd", "code desc", ((code, name) for name, code in STANDINGS.items()))


def study(campus: Campus, target: Target) -> None:
    """General student records, terms, curricula."""
    terms: dict[tuple[str, str], list[Row]] = {}
    for row in campus.rows("terms"):
        terms.setdefault((row["student"], term_code(row["name"])), []).append(row)
    general, known = [], {}
    for (student, code), rows in sorted(terms.items()):
        levels = [(LEVELS[r["level"]], COLLEGES[r["programs"]]) for r in rows]
        if known.get(student) != levels:
            known[student] = levels
            second = levels[1] if len(levels) > 1 else (None, None)
            general.append((numbered(student), code, "AS", *levels[0], *second))
    target.insert("sgbstdn", "pidm term_code_eff stst_code levl_code coll_code_1 levl_code_2 coll_code_2", general)
    ended = {key: rows for key, rows in terms.items() if rows[0]["standing"] or rows[0]["honors"]}
    target.insert(
        "shrttrm",
        "pidm term_code astd_code_end_of_term astd_code_dl",
        (
            (numbered(student), code, STANDINGS[rows[0]["standing"]], STANDINGS.get(rows[0]["honors"]))
            for (student, code), rows in ended.items()
        ),
    )
    remarks = [(s, code, r["notes"]) for (s, code), rows in terms.items() for r in rows if r["notes"]]
    target.insert("shrttcm", "pidm term_code seq_no comment", ((numbered(s), c, 1, text) for s, c, text in remarks))
    curricula(campus.rows("programs", "student, award, seq"), target)


def curricula(programs: list[Row], target: Target) -> None:
    """Each programme is a curriculum; majors and minors are fields of the one before them."""
    curricula: dict[tuple[str, int], list[Row]] = {}
    heads: list[tuple[str, int, Row, Row | None]] = []
    fields = []
    for row in programs:
        key = (row["student"], row["award"])
        mine = curricula.setdefault(key, [])
        if row["kind"] == "program" or not mine:
            heads.append((*key, row, row if row["kind"] == "program" else None))
        mine.append(row)
        number = sum(1 for head in heads if head[0] == row["student"])
        if row["kind"] != "program":
            kind, priority = FIELDS[row["kind"]]
            fields.append((numbered(row["student"]), number, row["seq"], kind, priority, row["name"][:4].upper()))
    target.insert("sorlfos", "pidm lcur_seqno seqno lfst_code priority_no majr_code", fields)
    numbers: dict[str, int] = {}
    rows = []
    for student, award, first, program in heads:
        numbers[student] = numbers.get(student, 0) + 1
        mode = "OUTCOME" if award else "LEARNER"
        head = (numbered(student), numbers[student], mode, award or 1, LEVELS[first["level"]])
        named = (initials(program["name"]), initials(program["degree"]), program["admitted"]) if program else (None,) * 3
        rows.append(head + named)
    target.insert("sorlcur", "pidm seqno lmod_code key_seqno levl_code program degc_code admit_date", rows)
    titles = {r["name"] for r in programs if r["kind"] == "program"}
    target.insert("smrprle", "program program_desc", ((initials(title), title) for title in titles))
    majors = {r["name"] for r in programs if r["kind"] != "program"}
    target.insert("stvmajr", "code desc", ((name[:4].upper(), name) for name in majors))


def courses(campus: Campus, target: Target) -> None:
    """Academic history, and registrations that are not graded yet."""
    terms = {(r["student"], r["seq"]): r for r in campus.rows("terms")}
    sections: dict[tuple[str, str], tuple[str, str, str, str, str]] = {}
    taken = {}
    for row in campus.rows("attempts", "student, block, seq"):
        if row["block_kind"] == "term":
            term = terms[row["student"], row["block"]]
            code = term_code(term["name"])
            # Two levels in one term number their courses together.
            key = (numbered(row["student"]), code)
            taken.setdefault(key, []).append((row, LEVELS[term["level"]]))
    history, levels, grades, registrations = [], [], [], []
    for (pidm, code), rows in taken.items():
        for number, (row, level) in enumerate(rows, 1):
            course = (row["subject"], row["number"], row["title"])
            if row["grade"] is None:
                crn = f"{10_000 + len(sections)}"
                section = sections.setdefault((code, f"{row['subject']}{row['number']}"), (code, crn, *course))
                registrations.append((pidm, code, section[1], number, "RE", level, row["credits"]))
                continue
            history.append((pidm, code, number, *course, REPEATS[row["repeat"]]))
            levels.append((pidm, code, number, level))
            # A grade that was changed: the first was another.
            if row["grade"] == "C+":
                grades.append((pidm, code, number, 1, "I", row["credits"]))
            grades.append((pidm, code, number, 2, row["grade"], row["credits"]))
    target.insert("shrtckn", "pidm term_code seq_no subj_code crse_numb crse_title repeat_course_ind", history)
    target.insert("shrtckl", "pidm term_code tckn_seq_no levl_code", levels)
    target.insert("shrtckg", "pidm term_code tckn_seq_no seq_no grde_code_final credit_hours", grades)
    target.insert("sfrstcr", "pidm term_code crn reg_seq rsts_code levl_code credit_hr", registrations)
    target.insert("ssbsect", "term_code crn subj_code crse_numb crse_title", sections.values())


def transfers(campus: Campus, target: Target) -> None:
    """Credit from elsewhere, and what the site noted beside it."""
    blocks = campus.rows("transfer_blocks")
    codes = {name: f"{at:06}" for at, name in enumerate(sorted({b["institution"] for b in blocks}), 1)}
    kinds = {b["institution"]: TYPES[b["kind"]] for b in blocks}
    target.insert("stvsbgi", "code type_ind desc", ((code, kinds[name], name) for name, code in codes.items()))
    target.insert(
        "shrtrit", "pidm seq_no sbgi_code", ((numbered(b["student"]), b["seq"], codes[b["institution"]]) for b in blocks)
    )
    target.insert(
        "shrtram",
        "pidm trit_seq_no seq_no levl_code term_code_entered",
        ((numbered(b["student"]), b["seq"], 1, LEVELS[b["level"]], term_code(b["term_name"])) for b in blocks),
    )
    attempts = [r for r in campus.rows("attempts", "student, block, seq") if r["block_kind"] == "transfer"]
    target.insert(
        "shrtrce",
        "pidm trit_seq_no tram_seq_no seq_no subj_code crse_numb crse_title credit_hours grde_code",
        (
            (numbered(r["student"]), r["block"], 1, r["seq"], r["subject"], r["number"], r["title"], r["credits"])
            + (r["grade"],)
            for r in attempts
        ),
    )
    notes = [("SHRTRAM", f"{numbered(b['student'])}-{b['seq']}-1", b["notes"]) for b in blocks]
    notes += [("SHRTRCE", f"{numbered(r['student'])}-{r['block']}-1-{r['seq']}", r["notes"]) for r in attempts]
    added = [(table, "NOTE", key, note) for table, key, note in notes if note]
    target.insert("gorsdav", "table_name attr_name pk_parenttab value", added)


def degrees(campus: Campus, target: Target) -> None:
    """Degrees with their honours, theses and remarks."""
    awards = campus.rows("awards")
    programs = [r["degree"] for r in campus.rows("programs", "student") if r["degree"]]
    titles = {r["title"] for r in awards}.union(programs)
    target.insert("stvdegc", "code desc", ((initials(title), title) for title in titles))
    target.insert(
        "shrdgmr",
        "pidm seq_no degc_code degs_code levl_code grad_date",
        (
            (numbered(r["student"]), r["seq"], initials(r["title"]), "AW" if r["conferred"] else "SO", LEVELS[r["level"]])
            + (r["conferred"],)
            for r in awards
        ),
    )
    honours = [(r, text) for r in awards if r["honors"] for text in r["honors"].split("\n")]
    codes = {text: f"H{at:02}" for at, text in enumerate(sorted({text for _, text in honours}), 1)}
    target.insert("stvhonr", "code desc", ((code, text) for text, code in codes.items()))
    for table, departmental in (("shrdgih", False), ("shrdgdh", True)):
        of_this = [(r, text) for r, text in honours if text.startswith("Departmental") == departmental]
        rows = ((numbered(r["student"]), r["seq"], codes[text]) for r, text in of_this)
        target.insert(table, "pidm dgmr_seq_no honr_code", rows)
    theses = ((numbered(r["student"]), r["seq"], r["thesis_title"]) for r in awards if r["thesis_title"])
    target.insert("shrqpnm", "pidm dgmr_seq_no title", theses)
    remarks = ((numbered(r["student"]), r["seq"], 1, r["notes"]) for r in awards if r["notes"])
    target.insert("shrdgcm", "pidm dgmr_seq_no seq_no comment", remarks)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else str(HERE / "banner.db"))
