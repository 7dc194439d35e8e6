package io.millrace.engine.shard;

import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.shard.ShardMessage.Put;
import io.millrace.engine.shard.ShardMessage.PutDone;
import io.millrace.engine.shard.ShardMessage.PutOutcome;
import java.util.Arrays;
import java.util.Optional;

/** A put whose records get their outcomes one by one; answered with the last of them. */
final class PendingPut {

  private final Put put;
  private final PutOutcome[] outcomes;
  private int missing;

  PendingPut(Put put) {
    this.put = put;
    this.outcomes = new PutOutcome[put.entries().size()];
    this.missing = outcomes.length;
  }

  /** A record of this put that waits for its write. */
  record Slot(PendingPut pending, int index) {

    PutEntry entry() {
      return pending.put.entries().get(index);
    }

    /** What it is to be stored under. */
    Optional<KeyId> key() {
      return pending.put.key();
    }

    /** Whether it is to be stored sealed. */
    EncryptionType encryption() {
      return key().isPresent() ? EncryptionType.KMS : EncryptionType.NONE;
    }

    void settle(PutOutcome outcome) {
      pending.settle(index, outcome);
    }
  }

  void settle(int index, PutOutcome outcome) {
    outcomes[index] = outcome;
    if (--missing == 0) {
      put.replyTo().tell(new PutDone(Arrays.asList(outcomes)));
    }
  }
}
