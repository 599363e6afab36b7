-- Enrolments with their official grades, and courses that transfer credit was given for. NUMERIC columns go through text:
-- SQLite keeps them as binary numbers.
WITH wanted AS (
  SELECT emplid FROM ps_person WHERE emplid IN (:student_ids)
)
SELECT emplid AS student,
       'term' AS block_kind,
       acad_career || '-' || strm AS block,
       enrl_sequence AS seq,
       subject,
       TRIM(catalog_nbr) AS number,
       descr AS title,
       unit_type AS unit,
       CAST(unt_taken AS VARCHAR(12)) AS credits,
       CAST(NULL AS VARCHAR(12)) AS credits_earned,
       NULLIF(TRIM(crse_grade_off), '') AS grade,
       CASE WHEN TRIM(crse_grade_off) = '' THEN stdnt_enrl_status END AS status,
       NULLIF(TRIM(repeat_code), '') AS repeat,
       CAST(NULL AS VARCHAR(60)) AS notes
FROM ps_stdnt_enrl
LEFT JOIN ps_class_tbl USING (strm, class_nbr)
WHERE emplid IN (SELECT emplid FROM wanted) AND stdnt_enrl_status <> 'D'
UNION ALL
SELECT emplid, 'transfer', acad_career || '-' || CAST(model_nbr AS VARCHAR(4)), trnsfr_eqvlncy_seq, subject,
       TRIM(catalog_nbr), descr, 'SEM', CAST(unt_trnsfr AS VARCHAR(12)), CAST(unt_trnsfr AS VARCHAR(12)),
       crse_grade_off, NULL, NULL, NULL
FROM ps_trns_crse_dtl
WHERE emplid IN (SELECT emplid FROM wanted)
UNION ALL
SELECT emplid, 'transfer', acad_career || '-' || CAST(model_nbr AS VARCHAR(4)), seqnum, subject,
       TRIM(catalog_nbr), descr, 'SEM', CAST(unt_trnsfr AS VARCHAR(12)), CAST(unt_trnsfr AS VARCHAR(12)),
       crse_grade_off, NULL, NULL, 'Advanced Placement score ' || CAST(score AS VARCHAR(4))
FROM ps_trns_othr_dtl
WHERE emplid IN (SELECT emplid FROM wanted)
