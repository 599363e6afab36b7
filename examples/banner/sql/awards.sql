-- Degrees awarded and sought; honours of the institution stand before those of a department.
WITH wanted AS (
  SELECT spriden_pidm AS pidm, spriden_id AS student
  FROM spriden
  WHERE spriden_id IN (:student_ids) AND spriden_change_ind IS NULL
),
honours AS (
  SELECT shrdgih_pidm AS pidm, shrdgih_dgmr_seq_no AS dgmr, 1 AS place, shrdgih_honr_code AS code
  FROM shrdgih
  WHERE shrdgih_pidm IN (SELECT pidm FROM wanted)
  UNION ALL
  SELECT shrdgdh_pidm, shrdgdh_dgmr_seq_no, 2, shrdgdh_honr_code
  FROM shrdgdh
  WHERE shrdgdh_pidm IN (SELECT pidm FROM wanted)
),
listed AS (
  SELECT pidm, dgmr, string_agg(stvhonr_desc, '
' ORDER BY place, stvhonr_desc) AS honors
  FROM honours
  JOIN stvhonr ON stvhonr_code = code
  GROUP BY pidm, dgmr
)
SELECT student,
       shrdgmr_seq_no AS seq,
       stvdegc_desc AS title,
       shrdgmr_levl_code AS level,
       CASE WHEN shrdgmr_degs_code = 'AW' THEN shrdgmr_grad_date END AS conferred,
       honors,
       shrqpnm_title AS thesis_title,
       (SELECT string_agg(shrdgcm_comment, '
' ORDER BY shrdgcm_seq_no)
        FROM shrdgcm
        WHERE shrdgcm_pidm = shrdgmr_pidm AND shrdgcm_dgmr_seq_no = shrdgmr_seq_no) AS notes
FROM wanted
JOIN shrdgmr ON shrdgmr_pidm = wanted.pidm
LEFT JOIN stvdegc ON stvdegc_code = shrdgmr_degc_code
LEFT JOIN listed ON listed.pidm = wanted.pidm AND dgmr = shrdgmr_seq_no
LEFT JOIN shrqpnm ON shrqpnm_pidm = shrdgmr_pidm AND shrqpnm_dgmr_seq_no = shrdgmr_seq_no
