-- Remarks for the transcript.
WITH wanted AS (
  SELECT spriden_pidm AS pidm, spriden_id AS student
  FROM spriden
  WHERE spriden_id IN (:student_ids) AND spriden_change_ind IS NULL
)
SELECT student, sprcmnt_seqno AS seq, sprcmnt_text AS note
FROM wanted
JOIN sprcmnt ON sprcmnt_pidm = pidm AND sprcmnt_cmtt_code = 'TRN'
