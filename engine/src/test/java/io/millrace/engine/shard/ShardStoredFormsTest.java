package io.millrace.engine.shard;

import static io.millrace.engine.shard.ShardStateTest.entry;
import static io.millrace.engine.shard.ShardStateTest.opened;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.batch.CorruptFrameException;
import io.millrace.engine.batch.Frame;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.ProducerSequence;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.shard.ShardEvent.Damaged;
import io.millrace.engine.shard.ShardEvent.HorizonMoved;
import io.millrace.engine.shard.ShardEvent.RecordsAppended;
import io.millrace.engine.shard.ShardEvent.ShardClosed;
import io.millrace.engine.shard.ShardEvent.ShardOpened;
import io.millrace.engine.shard.ShardState.Opened;
import io.millrace.engine.shard.ShardState.Unopened;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What is stored today is read forever: one file of bytes per manifest, committed. A file is never
 * changed; a new form gets a new manifest and a file of its own.
 */
class ShardStoredFormsTest {

  private static final long NOW = 1_767_225_600_123L;

  private final ShardEventSerializer events = new ShardEventSerializer();
  private final ShardStateSerializer states = new ShardStateSerializer();

  private static final ShardOpened OPENED =
      Unopened.NEW.open(
          new ShardIdentity(1_767_225_600L, 7),
          new HashKeyRange(new HashKey(1, 2), new HashKey(-3, -4)),
          ProducerWindows.NONE,
          NOW);
  private static final Opened FRESH = (Opened) Unopened.NEW.apply(OPENED);
  private static final RecordsAppended RECORDS =
      FRESH.append(List.of(entry("first"), entry("")), NOW + 1);
  private static final HorizonMoved HORIZON_MOVED = FRESH.apply(RECORDS).moveHorizon(3, NOW + 2);
  private static final Opened TRIMMED = FRESH.apply(RECORDS).apply(HORIZON_MOVED);
  private static final ShardClosed CLOSED = TRIMMED.close(NOW + 3);
  private static final RecordsAppended NUMBERED_RECORDS =
      TRIMMED.append(List.of(numbered(8, "first"), entry("plain"), numbered(9, "second")), NOW + 4);
  private static final Opened NUMBERED = TRIMMED.apply(NUMBERED_RECORDS);
  private static final ShardOpened OPENED_AS_HEIR =
      Unopened.NEW.open(
          new ShardIdentity(1_767_225_700L, 8),
          new HashKeyRange(new HashKey(1, 2), new HashKey(-3, -4)),
          NUMBERED.producers(),
          NOW);

  private static final Map<String, ShardEvent> EVENTS =
      Map.of(
          ShardEventSerializer.OPENED, OPENED,
          ShardEventSerializer.OPENED_AS_HEIR, OPENED_AS_HEIR,
          ShardEventSerializer.RECORDS, RECORDS,
          ShardEventSerializer.NUMBERED_RECORDS, NUMBERED_RECORDS,
          ShardEventSerializer.HORIZON_MOVED, HORIZON_MOVED,
          ShardEventSerializer.CLOSED, CLOSED);

  private static final Map<String, ShardState> STATES =
      Map.of(
          ShardStateSerializer.UNOPENED,
          new Unopened(5),
          ShardStateSerializer.OPENED,
          TRIMMED,
          ShardStateSerializer.OPENED_NUMBERED,
          NUMBERED,
          ShardStateSerializer.CLOSED,
          TRIMMED.apply(CLOSED),
          ShardStateSerializer.CLOSED_NUMBERED,
          NUMBERED.apply(NUMBERED.close(NOW + 5)));

  private static PutEntry numbered(long sequence, String data) {
    PutEntry plain = entry(data);
    return new PutEntry(
        plain.hashKey(),
        plain.partitionKey(),
        plain.data(),
        Optional.of(new ProducerSequence(new ProducerId(NOW, -5), sequence)));
  }

  @TestFactory
  List<DynamicTest> eventIsStoredInTheseBytesForEver() {
    return EVENTS.entrySet().stream()
        .map(
            form ->
                DynamicTest.dynamicTest(
                    form.getKey(),
                    () -> {
                      byte[] golden = golden(form.getKey());
                      ShardEvent event = form.getValue();
                      assertThat(events.manifest(event)).isEqualTo(form.getKey());
                      assertHex(events.toBinary(event), golden);
                      ShardEvent read = events.fromBinary(golden, form.getKey());
                      assertThat(read).isInstanceOf(event.getClass());
                      assertHex(events.toBinary(read), golden);
                    }))
        .toList();
  }

  @TestFactory
  List<DynamicTest> snapshotIsStoredInTheseBytesForEver() {
    return STATES.entrySet().stream()
        .map(
            form ->
                DynamicTest.dynamicTest(
                    form.getKey(),
                    () -> {
                      byte[] golden = golden(form.getKey());
                      assertThat(states.manifest(form.getValue())).isEqualTo(form.getKey());
                      assertHex(states.toBinary(form.getValue()), golden);
                      assertHex(states.toBinary(states.fromBinary(golden, form.getKey())), golden);
                    }))
        .toList();
  }

  @Test
  void everyStoredEventHasItsForm() {
    Set<Class<?>> stored = new java.util.HashSet<>();
    EVENTS.values().forEach(event -> stored.add(event.getClass()));
    stored.add(Damaged.class); // never written

    assertThat(stored).containsExactlyInAnyOrder(ShardEvent.class.getPermittedSubclasses());
    Set<Class<?>> kept = new java.util.HashSet<>();
    STATES.values().forEach(state -> kept.add(state.getClass()));
    assertThat(kept).containsExactlyInAnyOrder(ShardState.class.getPermittedSubclasses());
  }

  @Test
  void openedEventSaysWhatItWasGiven() throws Exception {
    ShardOpened read =
        (ShardOpened)
            events.fromBinary(golden(ShardEventSerializer.OPENED), ShardEventSerializer.OPENED);

    assertThat(read.createdSeconds()).isEqualTo(1_767_225_600L);
    assertThat(read.shardIndex()).isEqualTo(7);
    assertThat(read.range()).isEqualTo(new HashKeyRange(new HashKey(1, 2), new HashKey(-3, -4)));
    assertThat(read.frame().header().arrivalMillis()).isEqualTo(NOW);
  }

  @Test
  void horizonEventSaysWhereItMoved() throws Exception {
    HorizonMoved read =
        (HorizonMoved)
            events.fromBinary(
                golden(ShardEventSerializer.HORIZON_MOVED), ShardEventSerializer.HORIZON_MOVED);

    assertThat(read.horizonEvent()).isEqualTo(3);
  }

  @Test
  void numberedRecordsSayWhoNumberedThem() throws Exception {
    String manifest = ShardEventSerializer.NUMBERED_RECORDS;
    RecordsAppended read = (RecordsAppended) events.fromBinary(golden(manifest), manifest);

    assertThat(read.notes()).usingRecursiveComparison().isEqualTo(NUMBERED_RECORDS.notes());
    assertThat(read.notes().size()).isEqualTo(2);
  }

  @Test
  void damagedNumberedRecordsLeaveTheirHeaderToRecovery() throws Exception {
    byte[] bytes = events.toBinary(NUMBERED_RECORDS).clone();
    bytes[bytes.length - 1] ^= 1;

    RecordsAppended read =
        (RecordsAppended) events.fromBinary(bytes, ShardEventSerializer.NUMBERED_RECORDS);

    assertThat(read.frame().header()).isEqualTo(NUMBERED_RECORDS.frame().header());
    assertThat(read.notes().isEmpty()).isTrue();
  }

  @Test
  void whatIsRememberedOfProducersIsStoredWhole() throws Exception {
    ProducerSequence second = new ProducerSequence(new ProducerId(NOW, -5), 9);
    SequenceNumber answer = NUMBERED.producers().find(second).orElseThrow();
    assertThat(answer.counter()).isEqualTo(SequenceNumber.counter(4, 2));
    for (String manifest :
        List.of(ShardStateSerializer.OPENED_NUMBERED, ShardStateSerializer.CLOSED_NUMBERED)) {
      Opened read = (Opened) states.fromBinary(golden(manifest), manifest);
      assertThat(read.producers().find(second)).contains(answer);
    }
    String manifest = ShardEventSerializer.OPENED_AS_HEIR;
    ShardOpened heir = (ShardOpened) events.fromBinary(golden(manifest), manifest);
    assertThat(heir.inherited().find(second)).contains(answer);
    Opened child = (Opened) Unopened.NEW.apply(heir);
    assertThat(child.producers().find(second)).contains(answer);
  }

  @Test
  void snapshotSaysEverything() throws Exception {
    Opened read =
        (Opened)
            states.fromBinary(golden(ShardStateSerializer.OPENED), ShardStateSerializer.OPENED);

    assertThat(read).usingRecursiveComparison().isEqualTo(TRIMMED);
    Unopened unopened =
        (Unopened)
            states.fromBinary(golden(ShardStateSerializer.UNOPENED), ShardStateSerializer.UNOPENED);
    assertThat(unopened).isEqualTo(new Unopened(5));
  }

  @Test
  void formThatIsNotKnownIsRefusedByName() {
    assertThatThrownBy(() -> events.fromBinary(new byte[60], "shard.records.v99"))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("shard.records.v99");
    assertThatThrownBy(() -> states.fromBinary(new byte[60], "shard-state.opened.v99"))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("shard-state.opened.v99");
  }

  @Test
  void kindThatIsNotKnownIsRefused() {
    byte[] bytes = Frame.of((byte) 77, 1, 0, NOW, new byte[3]).bytes();

    assertThatThrownBy(() -> events.fromBinary(bytes, ShardEventSerializer.OPENED))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("newer release");
  }

  @Test
  void everyChangedByteOfASnapshotIsDetected() {
    STATES.forEach(
        (manifest, state) -> {
          byte[] bytes = states.toBinary(state);
          for (int at = 0; at < bytes.length; at++) {
            byte[] changed = bytes.clone();
            changed[at] ^= 0x20;
            assertThatThrownBy(() -> states.fromBinary(changed, manifest))
                .as("byte %d of %s", at, manifest)
                .isInstanceOf(CorruptFrameException.class);
          }
          byte[] cut = Arrays.copyOf(bytes, bytes.length - 1);
          assertThatThrownBy(() -> states.fromBinary(cut, manifest))
              .isInstanceOf(CorruptFrameException.class);
          assertThatThrownBy(() -> states.fromBinary(new byte[2], manifest))
              .isInstanceOf(CorruptFrameException.class);
        });
  }

  @Test
  void damagedEventStandsForWhatCannotBeRead() throws Exception {
    for (ShardEvent event : List.of(OPENED, HORIZON_MOVED)) {
      byte[] bytes = events.toBinary(event);
      for (int at = 0; at < bytes.length; at++) {
        byte[] changed = bytes.clone();
        changed[at] ^= 1;
        assertThat(events.fromBinary(changed, events.manifest(event)))
            .as("byte %d of %s", at, events.manifest(event))
            .isInstanceOf(Damaged.class);
      }
    }
  }

  @Test
  void damagedRecordsLeaveTheirHeaderToRecovery() throws Exception {
    byte[] bytes = events.toBinary(RECORDS).clone();
    bytes[bytes.length - 1] ^= 1;

    ShardEvent read = events.fromBinary(bytes, ShardEventSerializer.RECORDS);

    assertThat(read).isInstanceOf(RecordsAppended.class);
    assertThat(((RecordsAppended) read).frame().header()).isEqualTo(RECORDS.frame().header());
  }

  @Test
  void damagedIsNeverStored() {
    assertThatThrownBy(() -> events.toBinary(new Damaged("test")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> events.manifest(new Damaged("test")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void serializersHaveTheirOwnIdentifiers() {
    assertThat(events.identifier()).isEqualTo(1_810_101);
    assertThat(states.identifier()).isEqualTo(1_810_102);
  }

  @Test
  void manifestsAreNotClassNames() {
    Set<String> manifests = new TreeSet<>(EVENTS.keySet());
    manifests.addAll(STATES.keySet());

    assertThat(manifests).allMatch(manifest -> manifest.matches("shard[a-z.-]+\\.v\\d+"));
    assertThat(opened()).isInstanceOf(Opened.class);
  }

  private static void assertHex(byte[] actual, byte[] expected) {
    assertThat(HexFormat.of().formatHex(actual)).isEqualTo(HexFormat.of().formatHex(expected));
  }

  private static byte[] golden(String manifest) {
    String file = "/shard-stored-forms/" + manifest + ".hex";
    try (InputStream bytes = ShardStoredFormsTest.class.getResourceAsStream(file)) {
      assertThat(bytes).as(file).isNotNull();
      String hex = new String(bytes.readAllBytes(), StandardCharsets.US_ASCII);
      return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
