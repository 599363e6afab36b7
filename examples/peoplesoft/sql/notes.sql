-- Transcript texts of no term.
SELECT emplid AS student, seqnum AS seq, descrlong AS note
FROM ps_tscrpt_text
WHERE emplid IN (:student_ids) AND TRIM(strm) = ''
