package io.millrace.fanout;

import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.consumer.ShardRecords;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.RestartSource;
import org.apache.pekko.stream.javadsl.Source;

/**
 * One subscription after the other, each from where the last one ended, to the shard's end. Limits
 * that have no room for a moment are waited for; it fails when another subscriber takes over. The
 * first begins before any demand, so that LATEST is when somebody subscribed: one element is asked
 * for by what leaves out keep-alives, and one by what strings the subscriptions together.
 */
final class RegisteredFeed {

  private RegisteredFeed() {}

  /**
   * The records of a shard.
   *
   * @param from where to begin
   * @param subscribe SubscribeToShard at a position
   * @param abandon given a subscription that was granted when nobody wanted it any more
   */
  static Source<ShardRecords, NotUsed> from(
      StartingPosition from,
      Function<StartingPosition, CompletionStage<Source<ShardRecords, NotUsed>>> subscribe,
      Consumer<Source<ShardRecords, NotUsed>> abandon) {
    return Source.fromMaterializer(
            (materializer, attributes) -> {
              Progress progress = new Progress(from);
              return Source.unfold(
                      progress,
                      now ->
                          now.isAtEnd
                              ? Optional.empty()
                              : Optional.of(
                                  Pair.create(now, subscription(now, subscribe, abandon))))
                  .flatMapConcat(subscription -> subscription)
                  .filter(element -> !element.records().isEmpty() || element.isAtShardEnd());
            })
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  /** How far one run has come; touched by the actor that runs it only. */
  private static final class Progress {

    private StartingPosition next;
    private boolean isAtEnd;

    Progress(StartingPosition from) {
      this.next = from;
    }

    ShardRecords passed(ShardRecords element) {
      element
          .continuation()
          .ifPresent(number -> next = StartingPosition.afterSequenceNumber(number));
      isAtEnd = element.isAtShardEnd();
      return element;
    }
  }

  private static Source<ShardRecords, NotUsed> subscription(
      Progress progress,
      Function<StartingPosition, CompletionStage<Source<ShardRecords, NotUsed>>> subscribe,
      Consumer<Source<ShardRecords, NotUsed>> abandon) {
    return RestartSource.onFailuresWithBackoff(
        ShardFeed.RESTARTS,
        () -> {
          CompletionStage<Source<ShardRecords, NotUsed>> granted = subscribe.apply(progress.next);
          return Source.completionStageSource(granted)
              .mapError(Throwable.class, Failures::unwrapped)
              .map(progress::passed)
              .mapMaterializedValue(
                  run -> {
                    run.whenComplete(
                        (running, notRun) -> {
                          if (notRun != null) {
                            granted.thenAccept(abandon);
                          }
                        });
                    return NotUsed.getInstance();
                  });
        });
  }
}
