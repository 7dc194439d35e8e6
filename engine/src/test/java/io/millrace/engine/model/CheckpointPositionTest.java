package io.millrace.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.CheckpointPosition.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CheckpointPositionTest {

  @Test
  void sentinelsStandBelowNumbersAndShardEndAboveThem() {
    SequenceNumber first = SequenceNumber.first(1, 0);
    SequenceNumber second = new SequenceNumber(1, SequenceNumber.counter(2, 0), 1, 0);
    List<CheckpointPosition> ordered =
        List.of(
            CheckpointPosition.atTimestamp(Instant.ofEpochMilli(1)),
            CheckpointPosition.atTimestamp(Instant.ofEpochMilli(2)),
            CheckpointPosition.TRIM_HORIZON,
            CheckpointPosition.LATEST,
            CheckpointPosition.after(first, 0),
            CheckpointPosition.after(first, 1),
            CheckpointPosition.after(first),
            CheckpointPosition.after(second, 0),
            CheckpointPosition.after(second),
            CheckpointPosition.SHARD_END);
    List<CheckpointPosition> shuffled = new ArrayList<>(ordered);
    Collections.reverse(shuffled);
    Collections.sort(shuffled);
    assertThat(shuffled).containsExactlyElementsOf(ordered);
  }

  @Test
  void refusesWhatIsNoPosition() {
    assertThatThrownBy(
            () -> new CheckpointPosition(Kind.NUMBER, Optional.empty(), 0, OptionalLong.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new CheckpointPosition(Kind.LATEST, Optional.empty(), 1, OptionalLong.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CheckpointPosition.after(SequenceNumber.first(1, 0), -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
