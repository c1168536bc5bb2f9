-- SPDX-License-Identifier: Apache-2.0
-- Applies lines of 'hanse changes --json' from standard input; to be run in one transaction.
LOCK hanse_cursor IN EXCLUSIVE MODE;
SELECT coalesce((SELECT cursor FROM hanse_cursor), '') <> :'cursor' AS moved \gset
\if :moved
  \warn 'another run was faster: nothing is done'
  \quit
\endif
CREATE TEMPORARY TABLE line (n bigserial, j jsonb) ON COMMIT DROP;
-- JSON has no control characters outside of its escapes: these two never occur.
\copy line (j) from pstdin with (format csv, delimiter E'\x01', quote E'\x02')
DELETE FROM hanse_record r USING line WHERE j->>'change' = 'unfollow' AND r.feed = j->>'feed';
DELETE FROM hanse_record r USING line WHERE j->>'change' = 'withdraw' AND (j->>'current')::boolean AND r.id = j->>'id';
-- The last word on each record that no later unfollow takes away.
INSERT INTO hanse_record
SELECT j->>'id', j->>'feed', (j->>'revision')::bigint, j->>'kind', (j->>'published')::timestamptz, nullif(j->'record', 'null')
FROM (SELECT DISTINCT ON (j->>'id') n, j FROM line WHERE j->>'change' IN ('put', 'withdraw') AND (j->>'current')::boolean
      ORDER BY j->>'id', n DESC) AS last
WHERE j->>'change' = 'put'
  AND NOT EXISTS (SELECT FROM line u WHERE u.n > last.n AND u.j->>'change' = 'unfollow' AND u.j->>'feed' = last.j->>'feed')
ON CONFLICT (id) DO UPDATE SET feed = excluded.feed, revision = excluded.revision, kind = excluded.kind,
    published = excluded.published, record = excluded.record
WHERE excluded.revision >= hanse_record.revision;
UPDATE hanse_record r SET record = NULL FROM line
WHERE j->>'change' = 'erase' AND r.id = j->>'id' AND r.revision = (j->>'revision')::bigint;
INSERT INTO hanse_cursor (cursor) SELECT j->>'cursor' FROM line ORDER BY n DESC LIMIT 1
ON CONFLICT (only_row) DO UPDATE SET cursor = excluded.cursor;
