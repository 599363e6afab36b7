-- Academic history with the grade that holds; registrations that have none yet; courses accepted from elsewhere.
-- A row that the tables beside it do not know stays, with nulls that are refused: a course never drops out silently.
-- NUMERIC columns go through text: SQLite keeps them as binary numbers.
WITH wanted AS (
  SELECT spriden_pidm AS pidm, spriden_id AS student
  FROM spriden
  WHERE spriden_id IN (:student_ids) AND spriden_change_ind IS NULL
)
SELECT student,
       'term' AS block_kind,
       shrtckn_term_code || '-' || shrtckl_levl_code AS block,
       -- Even; those of registrations, which are counted by themselves, are odd.
       2 * shrtckn_seq_no AS seq,
       shrtckn_subj_code AS subject,
       shrtckn_crse_numb AS number,
       shrtckn_crse_title AS title,
       stvterm_trmt_code AS unit,
       CAST(shrtckg_credit_hours AS VARCHAR(12)) AS credits,
       CAST(NULL AS VARCHAR(12)) AS credits_earned,
       shrtckg_grde_code_final AS grade,
       CAST(NULL AS VARCHAR(30)) AS status,
       shrtckn_repeat_course_ind AS repeat,
       CAST(NULL AS VARCHAR(4000)) AS notes
FROM wanted
JOIN shrtckn ON shrtckn_pidm = pidm
LEFT JOIN shrtckl ON shrtckl_pidm = pidm
            AND shrtckl_term_code = shrtckn_term_code
            AND shrtckl_tckn_seq_no = shrtckn_seq_no
LEFT JOIN shrtckg ON shrtckg_pidm = pidm
            AND shrtckg_term_code = shrtckn_term_code
            AND shrtckg_tckn_seq_no = shrtckn_seq_no
LEFT JOIN stvterm ON stvterm_code = shrtckn_term_code
WHERE NOT EXISTS (SELECT 1
                  FROM shrtckg later
                  WHERE later.shrtckg_pidm = pidm
                    AND later.shrtckg_term_code = shrtckn_term_code
                    AND later.shrtckg_tckn_seq_no = shrtckn_seq_no
                    AND later.shrtckg_seq_no > shrtckg.shrtckg_seq_no)
UNION ALL
SELECT student,
       'term',
       sfrstcr_term_code || '-' || sfrstcr_levl_code,
       2 * sfrstcr_reg_seq + 1,
       ssbsect_subj_code,
       ssbsect_crse_numb,
       ssbsect_crse_title,
       stvterm_trmt_code,
       CAST(sfrstcr_credit_hr AS VARCHAR(12)),
       NULL,
       NULL,
       sfrstcr_rsts_code,
       NULL,
       NULL
FROM wanted
JOIN sfrstcr ON sfrstcr_pidm = pidm AND sfrstcr_grde_date IS NULL
LEFT JOIN ssbsect ON ssbsect_term_code = sfrstcr_term_code AND ssbsect_crn = sfrstcr_crn
LEFT JOIN stvterm ON stvterm_code = sfrstcr_term_code
UNION ALL
SELECT student,
       'transfer',
       CAST(shrtrce_trit_seq_no AS VARCHAR(4)) || '-' || CAST(shrtrce_tram_seq_no AS VARCHAR(4)),
       shrtrce_seq_no,
       shrtrce_subj_code,
       shrtrce_crse_numb,
       shrtrce_crse_title,
       'S',
       CAST(shrtrce_credit_hours AS VARCHAR(12)),
       CAST(shrtrce_credit_hours AS VARCHAR(12)),
       shrtrce_grde_code,
       NULL,
       NULL,
       gorsdav_value
FROM wanted
JOIN shrtrce ON shrtrce_pidm = pidm
LEFT JOIN gorsdav ON gorsdav_table_name = 'SHRTRCE'
                 AND gorsdav_attr_name = 'NOTE'
                 AND gorsdav_pk_parenttab = CAST(pidm AS VARCHAR(12)) || '-' || CAST(shrtrce_trit_seq_no AS VARCHAR(4))
                                            || '-' || CAST(shrtrce_tram_seq_no AS VARCHAR(4))
                                            || '-' || CAST(shrtrce_seq_no AS VARCHAR(4))
