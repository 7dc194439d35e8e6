package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.Consumer;
import io.millrace.engine.api.ConsumerDescription;
import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.DeleteStreamRequest;
import io.millrace.engine.api.DeregisterStreamConsumerRequest;
import io.millrace.engine.api.DescribeStreamConsumerRequest;
import io.millrace.engine.api.DescribeStreamConsumerResponse;
import io.millrace.engine.api.DescribeStreamSummaryRequest;
import io.millrace.engine.api.ExpiredNextTokenException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.LimitExceededException;
import io.millrace.engine.api.ListStreamConsumersRequest;
import io.millrace.engine.api.ListStreamConsumersResponse;
import io.millrace.engine.api.ListStreamsRequest;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.RegisterStreamConsumerRequest;
import io.millrace.engine.api.RegisterStreamConsumerResponse;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.UpdateAccountSettingsRequest;
import io.millrace.engine.api.ValidationException;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.ConsumerStatus;
import io.millrace.engine.model.StreamStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The life of registered consumers, and how they are described and listed. */
public abstract class ConsumerContract extends StreamClientContract {

  private static final Duration DELAY = Duration.ofSeconds(10);

  /** Consumers change their status only when time passes. */
  private void withDelay() {
    withManualTime("millrace.streams.consumer-delay = 10s");
  }

  private CompletionStage<RegisterStreamConsumerResponse> registration(String stream, String name) {
    return client().registerStreamConsumer(new RegisterStreamConsumerRequest(arn(stream), name));
  }

  private Consumer register(String stream, String name) {
    return get(registration(stream, name)).consumer();
  }

  /** Registers a consumer and waits for it to be ACTIVE. */
  private Consumer registerActive(String stream, String name) {
    Consumer consumer = register(stream, name);
    eventually(() -> assertThat(status(consumer)).isEqualTo(ConsumerStatus.ACTIVE));
    return consumer;
  }

  private CompletionStage<Void> deregistration(String arn) {
    return client().deregisterStreamConsumer(DeregisterStreamConsumerRequest.of(arn));
  }

  /** Deregisters a consumer and waits for it to be gone. */
  private void deregister(Consumer consumer) {
    get(deregistration(consumer.consumerARN()));
    awaitGone(consumer);
  }

  private void awaitGone(Consumer consumer) {
    eventually(() -> failure(ResourceNotFoundException.class, description(consumer.consumerARN())));
  }

  private CompletionStage<DescribeStreamConsumerResponse> description(String arn) {
    return client().describeStreamConsumer(DescribeStreamConsumerRequest.of(arn));
  }

  private ConsumerDescription describeConsumer(DescribeStreamConsumerRequest request) {
    return get(client().describeStreamConsumer(request)).consumerDescription();
  }

  private ConsumerStatus status(Consumer consumer) {
    return get(description(consumer.consumerARN())).consumerDescription().consumerStatus();
  }

  private ListStreamConsumersResponse list(ListStreamConsumersRequest request) {
    return get(client().listStreamConsumers(request));
  }

  private List<Consumer> listed(String stream) {
    ListStreamConsumersResponse page = list(ListStreamConsumersRequest.of(arn(stream)));
    assertThat(page.nextToken()).isNull();
    return page.consumers();
  }

  private static List<String> names(List<Consumer> consumers) {
    return consumers.stream().map(consumer -> consumer.consumerName().value()).toList();
  }

  private int consumerCount(String stream) {
    return get(client().describeStreamSummary(DescribeStreamSummaryRequest.of(stream)))
        .streamDescriptionSummary()
        .consumerCount();
  }

  // the life of a consumer

  @Test
  void aConsumerIsCreatingThenActiveThenDeletingThenGone() {
    withDelay();
    create("orders", 1);

    Consumer audit = register("orders", "audit");

    assertThat(audit)
        .isEqualTo(
            new Consumer(
                new ConsumerName("audit"),
                arn("orders") + "/consumer/audit:" + now().getEpochSecond(),
                ConsumerStatus.CREATING,
                now()));
    assertThat(listed("orders")).containsExactly(audit);
    assertThat(consumerCount("orders")).isEqualTo(1);
    manualTime().timePasses(DELAY);
    eventually(() -> assertThat(status(audit)).isEqualTo(ConsumerStatus.ACTIVE));
    get(deregistration(audit.consumerARN()));
    assertThat(status(audit)).isEqualTo(ConsumerStatus.DELETING);
    get(deregistration(audit.consumerARN()));
    assertThat(listed("orders"))
        .extracting(Consumer::consumerStatus)
        .containsExactly(ConsumerStatus.DELETING);
    assertThat(consumerCount("orders")).isEqualTo(1);
    manualTime().timePasses(DELAY);
    awaitGone(audit);
    assertThat(listed("orders")).isEmpty();
    assertThat(consumerCount("orders")).isZero();
  }

  @Test
  void aConsumerCanBeDeregisteredBeforeItIsActive() {
    withDelay();
    create("orders", 1);
    Consumer audit = register("orders", "audit");

    get(deregistration(audit.consumerARN()));

    assertThat(status(audit)).isEqualTo(ConsumerStatus.DELETING);
    manualTime().timePasses(DELAY);
    awaitGone(audit);
  }

  @Test
  void aNameIsFreeOnceItsConsumerIsGone() {
    withDelay();
    create("orders", 1);
    create("bills", 1);
    Consumer audit = register("orders", "audit");
    failure(ResourceInUseException.class, registration("orders", "audit"));
    register("bills", "audit");
    get(deregistration(audit.consumerARN()));
    failure(ResourceInUseException.class, registration("orders", "audit"));
    manualTime().timePasses(DELAY);
    awaitGone(audit);

    register("orders", "audit");
  }

  @Test
  void aNameThatIsRegisteredAgainHasAnotherArnEvenWithinTheSameSecond() {
    create("orders", 1);
    Consumer first = registerActive("orders", "audit");
    deregister(first);

    Consumer second = registerActive("orders", "audit");

    assertThat(second.consumerARN()).isNotEqualTo(first.consumerARN());
    failure(ResourceNotFoundException.class, description(first.consumerARN()));
    failure(ResourceNotFoundException.class, deregistration(first.consumerARN()));
    assertThat(status(second)).isEqualTo(ConsumerStatus.ACTIVE);
    restart();
    deregister(second);
    assertThat(registerActive("orders", "audit").consumerARN())
        .isNotIn(first.consumerARN(), second.consumerARN());
  }

  @Test
  void aRestartKeepsConsumers() {
    create("orders", 1);
    registerActive("orders", "audit");
    registerActive("orders", "ship");
    deregister(registerActive("orders", "other"));
    List<Consumer> before = listed("orders");
    restart();

    assertThat(listed("orders")).isEqualTo(before).hasSize(2);
    assertThat(consumerCount("orders")).isEqualTo(2);
  }

  @Test
  void aConsumerGoesOnWhereARestartMetIt() {
    withDelay();
    create("orders", 1);
    Consumer ship = register("orders", "ship");
    get(deregistration(ship.consumerARN()));
    Consumer audit = register("orders", "audit");
    restart();

    assertThat(status(audit)).isEqualTo(ConsumerStatus.CREATING);
    assertThat(status(ship)).isEqualTo(ConsumerStatus.DELETING);
    manualTime().timePasses(DELAY);
    eventually(() -> assertThat(status(audit)).isEqualTo(ConsumerStatus.ACTIVE));
    awaitGone(ship);
  }

  // quotas

  @Test
  void aStreamHasTwentyConsumersAtMost() {
    with("millrace.streams.max-creating-consumers = 100");
    create("orders", 1);
    create("bills", 1);
    for (int i = 0; i < 20; i++) {
      register("orders", "consumer-" + i);
    }

    LimitExceededException refused =
        failure(LimitExceededException.class, registration("orders", "audit"));
    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    register("bills", "audit");
  }

  @Test
  void anOnDemandStreamHasFiftyWithTheCommitment() {
    with("millrace.streams.max-creating-consumers = 100");
    create("orders", 1);
    get(client().createStream(CreateStreamRequest.onDemand("bills")));
    get(engine().awaitActive("bills"));
    get(client().updateAccountSettings(UpdateAccountSettingsRequest.commit()));
    for (int i = 0; i < 50; i++) {
      register("bills", "consumer-" + i);
    }
    for (int i = 0; i < 20; i++) {
      register("orders", "consumer-" + i);
    }

    failure(LimitExceededException.class, registration("bills", "audit"));
    failure(LimitExceededException.class, registration("orders", "audit"));
  }

  @Test
  void fiveConsumersOfAStreamAreCreatingAtOnceAtMost() {
    withDelay();
    create("orders", 1);
    List<Consumer> five = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      five.add(register("orders", "consumer-" + i));
    }

    LimitExceededException refused =
        failure(LimitExceededException.class, registration("orders", "audit"));
    assertThat(refused.outcome()).isEqualTo(Outcome.THROTTLED);
    manualTime().timePasses(DELAY);
    for (Consumer consumer : five) {
      eventually(() -> assertThat(status(consumer)).isEqualTo(ConsumerStatus.ACTIVE));
    }
    register("orders", "audit");
  }

  // which consumer is meant

  @Test
  void aConsumerIsNamedByArnOrByStreamAndNameOrByAll() {
    create("orders", 1);
    Consumer audit = registerActive("orders", "audit");
    ConsumerDescription described =
        new ConsumerDescription(
            audit.consumerName(),
            audit.consumerARN(),
            ConsumerStatus.ACTIVE,
            audit.consumerCreationTimestamp(),
            arn("orders"));

    assertThat(describeConsumer(DescribeStreamConsumerRequest.of(audit.consumerARN())))
        .isEqualTo(described);
    assertThat(describeConsumer(DescribeStreamConsumerRequest.of(arn("orders"), "audit")))
        .isEqualTo(described);
    assertThat(
            describeConsumer(
                new DescribeStreamConsumerRequest(arn("orders"), "audit", audit.consumerARN())))
        .isEqualTo(described);
    get(
        client()
            .deregisterStreamConsumer(DeregisterStreamConsumerRequest.of(arn("orders"), "audit")));
    awaitGone(audit);
    Consumer next = registerActive("orders", "audit");
    get(
        client()
            .deregisterStreamConsumer(
                new DeregisterStreamConsumerRequest(arn("orders"), "audit", next.consumerARN())));
    awaitGone(next);
  }

  @Test
  void refusesAConsumerThatIsNotNamedOrNamedTwice() {
    create("orders", 1);
    create("bills", 1);
    String audit = registerActive("orders", "audit").consumerARN();

    for (String[] names :
        new String[][] {
          {null, null, null},
          {arn("orders"), null, null},
          {null, "audit", null},
          {arn("orders"), "ship", audit},
          {arn("bills"), "audit", audit}
        }) {
      failure(
          InvalidArgumentException.class,
          client()
              .describeStreamConsumer(
                  new DescribeStreamConsumerRequest(names[0], names[1], names[2])));
      failure(
          InvalidArgumentException.class,
          client()
              .deregisterStreamConsumer(
                  new DeregisterStreamConsumerRequest(names[0], names[1], names[2])));
    }
  }

  @Test
  void findsNoConsumerThatIsNotThere() {
    create("orders", 1);
    String audit = registerActive("orders", "audit").consumerARN();

    for (String unknown :
        List.of(
            arn("orders") + "/consumer/audit:1",
            arn("orders") + "/consumer/ship:" + now().getEpochSecond(),
            audit.replace("/orders/", "/bills/"),
            audit.replace(ACCOUNT, "111111111111"),
            audit.replace("us-east-1", "eu-west-1"))) {
      failure(ResourceNotFoundException.class, description(unknown));
      failure(ResourceNotFoundException.class, deregistration(unknown));
    }
    for (String stream : List.of("orders", "bills")) {
      failure(
          ResourceNotFoundException.class,
          client().describeStreamConsumer(DescribeStreamConsumerRequest.of(arn(stream), "ship")));
    }
    failure(ResourceNotFoundException.class, registration("bills", "audit"));
    failure(
        ResourceNotFoundException.class,
        client().listStreamConsumers(ListStreamConsumersRequest.of(arn("bills"))));
  }

  @Test
  void refusesMembersThatBreakTheirConstraints() {
    create("orders", 1);
    for (CompletionStage<?> call :
        List.of(
            registration("orders", "no name"),
            client().registerStreamConsumer(new RegisterStreamConsumerRequest(null, "audit")),
            client().registerStreamConsumer(new RegisterStreamConsumerRequest(arn("orders"), null)),
            description(arn("orders")),
            deregistration("audit"),
            client().listStreamConsumers(ListStreamConsumersRequest.of(null)),
            client()
                .listStreamConsumers(
                    ListStreamConsumersRequest.of(arn("orders")).withMaxResults(0)))) {
      failure(ValidationException.class, call);
    }
  }

  // listing

  @Test
  void listsConsumersByNamePageByPage() {
    create("orders", 1);
    for (String name : List.of("ship", "audit", "bill")) {
      registerActive("orders", name);
    }
    assertThat(names(listed("orders"))).containsExactly("audit", "bill", "ship");

    ListStreamConsumersRequest first =
        ListStreamConsumersRequest.of(arn("orders"))
            .withMaxResults(1)
            .withStreamCreationTimestamp(describe("orders").streamCreationTimestamp());
    ListStreamConsumersResponse page = list(first);
    assertThat(names(page.consumers())).containsExactly("audit");
    // The next page starts after the last name, though its consumer has gone.
    deregister(page.consumers().get(0));
    page = list(first.next(page.nextToken()));
    assertThat(names(page.consumers())).containsExactly("bill");
    page = list(first.next(page.nextToken()));
    assertThat(names(page.consumers())).containsExactly("ship");
    assertThat(page.nextToken()).isNull();
  }

  @Test
  void aTokenIsGoodForItsStreamAndFor300Seconds() {
    create("orders", 1);
    create("bills", 1);
    registerActive("orders", "audit");
    registerActive("orders", "ship");
    ListStreamConsumersRequest first =
        ListStreamConsumersRequest.of(arn("orders")).withMaxResults(1);
    String token = list(first).nextToken();

    failure(
        InvalidArgumentException.class,
        client().listStreamConsumers(ListStreamConsumersRequest.of(arn("bills")).next(token)));
    failure(InvalidArgumentException.class, client().listStreamConsumers(first.next("made up")));
    failure(
        InvalidArgumentException.class,
        client().listStreamConsumers(first.next(token).withStreamCreationTimestamp(now())));
    failure(InvalidArgumentException.class, client().listStreams(ListStreamsRequest.next(token)));
    clock.advance(Duration.ofMinutes(5).minusMillis(1));
    assertThat(names(list(first.next(token)).consumers())).containsExactly("ship");
    clock.advance(Duration.ofMillis(1));
    failure(ExpiredNextTokenException.class, client().listStreamConsumers(first.next(token)));
  }

  @Test
  void tellsAStreamFromAnEarlierOneOfItsName() {
    create("orders", 1);
    registerActive("orders", "audit");
    Consumer ship = registerActive("orders", "ship");
    ListStreamConsumersRequest first =
        ListStreamConsumersRequest.of(arn("orders")).withMaxResults(1);
    String token = list(first).nextToken();
    var created = describe("orders").streamCreationTimestamp();
    delete("orders");
    clock.advance(Duration.ofSeconds(1));
    create("orders", 1);
    registerActive("orders", "ship");

    failure(ResourceNotFoundException.class, client().listStreamConsumers(first.next(token)));
    failure(
        ResourceNotFoundException.class,
        client().listStreamConsumers(first.withStreamCreationTimestamp(created)));
    failure(ResourceNotFoundException.class, description(ship.consumerARN()));
  }

  // streams in other states

  @Test
  void aStreamThatIsCreatedHasNoConsumers() {
    withManualTime("millrace.streams.creating-delay = 60s");
    get(client().createStream("orders", 1));

    failure(ResourceInUseException.class, registration("orders", "audit"));
    assertThat(listed("orders")).isEmpty();
  }

  @Test
  void aStreamWithConsumersIsDeletedOnlyWhenThatIsEnforced() {
    create("orders", 1);
    Consumer audit = registerActive("orders", "audit");

    for (Boolean enforced : new Boolean[] {null, false}) {
      failure(
          ResourceInUseException.class,
          client().deleteStream(new DeleteStreamRequest("orders", null, enforced)));
    }
    assertThat(describe("orders").streamStatus()).isEqualTo(StreamStatus.ACTIVE);
    assertThat(status(audit)).isEqualTo(ConsumerStatus.ACTIVE);

    watched().holdErasures();
    get(client().deleteStream(DeleteStreamRequest.of("orders").withConsumers()));
    assertThat(status(audit)).isEqualTo(ConsumerStatus.DELETING);
    assertThat(names(listed("orders"))).containsExactly("audit");
    failure(ResourceInUseException.class, registration("orders", "ship"));
    failure(ResourceInUseException.class, deregistration(audit.consumerARN()));
    watched().releaseErasures();
    awaitGone("orders");
    failure(ResourceNotFoundException.class, description(audit.consumerARN()));
  }

  @Test
  void aStreamIsDeletedAsEverOnceItsConsumersAreGone() {
    create("orders", 1);
    deregister(registerActive("orders", "audit"));

    get(client().deleteStream(DeleteStreamRequest.of("orders")));

    awaitGone("orders");
  }

  // rates of calls

  @Test
  void registrationsAreCountedPerAccount() {
    with("millrace.limits.mode = kinesis");
    create("orders", 1);
    create("bills", 1);

    assertRate(5, () -> registration("orders", "audit"));
    assertThrottled(() -> registration("bills", "audit"));
  }

  @Test
  void otherCallsAreCountedPerStream() {
    with("millrace.limits.mode = kinesis");
    create("orders", 1);
    create("bills", 1);
    String audit = register("orders", "audit").consumerARN();
    String other = register("bills", "audit").consumerARN();

    assertRate(20, () -> description(audit));
    get(description(other));
    assertRate(5, () -> client().listStreamConsumers(ListStreamConsumersRequest.of(arn("orders"))));
    get(client().listStreamConsumers(ListStreamConsumersRequest.of(arn("bills"))));
  }

  @Test
  void deregistrationsAreCountedPerStream() {
    with("millrace.limits.mode = kinesis, millrace.streams.consumer-delay = 1h");
    create("orders", 1);
    create("bills", 1);
    String audit = register("orders", "audit").consumerARN();
    String other = register("bills", "audit").consumerARN();

    assertRate(5, () -> deregistration(audit));
    get(deregistration(other));
  }

  /** So many calls are let through, whatever becomes of them, and one more is throttled. */
  private static void assertRate(int calls, Supplier<CompletionStage<?>> call) {
    for (int i = 0; i < calls; i++) {
      try {
        get(call.get());
      } catch (ResourceInUseException counted) {
        assertThat(i).isPositive();
      }
    }
    assertThrottled(call);
  }

  private static void assertThrottled(Supplier<CompletionStage<?>> call) {
    assertThat(failure(LimitExceededException.class, call.get()).outcome())
        .isEqualTo(Outcome.THROTTLED);
  }
}
