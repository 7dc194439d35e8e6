package io.millrace.fanout;

import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.stream.StreamView;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * All shards of a stream as one, through every reshard. Shards that have something take turns; each
 * is asked for one element ahead, and for no more before that is delivered. A shard begins when all
 * its parents have ended; what it has comes after all that they had.
 */
final class LineageSource extends GraphStage<SourceShape<ShardRecords>> {

  private final Outlet<ShardRecords> out = Outlet.create("LineageSource.out");
  private final Supplier<StreamView> stream;
  private final StartingPosition from;
  private final BiFunction<ShardId, StartingPosition, Source<ShardRecords, NotUsed>> shards;

  /**
   * The stream from a position on.
   *
   * @param stream the stream as it is at the moment; throws a {@link MillraceException} when it is
   *     gone
   * @param from where to begin: TRIM_HORIZON, LATEST or AT_TIMESTAMP
   * @param shards how to read one shard
   */
  LineageSource(
      Supplier<StreamView> stream,
      StartingPosition from,
      BiFunction<ShardId, StartingPosition, Source<ShardRecords, NotUsed>> shards) {
    this.stream = stream;
    this.from = from;
    this.shards = shards;
  }

  @Override
  public SourceShape<ShardRecords> shape() {
    return SourceShape.of(out);
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {

    private final ArrayDeque<Turn> turns = new ArrayDeque<>();
    private LineageWalk walk;

    /** An element whose shard is next. */
    private record Turn(Reading reading, ShardRecords records) {}

    Logic() {
      super(LineageSource.this.shape());
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
      look(
          now -> {
            walk = LineageWalk.from(from, now.shards());
            begin(now, from);
          });
    }

    private void look(Consumer<StreamView> use) {
      StreamView now;
      try {
        now = stream.get();
      } catch (MillraceException gone) {
        failStage(gone);
        return;
      }
      use.accept(now);
    }

    private void begin(StreamView now, StartingPosition position) {
      List<ShardId> next = walk.next(now.shards());
      walk = walk.begun(next);
      next.forEach(shardId -> new Reading(shardId).begin(position));
    }

    private void deliver() {
      Turn turn = turns.poll();
      if (turn != null) {
        push(out, turn.records());
        turn.reading().goOn();
      }
    }

    private void finished(ShardId shardId) {
      look(
          now -> {
            walk = walk.finished(shardId, now.shards());
            begin(now, StartingPosition.trimHorizon());
          });
    }

    /** Whether a shard is gone while its stream goes on. */
    private boolean hasExpired(ShardId shardId) {
      try {
        StreamView now = stream.get();
        return now.status() != StreamStatus.DELETING && now.shard(shardId).isEmpty();
      } catch (MillraceException gone) {
        return false;
      }
    }

    /** One shard that is being read. */
    private final class Reading extends AbstractInHandler {

      private final ShardId shardId;
      private final SubSinkInlet<ShardRecords> in;

      Reading(ShardId shardId) {
        this.shardId = shardId;
        this.in = new SubSinkInlet<>(shardId.toString());
        in.setHandler(this);
      }

      void begin(StartingPosition position) {
        shards.apply(shardId, position).runWith(in.sink(), subFusingMaterializer());
        in.pull();
      }

      void goOn() {
        if (!in.isClosed()) {
          in.pull();
        }
      }

      @Override
      public void onPush() {
        turns.add(new Turn(this, in.grab()));
        if (isAvailable(out)) {
          deliver();
        }
      }

      @Override
      public void onUpstreamFinish() {
        finished(shardId);
      }

      @Override
      public void onUpstreamFailure(Throwable failure) {
        if (failure instanceof ResourceNotFoundException && hasExpired(shardId)) {
          finished(shardId);
        } else {
          failStage(failure);
        }
      }
    }
  }
}
