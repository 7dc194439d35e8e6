package io.millrace.processors.lane;

import io.millrace.engine.model.SequenceNumber;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Finds the checkpoint of a shard whose records are finished in any order: the greatest position
 * with nothing unfinished at or before it. Holds one entry for each unfinished record, and at most
 * one for what is finished between two of them.
 */
final class CheckpointTracker {

  private final Deque<Ticket> tickets = new ArrayDeque<>();
  private Optional<SequenceNumber> checkpoint = Optional.empty();

  /** The place of one record, until it is finished. */
  static final class Ticket {

    private SequenceNumber number;
    private boolean finished;

    private Ticket(SequenceNumber number, boolean finished) {
      this.number = number;
      this.finished = finished;
    }
  }

  /** A record that has yet to be finished; above all before it. */
  Ticket open(SequenceNumber number) {
    Ticket ticket = new Ticket(number, false);
    tickets.addLast(ticket);
    return ticket;
  }

  /** A position with nothing to do; at or above all before it. */
  void pass(SequenceNumber number) {
    Ticket last = tickets.peekLast();
    if (last == null) {
      checkpoint = Optional.of(number);
    } else if (last.finished) {
      last.number = number;
    } else {
      tickets.addLast(new Ticket(number, true));
    }
  }

  void finish(Ticket ticket) {
    ticket.finished = true;
    while (!tickets.isEmpty() && tickets.peekFirst().finished) {
      checkpoint = Optional.of(tickets.removeFirst().number);
    }
  }

  /** Everything up to here is finished; empty while the first record is not. */
  Optional<SequenceNumber> checkpoint() {
    return checkpoint;
  }
}
