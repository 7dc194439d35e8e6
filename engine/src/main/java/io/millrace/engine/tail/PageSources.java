package io.millrace.engine.tail;

import io.millrace.engine.encryption.Opener;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.storage.JournalPages;

/**
 * What pages of a shard are made of.
 *
 * @param persistenceId whose events they are
 * @param identity what the numbers of the shard carry
 * @param window its newest batches
 * @param pages its events in the journal
 * @param search finds times among these
 * @param opener opens those that are sealed
 * @param clock the time
 */
record PageSources(
    String persistenceId,
    ShardTail.ShardIdentity identity,
    Window window,
    JournalPages pages,
    ArrivalSearch search,
    Opener opener,
    EngineClock clock) {}
