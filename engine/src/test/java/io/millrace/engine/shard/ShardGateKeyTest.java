package io.millrace.engine.shard;

import static io.millrace.engine.shard.GateFixture.entry;
import static io.millrace.engine.shard.GateFixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.KeyFailure;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.shard.ShardMessage.Erased;
import io.millrace.engine.shard.ShardMessage.KeyRefused;
import io.millrace.engine.shard.ShardMessage.NotWritten;
import io.millrace.engine.shard.ShardMessage.PutDone;
import io.millrace.engine.shard.ShardMessage.PutOutcome;
import io.millrace.engine.shard.ShardMessage.Stored;
import io.millrace.engine.testing.InMemoryStore.Hold;
import io.millrace.engine.testing.StorageStep;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gate whose key store takes its time. */
class ShardGateKeyTest extends GateTest {

  private static final KeyId OURS = new KeyId("alias/ours");
  private static final KeyId OTHER = new KeyId("alias/other");

  private final BlockingQueue<Runnable> asked = new LinkedBlockingQueue<>();

  @BeforeEach
  void openShard() {
    shard = new GateFixture(kit);
    shard.kill();
    shard.keyThread = asked::add;
    shard.start();
    shard.open();
  }

  /** The next call of the key store, which waits to be made. */
  private Runnable call() throws InterruptedException {
    Runnable call = asked.poll(1, TimeUnit.MINUTES);
    assertThat(call).as("a call of the key store").isNotNull();
    return call;
  }

  private static PutOutcome outcome(CompletableFuture<PutDone> put) {
    return get(put).outcomes().get(0);
  }

  private static EncryptionType stored(CompletableFuture<PutDone> put) {
    assertThat(outcome(put)).isInstanceOf(Stored.class);
    return ((Stored) outcome(put)).encryptionType();
  }

  @Test
  void aPutWaitsForItsKeyAndReadersDoNot() throws Exception {
    shard.store("a");
    CompletableFuture<PutDone> waiting = shard.putUnder(OURS, entry("b"));
    Runnable call = call();
    assertThat(shard.data()).containsExactly("a");
    assertThat(waiting).isNotDone();
    call.run();
    assertThat(stored(waiting)).isEqualTo(EncryptionType.KMS);
    assertThat(shard.data()).containsExactly("a", "b");
  }

  @Test
  void whoeverWaitsForTheSameKeyIsRefusedWithItAndOthersAreNot() throws Exception {
    CompletableFuture<PutDone> first = shard.putUnder(OURS, entry("a"));
    Runnable call = call();
    CompletableFuture<PutDone> second = shard.putUnder(OURS, entry("b"));
    CompletableFuture<PutDone> clear = shard.put(entry("c"));
    CompletableFuture<PutDone> other = shard.putUnder(OTHER, entry("d"));
    shard.awaitTaken();
    shard.keyStore.fail(KeyFailure.DISABLED);
    call.run();
    for (CompletableFuture<PutDone> refused : List.of(first, second)) {
      assertThat(outcome(refused)).isInstanceOf(KeyRefused.class);
      assertThat(((KeyRefused) outcome(refused)).reason()).isEqualTo(KeyFailure.DISABLED);
    }
    assertThat(stored(clear)).isEqualTo(EncryptionType.NONE);
    shard.keyStore.heal();
    call().run();
    assertThat(stored(other)).isEqualTo(EncryptionType.KMS);
    assertThat(shard.data()).containsExactly("c", "d");
    assertThat(asked).isEmpty();
  }

  @Test
  void eachRecordIsStoredAsItWasPutAndInOrder() throws Exception {
    CompletableFuture<PutDone> known = shard.putUnder(OURS, entry("a"));
    call().run();
    stored(known);
    Hold hold = shard.store.hold(StorageStep.WRITE);
    CompletableFuture<PutDone> b = shard.put(entry("b"));
    hold.awaitReached();
    CompletableFuture<PutDone> c = shard.put(entry("c"));
    CompletableFuture<PutDone> d = shard.putUnder(OURS, entry("d"));
    CompletableFuture<PutDone> e = shard.putUnder(OURS, entry("e"));
    CompletableFuture<PutDone> f = shard.put(entry("f"));
    shard.awaitTaken();
    hold.release();
    assertThat(List.of(stored(b), stored(c), stored(d), stored(e), stored(f)))
        .containsExactly(
            EncryptionType.NONE,
            EncryptionType.NONE,
            EncryptionType.KMS,
            EncryptionType.KMS,
            EncryptionType.NONE);
    assertThat(shard.data()).containsExactly("a", "b", "c", "d", "e", "f");
    assertThat(shard.eventNumbers()).as("opened, a, b, c, d and e, f").hasSize(6);
  }

  @Test
  void aPutThatWaitsForItsKeyWhenTheShardIsErasedIsNotWritten() throws Exception {
    CompletableFuture<PutDone> waiting = shard.putUnder(OURS, entry("a"));
    Runnable call = call();
    CompletableFuture<ShardMessage.EraseReply> erased = shard.askToErase();
    assertThat(outcome(waiting)).isInstanceOf(NotWritten.class);
    call.run();
    assertThat(get(erased)).isEqualTo(new Erased());
  }

  @Test
  void aPutThatWaitsForItsKeyIsWrittenBeforeTheShardIsClosed() throws Exception {
    CompletableFuture<PutDone> waiting = shard.putUnder(OURS, entry("a"));
    Runnable call = call();
    var closing = shard.askToClose();
    shard.awaitTaken();
    call.run();
    assertThat(stored(waiting)).isEqualTo(EncryptionType.KMS);
    assertThat(get(closing)).isInstanceOf(ShardMessage.Closed.class);
    assertThat(shard.data()).containsExactly("a");
  }
}
