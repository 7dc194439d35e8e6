package io.millrace.engine.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Account;
import io.millrace.engine.model.KeyFailure;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MillraceExceptionTest {

  private static final Account HOME = Account.of("us-east-1", "000000000000");
  private static final StreamName ORDERS = new StreamName("orders");

  private static final List<MillraceException> ONE_OF_EACH =
      List.of(
          ResourceNotFoundException.stream("orders", HOME),
          new ResourceInUseException("taken"),
          new InvalidArgumentException("wrong"),
          new ValidationException("wrong"),
          LimitExceededException.throttled("too many at once"),
          ProvisionedThroughputExceededException.of(new ShardId(3), ORDERS, HOME),
          ExpiredIteratorException.of(Instant.EPOCH, Instant.EPOCH.plusSeconds(301), 300_000),
          new ExpiredNextTokenException("old"),
          new KMSDisabledException("disabled"),
          new KMSInvalidStateException("pending"),
          new KMSAccessDeniedException("denied"),
          new KMSNotFoundException("lost"),
          new KMSOptInRequired("not subscribed"),
          new KMSThrottlingException("busy"),
          new DryRunOperationException(),
          InternalFailureException.unknown("lost touch with the storage"),
          new CorruptRecordException("orders~1~0", "event 7", "wrong checksum"),
          new ForgottenPutException(),
          new EngineClosedException());

  @Test
  void everyErrorIsHere() {
    assertThat(ONE_OF_EACH)
        .extracting(Object::getClass)
        .containsExactlyInAnyOrder(MillraceException.class.getPermittedSubclasses());
  }

  @Test
  void errorsCarryTheNamesOfTheApi() {
    Set<String> ownNames =
        Set.of("CorruptRecordException", "EngineClosedException", "ForgottenPutException");
    ServiceDescription api = ServiceDescription.read();
    for (MillraceException error : ONE_OF_EACH) {
      String name = error.getClass().getSimpleName();
      if (!ownNames.contains(name)) {
        assertThat(error.errorName()).isEqualTo(name);
        assertThat(api.shape(name).type()).isEqualTo("structure");
      }
    }
    assertThat(new CorruptRecordException("s", "p", "d").errorName())
        .isEqualTo("InternalFailureException");
    assertThat(new ForgottenPutException().errorName()).isEqualTo("InvalidArgumentException");
    assertThat(new EngineClosedException().errorName()).isEqualTo("ServiceUnavailable");
  }

  @Test
  void onlyLimitsThrottle() {
    assertThat(
            ONE_OF_EACH.stream()
                .filter(error -> error.outcome() == Outcome.THROTTLED)
                .map(MillraceException::errorName)
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(
            "LimitExceededException",
            "ProvisionedThroughputExceededException",
            "KMSThrottlingException");
  }

  @Test
  void everyKeyFailureHasItsError() {
    for (KeyFailure reason : KeyFailure.values()) {
      MillraceException error = KeyFailures.of(reason, "why");
      assertThat(error).hasMessageContaining("why");
      assertThat(error.errorName().replaceAll("Exception$|^KMS", ""))
          .isEqualToIgnoringCase(
              reason == KeyFailure.UNAVAILABLE
                  ? "InternalFailure"
                  : reason.name().replace("THROTTLED", "THROTTLING").replace("_", ""));
      assertThat(error.outcome()).isNotEqualTo(Outcome.UNKNOWN);
    }
  }

  @Test
  void quotaRefusesAndRateThrottles() {
    assertThat(LimitExceededException.refused("full").outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(LimitExceededException.throttled("fast").outcome()).isEqualTo(Outcome.THROTTLED);
  }

  @Test
  void internalFailureSaysWhetherSomethingWasStored() {
    IllegalStateException cause = new IllegalStateException();
    assertThat(InternalFailureException.notWritten("full", cause))
        .hasMessage("Internal Service Failure. full")
        .hasCause(cause)
        .extracting(MillraceException::outcome)
        .isEqualTo(Outcome.NOT_WRITTEN);
    assertThat(InternalFailureException.unknown("gone", cause).outcome())
        .isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void corruptRecordNamesItsPlace() {
    assertThat(new CorruptRecordException("orders~1~0", "event 7", "wrong checksum"))
        .hasMessage("Corrupt record in shard orders~1~0 at event 7: wrong checksum")
        .extracting(MillraceException::outcome)
        .isEqualTo(Outcome.REFUSED);
  }

  @Test
  void messagesAreThoseOfTheService() {
    assertThat(ResourceNotFoundException.stream("orders", HOME))
        .hasMessage("Stream orders under account 000000000000 not found.");
    assertThat(ResourceNotFoundException.shard("shardId-9", "orders", HOME))
        .hasMessage("Shard shardId-9 in stream orders under account 000000000000 does not exist");
    assertThat(ProvisionedThroughputExceededException.of(new ShardId(3), ORDERS, HOME))
        .hasMessage(
            "Rate exceeded for shard shardId-000000000003 in stream orders under account"
                + " 000000000000.");
    assertThat(ExpiredIteratorException.of(Instant.EPOCH, Instant.EPOCH.plusSeconds(301), 300_000))
        .hasMessageContaining("1970-01-01T00:00:00Z")
        .hasMessageContaining("1970-01-01T00:05:01Z")
        .hasMessageContaining("300000");
  }
}
