package io.millrace.channels.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import io.millrace.channels.bucket.Buckets;
import io.millrace.channels.bucket.KeyTemplate;
import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.RecordFormatType;
import io.millrace.engine.model.S3CompressionType;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of records, on real files. */
class ObjectWriterTest {

  private static final Instant ARRIVED = Instant.parse("2026-03-09T04:05:06.789Z");
  private static final ShardId SHARD = new ShardId(3);

  @TempDir Path root;

  private Delivery delivery(RecordFormatType format, S3CompressionType compression) {
    return new Delivery(
        "orders",
        "id",
        "arn:aws:kinesis:us-east-1:000000000000:channel/orders/id",
        "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
        format,
        compression,
        "flour",
        KeyTemplate.parse("!{yyyy}/!{channel-name}!{extension}"),
        "dregs",
        KeyTemplate.ofDeadLetters("errors/"),
        Optional.empty());
  }

  private static Record record(int counter, byte[] data) {
    return new Record(
        new SequenceNumber(1_700_000_000L, counter, 1_700_000_001L, SHARD.index()),
        ARRIVED.plusSeconds(counter),
        Payload.wrap(data),
        "key-" + counter,
        EncryptionType.NONE);
  }

  private static List<Record> records(String... data) {
    List<Record> records = new ArrayList<>();
    for (String each : data) {
      records.add(record(records.size(), each.getBytes(StandardCharsets.UTF_8)));
    }
    return records;
  }

  private ObjectWriter.Result write(Delivery delivery, List<Record> records) {
    try (ObjectWriter writer =
        new ObjectWriter(delivery, new Buckets(root), SHARD, HashKeyRange.FULL, records.get(0))) {
      for (Record record : records) {
        writer.add(List.of(record));
      }
      return writer.finish();
    }
  }

  private List<Path> files() {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static byte[] decoded(S3CompressionType compression, byte[] object) throws IOException {
    InputStream bytes = new ByteArrayInputStream(object);
    return switch (compression) {
      case NONE -> object;
      case GZIP -> new GZIPInputStream(bytes).readAllBytes();
      case ZSTD -> new ZstdInputStream(bytes).readAllBytes();
    };
  }

  @ParameterizedTest
  @EnumSource
  void compressedBytesComeOutAsTheyWentIn(S3CompressionType compression) throws IOException {
    Random random = new Random(7);
    List<Record> records = new ArrayList<>();
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    for (int i = 0; i < 300; i++) {
      byte[] data = new byte[random.nextInt(5000)];
      if (i % 2 == 0) {
        random.nextBytes(data);
      }
      expected.write(data);
      records.add(record(i, data));
    }
    ObjectWriter.Result result = write(delivery(RecordFormatType.BYTE_ARRAY, compression), records);
    Path file = files().get(0);
    assertThat(files()).hasSize(1);
    assertThat(decoded(compression, Files.readAllBytes(file))).isEqualTo(expected.toByteArray());
    assertThat(result.delivered()).isEqualTo(300);
    assertThat(result.bytesIn()).isEqualTo(expected.size());
    assertThat(result.bytesOut()).isEqualTo(Files.size(file));
    assertThat(result.last()).isEqualTo(records.get(299).sequenceNumber());
    assertThat(file.toString())
        .endsWith(
            switch (compression) {
              case NONE -> ".bin";
              case GZIP -> ".bin.gz";
              case ZSTD -> ".bin.zst";
            });
  }

  @Test
  void textAndJsonAreLines() throws IOException {
    write(delivery(RecordFormatType.STRING, S3CompressionType.NONE), records("a", "", "ä"));
    assertThat(files()).hasSize(1);
    assertThat(Files.readString(files().get(0))).isEqualTo("a\n\nä\n");
  }

  @Test
  void refusedRecordsAreDeadLettersInTheirOwnBucket() throws IOException {
    ObjectWriter.Result result =
        write(
            delivery(RecordFormatType.JSON, S3CompressionType.GZIP),
            records("{\"n\":1}", "no json", "2"));
    assertThat(result.delivered()).isEqualTo(2);
    assertThat(result.refused()).isEqualTo(1);
    Path dead =
        files().stream()
            .filter(file -> file.startsWith(root.resolve("dregs")))
            .findFirst()
            .orElseThrow();
    Path alive =
        files().stream()
            .filter(file -> file.startsWith(root.resolve("flour")))
            .findFirst()
            .orElseThrow();
    assertThat(decoded(S3CompressionType.GZIP, Files.readAllBytes(alive)))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("{\"n\":1}\n2\n");
    assertThat(root.relativize(dead).toString()).startsWith("dregs/errors/2026/03/09/04/orders-");
    List<String> lines = Files.readAllLines(dead);
    assertThat(lines).hasSize(1);
    JsonNode letter = new ObjectMapper().readTree(lines.get(0));
    assertThat(letter.get("errorCode").asText()).isEqualTo("InvalidJson");
    assertThat(letter.get("data").binaryValue()).asString().isEqualTo("no json");
    assertThat(letter.get("shardId").asText()).isEqualTo("shardId-000000000003");
    assertThat(letter.get("partitionKey").asText()).isEqualTo("key-1");
    assertThat(letter.get("sequenceNumber").asText())
        .isEqualTo(record(1, new byte[0]).sequenceNumber().toString());
    assertThat(letter.get("approximateArrivalTimestamp").asText())
        .isEqualTo("2026-03-09T04:05:07.789Z");
    assertThat(letter.has("subSequenceNumber")).isFalse();
  }

  @Test
  void aRepeatOfTheSameRangeTakesThePlaceOfTheFirst() throws IOException {
    Delivery delivery = delivery(RecordFormatType.STRING, S3CompressionType.ZSTD);
    write(delivery, records("a", "b"));
    List<Path> before = files();
    byte[] content = Files.readAllBytes(before.get(0));
    write(delivery, records("a", "b"));
    assertThat(files()).isEqualTo(before);
    assertThat(before.get(0)).hasBinaryContent(content);
    write(delivery, records("a", "b", "c"));
    assertThat(files()).hasSize(2).containsAll(before);
    assertThat(before.get(0)).hasBinaryContent(content);
  }

  @Test
  void nothingIsLeftOfAWriterThatIsDropped() {
    List<Record> records = records("{}", "no json");
    ObjectWriter writer =
        new ObjectWriter(
            delivery(RecordFormatType.JSON, S3CompressionType.ZSTD),
            new Buckets(root),
            SHARD,
            HashKeyRange.FULL,
            records.get(0));
    writer.add(records);
    assertThat(files()).hasSize(2);
    writer.close();
    assertThat(files()).isEmpty();
  }

  @Test
  void saysThatAnObjectCannotBeWritten() throws IOException {
    Files.writeString(root.resolve("flour"), "in the way");
    Delivery delivery = delivery(RecordFormatType.STRING, S3CompressionType.NONE);
    assertThatThrownBy(() -> write(delivery, records("a")))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(files()).containsExactly(root.resolve("flour"));
  }

  @Test
  void suffixesAreTheSameForTheSameRangeOnly() {
    SequenceNumber first = record(1, new byte[0]).sequenceNumber();
    SequenceNumber last = record(9, new byte[0]).sequenceNumber();
    String suffix = UniqueSuffix.of("id", SHARD, first, last);
    assertThat(suffix).isEqualTo(UniqueSuffix.of("id", SHARD, first, last));
    assertThat(suffix)
        .matches("-000000000003-[0-9a-f]{32}")
        .hasSameSizeAs(UniqueSuffix.LONGEST)
        .isNotEqualTo(UniqueSuffix.of("di", SHARD, first, last))
        .isNotEqualTo(UniqueSuffix.of("id", SHARD, first, first))
        .isNotEqualTo(UniqueSuffix.of("id", SHARD, last, last));
  }
}
