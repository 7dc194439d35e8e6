package io.millrace.channels;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.ChannelClient;
import io.millrace.engine.Millrace;
import io.millrace.engine.api.ChannelStreamConfiguration;
import io.millrace.engine.api.CreateChannelRequest;
import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.EngineClosedException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.ListChannelsRequest;
import io.millrace.engine.api.RecordConfiguration;
import io.millrace.engine.api.S3DestinationConfiguration;
import io.millrace.engine.api.S3StorageConfiguration;
import io.millrace.engine.model.RecordFormatType;
import io.millrace.engine.model.S3CompressionType;
import io.millrace.engine.testing.InMemoryStore;
import io.millrace.testkit.Awaits;
import org.junit.jupiter.api.Test;

class ChannelsWithoutDirectoryTest {

  @Test
  void noChannelIsCreatedWhereThereIsNoDirectory() {
    try (Millrace millrace = Millrace.open(InMemoryStore.fresh().config())) {
      Awaits.get(millrace.client().createStream(CreateStreamRequest.onDemand("orders")));
      Awaits.get(millrace.awaitActive("orders"));
      CreateChannelRequest request =
          CreateChannelRequest.toS3(
              "orders-to-flour",
              "arn:aws:iam::000000000000:role/miller",
              new ChannelStreamConfiguration(
                  "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
                  RecordConfiguration.of(RecordFormatType.JSON)),
              S3DestinationConfiguration.of(
                  S3StorageConfiguration.of(
                      "arn:aws:s3:::flour", "000000000000", S3CompressionType.NONE)));
      assertThat(Awaits.failureOf(Channels.of(millrace).createChannel(request)))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("millrace.channels.directory");
    }
  }

  @Test
  void channelsEndWithTheirEngine() {
    Millrace millrace = Millrace.open(InMemoryStore.fresh().config());
    ChannelClient channels = Channels.of(millrace);
    millrace.close();
    assertThat(Awaits.failureOf(channels.listChannels(ListChannelsRequest.all())))
        .isInstanceOf(EngineClosedException.class);
  }
}
