-- A term in a career.
SELECT mine.emplid AS student,
       mine.acad_career || '-' || mine.strm AS seq,
       substr(CAST(term_begin_dt AS VARCHAR(10)), 1, 7) AS designator,
       term.descr AS name,
       term_begin_dt AS begins,
       term_end_dt AS ends,
       mine.acad_career AS level,
       college.descr AS programs,
       (SELECT action.descr
        FROM ps_acad_stdng_actn standing
        JOIN ps_acad_stactn_tbl action USING (acad_stndng_actn)
        WHERE standing.emplid = mine.emplid AND standing.acad_career = mine.acad_career AND standing.strm = mine.strm
        ORDER BY effdt DESC
        LIMIT 1) AS standing,
       (SELECT string_agg(honor.descr, '
' ORDER BY honor.descr)
        FROM ps_honor_award_cs award
        JOIN ps_honors_code_tbl honor ON honors_code = award_code
        WHERE award.emplid = mine.emplid AND award.acad_career = mine.acad_career AND award.strm = mine.strm) AS honors,
       (SELECT string_agg(descrlong, '
' ORDER BY seqnum)
        FROM ps_tscrpt_text remark
        WHERE remark.emplid = mine.emplid AND remark.acad_career = mine.acad_career AND remark.strm = mine.strm) AS notes
FROM ps_stdnt_car_term mine
LEFT JOIN ps_term_tbl term ON term.acad_career = mine.acad_career AND term.strm = mine.strm
LEFT JOIN ps_acad_group_tbl college USING (acad_group)
WHERE mine.emplid IN (:student_ids)
