package io.millrace.channels.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.api.ChannelEncryptionConfiguration;
import io.millrace.engine.api.CloudWatchLogs;
import io.millrace.engine.api.DeadLetterQueueS3Configuration;
import io.millrace.engine.api.RecordConfiguration;
import io.millrace.engine.api.S3DestinationConfiguration;
import io.millrace.engine.api.S3StorageConfiguration;
import io.millrace.engine.model.ChannelArn;
import io.millrace.engine.model.ChannelEncryptionType;
import io.millrace.engine.model.ChannelStatus;
import io.millrace.engine.model.RecordFormatType;
import io.millrace.engine.model.S3CompressionType;
import io.millrace.engine.model.S3StorageClass;
import io.millrace.engine.model.StreamArn;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What was stored once is read for ever, and what is stored now is what was meant. */
class StoredFormsTest {

  private static final ChannelSerializer SERIALIZER = new ChannelSerializer();

  private static final CloudWatchLogs LOGS =
      new CloudWatchLogs(true, "/aws/kinesis/orders-to-flour/id", "DestinationDelivery");

  private static final Channel CHANNEL =
      new Channel(
          ChannelArn.parse(
                  "arn:aws:kinesis:us-east-1:000000000000:channel/orders-to-flour/6f1c9c1e-3b0a")
              .orElseThrow(),
          StreamArn.parse("arn:aws:kinesis:us-east-1:000000000000:stream/orders").orElseThrow(),
          7,
          1_700_000_000_123L,
          1_700_000_001_456L,
          "arn:aws:iam::000000000000:role/miller",
          new RecordConfiguration(
              RecordFormatType.JSON, "arn:aws:glue:us-east-1:000000000000:schema/mill/orders"),
          new S3DestinationConfiguration(
              450,
              new DeadLetterQueueS3Configuration("arn:aws:s3:::dregs", "111111111111", "bad/"),
              new S3StorageConfiguration(
                  "arn:aws:s3:::flour",
                  "000000000000",
                  "!{channel-id}!{extension}",
                  S3StorageClass.GLACIER_IR,
                  S3CompressionType.ZSTD)),
          Optional.of(new ChannelEncryptionConfiguration(ChannelEncryptionType.KMS, "alias/mill")),
          LOGS,
          Map.of("team", "mill", "stage", ""),
          ChannelStatus.CREATING,
          Optional.empty());

  /** With nothing that may be left out. */
  private static final Channel PLAIN =
      new Channel(
          new ChannelArn(CHANNEL.arn().account(), "plain", "id"),
          CHANNEL.stream(),
          1,
          0,
          0,
          "r",
          RecordConfiguration.of(RecordFormatType.BYTE_ARRAY),
          CHANNEL.destination(),
          Optional.empty(),
          LOGS,
          Map.of(),
          ChannelStatus.FAILED,
          Optional.of("The stream is not there."));

  private static Map<String, Object> values() {
    String name = CHANNEL.name();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("channel.created.v1", new ChannelEvent.ChannelCreated(CHANNEL));
    values.put("channel.activated.v1", new ChannelEvent.ChannelActivated(name));
    values.put("channel.updated.v1", new ChannelEvent.ChannelUpdated(name, 900, LOGS));
    values.put(
        "channel.tagged.v1", new ChannelEvent.ChannelTagged(name, Map.of("a", "1", "b", "")));
    values.put("channel.failed.v1", new ChannelEvent.ChannelFailed(name, "No stream."));
    values.put("channel.deletion-started.v1", new ChannelEvent.ChannelDeletionStarted(name));
    values.put("channel.deleted.v1", new ChannelEvent.ChannelDeleted(name));
    values.put(
        "channel.state.v1",
        new ChannelsState(new TreeMap<>(Map.of(name, CHANNEL, PLAIN.name(), PLAIN))));
    return values;
  }

  static Stream<Arguments> forms() {
    return values().entrySet().stream().map(form -> Arguments.of(form.getKey(), form.getValue()));
  }

  private static byte[] golden(String manifest) throws IOException {
    try (InputStream in =
        StoredFormsTest.class.getResourceAsStream("stored/" + manifest + ".hex")) {
      return HexFormat.of()
          .parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void readsWhatWasStored(String manifest, Object value) throws IOException {
    assertThat(SERIALIZER.fromBinary(golden(manifest), manifest)).isEqualTo(value);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void storesTheSameBytesAsEver(String manifest, Object value) throws IOException {
    assertThat(SERIALIZER.manifest(value)).isEqualTo(manifest);
    assertThat(HexFormat.of().formatHex(SERIALIZER.toBinary(value)))
        .isEqualTo(HexFormat.of().formatHex(golden(manifest)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void saysWhatItCannotRead(String manifest, Object value) {
    byte[] bytes = SERIALIZER.toBinary(value);
    assertThatThrownBy(() -> SERIALIZER.fromBinary(bytes, "channel.new.v9"))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("channel.new.v9");
    for (int length = 1; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> SERIALIZER.fromBinary(cut, manifest))
          .isInstanceOf(NotSerializableException.class)
          .hasMessageContaining(manifest);
    }
  }

  @Test
  void hasAnExampleOfEveryEvent() {
    assertThat(values().values())
        .<Class<?>>extracting(Object::getClass)
        .containsAll(List.of(ChannelEvent.class.getPermittedSubclasses()));
  }
}
