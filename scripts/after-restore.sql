-- After pg_restore into another PostgreSQL cluster: blocks of the change log carry the number of the transaction that
-- wrote them, and the new cluster counts from the beginning. Blocks numbered above its counter would be invisible to
-- readers until it has caught up; they take the number of this transaction. Readers whose position lies above it begin
-- anew: what they do may be done twice. Of every tenant. Harmless when repeated, and when there is nothing to do. See
-- docs/operators.md.
DO $$
DECLARE
    tenant record;
    place record;
    changed bigint;
BEGIN
    FOR tenant IN SELECT schema_name AS name FROM platform.tenants ORDER BY schema_name LOOP
        EXECUTE format('UPDATE %I.change_consumers SET xid = ''0'', id = 0 WHERE xid > pg_current_xact_id()', tenant.name);
        FOR place IN
            SELECT relation.oid::regclass AS name
            FROM pg_class relation JOIN pg_attribute ON attrelid = relation.oid
            WHERE relation.relkind = 'r' AND relation.relnamespace = tenant.name::regnamespace AND attname = 'xid' AND atttypid = 'xid8'::regtype
            ORDER BY relation.relname
        LOOP
            EXECUTE format('UPDATE %s SET xid = pg_current_xact_id() WHERE xid > pg_current_xact_id()', place.name);
            GET DIAGNOSTICS changed = ROW_COUNT;
            RAISE NOTICE '%: % rows', place.name, changed;
        END LOOP;
    END LOOP;
END
$$;
