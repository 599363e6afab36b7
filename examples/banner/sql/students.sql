-- One row a student. The native name is an attribute that the site added.
WITH wanted AS (
  SELECT spriden_pidm AS pidm, spriden_id AS student
  FROM spriden
  WHERE spriden_id IN (:student_ids) AND spriden_change_ind IS NULL
)
SELECT student AS id,
       spbpers_birth_date AS birth,
       gorsdav_value AS native_name,
       'policy' AS totals,
       1 AS sample
FROM wanted
LEFT JOIN spbpers ON spbpers_pidm = pidm
LEFT JOIN gorsdav ON gorsdav_table_name = 'SPRIDEN'
                 AND gorsdav_attr_name = 'NATIVE_NAME'
                 AND gorsdav_pk_parenttab = CAST(pidm AS VARCHAR(12))
