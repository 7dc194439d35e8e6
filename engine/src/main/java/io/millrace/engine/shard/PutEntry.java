package io.millrace.engine.shard;

import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ProducerSequence;
import java.util.Optional;

/**
 * One record on its way into a shard.
 *
 * @param hashKey where it belongs: the hash of its partition key, or the one it was put with
 * @param partitionKey the UTF-8 bytes of the partition key; given away, not to be changed
 * @param data the data
 * @param producer which of its producer's records it is, if that numbers them
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between rooms, never compared
public record PutEntry(
    HashKey hashKey, byte[] partitionKey, Payload data, Optional<ProducerSequence> producer)
    implements RecordBatch.Entry {}
