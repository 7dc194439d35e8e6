package io.millrace.clients;

import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.retrieval.KinesisClientRecord;
import software.amazon.kinesis.retrieval.kpl.ExtendedSequenceNumber;

/** Writes down what it is given, and has a checkpoint after each batch. */
final class RecordingProcessor implements ShardRecordProcessor {

  private final String worker;
  private final DeliveryLog deliveries;
  private String shard;
  private ExtendedSequenceNumber last;

  RecordingProcessor(String worker, DeliveryLog deliveries) {
    this.worker = worker;
    this.deliveries = deliveries;
  }

  @Override
  public void initialize(InitializationInput input) {
    shard = input.shardId();
    last = input.extendedSequenceNumber();
    deliveries.started(worker, shard);
  }

  @Override
  public void processRecords(ProcessRecordsInput input) {
    for (KinesisClientRecord record : input.records()) {
      ExtendedSequenceNumber number =
          new ExtendedSequenceNumber(record.sequenceNumber(), record.subSequenceNumber());
      if (number.compareTo(last) <= 0) {
        deliveries.fault("%s gave %s after %s to one processor".formatted(shard, number, last));
      }
      last = number;
      Numbered content = Numbered.of(record.data());
      if (!record.partitionKey().equals(content.key())) {
        deliveries.fault("%s came under the key %s".formatted(content, record.partitionKey()));
      }
      deliveries.delivered(shard, content, record.aggregated());
    }
    checkpoint(input.checkpointer());
  }

  @Override
  public void leaseLost(LeaseLostInput input) {}

  @Override
  public void shardEnded(ShardEndedInput input) {
    deliveries.ended(shard);
    checkpoint(input.checkpointer());
  }

  @Override
  public void shutdownRequested(ShutdownRequestedInput input) {
    checkpoint(input.checkpointer());
  }

  private void checkpoint(RecordProcessorCheckpointer checkpointer) {
    try {
      checkpointer.checkpoint();
    } catch (ShutdownException anotherHasTheLease) {
      // What was given since the last checkpoint comes again there.
    } catch (InvalidStateException e) {
      throw new IllegalStateException(e);
    }
  }
}
