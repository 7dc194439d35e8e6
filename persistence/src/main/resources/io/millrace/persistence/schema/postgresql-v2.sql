-- The fence: every statement that writes passes it first. It takes a shared lock until its transaction ends and looks
-- whether the epoch of its connection is still that of the owner. Whoever raises the epoch takes the lock for itself, so
-- it waits for the transactions that have passed, and those that have not passed see the new epoch.

CREATE FUNCTION millrace_fence() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
    RAISE EXCEPTION 'writers need the isolation level READ COMMITTED';
  END IF;
  PERFORM pg_advisory_xact_lock_shared(19794, 'millrace_owner'::regclass::oid::integer);
  IF NOT EXISTS (
    SELECT FROM millrace_owner WHERE epoch = nullif(current_setting('millrace.epoch', true), '')::bigint
  ) THEN
    RAISE EXCEPTION 'another engine owns this schema' USING ERRCODE = 'MR001';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION millrace_raise_epoch() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(19794, 'millrace_owner'::regclass::oid::integer);
  RETURN NULL;
END $$;

CREATE TRIGGER millrace_fence BEFORE INSERT OR UPDATE OR DELETE ON event_journal
  FOR EACH STATEMENT EXECUTE FUNCTION millrace_fence();

CREATE TRIGGER millrace_fence BEFORE INSERT OR UPDATE OR DELETE ON snapshot
  FOR EACH STATEMENT EXECUTE FUNCTION millrace_fence();

CREATE TRIGGER millrace_raise_epoch BEFORE UPDATE ON millrace_owner
  FOR EACH STATEMENT EXECUTE FUNCTION millrace_raise_epoch();

UPDATE millrace_schema SET version = 2;
