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
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.HdrHistogram.SynchronizedHistogram;

/** What frequent checkpoints cost. */
final class Checkpointing implements Benchmark {

  private static final int SHARDS = 64;
  private static final int WARM_TRIALS = 10;
  private static final int PER_SECOND = 1000;
  private static final long NANOS_APART = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

  @Override
  public String name() {
    return "checkpointing";
  }

  @Override
  public String about() {
    return "1,000 checkpoints a second over the 64 leased shards of a worker, each of another"
        + " record, against the same worker and the same pace without checkpoints: CPU of"
        + " the process, and the time until a checkpoint is durable. Before the trials that"
        + " count, checkpoints run for ten times as long as one, since the compiler works"
        + " for a minute on what is new; what the first trial of all costs is given for"
        + " itself. Engine: the Java threads but the one that makes the load. The rest:"
        + " compiler and collector.";
  }

  /**
   * One trial.
   *
   * @param cpu where the processor time went
   * @param millis from a checkpoint to its answer
   */
  private record Trial(CpuSplit cpu, SynchronizedHistogram millis) {}

  @Override
  public void run(Lab lab, Section section) throws Exception {
    Duration measured = lab.span().measured();
    Pairs.Trial<Trial> with = () -> trial(lab, measured, true);
    Pairs.Trial<Trial> without = () -> trial(lab, measured, false);
    Pairs<Trial, Trial> cold = Pairs.measure(1, with, without);
    Progress.say("warming up");
    trial(lab, measured.multipliedBy(WARM_TRIALS), true);
    Pairs<Trial, Trial> pairs = Pairs.measure(lab.pairs(), with, without);
    Spread extra = extra(pairs, CpuSplit::process);
    section.add(
        Row.of("CPU of 1,000 checkpoints a second", Row.figure(extra, "cores"))
            .judged(Bar.atMost(0.1, " cores"), extra.median()));
    section.add(split("of it the engine's threads", pairs, CpuSplit::engine));
    section.add(split("of it the thread that makes the load", pairs, CpuSplit::generator));
    section.add(split("of it the rest", pairs, CpuSplit::virtualMachine));
    section.add(split("the process with and without them", pairs, CpuSplit::process));
    section.add(split("the same in a virtual machine just started", cold, CpuSplit::process));
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

  private static Spread extra(Pairs<Trial, Trial> pairs, ToDoubleFunction<CpuSplit> part) {
    return Spread.of(
        IntStream.range(0, pairs.first().size())
            .mapToDouble(
                i ->
                    part.applyAsDouble(pairs.first().get(i).cpu())
                        - part.applyAsDouble(pairs.second().get(i).cpu()))
            .toArray());
  }

  private static Row split(
      String what, Pairs<Trial, Trial> pairs, ToDoubleFunction<CpuSplit> part) {
    return Row.of(
        what,
        Row.figure(pairs.ofFirst(trial -> part.applyAsDouble(trial.cpu())), "cores"),
        Row.figure(pairs.ofSecond(trial -> part.applyAsDouble(trial.cpu())), "cores"),
        pairs.ratio(
            trial -> part.applyAsDouble(trial.cpu()), trial -> part.applyAsDouble(trial.cpu())));
  }

  /** A shard of the worker, and the numbers that it has not checkpointed yet. */
  private record Held(LeasedShard lease, List<SequenceNumber> numbers) {}

  private static Trial trial(Lab lab, Duration measured, boolean checkpoints) throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine = Engine.openWithStream(site.settings(), SHARDS)) {
      long warm = lab.span().warmUp().toNanos() / NANOS_APART;
      long counted = measured.toNanos() / NANOS_APART;
      Map<ShardId, List<SequenceNumber>> numbers =
          fill(engine, (int) ((warm + counted) / SHARDS) + 1);
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
      pace(held, 0, warm, checkpoints, millis);
      millis.reset();
      CpuSplit.Start start = new CpuSplit.Start();
      pace(held, warm, warm + counted, checkpoints, millis);
      CpuSplit cpu = start.untilNow();
      Engine.answer(worker.shutdown());
      return new Trial(cpu, millis);
    }
  }

  /** Goes over the shards at the pace, and waits for all answers. */
  private static void pace(
      List<Held> held, long from, long to, boolean checkpoints, SynchronizedHistogram millis) {
    long start = System.nanoTime();
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    for (long turn = from; turn < to; turn++) {
      long intended = start + (turn - from) * NANOS_APART;
      for (long left = intended - System.nanoTime();
          left > 0;
          left = intended - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      if (checkpoints) {
        Held shard = held.get((int) (turn % SHARDS));
        SequenceNumber number = shard.numbers().get((int) (turn / SHARDS));
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

  private static Map<ShardId, List<SequenceNumber>> fill(Engine engine, int recordsPerShard)
      throws Exception {
    Map<ShardId, List<SequenceNumber>> numbers = new HashMap<>();
    for (int shard = 0; shard < SHARDS; shard++) {
      PutRecordsRequestEntry entry =
          PutRecordsRequestEntry.of(Engine.keyOf(shard, SHARDS), Payload.utf8("record"));
      for (int left = recordsPerShard; left > 0; left -= Engine.BATCH_RECORDS) {
        List<PutRecordsRequestEntry> entries =
            Collections.nCopies(Math.min(left, Engine.BATCH_RECORDS), entry);
        for (PutRecordsResultEntry put :
            engine.putAll(PutRecordsRequest.of(Engine.STREAM, entries)).records()) {
          numbers
              .computeIfAbsent(put.shardId(), first -> new ArrayList<>())
              .add(put.sequenceNumber());
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
