package io.millrace.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.Consumers;
import io.millrace.engine.api.EngineClosedException;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.consumer.ApplicationDescription;
import io.millrace.engine.consumer.ApplicationDescription.LeaseDescription;
import io.millrace.engine.consumer.ShutdownException;
import io.millrace.engine.consumer.WorkerSettings;
import io.millrace.engine.model.ApplicationName;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.testing.InMemoryStore;
import io.millrace.engine.testing.ManualClock;
import io.millrace.testkit.Awaits;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stream that is pushed to an application. The clock stands still, so that no lease is ever given
 * to others because its worker is silent.
 */
class CheckpointedPublisherTest {

  /** One record in an element; workers say often that they are there. */
  private static final String SETTINGS =
      """
      millrace.fan-out.max-records = 1
      millrace.consumers.failover-time = 1s
      """;

  private static final String APPLICATION = "billing";

  private final ManualClock clock = new ManualClock();
  private final Config storage = InMemoryStore.fresh().config();
  private TestEngine engine = TestEngine.on(storage, clock, SETTINGS);

  @AfterEach
  void close() {
    engine.close();
  }

  private static ShardId shard(int index) {
    return new ShardId(index);
  }

  private static WorkerSettings worker(String id, String stream) {
    return WorkerSettings.of(APPLICATION, stream)
        .withWorkerId(id)
        .withInitialPosition(CheckpointPosition.TRIM_HORIZON);
  }

  private Collector<CheckpointedRecords> subscribe(String id, String stream) {
    return Collector.of(engine.fanOut.checkpointed(worker(id, stream)));
  }

  private ApplicationDescription application() {
    return Awaits.get(Consumers.of(engine.millrace).describe(new ApplicationName(APPLICATION)));
  }

  /** How many leases each worker has. */
  private Map<String, Long> loads() {
    return application().leases().stream()
        .flatMap(lease -> lease.workerId().stream())
        .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
  }

  private static String text(CheckpointedRecords element) {
    return element.records().isAtShardEnd()
        ? "end of " + element.records().shardId().index()
        : element.records().records().get(0).data().utf8();
  }

  private static List<String> texts(List<CheckpointedRecords> elements) {
    return elements.stream().map(CheckpointedPublisherTest::text).toList();
  }

  private static List<String> orders(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "order " + i).toList();
  }

  @Test
  void goesOnAfterItsCheckpointWhenTheEngineIsOpenedAgain() {
    goesOnAfterReopening(storage);
  }

  @Test
  @Tag("database")
  void goesOnAfterItsCheckpointWhenFilesAreOpenedAgain(@TempDir Path directory) {
    engine.close();
    Config files =
        ConfigFactory.parseMap(Map.of("millrace.storage.directory", directory.toString()));
    engine = TestEngine.on(files, clock, SETTINGS);
    goesOnAfterReopening(files);
  }

  private void goesOnAfterReopening(Config where) {
    String stream = engine.create(1);
    engine.putMany(stream, 10);
    Collector<CheckpointedRecords> before = subscribe("reader", stream).request(6);
    Awaits.get(before.await(6).get(3).checkpoint());

    engine.close();
    engine = TestEngine.on(where, clock, SETTINGS);
    engine.put(stream, "order 10");
    Collector<CheckpointedRecords> after = subscribe("reader", stream).request(Long.MAX_VALUE);

    assertThat(texts(before.elements())).isEqualTo(orders(0, 6));
    assertThat(texts(after.await(7))).isEqualTo(orders(4, 11));
  }

  @Test
  void givesUpItsShardsAtOnceWhenItIsCancelled() {
    String stream = engine.create(1);
    engine.putMany(stream, 5);
    Collector<CheckpointedRecords> first = subscribe("first", stream).request(3);
    Awaits.get(first.await(3).get(0).checkpoint());

    first.cancel();
    Collector<CheckpointedRecords> second = subscribe("second", stream).request(Long.MAX_VALUE);

    assertThat(texts(second.await(4))).isEqualTo(orders(1, 5));
    assertThat(Awaits.failureOf(first.elements().get(2).checkpoint()))
        .isInstanceOf(ShutdownException.class);
  }

  @Test
  void storesTheCheckpointThatIsUnderWayWhenItIsCancelled() {
    String stream = engine.create(1);
    engine.putMany(stream, 5);
    Collector<CheckpointedRecords> first = subscribe("first", stream).request(3);
    var stored = first.await(3).get(1).checkpoint();
    first.cancel();
    Awaits.get(stored);

    Collector<CheckpointedRecords> second = subscribe("second", stream).request(1);

    assertThat(texts(second.await(1))).isEqualTo(orders(2, 3));
  }

  @Test
  void checkpointsNeverGoBack() {
    String stream = engine.create(1);
    engine.putMany(stream, 3);
    Collector<CheckpointedRecords> reader = subscribe("reader", stream).request(3);
    List<CheckpointedRecords> elements = reader.await(3);

    Awaits.get(elements.get(1).checkpoint());
    Awaits.get(elements.get(0).checkpoint());
    Awaits.get(elements.get(1).checkpoint());

    assertThat(application().leases())
        .extracting(LeaseDescription::checkpoint)
        .containsExactly(
            CheckpointPosition.after(elements.get(1).records().records().get(0).sequenceNumber()));
  }

  @Test
  void subscriptionsShareTheShards() {
    String stream = engine.create(4);
    CheckpointedPublisher publisher = engine.fanOut.checkpointed(worker("reader", stream));
    Queue<String> first = consume(publisher);
    Awaits.await("all shards", () -> loads().equals(Map.of("reader", 4L)));
    IntStream.range(0, 4).forEach(i -> engine.putInto(stream, shard(i), "early " + i));
    Awaits.await("all early records", () -> first.size() == 4);

    Queue<String> second = consume(publisher);
    Awaits.await("its part", () -> loads().equals(Map.of("reader", 2L, "reader-2", 2L)));
    IntStream.range(0, 4).forEach(i -> engine.putInto(stream, shard(i), "late " + i));
    Awaits.await("all late records", () -> first.size() + second.size() == 8);

    assertThat(second).hasSize(2).allMatch(text -> text.startsWith("late"));
    assertThat(first).hasSize(6).doesNotContainAnyElementsOf(second);
  }

  /** Checkpoints each element, then keeps it. */
  private Queue<String> consume(CheckpointedPublisher publisher) {
    Queue<String> finished = new ConcurrentLinkedQueue<>();
    publisher
        .source()
        .mapAsync(1, element -> element.checkpoint().thenApply(stored -> text(element)))
        .runForeach(finished::add, engine.millrace.system());
    return finished;
  }

  @Test
  void handsAShardOverWhenWhatWasDeliveredIsCheckpointed() {
    String stream = engine.create(2);
    engine.putInto(stream, shard(0), "order 0");
    engine.putInto(stream, shard(1), "order 0");
    Collector<CheckpointedRecords> first = subscribe("first", stream).request(2);
    List<CheckpointedRecords> delivered = first.await(2);
    engine.putInto(stream, shard(0), "order 1");
    engine.putInto(stream, shard(1), "order 1");

    Collector<CheckpointedRecords> second = subscribe("second", stream).request(Long.MAX_VALUE);
    Awaits.await(
        "the second worker", () -> application().workerIds().equals(List.of("first", "second")));
    delivered.forEach(element -> Awaits.get(element.checkpoint()));

    assertThat(texts(second.await(1))).containsExactly("order 1");
    assertThat(texts(List.of(first.next()))).containsExactly("order 1");
  }

  @Test
  void childrenComeWhenTheEndOfTheirParentIsCheckpointed() {
    String stream = engine.create(2);
    engine.putInto(stream, shard(0), "parent");
    engine.split(stream, shard(0));
    engine.putInto(stream, shard(2), "left");
    engine.putInto(stream, shard(3), "right");
    Collector<CheckpointedRecords> reader = subscribe("reader", stream).request(Long.MAX_VALUE);
    List<CheckpointedRecords> early = reader.await(2);
    Awaits.get(early.get(0).checkpoint());
    engine.putInto(stream, shard(1), "beside");
    reader.await(3);

    assertThat(texts(reader.elements())).containsExactly("parent", "end of 0", "beside");
    Awaits.get(early.get(1).checkpoint());
    assertThat(texts(reader.await(5)).subList(3, 5)).containsExactlyInAnyOrder("left", "right");
  }

  @Test
  void failsWhenThereIsNoSuchStream() {
    assertThat(subscribe("reader", "missing").awaitFailure())
        .isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void failsWhenItsStreamIsDeleted() {
    String stream = engine.create(1);
    engine.put(stream, "order");
    Collector<CheckpointedRecords> reader = subscribe("reader", stream).request(2);
    reader.await(1);

    engine.delete(stream);

    assertThat(reader.awaitFailure()).isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void failsWhenAnotherHasItsWorkerId() {
    String stream = engine.create(1);
    engine.put(stream, "order");
    subscribe("reader", stream).request(1).await(1);

    assertThat(subscribe("reader", stream).awaitFailure())
        .isInstanceOf(ResourceInUseException.class);
  }

  @Test
  void failsWhenTheEngineCloses() {
    String stream = engine.create(1);
    engine.put(stream, "order");
    Collector<CheckpointedRecords> reader = subscribe("reader", stream).request(2);
    CheckpointedRecords element = reader.await(1).get(0);

    engine.close();

    assertThat(reader.awaitFailure()).isInstanceOf(EngineClosedException.class);
    assertThat(Awaits.failureOf(element.checkpoint())).isInstanceOf(RuntimeException.class);
  }
}
