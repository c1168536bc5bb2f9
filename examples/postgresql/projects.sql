-- SPDX-License-Identifier: Apache-2.0
-- What of the table project others may see: one row a project, columns as projects.map has them.
SELECT nr, title, state, begins, ends, sector, amount, CASE WHEN amount IS NOT NULL THEN begins END AS agreed
FROM project WHERE shared ORDER BY nr
