package io.millrace.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardFilterType;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ListingsProperties {

  private static final long DAY = 24 * 60 * 60 * 1000L;
  private static final long CREATED = 1_700_000_000_000L;
  private static final long NOW = CREATED + 3 * DAY;

  @Property
  void pagesOfShardsOfAnySizeTogetherAreTheWhole(
      @ForAll("streams") StreamView stream,
      @ForAll("selections") ShardSelection selection,
      @ForAll @IntRange(min = 1, max = 50) int size) {
    List<ShardView> paged = new ArrayList<>();
    Optional<ShardId> after = Optional.empty();
    Page<ShardView> page;
    do {
      page = Listings.shards(stream, selection, after, Optional.of(size), NOW);
      assertThat(page.items()).hasSizeLessThanOrEqualTo(size);
      assertThat(page.hasMore() && page.items().isEmpty()).isFalse();
      paged.addAll(page.items());
      after = page.last().map(ShardView::shardId);
    } while (page.hasMore());

    assertThat(paged).isEqualTo(selection.of(stream, NOW));
  }

  @Property
  void describedPagesOfAnySizeTogetherAreTheWhole(
      @ForAll("streams") StreamView stream, @ForAll @IntRange(min = 1, max = 50) int size) {
    List<ShardView> paged = new ArrayList<>();
    Optional<ShardId> after = Optional.empty();
    Page<ShardView> page;
    do {
      page = Listings.described(stream, after, Optional.of(size), NOW);
      paged.addAll(page.items());
      after = page.last().map(ShardView::shardId);
    } while (page.hasMore());

    assertThat(paged).isEqualTo(ShardSelection.ALL.of(stream, NOW));
  }

  @Property
  void pagesOfStreamsOfAnySizeTogetherAreTheWhole(
      @ForAll @IntRange(max = 250) int count, @ForAll @IntRange(min = 1, max = 300) int size) {
    List<StreamView> streams = streams(count);
    List<StreamView> paged = new ArrayList<>();
    Optional<StreamName> after = Optional.empty();
    Page<StreamView> page;
    do {
      page = Listings.streams(streams, after, Optional.of(size));
      assertThat(page.items()).hasSizeLessThanOrEqualTo(Math.min(size, 100));
      paged.addAll(page.items());
      after = page.last().map(StreamView::name);
    } while (page.hasMore());

    assertThat(paged).isEqualTo(streams);
  }

  @Property
  void everySelectionShowsOnlyShardsThatHaveNotExpired(
      @ForAll("streams") StreamView stream, @ForAll("selections") ShardSelection selection) {
    assertThat(ShardSelection.ALL.of(stream, NOW)).containsAll(selection.of(stream, NOW));
    assertThat(selection.of(stream, NOW))
        .allMatch(shard -> shard.isOpen() || shard.closedMillis().getAsLong() > NOW - DAY);
  }

  @Example
  void showsThePublishedNumbersByDefaultAndNeverMore() {
    StreamView large = stream(HashKeyRange.uniform(1500), new Random(0), 0);

    for (Optional<Integer> asked : List.of(Optional.<Integer>empty(), Optional.of(10_000))) {
      assertThat(Listings.shards(large, ShardSelection.ALL, Optional.empty(), asked, NOW).items())
          .hasSize(1000);
      assertThat(Listings.described(large, Optional.empty(), asked, NOW).items()).hasSize(100);
      assertThat(Listings.streams(streams(101), Optional.empty(), asked).items()).hasSize(100);
    }
  }

  @Example
  void startsAfterWhatNeedNotExist() {
    assertThat(
            Listings.streams(streams(3), Optional.of(new StreamName("s-0001a")), Optional.empty())
                .items())
        .extracting(stream -> stream.name().value())
        .containsExactly("s-0002");
  }

  @Provide
  Arbitrary<StreamView> streams() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 20),
            Arbitraries.longs(),
            Arbitraries.integers().between(0, 40))
        .as(
            (count, seed, reshards) ->
                stream(HashKeyRange.uniform(count), new Random(seed), reshards));
  }

  @Provide
  Arbitrary<ShardSelection> selections() {
    Arbitrary<Long> times = Arbitraries.longs().between(CREATED - DAY, NOW + DAY);
    return Arbitraries.oneOf(
        Arbitraries.of(
                ShardFilterType.FROM_TRIM_HORIZON,
                ShardFilterType.AT_TRIM_HORIZON,
                ShardFilterType.AT_LATEST)
            .map(ShardSelection::of),
        times.map(time -> ShardSelection.of(ShardFilterType.AT_TIMESTAMP, time)),
        times.map(time -> ShardSelection.of(ShardFilterType.FROM_TIMESTAMP, time)),
        Arbitraries.integers().between(0, 60).map(i -> ShardSelection.after(new ShardId(i))));
  }

  /** A stream that closed and replaced random open shards at random, growing times. */
  private static StreamView stream(List<HashKeyRange> ranges, Random random, int replacements) {
    List<ShardView> shards = new ArrayList<>();
    for (HashKeyRange range : ranges) {
      shards.add(
          new ShardView(
              new ShardId(shards.size()),
              range,
              CREATED / 1000,
              CREATED,
              List.of(),
              OptionalLong.empty()));
    }
    long now = CREATED;
    for (int i = 0; i < replacements; i++) {
      now += random.nextInt((int) (2 * DAY / replacements));
      int index = random.nextInt(shards.size());
      ShardView parent = shards.get(index);
      if (parent.isOpen()) {
        shards.set(
            index,
            new ShardView(
                parent.shardId(),
                parent.range(),
                parent.createdSeconds(),
                parent.openedMillis(),
                parent.parents(),
                OptionalLong.of(now)));
        shards.add(
            new ShardView(
                new ShardId(shards.size()),
                parent.range(),
                now / 1000 + 1,
                now,
                List.of(parent.shardId()),
                OptionalLong.empty()));
      }
    }
    return view("orders", shards);
  }

  private static List<StreamView> streams(int count) {
    List<StreamView> streams = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      streams.add(view("s-%04d".formatted(i), List.of()));
    }
    return streams;
  }

  private static StreamView view(String name, List<ShardView> shards) {
    return new StreamView(
        new StreamName(name),
        1,
        "arn",
        StreamStatus.ACTIVE,
        StreamMode.PROVISIONED,
        CREATED,
        24,
        1 << 20,
        List.copyOf(shards));
  }
}
