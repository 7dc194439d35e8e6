package io.millrace.engine.api;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsumerReferenceTest {

  private static final String STREAM = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";
  private static final String OTHER = "arn:aws:kinesis:us-east-1:000000000000:stream/bills";
  private static final String AUDIT = STREAM + "/consumer/audit:1";

  @ParameterizedTest
  @CsvSource({
    ",, " + AUDIT,
    STREAM + ", audit,",
    STREAM + ", audit, " + AUDIT,
    STREAM + ",, " + AUDIT,
    ", audit, " + AUDIT
  })
  void namesAConsumer(String streamArn, String name, String arn) {
    assertThatCode(() -> new ConsumerReference(streamArn, name, arn).checkArguments())
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    ",,",
    STREAM + ",,",
    ", audit,",
    OTHER + ", audit, " + AUDIT,
    STREAM + ", ship, " + AUDIT,
    OTHER + ",, " + AUDIT,
    ", ship, " + AUDIT,
    STREAM + ", audit, " + AUDIT + ":2"
  })
  void refusesNoneAndTwo(String streamArn, String name, String arn) {
    assertThatThrownBy(() -> new ConsumerReference(streamArn, name, arn).checkArguments())
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void requestsSayWhichConsumerTheyMean() {
    for (Request request :
        new Request[] {
          DescribeStreamConsumerRequest.of(STREAM, "audit"),
          DeregisterStreamConsumerRequest.of(AUDIT)
        }) {
      assertThatCode(request::checkArguments).doesNotThrowAnyException();
    }
    for (Request request :
        new Request[] {
          new DescribeStreamConsumerRequest(OTHER, null, AUDIT),
          new DeregisterStreamConsumerRequest(OTHER, null, AUDIT)
        }) {
      assertThatThrownBy(request::checkArguments).isInstanceOf(InvalidArgumentException.class);
    }
  }

  @Test
  void aFurtherPageIsNotChosenByTheAgeOfItsStream() {
    ListStreamConsumersRequest first =
        ListStreamConsumersRequest.of(STREAM).withStreamCreationTimestamp(Instant.EPOCH);
    assertThatCode(first::checkArguments).doesNotThrowAnyException();
    assertThatCode(() -> first.next("token").checkArguments()).doesNotThrowAnyException();
    assertThatThrownBy(
            () -> first.next("token").withStreamCreationTimestamp(Instant.EPOCH).checkArguments())
        .isInstanceOf(InvalidArgumentException.class);
  }
}
