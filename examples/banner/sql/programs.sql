-- Curricula of the learner belong to the record, those of an outcome to its degree.
WITH wanted AS (
  SELECT spriden_pidm AS pidm, spriden_id AS student
  FROM spriden
  WHERE spriden_id IN (:student_ids) AND spriden_change_ind IS NULL
),
curricula AS (
  SELECT student, sorlcur.*,
         CASE WHEN sorlcur_lmod_code = 'OUTCOME' THEN sorlcur_key_seqno ELSE 0 END AS award
  FROM wanted
  JOIN sorlcur ON sorlcur_pidm = pidm
)
SELECT student,
       award,
       sorlcur_seqno * 100 AS seq,
       'PROGRAM' AS kind,
       smrprle_program_desc AS name,
       sorlcur_levl_code AS level,
       stvdegc_desc AS degree,
       sorlcur_admit_date AS admitted
FROM curricula
JOIN smrprle ON smrprle_program = sorlcur_program
LEFT JOIN stvdegc ON stvdegc_code = sorlcur_degc_code
UNION ALL
SELECT student,
       award,
       sorlcur_seqno * 100 + sorlfos_seqno,
       sorlfos_lfst_code || '-' || CAST(sorlfos_priority_no AS VARCHAR(2)),
       stvmajr_desc,
       sorlcur_levl_code,
       NULL,
       NULL
FROM curricula
JOIN sorlfos ON sorlfos_pidm = sorlcur_pidm AND sorlfos_lcur_seqno = sorlcur_seqno
LEFT JOIN stvmajr ON stvmajr_code = sorlfos_majr_code
