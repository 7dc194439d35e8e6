package io.millrace.processors.lane;

import static io.millrace.processors.lane.LanesFixture.number;
import static io.millrace.processors.lane.LanesFixture.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.processors.api.MappingOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Whatever the options, however calls end, and whenever the work is cut off and begun anew from
 * what was stored: every record is finished at least once, those of a key in order, and a
 * checkpoint never passes unfinished work.
 */
class ShardLanesProperties {

  private static final int RECORDS = 60;

  private static final class World {

    private final Random random;
    private final List<Record> records = new ArrayList<>();
    private final Set<SequenceNumber> finished = new HashSet<>();
    private MappingOptions options;
    private LanesFixture fixture;
    private Optional<SequenceNumber> storedCheckpoint = Optional.empty();
    private LanesState storedState = LanesState.EMPTY;
    private int read;
    private final Map<Integer, Step> open = new HashMap<>();
    private long nowMillis = LanesFixture.START;

    World(long seed) {
      random = new Random(seed);
      long arrival = nowMillis;
      for (int i = 1; i <= RECORDS; i++) {
        arrival += random.nextInt(4000);
        records.add(record(i, "key" + random.nextInt(12), arrival, 1));
      }
      begin();
    }

    private void begin() {
      options =
          MappingOptions.awsDefaults()
              .withBatchSize(1 + random.nextInt(8))
              .withParallelizationFactor(1 + random.nextInt(10))
              .withBisectBatchOnFunctionError(random.nextBoolean())
              .withReportBatchItemFailures(random.nextBoolean())
              .withMaximumRetryAttempts(random.nextBoolean() ? -1 : random.nextInt(4))
              .withMaximumBatchingWindowInSeconds(random.nextInt(3))
              .withTumblingWindowInSeconds(random.nextBoolean() ? 0 : 30);
      fixture = new LanesFixture(options, storedState, record -> !isFiltered(record));
      fixture.nowMillis = nowMillis;
      open.clear();
      read = storedCheckpoint.map(checkpoint -> (int) checkpoint.counter()).orElse(0);
    }

    private boolean isFiltered(Record record) {
      return record.partitionKey().equals("key3");
    }

    /** One thing that may happen. */
    void step(boolean calmly) {
      switch (random.nextInt(calmly ? 3 : 5)) {
        case 0 -> arrive();
        case 1 -> endACall(calmly);
        case 2 -> fixture.passes(Duration.ofMillis(random.nextInt(20_000)));
        case 3 -> store();
        default -> {
          if (random.nextInt(4) == 0) {
            nowMillis = fixture.nowMillis;
            begin();
          }
        }
      }
      for (Step step : fixture.steps()) {
        assertThat(open.put(step.lane(), step)).as("one call for each lane").isNull();
        if (step instanceof Step.Invoke invoke) {
          keepsOrder(invoke.invocation().records());
        }
      }
      neverPassesUnfinishedWork();
    }

    private void arrive() {
      int count = Math.min(random.nextInt(10), RECORDS - read);
      if (count > 0) {
        fixture.offer(records.subList(read, read + count));
        read += count;
      }
      if (read == RECORDS) {
        fixture.shardEnds();
      }
    }

    private void endACall(boolean calmly) {
      if (open.isEmpty()) {
        return;
      }
      List<Integer> lanes = List.copyOf(open.keySet());
      int lane = lanes.get(random.nextInt(lanes.size()));
      Step step = open.remove(lane);
      if (step instanceof Step.Report report) {
        finish(report.discard().records());
        fixture.lanes.reported(lane);
        return;
      }
      List<Record> batch = ((Step.Invoke) step).invocation().records();
      Outcome outcome = calmly ? stated(List.of()) : outcome(batch);
      finishWhatSucceeds(batch, outcome);
      fixture.lanes.completed(lane, outcome, fixture.now());
    }

    private Outcome outcome(List<Record> batch) {
      return switch (random.nextInt(6)) {
        case 0 -> new Outcome.Failed(Outcome.Kind.ERROR, "boom");
        case 1 -> new Outcome.NotReached("busy");
        case 2 ->
            batch.isEmpty()
                ? stated(List.of())
                : stated(
                    List.of(batch.get(random.nextInt(batch.size())).sequenceNumber().toString()));
        case 3 -> stated(List.of("garbage"));
        default -> stated(List.of());
      };
    }

    private Outcome stated(List<String> failures) {
      return new Outcome.Answered(failures, Optional.of(Payload.utf8("{}")));
    }

    private void finishWhatSucceeds(List<Record> batch, Outcome outcome) {
      if (outcome instanceof Outcome.Answered answer) {
        if (answer.failures().isEmpty() || !options.reportBatchItemFailures()) {
          finish(batch);
        } else {
          for (int i = 0; i < batch.size(); i++) {
            if (batch.get(i).sequenceNumber().toString().equals(answer.failures().get(0))) {
              finish(batch.subList(0, i));
            }
          }
        }
      }
    }

    private void finish(List<Record> done) {
      done.forEach(record -> finished.add(record.sequenceNumber()));
    }

    private void keepsOrder(List<Record> batch) {
      for (Record record : batch) {
        // All of the key before this one is finished, or given to the function right now.
        for (Record other : records) {
          if (other.partitionKey().equals(record.partitionKey())
              && other.sequenceNumber().compareTo(record.sequenceNumber()) < 0) {
            assertThat(finished.contains(other.sequenceNumber()) || batch.contains(other))
                .as("%s is called with before %s is finished", record, other)
                .isTrue();
          }
        }
      }
    }

    private void neverPassesUnfinishedWork() {
      fixture
          .lanes
          .checkpoint()
          .ifPresent(
              checkpoint ->
                  assertThat(
                          records.stream()
                              .filter(record -> !isFiltered(record))
                              .map(Record::sequenceNumber)
                              .filter(number -> number.compareTo(checkpoint) <= 0))
                      .allMatch(finished::contains));
    }

    private void store() {
      fixture
          .lanes
          .checkpoint()
          .ifPresent(
              checkpoint -> {
                storedCheckpoint = Optional.of(checkpoint);
                storedState = fixture.lanes.state();
              });
    }

    boolean isDone() {
      return fixture.lanes.isFinished();
    }
  }

  @Property(tries = 300)
  void finishesEveryRecordInTheOrderOfItsKey(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 400) int turbulence) {
    World world = new World(seed);
    for (int i = 0; i < turbulence; i++) {
      world.step(false);
    }
    int steps = 0;
    while (!world.isDone()) {
      world.step(true);
      assertThat(steps++).as("comes to an end").isLessThan(20_000);
    }
    for (int i = 1; i <= RECORDS; i++) {
      Record record = world.records.get(i - 1);
      if (!world.isFiltered(record)) {
        assertThat(world.finished).contains(number(i));
      }
    }
    assertThat(world.fixture.lanes.checkpoint().or(() -> world.storedCheckpoint))
        .contains(number(RECORDS));
  }

  @Property(tries = 100)
  void theSameInputGivesTheSameOutput(@ForAll long seed) {
    World one = new World(seed);
    World other = new World(seed);
    for (int i = 0; i < 200; i++) {
      one.step(false);
      other.step(false);
      assertThat(one.open).isEqualTo(other.open);
      assertThat(one.fixture.lanes.state()).isEqualTo(other.fixture.lanes.state());
    }
  }
}
