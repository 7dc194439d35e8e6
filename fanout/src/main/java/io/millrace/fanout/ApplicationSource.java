package io.millrace.fanout;

import io.millrace.engine.Consumers;
import io.millrace.engine.api.EngineClosedException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.consumer.LeasedShard;
import io.millrace.engine.consumer.Retrieval;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.consumer.ShardStrategy;
import io.millrace.engine.consumer.Worker;
import io.millrace.fanout.DeliveryTask.Delivery;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * The shards that a worker of an application has, as one. Shards that have something take turns;
 * each is asked for one element ahead, and for no more before that is delivered. The worker lives
 * as long as the stream runs.
 */
final class ApplicationSource extends GraphStage<SourceShape<CheckpointedRecords>> {

  private final Outlet<CheckpointedRecords> out = Outlet.create("ApplicationSource.out");
  private final WorkerNames names;
  private final Retrieval retrieval;
  private final Supplier<Consumers> consumers;
  private final Executor blocking;

  /**
   * A worker's shards.
   *
   * @param names what the worker is called
   * @param retrieval how to read one shard
   * @param consumers starts the worker, and blocks a moment for it
   * @param blocking where that may happen
   */
  ApplicationSource(
      WorkerNames names, Retrieval retrieval, Supplier<Consumers> consumers, Executor blocking) {
    this.names = names;
    this.retrieval = retrieval;
    this.consumers = consumers;
    this.blocking = blocking;
  }

  @Override
  public SourceShape<CheckpointedRecords> shape() {
    return SourceShape.of(out);
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private CompletionStage<Worker> startWorker(ShardStrategy strategy) {
    int number = names.take();
    CompletionStage<Worker> worker =
        CompletableFuture.supplyAsync(
            () -> consumers.get().worker(names.settings(number), strategy), blocking);
    worker.thenCompose(Worker::stopped).whenComplete((stopped, failure) -> names.giveBack(number));
    return worker;
  }

  private final class Logic extends GraphStageLogic {

    private final Map<Delivery, Reading> readings = new HashMap<>();
    private final ArrayDeque<Turn> turns = new ArrayDeque<>();
    private final AsyncCallback<Delivery> begin = createAsyncCallback(this::begin);
    private final AsyncCallback<Delivery> end = createAsyncCallback(this::end);
    private final AsyncCallback<Delivery> forget = createAsyncCallback(this::forget);
    private final AsyncCallback<Throwable> stopped = createAsyncCallback(this::failStage);
    private CompletionStage<Worker> worker;

    /** An element whose shard is next. */
    private record Turn(Reading reading, CheckpointedRecords element) {}

    Logic() {
      super(ApplicationSource.this.shape());
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              deliver();
            }
          });
    }

    @Override
    public void preStart() {
      worker = startWorker(() -> new DeliveryTask(begin::invoke, end::invoke));
      worker
          .thenCompose(Worker::stopped)
          .whenComplete(
              (done, failure) ->
                  stopped.invoke(
                      failure == null ? new EngineClosedException() : Failures.unwrapped(failure)));
    }

    @Override
    public void postStop() {
      readings.keySet().forEach(delivery -> delivery.checkpoints().abandon());
      worker.thenAccept(Worker::shutdown);
    }

    private void begin(Delivery delivery) {
      Reading reading = new Reading(delivery);
      readings.put(delivery, reading);
      delivery.checkpoints().over().thenRun(() -> forget.invoke(delivery));
      reading.begin();
    }

    private void end(Delivery delivery) {
      Reading reading = readings.get(delivery);
      if (reading != null) {
        turns.removeIf(turn -> turn.reading() == reading);
        reading.end();
      }
    }

    private void forget(Delivery delivery) {
      end(delivery);
      readings.remove(delivery);
    }

    private void deliver() {
      for (Turn turn = turns.poll(); turn != null; turn = turns.poll()) {
        if (turn.element().deliver()) {
          push(out, turn.element());
          turn.reading().goOn();
          return;
        }
      }
    }

    /** One shard that is being read. */
    private final class Reading extends AbstractInHandler {

      private final Delivery delivery;
      private final SubSinkInlet<ShardRecords> in;

      Reading(Delivery delivery) {
        this.delivery = delivery;
        this.in = new SubSinkInlet<>(delivery.shard().shardId().toString());
        in.setHandler(this);
      }

      void begin() {
        LeasedShard shard = delivery.shard();
        retrieval
            .records(shard.streamName(), shard.shardId(), shard.startingPosition())
            .runWith(in.sink(), subFusingMaterializer());
        in.pull();
      }

      void goOn() {
        if (!in.isClosed()) {
          in.pull();
        }
      }

      void end() {
        if (!in.isClosed()) {
          in.cancel();
        }
      }

      @Override
      public void onPush() {
        turns.add(new Turn(this, new CheckpointedRecords(in.grab(), delivery.checkpoints())));
        if (isAvailable(out)) {
          deliver();
        }
      }

      @Override
      public void onUpstreamFinish() {
        // The shard's end stays among the turns until it is delivered.
      }

      @Override
      public void onUpstreamFailure(Throwable failure) {
        if (failure instanceof ResourceNotFoundException) {
          // The shard has expired, or the worker is about to be turned away.
          delivery.checkpoints().fail(failure);
        } else {
          failStage(failure);
        }
      }
    }
  }
}
