-- One row for each attendance elsewhere; examinations and the like are institutions of a type of their own.
WITH wanted AS (
  SELECT spriden_pidm AS pidm, spriden_id AS student
  FROM spriden
  WHERE spriden_id IN (:student_ids) AND spriden_change_ind IS NULL
)
SELECT student,
       CAST(shrtram_trit_seq_no AS VARCHAR(4)) || '-' || CAST(shrtram_seq_no AS VARCHAR(4)) AS seq,
       stvsbgi_type_ind AS kind,
       stvsbgi_desc AS institution,
       shrtram_levl_code AS level,
       substr(CAST(stvterm_start_date AS VARCHAR(10)), 1, 7) AS designator,
       stvterm_desc AS term_name,
       gorsdav_value AS notes
FROM wanted
JOIN shrtrit ON shrtrit_pidm = pidm
LEFT JOIN stvsbgi ON stvsbgi_code = shrtrit_sbgi_code
JOIN shrtram ON shrtram_pidm = pidm AND shrtram_trit_seq_no = shrtrit_seq_no
LEFT JOIN stvterm ON stvterm_code = shrtram_term_code_entered
LEFT JOIN gorsdav ON gorsdav_table_name = 'SHRTRAM'
                 AND gorsdav_attr_name = 'NOTE'
                 AND gorsdav_pk_parenttab = CAST(pidm AS VARCHAR(12)) || '-' || CAST(shrtram_trit_seq_no AS VARCHAR(4))
                                            || '-' || CAST(shrtram_seq_no AS VARCHAR(4))
