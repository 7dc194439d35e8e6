package io.millrace.engine.encryption;

import io.millrace.engine.batch.CorruptFrameException;
import io.millrace.engine.batch.Frame;
import io.millrace.engine.keys.KeyStoreException;
import io.millrace.engine.model.WrappedKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Opens the sealed events of one shard for its readers. Safe for any thread; never blocks. */
public final class Opener {

  private final DataKeys keys;
  private final String stream;
  private final Seal seal;

  /**
   * The opener of a shard.
   *
   * @param stream its stream, with its incarnation
   * @param persistenceId its persistence id
   */
  public Opener(DataKeys keys, String stream, String persistenceId) {
    this.keys = keys;
    this.stream = stream;
    this.seal = new Seal(persistenceId);
  }

  /**
   * Whether these events may be served as they are: each was stored in the clear, or has been
   * opened and its key is still at hand.
   */
  public boolean areOpen(Collection<Frame> frames) {
    WrappedKey last = null;
    for (Frame frame : frames) {
      if (frame.isSealed()) {
        return false;
      }
      WrappedKey key = frame.key().orElse(null);
      if (key != null && !key.equals(last) && !keys.isAtHand(key, stream)) {
        return false;
      }
      last = key == null ? last : key;
    }
    return true;
  }

  /**
   * Opens those of these events that are sealed, and makes sure of the keys of those that were.
   *
   * @param frames at least one, bodies verified
   * @return the events up to the first that cannot be opened; fails with {@link KeyStoreException}
   *     or {@link CorruptFrameException} when that is the first
   */
  public CompletionStage<List<Frame>> open(List<Frame> frames) {
    return open(frames, new ArrayList<>(frames.size()));
  }

  private CompletionStage<List<Frame>> open(List<Frame> frames, List<Frame> opened) {
    try {
      while (opened.size() < frames.size()) {
        Frame next = frames.get(opened.size());
        WrappedKey key = next.isSealed() ? Seal.keyOf(next) : next.key().orElse(null);
        if (key == null) {
          opened.add(next);
          continue;
        }
        CompletableFuture<DataKey> found = keys.toOpen(key, stream).toCompletableFuture();
        if (!found.isDone()) {
          return found
              .handle(
                  (dataKey, failure) ->
                      failure == null
                          ? goOn(frames, opened, dataKey)
                          : upTo(opened, KeyStoreException.within(failure).orElseThrow()))
              .thenCompose(rest -> rest);
        }
        opened.add(open(next, found.join()));
      }
      return CompletableFuture.completedStage(opened);
    } catch (CorruptFrameException corrupt) {
      return upTo(opened, corrupt);
    } catch (CompletionException failed) {
      return upTo(opened, KeyStoreException.within(failed).orElseThrow());
    }
  }

  private CompletionStage<List<Frame>> goOn(
      List<Frame> frames, List<Frame> opened, DataKey keyOfNext) {
    try {
      opened.add(open(frames.get(opened.size()), keyOfNext));
    } catch (CorruptFrameException corrupt) {
      return upTo(opened, corrupt);
    }
    return open(frames, opened);
  }

  /** What precedes the event that cannot be opened comes first. */
  private static CompletionStage<List<Frame>> upTo(List<Frame> opened, RuntimeException failure) {
    return opened.isEmpty()
        ? CompletableFuture.failedStage(failure)
        : CompletableFuture.completedStage(opened);
  }

  private Frame open(Frame frame, DataKey key) {
    return frame.isSealed() ? seal.open(frame, key) : frame;
  }
}
