package io.millrace.processors.lane;

import java.util.List;
import java.util.Optional;

/**
 * What a lane does next: a call with some records, the final call of a window, or the notice of one
 * of them that was given up.
 *
 * @param batch the records; none for a final call
 * @param closing for a final call
 * @param discard once it is given up
 */
record Piece(Batch batch, Optional<Closing> closing, Optional<Discard> discard) {

  /**
   * The end of a window.
   *
   * @param open the window
   * @param isEarly whether it ends before its time
   * @param isForeign whether it was opened by lanes that are no more
   * @param owed records that are finished once the window is closed
   */
  record Closing(OpenWindow open, boolean isEarly, boolean isForeign, List<PendingRecord> owed) {}

  static Piece of(Batch batch) {
    return new Piece(batch, Optional.empty(), Optional.empty());
  }

  static Piece of(Closing closing) {
    return new Piece(Batch.EMPTY, Optional.of(closing), Optional.empty());
  }

  Piece with(Batch other) {
    return new Piece(other, closing, Optional.empty());
  }

  Piece givenUp(Discard.Condition condition, Optional<Outcome> lastOutcome) {
    return new Piece(
        batch,
        closing,
        Optional.of(new Discard(condition, batch.records(), batch.invocations(), lastOutcome)));
  }
}
