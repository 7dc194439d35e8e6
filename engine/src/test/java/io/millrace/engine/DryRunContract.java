package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.DryRunOperationException;
import io.millrace.engine.api.ExpiredIteratorException;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.ValidationException;
import io.millrace.engine.model.Payload;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Requests that are only checked. */
public abstract class DryRunContract extends StreamClientContract {

  private static final int KIB = 1024;

  private static PutRecordRequest record(Payload data) {
    return PutRecordRequest.of("orders", "key", data);
  }

  @Test
  void aPutThatWouldSucceedStoresNothing() {
    create("orders", 1);

    DryRunOperationException checked =
        failure(DryRunOperationException.class, client().putRecord(record(data("one")).asDryRun()));
    failure(
        DryRunOperationException.class,
        client()
            .putRecords(
                PutRecordsRequest.of("orders", PutRecordsRequestEntry.of("key", data("two")))
                    .asDryRun()));

    assertThat(checked.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(texts("orders")).isEmpty();
  }

  @Test
  void aRetryingClientPassesItOn() {
    create("orders", 1);
    StreamClient retrying = engine().retryingClient(RetryPolicy.STANDARD);

    failure(DryRunOperationException.class, retrying.putRecord(record(data("one")).asDryRun()));
    failure(
        DryRunOperationException.class,
        retrying.putRecords(
            PutRecordsRequest.of("orders", PutRecordsRequestEntry.of("key", data("two")))
                .asDryRun()));

    assertThat(texts("orders")).isEmpty();
  }

  @Test
  void aPutThatWouldFailFails() {
    create("orders", 1);

    failure(
        ResourceNotFoundException.class,
        client().putRecord(PutRecordRequest.of("nowhere", "key", data("one")).asDryRun()));
    failure(
        InvalidArgumentException.class, client().putRecord(record(bytes(1024 * KIB)).asDryRun()));
    failure(
        InvalidArgumentException.class,
        client().putRecord(record(data("one")).withSequenceNumberForOrdering("17").asDryRun()));
    failure(ValidationException.class, client().putRecord(record(null).asDryRun()));
    failure(
        InvalidArgumentException.class,
        client()
            .putRecords(
                PutRecordsRequest.of(
                        "orders",
                        PutRecordsRequestEntry.of("key", data("fits")),
                        PutRecordsRequestEntry.of("key", bytes(1024 * KIB)))
                    .asDryRun()));
  }

  @Test
  void aReadIsCheckedAsIfItWereMade() {
    create("orders", 1);
    put("orders", "one");
    GetShardIteratorRequest place = GetShardIteratorRequest.trimHorizon("orders", SHARD_0);
    String iterator = iterator(place);

    failure(DryRunOperationException.class, client().getShardIterator(place.asDryRun()));
    failure(
        DryRunOperationException.class,
        client().getRecords(GetRecordsRequest.of(iterator).asDryRun()));

    failure(
        ResourceNotFoundException.class,
        client()
            .getShardIterator(
                GetShardIteratorRequest.trimHorizon("orders", "shardId-000000000009").asDryRun()));
    failure(
        InvalidArgumentException.class,
        client()
            .getShardIterator(
                GetShardIteratorRequest.atSequenceNumber("orders", SHARD_0, "17").asDryRun()));
    failure(
        InvalidArgumentException.class,
        client()
            .getShardIterator(
                GetShardIteratorRequest.atTimestamp("orders", SHARD_0, now().plusSeconds(60))
                    .asDryRun()));
    failure(
        InvalidArgumentException.class,
        client().getRecords(GetRecordsRequest.of("none").asDryRun()));
    clock.advance(Duration.ofSeconds(301));
    failure(
        ExpiredIteratorException.class,
        client().getRecords(GetRecordsRequest.of(iterator).asDryRun()));
  }

  @Test
  void aDryRunCostsNoBudget() {
    with("millrace.limits.mode = kinesis");
    create("orders", 1);
    String iterator = trimHorizon("orders");
    for (int i = 0; i < 20; i++) {
      failure(
          DryRunOperationException.class, client().putRecord(record(bytes(1000 * KIB)).asDryRun()));
      failure(
          DryRunOperationException.class,
          client().getRecords(GetRecordsRequest.of(iterator).asDryRun()));
      failure(
          DryRunOperationException.class,
          client()
              .getShardIterator(GetShardIteratorRequest.trimHorizon("orders", SHARD_0).asDryRun()));
    }

    get(client().putRecord(record(bytes(1000 * KIB))));
    assertThat(read(iterator).records()).hasSize(1);
    for (int i = 0; i < 4; i++) {
      trimHorizon("orders");
    }
  }
}
