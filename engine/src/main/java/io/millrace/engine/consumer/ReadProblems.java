package io.millrace.engine.consumer;

import io.millrace.engine.api.CorruptRecordException;
import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.KeyFailures;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.ProvisionedThroughputExceededException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.keys.KeyStoreException;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.shard.ShardAddress;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.stream.StreamLookup;

/**
 * What it means for a reader when a shard cannot serve him.
 *
 * @param lookup the streams
 */
record ReadProblems(StreamLookup lookup) {

  /** What it means for who follows a shard that his pages have ended with this failure. */
  MillraceException following(ShardAddress address, long fromCounter, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof MillraceException known) {
        return known;
      }
      if (cause instanceof KeyStoreException key) {
        return KeyFailures.of(key.reason(), key.getMessage());
      }
    }
    return of(address, fromCounter, Failed.reading(failure));
  }

  ProvisionedThroughputExceededException throttled(ShardAddress address) {
    return ProvisionedThroughputExceededException.of(
        address.shardId(), address.stream(), lookup.account());
  }

  /** What a shard that could not answer means for the caller; null: it did not answer at all. */
  MillraceException of(ShardAddress address, long counter, Failed failed) {
    if (failed == null) {
      return InternalFailureException.notWritten("The shard did not answer in time.");
    }
    return switch (failed.kind()) {
      case UNAVAILABLE -> InternalFailureException.notWritten(failed.why());
      case CORRUPT ->
          isDeleted(address)
              ? notFound(address)
              : new CorruptRecordException(
                  address.toString(),
                  "event " + SequenceNumber.eventNumberOf(counter) + " or later",
                  failed.why());
      case NOT_THERE -> notFound(address);
    };
  }

  /** Whether the stream is deleted or being deleted: what is missing then is no damage. */
  private boolean isDeleted(ShardAddress address) {
    return lookup
        .views()
        .find(address.stream())
        .filter(stream -> stream.incarnation() == address.incarnation())
        .filter(stream -> stream.status() != StreamStatus.DELETING)
        .isEmpty();
  }

  private ResourceNotFoundException notFound(ShardAddress address) {
    return ResourceNotFoundException.shard(
        address.shardId().toString(), address.stream().value(), lookup.account());
  }
}
