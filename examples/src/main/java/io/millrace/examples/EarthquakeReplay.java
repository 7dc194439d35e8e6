package io.millrace.examples;

import static io.millrace.examples.Waits.await;
import static java.util.stream.Collectors.partitioningBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.Millrace;
import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.DeleteStreamRequest;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.storage.StorageException;
import io.millrace.examples.EarthquakeAlarm.Heard;
import io.millrace.examples.ReplaySummary.Flow;
import io.millrace.processors.api.ProcessorException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Replays a week of earthquakes into a stream of four shards, in event-time order and keyed by
 * seismic network, then reads every shard to its end and prints what is there. Events come at a
 * pace, since the windows of the alerts go by arrival; of the last day's a subscriber hears of the
 * strong ones. When all is there, applications consume it.
 *
 * <p>Where a run stopped is written nowhere but in the stream itself. Each run reads it first and
 * puts the events that are missing; so a run that was killed at any moment is continued by the next
 * one, and a put whose acknowledgement was lost is found and not put again. The applications go on
 * from their checkpoints.
 */
@Command(
    name = "earthquake-replay",
    description = "Replays a week of earthquakes through a durable stream.",
    sortOptions = false)
public final class EarthquakeReplay implements Callable<Integer> {

  static final String STREAM = "earthquakes";
  static final int SHARDS = 4;

  private static final int MAX_OPENINGS = 5;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data/earthquakes",
      description = "Where the stream is kept (default: ${DEFAULT-VALUE}).")
  private Path directory;

  @Option(
      names = "--pace",
      paramLabel = "N",
      defaultValue = "200",
      description = "Put N records per second; 0 for full speed (default: ${DEFAULT-VALUE}).")
  private int recordsPerSecond;

  @Option(names = "--fresh", description = "Delete everything first and start over.")
  private boolean startsOver;

  @Option(names = "--help", usageHelp = true, description = "Show this help.")
  @SuppressWarnings("unused") // read by picocli
  private boolean helpWanted;

  @Spec private CommandSpec spec;

  private final List<Earthquake> feed = EarthquakeFeed.load();
  private final Instant lastDay = EarthquakeFeed.lastDayOf(feed);
  private final PrintStream out;
  private final boolean isTerminal;
  private ReplaySummary summary;

  private EarthquakeReplay(PrintStream out, boolean isTerminal) {
    this.out = out;
    this.isTerminal = isTerminal;
  }

  /** Runs the program. Ends the process only when it failed. */
  public static void main(String[] args) {
    EarthquakeReplay program = new EarthquakeReplay(System.out, Progress.isOnTerminal());
    int exitCode = new CommandLine(program).execute(args);
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  /** Runs the program within another one, which wants to know the figures. */
  static ReplaySummary run(PrintStream out, String... args) {
    EarthquakeReplay program = new EarthquakeReplay(out, false);
    int exitCode = new CommandLine(program).execute(args);
    if (exitCode != 0) {
      throw new IllegalStateException("exit code " + exitCode);
    }
    return program.summary;
  }

  @Override
  public Integer call() {
    if (recordsPerSecond < 0) {
      throw new ParameterException(spec.commandLine(), "--pace takes 0 or more");
    }
    try {
      summary = replay();
    } catch (StorageException
        | MillraceException
        | ProcessorException
        | IllegalStateException failure) {
      System.err.println("earthquake-replay: " + failure.getMessage());
      return ExitCode.SOFTWARE;
    }
    out.println();
    new ReplayReport(terminalWidth()).lines(summary).forEach(out::println);
    return summary.isExact() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  /**
   * An outcome that is unknown is settled as after a crash: the engine is closed and opened again,
   * and then the stream says what is there. Everything else is retried where it happens, or fails.
   */
  private ReplaySummary replay() {
    for (int opening = 1; ; opening++) {
      try (Millrace millrace = Millrace.open(settings(directory))) {
        if (opening == 1) {
          say("store  %s", millrace.describe());
          say("feed   %,d earthquakes into %d shards, limits off", feed.size(), SHARDS);
        }
        if (startsOver && opening == 1) {
          startOver(millrace);
        }
        return replay(millrace);
      } catch (MillraceException failure) {
        if (failure.outcome() != Outcome.UNKNOWN || opening == MAX_OPENINGS) {
          throw failure;
        }
        say("note   %s Opening again to see what is there.", failure.getMessage());
      }
    }
  }

  /**
   * Inside one process the limits of the service protect nobody; without them this is faster. What
   * a killed run has left to its workers is soon taken over.
   */
  static Config settings(Path directory) {
    return ConfigFactory.parseMap(
        Map.of(
            "millrace.storage.directory",
            directory.toAbsolutePath().normalize().toString(),
            "millrace.limits.mode",
            "off",
            "millrace.consumers.failover-time",
            "2s"));
  }

  /** Reads what is there and puts what is missing, until nothing is. */
  private ReplaySummary replay(Millrace millrace) {
    openStream(millrace);
    EarthquakeConsumer consumer = new EarthquakeConsumer(millrace.client(), STREAM);
    Pass found = pass(consumer);
    sayWhatIsThere(found.contents);
    Pass last = found;
    Puts puts = Puts.NONE;
    while (!last.contents.missingOf(feed).isEmpty()) {
      if (!last.contents.isBeginningOf(feed)) {
        say("note   the oldest records have expired: starting over");
        startOver(millrace);
        openStream(millrace);
        found = pass(consumer);
        last = found;
      }
      puts = puts.and(put(millrace, last.contents));
      last = pass(consumer);
    }
    return new ReplaySummary(
        last.contents,
        found.contents.events(),
        puts.in,
        puts.live,
        puts.heard,
        new Flow(last.contents.events(), last.contents.bytes(), last.time),
        applications(millrace).catchUp(out, isTerminal));
  }

  private EarthquakeApplications applications(Millrace millrace) {
    return new EarthquakeApplications(millrace, STREAM, directory, feed);
  }

  /** One pass of the consumer, and how long it took. */
  private record Pass(StreamContents contents, Duration time) {}

  private Pass pass(EarthquakeConsumer consumer) {
    try (Progress reading = new Progress(out, isTerminal, "read", feed.size())) {
      long since = System.nanoTime();
      StreamContents contents = await(consumer.readAll(reading::reached));
      return new Pass(contents, since(since));
    }
  }

  /** What was put, and how fast the strong ones of the last day were heard of. */
  private record Puts(Flow in, Flow live, Heard heard) {

    static final Puts NONE = new Puts(Flow.NONE, Flow.NONE, Heard.NOTHING);

    Puts and(Puts later) {
      return new Puts(in.plus(later.in), live.plus(later.live), later.heard);
    }
  }

  /** Puts what is missing; of the last day somebody hears of the strong ones. */
  private Puts put(Millrace millrace, StreamContents contents) {
    List<Earthquake> missing = contents.missingOf(feed);
    Map<Boolean, List<Earthquake>> byLive = missing.stream().collect(partitioningBy(this::isLive));
    try (Progress progress = new Progress(out, isTerminal, "put", feed.size());
        EarthquakeAlarm alarm = new EarthquakeAlarm(millrace, STREAM)) {
      AtomicInteger there = new AtomicInteger(contents.events());
      EarthquakeProducer backlog =
          new EarthquakeProducer(millrace, STREAM, recordsPerSecond, event -> {});
      EarthquakeProducer live =
          new EarthquakeProducer(millrace, STREAM, recordsPerSecond, alarm::putting);
      Runnable stored = () -> progress.reached(there.incrementAndGet());
      return new Puts(
          timed(byLive.get(false), backlog, stored),
          timed(byLive.get(true), live, stored),
          await(alarm.heardAll()));
    }
  }

  private boolean isLive(Earthquake event) {
    return !event.time().isBefore(lastDay);
  }

  private static Flow timed(List<Earthquake> events, EarthquakeProducer producer, Runnable stored) {
    long since = System.nanoTime();
    await(producer.put(events, stored));
    long bytes = events.stream().mapToLong(event -> event.json().size()).sum();
    return new Flow(events.size(), bytes, since(since));
  }

  private void sayWhatIsThere(StreamContents contents) {
    if (contents.missingOf(feed).isEmpty()) {
      say("found  all of them there: nothing to put");
    } else if (contents.events() > 0) {
      say("found  %,d of them there: going on with the rest", contents.events());
    }
  }

  /** Makes sure that the stream is there and takes puts, whatever an earlier run has left. */
  private static void openStream(Millrace millrace) {
    for (; ; ) {
      try {
        await(millrace.client().createStream(CreateStreamRequest.provisioned(STREAM, SHARDS)));
      } catch (ResourceInUseException isThere) {
        // as an earlier run left it
      }
      try {
        await(millrace.awaitActive(STREAM));
        return;
      } catch (ResourceNotFoundException gone) {
        // it was the rest of a deletion, which is over now
      }
    }
  }

  private void startOver(Millrace millrace) {
    applications(millrace).forget();
    deleteStream(millrace);
  }

  private static void deleteStream(Millrace millrace) {
    try {
      await(millrace.awaitActive(STREAM));
      await(millrace.client().deleteStream(DeleteStreamRequest.of(STREAM)));
    } catch (ResourceNotFoundException gone) {
      // as wanted
    }
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  private void say(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }

  private static int terminalWidth() {
    return Optional.ofNullable(System.getenv("COLUMNS"))
        .filter(columns -> columns.matches("\\d{1,4}"))
        .map(Integer::parseInt)
        .orElse(80);
  }
}
