-- A student system in the manner of PeopleSoft Campus Solutions: records and fields under the names that sites know, cut
-- down to what a transcript needs. Written anew from general knowledge; runs on SQLite and PostgreSQL. Character fields
-- are never null there: what is empty is one blank.

CREATE TABLE ps_person (
  emplid    VARCHAR(11) PRIMARY KEY,
  birthdate DATE
);
-- Names by type: PRI primary, PRF preferred, FRM former; the row of the latest effective date holds, and former names
-- each have a date of their own.
CREATE TABLE ps_names (
  emplid       VARCHAR(11) NOT NULL,
  name_type    VARCHAR(3) NOT NULL,
  effdt        DATE NOT NULL,
  eff_status   VARCHAR(1) NOT NULL,
  name_prefix  VARCHAR(4) NOT NULL,
  first_name   VARCHAR(30) NOT NULL,
  middle_name  VARCHAR(30) NOT NULL,
  last_name    VARCHAR(30) NOT NULL,
  name_suffix  VARCHAR(15) NOT NULL,
  name_display VARCHAR(50) NOT NULL,
  name_ac      VARCHAR(50) NOT NULL,
  PRIMARY KEY (emplid, name_type, effdt)
);
-- Service indicators (holds), and the services that a code touches.
CREATE TABLE ps_srvc_ind_data (
  emplid             VARCHAR(11) NOT NULL,
  srvc_ind_dttm      TIMESTAMP NOT NULL,
  srvc_ind_cd        VARCHAR(8) NOT NULL,
  srvc_ind_active_dt DATE NOT NULL,
  descr              VARCHAR(30) NOT NULL,
  PRIMARY KEY (emplid, srvc_ind_dttm)
);
CREATE TABLE ps_srvc_in_cd_impct (
  srvc_ind_cd   VARCHAR(8) NOT NULL,
  service_impct VARCHAR(4) NOT NULL,
  PRIMARY KEY (srvc_ind_cd, service_impct)
);
-- Texts for the transcript: of the student (STRM blank) or of a term.
CREATE TABLE ps_tscrpt_text (
  emplid      VARCHAR(11) NOT NULL,
  strm        VARCHAR(4) NOT NULL,
  acad_career VARCHAR(4) NOT NULL,
  seqnum      INTEGER NOT NULL,
  descrlong   VARCHAR(4000) NOT NULL,
  PRIMARY KEY (emplid, strm, acad_career, seqnum)
);
CREATE TABLE ps_term_tbl (
  acad_career   VARCHAR(4) NOT NULL,
  strm          VARCHAR(4) NOT NULL,
  descr         VARCHAR(30) NOT NULL,
  term_begin_dt DATE NOT NULL,
  term_end_dt   DATE,
  PRIMARY KEY (acad_career, strm)
);

-- Programmes and plans, effective dated, and what their codes mean.
CREATE TABLE ps_acad_prog (
  emplid        VARCHAR(11) NOT NULL,
  acad_career   VARCHAR(4) NOT NULL,
  stdnt_car_nbr INTEGER NOT NULL,
  effdt         DATE NOT NULL,
  effseq        INTEGER NOT NULL,
  acad_prog     VARCHAR(8) NOT NULL,
  prog_action   VARCHAR(4) NOT NULL,
  admit_dt      DATE,
  PRIMARY KEY (emplid, acad_career, stdnt_car_nbr, effdt, effseq)
);
CREATE TABLE ps_acad_plan (
  emplid        VARCHAR(11) NOT NULL,
  acad_career   VARCHAR(4) NOT NULL,
  stdnt_car_nbr INTEGER NOT NULL,
  effdt         DATE NOT NULL,
  effseq        INTEGER NOT NULL,
  acad_plan     VARCHAR(10) NOT NULL,
  plan_sequence INTEGER NOT NULL,
  PRIMARY KEY (emplid, acad_career, stdnt_car_nbr, effdt, effseq, acad_plan)
);
CREATE TABLE ps_acad_prog_tbl (
  acad_prog VARCHAR(8) PRIMARY KEY,
  descr     VARCHAR(60) NOT NULL,
  degree    VARCHAR(8) NOT NULL
);
CREATE TABLE ps_acad_plan_tbl (
  acad_plan      VARCHAR(10) PRIMARY KEY,
  descr          VARCHAR(60) NOT NULL,
  acad_plan_type VARCHAR(3) NOT NULL
);
CREATE TABLE ps_acad_group_tbl (acad_group VARCHAR(5) PRIMARY KEY, descr VARCHAR(60) NOT NULL);
CREATE TABLE ps_degree_tbl (degree VARCHAR(8) PRIMARY KEY, descr VARCHAR(60) NOT NULL);
CREATE TABLE ps_honors_code_tbl (honors_code VARCHAR(10) PRIMARY KEY, descr VARCHAR(60) NOT NULL);
CREATE TABLE ps_acad_stactn_tbl (acad_stndng_actn VARCHAR(4) PRIMARY KEY, descr VARCHAR(60) NOT NULL);

-- A student's term in a career, its standing and its awards; enrolments and classes.
CREATE TABLE ps_stdnt_car_term (
  emplid      VARCHAR(11) NOT NULL,
  acad_career VARCHAR(4) NOT NULL,
  strm        VARCHAR(4) NOT NULL,
  acad_group  VARCHAR(5) NOT NULL,
  PRIMARY KEY (emplid, acad_career, strm)
);
CREATE TABLE ps_acad_stdng_actn (
  emplid           VARCHAR(11) NOT NULL,
  acad_career      VARCHAR(4) NOT NULL,
  strm             VARCHAR(4) NOT NULL,
  effdt            DATE NOT NULL,
  acad_stndng_actn VARCHAR(4) NOT NULL,
  PRIMARY KEY (emplid, acad_career, strm, effdt)
);
CREATE TABLE ps_honor_award_cs (
  emplid      VARCHAR(11) NOT NULL,
  acad_career VARCHAR(4) NOT NULL,
  strm        VARCHAR(4) NOT NULL,
  award_code  VARCHAR(10) NOT NULL,
  PRIMARY KEY (emplid, acad_career, strm, award_code)
);
CREATE TABLE ps_class_tbl (
  strm        VARCHAR(4) NOT NULL,
  class_nbr   INTEGER NOT NULL,
  subject     VARCHAR(8) NOT NULL,
  catalog_nbr VARCHAR(10) NOT NULL,
  descr       VARCHAR(60) NOT NULL,
  unit_type   VARCHAR(3) NOT NULL,
  PRIMARY KEY (strm, class_nbr)
);
CREATE TABLE ps_stdnt_enrl (
  emplid            VARCHAR(11) NOT NULL,
  acad_career       VARCHAR(4) NOT NULL,
  strm              VARCHAR(4) NOT NULL,
  class_nbr         INTEGER NOT NULL,
  stdnt_enrl_status VARCHAR(1) NOT NULL,
  enrl_sequence     INTEGER NOT NULL,
  unt_taken         NUMERIC(5,2) NOT NULL,
  crse_grade_off    VARCHAR(3) NOT NULL,
  repeat_code       VARCHAR(4) NOT NULL,
  PRIMARY KEY (emplid, acad_career, strm, class_nbr)
);

-- Transfer credit by model: courses, tests, other; each a head (SCH) and its details (DTL).
CREATE TABLE ps_ext_org_tbl (ext_org_id VARCHAR(11) PRIMARY KEY, descr VARCHAR(60) NOT NULL);
CREATE TABLE ps_trns_crse_sch (
  emplid            VARCHAR(11) NOT NULL,
  acad_career       VARCHAR(4) NOT NULL,
  model_nbr         INTEGER NOT NULL,
  trnsfr_src_id     VARCHAR(11) NOT NULL,
  articulation_term VARCHAR(4) NOT NULL,
  comments          VARCHAR(4000) NOT NULL,
  PRIMARY KEY (emplid, acad_career, model_nbr)
);
CREATE TABLE ps_trns_crse_dtl (
  emplid            VARCHAR(11) NOT NULL,
  acad_career       VARCHAR(4) NOT NULL,
  model_nbr         INTEGER NOT NULL,
  trnsfr_eqvlncy_seq INTEGER NOT NULL,
  subject           VARCHAR(8) NOT NULL,
  catalog_nbr       VARCHAR(10) NOT NULL,
  descr             VARCHAR(60) NOT NULL,
  unt_trnsfr        NUMERIC(5,2) NOT NULL,
  crse_grade_off    VARCHAR(3) NOT NULL,
  PRIMARY KEY (emplid, acad_career, model_nbr, trnsfr_eqvlncy_seq)
);
-- Tests (TEST) and other credit (MIL, PLA), from whom it came, what was reached.
CREATE TABLE ps_trns_othr_dtl (
  emplid            VARCHAR(11) NOT NULL,
  acad_career       VARCHAR(4) NOT NULL,
  model_nbr         INTEGER NOT NULL,
  seqnum            INTEGER NOT NULL,
  trns_credit_type  VARCHAR(4) NOT NULL,
  trnsfr_src_id     VARCHAR(11) NOT NULL,
  articulation_term VARCHAR(4) NOT NULL,
  subject           VARCHAR(8) NOT NULL,
  catalog_nbr       VARCHAR(10) NOT NULL,
  descr             VARCHAR(60) NOT NULL,
  unt_trnsfr        NUMERIC(5,2) NOT NULL,
  crse_grade_off    VARCHAR(3) NOT NULL,
  score             INTEGER,
  PRIMARY KEY (emplid, acad_career, model_nbr, seqnum)
);

-- Degrees (status A awarded, N not yet), their plans, honours and milestones.
CREATE TABLE ps_acad_degr (
  emplid           VARCHAR(11) NOT NULL,
  stdnt_degr       VARCHAR(2) NOT NULL,
  acad_career      VARCHAR(4) NOT NULL,
  degree           VARCHAR(8) NOT NULL,
  degr_confer_dt   DATE,
  acad_degr_status VARCHAR(1) NOT NULL,
  descrlong        VARCHAR(4000) NOT NULL,
  PRIMARY KEY (emplid, stdnt_degr)
);
CREATE TABLE ps_acad_degr_plan (
  emplid        VARCHAR(11) NOT NULL,
  stdnt_degr    VARCHAR(2) NOT NULL,
  acad_plan     VARCHAR(10) NOT NULL,
  plan_sequence INTEGER NOT NULL,
  PRIMARY KEY (emplid, stdnt_degr, acad_plan)
);
CREATE TABLE ps_acad_degr_prog (
  emplid     VARCHAR(11) NOT NULL,
  stdnt_degr VARCHAR(2) NOT NULL,
  acad_prog  VARCHAR(8) NOT NULL,
  admit_dt   DATE,
  PRIMARY KEY (emplid, stdnt_degr, acad_prog)
);
CREATE TABLE ps_acad_degr_hons (
  emplid      VARCHAR(11) NOT NULL,
  stdnt_degr  VARCHAR(2) NOT NULL,
  seqnum      INTEGER NOT NULL,
  honors_code VARCHAR(10) NOT NULL,
  PRIMARY KEY (emplid, stdnt_degr, seqnum)
);
CREATE TABLE ps_stdnt_mlstn (
  emplid         VARCHAR(11) NOT NULL,
  stdnt_degr     VARCHAR(2) NOT NULL,
  milestone      VARCHAR(10) NOT NULL,
  mlstn_title    VARCHAR(250) NOT NULL,
  PRIMARY KEY (emplid, stdnt_degr, milestone)
);
