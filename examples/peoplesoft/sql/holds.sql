-- Service indicators; those that touch the service TRAN keep transcripts back.
SELECT emplid AS student,
       ROW_NUMBER() OVER (PARTITION BY emplid ORDER BY srvc_ind_dttm) AS seq,
       srvc_ind_cd AS code,
       descr AS reason,
       srvc_ind_active_dt AS since,
       CASE WHEN EXISTS (SELECT 1
                         FROM ps_srvc_in_cd_impct impact
                         WHERE impact.srvc_ind_cd = ps_srvc_ind_data.srvc_ind_cd AND service_impct = 'TRAN')
            THEN 1 ELSE 0 END AS blocks_transcript
FROM ps_srvc_ind_data
WHERE emplid IN (:student_ids) AND srvc_ind_active_dt <= CURRENT_DATE
