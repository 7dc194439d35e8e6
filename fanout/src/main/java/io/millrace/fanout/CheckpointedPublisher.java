package io.millrace.fanout;

import java.util.concurrent.Flow;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/**
 * A stream that is pushed to an application, as a Publisher of Reactive Streams, of {@link Flow},
 * or as a Source of Pekko Streams: each element can be checkpointed, and who subscribes again goes
 * on after the checkpoints, also in another process after a crash.
 *
 * <p><b>Subscriptions</b> share the stream: each is a worker of the application, has some of the
 * shards, and gives and takes shards as others come and go, like any worker of {@link
 * io.millrace.engine.Consumers}. The first subscription has the worker id of the settings, those
 * that live beside it {@code -2}, {@code -3} and so on behind it. An id that comes back after a
 * crash has its shards back at once; other ids wait until the failover time is over. Nothing
 * happens and nothing is held before somebody subscribes.
 *
 * <p><b>Delivery.</b> At least once. A checkpoint is durable when its stage completes, and what it
 * covers does not come again to anybody. What was delivered and is not checkpointed comes again
 * when the shard changes hands or is started anew. Where a checkpoint of another consumer of the
 * application lies within an aggregated record, the whole record comes again.
 *
 * <p><b>Order.</b> Records of one shard come in the order of their sequence numbers, without a gap,
 * to one subscription at a time; those that come again begin after the last checkpoint. Shards take
 * turns. A shard begins when the ends of all its parents have been checkpointed, whoever had them.
 *
 * <p><b>Threads.</b> Each subscriber is served by an actor of its own on the engine's default
 * dispatcher: signals come one after the other, and must not block. Checkpoints may be asked for on
 * any thread.
 *
 * <p><b>Buffers.</b> No element is delivered that was not asked for. Of each shard of a
 * subscription one element is read ahead of demand, and of its history one more and what was
 * fetched with it, at most 2 MiB as stored or one larger event. An element holds at most {@code
 * millrace.fan-out.max-bytes} bytes of data and keys (2 MiB) and {@code max-records} records
 * (10,000), or one larger record. How many elements are delivered and not checkpointed is the
 * subscriber's affair; a shard that has records and no checkpoint for {@code
 * millrace.consumers.progress-timeout} (30 minutes) is started anew.
 *
 * <p><b>Handing over.</b> When a shard is to go to another worker, no element of it is delivered
 * any more. It goes as soon as everything that was delivered of it is checkpointed, at once when
 * nothing is outstanding, and at the latest after {@code millrace.consumers.hand-off-timeout} (30
 * seconds): then what is outstanding comes again there, and its checkpoints fail with {@link
 * io.millrace.engine.consumer.ShutdownException}.
 *
 * <p><b>End.</b> It never completes by itself. When the subscriber cancels or fails, its worker
 * leaves: checkpoints under way are still stored, then all its shards are free for others, without
 * waiting for what is outstanding. It fails with a {@link
 * io.millrace.engine.api.MillraceException}: ResourceNotFoundException when the stream is not there
 * or is deleted, ResourceInUseException when another worker has the id or the application consumes
 * another stream or an earlier one of this name, InvalidArgumentException when the initial position
 * lies in the future, CorruptRecordException where stored bytes are corrupt, EngineClosedException
 * when the engine closes. A storage that is away for a moment is waited for.
 */
public final class CheckpointedPublisher implements Publisher<CheckpointedRecords> {

  private final Source<CheckpointedRecords, NotUsed> source;
  private final SourcePublisher<CheckpointedRecords> publisher;

  CheckpointedPublisher(
      Source<CheckpointedRecords, NotUsed> source, SourcePublisher<CheckpointedRecords> publisher) {
    this.source = source;
    this.publisher = publisher;
  }

  @Override
  public void subscribe(Subscriber<? super CheckpointedRecords> subscriber) {
    publisher.subscribe(subscriber);
  }

  /** The same as a source; each run is a subscription. */
  public Source<CheckpointedRecords, NotUsed> source() {
    return source;
  }

  /** The same as a publisher of the JDK. */
  public Flow.Publisher<CheckpointedRecords> flowPublisher() {
    return FlowAdapters.toFlowPublisher(this);
  }
}
