package io.millrace.processors.mapping;

import io.millrace.engine.Consumers;
import io.millrace.engine.EngineInside;
import io.millrace.engine.consumer.Retrieval;
import io.millrace.engine.consumer.TaskHost;
import io.millrace.engine.model.ConsumerArn;
import io.millrace.fanout.FanOut;
import io.millrace.processors.function.FunctionCalls;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * All that mappings need in one engine. Its threads end when the engine closes; functions that run
 * then are interrupted.
 *
 * @param desk serves the operations
 * @param functions the functions
 * @param destinations where notices go
 */
public record Workshop(MappingDesk desk, FunctionRegistry functions, Destinations destinations) {

  private static final String THREAD = "millrace-function";

  /**
   * Opens it on the engine's applications; mappings run as their functions are registered. Those of
   * a stream poll it, those of a registered consumer are pushed what it gets.
   */
  public static Workshop open(EngineInside inside, Consumers consumers, FanOut fanOut) {
    Retrieval polling = consumers.polling();
    return open(
        inside,
        source ->
            ConsumerArn.parse(source).isPresent() ? fanOut.consumer(source).retrieval() : polling,
        blocking -> new ConsumerApplications(consumers, blocking));
  }

  /**
   * Opens it; mappings begin to run as their functions are registered.
   *
   * @param retrievals how records are read, by the ARN of the event source
   * @param applications given threads that may block, the applications that mappings are
   */
  static Workshop open(
      EngineInside inside,
      Function<String, Retrieval> retrievals,
      Function<ExecutorService, Applications> applications) {
    var settings = inside.settings().getConfig("processors");
    Duration minBackoff = settings.getDuration("min-backoff");
    Duration maxBackoff = settings.getDuration("max-backoff");
    ExecutorService blocking = Executors.newCachedThreadPool(Workshop::daemon);
    FunctionRegistry functions = new FunctionRegistry();
    Destinations destinations = new Destinations(inside.client(), blocking);
    MappingMeters meters = new MappingMeters(inside.metrics());
    Supplier<String> names = () -> UUID.randomUUID().toString();
    ShardEquipment equipment =
        new ShardEquipment(
            retrievals,
            functions,
            new FunctionCalls(
                blocking,
                timer(inside.system()),
                inside.clock(),
                settings.getInt("max-concurrent-calls")),
            destinations,
            meters,
            inside.streams(),
            inside.clock(),
            names,
            minBackoff);
    ActorRef<TaskHost.Command> host =
        inside.guests().spawn(TaskHost.create(blocking::shutdownNow), "mapped-shards");
    ActorRef<MappingsCommand> mappings =
        inside
            .guests()
            .spawn(
                MappingsActor.create(
                    new MappingsSurroundings(
                        inside.plugin(),
                        applications.apply(blocking),
                        host,
                        equipment,
                        functions,
                        meters,
                        minBackoff,
                        maxBackoff)),
                "mappings");
    return new Workshop(
        new MappingDesk(
            inside, mappings, meters, names, inside.settings().getDuration("answer-timeout")),
        functions,
        destinations);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, THREAD);
    thread.setDaemon(true);
    return thread;
  }

  private static FunctionCalls.Timer timer(ActorSystem<?> system) {
    return (delay, action) -> {
      Cancellable scheduled =
          system.scheduler().scheduleOnce(delay, action, system.executionContext());
      return () -> {
        var unused = scheduled.cancel();
      };
    };
  }
}
