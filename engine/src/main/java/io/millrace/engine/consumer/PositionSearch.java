package io.millrace.engine.consumer;

import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.internal.EpochMillis;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardIteratorType;
import io.millrace.engine.shard.ShardAddress;
import io.millrace.engine.shard.ShardMessage;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.shard.ShardMessage.LocateReply;
import io.millrace.engine.shard.ShardMessage.Located;
import io.millrace.engine.shard.ShardRegion;
import io.millrace.engine.stream.ShardView;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Finds where in a shard a reader begins.
 *
 * @param shards reaches the shards
 * @param problems what it means when one does not answer
 * @param clock the time
 * @param timeout how long a shard may take to answer
 */
record PositionSearch(
    ShardRegion shards, ReadProblems problems, EngineClock clock, Duration timeout) {

  /**
   * The counter of the first record wanted by who starts at this position, whether or not there is
   * such a record. Throws what is wrong with the position; the stage fails with the rest.
   *
   * @param from a position whose arguments have been checked
   */
  CompletionStage<Long> find(StartingPosition from, ShardView shard, ShardAddress address) {
    return switch (from.type()) {
      case TRIM_HORIZON -> CompletableFuture.completedStage(0L);
      case LATEST -> latest(address);
      case AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER -> atNumber(from, shard, address);
      case AT_TIMESTAMP -> atTime(from.timestamp(), address);
    };
  }

  private CompletionStage<Long> latest(ShardAddress address) {
    return locate(address, ShardMessage.LocateLatest::new);
  }

  private CompletionStage<Long> atNumber(
      StartingPosition from, ShardView shard, ShardAddress address) {
    String text = from.sequenceNumber();
    SequenceNumber number = SequenceNumber.parse(text);
    if (number.shardIndex() != shard.shardId().index()
        || number.createdSeconds() != shard.createdSeconds()) {
      throw foreign(text, address);
    }
    boolean isEnd = number.counter() == SequenceNumber.LAST_COUNTER;
    return latest(address)
        .thenApply(
            latest -> {
              if (isEnd && !shard.isOpen()) {
                return latest;
              }
              if (number.counter() >= latest) {
                throw foreign(text, address);
              }
              return from.type() == ShardIteratorType.AFTER_SEQUENCE_NUMBER
                  ? number.counter() + 1
                  : number.counter();
            });
  }

  private static InvalidArgumentException foreign(String number, ShardAddress shard) {
    return new InvalidArgumentException(
        "StartingSequenceNumber %s did not come from shard %s of stream %s."
            .formatted(number, shard.shardId(), shard.stream()));
  }

  private CompletionStage<Long> atTime(Instant time, ShardAddress address) {
    long epochMillis = EpochMillis.of(time);
    if (epochMillis > clock.epochMillis()) {
      throw new InvalidArgumentException("The timestamp %s is in the future.".formatted(time));
    }
    return locate(address, replyTo -> new ShardMessage.LocateTime(epochMillis, replyTo));
  }

  private CompletionStage<Long> locate(
      ShardAddress address, Function<ActorRef<LocateReply>, ShardMessage> message) {
    return shards
        .<LocateReply>ask(address, message, timeout)
        .handle(
            (reply, failure) -> {
              if (reply instanceof Located located) {
                return located.counter();
              }
              throw problems.of(address, 0, failure == null ? (Failed) reply : null);
            });
  }
}
