package io.millrace.benchmarks;

import io.millrace.engine.Consumers;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResultEntry;
import io.millrace.engine.consumer.LeasedShard;
import io.millrace.engine.consumer.ShardTask;
import io.millrace.engine.consumer.Worker;
import io.millrace.engine.consumer.WorkerSettings;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.SynchronizedHistogram;

/** What frequent checkpoints cost. */
final class Checkpointing implements Benchmark {

  private static final int SHARDS = 64;
  private static final int RECORDS_PER_SHARD = 512;
  private static final int PER_SECOND = 1000;
  private static final long NANOS_APART = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

  @Override
  public String name() {
    return "checkpointing";
  }

  @Override
  public String about() {
    return "1,000 checkpoints a second over the 64 leased shards of a worker, each of another record,"
        + " against the same worker and the same pace without checkpoints: CPU of the process, and"
        + " the time until a checkpoint is durable.";
  }

  /**
   * One trial.
   *
   * @param cores processor time per time
   * @param millis from a checkpoint to its answer
   */
  private record Trial(double cores, SynchronizedHistogram millis) {}

  @Override
  public void run(Lab lab, Section section) throws Exception {
    Pairs<Trial, Trial> pairs =
        Pairs.measure(lab.pairs(), () -> trial(lab, true), () -> trial(lab, false));
    Spread extra =
        Spread.of(
            IntStream.range(0, lab.pairs())
                .mapToDouble(i -> pairs.first().get(i).cores() - pairs.second().get(i).cores())
                .toArray());
    section.add(
        Row.of("CPU of 1,000 checkpoints a second", Row.figure(extra, "cores"))
            .judged(Bar.atMost(0.1, " cores"), extra.median()));
    section.add(
        Row.of(
            "the process with and without them",
            Row.figure(pairs.ofFirst(Trial::cores), "cores"),
            Row.figure(pairs.ofSecond(Trial::cores), "cores"),
            pairs.ratio(Trial::cores, Trial::cores)));
    section.add(
        Row.of(
            "until a checkpoint is durable, p50 / p99",
            "%s / %s"
                .formatted(
                    Row.figure(
                        pairs.ofFirst(trial -> trial.millis().getValueAtPercentile(50) / 1e6),
                        "ms"),
                    Row.figure(
                        pairs.ofFirst(trial -> trial.millis().getValueAtPercentile(99) / 1e6),
                        "ms"))));
  }

  /** A shard of the worker, and the numbers that it has not checkpointed yet. */
  private record Held(LeasedShard lease, List<SequenceNumber> numbers) {}

  private static Trial trial(Lab lab, boolean checkpoints) throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine = Engine.openWithStream(site.settings(), SHARDS)) {
      Map<ShardId, List<SequenceNumber>> numbers = fill(engine);
      BlockingQueue<LeasedShard> leases = new LinkedBlockingQueue<>();
      Worker worker =
          Consumers.of(engine.millrace())
              .worker(
                  WorkerSettings.of("benchmark", Engine.STREAM)
                      .withInitialPosition(CheckpointPosition.TRIM_HORIZON),
                  () -> new Holding(leases));
      List<Held> held = new ArrayList<>();
      while (held.size() < SHARDS) {
        LeasedShard lease = leases.poll(1, TimeUnit.MINUTES);
        if (lease == null) {
          throw new IllegalStateException("the worker has " + held.size() + " shards");
        }
        held.add(new Held(lease, numbers.get(lease.shardId())));
      }
      SynchronizedHistogram millis = new SynchronizedHistogram(3);
      pace(held, lab.span().warmUp().toNanos(), 0, checkpoints, millis);
      millis.reset();
      Cost.Start cost = new Cost.Start();
      long started = System.nanoTime();
      long warm = lab.span().warmUp().toNanos() / NANOS_APART;
      pace(held, lab.span().measured().toNanos(), warm, checkpoints, millis);
      double cores = 1.0 * cost.untilNow().cpuNanos() / (System.nanoTime() - started);
      Engine.answer(worker.shutdown());
      return new Trial(cores, millis);
    }
  }

  /** Goes over the shards at the pace, and waits for all answers. */
  private static void pace(
      List<Held> held, long nanos, long from, boolean checkpoints, SynchronizedHistogram millis) {
    long start = System.nanoTime();
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    for (long i = 0; i < nanos / NANOS_APART; i++) {
      long intended = start + i * NANOS_APART;
      for (long left = intended - System.nanoTime();
          left > 0;
          left = intended - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      if (checkpoints) {
        long turn = from + i;
        Held shard = held.get((int) (turn % SHARDS));
        SequenceNumber number = shard.numbers().get((int) (turn / SHARDS) % RECORDS_PER_SHARD);
        answers.add(
            shard
                .lease()
                .checkpoint(CheckpointPosition.after(number))
                .thenRun(() -> millis.recordValue(System.nanoTime() - intended))
                .toCompletableFuture());
      }
    }
    CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new)).join();
  }

  private static Map<ShardId, List<SequenceNumber>> fill(Engine engine) throws Exception {
    Map<ShardId, List<SequenceNumber>> numbers = new HashMap<>();
    Payloads payloads = new Payloads(5);
    for (int shard = 0; shard < SHARDS; shard++) {
      String key = Engine.keyOf(shard, SHARDS);
      for (int half = 0; half < 2; half++) {
        List<PutRecordsRequestEntry> entries = new ArrayList<>();
        for (int i = 0; i < RECORDS_PER_SHARD / 2; i++) {
          entries.add(PutRecordsRequestEntry.of(key, payloads.record()));
        }
        for (PutRecordsResultEntry entry :
            engine.putAll(PutRecordsRequest.of(Engine.STREAM, entries)).records()) {
          numbers
              .computeIfAbsent(entry.shardId(), first -> new ArrayList<>())
              .add(entry.sequenceNumber());
        }
      }
    }
    return numbers;
  }

  /** Holds its shard, and reads nothing. */
  private static final class Holding implements ShardTask {

    private final BlockingQueue<LeasedShard> leases;

    Holding(BlockingQueue<LeasedShard> leases) {
      this.leases = leases;
    }

    @Override
    public CompletionStage<Void> start(LeasedShard shard) {
      leases.add(shard);
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Void> drain() {
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void lost() {}
  }
}
