"""Fills a PeopleSoft-like database with the sample campus: `python load.py peoplesoft.db`."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from campus_rows import Campus, Row, Target, initials  # noqa: E402

CAREERS = {"undergraduate": "UGRD", "graduate": "GRAD", "law": "LAW", "medicine": "MEDS"}
GROUPS = {
    "Graduate School": "GRAD",
    "School of Law": "LAW",
    "School of Medicine": "MEDS",
    "College of Letters and Social Sciences": "CLSS",
    "College of Natural Sciences": "CNS",
}
STANDINGS = {"Good standing": "GOOD", "Academic probation": "PROB"}
SEASONS = {"Spring": "1", "Summer": "4", "Fall": "7"}
NAMES = {"legal": "PRI", "chosen": "PRF", "former": "FRM"}
OTHER = {"examination": "TEST", "military": "MIL", "prior-learning": "PLA"}
REPEATS = {"excluded": "RPEX", "included": "RPIN", None: " "}
PLANS = {"major": "MAJ", "second-major": "MAJ", "minor": "MIN", "second-minor": "MIN", "concentration": "CON"}


def strm(name: str) -> str:
    """`2247` of `Fall 2024`; the terms of the old quarter calendar come after those of the semesters."""
    season, year = name.split()[:2]
    return "2" + year[2:] + str(int(SEASONS[season]) + ("quarter" in name))


def blank(text: str | None) -> str:
    """No field of characters is null."""
    return text or " "


def plan_code(row: Row) -> str:
    """`BIOL-MAJ` of the major Biology."""
    return f"{row['name'][:4].upper()}-{PLANS[row['kind']]}"


def main(path: str) -> None:
    """Makes the database anew."""
    Path(path).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(path)) as connection:
        campus = Campus(Path(folder))
        connection.executescript((HERE / "schema.sql").read_text(encoding="utf-8"))
        target = Target(connection, prefixed=False)
        persons(campus, target)
        calendar(campus, target)
        programmes(campus, target)
        careers(campus, target)
        enrolments(campus, target)
        transfers(campus, target)
        degrees(campus, target)
        connection.commit()
        campus.close()


def persons(campus: Campus, target: Target) -> None:
    """Births, names, service indicators and texts."""
    students = campus.rows("students", "id")
    natives = {r["id"]: r["native_name"] for r in students}
    target.insert(
        "ps_person",
        "emplid birthdate",
        # A date needs its year.
        ((r["id"], r["birth"] if r["birth"] and len(r["birth"]) == 10 else None) for r in students),
    )
    target.insert(
        "ps_names",
        "emplid name_type effdt eff_status name_prefix first_name middle_name last_name name_suffix name_display name_ac",
        (
            # The later a former name stands, the older it is.
            (r["student"], NAMES[r["kind"]], f"{2000 - r['seq']}-01-01" if r["kind"] == "former" else "2010-01-01", "A")
            + (blank(r["prefix"]), blank(r["given"]), blank(r["middle"]), blank(r["family"]), blank(r["suffix"]))
            + (blank(r["whole"]), blank(natives[r["student"]] if r["kind"] == "legal" else None))
            for r in campus.rows("names")
        ),
    )
    holds = campus.rows("holds")
    target.insert(
        "ps_srvc_ind_data",
        "emplid srvc_ind_dttm srvc_ind_cd srvc_ind_active_dt descr",
        ((r["student"], f"{r['since']} 08:00:0{r['seq']}", r["code"], r["since"], r["reason"]) for r in holds),
    )
    blocking = {r["code"] for r in holds if r["blocks_transcript"]}
    target.insert("ps_srvc_in_cd_impct", "srvc_ind_cd service_impct", ((code, "TRAN") for code in blocking))
    target.insert(
        "ps_tscrpt_text",
        "emplid strm acad_career seqnum descrlong",
        ((r["student"], " ", " ", r["seq"], r["note"]) for r in campus.rows("notes")),
    )


def calendar(campus: Campus, target: Target) -> None:
    """Terms by career; what codes mean."""
    terms = {(r["level"], r["name"]): (r["begins"], r["ends"]) for r in campus.rows("terms")}
    dates = {name: days for (_, name), days in terms.items()}
    for block in campus.rows("transfer_blocks"):
        known = dates.get(block["term_name"], (block["designator"] + "-19", None))
        terms.setdefault((block["level"], block["term_name"]), known)
    target.insert(
        "ps_term_tbl",
        "acad_career strm descr term_begin_dt term_end_dt",
        ((CAREERS[level], strm(name), name, *days) for (level, name), days in terms.items()),
    )
    target.insert("ps_acad_group_tbl", "acad_group descr", ((code, name) for name, code in GROUPS.items()))
    target.insert("ps_acad_stactn_tbl", "acad_stndng_actn descr", ((code, name) for name, code in STANDINGS.items()))


def programmes(campus: Campus, target: Target) -> None:
    """What students study: a programme each, and its plans."""
    rows = campus.rows("programs", "student, award, seq")
    titles = {r["name"]: r["degree"] for r in rows if r["kind"] == "program"}
    target.insert(
        "ps_acad_prog_tbl",
        "acad_prog descr degree",
        [("UNDECL", "Undeclared", "NONE"), *((initials(t), t, initials(degree)) for t, degree in titles.items())],
    )
    plans = {plan_code(r): (r["name"], PLANS[r["kind"]]) for r in rows if r["kind"] != "program"}
    target.insert("ps_acad_plan_tbl", "acad_plan descr acad_plan_type", ((code, *plan) for code, plan in plans.items()))
    numbers: dict[str, int] = {}
    programs, studied = [], []
    for row in rows:
        student, career = row["student"], CAREERS[row["level"]]
        if row["award"]:
            continue
        if row["kind"] == "program":
            numbers[student] = numbers.get(student, -1) + 1
            key = (student, career, numbers[student])
            # Before it was chosen: the row in effect is the later one.
            programs.append((*key, "1990-01-01", 0, "UNDECL", "MATR", None))
            programs.append((*key, "2000-01-01", 1, initials(row["name"]), "ACTV", row["admitted"]))
        else:
            studied.append((student, career, numbers[student], "2000-01-01", 1, plan_code(row), row["seq"]))
    columns = "emplid acad_career stdnt_car_nbr effdt effseq acad_prog prog_action admit_dt"
    target.insert("ps_acad_prog", columns, programs)
    target.insert("ps_acad_plan", "emplid acad_career stdnt_car_nbr effdt effseq acad_plan plan_sequence", studied)


def careers(campus: Campus, target: Target) -> None:
    """A student's terms with standing, honours and remarks."""
    terms = campus.rows("terms")
    key = {(r["student"], r["seq"]): (r["student"], CAREERS[r["level"]], strm(r["name"])) for r in terms}
    mine = [(r, key[r["student"], r["seq"]]) for r in terms]
    columns = "emplid acad_career strm acad_group"
    target.insert("ps_stdnt_car_term", columns, ((*k, GROUPS[r["programs"]]) for r, k in mine))
    standings = ((*k, r["ends"], STANDINGS[r["standing"]]) for r, k in mine if r["standing"])
    target.insert("ps_acad_stdng_actn", "emplid acad_career strm effdt acad_stndng_actn", standings)
    target.insert(
        "ps_honor_award_cs", "emplid acad_career strm award_code", ((*k, "DEAN") for r, k in mine if r["honors"])
    )
    target.insert("ps_honors_code_tbl", "honors_code descr", [("DEAN", "Dean's list")])
    remarks = ((k[0], k[2], k[1], 1, r["notes"]) for r, k in mine if r["notes"])
    target.insert("ps_tscrpt_text", "emplid strm acad_career seqnum descrlong", remarks)


def enrolments(campus: Campus, target: Target) -> None:
    """Classes, and who took them."""
    terms = {(r["student"], r["seq"]): r for r in campus.rows("terms")}
    classes: dict[tuple[str, str, str], tuple[str, int, str, str, str, str]] = {}
    enrolled = []
    for row in campus.rows("attempts", "student, block, seq"):
        if row["block_kind"] != "term":
            continue
        term = terms[row["student"], row["block"]]
        code, unit = strm(term["name"]), {"semester": "SEM", "quarter": "QTR"}[row["unit"]]
        course = (row["subject"], row["number"])
        section = classes.setdefault((code, *course), (code, 1000 + len(classes), *course, row["title"], unit))
        mine = (row["student"], CAREERS[term["level"]], code, section[1], "E", row["seq"], row["credits"])
        enrolled.append((*mine, blank(row["grade"]), REPEATS[row["repeat"]]))
    target.insert("ps_class_tbl", "strm class_nbr subject catalog_nbr descr unit_type", classes.values())
    columns = "emplid acad_career strm class_nbr stdnt_enrl_status enrl_sequence unt_taken crse_grade_off repeat_code"
    # A class that was dropped is on nobody's transcript.
    code, number, *_ = next(iter(classes.values()))
    enrolled.append(("119", "UGRD", code, number, "D", 1, "3", " ", " "))
    target.insert("ps_stdnt_enrl", columns, enrolled)


def transfers(campus: Campus, target: Target) -> None:
    """Courses of other institutions; tests and other credit."""
    blocks = {(r["student"], r["seq"]): r for r in campus.rows("transfer_blocks")}
    names = sorted({b["institution"] for b in blocks.values()})
    codes = {name: f"{at:011}" for at, name in enumerate(names, 1)}
    target.insert("ps_ext_org_tbl", "ext_org_id descr", ((code, name) for name, code in codes.items()))
    target.insert(
        "ps_trns_crse_sch",
        "emplid acad_career model_nbr trnsfr_src_id articulation_term comments",
        (
            (b["student"], CAREERS[b["level"]], b["seq"], codes[b["institution"]], strm(b["term_name"]), blank(b["notes"]))
            for b in blocks.values()
            if b["kind"] == "institution"
        ),
    )
    courses, others = [], []
    for row in campus.rows("attempts", "student, block, seq"):
        if row["block_kind"] != "transfer":
            continue
        block = blocks[row["student"], row["block"]]
        key = (row["student"], CAREERS[block["level"]], row["block"], row["seq"])
        course = (row["subject"], row["number"], row["title"], row["credits"], row["grade"])
        if block["kind"] == "institution":
            courses.append(key + course)
        else:
            score = int(row["notes"].split()[-1]) if row["notes"] else None
            source = (OTHER[block["kind"]], codes[block["institution"]], strm(block["term_name"]))
            others.append((*key, *source, *course, score))
    course = "subject catalog_nbr descr unt_trnsfr crse_grade_off"
    target.insert("ps_trns_crse_dtl", f"emplid acad_career model_nbr trnsfr_eqvlncy_seq {course}", courses)
    source = "trns_credit_type trnsfr_src_id articulation_term"
    target.insert("ps_trns_othr_dtl", f"emplid acad_career model_nbr seqnum {source} {course} score", others)


def degrees(campus: Campus, target: Target) -> None:
    """Degrees with plans, honours and theses."""
    awards = campus.rows("awards")
    programs = campus.rows("programs", "student, award, seq")
    titles = {r["title"] for r in awards} | {r["degree"] for r in programs if r["degree"]}
    target.insert("ps_degree_tbl", "degree descr", [("NONE", "None"), *((initials(t), t) for t in titles)])
    target.insert(
        "ps_acad_degr",
        "emplid stdnt_degr acad_career degree degr_confer_dt acad_degr_status descrlong",
        (
            (r["student"], f"{r['seq']:02}", CAREERS[r["level"]], initials(r["title"]), r["conferred"])
            + ("A" if r["conferred"] else "N", blank(r["notes"]))
            for r in awards
        ),
    )
    mine = [(r, (r["student"], f"{r['award']:02}")) for r in programs if r["award"]]
    plans = ((*key, plan_code(r), r["seq"]) for r, key in mine if r["kind"] != "program")
    target.insert("ps_acad_degr_plan", "emplid stdnt_degr acad_plan plan_sequence", plans)
    heads = ((*key, initials(r["name"]), r["admitted"]) for r, key in mine if r["kind"] == "program")
    target.insert("ps_acad_degr_prog", "emplid stdnt_degr acad_prog admit_dt", heads)
    honours = [(r, at, text) for r in awards if r["honors"] for at, text in enumerate(r["honors"].split("\n"), 1)]
    codes = {text: f"H{at:02}" for at, text in enumerate(sorted({text for *_, text in honours}), 1)}
    target.insert("ps_honors_code_tbl", "honors_code descr", ((code, text) for text, code in codes.items()))
    given = ((r["student"], f"{r['seq']:02}", at, codes[text]) for r, at, text in honours)
    target.insert("ps_acad_degr_hons", "emplid stdnt_degr seqnum honors_code", given)
    theses = ((r["student"], f"{r['seq']:02}", "THESIS", r["thesis_title"]) for r in awards if r["thesis_title"])
    target.insert("ps_stdnt_mlstn", "emplid stdnt_degr milestone mlstn_title", theses)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else str(HERE / "peoplesoft.db"))
