package io.millrace.channels.directory;

import io.millrace.channels.bucket.Buckets;
import io.millrace.channels.delivery.DeliveryHost;
import io.millrace.channels.delivery.DeliveryMeters;
import io.millrace.engine.Consumers;
import io.millrace.engine.storage.JournalPlugin;
import io.millrace.engine.stream.StreamViews;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the channels need around them.
 *
 * @param plugin where they persist
 * @param consumers the consuming applications that they are
 * @param blocking where workers are started and files deleted, which blocks a moment
 * @param host where shards are delivered
 * @param buckets where objects go
 * @param meters what is counted
 * @param views the streams
 * @param settings their settings
 * @param publish told of every state that is durable, before anybody is answered
 * @param ready completed when they are known
 */
record ChannelsSurroundings(
    JournalPlugin plugin,
    Consumers consumers,
    Executor blocking,
    ActorRef<DeliveryHost.Command> host,
    Optional<Buckets> buckets,
    DeliveryMeters meters,
    StreamViews views,
    ChannelSettings settings,
    Consumer<ChannelsState> publish,
    CompletableFuture<Void> ready) {}
