-- Holds that have not ended. A code that STVHLDD does not list keeps its row: what it blocks is null, and refused.
WITH wanted AS (
  SELECT spriden_pidm AS pidm, spriden_id AS student
  FROM spriden
  WHERE spriden_id IN (:student_ids) AND spriden_change_ind IS NULL
)
SELECT student,
       sprhold_seqno AS seq,
       sprhold_hldd_code AS code,
       sprhold_reason AS reason,
       sprhold_from_date AS since,
       CASE WHEN stvhldd_code IS NOT NULL THEN COALESCE(stvhldd_trans_hold_ind, 'N') END AS blocks_transcript
FROM wanted
JOIN sprhold ON sprhold_pidm = pidm AND sprhold_to_date > CURRENT_DATE
LEFT JOIN stvhldd ON stvhldd_code = sprhold_hldd_code
