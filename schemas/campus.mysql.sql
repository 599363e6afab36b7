-- registrary: the published schema of a source, version 1, for MySQL (8.0 or newer) and MariaDB (10.6 or newer).
--
-- The tables of campus.sql with MySQL's own types; the same notes hold. A database of this form is read with
-- mysql://user:password@host:port/database (mariadb:// is the same). Create one with this file, or give views of these
-- names and columns over your own tables: only the names and the types of the columns matter to the reader. It needs
-- SELECT on them. Collation: student ids are compared byte by byte, so that no id finds another's record.
--
-- Kinds of cell:
--   text     one line, not empty; absent is NULL, never ''. Any of char, varchar, text, enum
--   lines    several texts in one cell, one a line (line feed between them); none is NULL
--   decimal  varchar such as '3.00': its written places are kept. Also decimal(p, s), whose s places are then all
--            printed, or an integer; float and double are refused: they are not exact
--   date     date, or text YYYY-MM-DD
--   month    text YYYY-MM, the month in which a term begins
--   level    kebab-case word: undergraduate, graduate, law, medicine, or your own
--   flag     boolean, which is an integer 0 or 1
--   seq      any integer type; rows of one student are read in its order
-- Words in lists below are the only ones accepted. InnoDB clusters each table by its key, so that a record is one
-- short run of pages. There is no column for a social security number, on purpose.

-- What this file is. Two rows: schema = 'registrary campus', schema_version = '1'.
CREATE TABLE meta (
  `key`              varchar(64) PRIMARY KEY,        -- 'schema', 'schema_version'; others are ignored
  value              varchar(64) NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
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
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One row a student: the person and what holds for the whole record.
CREATE TABLE students (
  id                 varchar(64) PRIMARY KEY,        -- the institution's own key: 1 to 64 characters
  birth              varchar(64),                    -- date, or MM-DD where the year is not told
  native_name        text,                           -- text: the legal name in its own script, where names has a romanisation
  institution        integer,                        -- NULL: the configured institution issues the record
  totals             varchar(64) NOT NULL DEFAULT 'policy', -- 'policy': computed; 'stated': as in stated_totals
  sample             boolean NOT NULL DEFAULT false  -- flag: invented, every page says SAMPLE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- A person's names. Exactly one 'legal', at most one 'chosen', any number of 'former'.
CREATE TABLE names (
  student            varchar(64) NOT NULL,
  seq                integer NOT NULL,
  kind               varchar(64) NOT NULL,           -- 'legal', 'chosen', 'former'
  prefix             text,                           -- text
  given              text,                           -- text; given, family or whole must be there
  middle             text,                           -- text
  family             text,                           -- text
  suffix             text,                           -- text
  whole              text,                           -- text: the name as printed, where its order is not given-middle-family
  PRIMARY KEY (student, seq)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Programmes, majors and minors, of the record and of its awards.
CREATE TABLE programs (
  student            varchar(64) NOT NULL,
  award              integer NOT NULL,               -- 0: of the record; else the seq of the award it belongs to
  seq                integer NOT NULL,
  kind               varchar(64) NOT NULL,           -- 'program', 'major', 'second-major', 'minor', 'second-minor',
                                     -- 'concentration', 'specialization'
  name               text NOT NULL,                  -- text
  level              varchar(64),                    -- level
  degree             text,                           -- text: the degree it leads to
  admitted           date,                           -- date
  notes              text,                           -- lines
  PRIMARY KEY (student, award, seq)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Terms of study. A student at two levels in one term has two rows.
CREATE TABLE terms (
  student            varchar(64) NOT NULL,
  seq                integer NOT NULL,               -- 1 or more; attempts and stated_totals refer to it
  designator         varchar(64) NOT NULL,           -- month
  name               text NOT NULL,                  -- text: 'Fall 2024'
  begins             date,                           -- date
  ends               date,                           -- date
  level              varchar(64) NOT NULL,           -- level
  campus             text,                           -- text: the campus, where GPAs are printed otherwise on one of them
  programs           text,                           -- lines: the college or programme enrolled in
  standing           text,                           -- text: 'Good standing'
  honors             text,                           -- lines: 'Dean''s list'
  notes              text,                           -- lines
  PRIMARY KEY (student, seq)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Credit accepted from elsewhere, one row for each institution or examining body.
CREATE TABLE transfer_blocks (
  student            varchar(64) NOT NULL,
  seq                integer NOT NULL,               -- 1 or more; attempts refer to it
  kind               varchar(64) NOT NULL,           -- 'institution', 'examination', 'military', 'prior-learning'
  institution        text,                           -- text
  level              varchar(64) NOT NULL,           -- level
  designator         varchar(64),                    -- month
  term_name          text,                           -- text
  notes              text,                           -- lines
  PRIMARY KEY (student, seq)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One enrolment in one course: in a term, or accepted in a transfer block.
CREATE TABLE attempts (
  student            varchar(64) NOT NULL,
  block_kind         varchar(64) NOT NULL,           -- 'term', 'transfer'
  block              integer NOT NULL,               -- terms.seq or transfer_blocks.seq
  seq                integer NOT NULL,
  subject            text,                           -- text: 'ECON'; subject, number or title must be there
  number             text,                           -- text: '201'
  title              text,                           -- text
  unit               varchar(64) NOT NULL,           -- 'semester', 'quarter', 'units', 'ects', 'clock-hours', 'carnegie-units',
                                     -- 'continuing-education-units', 'no-credit', 'other', 'unreported'
  credits            varchar(24) NOT NULL,           -- decimal: what the course carries
  credits_earned     varchar(24),                    -- decimal: as recorded; NULL: by the policy
  grade              varchar(16),                    -- text, at most 16 characters; NULL while none is awarded
  supplemental_grade varchar(16),                    -- text, at most 16 characters
  mark               varchar(24),                    -- decimal: a numeric mark beside the letter
  status             varchar(64),                    -- 'completed', 'in-progress', 'not-yet-reported', 'incomplete',
                                     -- 'incomplete-not-resolved-fail', 'audited', 'withdrew', 'withdrew-passing',
                                     -- 'withdrew-failing', 'withdrew-no-penalty', 'pass-fail-pass',
                                     -- 'pass-fail-fail', 'other-pass', 'other-fail', 'honors-grade',
                                     -- 'transfer-no-grade', 'planning-to-take'
  `repeat`           varchar(64),                    -- 'excluded', 'included', 'averaged'
  quality_points     varchar(24),                    -- decimal: as recorded, shown where totals are stated, never computed with
  notes              text,                           -- lines
  PRIMARY KEY (student, block_kind, block, seq)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Hours and points brought from an old system without their courses.
CREATE TABLE balances (
  student            varchar(64) NOT NULL,
  seq                integer NOT NULL,
  origin             varchar(64) NOT NULL,           -- 'institution', 'transfer'
  label              text NOT NULL,                  -- text
  level              varchar(64) NOT NULL,           -- level
  through            varchar(64),                    -- month: the last term it covers
  credits_attempted  varchar(24) NOT NULL,           -- decimal
  credits_earned     varchar(24) NOT NULL,           -- decimal
  gpa_hours          varchar(24) NOT NULL,           -- decimal
  quality_points     varchar(24) NOT NULL,           -- decimal
  PRIMARY KEY (student, seq)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Degrees, diplomas and certificates.
CREATE TABLE awards (
  student            varchar(64) NOT NULL,
  seq                integer NOT NULL,               -- 1 or more; programs.award refers to it
  title              text NOT NULL,                  -- text: 'Bachelor of Science'
  level              varchar(64),                    -- level
  conferred          date,                           -- date; NULL: not conferred yet
  honors             text,                           -- lines: 'magna cum laude'
  thesis_title       text,                           -- text
  notes              text,                           -- lines
  PRIMARY KEY (student, seq)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Holds on the record.
CREATE TABLE holds (
  student            varchar(64) NOT NULL,
  seq                integer NOT NULL,
  code               text NOT NULL,                  -- text: 'BURSAR'
  reason             text,                           -- text
  since              date,                           -- date
  blocks_transcript  boolean NOT NULL,               -- flag: true keeps official transcripts back
  PRIMARY KEY (student, seq)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Remarks printed on the record as a whole.
CREATE TABLE notes (
  student            varchar(64) NOT NULL,
  seq                integer NOT NULL,
  note               text NOT NULL,                  -- text
  PRIMARY KEY (student, seq)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Totals that the sender of a record states itself (students.totals = 'stated'): shown, never recomputed.
CREATE TABLE stated_totals (
  student            varchar(64) NOT NULL,
  term               integer NOT NULL,               -- 0: of the whole record; else terms.seq
  seq                integer NOT NULL,
  span               varchar(64) NOT NULL,           -- 'term', 'annual', 'cumulative', 'institution', 'transfer', 'overall', 'other'
  label              text,                           -- text: the sender's own words
  level              varchar(64),                    -- level
  unit               varchar(64),                    -- as attempts.unit
  credits_attempted  varchar(24),                    -- decimal, as the next four
  credits_earned     varchar(24),
  gpa_hours          varchar(24),
  quality_points     varchar(24),
  gpa                varchar(24),
  standing           text,                           -- text
  notes              text,                           -- lines
  PRIMARY KEY (student, term, seq)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
