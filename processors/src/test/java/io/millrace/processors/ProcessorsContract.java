package io.millrace.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.engine.Millrace;
import io.millrace.engine.api.DescribeStreamConsumerRequest;
import io.millrace.engine.api.RegisterStreamConsumerRequest;
import io.millrace.engine.api.SplitShardRequest;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.model.ConsumerStatus;
import io.millrace.engine.model.Payload;
import io.millrace.processors.api.CreateEventSourceMappingRequest;
import io.millrace.processors.api.EventSourceMapping;
import io.millrace.processors.api.ListEventSourceMappingsRequest;
import io.millrace.processors.api.MappingOptions;
import io.millrace.processors.api.MappingState;
import io.millrace.processors.api.ResourceNotFoundException;
import io.millrace.processors.api.UpdateEventSourceMappingRequest;
import io.millrace.processors.function.Functions;
import io.millrace.processors.function.OrdersHandler;
import io.millrace.testkit.Awaits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What users see, from a put to their function, on real workers. */
abstract class ProcessorsContract {

  private static final String STREAM = "orders";
  private static final String ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";

  private static final Config SETTINGS =
      ConfigFactory.parseString(
          """
          millrace.limits.mode = off
          millrace.processors { min-backoff = 10ms, max-backoff = 50ms }
          """);

  private Config settings;
  private Millrace millrace;
  private Processors processors;

  /** Settings of an empty storage. */
  abstract Config storage();

  @BeforeEach
  void open() {
    settings = SETTINGS.withFallback(storage());
    millrace = Millrace.open(settings);
    processors = Processors.of(millrace);
    get(millrace.client().createStream(STREAM, 2));
    get(millrace.awaitActive(STREAM));
  }

  private void restart() {
    millrace.close();
    millrace = Millrace.open(settings);
    processors = Processors.of(millrace);
  }

  @AfterEach
  void close() {
    millrace.close();
  }

  private static <T> T get(CompletionStage<T> stage) {
    return Awaits.get(stage);
  }

  private List<String> put(int from, int to) {
    List<String> put = new ArrayList<>();
    for (int i = from; i < to; i++) {
      String data = "order-" + i;
      get(millrace.client().putRecord(STREAM, "key-" + i % 7, Payload.utf8(data)));
      put.add(data);
    }
    return put;
  }

  private String create(MappingOptions options) {
    EventSourceMapping mapping =
        get(
            processors.createEventSourceMapping(
                CreateEventSourceMappingRequest.of(ARN, "ingest", StartingPosition.trimHorizon())
                    .withOptions(options)));
    return mapping.uuid();
  }

  private static void awaitAll(List<String> seen, List<String> expected) {
    Awaits.await(expected.size() + " records", () -> seen.containsAll(expected));
  }

  private void awaitState(String uuid, MappingState state) {
    Awaits.await(
        "the mapping to be " + state,
        () -> get(processors.getEventSourceMapping(uuid)).state() == state);
  }

  @Test
  void feedsAHandlerThroughARestartWithoutRepeatingWhatIsCheckpointed() {
    OrdersHandler before = new OrdersHandler();
    processors.register("ingest", Functions.kinesis(before));
    List<String> first = put(0, 30);
    String uuid = create(MappingOptions.defaults().withParallelizationFactor(3));
    awaitAll(before.orders, first);
    get(processors.updateEventSourceMapping(UpdateEventSourceMappingRequest.disable(uuid)));
    awaitState(uuid, MappingState.DISABLED);
    restart();
    List<String> second = put(30, 60);
    OrdersHandler after = new OrdersHandler();
    processors.register("ingest", Functions.kinesis(after));
    get(processors.updateEventSourceMapping(UpdateEventSourceMappingRequest.enable(uuid)));
    awaitAll(after.orders, second);
    assertThat(before.orders).containsExactlyInAnyOrderElementsOf(first);
    assertThat(after.orders).containsExactlyInAnyOrderElementsOf(second);
  }

  @Test
  void isCountedWhileItIsThere() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    millrace.bindMetrics(registry);
    AtomicInteger calls = new AtomicInteger();
    AtomicInteger records = new AtomicInteger();
    processors.register(
        "ingest",
        Functions.records(
            batch -> {
              if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("once");
              }
              records.addAndGet(batch.size());
            }));
    put(0, 30);
    String uuid = create(MappingOptions.defaults());
    Awaits.await(
        "every record",
        () ->
            registry
                    .get("millrace.mapping.records")
                    .tags("mapping", uuid, "result", "processed")
                    .functionCounter()
                    .count()
                == 30);

    assertThat(records).hasValue(30);
    assertThat(
            registry.get("millrace.mapping.calls").timers().stream().mapToLong(Timer::count).sum())
        .isEqualTo(calls.get());
    assertThat(registry.get("millrace.mapping.calls").tag("result", "failure").timer().count())
        .isEqualTo(1);
    assertThat(registry.get("millrace.mapping.retries").counter().count()).isPositive();
    assertThat(registry.get("millrace.worker.leases").gauge().value()).isEqualTo(2);
    get(processors.deleteEventSourceMapping(uuid));
    Awaits.await(
        "the meters to go",
        () -> registry.find("millrace.mapping.records").functionCounters().isEmpty());
  }

  @Test
  void goesOnAfterTheEngineWasClosedInTheMiddle() {
    OrdersHandler before = new OrdersHandler();
    processors.register("ingest", Functions.kinesis(before));
    List<String> first = put(0, 20);
    create(MappingOptions.defaults().withBatchSize(1));
    awaitAll(before.orders, first.subList(0, 1));
    restart();
    OrdersHandler after = new OrdersHandler();
    processors.register("ingest", Functions.kinesis(after));
    List<String> all = new ArrayList<>(first);
    all.addAll(put(20, 40));
    Awaits.await(
        "every record",
        () -> {
          List<String> seen = new ArrayList<>(before.orders);
          seen.addAll(after.orders);
          return seen.containsAll(all);
        });
  }

  @Test
  void followsTheShardsThroughASplitInTheOrderOfEachKey() {
    List<String> seen = new CopyOnWriteArrayList<>();
    processors.register(
        "ingest",
        Functions.records(records -> records.forEach(record -> seen.add(record.data().utf8()))));
    List<String> first = put(0, 20);
    String uuid = create(MappingOptions.defaults());
    get(
        millrace
            .client()
            .splitShard(
                SplitShardRequest.of(
                    STREAM, "shardId-000000000000", "42535295865117307932921825928971026432")));
    get(millrace.awaitActive(STREAM));
    List<String> all = new ArrayList<>(first);
    all.addAll(put(20, 40));
    awaitAll(seen, all);
    for (int key = 0; key < 7; key++) {
      int ofKey = key;
      List<String> expected =
          IntStream.range(0, 40).filter(i -> i % 7 == ofKey).mapToObj(i -> "order-" + i).toList();
      assertThat(seen.stream().filter(expected::contains).distinct()).isEqualTo(expected);
    }
    Awaits.await("40 records", () -> processors.metrics(uuid).processedRecords() >= 40);
  }

  @Test
  void isPushedWhatARegisteredConsumerGets() {
    String consumer =
        get(millrace
                .client()
                .registerStreamConsumer(new RegisterStreamConsumerRequest(ARN, "pushed")))
            .consumer()
            .consumerARN();
    awaitActive(consumer);
    OrdersHandler handler = new OrdersHandler();
    processors.register("ingest", Functions.kinesis(handler));
    List<String> first = put(0, 10);

    EventSourceMapping mapping =
        get(
            processors.createEventSourceMapping(
                CreateEventSourceMappingRequest.of(
                    consumer, "ingest", StartingPosition.trimHorizon())));
    awaitAll(handler.orders, first);
    awaitAll(handler.orders, put(10, 20));

    assertThat(mapping.eventSourceArn()).isEqualTo(consumer);
  }

  @Test
  void refusesAConsumerThatIsNotRegistered() {
    assertThatThrownBy(
            () ->
                processors.createEventSourceMapping(
                    CreateEventSourceMappingRequest.of(
                        ARN + "/consumer/nobody:1", "ingest", StartingPosition.trimHorizon())))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  private void awaitActive(String consumer) {
    Awaits.await(
        "an active consumer",
        () ->
            get(millrace
                        .client()
                        .describeStreamConsumer(DescribeStreamConsumerRequest.of(consumer)))
                    .consumerDescription()
                    .consumerStatus()
                == ConsumerStatus.ACTIVE);
  }

  @Test
  void forgetsAMappingThatIsDeleted() {
    OrdersHandler handler = new OrdersHandler();
    processors.register("ingest", Functions.kinesis(handler));
    List<String> first = put(0, 5);
    String uuid = create(MappingOptions.defaults());
    awaitAll(handler.orders, first);
    get(processors.deleteEventSourceMapping(uuid));
    Awaits.await(
        "the mapping to be gone",
        () ->
            get(processors.listEventSourceMappings(ListEventSourceMappingsRequest.all()))
                .eventSourceMappings()
                .isEmpty());
  }
}
