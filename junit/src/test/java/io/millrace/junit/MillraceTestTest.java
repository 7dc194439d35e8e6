package io.millrace.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Millrace;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.ListStreamsRequest;
import io.millrace.engine.model.StreamName;
import java.net.URI;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

@Tag("database")
@MillraceTest(streams = {"orders:1", "audit:2"})
class MillraceTestTest {

  private static Millrace engine;

  @BeforeAll
  static void seesTheEngineBeforeAnyTest(Millrace millrace) {
    engine = millrace;
  }

  @Test
  void handsOutClientsOfOneEngine(KinesisClient kinesis, KinesisAsyncClient async) {
    kinesis.putRecord(
        r -> r.streamName("orders").partitionKey("k").data(SdkBytes.fromUtf8String("bread")));
    String iterator =
        async
            .getShardIterator(
                r ->
                    r.streamName("orders")
                        .shardId("shardId-000000000000")
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
            .join()
            .shardIterator();
    assertThat(async.getRecords(r -> r.shardIterator(iterator)).join().records())
        .extracting(Record::data)
        .extracting(SdkBytes::asUtf8String)
        .containsExactly("bread");
  }

  @Test
  void hasTheStreamsFromTheStart(StreamClient streams) {
    assertThat(
            streams
                .listStreams(ListStreamsRequest.all())
                .toCompletableFuture()
                .join()
                .streamNames())
        .containsExactly(new StreamName("audit"), new StreamName("orders"));
  }

  @Test
  void keepsOneEngineForTheClass(Millrace millrace, URI endpoint) {
    assertThat(millrace).isSameAs(engine);
    assertThat(endpoint.getHost()).isEqualTo("127.0.0.1");
  }
}
