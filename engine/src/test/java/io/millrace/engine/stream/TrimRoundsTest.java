package io.millrace.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.StreamName;
import io.millrace.engine.shard.ShardMessage;
import io.millrace.engine.stream.StreamCommand.ReportGone;
import io.millrace.engine.stream.StreamCommand.TrimRoundDone;
import io.millrace.engine.stream.StreamCommand.TrimShards;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TrimRoundsTest {

  private static ActorTestKit testKit;

  private final StreamTestBed bed = new StreamTestBed(testKit);
  private final TestProbe<TrimRoundDone> done = testKit.createTestProbe(TrimRoundDone.class);
  private final ActorRef<StreamCommand> stream = testKit.spawn(stream());

  @BeforeAll
  static void start() {
    testKit = ActorTestKit.create(StreamTestBed.config());
  }

  @AfterAll
  static void stop() {
    testKit.shutdownTestKit();
  }

  /**
   * A stream of two shards that trims, and gives a round up when it hears {@link ReportGone}. What
   * it takes for the retention tells which request began a round.
   */
  private Behavior<StreamCommand> stream() {
    StreamState unborn = StreamState.unborn(new StreamName("orders"), 7);
    StreamState state =
        unborn.apply(unborn.begin(StreamParameters.provisioned(2), StreamTestBed.NOW).events());
    return Behaviors.setup(
        context -> {
          AtomicInteger requests = new AtomicInteger();
          TrimRounds rounds = new TrimRounds(context, new StreamErrands(context, bed.around));
          return Behaviors.receive(StreamCommand.class)
              .onMessage(
                  TrimShards.class,
                  now -> {
                    rounds.begin(state, requests.incrementAndGet());
                    return Behaviors.same();
                  })
              .onMessage(
                  ReportGone.class,
                  now -> {
                    rounds.giveUpTrimming();
                    return Behaviors.same();
                  })
              .onMessage(
                  TrimRoundDone.class,
                  round -> {
                    rounds.trimmed(state, round);
                    done.ref().tell(round);
                    return Behaviors.same();
                  })
              .build();
        });
  }

  /** Answers for both shards in a round that was begun by this request. */
  private void trimAll(int request) {
    for (int shards = 0; shards < 2; shards++) {
      ShardMessage.Trim trim = (ShardMessage.Trim) bed.shards.receiveMessage().message();
      assertThat(trim.retentionMillis()).isEqualTo(request);
      trim.replyTo().tell(new ShardMessage.Trimmed(1));
    }
  }

  @Test
  void oneRoundIsUnderWayAtATime() {
    stream.tell(new TrimShards());
    stream.tell(new TrimShards());
    trimAll(1);
    done.expectMessage(new TrimRoundDone(1, 0));

    stream.tell(new TrimShards());
    trimAll(3);
    done.expectMessage(new TrimRoundDone(2, 0));
  }

  @Test
  void theEndOfARoundThatWasGivenUpIsNotThatOfTheNext() {
    stream.tell(new TrimShards());
    bed.shards.receiveMessage();
    bed.shards.receiveMessage();
    stream.tell(new ReportGone());
    stream.tell(new TrimShards());
    stream.tell(new TrimRoundDone(1, 0));
    done.expectMessage(new TrimRoundDone(1, 0));

    stream.tell(new TrimShards());
    trimAll(2);
    done.expectMessage(new TrimRoundDone(2, 0));
    stream.tell(new TrimShards());
    trimAll(4);
  }
}
