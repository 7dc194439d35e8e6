package io.millrace.processors.mapping;

import io.millrace.engine.consumer.Retrieval;
import io.millrace.engine.model.Account;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.stream.StreamLookup;
import io.millrace.engine.stream.StreamView;
import io.millrace.processors.event.EventOrigin;
import io.millrace.processors.function.FunctionCalls;
import io.millrace.processors.lane.Moment;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What every shard of every mapping works with.
 *
 * @param retrievals how records are read, by the ARN of the event source
 * @param functions the functions
 * @param calls calls them
 * @param destinations where notices go
 * @param meters what is counted
 * @param streams the streams
 * @param clock the time
 * @param requestIds names for calls
 * @param storeRetry pause before a checkpoint, or a notice, is tried again that could not be stored
 */
public record ShardEquipment(
    Function<String, Retrieval> retrievals,
    FunctionRegistry functions,
    FunctionCalls calls,
    Destinations destinations,
    MappingMeters meters,
    StreamLookup streams,
    EngineClock clock,
    Supplier<String> requestIds,
    Duration storeRetry) {

  Moment now(StreamName stream) {
    long now = clock.epochMillis();
    long horizon =
        streams.views().find(stream).map(view -> expiredMillis(view, now)).orElse(Long.MIN_VALUE);
    return new Moment(now, clock.nanoTime(), horizon);
  }

  private static long expiredMillis(StreamView view, long now) {
    return view.expiredMillis(now) + 1;
  }

  EventOrigin origin(Mapping mapping, ShardId shardId) {
    Account account = streams.account();
    return new EventOrigin(
        mapping.eventSourceArn(), shardId, account.region(), account.id(), mapping.functionName());
  }
}
