package io.millrace.processors.lane;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Which lane of its shard a record goes to: the CRC-32 of its partition key's UTF-8 bytes, modulo
 * the number of lanes. Not the MD5 that has chosen the shard: within one shard that is confined to
 * a range.
 *
 * @param factor number of lanes, 1 or more
 */
public record LaneRule(int factor) {

  /** The lane, from 0. */
  public int laneOf(String partitionKey) {
    CRC32 crc = new CRC32();
    crc.update(partitionKey.getBytes(StandardCharsets.UTF_8));
    return (int) (crc.getValue() % factor);
  }
}
