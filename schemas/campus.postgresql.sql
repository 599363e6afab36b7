-- registrary: the published schema of a source, version 1, for PostgreSQL (12 or newer).
--
-- The tables of campus.sql with PostgreSQL's own types; the same notes hold. A database of this form is read with
-- postgresql://user:password@host:port/database. Create one with this file, or give views of these names and columns
-- over your own tables: only the names and the types of the columns matter to the reader. It needs SELECT on them.
--
-- Kinds of cell:
--   text     one line, not empty; absent is NULL, never ''. Any of text, varchar, char(n), citext, an enum
--   lines    several texts in one cell, one a line (line feed between them); none is NULL
--   decimal  numeric: its written places are kept, 3.00 stays 3.00. Also text or an integer; real and double
--            precision are refused: they are not exact
--   date     date, or text YYYY-MM-DD
--   month    text YYYY-MM, the month in which a term begins
--   level    kebab-case word: undergraduate, graduate, law, medicine, or your own
--   flag     boolean, or an integer 0 or 1
--   seq      smallint, integer or bigint; rows of one student are read in its order
-- Words in lists below are the only ones accepted. Keep the keys (or an index that begins with the student): a record
-- is then one short run of pages in each table. There is no column for a social security number, on purpose.

-- What this file is. Two rows: schema = 'registrary campus', schema_version = '1'.
CREATE TABLE meta (
  key                text PRIMARY KEY,               -- 'schema', 'schema_version'; others are ignored
  value              text NOT NULL
);
INSERT INTO meta VALUES ('schema', 'registrary campus'), ('schema_version', '1');

-- Institutions that issue records. Needed only where a record names its own (students.institution).
CREATE TABLE institution (
  id                 integer PRIMARY KEY,
  name               text NOT NULL,                  -- text
  address            text,                           -- lines
  phone              text,                           -- text
  email              text,                           -- text
  website            text,                           -- text
  codes              text,                           -- lines, each: system, a tab, code ("OPEID<tab>00123400")
  accreditation      text,                           -- text
  registrar_name     text,                           -- text
  registrar_title    text                            -- text
);

-- One row a student: the person and what holds for the whole record.
CREATE TABLE students (
  id                 text PRIMARY KEY,               -- the institution's own key: 1 to 64 characters
  birth              text,                           -- date, or MM-DD where the year is not told
  native_name        text,                           -- text: the legal name in its own script, where names has a romanisation
  institution        integer REFERENCES institution (id), -- NULL: the configured institution issues the record
  totals             text NOT NULL DEFAULT 'policy', -- 'policy': computed; 'stated': as in stated_totals
  sample             boolean NOT NULL DEFAULT false  -- flag: invented, every page says SAMPLE
);

-- A person's names. Exactly one 'legal', at most one 'chosen', any number of 'former'.
CREATE TABLE names (
  student            text NOT NULL REFERENCES students (id),
  seq                integer NOT NULL,
  kind               text NOT NULL,                  -- 'legal', 'chosen', 'former'
  prefix             text,                           -- text
  given              text,                           -- text; given, family or whole must be there
  middle             text,                           -- text
  family             text,                           -- text
  suffix             text,                           -- text
  whole              text,                           -- text: the name as printed, where its order is not given-middle-family
  PRIMARY KEY (student, seq)
);

-- Programmes, majors and minors, of the record and of its awards.
CREATE TABLE programs (
  student            text NOT NULL REFERENCES students (id),
  award              integer NOT NULL,               -- 0: of the record; else the seq of the award it belongs to
  seq                integer NOT NULL,
  kind               text NOT NULL,                  -- 'program', 'major', 'second-major', 'minor', 'second-minor',
                                     -- 'concentration', 'specialization'
  name               text NOT NULL,                  -- text
  level              text,                           -- level
  degree             text,                           -- text: the degree it leads to
  admitted           date,                           -- date
  notes              text,                           -- lines
  PRIMARY KEY (student, award, seq)
);

-- Terms of study. A student at two levels in one term has two rows.
CREATE TABLE terms (
  student            text NOT NULL REFERENCES students (id),
  seq                integer NOT NULL,               -- 1 or more; attempts and stated_totals refer to it
  designator         text NOT NULL,                  -- month
  name               text NOT NULL,                  -- text: 'Fall 2024'
  begins             date,                           -- date
  ends               date,                           -- date
  level              text NOT NULL,                  -- level
  campus             text,                           -- text: the campus, where GPAs are printed otherwise on one of them
  programs           text,                           -- lines: the college or programme enrolled in
  standing           text,                           -- text: 'Good standing'
  honors             text,                           -- lines: 'Dean''s list'
  notes              text,                           -- lines
  PRIMARY KEY (student, seq)
);

-- Credit accepted from elsewhere, one row for each institution or examining body.
CREATE TABLE transfer_blocks (
  student            text NOT NULL REFERENCES students (id),
  seq                integer NOT NULL,               -- 1 or more; attempts refer to it
  kind               text NOT NULL,                  -- 'institution', 'examination', 'military', 'prior-learning'
  institution        text,                           -- text
  level              text NOT NULL,                  -- level
  designator         text,                           -- month
  term_name          text,                           -- text
  notes              text,                           -- lines
  PRIMARY KEY (student, seq)
);

-- One enrolment in one course: in a term, or accepted in a transfer block.
CREATE TABLE attempts (
  student            text NOT NULL REFERENCES students (id),
  block_kind         text NOT NULL,                  -- 'term', 'transfer'
  block              integer NOT NULL,               -- terms.seq or transfer_blocks.seq
  seq                integer NOT NULL,
  subject            text,                           -- text: 'ECON'; subject, number or title must be there
  number             text,                           -- text: '201'
  title              text,                           -- text
  unit               text NOT NULL,                  -- 'semester', 'quarter', 'units', 'ects', 'clock-hours', 'carnegie-units',
                                     -- 'continuing-education-units', 'no-credit', 'other', 'unreported'
  credits            numeric NOT NULL,               -- decimal: what the course carries
  credits_earned     numeric,                        -- decimal: as recorded; NULL: by the policy
  grade              text,                           -- text, at most 16 characters; NULL while none is awarded
  supplemental_grade text,                           -- text, at most 16 characters
  mark               numeric,                        -- decimal: a numeric mark beside the letter
  status             text,                           -- 'completed', 'in-progress', 'not-yet-reported', 'incomplete',
                                     -- 'incomplete-not-resolved-fail', 'audited', 'withdrew', 'withdrew-passing',
                                     -- 'withdrew-failing', 'withdrew-no-penalty', 'pass-fail-pass',
                                     -- 'pass-fail-fail', 'other-pass', 'other-fail', 'honors-grade',
                                     -- 'transfer-no-grade', 'planning-to-take'
  repeat             text,                           -- 'excluded', 'included', 'averaged'
  quality_points     numeric,                        -- decimal: as recorded, shown where totals are stated, never computed with
  notes              text,                           -- lines
  PRIMARY KEY (student, block_kind, block, seq)
);

-- Hours and points brought from an old system without their courses.
CREATE TABLE balances (
  student            text NOT NULL REFERENCES students (id),
  seq                integer NOT NULL,
  origin             text NOT NULL,                  -- 'institution', 'transfer'
  label              text NOT NULL,                  -- text
  level              text NOT NULL,                  -- level
  through            text,                           -- month: the last term it covers
  credits_attempted  numeric NOT NULL,               -- decimal
  credits_earned     numeric NOT NULL,               -- decimal
  gpa_hours          numeric NOT NULL,               -- decimal
  quality_points     numeric NOT NULL,               -- decimal
  PRIMARY KEY (student, seq)
);

-- Degrees, diplomas and certificates.
CREATE TABLE awards (
  student            text NOT NULL REFERENCES students (id),
  seq                integer NOT NULL,               -- 1 or more; programs.award refers to it
  title              text NOT NULL,                  -- text: 'Bachelor of Science'
  level              text,                           -- level
  conferred          date,                           -- date; NULL: not conferred yet
  honors             text,                           -- lines: 'magna cum laude'
  thesis_title       text,                           -- text
  notes              text,                           -- lines
  PRIMARY KEY (student, seq)
);

-- Holds on the record.
CREATE TABLE holds (
  student            text NOT NULL REFERENCES students (id),
  seq                integer NOT NULL,
  code               text NOT NULL,                  -- text: 'BURSAR'
  reason             text,                           -- text
  since              date,                           -- date
  blocks_transcript  boolean NOT NULL,               -- flag: true keeps official transcripts back
  PRIMARY KEY (student, seq)
);

-- Remarks printed on the record as a whole.
CREATE TABLE notes (
  student            text NOT NULL REFERENCES students (id),
  seq                integer NOT NULL,
  note               text NOT NULL,                  -- text
  PRIMARY KEY (student, seq)
);

-- Totals that the sender of a record states itself (students.totals = 'stated'): shown, never recomputed.
CREATE TABLE stated_totals (
  student            text NOT NULL REFERENCES students (id),
  term               integer NOT NULL,               -- 0: of the whole record; else terms.seq
  seq                integer NOT NULL,
  span               text NOT NULL,                  -- 'term', 'annual', 'cumulative', 'institution', 'transfer', 'overall', 'other'
  label              text,                           -- text: the sender's own words
  level              text,                           -- level
  unit               text,                           -- as attempts.unit
  credits_attempted  numeric,                        -- decimal, as the next four
  credits_earned     numeric,
  gpa_hours          numeric,
  quality_points     numeric,
  gpa                numeric,
  standing           text,                           -- text
  notes              text,                           -- lines
  PRIMARY KEY (student, term, seq)
);
