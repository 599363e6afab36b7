-- Of each type the latest name; of former names all. An empty field is one blank.
WITH dated AS (
  SELECT ps_names.*, ROW_NUMBER() OVER (PARTITION BY emplid, name_type ORDER BY effdt DESC) AS place
  FROM ps_names
  WHERE emplid IN (:student_ids) AND eff_status = 'A' AND effdt <= CURRENT_DATE
)
SELECT emplid AS student,
       CASE name_type WHEN 'PRI' THEN 0 WHEN 'PRF' THEN 1 ELSE 100 - place END AS seq,
       name_type AS kind,
       NULLIF(TRIM(name_prefix), '') AS prefix,
       NULLIF(TRIM(first_name), '') AS given,
       NULLIF(TRIM(middle_name), '') AS middle,
       NULLIF(TRIM(last_name), '') AS family,
       NULLIF(TRIM(name_suffix), '') AS suffix,
       NULLIF(TRIM(name_display), '') AS whole
FROM dated
WHERE place = 1 OR name_type = 'FRM'
