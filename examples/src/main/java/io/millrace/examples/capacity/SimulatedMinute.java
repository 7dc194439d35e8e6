package io.millrace.examples.capacity;

import io.millrace.engine.capacity.CapacityDecision;
import io.millrace.engine.capacity.ObservedTraffic;
import io.millrace.engine.reshard.OpenShard;
import java.util.List;

/**
 * What a minute brought.
 *
 * @param minute which, from 0
 * @param offeredMibPerSecond what producers wanted to put
 * @param acceptedMibPerSecond what the shards took
 * @param before the open shards that took it
 * @param observed what is known of the traffic after it
 * @param decision what was decided after it
 * @param after the open shards once that was done
 */
record SimulatedMinute(
    int minute,
    double offeredMibPerSecond,
    double acceptedMibPerSecond,
    List<OpenShard> before,
    ObservedTraffic observed,
    CapacityDecision decision,
    List<OpenShard> after) {

  boolean isThrottled() {
    return offeredMibPerSecond - acceptedMibPerSecond > 1e-6 * offeredMibPerSecond;
  }
}
