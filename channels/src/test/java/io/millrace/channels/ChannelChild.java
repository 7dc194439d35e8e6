package io.millrace.channels;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.ChannelClient;
import io.millrace.engine.Millrace;
import io.millrace.engine.api.ChannelStreamConfiguration;
import io.millrace.engine.api.CreateChannelRequest;
import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.RecordConfiguration;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.S3DestinationConfiguration;
import io.millrace.engine.api.S3StorageConfiguration;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RecordFormatType;
import io.millrace.engine.model.S3CompressionType;
import io.millrace.testkit.Awaits;
import java.nio.file.Path;

/** Puts numbered records into a stream that a channel delivers, until it is killed. */
final class ChannelChild {

  static final String STREAM = "orders";

  private ChannelChild() {}

  static Config settings(Path directory) {
    return ConfigFactory.parseString(
        """
        millrace.limits.mode = off
        millrace.storage.directory = "%s"
        millrace.channels {
          min-data-freshness = 1s
          check-interval = 10ms
          max-object-bytes = 4000
        }
        """
            .formatted(directory));
  }

  public static void main(String[] arguments) {
    int number = Integer.parseInt(arguments[1]);
    Millrace millrace = Millrace.open(settings(Path.of(arguments[0])));
    ChannelClient channels = Channels.of(millrace);
    try {
      Awaits.get(millrace.client().createStream(CreateStreamRequest.onDemand(STREAM)));
      Awaits.get(millrace.awaitActive(STREAM));
      Awaits.get(channels.createChannel(request()));
    } catch (ResourceInUseException laterLife) {
      Awaits.get(millrace.awaitActive(STREAM));
    }
    while (true) {
      String data = "order-" + number;
      Awaits.get(millrace.client().putRecord(STREAM, "key-" + number % 20, Payload.utf8(data)));
      System.out.println(data);
      number++;
    }
  }

  private static CreateChannelRequest request() {
    return CreateChannelRequest.toS3(
        "orders-to-flour",
        "arn:aws:iam::000000000000:role/miller",
        new ChannelStreamConfiguration(
            "arn:aws:kinesis:us-east-1:000000000000:stream/" + STREAM,
            RecordConfiguration.of(RecordFormatType.STRING)),
        S3DestinationConfiguration.of(
                S3StorageConfiguration.of(
                    "arn:aws:s3:::flour", "000000000000", S3CompressionType.GZIP))
            .withDataFreshnessInSeconds(1));
  }
}
