-- One row for each model of transfer credit: courses of another institution, tests, other credit.
WITH wanted AS (
  SELECT emplid FROM ps_person WHERE emplid IN (:student_ids)
),
models AS (
  SELECT emplid, acad_career, model_nbr, 'CRSE' AS kind, trnsfr_src_id, articulation_term,
         NULLIF(TRIM(comments), '') AS notes
  FROM ps_trns_crse_sch
  WHERE emplid IN (SELECT emplid FROM wanted)
  UNION ALL
  SELECT DISTINCT emplid, acad_career, model_nbr, trns_credit_type, trnsfr_src_id, articulation_term, NULL
  FROM ps_trns_othr_dtl
  WHERE emplid IN (SELECT emplid FROM wanted)
)
SELECT emplid AS student,
       models.acad_career || '-' || CAST(model_nbr AS VARCHAR(4)) AS seq,
       kind,
       source.descr AS institution,
       models.acad_career AS level,
       substr(CAST(term_begin_dt AS VARCHAR(10)), 1, 7) AS designator,
       term.descr AS term_name,
       notes
FROM models
LEFT JOIN ps_ext_org_tbl source ON ext_org_id = trnsfr_src_id
LEFT JOIN ps_term_tbl term ON term.acad_career = models.acad_career AND strm = articulation_term
