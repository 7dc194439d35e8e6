package io.millrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.engine.Millrace;
import io.millrace.engine.api.Shard;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the processes of a crash test have reported, and whether an engine that is opened on what
 * they left behind keeps to it.
 */
final class CrashLedger {

  private final WriterScript script;

  /** By number, since numbers never repeat in a stream. */
  private final Map<SequenceNumber, WrittenId> acknowledged = new HashMap<>();

  private final Set<WrittenId> acknowledgedIds = new HashSet<>();

  /** Records that were never acknowledged, but have been read. */
  private final Map<SequenceNumber, WrittenId> found = new HashMap<>();

  private final Map<ShardId, Long> horizons = new TreeMap<>();
  private final Map<ShardId, SequenceNumber> firstSeen = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private long verifiedRecords;
  private int repeated;

  CrashLedger(WriterScript script) {
    this.script = script;
  }

  /** Takes in one line of a {@link CrashWriter}. */
  void onLine(int round, String line) {
    String[] words = line.split(" ");
    switch (words[0]) {
      case "A" -> onAcknowledged(round, words);
      case "P" -> onRepeated(words);
      case "H" ->
          horizons.merge(
              new ShardId(Integer.parseInt(words[1])), Long.parseLong(words[2]), Math::max);
      case "F" -> failures.add("round " + round + ": " + line);
      default -> {}
    }
  }

  private void onAcknowledged(int round, String[] words) {
    int producer = Integer.parseInt(words[1]);
    int request = Integer.parseInt(words[2]);
    assertThat(words.length - 3)
        .as("outcomes of a request")
        .isEqualTo(script.recordsIn(round, producer, request));
    for (int index = 0; index < words.length - 3; index++) {
      if (!words[index + 3].equals("-")) {
        WrittenId id = new WrittenId(round, producer, request, index);
        SequenceNumber number = SequenceNumber.parse(words[index + 3]);
        assertThat(acknowledgedIds.add(id)).as("%s is acknowledged once", id).isTrue();
        WrittenId other = acknowledged.putIfAbsent(number, id);
        assertThat(other).as("who else had number %s of %s", number, id).isNull();
        other = found.get(number);
        assertThat(other).as("whom number %s of %s belonged to", number, id).isNull();
      }
    }
  }

  /** A repeat is answered like the first put, if anybody knows of that. */
  private void onRepeated(String[] words) {
    int round = Integer.parseInt(words[1]);
    int producer = Integer.parseInt(words[2]);
    int request = Integer.parseInt(words[3]);
    assertThat(words.length - 4)
        .as("outcomes of a request")
        .isEqualTo(script.recordsIn(round, producer, request));
    for (int index = 0; index < words.length - 4; index++) {
      if (!words[index + 4].equals("-")) {
        WrittenId id = new WrittenId(round, producer, request, index);
        SequenceNumber number = SequenceNumber.parse(words[index + 4]);
        if (acknowledgedIds.add(id)) {
          boolean wasFoundElsewhere = found.containsValue(id) && !id.equals(found.get(number));
          assertThat(wasFoundElsewhere).as("%s was found, but not at %s", id, number).isFalse();
          found.remove(number);
          assertThat(acknowledged.putIfAbsent(number, id)).as("who else had %s", number).isNull();
        } else {
          assertThat(acknowledged.get(number)).as("repeat answered %s", number).isEqualTo(id);
        }
        repeated++;
      }
    }
  }

  int acknowledged() {
    return acknowledged.size();
  }

  /** How many records were put again by a later process. */
  int repeated() {
    return repeated;
  }

  /** The last request of a producer that was acknowledged in a round; -1 if none was. */
  int lastAcknowledged(int round, int producer) {
    return acknowledgedIds.stream()
        .filter(id -> id.round() == round && id.producer() == producer)
        .mapToInt(WrittenId::request)
        .max()
        .orElse(-1);
  }

  int unacknowledgedButFound() {
    return found.size();
  }

  long verifiedRecords() {
    return verifiedRecords;
  }

  List<String> failures() {
    return failures;
  }

  boolean hasHorizons() {
    return !horizons.isEmpty();
  }

  /** Nothing has expired: everything acknowledged is there. */
  void verifyAll(Millrace millrace) {
    Map<SequenceNumber, WrittenId> read = read(millrace);
    assertThat(missing(read, Long.MIN_VALUE)).as("acknowledged, but lost").isEmpty();
  }

  /**
   * Time has flown: what has not expired is there, what has expired is not, and what has been
   * trimmed does not come back even when the clock goes back.
   *
   * @param clock of the engine; it is moved
   * @param nowMillis the time when the last process was killed
   */
  void verifyRetained(
      Millrace millrace, StoppedClock clock, long nowMillis, long startMillis, long retention) {
    clock.set(startMillis);
    Map<SequenceNumber, WrittenId> stored = read(millrace);
    verifyTrimmedStayAway(stored);
    clock.set(nowMillis);
    Map<SequenceNumber, WrittenId> retained = read(millrace);
    long expiredMillis = nowMillis - retention;
    for (SequenceNumber number : retained.keySet()) {
      assertThat(number.putSeconds() * 1000 + 999)
          .as("arrival of %s, which is read, at the latest", number)
          .isGreaterThan(expiredMillis);
    }
    assertThat(missing(retained, expiredMillis))
        .as("acknowledged and unexpired, but lost")
        .isEmpty();
  }

  /** Each shard holds all from some horizon on, and that horizon never goes back. */
  private void verifyTrimmedStayAway(Map<SequenceNumber, WrittenId> stored) {
    Map<ShardId, SequenceNumber> first = new HashMap<>();
    stored.keySet().forEach(number -> first.merge(number.shardId(), number, CrashLedger::lower));
    first.forEach(
        (shard, number) -> {
          assertThat(SequenceNumber.eventNumberOf(number.counter()))
              .as("oldest event of %s, where the horizon was seen", shard)
              .isGreaterThanOrEqualTo(horizons.getOrDefault(shard, 0L));
          SequenceNumber before = firstSeen.put(shard, number);
          if (before != null) {
            assertThat(number).as("oldest record of %s", shard).isGreaterThanOrEqualTo(before);
          }
        });
    acknowledged.forEach(
        (number, id) -> {
          SequenceNumber oldest = first.get(number.shardId());
          if (oldest != null && number.compareTo(oldest) > 0 && !stored.containsKey(number)) {
            fail("%s at %s is missing though an older record is there", id, number);
          }
        });
  }

  private static SequenceNumber lower(SequenceNumber one, SequenceNumber other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  /**
   * Records that were acknowledged, or once read, have certainly not expired and were not read now;
   * a few of them.
   */
  private List<String> missing(Map<SequenceNumber, WrittenId> read, long expiredMillis) {
    return Stream.concat(acknowledged.entrySet().stream(), found.entrySet().stream())
        .filter(entry -> entry.getKey().putSeconds() * 1000 > expiredMillis)
        .filter(entry -> !read.containsKey(entry.getKey()))
        .map(entry -> entry.getValue() + " at " + entry.getKey())
        .limit(20)
        .toList();
  }

  /** Reads everything, and holds each record against what was put and acknowledged. */
  private Map<SequenceNumber, WrittenId> read(Millrace millrace) {
    Map<SequenceNumber, WrittenId> read = new HashMap<>();
    Set<WrittenId> ids = new HashSet<>();
    List<Shard> shards = ShardReader.shards(millrace.client(), CrashWriter.STREAM);
    LineageCheck lineage = new LineageCheck(shards);
    for (Shard shard : shards) {
      ShardCheck check = new ShardCheck(shard);
      ShardReader.readAll(
          millrace.client(),
          CrashWriter.STREAM,
          shard.shardId().toString(),
          record -> {
            WrittenId id = check.onRecord(record);
            assertThat(ids.add(id)).as("%s is there once", id).isTrue();
            lineage.onRecord(record, id);
            read.put(record.sequenceNumber(), id);
          });
    }
    verifiedRecords += read.size();
    return read;
  }

  /** The records of one shard, in the order in which they are read. */
  private final class ShardCheck {

    private final Shard shard;
    private final Map<Integer, WrittenId> lastOfProducer = new HashMap<>();
    private Record last;
    private int lastRound;

    ShardCheck(Shard shard) {
      this.shard = shard;
    }

    WrittenId onRecord(Record record) {
      SequenceNumber number = record.sequenceNumber();
      WrittenId id = WrittenId.read(record.data().asByteBuffer());
      if (!record.data().equals(script.data(id))
          || !record.partitionKey().equals(script.partitionKey(id))) {
        fail("%s at %s is not what was put", id, number);
      }
      WrittenId owner = acknowledged.get(number);
      if (owner == null && !acknowledgedIds.contains(id)) {
        owner = found.putIfAbsent(number, id);
      }
      if (acknowledgedIds.contains(id) || owner != null) {
        assertThat(id).as("record at %s", number).isEqualTo(owner);
      }
      verifyPlace(record, id);
      verifyOrder(record, id);
      return id;
    }

    private void verifyPlace(Record record, WrittenId id) {
      assertThat(record.sequenceNumber().shardId()).isEqualTo(shard.shardId());
      if (!shard.hashKeyRange().contains(HashKey.ofPartitionKey(record.partitionKey()))) {
        fail("%s does not belong into %s", id, shard);
      }
    }

    private void verifyOrder(Record record, WrittenId id) {
      if (last != null) {
        assertThat(record.sequenceNumber()).isGreaterThan(last.sequenceNumber());
        assertThat(record.approximateArrivalTimestamp())
            .isAfterOrEqualTo(last.approximateArrivalTimestamp());
      }
      last = record;
      assertThat(id.round()).as("round of %s", id).isGreaterThanOrEqualTo(lastRound);
      if (id.round() > lastRound) {
        lastOfProducer.clear();
      }
      lastRound = id.round();
      WrittenId before = lastOfProducer.put(id.producer(), id);
      if (before != null) {
        assertThat(id.request())
            .as("%s after %s", id, before)
            .isGreaterThanOrEqualTo(before.request());
      }
    }
  }
}
