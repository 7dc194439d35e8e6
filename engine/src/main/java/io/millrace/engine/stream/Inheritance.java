package io.millrace.engine.stream;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.shard.ProducerWindows;
import io.millrace.engine.shard.ProducerWindowsFormat;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the children of a step of a reshard remember of producers: all that their parents do, since
 * a repeat of what a parent stored goes to one of them.
 */
final class Inheritance {

  private Inheritance() {}

  /**
   * What each child is opened with, in the form of {@link ProducerWindowsFormat}.
   *
   * @param made the shards that the step makes; a passing one comes before its children
   * @param closed what the shards that it closes remember
   */
  static Map<ShardId, Payload> of(List<ShardView> made, Map<ShardId, Payload> closed) {
    Map<ShardId, ProducerWindows> known = new HashMap<>();
    closed.forEach((parent, windows) -> known.put(parent, ProducerWindowsFormat.read(windows)));
    Map<ShardId, Payload> inherited = new HashMap<>();
    for (ShardView child : made) {
      ProducerWindows windows =
          child.parents().stream()
              .map(known::get)
              .reduce(ProducerWindows::and)
              .orElse(ProducerWindows.NONE);
      known.put(child.shardId(), windows);
      inherited.put(child.shardId(), ProducerWindowsFormat.write(windows));
    }
    return inherited;
  }
}
