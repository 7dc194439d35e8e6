package io.millrace.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.api.ReshardProgress;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.model.Account;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.ConsumerStatus;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamLookupTest {

  private static final Account ACCOUNT = Account.of("us-east-1", "000000000000");
  private static final StreamName ORDERS = new StreamName("orders");
  private static final String STREAM_ARN = ACCOUNT.arn(ORDERS).toString();
  private static final ConsumerView AUDIT =
      new ConsumerView(
          new ConsumerName("audit"),
          STREAM_ARN + "/consumer/audit:17",
          ConsumerStatus.DELETING,
          17_000);

  private final LocalStreamViews views = new LocalStreamViews();
  private final StreamLookup lookup = new StreamLookup(views, ACCOUNT);

  @BeforeEach
  void publish() {
    views.publish(stream());
  }

  @Test
  void findsTheConsumerOfAnArn() {
    assertThat(lookup.requireConsumer(AUDIT.arn()))
        .isEqualTo(new StreamLookup.Registration(stream(), AUDIT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/audit:16",
        "arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/ship:17",
        "arn:aws:kinesis:us-east-1:000000000000:stream/other/consumer/audit:17",
        "arn:aws:kinesis:us-east-1:111111111111:stream/orders/consumer/audit:17",
        "arn:aws:kinesis:eu-west-1:000000000000:stream/orders/consumer/audit:17",
        "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
        "audit"
      })
  void findsNoOther(String arn) {
    assertThatThrownBy(() -> lookup.requireConsumer(arn))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessage("Consumer %s under account 000000000000 not found.", arn);
  }

  private static StreamView stream() {
    return new StreamView(
        ORDERS,
        1,
        STREAM_ARN,
        StreamStatus.ACTIVE,
        StreamMode.PROVISIONED,
        0,
        24,
        1024 * 1024,
        List.of(),
        Long.MIN_VALUE,
        0,
        ReshardProgress.NONE,
        List.of(),
        List.of(AUDIT),
        Optional.empty(),
        Set.of(),
        RecordDistributionStrategy.USER_PARTITION_KEY,
        Attachments.NONE);
  }
}
