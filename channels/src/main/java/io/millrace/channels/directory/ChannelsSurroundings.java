package io.millrace.channels.directory;

import io.millrace.channels.bucket.Buckets;
import io.millrace.channels.delivery.Delivery;
import io.millrace.channels.delivery.DeliveryMeters;
import io.millrace.engine.Consumers;
import io.millrace.engine.consumer.ShardTask;
import io.millrace.engine.storage.JournalPlugin;
import io.millrace.engine.stream.StreamViews;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What the channels need around them.
 *
 * @param plugin where they persist
 * @param consumers the consuming applications that they are
 * @param blocking where workers are started and files deleted, which blocks a moment
 * @param tasks how a shard of a channel is delivered
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
    Function<Delivery, ShardTask> tasks,
    Optional<Buckets> buckets,
    DeliveryMeters meters,
    StreamViews views,
    ChannelSettings settings,
    Consumer<ChannelsState> publish,
    CompletableFuture<Void> ready) {}
