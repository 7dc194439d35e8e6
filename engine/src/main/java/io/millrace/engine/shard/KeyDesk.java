package io.millrace.engine.shard;

import io.millrace.engine.encryption.DataKey;
import io.millrace.engine.encryption.DataKeys;
import io.millrace.engine.keys.KeyStoreException;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.shard.ShardMessage.KeyRefused;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Where a gate has a batch wait for the key that it is to be sealed with. A key that is at hand is
 * waited for by nobody.
 */
final class KeyDesk {

  private final ActorContext<ShardMessage> gate;
  private final DataKeys keys;
  private final String stream;

  /** Null while none waits. */
  private WaitingBatch waiting;

  /** A batch that waits for its key; told from others by its identity. */
  private static final class WaitingBatch {

    private final KeyId masterKey;
    private final List<PutEntry> entries;

    WaitingBatch(KeyId masterKey, List<PutEntry> entries) {
      this.masterKey = masterKey;
      this.entries = entries;
    }
  }

  /** The key of a batch is there, or not to be had. */
  record Settled(WaitingBatch batch, DataKey key, Throwable failure)
      implements ShardMessage.Internal {

    List<PutEntry> entries() {
      return batch.entries;
    }

    KeyId masterKey() {
      return batch.masterKey;
    }

    boolean isRefused() {
      return failure != null;
    }

    /** Why there is no key. */
    KeyRefused refusal() {
      KeyStoreException why = KeyStoreException.within(failure).orElseThrow();
      return new KeyRefused(why.reason(), why.getMessage());
    }
  }

  KeyDesk(ActorContext<ShardMessage> gate, ShardAddress address, DataKeys keys) {
    this.gate = gate;
    this.keys = keys;
    this.stream = address.streamLife();
  }

  /** Whether a batch waits. */
  boolean isWaiting() {
    return waiting != null;
  }

  /**
   * The key that a batch is to be sealed with, if it is at hand. Otherwise the batch waits, and the
   * gate is told {@link Settled}; none may be waiting.
   */
  Optional<DataKey> find(KeyId masterKey, List<PutEntry> entries) {
    CompletableFuture<DataKey> key = keys.toSeal(masterKey, stream).toCompletableFuture();
    if (key.isDone() && !key.isCompletedExceptionally()) {
      return Optional.of(key.join());
    }
    WaitingBatch batch = new WaitingBatch(masterKey, entries);
    waiting = batch;
    gate.pipeToSelf(key, (found, failure) -> new Settled(batch, found, failure));
    return Optional.empty();
  }

  /** Whether this is about the batch that waits, which then waits no longer. */
  boolean take(Settled settled) {
    boolean isWaiting = settled.batch() == waiting;
    if (isWaiting) {
      waiting = null;
    }
    return isWaiting;
  }

  /** Forgets the batch that waits; false if none does. */
  boolean giveUp() {
    boolean isWaiting = waiting != null;
    waiting = null;
    return isWaiting;
  }
}
