-- The executions of a Scale Out catalog, for a rehearsal of your own load: run this against the instance that holds
-- SSISDB, save the result as CSV and name the file in a design:
--
--   "workload": { "histories": [{ "name": "october", "file": "executions.csv" }] }
--
-- This query was written from the documented views and from the readable columns of SSISDB (2017 and 2019); it has not
-- been run on a live catalog. Look at its first rows before you trust them. It only reads.
--
-- Rights: ssis_admin (or sysadmin) to see everybody's executions. The tables of the schema "internal" may need more,
-- db_owner of SSISDB or sysadmin; without it the server answers with error 229.
--
-- Why not catalog.executions alone: its start_time is set when the execution is submitted, so end_time - start_time
-- is the wait in the queue and every attempt together. A package runs from the last pick-up of its task to the end.
--
-- History: finished jobs move from internal.jobs and internal.tasks to jobs_history and tasks_history, an hour after
-- their end at the earliest. Both are read here. Executions that the catalog's own retention (365 days by default) has
-- removed are gone.
--
-- How to save it as CSV, with the header and the offsets of the times:
--   sqlcmd  sqlcmd -S SQLFCI -E -i executions.sql -o executions.csv -s "," -W -w 65535 -f 65001
--           (the line of hyphens under the header may stay)
--   SSMS    Options > Query Results > SQL Server > Results to Grid: "Include column headers when copying or saving the
--           results" and "Quote strings containing list separators when saving .csv results"; then run the query and
--           choose "Save Results As..." on the grid.
--   bcp     writes no header. Put the first line there yourself, with the names after AS below in their order; give
--           the statement as one line, with fixed dates in the place of the variables:
--           bcp "SELECT ..." queryout rows.csv -S SQLFCI -T -c -C 65001 -t ","
--           sqlcmd and bcp put no quotes around a name that holds a comma: leave the columns folder_name, project_name
--           and package_name out then, nothing needs them.
--
-- The columns that are read: status, created_time, last_pickup_time, end_time, executed_count, max_executed_count and,
-- where it is there, worker. All others are for your own eyes.
SET NOCOUNT ON;

DECLARE @from datetimeoffset = '2026-10-05T00:00:00+02:00'; -- begin with a local midnight
DECLARE @until datetimeoffset = '2026-10-07T00:00:00+02:00';

WITH every_task AS (
    SELECT JobId, CreatedTime, LastPickupTime, ExecutedCount, MaxExecutedCount, WorkerAgentId
    FROM SSISDB.internal.tasks
    WHERE TaskType = 0 -- package executions
    UNION ALL
    SELECT JobId, CreatedTime, LastPickupTime, ExecutedCount, MaxExecutedCount, WorkerAgentId
    FROM SSISDB.internal.tasks_history
    WHERE TaskType = 0
)
SELECT
    execution.execution_id AS execution_id,
    execution.folder_name AS folder_name,
    execution.project_name AS project_name,
    execution.package_name AS package_name,
    execution.status AS status,
    CONVERT(varchar(40), task.CreatedTime, 126) AS created_time, -- 126: ISO 8601
    CONVERT(varchar(40), task.LastPickupTime, 126) AS last_pickup_time,
    CONVERT(varchar(40), execution.end_time, 126) AS end_time,
    task.ExecutedCount AS executed_count,
    task.MaxExecutedCount AS max_executed_count,
    worker.MachineName AS worker
FROM SSISDB.catalog.executions AS execution
JOIN SSISDB.internal.executions AS link ON link.execution_id = execution.execution_id
JOIN every_task AS task ON task.JobId = link.job_id -- only Scale Out executions have a job
LEFT JOIN SSISDB.internal.worker_agents AS worker ON worker.WorkerAgentId = task.WorkerAgentId
WHERE task.CreatedTime >= @from AND task.CreatedTime < @until
ORDER BY task.CreatedTime, execution.execution_id;
