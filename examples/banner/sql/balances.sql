-- Hours and points without courses.
WITH wanted AS (
  SELECT spriden_pidm AS pidm, spriden_id AS student
  FROM spriden
  WHERE spriden_id IN (:student_ids) AND spriden_change_ind IS NULL
)
SELECT student,
       shrpcmp_seq_no AS seq,
       shrpcmp_gpa_type_ind AS origin,
       shrpcmp_desc AS label,
       shrpcmp_levl_code AS level,
       substr(CAST(shrpcmp_last_date AS VARCHAR(10)), 1, 7) AS through,
       CAST(shrpcmp_hours_attempted AS VARCHAR(12)) AS credits_attempted,
       CAST(shrpcmp_hours_earned AS VARCHAR(12)) AS credits_earned,
       CAST(shrpcmp_gpa_hours AS VARCHAR(12)) AS gpa_hours,
       CAST(shrpcmp_quality_points AS VARCHAR(12)) AS quality_points
FROM wanted
JOIN shrpcmp ON shrpcmp_pidm = pidm
