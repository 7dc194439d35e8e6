package io.millrace.processors.lane;

import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What some number of lanes has finished. A lane works in order, so one number says it all: every
 * record of the lane up to it.
 *
 * @param factor number of lanes
 * @param finished the last record that a lane has finished, by lane; lanes without one are absent
 */
public record Layout(int factor, SortedMap<Integer, SequenceNumber> finished) {

  public Layout {
    finished = Collections.unmodifiableSortedMap(new TreeMap<>(finished));
  }

  boolean hasFinished(Record record) {
    if (finished.isEmpty()) {
      return false;
    }
    SequenceNumber last = finished.get(new LaneRule(factor).laneOf(record.partitionKey()));
    return last != null && last.compareTo(record.sequenceNumber()) >= 0;
  }

  /** Only what a checkpoint here does not say already. */
  Layout above(SequenceNumber checkpoint) {
    SortedMap<Integer, SequenceNumber> above = new TreeMap<>();
    for (Map.Entry<Integer, SequenceNumber> lane : finished.entrySet()) {
      if (lane.getValue().compareTo(checkpoint) > 0) {
        above.put(lane.getKey(), lane.getValue());
      }
    }
    return new Layout(factor, above);
  }
}
