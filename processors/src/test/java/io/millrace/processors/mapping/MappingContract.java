package io.millrace.processors.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.EngineInside;
import io.millrace.engine.Millrace;
import io.millrace.engine.api.MergeShardsRequest;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.consumer.PollingPace;
import io.millrace.engine.consumer.PollingRetrieval;
import io.millrace.engine.consumer.Retrieval;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.testing.ManualClock;
import io.millrace.processors.api.CreateEventSourceMappingRequest;
import io.millrace.processors.api.EventSourceMapping;
import io.millrace.processors.api.FilterCriteria;
import io.millrace.processors.api.InvalidParameterValueException;
import io.millrace.processors.api.ListEventSourceMappingsRequest;
import io.millrace.processors.api.MappingOptions;
import io.millrace.processors.api.MappingState;
import io.millrace.processors.api.OnFailure;
import io.millrace.processors.api.ResourceConflictException;
import io.millrace.processors.api.ResourceNotFoundException;
import io.millrace.processors.api.UpdateEventSourceMappingRequest;
import io.millrace.processors.event.Json;
import io.millrace.processors.function.Functions;
import io.millrace.processors.function.OrdersHandler;
import io.millrace.processors.function.ProcessorFunction;
import io.millrace.processors.function.RegisteredFunction;
import io.millrace.testkit.Awaits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What mappings do on a whole engine, whatever its storage. */
abstract class MappingContract {

  private static final String STREAM = "orders";
  private static final String ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";

  private static final Config SETTINGS =
      ConfigFactory.parseString(
          """
          millrace.limits.mode = off
          millrace.processors { min-backoff = 10ms, max-backoff = 20ms }
          """);

  @TempDir Path directory;

  private final ManualClock clock = new ManualClock();
  private MemoryApplications applications = new MemoryApplications();
  private Config settings;
  private Millrace millrace;
  private Workshop workshop;

  /** Settings of an empty storage. */
  abstract Config storage();

  @BeforeEach
  void openEngine() {
    settings = SETTINGS.withFallback(storage());
    open();
    get(millrace.client().createStream(STREAM, 1));
    get(millrace.awaitActive(STREAM));
  }

  private void open() {
    millrace = Millrace.open(settings, clock);
    workshop = millrace.extension(Workshop.class, this::workshop);
  }

  private Workshop workshop(EngineInside inside) {
    PollingPace pace =
        PollingPace.of(inside.settings().getConfig("limits"))
            .withWhenCaughtUp(Duration.ofMillis(5));
    Retrieval polling = new PollingRetrieval(inside.reads(), pace, new Random(1));
    return Workshop.open(inside, source -> polling, threads -> applications);
  }

  private void restart() {
    millrace.close();
    open();
  }

  @AfterEach
  void closeEngine() {
    millrace.close();
  }

  static <T> T get(CompletionStage<T> stage) {
    return Awaits.get(stage);
  }

  private void put(String... data) {
    for (String text : data) {
      get(millrace.client().putRecord(STREAM, "key", Payload.utf8(text)));
    }
  }

  private void register(String name, ProcessorFunction function) {
    workshop.functions().register(new RegisteredFunction(name, function, Duration.ofMinutes(1)));
    workshop.desk().functionRegistered();
  }

  private static CreateEventSourceMappingRequest request(MappingOptions options) {
    return CreateEventSourceMappingRequest.of(ARN, "ingest", StartingPosition.trimHorizon())
        .withOptions(options);
  }

  final MappingDesk desk() {
    return workshop.desk();
  }

  final List<EventSourceMapping> mappings() {
    return get(desk().list(ListEventSourceMappingsRequest.all())).eventSourceMappings();
  }

  final String create(MappingOptions options) {
    return get(workshop.desk().create(request(options))).uuid();
  }

  private void awaitState(String uuid, MappingState state) {
    Awaits.await(
        "the mapping to be " + state, () -> get(workshop.desk().get(uuid)).state() == state);
  }

  private static void await(List<String> list, String... expected) {
    Awaits.await(List.of(expected) + ", seen " + list, () -> list.equals(List.of(expected)));
  }

  @Test
  void feedsAHandlerOfLambda() {
    OrdersHandler handler = new OrdersHandler();
    register("ingest", Functions.kinesis(handler));
    put("a", "b");
    String uuid = create(MappingOptions.defaults());
    await(handler.orders, "a", "b");
    put("c");
    await(handler.orders, "a", "b", "c");
    awaitState(uuid, MappingState.ENABLED);
    assertThat(get(workshop.desk().get(uuid)).lastProcessingResult()).isEqualTo("OK");
    Awaits.await("three records", () -> workshop.desk().metrics(uuid).processedRecords() == 3);
    assertThat(workshop.desk().metrics(uuid).iteratorAgeMillis()).hasValue(0);
    assertThat(workshop.desk().metrics(uuid).processedBytes()).isEqualTo(3);
  }

  @Test
  void goesOnAfterARestartOnceItsFunctionIsThere() {
    OrdersHandler before = new OrdersHandler();
    register("ingest", Functions.kinesis(before));
    String uuid = create(MappingOptions.defaults());
    put("a");
    await(before.orders, "a");
    get(workshop.desk().update(UpdateEventSourceMappingRequest.disable(uuid)));
    awaitState(uuid, MappingState.DISABLED);
    get(workshop.desk().update(UpdateEventSourceMappingRequest.enable(uuid)));
    restart();
    put("b");
    EventSourceMapping waiting = get(workshop.desk().get(uuid));
    assertThat(waiting.state()).isEqualTo(MappingState.ENABLING);
    assertThat(waiting.stateTransitionReason())
        .isEqualTo("Waiting for the function ingest to be registered.");
    OrdersHandler after = new OrdersHandler();
    register("ingest", Functions.kinesis(after));
    await(after.orders, "b");
    awaitState(uuid, MappingState.ENABLED);
  }

  @Test
  void keepsItsPositionWhileItIsDisabled() {
    OrdersHandler handler = new OrdersHandler();
    register("ingest", Functions.kinesis(handler));
    String uuid = create(MappingOptions.defaults());
    put("a");
    await(handler.orders, "a");
    get(workshop.desk().update(UpdateEventSourceMappingRequest.disable(uuid)));
    awaitState(uuid, MappingState.DISABLED);
    put("b");
    get(workshop.desk().update(UpdateEventSourceMappingRequest.enable(uuid)));
    await(handler.orders, "a", "b");
  }

  @Test
  void beginsDisabledWhenAskedTo() {
    register("ingest", Functions.records(records -> {}));
    EventSourceMapping mapping =
        get(workshop.desk().create(request(MappingOptions.defaults()).withEnabled(false)));
    assertThat(mapping.state()).isEqualTo(MappingState.DISABLED);
    assertThat(mapping.lastModified()).isEqualTo(Instant.ofEpochMilli(clock.epochMillis()));
    assertThat(applications.workers).isEmpty();
  }

  @Test
  void changesItsOptionsWhenTheCallsThatRunHaveEnded() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    List<String> seen = new CopyOnWriteArrayList<>();
    register(
        "ingest",
        Functions.records(
            records -> {
              running.countDown();
              release.await();
              records.forEach(record -> seen.add(record.data().utf8()));
            }));
    put("a");
    String uuid = create(MappingOptions.defaults());
    running.await();
    put("b");
    MappingOptions changed = MappingOptions.defaults().withParallelizationFactor(4);
    EventSourceMapping updating =
        get(workshop.desk().update(UpdateEventSourceMappingRequest.options(uuid, changed)));
    assertThat(updating.state()).isEqualTo(MappingState.UPDATING);
    assertThat(updating.options()).isEqualTo(changed);
    assertThat(applications.workers).hasSize(1);
    release.countDown();
    await(seen, "a", "b");
    awaitState(uuid, MappingState.ENABLED);
    assertThat(applications.workers).hasSize(2);
  }

  @Test
  void sendsANoticeOfABadRecordAndGoesOn() throws IOException {
    Path file = directory.resolve("notices.jsonl");
    OrdersHandler handler = new OrdersHandler();
    register("ingest", Functions.kinesis(handler));
    put("a", "bad", "b");
    String uuid =
        create(
            MappingOptions.defaults()
                .withReportBatchItemFailures(true)
                .withMaximumRetryAttempts(0)
                .withOnFailure(new OnFailure.ToFile(file)));
    await(handler.orders, "a", "b");
    Awaits.await("the discard", () -> workshop.desk().metrics(uuid).discardedRecords() == 1);
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(1);
    var notice = Json.parse(Payload.utf8(lines.get(0))).orElseThrow();
    assertThat(notice.at("/requestContext/condition").asText()).isEqualTo("RetryAttemptsExhausted");
    assertThat(notice.at("/KinesisBatchInfo/batchSize").asInt()).isEqualTo(1);
    assertThat(notice.at("/KinesisBatchInfo/streamArn").asText()).isEqualTo(ARN);
    assertThat(workshop.desk().metrics(uuid).failures()).isPositive();
  }

  @Test
  void sendsNoticesToAnotherStreamAndToACallback() {
    get(millrace.client().createStream("notices", 1));
    get(millrace.awaitActive("notices"));
    List<String> notices = new CopyOnWriteArrayList<>();
    List<String> copies = new CopyOnWriteArrayList<>();
    workshop.destinations().register("alarm", notices::add);
    register(
        "ingest",
        (event, context) -> {
          throw new IllegalStateException("boom");
        });
    register(
        "copy",
        Functions.records(records -> records.forEach(record -> copies.add(record.data().utf8()))));
    MappingOptions impatient = MappingOptions.awsDefaults().withMaximumRetryAttempts(0);
    put("a");
    create(impatient.withOnFailure(new OnFailure.ToCallback("alarm")));
    Awaits.await("a notice", () -> notices.size() == 1);
    get(
        workshop
            .desk()
            .create(
                CreateEventSourceMappingRequest.of(
                    ARN.replace("orders", "notices"), "copy", StartingPosition.trimHorizon())));
    String uuid =
        get(workshop.desk().list(ListEventSourceMappingsRequest.all()))
            .eventSourceMappings()
            .stream()
            .filter(mapping -> mapping.functionName().equals("ingest"))
            .findFirst()
            .orElseThrow()
            .uuid();
    get(
        workshop
            .desk()
            .update(
                UpdateEventSourceMappingRequest.options(
                    uuid,
                    impatient.withOnFailure(new OnFailure.ToStream(new StreamName("notices"))))));
    awaitState(uuid, MappingState.ENABLED);
    put("b");
    Awaits.await("a notice in the stream", () -> copies.size() == 1);
    assertThat(copies.get(0)).contains("\"condition\":\"RetryAttemptsExhausted\"");
  }

  @Test
  void goesOnThoughItsDestinationIsNotThere() {
    List<String> seen = new CopyOnWriteArrayList<>();
    register(
        "ingest",
        Functions.records(
            records -> {
              for (var record : records) {
                if (record.data().utf8().equals("bad")) {
                  throw new IllegalStateException("boom");
                }
                seen.add(record.data().utf8());
              }
            }));
    put("bad", "a");
    String uuid =
        create(
            MappingOptions.defaults()
                .withMaximumRetryAttempts(0)
                .withOnFailure(new OnFailure.ToCallback("nobody")));
    await(seen, "a");
    assertThat(workshop.desk().metrics(uuid).failedNotices()).isEqualTo(1);
  }

  @Test
  void deliversOnlyWhatItsFilterLetsPass() {
    List<String> seen = new CopyOnWriteArrayList<>();
    register(
        "ingest",
        Functions.records(records -> records.forEach(record -> seen.add(record.data().utf8()))));
    put("{\"n\":1}", "text", "{\"n\":2}");
    String uuid =
        create(
            MappingOptions.defaults()
                .withFilterCriteria(
                    FilterCriteria.of("{\"data\":{\"n\":[{\"numeric\":[\">\",1]}]}}")));
    await(seen, "{\"n\":2}");
    assertThat(workshop.desk().metrics(uuid).filteredOutRecords()).isEqualTo(2);
    assertThat(workshop.desk().metrics(uuid).polledRecords()).isEqualTo(3);
  }

  @Test
  void finishesAShardThatEnds() {
    List<String> seen = new CopyOnWriteArrayList<>();
    register(
        "ingest",
        Functions.records(records -> records.forEach(record -> seen.add(record.data().utf8()))));
    get(millrace.client().createStream("pair", 2));
    get(millrace.awaitActive("pair"));
    get(millrace.client().putRecord("pair", "a", Payload.utf8("a")));
    get(
        millrace
            .client()
            .mergeShards(
                MergeShardsRequest.of("pair", "shardId-000000000000", "shardId-000000000001")));
    get(millrace.awaitActive("pair"));
    get(
        workshop
            .desk()
            .create(
                CreateEventSourceMappingRequest.of(
                    ARN.replace("orders", "pair"), "ingest", StartingPosition.trimHorizon())));
    Awaits.await("a worker", () -> applications.workers.size() == 1);
    get(applications.workers.get(0).finished);
    assertThat(applications.positions.values())
        .allMatch(position -> position.checkpoint().isShardEnd());
  }

  @Test
  void isGoneWhenItIsDeleted() {
    OrdersHandler handler = new OrdersHandler();
    register("ingest", Functions.kinesis(handler));
    String uuid = create(MappingOptions.defaults());
    awaitState(uuid, MappingState.ENABLED);
    assertThat(get(workshop.desk().delete(uuid)).state()).isEqualTo(MappingState.DELETING);
    Awaits.await(
        "the mapping to be gone",
        () ->
            get(workshop.desk().list(ListEventSourceMappingsRequest.all()))
                .eventSourceMappings()
                .isEmpty());
    assertThat(applications.positions).isEmpty();
    assertThat(Awaits.failureOf(workshop.desk().get(uuid)))
        .isInstanceOf(ResourceNotFoundException.class);
    restart();
    assertThat(get(workshop.desk().list(ListEventSourceMappingsRequest.all())))
        .satisfies(page -> assertThat(page.eventSourceMappings()).isEmpty());
  }

  @Test
  void startsAWorkerAgainThatWasTurnedAwayOrHasStopped() {
    register("ingest", Functions.records(records -> {}));
    applications.refusal = Optional.of(new IllegalStateException("not now"));
    String uuid = create(MappingOptions.defaults());
    Awaits.await(
        "the reason",
        () -> get(workshop.desk().get(uuid)).stateTransitionReason().equals("not now"));
    assertThat(get(workshop.desk().get(uuid)).state()).isEqualTo(MappingState.CREATING);
    applications.refusal = Optional.empty();
    awaitState(uuid, MappingState.ENABLED);
    int started = applications.workers.size();
    applications.workers.get(started - 1).loses();
    Awaits.await("another worker", () -> applications.workers.size() > started);
    awaitState(uuid, MappingState.ENABLED);
  }

  @Test
  void listsByPages() {
    List<String> uuids = new ArrayList<>();
    for (String name : List.of("one", "two", "three")) {
      uuids.add(
          get(workshop
                  .desk()
                  .create(CreateEventSourceMappingRequest.of(ARN, name, StartingPosition.latest())))
              .uuid());
    }
    var first =
        get(
            workshop
                .desk()
                .list(
                    new ListEventSourceMappingsRequest(
                        Optional.of(ARN), Optional.empty(), Optional.empty(), 2)));
    assertThat(first.eventSourceMappings()).hasSize(2);
    var second =
        get(
            workshop
                .desk()
                .list(
                    ListEventSourceMappingsRequest.all().after(first.nextMarker().orElseThrow())));
    assertThat(second.eventSourceMappings()).hasSize(1);
    assertThat(second.nextMarker()).isEmpty();
    assertThat(
            get(workshop
                    .desk()
                    .list(
                        new ListEventSourceMappingsRequest(
                            Optional.empty(), Optional.of("two"), Optional.empty(), 10)))
                .eventSourceMappings())
        .singleElement()
        .satisfies(mapping -> assertThat(mapping.uuid()).isEqualTo(uuids.get(1)));
  }

  @Test
  void refusesWhatCannotBe() {
    MappingOptions options = MappingOptions.defaults();
    List<CreateEventSourceMappingRequest> invalid =
        List.of(
            request(options.withFilterCriteria(FilterCriteria.of("no JSON"))),
            request(options.withOnFailure(new OnFailure.ToStream(new StreamName(STREAM)))),
            CreateEventSourceMappingRequest.of("orders", "ingest", StartingPosition.trimHorizon()),
            CreateEventSourceMappingRequest.of(
                ARN.replace("us-east-1", "eu-west-1"), "ingest", StartingPosition.trimHorizon()),
            CreateEventSourceMappingRequest.of(
                ARN,
                "ingest",
                StartingPosition.atTimestamp(Instant.ofEpochMilli(clock.epochMillis() + 1))));
    for (CreateEventSourceMappingRequest request : invalid) {
      assertThatThrownBy(() -> workshop.desk().create(request))
          .isInstanceOf(InvalidParameterValueException.class);
    }
    assertThatThrownBy(
            () ->
                workshop
                    .desk()
                    .create(
                        CreateEventSourceMappingRequest.of(
                            ARN.replace("orders", "nothing"),
                            "ingest",
                            StartingPosition.trimHorizon())))
        .isInstanceOf(ResourceNotFoundException.class);
    String uuid = create(options);
    assertThat(Awaits.failureOf(workshop.desk().create(request(options))))
        .isInstanceOf(ResourceConflictException.class);
    assertThat(Awaits.failureOf(workshop.desk().delete("nobody")))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThat(
            Awaits.failureOf(
                workshop.desk().update(UpdateEventSourceMappingRequest.disable("nobody"))))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThat(
            Awaits.failureOf(
                workshop
                    .desk()
                    .update(
                        UpdateEventSourceMappingRequest.options(
                            uuid, options.withFilterCriteria(FilterCriteria.of("no JSON"))))))
        .isInstanceOf(InvalidParameterValueException.class);
  }
}
