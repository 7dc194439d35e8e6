package io.millrace.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millrace.engine.api.GetRecordsResponse;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.gateway.model.ServiceModel;
import io.millrace.gateway.model.Shape;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies in both encodings; those in hexadecimal digits were captured from official clients. */
class EncodingTest {

  private static final ServiceModel MODEL = ServiceModel.load();
  private static final Instant TIME = Instant.ofEpochMilli(1459799926480L);

  static Stream<Arguments> captured() {
    return Stream.of(
        arguments(
            "PutRecord",
            "bf6a53747265616d4e616d65617364446174614568656c6c6f6c506172746974696f6e4b657962706bff",
            Map.of("StreamName", "s", "Data", Payload.utf8("hello"), "PartitionKey", "pk")),
        arguments(
            "GetRecords", "bf6d53686172644974657261746f726178ff", Map.of("ShardIterator", "x")),
        arguments(
            "GetShardIterator",
            "bf6a53747265616d4e616d656173675368617264496474736861726449642d3030303030303030303030"
                + "307153686172644974657261746f72547970656c41545f54494d455354414d506954696d657374616d"
                + "70c11b00000153e2db26d0ff",
            Map.of(
                "StreamName", "s",
                "ShardId", "shardId-000000000000",
                "ShardIteratorType", "AT_TIMESTAMP",
                "Timestamp", TIME)));
  }

  @ParameterizedTest
  @MethodSource("captured")
  void readsWhatClientsSend(String operation, String hex, Map<String, Object> expected) {
    byte[] body = HexFormat.of().parseHex(hex);
    assertThat(BodyReader.read(Encoding.CBOR, ByteBuffer.wrap(body), input(operation)).typed())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1459799926.480", "1459799926.4809", "1.45979992648E9"})
  void readsSecondsInJson(String number) {
    assertThat(json("GetShardIterator", "{\"Timestamp\":" + number + "}"))
        .containsEntry("Timestamp", TIME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1B 00000153E2DB26D0", // untagged integer: milliseconds
        "C1 FB 41D5C0B1DD9EB852", // tagged float: seconds
        "FB 41D5C0B1DD9EB852"
      })
  void readsTimestampsOfOtherClientsInCbor(String value) {
    byte[] body = HexFormat.of().parseHex("A16954696D657374616D70" + value.replace(" ", ""));
    assertThat(
            (Instant)
                BodyReader.read(Encoding.CBOR, ByteBuffer.wrap(body), input("GetShardIterator"))
                    .typed()
                    .get("Timestamp"))
        .isBetween(TIME.minusMillis(1), TIME);
  }

  @Test
  void cutsFractionsOffWholeNumbers() {
    assertThat(json("GetRecords", "{\"Limit\":9.99}")).containsEntry("Limit", 9);
    assertThat(json("GetRecords", "{\"Limit\":-0.5}")).containsEntry("Limit", 0);
    assertThat(json("GetRecords", "{\"Limit\":1e-999999999}")).containsEntry("Limit", 0);
  }

  @Test
  void takesNullAsAbsentAndLeavesOutWhatItDoesNotKnow() {
    assertThat(json("GetRecords", "{\"ShardIterator\":null,\"New\":{\"a\":[1,{}]},\"Limit\":1}"))
        .isEqualTo(Map.of("Limit", 1));
    assertThat(json("GetRecords", "")).isEmpty();
  }

  @Test
  void keepsNullAmongElements() {
    assertThat((List<?>) json("PutRecords", "{\"Records\":[null,{}]}").get("Records"))
        .hasSize(2)
        .first()
        .isNull();
  }

  @Test
  void keepsNoMoreElementsThanItTakesToSeeThatThereAreTooMany() {
    String body = "{\"Records\":[" + "{},".repeat(5000) + "{}],\"StreamName\":\"s\"}";
    Map<String, Object> members = json("PutRecords", body);
    assertThat((List<?>) members.get("Records")).hasSize(501);
    assertThat(members).containsEntry("StreamName", "s");
  }

  @ParameterizedTest
  @Timeout(10)
  @ValueSource(
      strings = {
        "{\"Limit\":\"1\"}",
        "{\"Limit\":true}",
        "{\"Limit\":[]}",
        "{\"Limit\":3000000000}",
        "{\"Limit\":99999999999999999999999}",
        "{\"Limit\":1e30}",
        "{\"Limit\":1e2147483647}",
        "{\"ShardIterator\":1}",
        "{\"ShardIterator\":{\"a\":1}}",
        "{\"DryRun\":\"true\"}"
      })
  void namesTheMemberOfTheWrongType(String body) {
    String member = body.substring(2, body.indexOf('"', 2));
    String path = member.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + member.substring(1);
    RequestBody read = read("GetRecords", body);
    assertThat(read.members()).isEmpty();
    assertThatThrownBy(read::typed)
        .isInstanceOf(MalformedBodyException.class)
        .hasMessageContaining("'" + path + "'");
  }

  @ParameterizedTest
  @Timeout(10)
  @ValueSource(
      strings = {
        "{\"Data\":\"aGVsbG8\"}",
        "{\"Data\":\"aGVs bG8=\"}",
        "{\"Data\":\"aGVs_G8=\"}",
        "{\"Data\":\"====\"}",
        "{\"Data\":12}",
        "{\"Data\":{}}",
        "{\"Records\":{}}",
        "{\"Records\":[1]}",
        "{\"Records\":[{\"Data\":\"a\"}]}"
      })
  void refusesWhatIsNoBase64(String body) {
    String operation = body.contains("Records") ? "PutRecords" : "PutRecord";
    assertThatThrownBy(() -> json(operation, body)).isInstanceOf(MalformedBodyException.class);
  }

  @ParameterizedTest
  @Timeout(10)
  @ValueSource(strings = {"1e2147483647", "1e16", "\"2016-04-04\"", "[]"})
  void refusesWhatIsNoTime(String value) {
    assertThatThrownBy(() -> json("GetShardIterator", "{\"Timestamp\":" + value + "}"))
        .isInstanceOf(MalformedBodyException.class);
  }

  @Test
  @Timeout(10)
  void takesTinyTimesForTheEpoch() {
    assertThat(json("GetShardIterator", "{\"Timestamp\":1e-999999999}"))
        .containsEntry("Timestamp", Instant.EPOCH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{", "[]", "1", "null", "{\"a\"", "{\"a\":1}}", "{} {}", "{\"Limit\":\"1\"", "x"})
  void refusesWhatIsNoJson(String body) {
    assertThatThrownBy(() -> read("GetRecords", body)).isInstanceOf(MalformedBodyException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bf", "a1", "bf6d53686172644974657261746f72", "80", "00", "ff", "a0a0"})
  void refusesWhatIsNoCbor(String hex) {
    byte[] body = HexFormat.of().parseHex(hex);
    assertThatThrownBy(
            () -> BodyReader.read(Encoding.CBOR, ByteBuffer.wrap(body), input("GetRecords")))
        .isInstanceOf(MalformedBodyException.class);
  }

  @Test
  void survivesDeepNesting() {
    String body = "{\"Unknown\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    assertThatThrownBy(() -> read("GetRecords", body)).isInstanceOf(MalformedBodyException.class);
  }

  @Test
  void writesBothEncodings() {
    SequenceNumber number = new SequenceNumber(1, 1 << 20, 1, 0);
    Object page =
        new GetRecordsResponse(
            List.of(new Record(number, TIME, Payload.utf8("hello"), "pk")), "next", 7, List.of());
    Shape output = MODEL.operation("GetRecords").orElseThrow().output().orElseThrow();
    assertThat(BodyWriter.response(Encoding.JSON, output, page))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(
            "{\"Records\":[{\"SequenceNumber\":\""
                + number
                + "\",\"ApproximateArrivalTimestamp\":1459799926.480,\"Data\":\"aGVsbG8=\","
                + "\"PartitionKey\":\"pk\",\"EncryptionType\":\"NONE\"}],"
                + "\"NextShardIterator\":\"next\","
                + "\"MillisBehindLatest\":7}");
    assertThat(HexFormat.of().formatHex(BodyWriter.response(Encoding.CBOR, output, page)))
        .contains("c11b00000153e2db26d0")
        .contains("4568656c6c6f");
  }

  @Test
  void goesByTheTypeAlone() {
    assertThat(Encoding.of("application/x-amz-json-1.1; charset=UTF-8")).contains(Encoding.JSON);
    assertThat(Encoding.of("Application/X-AMZ-CBOR-1.1")).contains(Encoding.CBOR);
    assertThat(Encoding.of("application/json")).isEmpty();
    assertThat(Encoding.of("")).isEmpty();
  }

  private static Shape input(String operation) {
    return MODEL.operation(operation).orElseThrow().input();
  }

  private static RequestBody read(String operation, String json) {
    return BodyReader.read(
        Encoding.JSON, ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)), input(operation));
  }

  private static Map<String, Object> json(String operation, String json) {
    return read(operation, json).typed();
  }
}
