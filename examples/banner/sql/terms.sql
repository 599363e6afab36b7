-- A term at a level is one in which something was taken: rolled to history, or registered for and still going on.
WITH wanted AS (
  SELECT spriden_pidm AS pidm, spriden_id AS student
  FROM spriden
  WHERE spriden_id IN (:student_ids) AND spriden_change_ind IS NULL
),
enrolled AS (
  SELECT student, pidm, shrtckl_term_code AS term, shrtckl_levl_code AS levl
  FROM wanted
  JOIN shrtckl ON shrtckl_pidm = pidm
  UNION
  SELECT student, pidm, sfrstcr_term_code, sfrstcr_levl_code
  FROM wanted
  JOIN sfrstcr ON sfrstcr_pidm = pidm AND sfrstcr_grde_date IS NULL
)
SELECT student,
       term || '-' || levl AS seq,
       substr(CAST(stvterm_start_date AS VARCHAR(10)), 1, 7) AS designator,
       stvterm_desc AS name,
       stvterm_start_date AS begins,
       stvterm_end_date AS ends,
       levl AS level,
       -- The general student record that was in effect in the term.
       (SELECT stvcoll_desc
        FROM sgbstdn
        JOIN stvcoll ON stvcoll_code = CASE WHEN sgbstdn_levl_code = levl THEN sgbstdn_coll_code_1
                                            WHEN sgbstdn_levl_code_2 = levl THEN sgbstdn_coll_code_2 END
        WHERE sgbstdn_pidm = pidm AND sgbstdn_term_code_eff <= term
        ORDER BY sgbstdn_term_code_eff DESC
        LIMIT 1) AS programs,
       standing.stvastd_desc AS standing,
       deans.stvastd_desc AS honors,
       (SELECT string_agg(shrttcm_comment, '
' ORDER BY shrttcm_seq_no)
        FROM shrttcm
        WHERE shrttcm_pidm = pidm AND shrttcm_term_code = term) AS notes
FROM enrolled
LEFT JOIN stvterm ON stvterm_code = term
LEFT JOIN shrttrm ON shrttrm_pidm = pidm AND shrttrm_term_code = term
LEFT JOIN stvastd standing ON standing.stvastd_code = shrttrm_astd_code_end_of_term
LEFT JOIN stvastd deans ON deans.stvastd_code = shrttrm_astd_code_dl
