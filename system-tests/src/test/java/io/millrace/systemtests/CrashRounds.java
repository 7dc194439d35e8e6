package io.millrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.Millrace;
import io.millrace.engine.api.DescribeStreamSummaryRequest;
import io.millrace.engine.api.ListStreamsRequest;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.StreamStatus;
import io.millrace.testkit.Awaits;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Seed;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Starts a {@link CrashWriter}, kills it at a random moment, looks at what it left behind, and
 * again.
 *
 * <p>Each look is at a copy where there can be one: so one kill follows another without an orderly
 * close in between, which would tidy up.
 */
final class CrashRounds {

  /** So many rounds go by on one database before the next one begins with an empty one. */
  static final int ROUNDS_PER_DATABASE = 10;

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration RETENTION = Duration.ofHours(24);

  /** With retention over in two seconds. */
  private static final long CLOCK_FACTOR = RETENTION.toSeconds() / 2;

  private static final long CLOCK_START = Instant.parse("2030-01-01T00:00:00Z").toEpochMilli();

  /** What goes on beside the puts. */
  enum Load {
    /** Nothing. */
    PUTS_ALONE(6, WriterScript.Mix.ALL_SIZES),
    /** Time flies, so that snapshots and trimming go on all the time. */
    TRIMMING(3, WriterScript.Mix.SMALL),
    /** Shards are split, merged and scaled all the time. */
    RESHARDING(6, WriterScript.Mix.SMALL),
    /** The same, and acknowledgements are lost: producers number their records and repeat. */
    REPEATING(6, WriterScript.Mix.SMALL);

    private final int producers;
    private final WriterScript.Mix mix;

    Load(int producers, WriterScript.Mix mix) {
      this.producers = producers;
      this.mix = mix;
    }
  }

  /** When a process is killed. */
  private enum Moment {
    START,
    OPENING,
    PUTTING,
    TRIMMING,
    RESHARDING
  }

  private final String name;
  private final Seed seed;
  private final Load load;
  private final Random random;
  private final Map<Moment, Integer> kills = new EnumMap<>(Moment.class);
  private int acknowledged;
  private int unacknowledgedButFound;
  private long verifiedRecords;
  private int reshards;
  private int resumed;
  private int repeated;

  /** The last process that put anything. */
  private int lastRoundThatPut;

  private CrashDatabase database;
  private CrashLedger ledger;
  private WriterScript script;
  private long clockMillis;

  /**
   * Rounds of one test.
   *
   * @param name which database, for people
   */
  CrashRounds(String name, Seed seed, Load load) {
    this.name = name;
    this.seed = seed;
    this.load = load;
    this.random = seed.random("rounds");
  }

  /**
   * Runs them all.
   *
   * @param databases empty databases, by number from 0
   */
  @SuppressWarnings("SystemOut") // the result, for whoever runs the tests
  void run(int rounds, IntFunction<CrashDatabase> databases) {
    long startedNanos = System.nanoTime();
    for (int round = 0; round < rounds; round++) {
      int roundOfDatabase = round % ROUNDS_PER_DATABASE;
      if (roundOfDatabase == 0) {
        int number = round / ROUNDS_PER_DATABASE;
        database = databases.apply(number);
        script = new WriterScript(seed.random("script " + number).nextLong(), load.mix);
        ledger = new CrashLedger(script);
        clockMillis = CLOCK_START;
        lastRoundThatPut = -1;
      }
      try {
        round(roundOfDatabase);
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError(
            "%s, round %d, seed %s: %s".formatted(name, round, seed, failure.getMessage()),
            failure);
      }
      if (roundOfDatabase == ROUNDS_PER_DATABASE - 1 || round == rounds - 1) {
        acknowledged += ledger.acknowledged();
        unacknowledgedButFound += ledger.unacknowledgedButFound();
        verifiedRecords += ledger.verifiedRecords();
        repeated += ledger.repeated();
      }
    }
    System.out.printf(
        Locale.ROOT,
        "kill -9, %s: %d rounds with seed %s in %d s; kills at start %d, while opening %d, while"
            + " putting %d, while trimming %d, while resharding %d; reshards done %d, finished after"
            + " a kill %d; records acknowledged %d, found without acknowledgement %d, put"
            + " again by a later process %d, read and compared %d; lost, stored twice or out of"
            + " order 0%n",
        name,
        rounds,
        seed,
        Duration.ofNanos(System.nanoTime() - startedNanos).toSeconds(),
        kills.getOrDefault(Moment.START, 0),
        kills.getOrDefault(Moment.OPENING, 0),
        kills.getOrDefault(Moment.PUTTING, 0),
        kills.getOrDefault(Moment.TRIMMING, 0),
        kills.getOrDefault(Moment.RESHARDING, 0),
        reshards,
        resumed,
        acknowledged,
        unacknowledgedButFound,
        repeated,
        verifiedRecords);
  }

  private void round(int round) {
    Moment wanted = moment(round);
    CrashWriter.Settings settings =
        new CrashWriter.Settings(
            writerSettings(),
            script,
            round,
            load.producers,
            trims() ? clockMillis : 0,
            CLOCK_FACTOR,
            load == Load.RESHARDING || load == Load.REPEATING,
            repeats());
    long endedMillis;
    try (ChildJvm child =
        ChildJvm.of(CrashWriter.class)
            .jvmOptions("-Xmx512m", "-Dmillrace.test.log=ERROR")
            .arguments(settings.toArguments())
            .start()) {
      endedMillis = new Victim(child, round).killAt(wanted);
    }
    if (trims()) {
      clockMillis = endedMillis;
    }
    assertThat(ledger.failures()).as("failures that no kill explains").isEmpty();
    verify();
  }

  private Repeats repeats() {
    if (load != Load.REPEATING) {
      return Repeats.OFF;
    }
    return lastRoundThatPut < 0
        ? Repeats.none()
        : new Repeats(
            true,
            lastRoundThatPut,
            IntStream.range(0, load.producers)
                .mapToObj(producer -> ledger.lastAcknowledged(lastRoundThatPut, producer))
                .toList());
  }

  private boolean trims() {
    return load == Load.TRIMMING;
  }

  private Moment moment(int round) {
    int choice = round == 0 ? 100 : random.nextInt(100);
    if (choice < 10) {
      return Moment.START;
    }
    if (choice < 30) {
      return Moment.OPENING;
    }
    return switch (load) {
      case PUTS_ALONE -> Moment.PUTTING;
      case TRIMMING -> choice >= 55 ? Moment.TRIMMING : Moment.PUTTING;
      case RESHARDING -> Moment.RESHARDING;
      case REPEATING -> choice >= 65 ? Moment.RESHARDING : Moment.PUTTING;
    };
  }

  private Config writerSettings() {
    return ConfigFactory.parseMap(
            Map.of(
                "millrace.limits.mode", "off",
                "millrace.streams.trim-interval", trims() ? "50ms" : "1h",
                "pekko.log-dead-letters", "off"))
        .withFallback(database.settings());
  }

  private void verify() {
    boolean inPlace = random.nextInt(4) == 0;
    Config config =
        ConfigFactory.parseMap(
                Map.of("millrace.limits.mode", "off", "millrace.streams.trim-interval", "1h"))
            .withFallback(database.settingsToVerify(inPlace));
    StoppedClock stopped = new StoppedClock(clockMillis);
    try (Millrace millrace = Millrace.open(config, trims() ? stopped : EngineClock.SYSTEM)) {
      if (!streamExists(millrace)) {
        assertThat(ledger.acknowledged()).isZero();
        return;
      }
      if (isUpdating(millrace)) {
        resumed++;
      }
      // Whatever was begun is finished by the engine itself.
      Awaits.get(millrace.awaitActive(CrashWriter.STREAM));
      if (trims()) {
        ledger.verifyRetained(millrace, stopped, clockMillis, CLOCK_START, RETENTION.toMillis());
      } else {
        ledger.verifyAll(millrace);
      }
    }
  }

  private static boolean streamExists(Millrace millrace) {
    return !Awaits.get(millrace.client().listStreams(ListStreamsRequest.all()))
        .streamNames()
        .isEmpty();
  }

  private static boolean isUpdating(Millrace millrace) {
    return Awaits.get(
                millrace
                    .client()
                    .describeStreamSummary(DescribeStreamSummaryRequest.of(CrashWriter.STREAM)))
            .streamDescriptionSummary()
            .streamStatus()
        == StreamStatus.UPDATING;
  }

  /** One process, from its start to its end. */
  private final class Victim {

    private final ChildJvm child;
    private final int round;
    private boolean isOpening;
    private boolean isOpen;
    private long clockStartedMillis;
    private int acknowledgements;
    private int horizons;
    private int reshardsBegun;
    private int reshardsDone;

    Victim(ChildJvm child, int round) {
      this.child = child;
      this.round = round;
    }

    /** Kills it; answers what its clock said then. */
    long killAt(Moment wanted) {
      switch (wanted) {
        case START -> {}
        case OPENING -> readUntil(() -> isOpening);
        case PUTTING -> {
          int enough = 1 + random.nextInt(random.nextBoolean() ? 40 : 600);
          readUntil(() -> acknowledgements >= enough);
        }
        case TRIMMING -> {
          int enough = 1 + random.nextInt(6);
          readUntil(() -> horizons >= enough);
        }
        case RESHARDING -> {
          int enough = 1 + random.nextInt(random.nextBoolean() ? 8 : 60);
          readUntil(() -> reshardsBegun >= enough);
        }
      }
      pause(wanted);
      child.kill();
      child.awaitExit(PATIENCE);
      long killedMillis = System.currentTimeMillis();
      for (Optional<String> line = next(); line.isPresent(); line = next()) {
        onLine(line.get());
      }
      kills.merge(actual(wanted), 1, Integer::sum);
      reshards += reshardsDone;
      return clockStartedMillis == 0
          ? clockMillis
          : FastClock.at(clockMillis, CLOCK_FACTOR, clockStartedMillis, killedMillis);
    }

    /** The moment within the moment. */
    private void pause(Moment moment) {
      int atMostMillis =
          switch (moment) {
            case START -> 400;
            case OPENING -> 2_500;
            case PUTTING, TRIMMING, RESHARDING -> 25;
          };
      LockSupport.parkNanos(random.nextInt(atMostMillis * 1000) * 1000L);
    }

    private Moment actual(Moment wanted) {
      if (wanted == Moment.TRIMMING || wanted == Moment.RESHARDING) {
        return wanted;
      }
      return isOpen ? Moment.PUTTING : isOpening ? Moment.OPENING : Moment.START;
    }

    private void readUntil(BooleanSupplier reached) {
      while (!reached.getAsBoolean()) {
        onLine(
            next()
                .orElseThrow(
                    () -> new AssertionError("the writer ended by itself: " + child.errors())));
      }
    }

    private Optional<String> next() {
      return child.nextLine(PATIENCE);
    }

    private void onLine(String line) {
      switch (line.charAt(0)) {
        case 'O' -> {
          isOpening = true;
          if (line.startsWith("OPEN ")) {
            isOpen = true;
            lastRoundThatPut = round;
            clockStartedMillis = Long.parseLong(line.substring("OPEN ".length()));
          }
        }
        case 'A' -> acknowledgements++;
        case 'H' -> horizons++;
        case 'B' -> reshardsBegun++;
        case 'R' -> reshardsDone++;
        default -> {}
      }
      ledger.onLine(round, line);
    }
  }
}
