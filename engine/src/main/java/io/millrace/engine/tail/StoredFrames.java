package io.millrace.engine.tail;

import io.millrace.engine.batch.CorruptFrameException;
import io.millrace.engine.batch.Frame;
import io.millrace.engine.storage.JournalRow;
import java.util.ArrayList;
import java.util.List;

/** Takes apart what the journal gave: events in order, up to the first that is bad. */
final class StoredFrames {

  private StoredFrames() {}

  /**
   * Frames of these rows, in order and without a gap, headers verified, up to the first that is
   * bad.
   *
   * @throws CorruptFrameException when the first is
   */
  static List<Frame> of(List<JournalRow> rows, long from) {
    if (rows.isEmpty()) {
      throw new CorruptFrameException("event " + from + " is missing");
    }
    List<Frame> frames = new ArrayList<>(rows.size());
    try {
      for (JournalRow row : rows) {
        Frame frame = Frame.read(row.payload());
        long expected = from + frames.size();
        if (row.eventNumber() != expected || frame.header().eventNumber() != expected) {
          throw new CorruptFrameException("event " + expected + " is missing");
        }
        frames.add(frame);
      }
    } catch (CorruptFrameException corrupt) {
      if (frames.isEmpty()) {
        throw new CorruptFrameException("event " + from + ": " + corrupt.getMessage());
      }
      // What precedes the bad event comes first.
    }
    return frames;
  }

  /**
   * These frames up to the first whose body is bad.
   *
   * @throws CorruptFrameException when the first is
   */
  static List<Frame> verified(List<Frame> frames) {
    for (int i = 0; i < frames.size(); i++) {
      try {
        frames.get(i).verifyBody();
      } catch (CorruptFrameException corrupt) {
        if (i == 0) {
          throw new CorruptFrameException(
              "event " + frames.get(0).header().eventNumber() + ": " + corrupt.getMessage());
        }
        return frames.subList(0, i);
      }
    }
    return frames;
  }
}
