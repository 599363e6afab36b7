-- One row a student. A date of birth without its year has no place in ps_person.
SELECT emplid AS id,
       birthdate AS birth,
       (SELECT NULLIF(TRIM(name_ac), '')
        FROM ps_names
        WHERE ps_names.emplid = ps_person.emplid AND name_type = 'PRI' AND effdt <= CURRENT_DATE
        ORDER BY effdt DESC
        LIMIT 1) AS native_name,
       1 AS sample
FROM ps_person
WHERE emplid IN (:student_ids)
