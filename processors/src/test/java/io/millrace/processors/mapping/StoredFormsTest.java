package io.millrace.processors.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.StreamName;
import io.millrace.processors.api.FilterCriteria;
import io.millrace.processors.api.MappingOptions;
import io.millrace.processors.api.OnFailure;
import io.millrace.processors.lane.LanesState;
import io.millrace.processors.lane.LanesState.LaneWindow;
import io.millrace.processors.lane.Layout;
import io.millrace.processors.lane.OpenWindow;
import io.millrace.processors.lane.TumblingWindow;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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

  private static final MappingSerializer SERIALIZER = new MappingSerializer();

  private static final MappingOptions OPTIONS =
      new MappingOptions(
          500,
          30,
          4,
          true,
          7,
          3600,
          Optional.of(new OnFailure.ToStream(new StreamName("notices"))),
          true,
          60,
          FilterCriteria.of("{\"partitionKey\":[\"a\"]}"),
          Optional.empty());

  private static final Mapping MAPPING =
      new Mapping(
          "6f1c9c1e-3b0a-4c39-9d6e-0a2b4f3f7a11",
          "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
          new StreamName("orders"),
          "ingest",
          StartingPosition.atTimestamp(Instant.ofEpochMilli(1_700_000_000_123L)),
          OPTIONS,
          Map.of(),
          true,
          false,
          1_700_000_001_000L);

  /** With what came later. */
  private static final Mapping TAGGED =
      new Mapping(
          MAPPING.uuid(),
          MAPPING.eventSourceArn(),
          MAPPING.streamName(),
          MAPPING.functionName(),
          MAPPING.startingPosition(),
          OPTIONS.withKmsKeyArn("arn:aws:kms:us-east-1:000000000000:key/1234"),
          Map.of("team", "billing", "stage", ""),
          true,
          false,
          1_700_000_001_000L);

  private static final LanesState LANES =
      new LanesState(
          List.of(
              new Layout(2, new TreeMap<>(Map.of(1, new SequenceNumber(1_700_000_000L, 9, 1, 0)))),
              new Layout(3, new TreeMap<>(Map.of(0, new SequenceNumber(1_700_000_000L, 8, 1, 0))))),
          List.of(
              new LaneWindow(
                  3,
                  2,
                  new OpenWindow(
                      new TumblingWindow(1_700_000_040_000L, 1_700_000_100_000L),
                      Payload.utf8("{\"sum\":1}")))));

  private static Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("mapping.created.v1", new MappingEvent.MappingCreated(MAPPING));
    values.put(
        "mapping.changed.v1",
        new MappingEvent.MappingChanged(
            MAPPING.uuid(), "other", false, MappingOptions.awsDefaults(), 1_700_000_002_000L));
    values.put(
        "mapping.deletion-started.v1",
        new MappingEvent.MappingDeletionStarted(MAPPING.uuid(), 1_700_000_003_000L));
    values.put("mapping.deleted.v1", new MappingEvent.MappingDeleted(MAPPING.uuid()));
    values.put(
        "mapping.state.v1",
        new MappingsState(
            new TreeMap<>(Map.of(MAPPING.uuid(), MAPPING.deleting(1_700_000_004_000L)))));
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
    assertThatThrownBy(() -> SERIALIZER.fromBinary(bytes, "mapping.new.v9"))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("mapping.new.v9");
    for (int length = 1; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> SERIALIZER.fromBinary(cut, manifest))
          .isInstanceOf(NotSerializableException.class)
          .hasMessageContaining(manifest);
    }
  }

  @Test
  void storesAndReadsTagsAndKeys() throws IOException {
    byte[] stored = golden("mapping.created.v1-tagged");
    MappingEvent created = new MappingEvent.MappingCreated(TAGGED);
    assertThat(SERIALIZER.fromBinary(stored, "mapping.created.v1")).isEqualTo(created);
    assertThat(HexFormat.of().formatHex(SERIALIZER.toBinary(created)))
        .isEqualTo(HexFormat.of().formatHex(stored));
  }

  @Test
  void hasAnExampleOfEveryEvent() {
    assertThat(values().values())
        .<Class<?>>extracting(Object::getClass)
        .containsAll(List.of(MappingEvent.class.getPermittedSubclasses()));
  }

  @Test
  void readsAndStoresTheStateOfLanes() throws IOException {
    assertThat(LanesStateFormat.read(Payload.wrap(golden("lanes.state.v1")))).isEqualTo(LANES);
    assertThat(HexFormat.of().formatHex(LanesStateFormat.write(LANES).toByteArray()))
        .isEqualTo(HexFormat.of().formatHex(golden("lanes.state.v1")));
  }

  @Test
  void refusesAStateOfLanesThatIsDamagedOrNewer() {
    byte[] bytes = LanesStateFormat.write(LANES).toByteArray();
    for (int length = 1; length < bytes.length; length++) {
      Payload cut = Payload.wrap(Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> LanesStateFormat.read(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
