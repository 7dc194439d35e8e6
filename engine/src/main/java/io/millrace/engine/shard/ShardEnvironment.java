package io.millrace.engine.shard;

import io.millrace.engine.encryption.DataKeys;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.storage.Storage;
import io.millrace.engine.tail.WindowBudget;

/**
 * What the shards of one engine share.
 *
 * @param storage where they persist
 * @param settings how they work
 * @param windows the memory their tails share
 * @param keys the data keys of encrypted streams
 * @param clock the time
 */
public record ShardEnvironment(
    Storage storage,
    ShardSettings settings,
    WindowBudget windows,
    DataKeys keys,
    EngineClock clock) {}
