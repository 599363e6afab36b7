-- The current name is the legal one; a preferred first name makes a chosen name; changed rows are former names.
WITH wanted AS (
  SELECT spriden_pidm AS pidm, spriden_id AS student
  FROM spriden
  WHERE spriden_id IN (:student_ids) AND spriden_change_ind IS NULL
)
SELECT student,
       0 AS seq,
       'legal' AS kind,
       spbpers_name_prefix AS prefix,
       spriden_first_name AS given,
       spriden_mi AS middle,
       spriden_last_name AS family,
       spbpers_name_suffix AS suffix,
       spbpers_legal_name AS whole
FROM wanted
JOIN spriden ON spriden_pidm = pidm AND spriden_change_ind IS NULL
LEFT JOIN spbpers ON spbpers_pidm = pidm
UNION ALL
SELECT student, 1, 'chosen', NULL, spbpers_pref_first_name, NULL, spriden_last_name, NULL, NULL
FROM wanted
JOIN spriden ON spriden_pidm = pidm AND spriden_change_ind IS NULL
JOIN spbpers ON spbpers_pidm = pidm AND spbpers_pref_first_name IS NOT NULL
UNION ALL
SELECT student, 1 + spriden_seqno, 'former', NULL, spriden_first_name, spriden_mi, spriden_last_name, NULL, NULL
FROM wanted
JOIN spriden ON spriden_pidm = pidm AND spriden_change_ind = 'N'
