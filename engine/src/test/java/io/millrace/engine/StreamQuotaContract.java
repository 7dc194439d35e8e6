package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.DescribeStreamRequest;
import io.millrace.engine.api.DescribeStreamSummaryRequest;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.LimitExceededException;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.ListStreamsRequest;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** How many streams there may be, and how often operations may be called. */
public abstract class StreamQuotaContract extends StreamLifeContract {

  // quotas

  @Test
  void fiveStreamsMayBeCreatingAtOnce() {
    createSlowly("a", "b", "c", "d", "e");

    LimitExceededException sixth =
        failure(LimitExceededException.class, client().createStream("f", 1));

    assertThat(sixth.outcome()).isEqualTo(Outcome.THROTTLED);
    failure(ResourceInUseException.class, client().createStream("a", 1));
    manualTime().timePasses(Duration.ofMinutes(1));
    for (String stream : List.of("a", "b", "c", "d", "e")) {
      get(engine().awaitActive(stream));
    }
    get(client().createStream("f", 1));
  }

  @Test
  void openShardsOfTheAccountAreBounded() {
    with("millrace.streams.max-open-shards = 5");
    create("orders", 3);

    overQuota(client().createStream("bills", 3));
    overQuota(client().createStream("bills", Integer.MAX_VALUE));
    create("bills", 2);
    overQuota(client().createStream("returns", 1));
    get(client().createStream(CreateStreamRequest.onDemand("visits")));
    delete("orders");
    create("returns", 3);
  }

  @Test
  void onDemandStreamsOfTheAccountAreBounded() {
    with("millrace.streams.max-on-demand-streams = 1");
    get(client().createStream(CreateStreamRequest.onDemand("orders")));

    overQuota(client().createStream(CreateStreamRequest.onDemand("bills")));
    create("bills", 1);
  }

  @Test
  void quotasAreCountedAnewAfterARestart() {
    with("millrace.streams.max-open-shards = 3");
    create("orders", 2);
    restart();

    overQuota(client().createStream("bills", 2));
    create("bills", 1);
  }

  /** Sending it again would not help. */
  private static void overQuota(CompletionStage<?> call) {
    assertThat(failure(LimitExceededException.class, call).outcome()).isEqualTo(Outcome.REFUSED);
  }

  // rates of calls

  private void ratePerSecond(int rate, Supplier<CompletionStage<?>> call) {
    for (int second = 0; second < 2; second++) {
      for (int i = 0; i < rate; i++) {
        assertThat(exceedsRate(call.get())).as("call %d of %d", i, rate).isFalse();
      }
      assertThat(exceedsRate(call.get())).isTrue();
      clock.advance(Duration.ofNanos(1_000_000_000L / rate));
      assertThat(exceedsRate(call.get())).isFalse();
      assertThat(exceedsRate(call.get())).isTrue();
      clock.advance(Duration.ofSeconds(100));
    }
  }

  private static boolean exceedsRate(CompletionStage<?> call) {
    try {
      get(call);
      return false;
    } catch (LimitExceededException exceeded) {
      assertThat(exceeded.outcome()).isEqualTo(Outcome.THROTTLED);
      return true;
    } catch (ResourceInUseException | InvalidArgumentException counted) {
      return false;
    }
  }

  @Test
  void ratesOfCallsFollowKinesis() {
    with("millrace.limits.mode = kinesis");
    create("orders", 1);
    clock.advance(Duration.ofSeconds(1));

    ratePerSecond(5, () -> client().createStream("orders", 1));
    ratePerSecond(5, () -> increase("orders", 48));
    ratePerSecond(5, () -> decrease("orders", 4800));
    ratePerSecond(5, () -> resize("orders", 2048));
    ratePerSecond(5, () -> client().listStreams(ListStreamsRequest.all()));
    ratePerSecond(10, () -> client().describeStream(DescribeStreamRequest.of("orders")));
    ratePerSecond(
        20, () -> client().describeStreamSummary(DescribeStreamSummaryRequest.of("orders")));
    ratePerSecond(1000, () -> client().listShards(ListShardsRequest.of("orders")));
  }

  @Test
  void deletionsAreCountedToo() {
    with("millrace.limits.mode = kinesis");
    create("orders", 1);
    watched().holdErasures();
    get(deletion("orders"));

    for (int i = 0; i < 4; i++) {
      failure(ResourceInUseException.class, deletion("orders"));
    }
    failure(LimitExceededException.class, deletion("orders"));
    clock.advance(Duration.ofMillis(200));
    failure(ResourceInUseException.class, deletion("orders"));
    watched().releaseErasures();
  }

  @Test
  void callsOfStreamsThatAreNotThereAreNotCounted() {
    with("millrace.limits.mode = kinesis");
    create("orders", 1);

    for (int i = 0; i < 50; i++) {
      failure(
          ResourceNotFoundException.class,
          client().describeStream(DescribeStreamRequest.of("bills")));
    }
    for (int i = 0; i < 10; i++) {
      describe("orders");
    }
  }

  @Test
  void listShardsIsCountedPerStream() {
    with("millrace.limits.mode = kinesis");
    create("orders", 1);
    create("bills", 1);
    for (int i = 0; i < 1000; i++) {
      get(client().listShards(ListShardsRequest.of("orders")));
    }

    failure(LimitExceededException.class, client().listShards(ListShardsRequest.of("orders")));
    get(client().listShards(ListShardsRequest.of("bills")));
  }

  @Test
  void noRateIsCountedWhenLimitsAreOff() {
    create("orders", 1);

    for (int i = 0; i < 100; i++) {
      describe("orders");
      get(client().listStreams(ListStreamsRequest.all()));
      trimHorizon("orders");
    }
  }
}
