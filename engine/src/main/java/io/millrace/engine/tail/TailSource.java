package io.millrace.engine.tail;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * Follows a shard, one page per demand: reads what there is, and when there is nothing waits for
 * the next publication. It asks before it looks, so that no publication falls between.
 */
final class TailSource extends GraphStage<SourceShape<TailPage>> {

  private final Outlet<TailPage> out = Outlet.create("TailSource.out");
  private final ShardTail tail;
  private final long fromCounter;
  private final int maxPageBytes;
  private final long retentionMillis;

  TailSource(ShardTail tail, long fromCounter, int maxPageBytes, long retentionMillis) {
    this.tail = tail;
    this.fromCounter = fromCounter;
    this.maxPageBytes = maxPageBytes;
    this.retentionMillis = retentionMillis;
  }

  @Override
  public SourceShape<TailPage> shape() {
    return SourceShape.of(out);
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {

    private long position = fromCounter;
    private AsyncCallback<Outcome> arrived;
    private AsyncCallback<Void> published;

    /** Either a page or a failure, with the publication to wait for if the page is empty. */
    private record Outcome(TailPage page, Throwable failure, CompletionStage<Void> later) {}

    Logic() {
      super(TailSource.this.shape());
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              read();
            }
          });
    }

    @Override
    public void preStart() {
      arrived = createAsyncCallback(this::onPage);
      published = createAsyncCallback(ignored -> read());
    }

    private void read() {
      CompletionStage<Void> later = tail.nextPublication();
      CompletionStage<TailPage> page =
          tail.read(position, Integer.MAX_VALUE, maxPageBytes, retentionMillis);
      if (page.toCompletableFuture().isDone()
          && !page.toCompletableFuture().isCompletedExceptionally()) {
        onPage(new Outcome(page.toCompletableFuture().join(), null, later));
      } else {
        page.whenComplete((done, failure) -> arrived.invoke(new Outcome(done, failure, later)));
      }
    }

    private void onPage(Outcome outcome) {
      if (outcome.failure() != null) {
        failStage(outcome.failure());
        return;
      }
      TailPage page = outcome.page();
      position = page.nextCounter();
      if (!page.records().isEmpty()) {
        push(out, page);
      }
      if (page.atShardEnd()) {
        completeStage();
      } else if (page.records().isEmpty()) {
        outcome.later().thenRun(() -> published.invoke(null));
      }
    }
  }
}
