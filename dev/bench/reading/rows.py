"""Rows for benchmarks of reading: a site of any size, written by SQL in minutes.

Proportions are those of a busy site: of 1,000,000 jobs of the last thirty days three in ten are one person's, 93% are
completed, each has three events and a model call, 45,000 were reviewed and the newest 5,000 of these still wait. For
twenty jobs there are an element and a scene.
Whatever the size, about 100 jobs have a rare word (``spot000007``), 50 reviews have one (``seen000007``), and 60
elements and 60 scenes, so that a search for it finds as many in a small database as in a large one.
PostgreSQL only, as a superuser.
"""

from __future__ import annotations

from django.db import connection

DAYS = 30
PEOPLE = 200
UNIVERSES = 50

# Of a thousand jobs.
FAILED, CANCELLED, REVIEWED = 40, 15, 45

# The newest finished jobs are not in the totals yet.
UNCOUNTED = 40

_FUNCTIONS = """
CREATE FUNCTION pg_temp.id_at(at timestamptz, salt text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0')
            || '7' || substr(md5(salt), 1, 3) || '8' || substr(md5(salt), 4, 15))::uuid
$$;
-- One of ``number`` words, by chance: rows / number of the rows have it.
CREATE FUNCTION pg_temp.one_of(word text, salt text, number bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT word || lpad((('x' || substr(md5(word || salt), 1, 7))::bit(28)::bigint % number)::text, 6, '0')
$$;
CREATE FUNCTION pg_temp.words(salt text, count int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg(md5(salt || n), ' ') FROM generate_series(1, count) AS n
$$;
"""

_ACCOUNTS = """
INSERT INTO auth_user (username, password, first_name, last_name, email, is_staff, is_active, is_superuser, date_joined)
SELECT 'person' || n, '', '', '', '', n = 1, TRUE, FALSE, now() FROM generate_series(0, {people} - 1) AS n;
INSERT INTO auth_user_groups (user_id, group_id)
SELECT u.id, g.id FROM auth_user u, auth_group g WHERE u.username = 'person1' AND g.name = 'Reviewers';
"""

# Row n of N; the newest are unfinished. A seventh of the jobs belongs to no universe.
_JOBS = """
CREATE TEMP TABLE plan AS
SELECT n, at, pg_temp.id_at(at, 'job' || n) AS id, agent_type, model,
       (SELECT id FROM auth_user WHERE username = 'person0') + CASE WHEN n % 10 < 3 THEN 0 ELSE n * 7919 % {people} END
           AS person,
       CASE WHEN n % 7 > 0 THEN universes[1 + ((n * 7919 % {people} + n % 3) % array_length(universes, 1))::int] END
           AS universe,
       CASE WHEN n > {jobs} * 0.9955 THEN 'pending'
            WHEN n > {jobs} * 0.995 THEN 'processing'
            WHEN n * 7 % 1000 < {failed} THEN 'failed'
            WHEN n * 7 % 1000 < {failed} + {cancelled} THEN 'cancelled'
            ELSE 'completed' END AS status,
       n * 7 % 1000 >= 1000 - {reviewed} AS is_reviewed,
       round((0.3 + (n * 104729 % 700) / 1000.0)::numeric, 3)::float AS confidence
FROM (
    SELECT n, now() - interval '1 day' * ({days} * (1 - n::float / {jobs})) - interval '1 minute' AS at,
           (ARRAY['narrative', 'spatial', 'consistency'])[1 + (n % 3)::int] AS agent_type,
           (ARRAY['claude-haiku-5-5', 'claude-sonnet-5-5'])[1 + (n % 5 = 0)::int] AS model,
           (SELECT array_agg(id) FROM universes) AS universes
    FROM generate_series(1, {jobs}::bigint) AS n
) AS numbered;
INSERT INTO agent_jobs (id, universe_id, agent_type, status, requested_by_id, revision_note, priority, may_reuse,
    input_data, output_data, signals, confidence_score, outcome, is_mock, model, world_hash,
    question_hash, error_code, error_message, attempts, attempt_limit, available_at, sent_at, claimed_until, counted_as,
    is_counted, created_at, started_at, completed_at)
SELECT id, universe, agent_type, status, person, '', 'normal', FALSE,
    jsonb_build_object('prompt', pg_temp.words('in' || n, 4), 'location_name', 'Pier', 'content', concat_ws(' ',
        'The tide.', pg_temp.one_of('spot', n::text, {jobs} / 100),
        pg_temp.one_of('seen', n::text, {jobs} * 9 / 10000))),
    CASE WHEN status = 'completed' THEN jsonb_build_object(
        'title', 'Tide ' || n, 'content', pg_temp.words('o' || n, 30))
    END,
    CASE WHEN status = 'completed' THEN jsonb_build_array(
        jsonb_build_object('name', 'names_known', 'value', 1.0, 'sentence', 'Known.', 'findings', '[]'::jsonb),
        jsonb_build_object('name', 'length', 'value', 0.5, 'sentence', 'It is short.', 'findings', '[]'::jsonb))
    ELSE '[]' END,
    CASE WHEN status = 'completed' THEN confidence END,
    CASE WHEN status IN ('pending', 'processing') THEN '' WHEN status <> 'completed' THEN status
         WHEN is_reviewed AND n > {jobs} * 8 / 9 THEN 'awaiting_review' ELSE 'trusted' END, FALSE,
    CASE WHEN status = 'completed' THEN model ELSE '' END,
    CASE WHEN status = 'completed' THEN md5('w' || n % 50) ELSE '' END,
    CASE WHEN status = 'completed' THEN md5('q' || n) || md5('r' || n) ELSE '' END,
    CASE WHEN status = 'failed' THEN 'provider_error' ELSE '' END, '',
    CASE WHEN status = 'pending' THEN 0 ELSE 1 END, 4, at, at,
    CASE WHEN status = 'processing' THEN now() + interval '1 hour' END,
    CASE WHEN status IN ('pending', 'processing') OR n > {jobs} * 0.995 - {uncounted} THEN ''
         WHEN status <> 'completed' THEN status
         WHEN is_reviewed AND n > {jobs} * 8 / 9 THEN 'awaiting_review' ELSE 'trusted' END,
    status NOT IN ('pending', 'processing') AND n <= {jobs} * 0.995 - {uncounted}, at,
    CASE WHEN status <> 'pending' THEN at + interval '1 second' END,
    CASE WHEN status NOT IN ('pending', 'processing') THEN at + interval '4 seconds' END
FROM plan ORDER BY n;
"""

_HISTORY = """
INSERT INTO agent_job_events (job_id, kind, attempt, at, by_id, data)
SELECT id, 'submitted', 0, at, person, '{{}}'::jsonb FROM plan
UNION ALL SELECT id, 'claimed', 1, at + interval '1 second', NULL, '{{}}' FROM plan WHERE status <> 'pending'
UNION ALL SELECT id, status, 1, at + interval '4 seconds', NULL, jsonb_build_object('confidence', confidence)
    FROM plan WHERE status NOT IN ('pending', 'processing')
ORDER BY 4;
INSERT INTO agent_model_calls (job_id, universe_id, requested_by_id, agent_type, attempt, at, model, prompt_name,
    prompt_version, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, latency_ms, request_id,
    stop_reason, error_code, is_mock, is_batch, is_counted, input_usd, output_usd, cache_read_usd, cache_write_usd,
    cost_usd)
SELECT id, universe, person, agent_type, 1, at + interval '4 seconds', model, agent_type, md5(agent_type),
    400 + n % 300, 700 + n % 500, 3600, 0, 2000 + n % 900, 'req_' || md5('c' || n), 'end_turn',
    CASE WHEN status = 'failed' THEN 'provider_error' ELSE '' END, FALSE, n % 10 = 0,
    n <= {jobs} * 0.995 - {uncounted}, 1, 5, 0.1, 1.25,
    CASE WHEN n % 100 = 0 THEN NULL ELSE 0.005 + (n % 1000) / 1e6 END
FROM plan WHERE status NOT IN ('pending', 'processing') ORDER BY n;
"""

_REVIEWS = """
INSERT INTO agent_review_items (id, job_id, universe_id, agent_type, state, kind, is_blind, draw_rate, opinions_wanted,
    confidence, reasons, reason_codes, priority, opened_at, due_at, closed_at)
SELECT pg_temp.id_at(at, 'item' || n), id, universe, agent_type,
    CASE WHEN n > {jobs} * 8 / 9 THEN 'open' ELSE 'closed' END, CASE WHEN n % 8 = 0 THEN 'audit' ELSE 'doubt' END,
    n % 4 = 0, CASE WHEN n % 8 = 0 THEN 0.05 ELSE 1 END, 1, confidence,
    jsonb_build_array('Confidence 0.50 is below 0.75.', 'It names nobody.'), '|names_known|', 0,
    at + interval '4 seconds', at + interval '1 day',
    CASE WHEN n > {jobs} * 8 / 9 THEN NULL ELSE at + interval '3 hours' END
FROM plan WHERE is_reviewed AND status = 'completed' ORDER BY n;
INSERT INTO agent_review_items_words (id, words)
SELECT i.id, j.words FROM agent_review_items i JOIN agent_jobs j ON j.id = i.job_id ORDER BY i.id;
INSERT INTO agent_review_decisions (id, item_id, verdict, by_id, at, note, before, after, takes_effect, is_lead,
    is_counted, work_s)
SELECT pg_temp.id_at(closed_at, 'decision' || row_number), id, verdict,
    (SELECT id FROM auth_user WHERE username = 'person0') + row_number % 10, closed_at, 'Too short.',
    jsonb_build_object('title', 'Tide', 'content', pg_temp.words('o' || row_number, 30)),
    CASE WHEN verdict = 'edited' THEN '{{"title": "Tide"}}'::jsonb END, TRUE, FALSE, TRUE, 20 + row_number % 300
FROM (
    SELECT *,
        (ARRAY['approved', 'approved', 'approved', 'edited', 'rejected', 'asked_again'])[1 + (row_number % 6)::int]
        AS verdict
    FROM (SELECT *, row_number() OVER (ORDER BY closed_at) FROM agent_review_items WHERE state = 'closed') AS closed
) AS judged ORDER BY closed_at;
UPDATE agent_jobs SET outcome = d.verdict, counted_as = CASE WHEN counted_as = '' THEN '' ELSE d.verdict END
FROM agent_review_decisions d JOIN agent_review_items i ON i.id = d.item_id WHERE i.job_id = agent_jobs.id;
"""

# Half of the entries are in one universe.
_ENTRIES = """
CREATE TEMP TABLE entry AS
SELECT n, at, pg_temp.id_at(at, 'entry' || n) AS id,
       universes[1 + CASE WHEN n % 2 = 0 THEN 0 ELSE n % 50 END::int] AS universe
FROM (
    SELECT n, now() - interval '1 day' * ({days} * (1 - n::float / {entries})) AS at,
           (SELECT array_agg(id ORDER BY slug) FROM universes) AS universes
    FROM generate_series(1, {entries}::bigint) AS n
) AS numbered;
INSERT INTO elements (id, universe_id, canon_status, origin_ref, mentions, created_at, updated_at, kind, name, name_key,
    summary, traits)
SELECT id, universe, CASE WHEN n % 20 = 1 THEN 'draft' ELSE 'canon' END, '', '[]', at, at, 'location', 'Pier ' || n,
    'pier ' || n, concat_ws(' ', 'Where the tide comes in.',
    pg_temp.one_of('spot', n::text, {entries} / 60), pg_temp.words('e' || n, 15)), '{{}}' FROM entry ORDER BY n;
INSERT INTO scenes (id, universe_id, canon_status, origin_ref, mentions, created_at, updated_at, title, kind, text,
    details, word_count, story_position)
SELECT id, universe, CASE WHEN n % 20 = 1 THEN 'draft' ELSE 'canon' END, '', '[]', at, at, 'Evening ' || n, 'narrative',
    concat_ws(' ', 'The tide comes in.', pg_temp.one_of('spot', n::text, {entries} / 60), pg_temp.words('s' || n, 60)),
    '{{}}', 64, n FROM entry ORDER BY n;
DROP TABLE entry;
"""

# The totals as ``billing.totals`` would have made them.
_TOTALS = """
INSERT INTO agent_job_totals (requested_by_id, agent_type, outcome, number, confidence_sum)
SELECT requested_by_id, agent_type, counted_as, count(*), COALESCE(sum(confidence_score), 0)
FROM agent_jobs WHERE counted_as <> ''
GROUP BY GROUPING SETS ((requested_by_id, agent_type, counted_as), (agent_type, counted_as));
INSERT INTO agent_job_totals (requested_by_id, agent_type, outcome, number, confidence_sum)
SELECT j.requested_by_id, j.agent_type, 'verdict ' || d.verdict, count(*), 0
FROM agent_review_decisions d JOIN agent_review_items i ON i.id = d.item_id JOIN agent_jobs j ON j.id = i.job_id
GROUP BY GROUPING SETS ((j.requested_by_id, j.agent_type, d.verdict), (j.agent_type, d.verdict));
INSERT INTO agent_usage_days (day, is_of_all, requested_by_id, universe_id, agent_type, model, calls, unknown_calls,
    mock_calls, batch_calls, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, pico_usd,
    jobs_completed, jobs_trusted, jobs_accepted)
SELECT day, GROUPING(person) = 1, person, universe, agent_type, model, sum(call),
    count(*) FILTER (WHERE call = 1 AND cost IS NULL), 0, sum(batch), sum(input), sum(output), sum(reading), 0,
    COALESCE(sum(cost), 0) * 1000000000000, sum(completed), sum(trusted), sum(accepted)
FROM (
    SELECT (at AT TIME ZONE 'UTC')::date AS day, requested_by_id AS person, universe_id AS universe, agent_type, model,
        1 AS call, is_batch::int AS batch, input_tokens AS input, output_tokens AS output, cache_read_tokens AS reading,
        cost_usd AS cost, 0 AS completed, 0 AS trusted, 0 AS accepted
    FROM agent_model_calls WHERE is_counted
    UNION ALL
    SELECT (j.completed_at AT TIME ZONE 'UTC')::date, j.requested_by_id, j.universe_id, j.agent_type, j.model, 0, 0, 0,
        0, 0, 0, 1, (i.id IS NULL)::int, (d.verdict IN ('approved', 'edited') AND d.verdict IS NOT NULL)::int
    FROM agent_jobs j LEFT JOIN agent_review_items i ON i.job_id = j.id
    LEFT JOIN agent_review_decisions d ON d.item_id = i.id WHERE j.counted_as NOT IN ('', 'failed', 'cancelled')
) AS parts
GROUP BY GROUPING SETS ((day, person, universe, agent_type, model), (day, universe, agent_type, model));
"""


def fill(jobs: int) -> None:
    """Fill an empty, migrated database with ``jobs`` jobs and what belongs to them, and gather statistics."""
    from django.contrib.auth.models import User

    from universes.choices import Role
    from universes.models import Membership, Universe

    sizes = {
        "jobs": jobs,
        "days": DAYS,
        "people": PEOPLE,
        "failed": FAILED,
        "cancelled": CANCELLED,
        "reviewed": REVIEWED,
        "uncounted": UNCOUNTED,
        "entries": jobs // 20,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTIONS)
        cursor.execute(_ACCOUNTS.format(**sizes))
        owner = User.objects.get(username="person0")
        universes = Universe.objects.bulk_create(
            Universe(name=f"World {number}", slug=f"world-{number}", owner=owner)
            for number in range(UNIVERSES)
        )
        Membership.objects.bulk_create(
            Membership(universe=universe, user=owner, role=Role.OWNER) for universe in universes
        )
        # The rows are consistent by construction, without triggers.
        cursor.execute("SET session_replication_role = replica")
        for script in (_JOBS, _HISTORY, _REVIEWS, _ENTRIES, _TOTALS):
            cursor.execute(script.format(**sizes))
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("DROP TABLE plan")
        cursor.execute("VACUUM (ANALYZE)")
