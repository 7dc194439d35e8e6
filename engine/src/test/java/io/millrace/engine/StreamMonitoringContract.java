package io.millrace.engine;

import static io.millrace.engine.model.MetricsName.ALL;
import static io.millrace.engine.model.MetricsName.INCOMING_BYTES;
import static io.millrace.engine.model.MetricsName.OUTGOING_BYTES;
import static io.millrace.engine.model.MetricsName.OUTGOING_RECORDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.DisableEnhancedMonitoringRequest;
import io.millrace.engine.api.DisableEnhancedMonitoringResponse;
import io.millrace.engine.api.EnableEnhancedMonitoringRequest;
import io.millrace.engine.api.EnableEnhancedMonitoringResponse;
import io.millrace.engine.api.EnhancedMetrics;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.StreamName;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is counted of each shard of a stream, switched on and off. */
public abstract class StreamMonitoringContract extends StreamLifeContract {

  private EnableEnhancedMonitoringResponse enable(String stream, MetricsName... metrics) {
    return get(
        client().enableEnhancedMonitoring(EnableEnhancedMonitoringRequest.of(stream, metrics)));
  }

  private void assertCountedOfShards(String stream, MetricsName... metrics) {
    List<EnhancedMetrics> expected = List.of(new EnhancedMetrics(List.of(metrics)));
    assertThat(describe(stream).enhancedMonitoring()).isEqualTo(expected);
    assertThat(summary(stream).enhancedMonitoring()).isEqualTo(expected);
  }

  @Test
  void shardLevelMetricsAreSwitchedOnAndOffOneByOne() {
    create("orders", 1);
    StreamName name = new StreamName("orders");

    assertThat(enable("orders", OUTGOING_BYTES, INCOMING_BYTES, OUTGOING_BYTES))
        .isEqualTo(
            new EnableEnhancedMonitoringResponse(
                name, List.of(), List.of(INCOMING_BYTES, OUTGOING_BYTES), arn("orders")));
    assertCountedOfShards("orders", INCOMING_BYTES, OUTGOING_BYTES);
    assertThat(
            get(
                client()
                    .disableEnhancedMonitoring(
                        new DisableEnhancedMonitoringRequest(
                            null, List.of(INCOMING_BYTES, OUTGOING_RECORDS), arn("orders")))))
        .isEqualTo(
            new DisableEnhancedMonitoringResponse(
                name,
                List.of(INCOMING_BYTES, OUTGOING_BYTES),
                List.of(OUTGOING_BYTES),
                arn("orders")));
    assertCountedOfShards("orders", OUTGOING_BYTES);
  }

  @Test
  void allShardLevelMetricsAreTheOtherSeven() {
    create("orders", 1);

    List<MetricsName> all = enable("orders", ALL).desiredShardLevelMetrics();

    assertThat(all).hasSize(7).doesNotContain(ALL);
    assertThat(enable("orders", ALL, INCOMING_BYTES).currentShardLevelMetrics()).isEqualTo(all);
    restart();
    assertCountedOfShards("orders", all.toArray(MetricsName[]::new));
    assertThat(
            get(client()
                    .disableEnhancedMonitoring(DisableEnhancedMonitoringRequest.of("orders", ALL)))
                .desiredShardLevelMetrics())
        .isEmpty();
    assertCountedOfShards("orders");
  }

  @Test
  void shardLevelMetricsBelongToAStreamThatIsThere() {
    failure(
        ResourceNotFoundException.class,
        client().enableEnhancedMonitoring(EnableEnhancedMonitoringRequest.of("orders", ALL)));
    create("orders", 1);
    enable("orders", ALL);
    delete("orders");
    create("orders", 1);
    assertCountedOfShards("orders");
  }
}
