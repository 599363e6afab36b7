-- Programmes and plans in effect, and those that a degree was given for. Of several plans of a type the first is the
-- first major or minor.
WITH wanted AS (
  SELECT emplid FROM ps_person WHERE emplid IN (:student_ids)
),
dated AS (
  SELECT ps_acad_prog.*,
         ROW_NUMBER() OVER (PARTITION BY emplid, acad_career, stdnt_car_nbr ORDER BY effdt DESC, effseq DESC) AS place
  FROM ps_acad_prog
  WHERE emplid IN (SELECT emplid FROM wanted) AND effdt <= CURRENT_DATE
),
studied AS (
  SELECT emplid, acad_career, stdnt_car_nbr, acad_plan, plan_sequence, acad_plan_type, plan.descr,
         ROW_NUMBER() OVER (PARTITION BY emplid, acad_career, stdnt_car_nbr, acad_plan_type ORDER BY plan_sequence)
           AS rank
  FROM dated
  JOIN ps_acad_plan USING (emplid, acad_career, stdnt_car_nbr, effdt, effseq)
  JOIN ps_acad_plan_tbl plan USING (acad_plan)
  WHERE place = 1
),
awarded AS (
  SELECT emplid, stdnt_degr, acad_career, plan_sequence, acad_plan_type, plan.descr,
         ROW_NUMBER() OVER (PARTITION BY emplid, stdnt_degr, acad_plan_type ORDER BY plan_sequence) AS rank
  FROM ps_acad_degr
  JOIN ps_acad_degr_plan USING (emplid, stdnt_degr)
  JOIN ps_acad_plan_tbl plan USING (acad_plan)
  WHERE emplid IN (SELECT emplid FROM wanted)
)
SELECT emplid AS student,
       '0' AS award,
       stdnt_car_nbr * 100 AS seq,
       'PROG' AS kind,
       prog.descr AS name,
       acad_career AS level,
       degree.descr AS degree,
       admit_dt AS admitted
FROM dated
JOIN ps_acad_prog_tbl prog USING (acad_prog)
JOIN ps_degree_tbl degree USING (degree)
WHERE place = 1
UNION ALL
SELECT emplid, '0', stdnt_car_nbr * 100 + plan_sequence, acad_plan_type || '-' || CAST(rank AS VARCHAR(2)), descr,
       acad_career, NULL, NULL
FROM studied
UNION ALL
SELECT emplid, stdnt_degr, 0, 'PROG', prog.descr, acad_career, degree.descr, admit_dt
FROM ps_acad_degr award
JOIN ps_acad_degr_prog USING (emplid, stdnt_degr)
JOIN ps_acad_prog_tbl prog USING (acad_prog)
JOIN ps_degree_tbl degree ON degree.degree = prog.degree
WHERE emplid IN (SELECT emplid FROM wanted)
UNION ALL
SELECT emplid, stdnt_degr, plan_sequence, acad_plan_type || '-' || CAST(rank AS VARCHAR(2)), descr,
       acad_career, NULL, NULL
FROM awarded
