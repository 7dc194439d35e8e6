package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.batch.Frame;
import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.shard.ShardEvent.Damaged;
import io.millrace.engine.shard.ShardEvent.HorizonMoved;
import io.millrace.engine.shard.ShardEvent.RecordsAppended;
import io.millrace.engine.shard.ShardEvent.ShardOpened;
import io.millrace.engine.shard.ShardState.Opened;
import io.millrace.engine.shard.ShardState.Unopened;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import io.millrace.engine.tail.TailState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShardStateTest {

  static final ShardIdentity IDENTITY = new ShardIdentity(1_767_225_600L, 3);
  private static final long NOW = 1_767_225_600_123L;

  static Opened opened() {
    return (Opened)
        Unopened.NEW.apply(
            Unopened.NEW.open(IDENTITY, HashKeyRange.FULL, ProducerWindows.NONE, NOW));
  }

  static PutEntry entry(String data) {
    return new PutEntry(
        HashKey.MIN, "key".getBytes(StandardCharsets.UTF_8), Payload.utf8(data), Optional.empty());
  }

  @Test
  void openingIsTheFirstEvent() {
    ShardOpened opened = Unopened.NEW.open(IDENTITY, HashKeyRange.FULL, ProducerWindows.NONE, NOW);

    assertThat(opened.frame().header())
        .isEqualTo(
            new Frame.Header(ShardEventFormat.OPENED, 0, 1, 0, NOW, opened.frame().body().limit()));
    Opened state = (Opened) Unopened.NEW.apply(opened);
    assertThat(state.identity()).isEqualTo(IDENTITY);
    assertThat(state.range()).isEqualTo(HashKeyRange.FULL);
    assertThat(state.lastEvent()).isEqualTo(1);
    assertThat(state.recordCount()).isZero();
    assertThat(state.tailState().closed()).isFalse();
  }

  @Test
  void appendGivesTheNextEventNumberAndTheCountBeforeIt() {
    Opened state = opened();
    Opened later = state.apply(state.append(List.of(entry("a"), entry("b")), NOW + 5));

    RecordsAppended appended = later.append(List.of(entry("c")), NOW + 9);

    assertThat(appended.frame().header().kind()).isEqualTo(RecordBatch.KIND);
    assertThat(appended.frame().header().eventNumber()).isEqualTo(3);
    assertThat(appended.frame().header().recordsBefore()).isEqualTo(2);
    assertThat(appended.frame().header().recordCount()).isEqualTo(1);
    assertThat(appended.frame().header().arrivalMillis()).isEqualTo(NOW + 9);
    Opened after = later.apply(appended);
    assertThat(after.recordCount()).isEqualTo(3);
    assertThat(after.tailState())
        .isEqualTo(new TailState(3, 3, state.horizonEvent(), after.index(), false));
  }

  @Test
  void arrivalStandsStillWhileTheWallClockIsBehind() {
    Opened state = opened();
    Opened later = state.apply(state.append(List.of(entry("a")), NOW + 1_000));

    RecordsAppended appended = later.append(List.of(entry("b")), NOW - 86_400_000);

    assertThat(appended.frame().header().arrivalMillis()).isEqualTo(NOW + 1_000);
  }

  @Test
  void horizonIsMovedByAnEventAndNeverBeyondTheEnd() {
    Opened state = opened();
    Opened later = state.apply(state.append(List.of(entry("a")), NOW));

    HorizonMoved moved = later.moveHorizon(99, NOW);

    assertThat(moved.horizonEvent()).isEqualTo(3);
    assertThat(moved.frame().header().recordsBefore()).isEqualTo(1);
    Opened after = later.apply(moved);
    assertThat(after.horizonEvent()).isEqualTo(3);
    assertThat(after.lastEvent()).isEqualTo(3);
    assertThat(after.recordCount()).isEqualTo(1);
    assertThat(after.index().events()).containsExactly(3);
  }

  @Test
  void eventThatCannotBeReadCostsOnlyItself() {
    Opened state = opened();
    Opened one = state.apply(state.append(List.of(entry("a")), NOW));
    RecordsAppended lost = one.append(List.of(entry("b"), entry("c")), NOW);
    RecordsAppended after = one.apply(lost).append(List.of(entry("d")), NOW);

    Opened recovered = one.apply(new Damaged("test")).apply(after);

    assertThat(recovered.lastEvent()).isEqualTo(4);
    assertThat(recovered.recordCount()).isEqualTo(4);
    assertThat(recovered.append(List.of(entry("e")), NOW).frame().header().eventNumber())
        .isEqualTo(5);
  }

  @Test
  void newestEventThatCannotBeReadKeepsItsNumber() {
    Opened recovered = opened().apply(new Damaged("test"));

    assertThat(recovered.append(List.of(entry("a")), NOW).frame().header().eventNumber())
        .isEqualTo(3);
  }

  @Test
  void latestPositionIsJustAfterTheNewestEvent() {
    assertThat(opened().tailState().latestCounter())
        .isEqualTo(io.millrace.engine.model.SequenceNumber.counter(2, 0));
  }
}
