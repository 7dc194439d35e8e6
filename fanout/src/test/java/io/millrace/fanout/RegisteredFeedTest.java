package io.millrace.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.testkit.Awaits;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.testkit.TestSubscriber;
import org.apache.pekko.stream.testkit.javadsl.TestSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Subscriptions one after the other, granted when this test says so. */
class RegisteredFeedTest {

  private static ActorTestKit kit;

  private final CompletableFuture<Void> asked = new CompletableFuture<>();
  private final CompletableFuture<Source<ShardRecords, NotUsed>> granted =
      new CompletableFuture<>();
  private final CompletableFuture<Done> over = new CompletableFuture<>();

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  /** A subscription with one record that lives until whoever has it cancels. */
  private Source<ShardRecords, NotUsed> subscription() {
    Record record =
        new Record(SequenceNumber.first(1, 0), Instant.EPOCH, Payload.utf8("order"), "key");
    return Source.single(
            new ShardRecords(TestEngine.SHARD_0, List.of(record), Optional.empty(), 0, List.of()))
        .concat(Source.never())
        .watchTermination(
            (never, done) -> {
              done.thenAccept(over::complete);
              return NotUsed.getInstance();
            });
  }

  private Source<ShardRecords, NotUsed> feed() {
    return RegisteredFeed.from(
        StartingPosition.latest(),
        from -> {
          asked.complete(null);
          return granted;
        },
        abandoned -> abandoned.runWith(Sink.cancelled(), kit.system()));
  }

  @Test
  void givesBackASubscriptionThatIsGrantedWhenItsReaderHasLeft() {
    var run =
        feed()
            .watchTermination(Keep.right())
            .toMat(TestSink.create(kit.system()), Keep.both())
            .run(kit.system());
    TestSubscriber.Probe<ShardRecords> reader = run.second();
    reader.request(1);
    Awaits.get(asked);
    reader.cancel();
    Awaits.get(run.first());
    assertThat(over).isNotDone();

    granted.complete(subscription());

    Awaits.get(over);
  }

  @Test
  void keepsASubscriptionAsLongAsItsReaderIsThere() {
    TestSubscriber.Probe<ShardRecords> reader =
        feed().runWith(TestSink.create(kit.system()), kit.system());
    granted.complete(subscription());
    assertThat(reader.requestNext().records()).hasSize(1);
    assertThat(over).isNotDone();

    reader.cancel();

    Awaits.get(over);
  }
}
