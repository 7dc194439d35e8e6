package io.millrace.engine.tail;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * Follows a shard, one page per demand: reads what there is, and when there is nothing waits for
 * the next publication. It listens from before its first look, so that no publication falls
 * between. Of history it reads one page ahead, and keeps what was fetched beyond it.
 */
final class TailSource extends GraphStage<SourceShape<TailPage>> {

  private final Outlet<TailPage> out = Outlet.create("TailSource.out");
  private final ShardTail tail;
  private final long fromCounter;
  private final int maxPageRecords;
  private final int maxPageBytes;
  private final LongSupplier retentionMillis;

  TailSource(
      ShardTail tail,
      long fromCounter,
      int maxPageRecords,
      int maxPageBytes,
      LongSupplier retentionMillis) {
    this.tail = tail;
    this.fromCounter = fromCounter;
    this.maxPageRecords = maxPageRecords;
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

    /** Touched by the read under way, if there is one. */
    private final Unread unread = Unread.kept();

    private AsyncCallback<Outcome> arrived;
    private Runnable listener;

    /** Whether something was published since the read under way began. */
    private boolean publishedMeanwhile;

    private boolean reading;

    /** Whether the last page had to be fetched from the journal. */
    private boolean isHistory;

    /** A page that was read before it was asked for; null if there is none. */
    private TailPage ahead;

    /** Whether there is demand, and nothing to read. */
    private boolean waiting;

    /** Either a page or a failure. */
    private record Outcome(TailPage page, Throwable failure) {}

    Logic() {
      super(TailSource.this.shape());
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              if (ahead != null) {
                TailPage next = ahead;
                ahead = null;
                deliver(next);
              } else if (!reading) {
                read();
              }
            }
          });
    }

    @Override
    public void preStart() {
      arrived = createAsyncCallback(this::onPage);
      AsyncCallback<TailState> published = createAsyncCallback(this::onPublication);
      listener = () -> published.invoke(tail.state());
      tail.addListener(listener);
    }

    @Override
    public void postStop() {
      tail.removeListener(listener);
    }

    private void onPublication(TailState state) {
      publishedMeanwhile = true;
      if (waiting) {
        read();
      }
    }

    private void read() {
      waiting = false;
      publishedMeanwhile = false;
      CompletionStage<TailPage> page =
          tail.read(position, maxPageRecords, maxPageBytes, retentionMillis.getAsLong(), unread);
      CompletableFuture<TailPage> now = page.toCompletableFuture();
      isHistory = !now.isDone() || !unread.isEmpty();
      if (now.isDone() && !now.isCompletedExceptionally()) {
        onPage(new Outcome(now.join(), null));
      } else {
        reading = true;
        page.whenComplete((done, failure) -> arrived.invoke(new Outcome(done, failure)));
      }
    }

    private void onPage(Outcome outcome) {
      reading = false;
      if (outcome.failure() != null) {
        failStage(outcome.failure());
        return;
      }
      TailPage page = outcome.page();
      position = page.nextCounter();
      if (isAvailable(out)) {
        deliver(page);
      } else {
        ahead = page;
      }
    }

    private void deliver(TailPage page) {
      if (!page.records().isEmpty()) {
        push(out, page);
      }
      if (page.atShardEnd()) {
        completeStage();
      } else if (page.records().isEmpty() && publishedMeanwhile) {
        read();
      } else if (page.records().isEmpty()) {
        waiting = true;
      } else if (isHistory && position < tail.state().latestCounter()) {
        // While one page of history is on its way to the reader, the storage reads the next.
        read();
      }
    }
  }
}
