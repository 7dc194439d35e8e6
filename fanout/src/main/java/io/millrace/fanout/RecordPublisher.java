package io.millrace.fanout;

import io.millrace.engine.consumer.ShardRecords;
import java.util.concurrent.Flow;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/**
 * Records that are pushed, as a Publisher of Reactive Streams, of {@link Flow}, or as a Source of
 * Pekko Streams. Any number of subscribers, each by itself from the same position: none sees or
 * slows another. Nothing happens and nothing is held before somebody subscribes.
 *
 * <p><b>Order.</b> Records of one shard come in the order of their sequence numbers, each once,
 * from history to live without a gap. Of a whole stream, shards take turns, and everything of a
 * shard comes after everything of its parents.
 *
 * <p><b>Threads.</b> Each subscriber is served by an actor of its own on the engine's default
 * dispatcher: signals come one after the other, and must not block.
 *
 * <p><b>Buffers.</b> No element is delivered that was not asked for. Of one shard nothing is read
 * before the first is asked for, and of its history one element ahead from then on; of each open
 * shard of a stream one more, and of a registered consumer's shard two more. An element holds at
 * most {@code millrace.fan-out.max-bytes} bytes of data and keys (2 MiB) and {@code max-records}
 * records (10,000), of a registered consumer 1 MiB and 1,000, or one larger record. What was
 * fetched of the history of a shard beyond these elements is kept for the next one: at most 2 MiB
 * as stored, or one larger event. So much, beside what was delivered to him, is held for a
 * subscriber who stalls, and nothing waits for him: with the settings above 4 MiB for a shard.
 * Records near the end of a shard are shared by all who read them.
 *
 * <p><b>Other libraries.</b> It is what RxJava's {@code Flowable.fromPublisher} and Reactor's
 * {@code Flux.from} take; Mutiny's {@code Multi.createFrom().publisher} takes {@link
 * #flowPublisher}.
 *
 * <p><b>End.</b> One shard completes after the element of its end, the only one with child shards;
 * a stream goes on through its reshards and never completes. Both fail with a {@link
 * io.millrace.engine.api.MillraceException}: ResourceNotFoundException when stream, shard or
 * consumer is not there or goes away, InvalidArgumentException when the position is none of the
 * shard, CorruptRecordException where stored bytes are corrupt, EngineClosedException when the
 * engine closes; a registered consumer's also with ResourceInUseException when another subscription
 * of the same consumer and shard is younger than five seconds, or takes over. A storage that is
 * away for a moment, and limits without room, are waited for.
 */
public final class RecordPublisher implements Publisher<ShardRecords> {

  private final Source<ShardRecords, NotUsed> source;
  private final SourcePublisher<ShardRecords> publisher;

  RecordPublisher(Source<ShardRecords, NotUsed> source, SourcePublisher<ShardRecords> publisher) {
    this.source = source;
    this.publisher = publisher;
  }

  @Override
  public void subscribe(Subscriber<? super ShardRecords> subscriber) {
    publisher.subscribe(subscriber);
  }

  /** The same as a source, to be run as often as one likes. */
  public Source<ShardRecords, NotUsed> source() {
    return source;
  }

  /** The same as a publisher of the JDK. */
  public Flow.Publisher<ShardRecords> flowPublisher() {
    return FlowAdapters.toFlowPublisher(this);
  }
}
