package io.millrace.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.api.ReshardProgress;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardFilterType;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The worked example of the specification: two shards; 0 is split, then 3 and 1 are merged. */
class ShardSelectionTest {

  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final long CREATED = 1_700_000_000_000L;
  private static final long SPLIT = CREATED + 1_000;
  private static final long MERGED = CREATED + 2_000;
  private static final long NOW = CREATED + 10_000;

  private static final StreamView STREAM =
      stream(
          shard(0, 0, 2, CREATED, OptionalLong.of(SPLIT)),
          shard(1, 2, 4, CREATED, OptionalLong.of(MERGED)),
          shard(2, 0, 1, SPLIT, OptionalLong.empty(), 0),
          shard(3, 1, 2, SPLIT, OptionalLong.of(MERGED), 0),
          shard(4, 1, 4, MERGED, OptionalLong.empty(), 3, 1));

  @Test
  void showsEveryShardFromTheTrimHorizonOfAYoungStream() {
    assertThat(selected(ShardSelection.ALL, NOW)).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void showsTheFirstShardsAtTheTrimHorizonOfAYoungStream() {
    assertThat(selected(ShardSelection.of(ShardFilterType.AT_TRIM_HORIZON), NOW))
        .containsExactly(0, 1);
  }

  @Test
  void showsTheOpenShardsAtLatest() {
    assertThat(selected(ShardSelection.of(ShardFilterType.AT_LATEST), NOW)).containsExactly(2, 4);
  }

  @Test
  void showsTheShardsThatWereOpenAtATime() {
    assertThat(at(CREATED - 1)).isEmpty();
    assertThat(at(CREATED)).containsExactly(0, 1);
    assertThat(at(SPLIT - 1)).containsExactly(0, 1);
    assertThat(at(SPLIT)).containsExactly(0, 1, 2, 3);
    assertThat(at(SPLIT + 1)).containsExactly(1, 2, 3);
    assertThat(at(MERGED + 1)).containsExactly(2, 4);
  }

  @Test
  void showsTheShardsThatEndedAtATimeOrLater() {
    assertThat(from(CREATED - DAY)).containsExactly(0, 1, 2, 3, 4);
    assertThat(from(SPLIT)).containsExactly(0, 1, 2, 3, 4);
    assertThat(from(SPLIT + 1)).containsExactly(1, 2, 3, 4);
    assertThat(from(MERGED + 1)).containsExactly(2, 4);
  }

  @Test
  void showsTheShardsWhoseIdComesAfter() {
    assertThat(selected(ShardSelection.after(new ShardId(2)), NOW)).containsExactly(3, 4);
  }

  @Test
  void neverShowsAShardThatClosedARetentionAgoOrEarlier() {
    assertThat(selected(ShardSelection.ALL, SPLIT + DAY - 1)).containsExactly(0, 1, 2, 3, 4);
    assertThat(selected(ShardSelection.ALL, SPLIT + DAY)).containsExactly(1, 2, 3, 4);
    assertThat(selected(ShardSelection.ALL, MERGED + DAY)).containsExactly(2, 4);
    assertThat(selected(ShardSelection.of(ShardFilterType.FROM_TIMESTAMP, CREATED), MERGED + DAY))
        .containsExactly(2, 4);
    assertThat(selected(ShardSelection.of(ShardFilterType.AT_TIMESTAMP, SPLIT), MERGED + DAY))
        .containsExactly(2);
  }

  @Test
  void movesWithTheTrimHorizonOfAnOldStream() {
    ShardSelection atTrimHorizon = ShardSelection.of(ShardFilterType.AT_TRIM_HORIZON);

    assertThat(selected(atTrimHorizon, SPLIT + DAY - 1)).containsExactly(0, 1);
    assertThat(selected(atTrimHorizon, SPLIT + DAY)).containsExactly(1, 2, 3);
    assertThat(selected(atTrimHorizon, MERGED + DAY - 1)).containsExactly(1, 2, 3);
    assertThat(selected(atTrimHorizon, MERGED + DAY)).containsExactly(2, 4);
  }

  @Test
  void beginsWithTheParentsWhenAllHappenedAtOneInstant() {
    StreamView hasty =
        stream(
            shard(0, 0, 4, CREATED, OptionalLong.of(CREATED)),
            shard(1, 0, 2, CREATED, OptionalLong.empty(), 0),
            shard(2, 2, 4, CREATED, OptionalLong.empty(), 0));

    assertThat(ids(ShardSelection.of(ShardFilterType.AT_TRIM_HORIZON).of(hasty, CREATED).stream()))
        .containsExactly(0);
  }

  @Test
  void hidesWhatAShorterRetentionDroppedThoughItWasLengthenedAgain() {
    StreamView lengthened =
        new StreamView(
            STREAM.name(),
            STREAM.incarnation(),
            STREAM.arn(),
            STREAM.status(),
            STREAM.mode(),
            STREAM.createdMillis(),
            8760,
            STREAM.maxRecordBytes(),
            STREAM.shards(),
            SPLIT,
            0,
            ReshardProgress.NONE,
            List.of(),
            List.of(),
            Optional.empty(),
            Set.of(),
            RecordDistributionStrategy.USER_PARTITION_KEY,
            Attachments.NONE);

    assertThat(ids(ShardSelection.ALL.of(lengthened, NOW).stream())).containsExactly(1, 2, 3, 4);
    assertThat(lengthened.retentionMillis(NOW)).isEqualTo(NOW - SPLIT);
  }

  @Test
  void givesClosedShardsAnEndingSequenceNumber() {
    assertThat(STREAM.shards().get(0).endingSequenceNumber())
        .hasValue(SequenceNumber.last(CREATED / 1000, 0, SPLIT / 1000));
    assertThat(STREAM.shards().get(2).endingSequenceNumber()).isEmpty();
  }

  @Test
  void takesExactlyTheArgumentsThatTheTypeSpeaksOf() {
    assertThatThrownBy(() -> ShardSelection.of(ShardFilterType.AT_TIMESTAMP))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ShardSelection.of(ShardFilterType.AT_LATEST, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new ShardSelection(
                    ShardFilterType.AT_LATEST, Optional.of(new ShardId(1)), OptionalLong.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<Integer> at(long epochMillis) {
    return selected(ShardSelection.of(ShardFilterType.AT_TIMESTAMP, epochMillis), NOW);
  }

  private static List<Integer> from(long epochMillis) {
    return selected(ShardSelection.of(ShardFilterType.FROM_TIMESTAMP, epochMillis), NOW);
  }

  private static List<Integer> selected(ShardSelection selection, long nowMillis) {
    return ids(selection.of(STREAM, nowMillis).stream());
  }

  private static List<Integer> ids(Stream<ShardView> shards) {
    return shards.map(shard -> shard.shardId().index()).toList();
  }

  private static StreamView stream(ShardView... shards) {
    StreamName name = new StreamName("orders");
    return new StreamView(
        name,
        1,
        "arn",
        StreamStatus.ACTIVE,
        StreamMode.PROVISIONED,
        CREATED,
        24,
        1 << 20,
        List.of(shards));
  }

  /** A shard that owns some quarters of the hash space. */
  private static ShardView shard(
      int index, int from, int to, long opened, OptionalLong closed, Integer... parents) {
    BigInteger quarter = BigInteger.ONE.shiftLeft(126);
    return new ShardView(
        new ShardId(index),
        new HashKeyRange(
            HashKey.of(quarter.multiply(BigInteger.valueOf(from))),
            HashKey.of(quarter.multiply(BigInteger.valueOf(to)).subtract(BigInteger.ONE))),
        opened / 1000,
        opened,
        Stream.of(parents).map(ShardId::new).toList(),
        closed);
  }
}
