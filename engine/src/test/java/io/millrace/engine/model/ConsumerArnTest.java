package io.millrace.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsumerArnTest {

  private static final String TEXT =
      "arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/audit:1700000000";
  private static final ConsumerArn ARN =
      new ConsumerArn(
          Account.of("us-east-1", "000000000000").arn(new StreamName("orders")),
          new ConsumerName("audit"),
          1_700_000_000L);

  @Test
  void namesTheConsumerAndWhenItWasRegistered() {
    assertThat(ARN).hasToString(TEXT);
    assertThat(ConsumerArn.parse(TEXT)).contains(ARN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
        "arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/audit",
        "arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/audit:",
        "arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/:1",
        "arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/a/b:1",
        "arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/audit:007",
        "arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/audit:9999999999999999999",
        "arn:aws:kinesis:us-east-1:000000000000:table/orders/consumer/audit:1",
        "orders/consumer/audit:1"
      })
  void readsNothingElse(String text) {
    assertThat(ConsumerArn.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "a:1", "ä", "a\n"})
  void refusesWhatIsNoConsumerName(String text) {
    assertThatThrownBy(() -> new ConsumerName(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
