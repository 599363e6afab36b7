-- A student system in the manner of Banner: tables and columns under the names that sites know, cut down to what a
-- transcript needs. Written anew from general knowledge; runs on SQLite and PostgreSQL.

-- Persons. The current name has no change indicator; a former one has 'N'.
CREATE TABLE spriden (
  spriden_pidm       INTEGER NOT NULL,
  spriden_id         VARCHAR(9) NOT NULL,
  spriden_last_name  VARCHAR(60) NOT NULL,
  spriden_first_name VARCHAR(60),
  spriden_mi         VARCHAR(60),
  spriden_change_ind VARCHAR(1),
  spriden_seqno      INTEGER NOT NULL
);
CREATE INDEX spriden_id_index ON spriden (spriden_id);
CREATE INDEX spriden_key_index ON spriden (spriden_pidm);
CREATE TABLE spbpers (
  spbpers_pidm            INTEGER PRIMARY KEY,
  spbpers_birth_date      DATE,
  spbpers_name_prefix     VARCHAR(20),
  spbpers_name_suffix     VARCHAR(20),
  spbpers_pref_first_name VARCHAR(60),
  spbpers_legal_name      VARCHAR(500)
);
-- Remarks about a person; type TRN is printed on transcripts.
CREATE TABLE sprcmnt (
  sprcmnt_pidm      INTEGER NOT NULL,
  sprcmnt_seqno     INTEGER NOT NULL,
  sprcmnt_cmtt_code VARCHAR(3) NOT NULL,
  sprcmnt_text      VARCHAR(4000) NOT NULL,
  PRIMARY KEY (sprcmnt_pidm, sprcmnt_seqno)
);
-- What the site added to baseline tables: the supplemental data engine.
CREATE TABLE gorsdav (
  gorsdav_table_name   VARCHAR(30) NOT NULL,
  gorsdav_attr_name    VARCHAR(30) NOT NULL,
  gorsdav_pk_parenttab VARCHAR(100) NOT NULL,
  gorsdav_value        VARCHAR(4000) NOT NULL,
  PRIMARY KEY (gorsdav_table_name, gorsdav_attr_name, gorsdav_pk_parenttab)
);

-- Validation tables: a code and what it means.
CREATE TABLE stvterm (
  stvterm_code       VARCHAR(6) PRIMARY KEY,
  stvterm_desc       VARCHAR(30) NOT NULL,
  stvterm_start_date DATE NOT NULL,
  stvterm_end_date   DATE,
  stvterm_trmt_code  VARCHAR(1) NOT NULL
);
CREATE TABLE stvcoll (stvcoll_code VARCHAR(2) PRIMARY KEY, stvcoll_desc VARCHAR(60) NOT NULL);
CREATE TABLE stvmajr (stvmajr_code VARCHAR(4) PRIMARY KEY, stvmajr_desc VARCHAR(60) NOT NULL);
CREATE TABLE stvdegc (stvdegc_code VARCHAR(6) PRIMARY KEY, stvdegc_desc VARCHAR(60) NOT NULL);
CREATE TABLE stvastd (stvastd_code VARCHAR(2) PRIMARY KEY, stvastd_desc VARCHAR(60) NOT NULL);
CREATE TABLE stvhonr (stvhonr_code VARCHAR(6) PRIMARY KEY, stvhonr_desc VARCHAR(60) NOT NULL);
CREATE TABLE stvhldd (
  stvhldd_code           VARCHAR(10) PRIMARY KEY,
  stvhldd_trans_hold_ind VARCHAR(1)
);
CREATE TABLE stvsbgi (
  stvsbgi_code     VARCHAR(6) PRIMARY KEY,
  stvsbgi_type_ind VARCHAR(1) NOT NULL,
  stvsbgi_desc     VARCHAR(60) NOT NULL
);
CREATE TABLE smrprle (smrprle_program VARCHAR(12) PRIMARY KEY, smrprle_program_desc VARCHAR(60) NOT NULL);

-- The general student record, from a term on; up to two levels at once.
CREATE TABLE sgbstdn (
  sgbstdn_pidm          INTEGER NOT NULL,
  sgbstdn_term_code_eff VARCHAR(6) NOT NULL,
  sgbstdn_stst_code     VARCHAR(2) NOT NULL,
  sgbstdn_levl_code     VARCHAR(2) NOT NULL,
  sgbstdn_coll_code_1   VARCHAR(2) NOT NULL,
  sgbstdn_levl_code_2   VARCHAR(2),
  sgbstdn_coll_code_2   VARCHAR(2),
  PRIMARY KEY (sgbstdn_pidm, sgbstdn_term_code_eff)
);
-- Curricula: of a learner, or the outcome that a degree was given for; and their fields of study.
CREATE TABLE sorlcur (
  sorlcur_pidm       INTEGER NOT NULL,
  sorlcur_seqno      INTEGER NOT NULL,
  sorlcur_lmod_code  VARCHAR(15) NOT NULL,
  sorlcur_key_seqno  INTEGER NOT NULL,
  sorlcur_program    VARCHAR(12),
  sorlcur_levl_code  VARCHAR(2) NOT NULL,
  sorlcur_degc_code  VARCHAR(6),
  sorlcur_admit_date DATE,
  PRIMARY KEY (sorlcur_pidm, sorlcur_seqno)
);
CREATE TABLE sorlfos (
  sorlfos_pidm        INTEGER NOT NULL,
  sorlfos_lcur_seqno  INTEGER NOT NULL,
  sorlfos_seqno       INTEGER NOT NULL,
  sorlfos_lfst_code   VARCHAR(15) NOT NULL,
  sorlfos_priority_no INTEGER NOT NULL,
  sorlfos_majr_code   VARCHAR(4) NOT NULL,
  PRIMARY KEY (sorlfos_pidm, sorlfos_lcur_seqno, sorlfos_seqno)
);

-- Registration: what is not yet rolled to academic history has no grade date.
CREATE TABLE ssbsect (
  ssbsect_term_code  VARCHAR(6) NOT NULL,
  ssbsect_crn        VARCHAR(5) NOT NULL,
  ssbsect_subj_code  VARCHAR(4) NOT NULL,
  ssbsect_crse_numb  VARCHAR(5) NOT NULL,
  ssbsect_crse_title VARCHAR(60) NOT NULL,
  PRIMARY KEY (ssbsect_term_code, ssbsect_crn)
);
CREATE TABLE sfrstcr (
  sfrstcr_pidm      INTEGER NOT NULL,
  sfrstcr_term_code VARCHAR(6) NOT NULL,
  sfrstcr_crn       VARCHAR(5) NOT NULL,
  sfrstcr_reg_seq   INTEGER NOT NULL,
  sfrstcr_rsts_code VARCHAR(2) NOT NULL,
  sfrstcr_levl_code VARCHAR(2) NOT NULL,
  sfrstcr_credit_hr NUMERIC(7,3) NOT NULL,
  sfrstcr_grde_date DATE,
  PRIMARY KEY (sfrstcr_pidm, sfrstcr_term_code, sfrstcr_crn)
);

-- Academic history: course, level and grade; the grade with the highest sequence number holds.
CREATE TABLE shrtckn (
  shrtckn_pidm              INTEGER NOT NULL,
  shrtckn_term_code         VARCHAR(6) NOT NULL,
  shrtckn_seq_no            INTEGER NOT NULL,
  shrtckn_subj_code         VARCHAR(4) NOT NULL,
  shrtckn_crse_numb         VARCHAR(5) NOT NULL,
  shrtckn_crse_title        VARCHAR(60) NOT NULL,
  shrtckn_repeat_course_ind VARCHAR(1),
  PRIMARY KEY (shrtckn_pidm, shrtckn_term_code, shrtckn_seq_no)
);
CREATE TABLE shrtckl (
  shrtckl_pidm        INTEGER NOT NULL,
  shrtckl_term_code   VARCHAR(6) NOT NULL,
  shrtckl_tckn_seq_no INTEGER NOT NULL,
  shrtckl_levl_code   VARCHAR(2) NOT NULL,
  PRIMARY KEY (shrtckl_pidm, shrtckl_term_code, shrtckl_tckn_seq_no)
);
CREATE TABLE shrtckg (
  shrtckg_pidm            INTEGER NOT NULL,
  shrtckg_term_code       VARCHAR(6) NOT NULL,
  shrtckg_tckn_seq_no     INTEGER NOT NULL,
  shrtckg_seq_no          INTEGER NOT NULL,
  shrtckg_grde_code_final VARCHAR(6) NOT NULL,
  shrtckg_credit_hours    NUMERIC(7,3) NOT NULL,
  PRIMARY KEY (shrtckg_pidm, shrtckg_term_code, shrtckg_tckn_seq_no, shrtckg_seq_no)
);
-- A student's term: standing at its end, dean's list, and remarks.
CREATE TABLE shrttrm (
  shrttrm_pidm                  INTEGER NOT NULL,
  shrttrm_term_code             VARCHAR(6) NOT NULL,
  shrttrm_astd_code_end_of_term VARCHAR(2),
  shrttrm_astd_code_dl          VARCHAR(2),
  PRIMARY KEY (shrttrm_pidm, shrttrm_term_code)
);
CREATE TABLE shrttcm (
  shrttcm_pidm      INTEGER NOT NULL,
  shrttcm_term_code VARCHAR(6) NOT NULL,
  shrttcm_seq_no    INTEGER NOT NULL,
  shrttcm_comment   VARCHAR(4000) NOT NULL,
  PRIMARY KEY (shrttcm_pidm, shrttcm_term_code, shrttcm_seq_no)
);
-- Credit from elsewhere: the institution, the attendance there, its courses.
CREATE TABLE shrtrit (
  shrtrit_pidm      INTEGER NOT NULL,
  shrtrit_seq_no    INTEGER NOT NULL,
  shrtrit_sbgi_code VARCHAR(6) NOT NULL,
  PRIMARY KEY (shrtrit_pidm, shrtrit_seq_no)
);
CREATE TABLE shrtram (
  shrtram_pidm              INTEGER NOT NULL,
  shrtram_trit_seq_no       INTEGER NOT NULL,
  shrtram_seq_no            INTEGER NOT NULL,
  shrtram_levl_code         VARCHAR(2) NOT NULL,
  shrtram_term_code_entered VARCHAR(6) NOT NULL,
  PRIMARY KEY (shrtram_pidm, shrtram_trit_seq_no, shrtram_seq_no)
);
CREATE TABLE shrtrce (
  shrtrce_pidm         INTEGER NOT NULL,
  shrtrce_trit_seq_no  INTEGER NOT NULL,
  shrtrce_tram_seq_no  INTEGER NOT NULL,
  shrtrce_seq_no       INTEGER NOT NULL,
  shrtrce_subj_code    VARCHAR(4) NOT NULL,
  shrtrce_crse_numb    VARCHAR(6) NOT NULL,
  shrtrce_crse_title   VARCHAR(60) NOT NULL,
  shrtrce_credit_hours NUMERIC(7,3) NOT NULL,
  shrtrce_grde_code    VARCHAR(6) NOT NULL,
  PRIMARY KEY (shrtrce_pidm, shrtrce_trit_seq_no, shrtrce_tram_seq_no, shrtrce_seq_no)
);
-- Sums brought from the time before this system: GPA type I is of the institution, T of transfer work.
CREATE TABLE shrpcmp (
  shrpcmp_pidm            INTEGER NOT NULL,
  shrpcmp_seq_no          INTEGER NOT NULL,
  shrpcmp_levl_code       VARCHAR(2) NOT NULL,
  shrpcmp_gpa_type_ind    VARCHAR(1) NOT NULL,
  shrpcmp_desc            VARCHAR(60) NOT NULL,
  shrpcmp_last_date       DATE,
  shrpcmp_hours_attempted NUMERIC(9,3) NOT NULL,
  shrpcmp_hours_earned    NUMERIC(9,3) NOT NULL,
  shrpcmp_gpa_hours       NUMERIC(9,3) NOT NULL,
  shrpcmp_quality_points  NUMERIC(11,3) NOT NULL,
  PRIMARY KEY (shrpcmp_pidm, shrpcmp_seq_no)
);
-- Degrees: status AW is awarded, SO sought; honours of the institution and of a department; remarks; theses.
CREATE TABLE shrdgmr (
  shrdgmr_pidm      INTEGER NOT NULL,
  shrdgmr_seq_no    INTEGER NOT NULL,
  shrdgmr_degc_code VARCHAR(6) NOT NULL,
  shrdgmr_degs_code VARCHAR(2) NOT NULL,
  shrdgmr_levl_code VARCHAR(2) NOT NULL,
  shrdgmr_grad_date DATE,
  PRIMARY KEY (shrdgmr_pidm, shrdgmr_seq_no)
);
CREATE TABLE shrdgih (
  shrdgih_pidm        INTEGER NOT NULL,
  shrdgih_dgmr_seq_no INTEGER NOT NULL,
  shrdgih_honr_code   VARCHAR(6) NOT NULL
);
CREATE TABLE shrdgdh (
  shrdgdh_pidm        INTEGER NOT NULL,
  shrdgdh_dgmr_seq_no INTEGER NOT NULL,
  shrdgdh_honr_code   VARCHAR(6) NOT NULL
);
CREATE TABLE shrdgcm (
  shrdgcm_pidm        INTEGER NOT NULL,
  shrdgcm_dgmr_seq_no INTEGER NOT NULL,
  shrdgcm_seq_no      INTEGER NOT NULL,
  shrdgcm_comment     VARCHAR(4000) NOT NULL
);
CREATE TABLE shrqpnm (
  shrqpnm_pidm        INTEGER NOT NULL,
  shrqpnm_dgmr_seq_no INTEGER NOT NULL,
  shrqpnm_title       VARCHAR(250) NOT NULL
);
-- Holds: a code whose transcript indicator is Y keeps transcripts back until the hold ends.
CREATE TABLE sprhold (
  sprhold_pidm      INTEGER NOT NULL,
  sprhold_seqno     INTEGER NOT NULL,
  sprhold_hldd_code VARCHAR(10) NOT NULL,
  sprhold_reason    VARCHAR(30),
  sprhold_from_date DATE NOT NULL,
  sprhold_to_date   DATE NOT NULL,
  PRIMARY KEY (sprhold_pidm, sprhold_seqno)
);
CREATE INDEX shrdgih_index ON shrdgih (shrdgih_pidm);
CREATE INDEX shrdgdh_index ON shrdgdh (shrdgdh_pidm);
CREATE INDEX shrdgcm_index ON shrdgcm (shrdgcm_pidm);
CREATE INDEX shrqpnm_index ON shrqpnm (shrqpnm_pidm);
