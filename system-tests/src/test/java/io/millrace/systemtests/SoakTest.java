package io.millrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.Millrace;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.tail.RecordTail;
import io.millrace.testkit.Awaits;
import io.millrace.testkit.Seed;
import io.millrace.testkit.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * For hours: one producer, one follower, and a clock on which a day passes in a minute, so that all
 * that is written expires a minute later. {@code -Dmillrace.soak.minutes} says how long.
 */
@Tag("soak")
@ExtendWith(Seeds.class)
class SoakTest {

  private static final String STREAM = "soak";
  private static final int RECORDS_PER_PUT = 100;
  private static final int RECORD_BYTES = 1024;
  private static final long PUT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long DAYS_PER_MINUTE = TimeUnit.DAYS.toMinutes(1);
  private static final int SAMPLES = 60;

  private static final Config SETTINGS =
      ConfigFactory.parseString(
          """
          millrace.limits.mode = off
          millrace.streams.trim-interval = 1s
          """);

  @TempDir Path directory;

  private final AtomicLong put = new AtomicLong();
  private final AtomicLong followed = new AtomicLong();

  /** What the files held while the run was at some point. */
  private record Sample(long put, long followed, long fileBytes, long heapBytes) {

    String row(int number) {
      return String.format(
          Locale.ROOT,
          "%3d: %,d put, %,d followed, %,d MiB in files, %,d MiB of heap%n",
          number,
          put,
          followed,
          fileBytes >> 20,
          heapBytes >> 20);
    }
  }

  @Test
  void storageStaysBoundedWhileAStreamIsAppendedAndTrimmed(Seed seed) {
    Duration length = Duration.ofMinutes(Long.getLong("millrace.soak.minutes", 120));
    FastClock clock = new FastClock(System.currentTimeMillis(), DAYS_PER_MINUTE);
    Config config = SETTINGS.withFallback(CrashDatabase.h2Settings(directory, "synced"));
    try (Millrace millrace = Millrace.open(config, clock)) {
      Awaits.get(millrace.client().createStream(STREAM, 1));
      Awaits.get(millrace.awaitActive(STREAM));
      clock.start();
      CompletionStage<Done> following = follow(millrace);

      List<Sample> samples = putAndSample(millrace.client(), seed.random("data"), length);

      assertThat(largest(samples.subList(SAMPLES / 2, SAMPLES)))
          .as("bytes of files in the second half, against the first")
          .isLessThan(largest(samples.subList(0, SAMPLES / 2)) * 5 / 4);
      Awaits.await("the follower", () -> followed.get() == put.get());
      assertThat(following.toCompletableFuture()).isNotDone();
    }
  }

  private List<Sample> putAndSample(StreamClient client, Random random, Duration length) {
    List<Sample> samples = new ArrayList<>();
    long sampleNanos = length.toNanos() / SAMPLES;
    long start = System.nanoTime();
    for (long puts = 0; samples.size() < SAMPLES; puts++) {
      while (System.nanoTime() - start < puts * PUT_NANOS) {
        LockSupport.parkNanos(start + puts * PUT_NANOS - System.nanoTime());
      }
      assertThat(Awaits.get(client.putRecords(batch(random))).failedRecordCount()).isZero();
      put.addAndGet(RECORDS_PER_PUT);
      if (System.nanoTime() - start >= (samples.size() + 1) * sampleNanos) {
        samples.add(sample());
        System.out.print(samples.get(samples.size() - 1).row(samples.size()));
      }
    }
    return samples;
  }

  /** Records that carry their place in the order of puts. */
  private PutRecordsRequest batch(Random random) {
    List<PutRecordsRequestEntry> entries = new ArrayList<>();
    for (int i = 0; i < RECORDS_PER_PUT; i++) {
      byte[] data = new byte[RECORD_BYTES];
      random.nextBytes(data);
      ByteBuffer.wrap(data).putLong(put.get() + i);
      entries.add(PutRecordsRequestEntry.of("key-" + i, Payload.wrap(data)));
    }
    return PutRecordsRequest.of(STREAM, entries);
  }

  private CompletionStage<Done> follow(Millrace millrace) {
    RecordTail tail = Awaits.get(millrace.tail(STREAM, new ShardId(0)));
    return tail.follow(0, 10_000, 1 << 20, Duration.ofHours(24)::toMillis)
        .mapConcat(page -> page.records())
        .runWith(Sink.foreach(this::check), millrace.system());
  }

  private void check(Record record) {
    long place = record.data().asByteBuffer().getLong();
    if (place != followed.getAndIncrement()) {
      throw new AssertionError("record " + place + " instead of " + (followed.get() - 1));
    }
  }

  private Sample sample() {
    Runtime runtime = Runtime.getRuntime();
    return new Sample(
        put.get(), followed.get(), fileBytes(), runtime.totalMemory() - runtime.freeMemory());
  }

  private long fileBytes() {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(SoakTest::size).sum();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A file may go while its directory is walked. */
  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException gone) {
      return 0;
    }
  }

  private static long largest(List<Sample> samples) {
    return samples.stream().mapToLong(Sample::fileBytes).max().orElseThrow();
  }
}
