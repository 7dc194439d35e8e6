package io.millrace.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.capacity.HotShardReport;
import io.millrace.engine.capacity.HotShardReport.Remedy;
import io.millrace.engine.capacity.ShardMinute;
import io.millrace.engine.capacity.Traffic;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.stream.RegistryCommand.StreamStands;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StreamDisplayTest {

  private static final StreamName ORDERS = new StreamName("orders");
  private static final NamedStream STREAM =
      new NamedStream(ORDERS, 7, StreamParameters.provisioned(2));
  private static ActorTestKit testKit;

  private final StreamTestBed bed = new StreamTestBed(testKit);
  private final TestProbe<RegistryCommand> registry =
      testKit.createTestProbe(RegistryCommand.class);
  private final StreamDisplay display = new StreamDisplay(bed.around, STREAM, registry.ref());
  private final StreamState creating = created();

  @BeforeAll
  static void start() {
    testKit = ActorTestKit.create(StreamTestBed.config());
  }

  @AfterAll
  static void stop() {
    testKit.shutdownTestKit();
  }

  private static StreamState created() {
    StreamState unborn = StreamState.unborn(ORDERS, 7);
    return unborn.apply(unborn.begin(STREAM.parameters(), StreamTestBed.NOW).events());
  }

  private static StreamStands stands(long settledLoan) {
    RegistryState.Standing standing =
        new RegistryState.Standing(7, StreamStatus.CREATING, StreamMode.PROVISIONED, 2);
    return new StreamStands(ORDERS, 7, standing, settledLoan);
  }

  @Test
  void aStreamThatHasStartedHasNoLoanAndLaterOnlyThoseThatItSettled() {
    display.stand(creating);
    display.stand(creating);
    display.settle(new Room(1, 1, 42));
    display.stand(creating);

    registry.expectMessage(stands(Long.MAX_VALUE));
    registry.expectMessage(stands(0));
    registry.expectMessage(stands(42));
  }

  @Test
  void theRegistryKnowsHowAStreamStandsThatOthersSee() {
    display.publish(creating);

    registry.expectMessage(stands(Long.MAX_VALUE));
    assertThat(bed.views.find(ORDERS)).hasValue(display.view(creating));
  }

  @Test
  void otherHotShardsAreShownAndTheSameAreNotShownAgain() {
    List<HotShardReport> hot =
        List.of(
            new HotShardReport(
                new ShardId(1),
                new ShardMinute(new Traffic(1 << 20, 1000), Optional.empty()),
                1.0,
                Remedy.MORE_SHARDS,
                Optional.empty()));
    display.publishHot(List.of(), creating);
    assertThat(bed.views.find(ORDERS)).isEmpty();

    display.publishHot(hot, creating);
    assertThat(bed.views.find(ORDERS).orElseThrow().hotShards()).isEqualTo(hot);

    display.publishHot(hot, creating);
    display.gone();
    registry.expectMessage(stands(Long.MAX_VALUE));
    registry.expectMessage(new RegistryCommand.StreamGone(ORDERS, 7));
  }
}
