package io.millrace.engine;

import static io.millrace.engine.StreamClientContract.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.engine.api.ForgottenPutException;
import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.ProvisionedThroughputExceededException;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordResponse;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResponse;
import io.millrace.engine.api.PutRecordsResultEntry;
import io.millrace.engine.model.Account;
import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.ProducerSequence;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Which producer's sequence each attempt of a retrying client carries, and when it gives up. */
class RetryingPutsTest {

  private static final SequenceNumber NUMBER =
      new SequenceNumber(1_700_000_000L, SequenceNumber.counter(7, 3), 1_700_000_100L, 2);
  private final MillraceException unknown = InternalFailureException.unknown("test");
  private final MillraceException notWritten = InternalFailureException.notWritten("test");
  private final MillraceException throttled =
      ProvisionedThroughputExceededException.of(
          new ShardId(0), new StreamName("orders"), Account.of("us-east-1", "000000000000"));

  /** What the client below does with each attempt, a row for each call; null stores. */
  private final Deque<MillraceException[]> script = new ArrayDeque<>();

  private final List<List<ProducerSequence>> attempts = new ArrayList<>();

  private RetryingPuts puts() {
    StreamClient below =
        (StreamClient)
            Proxy.newProxyInstance(
                StreamClient.class.getClassLoader(),
                new Class<?>[] {StreamClient.class},
                (proxy, method, arguments) ->
                    arguments[0] instanceof PutRecordRequest request
                        ? one(request)
                        : many((PutRecordsRequest) arguments[0]));
    return new RetryingPuts(
        below,
        4,
        new ProducerNumbers(() -> 1000, new Random(1)),
        attempts -> CompletableFuture.completedFuture(null));
  }

  private CompletionStage<PutRecordResponse> one(PutRecordRequest request) {
    attempts.add(Arrays.asList(request.producerSequence()));
    MillraceException failure = script.remove()[0];
    return failure == null
        ? CompletableFuture.completedFuture(
            new PutRecordResponse(NUMBER.shardId(), NUMBER, EncryptionType.NONE))
        : CompletableFuture.failedFuture(failure);
  }

  private CompletionStage<PutRecordsResponse> many(PutRecordsRequest request) {
    attempts.add(request.records().stream().map(PutRecordsRequestEntry::producerSequence).toList());
    MillraceException[] failures = script.remove();
    if (failures.length != request.records().size()) {
      return CompletableFuture.failedFuture(failures[0]);
    }
    return CompletableFuture.completedFuture(
        PutRecordsResponse.of(
            Arrays.stream(failures)
                .map(
                    failure ->
                        failure == null
                            ? PutRecordsResultEntry.stored(NUMBER.shardId(), NUMBER)
                            : PutRecordsResultEntry.failed(failure.outcome(), failure.getMessage()))
                .toList(),
            EncryptionType.NONE));
  }

  private void script(MillraceException... failures) {
    script.add(failures);
  }

  private static PutRecordRequest record() {
    return PutRecordRequest.of("orders", "key", Payload.utf8("data"));
  }

  private ProducerSequence attempt(int number) {
    return attempts.get(number).get(0);
  }

  private static Outcome outcomeOf(CompletionStage<?> put) {
    return ((MillraceException) catchThrowable(() -> get(put))).outcome();
  }

  @Test
  void unknownOutcomeIsRepeatedUnderTheSameNumber() {
    script(unknown);
    script(notWritten);
    script((MillraceException) null);

    assertThat(get(puts().putRecord(record())).sequenceNumber()).isEqualTo(NUMBER);

    assertThat(attempt(0)).isNotNull().isEqualTo(attempt(1)).isEqualTo(attempt(2));
  }

  @Test
  void certainFailureIsRepeatedUnderANewNumber() {
    script(throttled);
    script(notWritten);
    script((MillraceException) null);

    get(puts().putRecord(record()));

    assertThat(attempts).doesNotHaveDuplicates();
    assertThat(attempt(0).producer()).isEqualTo(attempt(2).producer());
    assertThat(attempt(0).sequence()).isLessThan(attempt(1).sequence());
  }

  @Test
  void numberThatMayBeForgottenOfARecordThatIsNotStoredGivesANewProducer() {
    script(new ForgottenPutException());
    script((MillraceException) null);
    script((MillraceException) null);
    RetryingPuts puts = puts();

    get(puts.putRecord(record()));
    get(puts.putRecord(record()));

    assertThat(attempt(1).producer().bornMillis())
        .isGreaterThan(attempt(0).producer().bornMillis());
    assertThat(attempt(2).producer()).isEqualTo(attempt(1).producer());
  }

  /** A shard has forgotten a producer whose clock was fast, or this one's is slow. */
  @Test
  void whereANewProducerIsTooOldAsWellTheRecordGoesWithoutANumber() {
    script(new ForgottenPutException());
    script(new ForgottenPutException());
    script(throttled);
    script((MillraceException) null);

    get(puts().putRecord(record()));

    assertThat(attempt(1).producer()).isNotEqualTo(attempt(0).producer());
    assertThat(attempt(2)).isNull();
    assertThat(attempt(3)).isNull();
  }

  @Test
  void unknownOutcomeWithoutANumberIsNotRepeated() {
    script(new ForgottenPutException());
    script(new ForgottenPutException());
    script(unknown);

    assertThat(outcomeOf(puts().putRecord(record()))).isEqualTo(Outcome.UNKNOWN);
    assertThat(attempts).hasSize(3);
  }

  @Test
  void numberThatMayBeForgottenOfARecordThatMayBeStoredEndsIt() {
    script(unknown);
    script(new ForgottenPutException());

    assertThat(outcomeOf(puts().putRecord(record()))).isEqualTo(Outcome.FORGOTTEN);
    assertThat(attempts).hasSize(2);
  }

  @Test
  void whoGivesUpAfterAnUnknownOutcomeIsToldSo() {
    script(unknown);
    script(throttled);
    script(throttled);
    script(throttled);

    assertThat(outcomeOf(puts().putRecord(record()))).isEqualTo(Outcome.UNKNOWN);
    assertThat(script).isEmpty();
  }

  @Test
  void refusalIsNotRepeated() {
    script(new InvalidArgumentException("test"));

    assertThat(outcomeOf(puts().putRecord(record()))).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void numberOfTheCallerStays() {
    ProducerId producer = new ProducerId(5, 6);
    script(throttled);
    script(unknown);
    script(new ForgottenPutException());

    assertThat(outcomeOf(puts().putRecord(record().withProducer(producer, 7))))
        .isEqualTo(Outcome.FORGOTTEN);

    assertThat(attempts)
        .hasSize(3)
        .allSatisfy(
            attempt -> assertThat(attempt).containsExactly(new ProducerSequence(producer, 7)));
  }

  @Test
  void ofManyOnlyTheFailedAreRepeatedEachUnderItsNumber() {
    PutRecordsRequestEntry entry = PutRecordsRequestEntry.of("key", Payload.utf8("data"));
    script(null, unknown, throttled, null);
    script(unknown, new ForgottenPutException());
    script(null, null);

    PutRecordsResponse response =
        get(puts().putRecords(PutRecordsRequest.of("orders", entry, entry, entry, entry)));

    assertThat(response.failedRecordCount()).isZero();
    assertThat(attempts.get(0)).doesNotHaveDuplicates().doesNotContainNull();
    ProducerSequence doubtful = attempts.get(0).get(1);
    assertThat(attempts.get(1).get(0)).isEqualTo(doubtful);
    assertThat(attempts.get(2).get(0)).isEqualTo(doubtful);
    assertThat(attempts.get(1).get(1)).isNotIn(attempts.get(0));
    assertThat(attempts.get(2).get(1).producer()).isNotEqualTo(doubtful.producer());
  }

  @Test
  void ofManyThoseGoWithoutANumberThatNoNumberHelps() {
    PutRecordsRequestEntry entry = PutRecordsRequestEntry.of("key", Payload.utf8("data"));
    script(new ForgottenPutException(), unknown);
    script(new ForgottenPutException(), unknown);
    script(unknown, null);

    PutRecordsResponse response =
        get(puts().putRecords(PutRecordsRequest.of("orders", entry, entry)));

    assertThat(response.records())
        .extracting(PutRecordsResultEntry::failure)
        .containsExactly(Outcome.UNKNOWN, null);
    assertThat(attempts.get(2)).containsExactly(null, attempts.get(0).get(1));
  }

  @Test
  void ofManyWhatStaysDoubtfulIsToldSo() {
    PutRecordsRequestEntry entry = PutRecordsRequestEntry.of("key", Payload.utf8("data"));
    script(unknown, throttled);
    script(throttled, throttled);
    script(throttled, throttled);
    script(throttled, throttled);

    PutRecordsResponse response =
        get(puts().putRecords(PutRecordsRequest.of("orders", entry, entry)));

    assertThat(response.records())
        .extracting(PutRecordsResultEntry::failure)
        .containsExactly(Outcome.UNKNOWN, Outcome.THROTTLED);
  }

  @Test
  void manyThatAreRefusedAsAWholeFail() {
    PutRecordsRequestEntry entry = PutRecordsRequestEntry.of("key", Payload.utf8("data"));
    script(new InvalidArgumentException("test"));

    assertThat(outcomeOf(puts().putRecords(PutRecordsRequest.of("orders", entry, entry))))
        .isEqualTo(Outcome.REFUSED);
  }
}
