-- registrary: the published SQLite schema of a source, version 1.
--
-- One row or a few per fact, as recorded; nothing computed. A database of this form is read with
-- sqlite:///path/to/file.db. Create one with this file, or give views of these names and columns over
-- your own tables: only the names and the types of the cells matter to the reader.
--
-- Kinds of cell:
--   text     one line, not empty; absent is NULL, never ''
--   lines    several texts in one cell, one a line (line feed between them); none is NULL
--   decimal  TEXT such as '3.00' (its written places are kept) or INTEGER; REAL is refused: it is not exact
--   date     TEXT YYYY-MM-DD
--   month    TEXT YYYY-MM, the month in which a term begins
--   level    kebab-case word: undergraduate, graduate, law, medicine, or your own
--   flag     INTEGER 0 or 1
--   seq      INTEGER; rows of one student are read in its order
-- Words in lists below are the only ones accepted. Everything is clustered by student, so that a record
-- is one short run of pages in each table. There is no column for a social security number, on purpose.

-- What this file is. Two rows: schema = 'registrary campus', schema_version = '1'.
CREATE TABLE meta (
  key   TEXT PRIMARY KEY,            -- 'schema', 'schema_version'; others are ignored
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('schema', 'registrary campus'), ('schema_version', '1');

-- Institutions that issue records. Needed only where a record names its own (students.institution).
CREATE TABLE institution (
  id              INTEGER PRIMARY KEY,
  name            TEXT NOT NULL,     -- text
  address         TEXT,              -- lines
  phone           TEXT,              -- text
  email           TEXT,              -- text
  website         TEXT,              -- text
  codes           TEXT,              -- lines, each: system, a tab, code ("OPEID<tab>00123400")
  accreditation   TEXT,              -- text
  registrar_name  TEXT,              -- text
  registrar_title TEXT               -- text
) STRICT;

-- One row a student: the person and what holds for the whole record.
CREATE TABLE students (
  id          TEXT PRIMARY KEY,      -- the institution's own key: 1 to 64 characters
  birth       TEXT,                  -- date, or MM-DD where the year is not told
  native_name TEXT,                  -- text: the legal name in its own script, where names has a romanisation
  institution INTEGER REFERENCES institution (id),  -- NULL: the configured institution issues the record
  totals      TEXT NOT NULL DEFAULT 'policy',       -- 'policy': computed; 'stated': as in stated_totals
  sample      INTEGER NOT NULL DEFAULT 0            -- flag: invented, every page says SAMPLE
) STRICT, WITHOUT ROWID;

-- A person's names. Exactly one 'legal', at most one 'chosen', any number of 'former'.
CREATE TABLE names (
  student TEXT NOT NULL REFERENCES students (id),
  seq     INTEGER NOT NULL,
  kind    TEXT NOT NULL,             -- 'legal', 'chosen', 'former'
  prefix  TEXT,                      -- text
  given   TEXT,                      -- text; given, family or whole must be there
  middle  TEXT,                      -- text
  family  TEXT,                      -- text
  suffix  TEXT,                      -- text
  whole   TEXT,                      -- text: the name as printed, where its order is not given-middle-family
  PRIMARY KEY (student, seq)
) STRICT, WITHOUT ROWID;

-- Programmes, majors and minors, of the record and of its awards.
CREATE TABLE programs (
  student  TEXT NOT NULL REFERENCES students (id),
  award    INTEGER NOT NULL,         -- 0: of the record; else the seq of the award it belongs to
  seq      INTEGER NOT NULL,
  kind     TEXT NOT NULL,            -- 'program', 'major', 'second-major', 'minor', 'second-minor',
                                     -- 'concentration', 'specialization'
  name     TEXT NOT NULL,            -- text
  level    TEXT,                     -- level
  degree   TEXT,                     -- text: the degree it leads to
  admitted TEXT,                     -- date
  notes    TEXT,                     -- lines
  PRIMARY KEY (student, award, seq)
) STRICT, WITHOUT ROWID;

-- Terms of study. A student at two levels in one term has two rows.
CREATE TABLE terms (
  student    TEXT NOT NULL REFERENCES students (id),
  seq        INTEGER NOT NULL,       -- 1 or more; attempts and stated_totals refer to it
  designator TEXT NOT NULL,          -- month
  name       TEXT NOT NULL,          -- text: 'Fall 2024'
  begins     TEXT,                   -- date
  ends       TEXT,                   -- date
  level      TEXT NOT NULL,          -- level
  campus     TEXT,                   -- text: the campus, where GPAs are printed otherwise on one of them
  programs   TEXT,                   -- lines: the college or programme enrolled in
  standing   TEXT,                   -- text: 'Good standing'
  honors     TEXT,                   -- lines: 'Dean''s list'
  notes      TEXT,                   -- lines
  PRIMARY KEY (student, seq)
) STRICT, WITHOUT ROWID;

-- Credit accepted from elsewhere, one row for each institution or examining body.
CREATE TABLE transfer_blocks (
  student     TEXT NOT NULL REFERENCES students (id),
  seq         INTEGER NOT NULL,      -- 1 or more; attempts refer to it
  kind        TEXT NOT NULL,         -- 'institution', 'examination', 'military', 'prior-learning'
  institution TEXT,                  -- text
  level       TEXT NOT NULL,         -- level
  designator  TEXT,                  -- month
  term_name   TEXT,                  -- text
  notes       TEXT,                  -- lines
  PRIMARY KEY (student, seq)
) STRICT, WITHOUT ROWID;

-- One enrolment in one course: in a term, or accepted in a transfer block.
CREATE TABLE attempts (
  student            TEXT NOT NULL REFERENCES students (id),
  block_kind         TEXT NOT NULL,  -- 'term', 'transfer'
  block              INTEGER NOT NULL, -- terms.seq or transfer_blocks.seq
  seq                INTEGER NOT NULL,
  subject            TEXT,           -- text: 'ECON'; subject, number or title must be there
  number             TEXT,           -- text: '201'
  title              TEXT,           -- text
  unit               TEXT NOT NULL,  -- 'semester', 'quarter', 'units', 'ects', 'clock-hours', 'carnegie-units',
                                     -- 'continuing-education-units', 'no-credit', 'other', 'unreported'
  credits            ANY NOT NULL,   -- decimal: what the course carries
  credits_earned     ANY,            -- decimal: as recorded; NULL: by the policy
  grade              TEXT,           -- text, at most 16 characters; NULL while none is awarded
  supplemental_grade TEXT,           -- text, at most 16 characters
  mark               ANY,            -- decimal: a numeric mark beside the letter
  status             TEXT,           -- 'completed', 'in-progress', 'not-yet-reported', 'incomplete',
                                     -- 'incomplete-not-resolved-fail', 'audited', 'withdrew', 'withdrew-passing',
                                     -- 'withdrew-failing', 'withdrew-no-penalty', 'pass-fail-pass',
                                     -- 'pass-fail-fail', 'other-pass', 'other-fail', 'honors-grade',
                                     -- 'transfer-no-grade', 'planning-to-take'
  repeat             TEXT,           -- 'excluded', 'included', 'averaged'
  quality_points     ANY,            -- decimal: as recorded, shown where totals are stated, never computed with
  notes              TEXT,           -- lines
  PRIMARY KEY (student, block_kind, block, seq),
  CHECK ('real' NOT IN (typeof(credits), typeof(credits_earned), typeof(mark), typeof(quality_points)))
) STRICT, WITHOUT ROWID;

-- Hours and points brought from an old system without their courses.
CREATE TABLE balances (
  student           TEXT NOT NULL REFERENCES students (id),
  seq               INTEGER NOT NULL,
  origin            TEXT NOT NULL,   -- 'institution', 'transfer'
  label             TEXT NOT NULL,   -- text
  level             TEXT NOT NULL,   -- level
  through           TEXT,            -- month: the last term it covers
  credits_attempted ANY NOT NULL,    -- decimal
  credits_earned    ANY NOT NULL,    -- decimal
  gpa_hours         ANY NOT NULL,    -- decimal
  quality_points    ANY NOT NULL,    -- decimal
  PRIMARY KEY (student, seq),
  CHECK ('real' NOT IN (typeof(credits_attempted), typeof(credits_earned), typeof(gpa_hours), typeof(quality_points)))
) STRICT, WITHOUT ROWID;

-- Degrees, diplomas and certificates.
CREATE TABLE awards (
  student      TEXT NOT NULL REFERENCES students (id),
  seq          INTEGER NOT NULL,     -- 1 or more; programs.award refers to it
  title        TEXT NOT NULL,        -- text: 'Bachelor of Science'
  level        TEXT,                 -- level
  conferred    TEXT,                 -- date; NULL: not conferred yet
  honors       TEXT,                 -- lines: 'magna cum laude'
  thesis_title TEXT,                 -- text
  notes        TEXT,                 -- lines
  PRIMARY KEY (student, seq)
) STRICT, WITHOUT ROWID;

-- Holds on the record.
CREATE TABLE holds (
  student           TEXT NOT NULL REFERENCES students (id),
  seq               INTEGER NOT NULL,
  code              TEXT NOT NULL,   -- text: 'BURSAR'
  reason            TEXT,            -- text
  since             TEXT,            -- date
  blocks_transcript INTEGER NOT NULL, -- flag: 1 keeps official transcripts back
  PRIMARY KEY (student, seq)
) STRICT, WITHOUT ROWID;

-- Remarks printed on the record as a whole.
CREATE TABLE notes (
  student TEXT NOT NULL REFERENCES students (id),
  seq     INTEGER NOT NULL,
  note    TEXT NOT NULL,             -- text
  PRIMARY KEY (student, seq)
) STRICT, WITHOUT ROWID;

-- Totals that the sender of a record states itself (students.totals = 'stated'): shown, never recomputed.
CREATE TABLE stated_totals (
  student           TEXT NOT NULL REFERENCES students (id),
  term              INTEGER NOT NULL, -- 0: of the whole record; else terms.seq
  seq               INTEGER NOT NULL,
  span              TEXT NOT NULL,   -- 'term', 'annual', 'cumulative', 'institution', 'transfer', 'overall', 'other'
  label             TEXT,            -- text: the sender's own words
  level             TEXT,            -- level
  unit              TEXT,            -- as attempts.unit
  credits_attempted ANY,             -- decimal, as the next four
  credits_earned    ANY,
  gpa_hours         ANY,
  quality_points    ANY,
  gpa               ANY,
  standing          TEXT,            -- text
  notes             TEXT,            -- lines
  PRIMARY KEY (student, term, seq),
  CHECK ('real' NOT IN (typeof(credits_attempted), typeof(credits_earned), typeof(gpa_hours),
                        typeof(quality_points), typeof(gpa)))
) STRICT, WITHOUT ROWID;
