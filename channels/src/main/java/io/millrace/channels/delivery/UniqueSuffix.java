package io.millrace.channels.delivery;

import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The end of an object's key: the number of the shard, and a digest of what is in the object. */
public final class UniqueSuffix {

  /** As long as any. */
  public static final String LONGEST = "-" + "0".repeat(12) + "-" + "0".repeat(32);

  private static final int DIGEST_BYTES = 16;

  private UniqueSuffix() {}

  /**
   * The suffix of the object with the records of a shard from the first to the last: always the
   * same for the same channel and range, and another one for every other.
   */
  static String of(String channelId, ShardId shardId, SequenceNumber first, SequenceNumber last) {
    String range = String.join("/", channelId, shardId.toString(), first + "", last + "");
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(range.getBytes(StandardCharsets.UTF_8));
      return "-%012d-%s"
          .formatted(shardId.index(), HexFormat.of().formatHex(digest, 0, DIGEST_BYTES));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
