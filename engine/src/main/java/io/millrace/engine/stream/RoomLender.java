package io.millrace.engine.stream;

import io.millrace.engine.model.StreamName;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * Lends the room that the account has left, whole, to one stream at a time, until that has said how
 * it stands after its decision: so that two streams together never take more than there is. Who
 * comes meanwhile waits, in a bounded queue.
 */
final class RoomLender {

  /** So many requests may wait; more are throttled. */
  static final int MAX_WAITING = 1000;

  private record Loan(StreamName borrower, long number) {}

  private final Queue<RegistryCommand> waiting = new ArrayDeque<>();
  private Optional<Loan> loan = Optional.empty();
  private long lastNumber;

  boolean isLent() {
    return loan.isPresent();
  }

  /** Lends what there is. Nothing may be lent. */
  Room lend(StreamName borrower, AccountUse use) {
    loan = Optional.of(new Loan(borrower, ++lastNumber));
    return use.room(lastNumber);
  }

  /**
   * Takes back what this stream was lent.
   *
   * @param settledLoan the newest loan that the stream has settled; an earlier one was said before
   *     it knew of this one
   * @return whether that was what is lent now
   */
  boolean takeBack(StreamName borrower, long settledLoan) {
    boolean settled =
        loan.filter(lent -> lent.borrower().equals(borrower) && lent.number() <= settledLoan)
            .isPresent();
    if (settled) {
      loan = Optional.empty();
    }
    return settled;
  }

  /** Takes a request that has to wait; false when too many do. */
  boolean enqueue(RegistryCommand request) {
    return waiting.size() < MAX_WAITING && waiting.add(request);
  }

  /** The next request that waits; removed. */
  Optional<RegistryCommand> next() {
    return Optional.ofNullable(waiting.poll());
  }

  /** Forgets who has borrowed and who waits. */
  void reset() {
    loan = Optional.empty();
    waiting.clear();
  }
}
