package io.millrace.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.Account;
import io.millrace.engine.model.StreamArn;
import io.millrace.engine.model.StreamName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamReferenceTest {

  private static final Account HOME = Account.of("us-east-1", "000000000000");
  private static final StreamName ORDERS = new StreamName("orders");
  private static final String ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";

  @Test
  void nameIsEnough() {
    assertThat(new StreamReference("orders", null).resolve(HOME)).isEqualTo(ORDERS);
  }

  @Test
  void arnIsEnough() {
    assertThat(new StreamReference(null, ARN).resolve(HOME)).isEqualTo(ORDERS);
  }

  @Test
  void nameAndArnMayAgree() {
    assertThat(new StreamReference("orders", ARN).resolve(HOME)).isEqualTo(ORDERS);
  }

  @Test
  void oneOfThemIsNeeded() {
    assertThatThrownBy(() -> new StreamReference(null, null).resolve(HOME))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:kinesis:us-east-1:000000000000:stream/returns",
        "arn:aws:kinesis:eu-west-1:000000000000:stream/orders",
        "arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/c:1"
      })
  void nameAndArnMayNotDisagree(String arn) {
    assertThatThrownBy(() -> new StreamReference("orders", arn).resolve(HOME))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(arn);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:kinesis:eu-west-1:000000000000:stream/orders",
        "arn:aws-cn:kinesis:us-east-1:000000000000:stream/orders",
        "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
        "arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/c:1"
      })
  void arnOfElsewhereIsNotFound(String arn) {
    assertThatThrownBy(() -> new StreamReference(null, arn).resolve(HOME))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessage("Stream " + arn + " under account 000000000000 not found.");
  }

  @Test
  void requestsSayWhichStreamTheyMean() {
    assertThat(DeleteStreamRequest.of("orders").stream())
        .isEqualTo(new StreamReference("orders", null));
    assertThat(UpdateMaxRecordSizeRequest.of(ARN, 2048).stream().resolve(HOME)).isEqualTo(ORDERS);
  }

  @Test
  void arnRoundTrips() {
    assertThat(HOME.arn(ORDERS)).hasToString(ARN);
    assertThat(StreamArn.parse(ARN)).contains(HOME.arn(ORDERS));
    assertThat(StreamArn.parse("orders")).isEmpty();
  }
}
