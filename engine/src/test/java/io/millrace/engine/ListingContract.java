package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.DescribeStreamRequest;
import io.millrace.engine.api.ExpiredNextTokenException;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.ListShardsResponse;
import io.millrace.engine.api.ListStreamsRequest;
import io.millrace.engine.api.ListStreamsResponse;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.Shard;
import io.millrace.engine.api.ShardFilter;
import io.millrace.engine.api.StreamDescription;
import io.millrace.engine.api.StreamModeDetails;
import io.millrace.engine.api.StreamSummary;
import io.millrace.engine.api.ValidationException;
import io.millrace.engine.model.ShardFilterType;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ListStreams, ListShards and the pages of DescribeStream. */
public abstract class ListingContract extends StreamClientContract {

  private static final Duration LIFE = Duration.ofMinutes(5);

  private static List<Integer> indexes(List<Shard> shards) {
    return shards.stream().map(shard -> shard.shardId().index()).toList();
  }

  private static List<String> names(ListStreamsResponse page) {
    return page.streamNames().stream().map(StreamName::value).toList();
  }

  private ListShardsResponse list(ListShardsRequest request) {
    return get(client().listShards(request));
  }

  private List<Integer> listed(ShardFilter filter) {
    return indexes(list(ListShardsRequest.of("orders").withShardFilter(filter)).shards());
  }

  private void refused(ListShardsRequest request) {
    failure(InvalidArgumentException.class, client().listShards(request));
  }

  private static ShardFilter filter(ShardFilterType type, String shardId, Instant time) {
    return new ShardFilter(type, shardId, time);
  }

  // ListStreams

  @Test
  void streamsAreListedByName() {
    for (String name : List.of("b", "B", "a-1", "a", "a.0", "0")) {
      create(name, 1);
    }

    ListStreamsResponse all = get(client().listStreams(ListStreamsRequest.all()));

    assertThat(names(all)).containsExactly("0", "B", "a", "a-1", "a.0", "b");
    assertThat(all.hasMoreStreams()).isFalse();
    assertThat(all.nextToken()).isNull();
    assertThat(all.streamSummaries().get(2))
        .isEqualTo(
            new StreamSummary(
                new StreamName("a"),
                arn("a"),
                StreamStatus.ACTIVE,
                StreamModeDetails.PROVISIONED,
                now()));
  }

  @Test
  void noStreamsMakeAnEmptyList() {
    ListStreamsResponse none = get(client().listStreams(ListStreamsRequest.all()));

    assertThat(none.streamNames()).isEmpty();
    assertThat(none.streamSummaries()).isEmpty();
    assertThat(none.hasMoreStreams()).isFalse();
  }

  @Test
  void pagesOfStreamsHoldEachOnce() {
    for (int i = 0; i < 5; i++) {
      create("stream-" + i, 1);
    }

    ListStreamsResponse first = get(client().listStreams(ListStreamsRequest.all().withLimit(2)));
    ListStreamsResponse second =
        get(client().listStreams(ListStreamsRequest.next(first.nextToken()).withLimit(2)));
    ListStreamsResponse third =
        get(client().listStreams(ListStreamsRequest.next(second.nextToken())));

    assertThat(names(first)).containsExactly("stream-0", "stream-1");
    assertThat(names(second)).containsExactly("stream-2", "stream-3");
    assertThat(names(third)).containsExactly("stream-4");
    assertThat(Stream.of(first, second, third).map(ListStreamsResponse::hasMoreStreams))
        .containsExactly(true, true, false);
    assertThat(third.nextToken()).isNull();
  }

  @Test
  void listMayStartAfterANameThatNeedNotExist() {
    create("a", 1);
    create("c", 1);

    assertThat(names(get(client().listStreams(ListStreamsRequest.after("a")))))
        .containsExactly("c");
    assertThat(names(get(client().listStreams(ListStreamsRequest.after("b")))))
        .containsExactly("c");
    assertThat(names(get(client().listStreams(ListStreamsRequest.after("c"))))).isEmpty();
  }

  @Test
  void hundredStreamsAreShownAtMost() {
    with("millrace.streams.max-creating-streams = 1000");
    for (int i = 0; i < 101; i++) {
      get(client().createStream("stream-" + (1000 + i), 1));
    }

    ListStreamsResponse first =
        get(client().listStreams(ListStreamsRequest.all().withLimit(10_000)));

    assertThat(first.streamNames()).hasSize(100);
    assertThat(first.hasMoreStreams()).isTrue();
    assertThat(names(get(client().listStreams(ListStreamsRequest.next(first.nextToken())))))
        .containsExactly("stream-1100");
    for (int i = 0; i < 101; i++) {
      get(engine().awaitActive("stream-" + (1000 + i)));
    }
  }

  @Test
  void argumentsOfListStreamsAreChecked() {
    create("a", 1);
    create("b", 1);
    String token = get(client().listStreams(ListStreamsRequest.all().withLimit(1))).nextToken();

    failure(
        InvalidArgumentException.class,
        client().listStreams(new ListStreamsRequest(null, "a", token)));
    failure(ValidationException.class, client().listStreams(ListStreamsRequest.all().withLimit(0)));
    failure(
        ValidationException.class,
        client().listStreams(ListStreamsRequest.all().withLimit(10_001)));
    failure(ValidationException.class, client().listStreams(ListStreamsRequest.after("no name")));
    failure(ValidationException.class, client().listStreams(ListStreamsRequest.next("")));
  }

  @Test
  void tokenOfListStreamsIsGoodFor300SecondsAndOutlivesARestart() {
    create("a", 1);
    create("b", 1);
    String token = get(client().listStreams(ListStreamsRequest.all().withLimit(1))).nextToken();
    restart();

    clock.advance(LIFE.minusMillis(1));
    assertThat(names(get(client().listStreams(ListStreamsRequest.next(token)))))
        .containsExactly("b");
    clock.advance(Duration.ofMillis(1));
    failure(ExpiredNextTokenException.class, client().listStreams(ListStreamsRequest.next(token)));
  }

  @Test
  void tokenOfListStreamsGoesOnAlthoughItsStreamWasDeleted() {
    create("a", 1);
    create("b", 1);
    String token = get(client().listStreams(ListStreamsRequest.all().withLimit(1))).nextToken();
    delete("a");

    assertThat(names(get(client().listStreams(ListStreamsRequest.next(token)))))
        .containsExactly("b");
  }

  @Test
  void tamperedOrForeignTokenIsInvalid() {
    create("a", 2);
    create("b", 1);
    String ofStreams = get(client().listStreams(ListStreamsRequest.all().withLimit(1))).nextToken();
    String ofShards = list(ListShardsRequest.of("a").withMaxResults(1)).nextToken();
    String iterator = iterator(GetShardIteratorRequest.latest("a", SHARD_0));

    for (String token : List.of(ofShards, iterator, "x", "AAAA", ofStreams + "A")) {
      failure(InvalidArgumentException.class, client().listStreams(ListStreamsRequest.next(token)));
    }
    for (String token : List.of(ofStreams, iterator, "x", "AAAA", ofShards + "A")) {
      refused(ListShardsRequest.next(token));
    }
    for (int at = 0; at < ofShards.length(); at++) {
      String other = ofShards.charAt(at) == 'Q' ? "R" : "Q";
      refused(
          ListShardsRequest.next(ofShards.substring(0, at) + other + ofShards.substring(at + 1)));
    }
    for (int at = 0; at < ofStreams.length(); at++) {
      String other = ofStreams.charAt(at) == 'Q' ? "R" : "Q";
      failure(
          InvalidArgumentException.class,
          client()
              .listStreams(
                  ListStreamsRequest.next(
                      ofStreams.substring(0, at) + other + ofStreams.substring(at + 1))));
    }
  }

  // ListShards

  @Test
  void shardsAreListedById() {
    create("orders", 12);

    ListShardsResponse all = list(ListShardsRequest.of("orders"));

    assertThat(all.shards()).isEqualTo(describe("orders").shards());
    assertThat(indexes(all.shards())).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    assertThat(all.nextToken()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void pagesOfShardsHoldEachOnce(int size) {
    create("orders", 5);
    List<Integer> seen = new ArrayList<>();
    ListShardsResponse page = list(ListShardsRequest.of("orders").withMaxResults(size));
    seen.addAll(indexes(page.shards()));
    while (page.nextToken() != null) {
      assertThat(page.shards()).hasSize(size);
      page = list(ListShardsRequest.next(page.nextToken()).withMaxResults(size));
      seen.addAll(indexes(page.shards()));
    }

    assertThat(seen).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void thousandShardsAreShownAtMost() {
    with("");
    create("orders", 1001);

    ListShardsResponse first = list(ListShardsRequest.of("orders").withMaxResults(10_000));

    assertThat(first.shards()).hasSize(1000);
    assertThat(indexes(list(ListShardsRequest.next(first.nextToken())).shards()))
        .containsExactly(1000);
    assertThat(list(ListShardsRequest.of("orders")).shards()).hasSize(1000);
  }

  @Test
  void listMayStartAfterAShardThatNeedNotExist() {
    create("orders", 3);

    for (String after : List.of("shardId-000000000001", "shardId-1")) {
      assertThat(
              indexes(
                  list(new ListShardsRequest("orders", null, null, after, null, null, null))
                      .shards()))
          .containsExactly(2);
    }
    assertThat(
            list(new ListShardsRequest("orders", null, null, "shardId-99", null, null, null))
                .shards())
        .isEmpty();
    refused(new ListShardsRequest("orders", null, null, "shard", null, null, null));
  }

  @Test
  void everyFilterShowsTheOpenShardsOfAnUnsplitStream() {
    create("orders", 3);
    Instant created = now();
    clock.advance(Duration.ofHours(30));

    for (ShardFilter filter :
        List.of(
            filter(ShardFilterType.FROM_TRIM_HORIZON, null, null),
            ShardFilter.atTrimHorizon(),
            ShardFilter.atLatest(),
            ShardFilter.atTimestamp(created),
            ShardFilter.atTimestamp(now()),
            filter(ShardFilterType.FROM_TIMESTAMP, null, Instant.EPOCH),
            filter(ShardFilterType.FROM_TIMESTAMP, null, created),
            filter(ShardFilterType.FROM_TIMESTAMP, null, now()))) {
      assertThat(listed(filter)).as(filter.toString()).containsExactly(0, 1, 2);
    }
    assertThat(listed(ShardFilter.atTimestamp(created.minusMillis(1)))).isEmpty();
    assertThat(listed(ShardFilter.afterShardId("shardId-0"))).containsExactly(1, 2);
    assertThat(listed(ShardFilter.afterShardId("shardId-000000000002"))).isEmpty();
  }

  @Test
  void filterTakesAnyInstant() {
    create("orders", 2);

    assertThat(listed(ShardFilter.atTimestamp(Instant.MIN))).isEmpty();
    assertThat(listed(ShardFilter.atTimestamp(Instant.MAX))).containsExactly(0, 1);
    assertThat(listed(filter(ShardFilterType.FROM_TIMESTAMP, null, Instant.MIN)))
        .containsExactly(0, 1);
    assertThat(listed(filter(ShardFilterType.FROM_TIMESTAMP, null, Instant.MAX)))
        .containsExactly(0, 1);
  }

  @Test
  void filterHoldsOnLaterPages() {
    create("orders", 5);
    ListShardsResponse first =
        list(
            ListShardsRequest.of("orders")
                .withShardFilter(ShardFilter.afterShardId("shardId-1"))
                .withMaxResults(2));

    assertThat(indexes(first.shards())).containsExactly(2, 3);
    ListShardsResponse second = list(ListShardsRequest.next(first.nextToken()));
    assertThat(indexes(second.shards())).containsExactly(4);
    assertThat(second.nextToken()).isNull();
  }

  @ParameterizedTest
  @EnumSource(ShardFilterType.class)
  void filterHasTheMembersOfItsTypeAndNoOthers(ShardFilterType type) {
    create("orders", 1);
    boolean shard = type == ShardFilterType.AFTER_SHARD_ID;
    boolean timed = type == ShardFilterType.AT_TIMESTAMP || type == ShardFilterType.FROM_TIMESTAMP;
    String shardId = shard ? null : "shardId-0";
    Instant time = timed ? null : now();

    refused(
        ListShardsRequest.of("orders")
            .withShardFilter(filter(type, shardId, timed ? now() : null)));
    refused(
        ListShardsRequest.of("orders")
            .withShardFilter(filter(type, shard ? "shardId-0" : null, time)));
  }

  @Test
  void filterNeedsATypeAndAShardIdOfTheRightForm() {
    create("orders", 1);

    failure(
        ValidationException.class,
        client()
            .listShards(ListShardsRequest.of("orders").withShardFilter(filter(null, null, null))));
    refused(ListShardsRequest.of("orders").withShardFilter(ShardFilter.afterShardId("shard")));
  }

  @Test
  void creationTimeTellsLivesOfANameApart() {
    create("orders", 1);
    Instant first = now();
    clock.advance(Duration.ofMillis(5123));
    delete("orders");
    create("orders", 1);
    Instant second = now();

    assertThat(list(new ListShardsRequest("orders", null, null, null, null, second, null)).shards())
        .hasSize(1);
    assertThat(
            list(new ListShardsRequest(
                    "orders",
                    null,
                    null,
                    null,
                    null,
                    Instant.ofEpochSecond(second.getEpochSecond()),
                    null))
                .shards())
        .hasSize(1);
    for (Instant other : List.of(first, second.plusSeconds(1), Instant.MIN, Instant.MAX)) {
      failure(
          ResourceNotFoundException.class,
          client()
              .listShards(new ListShardsRequest("orders", null, null, null, null, other, null)));
    }
  }

  @Test
  void tokenStandsAlone() {
    create("orders", 3);
    String token = list(ListShardsRequest.of("orders").withMaxResults(1)).nextToken();

    refused(new ListShardsRequest("orders", null, token, null, null, null, null));
    refused(new ListShardsRequest(null, arn("orders"), token, null, null, null, null));
    refused(new ListShardsRequest(null, null, token, "shardId-0", null, null, null));
    refused(new ListShardsRequest(null, null, token, null, null, now(), null));
    refused(new ListShardsRequest(null, null, token, null, null, null, ShardFilter.atLatest()));
    assertThat(indexes(list(ListShardsRequest.next(token).withMaxResults(1)).shards()))
        .containsExactly(1);
  }

  @Test
  void tokenOfListShardsIsGoodFor300SecondsAndOutlivesARestart() {
    create("orders", 2);
    String token = list(ListShardsRequest.of("orders").withMaxResults(1)).nextToken();
    restart();

    clock.advance(LIFE.minusMillis(1));
    assertThat(indexes(list(ListShardsRequest.next(token)).shards())).containsExactly(1);
    clock.advance(Duration.ofMillis(1));
    failure(ExpiredNextTokenException.class, client().listShards(ListShardsRequest.next(token)));
    clock.jumpWall(Duration.ofHours(-1));
    assertThat(indexes(list(ListShardsRequest.next(token)).shards())).containsExactly(1);
  }

  @Test
  void tokenOfADeletedStreamFindsNothingNotEvenItsSuccessor() {
    create("orders", 2);
    String token = list(ListShardsRequest.of("orders").withMaxResults(1)).nextToken();
    delete("orders");

    failure(ResourceNotFoundException.class, client().listShards(ListShardsRequest.next(token)));
    create("orders", 2);
    failure(ResourceNotFoundException.class, client().listShards(ListShardsRequest.next(token)));
  }

  @Test
  void sizesOfPagesAreChecked() {
    create("orders", 1);

    for (int size : new int[] {0, -1, 10_001}) {
      failure(
          ValidationException.class,
          client().listShards(ListShardsRequest.of("orders").withMaxResults(size)));
      failure(
          ValidationException.class,
          client().describeStream(DescribeStreamRequest.of("orders").withLimit(size)));
    }
  }

  // DescribeStream

  @Test
  void descriptionShowsShardsPageByPage() {
    create("orders", 5);
    DescribeStreamRequest two = DescribeStreamRequest.of("orders").withLimit(2);

    StreamDescription first = get(client().describeStream(two)).streamDescription();
    StreamDescription second =
        get(client().describeStream(two.after("shardId-000000000001"))).streamDescription();
    StreamDescription third =
        get(client().describeStream(two.after("shardId-3"))).streamDescription();

    assertThat(indexes(first.shards())).containsExactly(0, 1);
    assertThat(indexes(second.shards())).containsExactly(2, 3);
    assertThat(indexes(third.shards())).containsExactly(4);
    assertThat(Stream.of(first, second, third).map(StreamDescription::hasMoreShards))
        .containsExactly(true, true, false);
    failure(InvalidArgumentException.class, client().describeStream(two.after("shard")));
  }

  @Test
  void descriptionShows100ShardsAtMost() {
    create("orders", 101);

    for (DescribeStreamRequest request :
        List.of(
            DescribeStreamRequest.of("orders"),
            DescribeStreamRequest.of("orders").withLimit(10_000))) {
      StreamDescription description = get(client().describeStream(request)).streamDescription();
      assertThat(description.shards()).hasSize(100);
      assertThat(description.hasMoreShards()).isTrue();
    }
  }
}
