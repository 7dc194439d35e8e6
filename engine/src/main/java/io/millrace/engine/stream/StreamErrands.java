package io.millrace.engine.stream;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.shard.ShardMessage;
import io.millrace.engine.stream.ShardErrand.Manner;
import io.millrace.engine.stream.ShardErrand.Report;
import io.millrace.engine.stream.ShardErrand.Step;
import io.millrace.engine.stream.ShardErrand.StepEnded;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * What a stream's actor has its shards do, many at a time: each errand is a child of that actor and
 * ends with it. Reports come on the errand's thread; tell the actor, and touch nothing else.
 */
final class StreamErrands {

  private final ActorContext<?> context;
  private final StreamSurroundings around;

  StreamErrands(ActorContext<?> context, StreamSurroundings around) {
    this.context = context;
    this.around = around;
  }

  /**
   * Opens shards, and does not give up.
   *
   * @param inherited what those that have parents remember of producers
   */
  void open(
      StreamState state,
      List<ShardView> shards,
      Map<ShardId, Payload> inherited,
      Consumer<Report> whenDone) {
    run(
        manner(around.settings().openParallelism(), true, false),
        steps(
            state,
            shards,
            (shard, replyTo) ->
                new ShardMessage.Open(
                    shard.createdSeconds(),
                    shard.openedMillis(),
                    shard.range(),
                    inherited.getOrDefault(shard.shardId(), Payload.EMPTY),
                    replyTo.narrow())),
        whenDone);
  }

  /** Closes shards, and does not give up. */
  void close(StreamState state, List<ShardView> shards, Consumer<Report> whenDone) {
    run(
        manner(around.settings().openParallelism(), true, false),
        steps(state, shards, (shard, replyTo) -> new ShardMessage.Close(replyTo.narrow())),
        whenDone);
  }

  /** Trims every shard, as far as it can be trimmed now. */
  ActorRef<StepEnded> trim(StreamState state, long retentionMillis, Consumer<Report> whenDone) {
    return run(
        manner(around.settings().trimParallelism(), false, false),
        steps(
            state,
            state.shards(),
            (shard, replyTo) -> new ShardMessage.Trim(retentionMillis, replyTo.narrow())),
        whenDone);
  }

  /** Erases shards, and does not give up; one that is not there is erased. */
  ActorRef<StepEnded> erase(StreamState state, List<ShardId> shards, Consumer<Report> whenDone) {
    return run(
        manner(around.settings().openParallelism(), true, true),
        shards.stream()
            .map(
                shard ->
                    new Step(
                        state.address(shard), replyTo -> new ShardMessage.Erase(replyTo.narrow())))
            .toList(),
        whenDone);
  }

  /** Asks every open shard what it has accepted; who does not answer is left out. */
  void reportTraffic(StreamState state, Consumer<Report> whenDone) {
    run(
        manner(around.settings().openParallelism(), false, false),
        steps(
            state,
            state.shards().stream().filter(ShardView::isOpen).toList(),
            (shard, replyTo) -> new ShardMessage.ReportTraffic(replyTo.narrow())),
        whenDone);
  }

  private Manner manner(int parallelism, boolean untilDone, boolean goneIsDone) {
    return new Manner(around.shards(), around.settings(), parallelism, untilDone, goneIsDone);
  }

  private static List<Step> steps(
      StreamState state,
      List<ShardView> shards,
      BiFunction<ShardView, ActorRef<Object>, ShardMessage> message) {
    return shards.stream()
        .map(
            shard ->
                new Step(state.address(shard.shardId()), replyTo -> message.apply(shard, replyTo)))
        .toList();
  }

  private ActorRef<StepEnded> run(Manner manner, List<Step> steps, Consumer<Report> whenDone) {
    return context.spawnAnonymous(ShardErrand.create(manner, steps, whenDone));
  }
}
