package io.millrace.engine.batch;

import io.millrace.engine.model.ProducerSequence;

/**
 * A record of a batch that its producer has numbered.
 *
 * @param index its index in the batch
 * @param sequence which of its producer's records it is
 */
public record NumberedRecord(int index, ProducerSequence sequence) {}
