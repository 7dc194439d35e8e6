package io.millrace.engine.shard;

import static io.millrace.engine.shard.ShardStateTest.entry;
import static io.millrace.engine.shard.ShardStateTest.opened;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.batch.Frame;
import io.millrace.engine.shard.ShardEvent.RecordsAppended;
import io.millrace.engine.shard.ShardState.Opened;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ShardStateProperties {

  private static final int SNAPSHOT_BOUND = 8 * 1024;

  @Property(tries = 200)
  void historyKeepsItsPromises(@ForAll long seed, @ForAll @IntRange(min = 1, max = 900) int length)
      throws Exception {
    Random random = new Random(seed);
    ShardEventSerializer events = new ShardEventSerializer();
    ShardStateSerializer snapshots = new ShardStateSerializer();
    Opened state = opened();
    Opened recovered = state;
    long records = 0;
    long wall = state.lastArrivalMillis();
    for (int i = 0; i < length; i++) {
      wall += random.nextInt(10) == 0 ? random.nextInt(20_000) - 10_000 : random.nextInt(5);
      Opened before = state;
      ShardEvent event = decide(random, state, wall);
      state = state.apply(event);
      records += event instanceof RecordsAppended appended ? count(appended) : 0;

      Frame frame = frame(event);
      assertThat(frame.header().eventNumber()).isEqualTo(before.lastEvent() + 1);
      assertThat(state.lastEvent()).isEqualTo(before.lastEvent() + 1);
      assertThat(frame.header().recordsBefore()).isEqualTo(before.recordCount());
      assertThat(state.recordCount()).isEqualTo(records);
      assertThat(frame.header().arrivalMillis())
          .isGreaterThanOrEqualTo(before.lastArrivalMillis())
          .isGreaterThanOrEqualTo(wall);
      assertThat(state.lastArrivalMillis()).isEqualTo(frame.header().arrivalMillis());
      assertThat(state.horizonEvent())
          .isGreaterThanOrEqualTo(before.horizonEvent())
          .isLessThanOrEqualTo(state.lastEvent());
      assertThat(state.storedBytes()).isEqualTo(before.storedBytes() + frame.bytes().length);

      // Recovery from any snapshot and the stored events after it comes to the same state.
      if (random.nextInt(50) == 0) {
        recovered =
            (Opened)
                snapshots.fromBinary(snapshots.toBinary(recovered), snapshots.manifest(recovered));
      }
      recovered =
          recovered.apply(events.fromBinary(events.toBinary(event), events.manifest(event)));
    }
    assertThat(snapshots.toBinary(state)).hasSizeLessThan(SNAPSHOT_BOUND);
    assertThat(snapshots.toBinary(recovered)).isEqualTo(snapshots.toBinary(state));
  }

  private static ShardEvent decide(Random random, Opened state, long wall) {
    if (random.nextInt(8) == 0) {
      // The actor writes no horizon that is not ahead of the one there is.
      long horizon = state.horizonEvent() + 1 + random.nextInt(5);
      return state.moveHorizon(horizon, wall);
    }
    List<PutEntry> entries = new ArrayList<>();
    IntStream.rangeClosed(0, random.nextInt(4)).forEach(n -> entries.add(entry("data-" + n)));
    return state.append(entries, wall);
  }

  private static int count(RecordsAppended appended) {
    return appended.frame().header().recordCount();
  }

  private static Frame frame(ShardEvent event) {
    return event instanceof RecordsAppended appended
        ? appended.frame()
        : ((ShardEvent.HorizonMoved) event).frame();
  }
}
