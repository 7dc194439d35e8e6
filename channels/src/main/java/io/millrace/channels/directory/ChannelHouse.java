package io.millrace.channels.directory;

import io.millrace.channels.bucket.Buckets;
import io.millrace.channels.delivery.DeliveryEquipment;
import io.millrace.channels.delivery.DeliveryMeters;
import io.millrace.engine.ChannelClient;
import io.millrace.engine.Consumers;
import io.millrace.engine.EngineInside;
import io.millrace.engine.api.EngineClosedException;
import io.millrace.engine.consumer.Retrieval;
import io.millrace.engine.consumer.TaskHost;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorRef;

/** All that channels need in one engine. */
public final class ChannelHouse {

  private static final String THREAD = "millrace-channel";
  private static final Duration RECOVERY_TIMEOUT = Duration.ofMinutes(2);

  private ChannelHouse() {}

  /**
   * Opens the channels of an engine, which begin to deliver. Blocks until they are known.
   *
   * @param consumers the applications that they are
   * @param retrieval how records are read
   */
  public static ChannelClient open(EngineInside inside, Consumers consumers, Retrieval retrieval) {
    ChannelSettings settings = ChannelSettings.of(inside.settings());
    ExecutorService blocking = Executors.newCachedThreadPool(ChannelHouse::daemon);
    AtomicReference<ChannelsState> state = new AtomicReference<>(ChannelsState.EMPTY);
    Optional<Buckets> buckets = settings.directory().map(Buckets::new);
    DeliveryMeters meters = new DeliveryMeters(inside.metrics(), inside.clock());
    DeliveryEquipment equipment =
        new DeliveryEquipment(
            retrieval,
            buckets,
            blocking,
            inside.keys(),
            id -> state.get().withId(id).map(Channel::terms),
            meters,
            inside.streams().views(),
            inside.clock(),
            settings.maxObjectBytes(),
            settings.checkInterval(),
            settings.minBackoff());
    CompletableFuture<Void> ready = new CompletableFuture<>();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    ActorRef<TaskHost.Command> host =
        inside
            .guests()
            .spawn(
                TaskHost.create(
                    () -> {
                      closed.complete(null);
                      ready.completeExceptionally(new EngineClosedException());
                      blocking.shutdownNow();
                    }),
                "channel-deliveries");
    ActorRef<ChannelsCommand> channels =
        inside
            .guests()
            .spawn(
                ChannelsActor.create(
                    new ChannelsSurroundings(
                        inside.plugin(),
                        consumers,
                        blocking,
                        delivery -> equipment.task(host, delivery),
                        buckets,
                        meters,
                        inside.streams().views(),
                        settings,
                        state::set,
                        ready)),
                "channels");
    await(ready);
    ChannelDesk desk =
        new ChannelDesk(
            inside, channels, state::get, settings, () -> UUID.randomUUID().toString(), closed);
    inside.channels().set(desk);
    return desk;
  }

  private static void await(CompletableFuture<Void> ready) {
    try {
      ready.get(RECOVERY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failure) {
      throw new EngineClosedException();
    } catch (TimeoutException late) {
      throw new IllegalStateException("the channels did not recover in time", late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, THREAD);
    thread.setDaemon(true);
    return thread;
  }
}
