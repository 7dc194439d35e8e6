package io.millrace.engine.internal;

import com.typesafe.config.Config;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often each operation of the control plane may be called, per account or per resource. Each
 * rate allows a burst of one second. Safe for any thread.
 *
 * <p>Remembers at most {@value #MAX_RESOURCES} resources per operation. Beyond that it forgets the
 * one whose last call is longest ago, which may then be called more often; a resource that rested
 * for a second loses nothing.
 */
public final class CallRates {

  /** The resources remembered per operation. */
  static final int MAX_RESOURCES = 20_000;

  /** An operation, and how many calls a second its resource or account may make by default. */
  public enum Call {
    CREATE_STREAM(5),
    DELETE_STREAM(5),
    DESCRIBE_STREAM(10),
    DESCRIBE_STREAM_SUMMARY(20),
    LIST_STREAMS(5),
    INCREASE_RETENTION(5),
    DECREASE_RETENTION(5),
    UPDATE_MAX_RECORD_SIZE(5),
    START_STREAM_ENCRYPTION(5),
    STOP_STREAM_ENCRYPTION(5),
    ENABLE_ENHANCED_MONITORING(5),
    DISABLE_ENHANCED_MONITORING(5),
    SPLIT_SHARD(5),
    MERGE_SHARDS(5),
    UPDATE_SHARD_COUNT(10),
    UPDATE_STREAM_MODE(5),
    UPDATE_STREAM_WARM_THROUGHPUT(5),
    UPDATE_STREAM_RECORD_DISTRIBUTION_STRATEGY(5),
    ADD_TAGS_TO_STREAM(5),
    REMOVE_TAGS_FROM_STREAM(5),
    LIST_TAGS_FOR_STREAM(5),
    TAG_RESOURCE(5),
    UNTAG_RESOURCE(5),
    LIST_TAGS_FOR_RESOURCE(5),
    PUT_RESOURCE_POLICY(5),
    GET_RESOURCE_POLICY(5),
    DELETE_RESOURCE_POLICY(5),
    DESCRIBE_LIMITS(1),
    DESCRIBE_ACCOUNT_SETTINGS(5),
    UPDATE_ACCOUNT_SETTINGS(5),
    CREATE_CHANNEL(5),
    DESCRIBE_CHANNEL(5),
    UPDATE_CHANNEL(5),
    DELETE_CHANNEL(5),
    LIST_CHANNELS(5),
    REGISTER_STREAM_CONSUMER(5),
    /** Per stream. */
    DEREGISTER_STREAM_CONSUMER(5),
    /** Per stream. */
    DESCRIBE_STREAM_CONSUMER(20),
    /** Per stream. */
    LIST_STREAM_CONSUMERS(5),
    /** Per stream. */
    LIST_SHARDS(1000),
    /** Per shard. */
    GET_SHARD_ITERATOR(5),
    /** Per registered consumer and shard. */
    SUBSCRIBE_TO_SHARD(1);

    private final int perSecond;

    Call(int perSecond) {
      this.perSecond = perSecond;
    }

    /** Calls per second by default. */
    public int perSecond() {
      return perSecond;
    }
  }

  private final LongSupplier nanoTime;
  private final Map<Call, Buckets> buckets = new EnumMap<>(Call.class);

  private CallRates(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * The rates that the settings ask for.
   *
   * @param limits the section {@code limits} of {@code millrace}
   * @param nanoTime monotonic time, nanoseconds
   */
  public static CallRates of(Config limits, LongSupplier nanoTime) {
    return switch (limits.getString("mode")) {
      case "off" -> off();
      case "custom" -> custom(given(limits.getConfig("custom.calls-per-second")), nanoTime);
      default -> kinesis(nanoTime);
    };
  }

  private static Map<Call, Integer> given(Config callsPerSecond) {
    Map<Call, Integer> given = new EnumMap<>(Call.class);
    for (Call call : Call.values()) {
      String key = call.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (callsPerSecond.hasPath(key)) {
        given.put(call, callsPerSecond.getInt(key));
      }
    }
    return given;
  }

  /** Every call is granted. */
  public static CallRates off() {
    return new CallRates(() -> 0);
  }

  /**
   * The rates of Kinesis.
   *
   * @param nanoTime monotonic time, nanoseconds
   */
  public static CallRates kinesis(LongSupplier nanoTime) {
    return custom(Map.of(), nanoTime);
  }

  /**
   * Given rates; those of Kinesis where none is given.
   *
   * @param perSecond calls per second, each at least 1
   * @param nanoTime monotonic time, nanoseconds
   */
  public static CallRates custom(Map<Call, Integer> perSecond, LongSupplier nanoTime) {
    CallRates rates = new CallRates(nanoTime);
    for (Call call : Call.values()) {
      rates.buckets.put(call, new Buckets(perSecond.getOrDefault(call, call.perSecond())));
    }
    return rates;
  }

  /**
   * Counts a call.
   *
   * @param resource what the rate is counted for: the account, stream or shard
   * @return whether it may go on; otherwise nothing is counted
   */
  public boolean tryCall(Call call, String resource) {
    Buckets ofCall = buckets.get(call);
    return ofCall == null || ofCall.tryTake(resource, nanoTime.getAsLong());
  }

  /** The buckets of one operation, the longest untouched first. */
  private static final class Buckets {

    private final int perSecond;
    private final Map<String, TokenBucket> byResource =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
            return size() > MAX_RESOURCES;
          }
        };

    Buckets(int perSecond) {
      this.perSecond = perSecond;
    }

    synchronized boolean tryTake(String resource, long nowNanos) {
      return byResource
          .computeIfAbsent(resource, any -> new TokenBucket(perSecond, perSecond, nowNanos))
          .tryTake(1, nowNanos);
    }
  }
}
