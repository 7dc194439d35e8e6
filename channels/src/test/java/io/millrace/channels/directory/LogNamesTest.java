package io.millrace.channels.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.CloudWatchLogs;
import org.junit.jupiter.api.Test;

class LogNamesTest {

  @Test
  void namesThatAreNotGivenAreTheDefaultsOrThePresentOnes() {
    CloudWatchLogs created = LogNames.completed(null, "orders", "id");
    assertThat(created)
        .isEqualTo(new CloudWatchLogs(false, "/aws/kinesis/orders/id", "DestinationDelivery"));
    assertThat(LogNames.completed(new CloudWatchLogs(true, "mill", null), created))
        .isEqualTo(new CloudWatchLogs(true, "mill", "DestinationDelivery"));
    assertThat(LogNames.completed(new CloudWatchLogs(true, null, "s"), "orders", "id"))
        .isEqualTo(new CloudWatchLogs(true, "/aws/kinesis/orders/id", "s"));
  }

  @Test
  void groupAndStreamAreALogger() {
    assertThat(LogNames.logger(LogNames.completed(null, "orders", "id")))
        .isEqualTo("aws.kinesis.orders.id.DestinationDelivery");
  }
}
