-- Degrees, conferred and to come.
SELECT mine.emplid AS student,
       mine.stdnt_degr AS seq,
       degree.descr AS title,
       acad_career AS level,
       CASE WHEN acad_degr_status = 'A' THEN degr_confer_dt END AS conferred,
       (SELECT string_agg(honor.descr, '
' ORDER BY seqnum)
        FROM ps_acad_degr_hons award
        JOIN ps_honors_code_tbl honor USING (honors_code)
        WHERE award.emplid = mine.emplid AND award.stdnt_degr = mine.stdnt_degr) AS honors,
       (SELECT mlstn_title
        FROM ps_stdnt_mlstn paper
        WHERE paper.emplid = mine.emplid AND paper.stdnt_degr = mine.stdnt_degr AND milestone = 'THESIS')
         AS thesis_title,
       NULLIF(TRIM(mine.descrlong), '') AS notes
FROM ps_acad_degr mine
LEFT JOIN ps_degree_tbl degree USING (degree)
WHERE mine.emplid IN (:student_ids)
