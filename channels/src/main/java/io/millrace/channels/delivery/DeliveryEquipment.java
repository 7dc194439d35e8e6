package io.millrace.channels.delivery;

import io.millrace.channels.bucket.Buckets;
import io.millrace.engine.consumer.HostedTask;
import io.millrace.engine.consumer.Retrieval;
import io.millrace.engine.consumer.ShardTask;
import io.millrace.engine.consumer.TaskHost;
import io.millrace.engine.encryption.DataKeys;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.stream.StreamViews;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What every shard of every channel works with.
 *
 * @param retrieval how records are read
 * @param buckets where objects go; empty when the settings name no directory
 * @param blocking where files are written
 * @param keys tries master keys out
 * @param terms what can change of a channel, by its id; empty when there is none
 * @param meters what is counted
 * @param views the streams
 * @param clock the time
 * @param maxObjectBytes data of records after which an object is delivered, bytes
 * @param checkInterval how often a shard looks whether an object is due
 * @param storeRetry pause before a checkpoint is tried again that could not be stored
 */
public record DeliveryEquipment(
    Retrieval retrieval,
    Optional<Buckets> buckets,
    Executor blocking,
    DataKeys keys,
    Function<String, Optional<DeliveryTerms>> terms,
    DeliveryMeters meters,
    StreamViews views,
    EngineClock clock,
    long maxObjectBytes,
    Duration checkInterval,
    Duration storeRetry) {

  /** The delivery of one shard of a channel, by an actor of this host. */
  public ShardTask task(ActorRef<TaskHost.Command> host, Delivery delivery) {
    return new HostedTask<>(host, new ShardDelivery.Work(this, delivery));
  }
}
