package io.millrace.systemtests;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.Millrace;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordResponse;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResultEntry;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.tail.RecordTail;
import io.millrace.engine.tail.TailPage;
import io.millrace.testkit.Awaits;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * The process that is killed: opens an engine, puts from several threads until the end, and reports
 * on standard output, one line each:
 *
 * <pre>
 * OPENING
 * OPEN [when the clock was started]
 * P [round] [producer] [request] [numbers as below]    an earlier process's request, put again
 * A [producer] [request] [sequence number of each record, - where it was not stored]
 * H [shard] [event]        the trim horizon has moved to this event
 * B [what]                 a reshard begins
 * R [what]                 and is done
 * F [what failed]
 * </pre>
 *
 * An acknowledgement is reported after it has come, so what is reported was acknowledged.
 *
 * <p>A writer that repeats numbers its records, takes some acknowledgements for lost and puts such
 * requests again; before anything else it puts again what the process before it may have stored.
 */
final class CrashWriter {

  static final String STREAM = "crash";
  static final int SHARDS = 3;

  private final PrintStream report;
  private final Settings settings;

  /**
   * What a parent passes.
   *
   * @param config of the engine
   * @param script what to put
   * @param round which process this is
   * @param producers how many threads put
   * @param clockStart where the clock starts; 0 for the machine's clock
   * @param clockFactor how fast it runs
   * @param reshards whether shards split and merge meanwhile
   * @param repeats what is put again, if anything is
   */
  record Settings(
      Config config,
      WriterScript script,
      int round,
      int producers,
      long clockStart,
      long clockFactor,
      boolean reshards,
      Repeats repeats) {

    String[] toArguments() {
      return new String[] {
        config.root().render(com.typesafe.config.ConfigRenderOptions.concise()),
        Long.toString(script.seed()),
        script.mix().name(),
        Integer.toString(round),
        Integer.toString(producers),
        Long.toString(clockStart),
        Long.toString(clockFactor),
        Boolean.toString(reshards),
        repeats.toString()
      };
    }

    static Settings of(String[] arguments) {
      return new Settings(
          ConfigFactory.parseString(arguments[0]),
          new WriterScript(Long.parseLong(arguments[1]), WriterScript.Mix.valueOf(arguments[2])),
          Integer.parseInt(arguments[3]),
          Integer.parseInt(arguments[4]),
          Long.parseLong(arguments[5]),
          Long.parseLong(arguments[6]),
          Boolean.parseBoolean(arguments[7]),
          Repeats.parse(arguments[8]));
    }
  }

  private CrashWriter(PrintStream report, Settings settings) {
    this.report = report;
    this.settings = settings;
  }

  public static void main(String[] arguments) {
    PrintStream report = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    new CrashWriter(report, Settings.of(arguments)).run();
  }

  private void run() {
    report("OPENING");
    boolean isFast = settings.clockStart() != 0;
    FastClock clock = new FastClock(settings.clockStart(), settings.clockFactor());
    Millrace millrace =
        isFast ? Millrace.open(settings.config(), clock) : Millrace.open(settings.config());
    createStream(millrace);
    repeatEarlierRequests(millrace.client());
    report("OPEN " + (isFast ? clock.start() : 0));
    for (int producer = 0; producer < settings.producers(); producer++) {
      int number = producer;
      start(() -> produce(millrace.client(), number));
    }
    if (settings.reshards()) {
      Random random = new Random(settings.script().seed() + settings.round());
      start(() -> new Resharder(millrace, STREAM, random, this::report).run());
    }
    if (isFast) {
      List<RecordTail> tails = tails(millrace);
      start(() -> watchHorizons(tails));
      tails.forEach(tail -> start(() -> readHistory(tail)));
    }
  }

  private static void start(Runnable work) {
    new Thread(work).start();
  }

  private void createStream(Millrace millrace) {
    try {
      Awaits.get(millrace.client().createStream(STREAM, SHARDS));
    } catch (ResourceInUseException thereAlready) {
      // Made by an earlier round.
    }
    Awaits.get(millrace.awaitActive(STREAM));
  }

  private void produce(StreamClient client, int producer) {
    SequenceNumber last = null;
    for (int request = 0; ; request++) {
      List<PutRecordsRequestEntry> entries = entries(settings.round(), producer, request);
      StringBuilder line = new StringBuilder("A ").append(producer).append(' ').append(request);
      try {
        if (entries.size() == 1) {
          last = putOne(client, entries.get(0), producer == 0 ? last : null);
          line.append(' ').append(last);
        } else {
          line.append(numbers(putMany(client, entries)));
        }
        if (losesAcknowledgement(producer, request)) {
          String again = "A " + producer + " " + request + numbers(putMany(client, entries));
          if (!again.contentEquals(line)) {
            report("F repeat answered " + again + " after " + line);
          }
        }
        report(line.toString());
      } catch (CompletionException failure) {
        report("F put " + producer + " " + request + ": " + failure.getCause());
      }
    }
  }

  private static SequenceNumber putOne(
      StreamClient client, PutRecordsRequestEntry entry, SequenceNumber above) {
    PutRecordRequest request =
        PutRecordRequest.of(STREAM, entry.partitionKey(), entry.data())
            .withProducer(entry.producerSequence());
    PutRecordResponse response =
        client
            .putRecord(
                above == null ? request : request.withSequenceNumberForOrdering(above.toString()))
            .toCompletableFuture()
            .join();
    return response.sequenceNumber();
  }

  private static List<PutRecordsResultEntry> putMany(
      StreamClient client, List<PutRecordsRequestEntry> entries) {
    return client
        .putRecords(PutRecordsRequest.of(STREAM, entries))
        .toCompletableFuture()
        .join()
        .records();
  }

  private List<PutRecordsRequestEntry> entries(int round, int producer, int request) {
    List<PutRecordsRequestEntry> entries = settings.script().entries(round, producer, request);
    return settings.repeats().areOn() ? numbered(entries, round, producer, request) : entries;
  }

  private List<PutRecordsRequestEntry> numbered(
      List<PutRecordsRequestEntry> entries, int round, int producer, int request) {
    ProducerId id = new ProducerId(1, settings.script().seed() + producer);
    List<PutRecordsRequestEntry> numbered = new ArrayList<>(entries.size());
    for (PutRecordsRequestEntry entry : entries) {
      long sequence = ((long) round << 48) | ((long) request << 16) | numbered.size();
      numbered.add(entry.withProducer(id, sequence));
    }
    return numbered;
  }

  private boolean losesAcknowledgement(int producer, int request) {
    return settings.repeats().areOn()
        && new SplittableRandom(settings.script().seed() + 31L * producer + request).nextInt(4)
            == 0;
  }

  private void repeatEarlierRequests(StreamClient client) {
    settings
        .repeats()
        .forEach(
            (producer, request) -> {
              int round = settings.repeats().round();
              List<PutRecordsResultEntry> results =
                  putMany(client, entries(round, producer, request));
              report("P %d %d %d".formatted(round, producer, request) + numbers(results));
            });
  }

  private String numbers(List<PutRecordsResultEntry> results) {
    StringBuilder numbers = new StringBuilder();
    results.forEach(result -> numbers.append(' ').append(text(result)));
    return numbers.toString();
  }

  private String text(PutRecordsResultEntry result) {
    if (!result.isStored()) {
      report("F entry " + result.failure() + ": " + result.errorMessage());
      return "-";
    }
    return result.sequenceNumber().toString();
  }

  private static List<RecordTail> tails(Millrace millrace) {
    return IntStream.range(0, SHARDS)
        .mapToObj(shard -> Awaits.get(millrace.tail(STREAM, new ShardId(shard))))
        .toList();
  }

  private void watchHorizons(List<RecordTail> tails) {
    long[] known = tails.stream().mapToLong(tail -> tail.state().horizonEvent()).toArray();
    while (true) {
      for (int shard = 0; shard < known.length; shard++) {
        long horizon = tails.get(shard).state().horizonEvent();
        if (horizon > known[shard]) {
          known[shard] = horizon;
          report("H " + shard + " " + horizon);
        }
      }
      LockSupport.parkNanos(500_000);
    }
  }

  /** Reads all that is retained, again and again, while it is trimmed. */
  private void readHistory(RecordTail tail) {
    long retentionMillis = Duration.ofHours(24).toMillis();
    for (long from = 0; ; ) {
      try {
        TailPage page = Awaits.get(tail.read(from, 1_000, 256 * 1024, retentionMillis));
        from = page.records().isEmpty() ? 0 : page.nextCounter();
        LockSupport.parkNanos(1_000_000);
      } catch (RuntimeException failure) {
        report("F read " + from + ": " + failure);
        from = 0;
      }
    }
  }

  private void report(String line) {
    synchronized (report) {
      report.print(line + "\n");
      report.flush();
    }
  }
}
