package io.millrace.engine.shard;

import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.model.Payload;

/**
 * One record on its way into a shard.
 *
 * @param partitionKey the UTF-8 bytes of the partition key; given away, not to be changed
 * @param data the data
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between rooms, never compared
public record PutEntry(byte[] partitionKey, Payload data) implements RecordBatch.Entry {}
