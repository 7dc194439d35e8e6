package io.millrace.engine;

import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.ProducerSequence;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Numbers the records of a producer that lives as long as its process. Safe for any thread. */
final class ProducerNumbers {

  private final LongSupplier nowMillis;
  private final RandomGenerator random;
  private volatile Life life;

  private record Life(ProducerId id, AtomicLong next) {

    Life(ProducerId id) {
      this(id, new AtomicLong());
    }
  }

  ProducerNumbers(LongSupplier nowMillis, RandomGenerator random) {
    this.nowMillis = nowMillis;
    this.random = random;
    this.life = new Life(ProducerId.born(nowMillis.getAsLong(), random));
  }

  /** The sequence of the next record. */
  ProducerSequence next() {
    Life current = life;
    return new ProducerSequence(current.id, current.next.getAndIncrement());
  }

  /** The sequence of the next record, once a shard may have forgotten some of this producer's. */
  ProducerSequence nextAfter(ProducerId forgotten) {
    synchronized (this) {
      if (life.id.equals(forgotten)) {
        long younger = Math.max(nowMillis.getAsLong(), forgotten.bornMillis() + 1);
        life = new Life(ProducerId.born(younger, random));
      }
    }
    return next();
  }
}
